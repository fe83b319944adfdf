-- One row per way to count customers: the project's policy first, then the two extremes.
select
    policy,
    customers,
    relative as relative_share
from identity_sensitivity
order by customers <> (select count(*) from customers), customers
