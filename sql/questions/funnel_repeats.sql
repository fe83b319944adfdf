-- One row: records at steps of the first funnel that were left out because they repeat another one.
--
-- A tool that keeps them may count more: where a step comes twice, where nothing may come between, or
-- where events are summed.
--
-- grain:    records
-- columns:
--   records    bigint  records left out
--   customers  bigint  customers who have any
select
    count(*) as records,
    count(distinct hit.customer_no) as customers
from duplicate_rows as repeated
inner join (
    select distinct event_no, customer_no
    from funnel_hits
    where funnel_no = 1 and not is_exclusion
) as hit on hit.event_no = repeated.duplicate_of
