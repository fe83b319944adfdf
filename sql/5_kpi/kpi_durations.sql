-- One row per KPI with a clock and length of the watch: how many were watched so long, and how it ended.
--
-- goal: from the first step of a journey to its goal, to the minute. cancel: from joining to the first
-- cancellation, to the minute. order and activity: a customer's silence between two days with an order,
-- or between two events, in days.
-- An end is counted as late, and a watch that goes on as short, as the grid makes necessary.
--
-- kind:     working
-- grain:    figure, group_no, days, possible_days, outcome
-- columns:
--   figure    varchar  goal, cancel, order or activity
--   group_no  integer  map of a goal; otherwise 0
--   days      double   length of the watch
--   possible_days  double  the longest horizon of kpi_chances for which it could be watched; 0: none, or a silence
--   outcome   integer  1 it happened, 2 something else ended the watch, 0 neither
--   units     bigint   journeys, customers or silences
with

joined as (

    select customer_no, min(occurred_us) as joined_us
    from (
        select event.customer_no, event.occurred_us
        from kpi_events as event
        inner join kpi_roles as role on role.role = 'joins' and role.touchpoint_no = event.touchpoint_no
        union all
        select customer_no, occurred_us
        from orders
        where not exists (select 1 from cfg_kpi_roles where role = 'joins')
        union all
        select customer_no, first_us
        from customer_spans
        where not exists (select 1 from cfg_kpi_roles where role = 'joins')
            and not exists (select 1 from orders where customer_no is not null)
    ) as begun
    where customer_no is not null
    group by customer_no

),

cancelled as (

    select joined.customer_no, min(event.occurred_us) as cancelled_us
    from joined
    inner join kpi_events as event
        on event.customer_no = joined.customer_no and event.occurred_us >= joined.joined_us
    inner join kpi_roles as role on role.role = 'cancels' and role.touchpoint_no = event.touchpoint_no
    group by joined.customer_no

),

watched as (

    select
        'goal' as figure,
        map_no as group_no,
        case
            when outcome = 0 then floor(duration_us / 60000000)
            else ceil(duration_us / 60000000)
        end / 1440 as days,
        (as_of.as_of_us - reached_us) / 86400000000.0 as possible_days,
        outcome
    from progress_times
    cross join as_of
    where stage_no = 0
    union all
    select
        'cancel',
        0,
        case
            when cancelled.cancelled_us is null then floor((as_of.as_of_us - joined.joined_us) / 60000000)
            else ceil((cancelled.cancelled_us - joined.joined_us) / 60000000)
        end / 1440,
        (as_of.as_of_us - joined.joined_us) / 86400000000.0,
        case when cancelled.cancelled_us is null then 0 else 1 end
    from joined
    left join cancelled on cancelled.customer_no = joined.customer_no
    cross join as_of
    where
        exists (select 1 from cfg_kpi_roles where role = 'cancels')
        or exists (select 1 from cfg_map_roles where role = 'abandon')
    union all
    select
        'order',
        0,
        coalesce(next_days, days_ago),
        0,
        case when next_days is null then 0 else 1 end
    from buyer_days
    union all
    select 'activity', 0, floor((as_of.as_of_us - span.last_us) / 86400000000), 0, 0
    from customer_spans as span
    cross join as_of

),

cut as (

    select
        figure,
        group_no,
        cast(days as double) as days,
        case
            when possible_days >= 365 then 365.0
            when possible_days >= 180 then 180.0
            when possible_days >= 90 then 90.0
            when possible_days >= 30 then 30.0
            when possible_days >= 7 then 7.0
            when possible_days >= 1 then 1.0
            else 0.0
        end as possible_days,
        outcome
    from watched

),

counted as (

    select figure, group_no, days, cast(possible_days as double) as possible_days, outcome, count(*) as units
    from cut
    group by figure, group_no, days, possible_days, outcome
    union all
    select
        'activity',
        0,
        ceil(event.gap_us / 86400000000),
        0.0,
        1,
        count(*)
    from ordered_events as event
    cross join as_of
    where event.gap_us is not null and event.occurred_us <= as_of.as_of_us
    group by ceil(event.gap_us / 86400000000)

)

select figure, group_no, days, possible_days, outcome, units
from counted
