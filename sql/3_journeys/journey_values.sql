-- One row per journey whose events carry money: their sum, whatever the currency.
--
-- kind:     working
-- grain:    map_no, customer_no, journey_no
-- columns:
--   map_no       integer        map
--   customer_no  integer        customer
--   journey_no   integer        journey
--   value        decimal(18,2)  money of its events
select
    step.map_no,
    step.customer_no,
    step.journey_no,
    cast(sum(detail.value) as decimal(18, 2)) as value
from event_details as detail
inner join journey_steps as step on step.event_no = detail.event_no
where detail.value is not null
group by step.map_no, step.customer_no, step.journey_no
