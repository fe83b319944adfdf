-- One row per way to count customers: the policy of the project, and the two extremes.
--
-- Where they are far apart, figures per customer depend on the policy: see 'squiggle identity'.
--
-- grain:    policy
-- columns:
--   policy     varchar  the project's policy; components: every two ids that come together are one
--                person's; none: no two are
--   customers  bigint   customers
--   relative   double   of the customers of the project's policy
with

counted as (

    select 1 as place, setting.policy, (select count(*) from customers) as customers
    from cfg_settings as setting
    union all
    select 2, 'components', customers
    from joined_customers
    union all
    select 3, 'none', count(distinct coalesce(strong_id_no, device_id_no))
    from identity_combination_ids

),

told_apart as (

    select policy, min(place) as place, min(customers) as customers
    from counted
    group by policy

)

select
    policy,
    customers,
    customers / cast(nullif((select count(*) from customers), 0) as double) as relative
from told_apart
order by place
