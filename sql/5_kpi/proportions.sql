-- One row per share that gets an interval: how many of how many.
--
-- grain:    figure, map_no, item
-- columns:
--   figure     varchar  which share
--   map_no     integer  map
--   item       varchar  population, number of the stage, item of the loop or variant; - for the map as a whole
--   successes  bigint   how many
--   trials     bigint   of how many
select 'straight_share' as figure, map_no, population as item, straight_journeys as successes, moving_journeys as trials
from squiggle_sums
union all
select 'naive_drop_rate', map_no, cast(stage_no as varchar), reached - progressed, reached
from stage_counts
where not is_beyond_goal
union all
select 'resolved_drop_rate', map_no, cast(stage_no as varchar), dropped, progressed + dropped
from stage_counts
where not is_beyond_goal
union all
select
    'conversion_rate_naive',
    map_no,
    '-',
    count(case when status = 'converted' then 1 end),
    count(*)
from journey_facts
where staged_steps > 0
group by map_no
union all
select 'loop_share', map_no, item, journeys, all_journeys
from loop_counts
union all
select 'loop_conversion', map_no, item, converted, journeys - open_journeys
from loop_counts
union all
select 'variant_conversion', map_no, level_no || '-' || variant_no, converted, journeys - open
from variant_counts
