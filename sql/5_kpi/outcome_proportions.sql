-- One row per share of journeys that drop off or convert, that gets an interval: how many of how many.
--
-- grain:    figure, map_no, segment_no, value_no, item
-- columns:
--   figure      varchar  naive_drop_rate, resolved_drop_rate, conversion_rate_naive, ever_drop_rate or ever_drop_at
--   map_no      integer  map
--   segment_no  integer  segment; 0: all
--   value_no    integer  value, as in segment_values
--   item        varchar  number of the stage, number of the stage and factor, or - for the map as a whole
--   successes   bigint   how many
--   trials      bigint   of how many
select
    'naive_drop_rate' as figure,
    map_no,
    segment_no,
    value_no,
    cast(stage_no as varchar) as item,
    reached - progressed as successes,
    reached as trials
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
