-- One row per level at which journeys are drawn as a graph.
--
-- grain:    level_no
-- columns:
--   level_no  integer  number
--   level     varchar  touchpoint, stage or channel
select cast(1 as integer) as level_no, 'touchpoint' as level
union all
select 2, 'stage'
union all
select 3, 'channel'
