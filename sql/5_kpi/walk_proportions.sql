-- One row per share of walks that are straight, deviate or follow the path, that gets an interval: how many of how many.
--
-- grain:    figure, map_no, segment_no, value_no, item
-- columns:
--   figure      varchar  straight_share, deviation_share, on_path_share or following_share
--   map_no      integer  map
--   segment_no  integer  segment; 0: all
--   value_no    integer  value, as in segment_values
--   item        varchar  cut and population; for a deviation population, kind and number of the stage
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
