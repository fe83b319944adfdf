-- One row per way to count customers: the policy of the project, and the two extremes.
--
-- Where they are far apart, figures per customer depend on the policy: see 'squiggle identity'.
--
-- grain:    policy
-- columns:
--   policy     varchar  the project's policy; components: every two ids that come together are one
--                person's; none: no two are, declared ones neither
--   customers  bigint   customers
--   relative   double   of the customers of the project's policy
with

touched as (

    select distinct identity_key
    from identity_values
    where id_no in (select id_no from quarantined_ids)

),

apart as (

    select coalesce(carried.strong_id_no, carried.device_id_no) as id_no
    from identity_combination_ids as carried
    left join touched on touched.identity_key = carried.identity_key
    where touched.identity_key is null
    union all
    select arg_max(case when listed.is_strong then listed.id_no end, listed.priority)
    from touched
    inner join identity_values as listed on listed.identity_key = touched.identity_key
    where not listed.is_blocked
    group by touched.identity_key

),

counted as (

    select 1 as place, setting.policy, (select count(*) from customers) as customers
    from cfg_settings as setting
    union all
    select 2, 'components', customers
    from joined_customers
    union all
    select 3, 'none', count(distinct id_no)
    from apart

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
