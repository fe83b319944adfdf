-- One row per share of a loop or a variant, that gets an interval: how many of how many.
--
-- grain:    figure, map_no, segment_no, value_no, item
-- columns:
--   figure      varchar  loop_share, loop_conversion or variant_conversion
--   map_no      integer  map
--   segment_no  integer  segment; 0: all
--   value_no    integer  value, as in segment_values
--   item        varchar  item of the loop, or level and number of the variant
--   successes   bigint   how many
--   trials      bigint   of how many
select
    'loop_share' as figure,
    map_no,
    0 as segment_no,
    0 as value_no,
    item,
    journeys as successes,
    all_journeys as trials
from loop_counts
union all
select 'loop_conversion', map_no, 0, 0, item, converted, journeys - open_journeys
from loop_counts
union all
select 'variant_conversion', map_no, 0, 0, level_no || '-' || variant_no, converted, journeys - open
from variant_counts
