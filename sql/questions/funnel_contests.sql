-- One row per funnel in any order whose steps contend for events, event, and number of steps done by it.
--
-- grain:    funnel_no, customer_no, unit_no, hold_no, position, done
-- columns:
--   funnel_no       integer  funnel
--   customer_no     integer  customer
--   unit_no         integer  unit
--   hold_no         integer  number of the value that is held; 0: none is
--   position        integer  place of the event among the customer's events
--   done            integer  how many steps are done, but an anchored first one
--   found_position  integer  latest place since which events enough for that happened
with

members as (

    select distinct
        placed.funnel_no,
        placed.customer_no,
        placed.unit_no,
        placed.hold_no,
        needed.set_no,
        placed.position
    from funnel_places as placed
    inner join asked_funnel_sets as needed
        on needed.funnel_no = placed.funnel_no and needed.weight = 0 and needed.step_no = placed.step_no

),

numbered as (

    select
        funnel_no,
        customer_no,
        unit_no,
        hold_no,
        set_no,
        position,
        row_number() over (
            partition by funnel_no, customer_no, unit_no, hold_no, set_no
            order by position
        ) as member_no
    from members

),

wanted as (

    select
        opening.funnel_no,
        opening.customer_no,
        opening.unit_no,
        opening.hold_no,
        opening.position,
        step.step_no as done,
        needed.set_no,
        step.step_no - opening.steps + needed.size + case when opening.is_anchored then 1 else 0 end as events
    from funnel_openings as opening
    inner join asked_funnel_steps as step on step.funnel_no = opening.funnel_no
    inner join (select distinct funnel_no, set_no, size from asked_funnel_sets where weight = 0) as needed
        on needed.funnel_no = opening.funnel_no
    where
        opening.is_contested
        and step.step_no <= opening.steps - case when opening.is_anchored then 1 else 0 end
        and step.step_no - opening.steps + needed.size + case when opening.is_anchored then 1 else 0 end > 0

),

counted as (

    select
        wanted.funnel_no,
        wanted.customer_no,
        wanted.unit_no,
        wanted.hold_no,
        wanted.position,
        wanted.done,
        wanted.set_no,
        wanted.events,
        count(numbered.position) as members
    from wanted
    left join numbered
        on numbered.funnel_no = wanted.funnel_no
        and numbered.customer_no = wanted.customer_no
        and numbered.unit_no = wanted.unit_no
        and numbered.hold_no = wanted.hold_no
        and numbered.set_no = wanted.set_no
        and numbered.position <= wanted.position
    group by
        wanted.funnel_no,
        wanted.customer_no,
        wanted.unit_no,
        wanted.hold_no,
        wanted.position,
        wanted.done,
        wanted.set_no,
        wanted.events

)

select
    counted.funnel_no,
    counted.customer_no,
    counted.unit_no,
    counted.hold_no,
    counted.position,
    counted.done,
    min(numbered.position) as found_position
from counted
left join numbered
    on numbered.funnel_no = counted.funnel_no
    and numbered.customer_no = counted.customer_no
    and numbered.unit_no = counted.unit_no
    and numbered.hold_no = counted.hold_no
    and numbered.set_no = counted.set_no
    and numbered.member_no = counted.members - counted.events + 1
group by
    counted.funnel_no,
    counted.customer_no,
    counted.unit_no,
    counted.hold_no,
    counted.position,
    counted.done
having count(*) = count(numbered.position)
