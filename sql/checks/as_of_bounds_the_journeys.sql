-- A journey with a step after the as-of moment.
select journey.customer_no, journey.journey_no, journey.ended_us, as_of.as_of_us
from journey_facts as journey
cross join as_of
where journey.ended_us > as_of.as_of_us
