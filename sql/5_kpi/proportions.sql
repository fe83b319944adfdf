-- One row per share that gets an interval: how many of how many.
--
-- grain:    figure, map_no, segment_no, value_no, item
-- columns:
--   figure      varchar  which share
--   map_no      integer  map
--   segment_no  integer  segment; 0: all
--   value_no    integer  value, as in segment_values
--   item        varchar  cut and population, number of the stage, item of the loop or variant; - for the map as a whole
--   successes   bigint   how many
--   trials      bigint   of how many
select
    'straight_share' as figure,
    map_no,
    segment_no,
    value_no,
    cut || ' ' || population as item,
    straight_walks as successes,
    moving_walks as trials
from squiggle_sums
union all
select 'deviation_share', map_no, 0, 0, population || ' ' || kind || ' ' || stage_no, journeys, all_journeys
from deviation_counts
union all
select 'on_path_share', map_no, segment_no, value_no, cut || ' ' || population, on_path_walks, walks
from squiggle_sums
where cut = 'journey'
union all
select 'following_share', map_no, segment_no, value_no, cut || ' ' || population, following_walks, walks
from squiggle_sums
where cut = 'journey'
union all
select
    'naive_drop_rate',
    map_no,
    segment_no,
    value_no,
    cast(stage_no as varchar),
    reached - progressed,
    reached
from stage_counts
where not is_beyond_goal
union all
select
    'resolved_drop_rate',
    map_no,
    segment_no,
    value_no,
    cast(stage_no as varchar),
    dropped_explicit + dropped_silent,
    progressed + dropped_explicit + dropped_silent
from stage_counts
where not is_beyond_goal
union all
select
    'conversion_rate_naive',
    map_no,
    segment_no,
    value_no,
    '-',
    converted,
    staged_journeys
from journey_outcomes
where staged_journeys > 0
union all
select 'loop_share', map_no, 0, 0, item, journeys, all_journeys
from loop_counts
union all
select 'loop_conversion', map_no, 0, 0, item, converted, journeys - open_journeys
from loop_counts
union all
select 'variant_conversion', map_no, 0, 0, level_no || '-' || variant_no, converted, journeys - open
from variant_counts
union all
select
    'ever_drop_rate',
    map_no,
    segment_no,
    value_no,
    cast(stage_no as varchar),
    mature_dropped,
    mature - mature_open
from frontier_counts
where not is_rest and stage_no > 0
union all
select
    'ever_drop_at',
    map_no,
    0,
    0,
    stage_no || '-' || factor,
    mature_dropped,
    mature - mature_open
from silence_counts
