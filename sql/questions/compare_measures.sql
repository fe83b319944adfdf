-- One row per group, measure, item and customer: what the customer adds to a ratio of sums.
--
-- Of journeys that began T or longer before the as-of moment, and of their time T alone; stop_rate, of all
-- mature visits, as in touchpoint_stops. An answer belongs to the latest
-- journey that the customer began before it, where that was no longer than T ago.
--
-- grain:    group_no, measure, item, customer_no
-- columns:
--   group_no     integer  group
--   measure      varchar  squiggle_index: stage movement that was detour / stage movement.
--                straight_share: journeys that never went back / journeys that changed stage.
--                touches_to_goal: inbound events before the goal / journeys that reached it within T.
--                stop_rate: visits at a touchpoint after which a journey ended without the goal / visits.
--                revenue_per_journey: hundredths of money of the journeys' orders / journeys.
--                order_value: hundredths of money / orders that say for how much.
--                nps: 100 for each 9 and 10, -100 for each 0 to 6 / answers
--   item         varchar  currency of money; empty for the others
--   customer_no  integer  customer
--   numerator    bigint   what is counted
--   denominator  bigint   of how much
--   units        bigint   of how many journeys, visits, orders or answers
with

bought as (

    select
        journey.group_no,
        journey.customer_no,
        coalesce(made.currency, '') as item,
        count(*) as orders,
        cast(sum(cast(made.value * 100 as bigint)) as bigint) as hundredths
    from orders as made
    inner join journey_steps as step on step.event_no = made.event_no
    inner join compare_journeys as journey
        on journey.map_no = step.map_no
        and journey.customer_no = step.customer_no
        and journey.journey_no = step.journey_no
        and made.occurred_us <= journey.until_us
    where journey.is_followed and made.value is not null
    group by journey.group_no, journey.customer_no, coalesce(made.currency, '')

),

currencies as (

    select distinct item
    from bought

),

followed as (

    select group_no, customer_no, count(*) as journeys
    from compare_journeys
    where is_followed
    group by group_no, customer_no

),

answered as (

    select
        journey.group_no,
        journey.customer_no,
        journey.is_followed and answer.occurred_us <= journey.until_us as is_soon,
        answer.points,
        row_number() over (
            partition by answer.event_no
            order by journey.started_us desc, journey.group_no, journey.journey_no
        ) as place
    from responses as answer
    inner join compare_journeys as journey
        on journey.customer_no = answer.customer_no
        and journey.started_us < answer.occurred_us
    where answer.score_type = 'nps' and answer.is_valid

),

horizons as (

    select map_no, max(horizon_us) as horizon_us
    from silence_horizons
    group by map_no

),

ended as (

    select
        journey.group_no,
        journey.map_no,
        journey.customer_no,
        step.occurred_us - step.gap_us as ended_us,
        false as is_stop
    from journey_steps as step
    inner join compare_journeys as journey
        on journey.map_no = step.map_no
        and journey.customer_no = step.customer_no
        and journey.journey_no = step.journey_no
    where step.previous_touchpoint_no <> step.touchpoint_no
    union all
    select
        journey.group_no,
        journey.map_no,
        journey.customer_no,
        fact.ended_us,
        fact.status in ('dropped_explicit', 'dropped_silent')
    from compare_journeys as journey
    inner join journey_facts as fact
        on fact.map_no = journey.map_no
        and fact.customer_no = journey.customer_no
        and fact.journey_no = journey.journey_no

),

visited as (

    select
        ended.group_no,
        ended.customer_no,
        count(*) as visits,
        count(case when ended.is_stop then 1 end) as stops
    from ended
    inner join horizons on horizons.map_no = ended.map_no
    cross join as_of
    where as_of.as_of_us - ended.ended_us >= horizons.horizon_us
    group by ended.group_no, ended.customer_no

)

select
    group_no,
    'squiggle_index' as measure,
    '' as item,
    customer_no,
    cast(sum(total_variation - progress) as bigint) as numerator,
    cast(sum(total_variation) as bigint) as denominator,
    count(*) as units
from compare_shapes
where total_variation > 0
group by group_no, customer_no
union all
select
    group_no,
    'straight_share',
    '',
    customer_no,
    count(case when total_variation = progress then 1 end),
    count(*),
    count(*)
from compare_shapes
where total_variation > 0
group by group_no, customer_no
union all
select
    journey.group_no,
    'touches_to_goal',
    '',
    journey.customer_no,
    cast(sum(touched.touches) as bigint),
    count(*),
    count(*)
from compare_journeys as journey
inner join journey_touches as touched
    on touched.map_no = journey.map_no
    and touched.customer_no = journey.customer_no
    and touched.journey_no = journey.journey_no
where journey.is_followed and journey.goal_us <= journey.until_us
group by journey.group_no, journey.customer_no
union all
select
    group_no,
    'stop_rate',
    '',
    customer_no,
    stops,
    visits,
    visits
from visited
union all
select
    followed.group_no,
    'revenue_per_journey',
    currencies.item,
    followed.customer_no,
    coalesce(bought.hundredths, 0),
    followed.journeys,
    followed.journeys
from followed
cross join currencies
left join bought
    on bought.group_no = followed.group_no
    and bought.customer_no = followed.customer_no
    and bought.item = currencies.item
union all
select group_no, 'order_value', item, customer_no, hundredths, orders, orders
from bought
union all
select
    group_no,
    'nps',
    '',
    customer_no,
    cast(sum(cast(points as bigint)) as bigint),
    count(*),
    count(*)
from answered
where place = 1 and is_soon
group by group_no, customer_no
