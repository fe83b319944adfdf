-- One row per touchpoint: who meets it, and whether the map knows it.
--
-- grain:    touchpoint_no
-- columns:
--   touchpoint_no  integer    number by name, from 1
--   touchpoint     varchar    name
--   stage          varchar    stage; NULL: none
--   is_mapped      boolean    whether a rule made it; else it is an event under its own name
--   rule_no        integer    first rule that made it; NULL: none
--   events         bigint     events of customers, those after the as-of moment too
--   customers      bigint     customers
--   first_at       timestamp  first of its events, UTC
--   last_at        timestamp  last of its events, UTC
with

summed as (

    select
        touchpoint_no,
        cast(sum(all_events) as bigint) as events,
        cast(sum(customers) as bigint) as customers,
        min(first_us) as first_us,
        max(last_us) as last_us
    from touchpoint_visits
    group by touchpoint_no

),

ruled as (

    select touchpoint_no, min(rule_no) as rule_no
    from event_signatures
    group by touchpoint_no

)

select
    named.touchpoint_no,
    named.touchpoint,
    named.stage,
    named.is_mapped,
    ruled.rule_no,
    coalesce(summed.events, 0) as events,
    coalesce(summed.customers, 0) as customers,
    make_timestamp(summed.first_us) as first_at,
    make_timestamp(summed.last_us) as last_at
from touchpoint_names as named
left join summed on summed.touchpoint_no = named.touchpoint_no
left join ruled on ruled.touchpoint_no = named.touchpoint_no
order by named.touchpoint_no
