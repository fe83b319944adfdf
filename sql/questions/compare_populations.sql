-- One row per group that is compared: how large it is, and how much of it there is to read.
--
-- grain:    group_no
-- columns:
--   group_no          integer  group
--   journeys          bigint   journeys that are compared
--   customers         bigint   customers who made them
--   followed          bigint   journeys that began T or longer before the as-of moment
--   watched_us        bigint   longest time from a beginning to the as-of moment, microseconds
--   left_out          bigint   journeys of the group that are not compared: they may have begun before the data
--   unseen            bigint   journeys that are compared although their beginning may lie before the data
--   shared_journeys   bigint   journeys that are in the other group too
--   shared_customers  bigint   customers who are in the other group too
with

paired as (

    select
        group_no,
        customer_no,
        started_us,
        is_followed,
        is_seen_whole,
        count(*) over (partition by map_no, customer_no, journey_no) > 1 as is_shared,
        min(group_no) over (partition by customer_no) < max(group_no) over (partition by customer_no) as has_both
    from compare_journeys

),

summed as (

    select
        group_no,
        count(*) as journeys,
        count(distinct customer_no) as customers,
        count(case when is_followed then 1 end) as followed,
        min(started_us) as first_us,
        count(case when not is_seen_whole then 1 end) as unseen,
        count(case when is_shared then 1 end) as shared_journeys,
        count(distinct case when has_both then customer_no end) as shared_customers
    from paired
    group by group_no

),

staged as (

    select scoped.group_no, count(*) as journeys
    from scoped_journeys as scoped
    inner join journey_facts as fact
        on fact.map_no = scoped.map_no
        and fact.customer_no = scoped.customer_no
        and fact.journey_no = scoped.journey_no
    where fact.staged_steps > 0
    group by scoped.group_no

)

select
    scope.group_no,
    coalesce(summed.journeys, 0) as journeys,
    coalesce(summed.customers, 0) as customers,
    coalesce(summed.followed, 0) as followed,
    as_of.as_of_us - summed.first_us as watched_us,
    coalesce(staged.journeys, 0) - coalesce(summed.journeys, 0) as left_out,
    coalesce(summed.unseen, 0) as unseen,
    coalesce(summed.shared_journeys, 0) as shared_journeys,
    coalesce(summed.shared_customers, 0) as shared_customers
from asked_scope as scope
left join summed on summed.group_no = scope.group_no
left join staged on staged.group_no = scope.group_no
cross join as_of
