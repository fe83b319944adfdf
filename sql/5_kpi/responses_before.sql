-- One row per answer that counts and place where the customer was last, at most 7 days before it.
--
-- Level touchpoint is the last touchpoint before the answer; level stage the last stage, for each map.
-- Nothing after the answer is looked at, and neither are surveys.
--
-- kind:     view
-- grain:    event_no, score_type, level, map_no
-- columns:
--   event_no    bigint   the answer
--   score_type  varchar  kind of score
--   level       varchar  touchpoint or stage
--   map_no      integer  map of the stage; 0 for touchpoints
--   place_no    integer  touchpoint or stage
with

asked as (

    select event_no, score_type, customer_no, position, occurred_us
    from responses
    where is_counted and customer_no is not null

),

surveying as (

    select touchpoint_no
    from invitations
    union
    select touchpoint_no
    from kpi_roles
    where role in ('nps', 'csat', 'ces', 'emotion')
    union
    select distinct touchpoint_no
    from responses
    where score_type <> 'sentiment'

),

before as (

    select
        asked.event_no,
        asked.score_type,
        event.position,
        event.touchpoint_no
    from asked
    inner join ordered_events as event
        on event.customer_no = asked.customer_no
        and event.position < asked.position
        and event.occurred_us >= asked.occurred_us - 604800000000
    left join surveying on surveying.touchpoint_no = event.touchpoint_no
    where surveying.touchpoint_no is null

)

select
    event_no,
    score_type,
    'touchpoint' as level,
    0 as map_no,
    cast(max(cast(position as bigint) * 2147483648 + touchpoint_no) % 2147483648 as integer) as place_no
from before
group by event_no, score_type
union all
select
    before.event_no,
    before.score_type,
    'stage',
    role.map_no,
    cast(max(cast(before.position as bigint) * 2147483648 + role.stage_no) % 2147483648 as integer)
from before
inner join touchpoint_roles as role on role.touchpoint_no = before.touchpoint_no and role.stage_no is not null
group by before.event_no, before.score_type, role.map_no
