-- One row per group, measure and customer: what the customer adds to a ratio of sums.
--
-- squiggle_index: stage movement that was detour / stage movement. straight_share: journeys that never
-- went back / journeys that changed stage. steps_to_goal: steps up to the goal / journeys that reached it
-- within T. All of journeys that began T or longer before the as-of moment, and of their time T alone.
--
-- grain:    group_no, measure, customer_no
-- columns:
--   group_no     integer  group
--   measure      varchar  squiggle_index, straight_share or steps_to_goal
--   customer_no  integer  customer
--   numerator    bigint   what is counted
--   denominator  bigint   of how much
--   units        bigint   of how many journeys
select
    group_no,
    'squiggle_index' as measure,
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
    customer_no,
    count(case when total_variation = progress then 1 end),
    count(*),
    count(*)
from compare_shapes
where total_variation > 0
group by group_no, customer_no
union all
select
    group_no,
    'steps_to_goal',
    customer_no,
    cast(sum(steps_to_goal) as bigint),
    count(*),
    count(*)
from compare_journeys
where is_followed and goal_us <= until_us
group by group_no, customer_no
