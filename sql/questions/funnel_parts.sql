-- One row per funnel and part that is shown by itself: the whole, and each value of its breakdown.
--
-- grain:    funnel_no, part_no
-- columns:
--   funnel_no  integer  funnel
--   part_no    integer  0: the whole; values from 1, the most frequent first, the others last
--   part       varchar  all, a value, or (other), which holds that of a segment, too
with

counted as (

    select
        funnel_no,
        value,
        value = '(other)' as is_other,
        row_number() over (
            partition by funnel_no order by case when value = '(other)' then 0 else count(*) end desc, value
        ) as value_no
    from funnel_unit_values
    group by funnel_no, value

)

select
    funnel_no,
    cast(0 as integer) as part_no,
    'all' as part
from asked_funnels
union all
select
    counted.funnel_no,
    cast(counted.value_no as integer) as part_no,
    counted.value as part
from counted
inner join asked_funnel_breakdowns as asked on asked.funnel_no = counted.funnel_no
where counted.value_no <= asked.most and not counted.is_other
union all
select
    counted.funnel_no,
    cast(max(asked.most) + 1 as integer) as part_no,
    '(other)' as part
from counted
inner join asked_funnel_breakdowns as asked on asked.funnel_no = counted.funnel_no
where counted.value_no > asked.most or counted.is_other
group by counted.funnel_no
