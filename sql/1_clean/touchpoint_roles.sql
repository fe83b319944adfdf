-- One row per touchpoint and map: its stage on the map's axis, and whether it opens or closes journeys.
--
-- grain:    map_no, touchpoint_no
-- columns:
--   map_no         integer  map
--   touchpoint_no  integer  touchpoint
--   stage_no       integer  place of its stage in the map's order; NULL: off the axis
--   is_goal        boolean  whether it reaches the map's goal
--   is_start       boolean  whether it opens a journey, where the map says what does
--   is_abandon     boolean  whether it ends a journey explicitly
--   closes         boolean  whether a journey is closed by it
with

named as (

    select distinct
        touchpoint_no,
        touchpoint,
        stage
    from event_signatures

),

placed as (

    select
        map.map_no,
        map.closes,
        named.touchpoint_no,
        named.touchpoint,
        stage.stage,
        stage.stage_no
    from cfg_maps as map
    cross join named
    left join cfg_map_stages as stage
        on stage.map_no = map.map_no and stage.stage = named.stage

),

ruled as (

    select
        placed.map_no,
        placed.touchpoint_no,
        coalesce(bool_or(role.role = 'goal'), false) as is_goal,
        coalesce(bool_or(role.role = 'start'), false) as is_start,
        coalesce(bool_or(role.role = 'abandon'), false) as is_abandon
    from placed
    left join cfg_map_roles as role
        on role.map_no = placed.map_no
        and role.target = case role.target_kind when 'stage' then placed.stage else placed.touchpoint end
    group by placed.map_no, placed.touchpoint_no

)

select
    placed.map_no,
    placed.touchpoint_no,
    placed.stage_no,
    ruled.is_goal,
    ruled.is_start,
    ruled.is_abandon,
    ruled.is_abandon or (ruled.is_goal and placed.closes = 'goal') as closes
from placed
inner join ruled
    on ruled.map_no = placed.map_no and ruled.touchpoint_no = placed.touchpoint_no
order by placed.map_no, placed.touchpoint_no
