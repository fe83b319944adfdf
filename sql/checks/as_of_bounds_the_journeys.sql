-- A journey with a step after the as-of moment.
select journey.journey_id, journey.ended_at, as_of.as_of_at
from journeys as journey
cross join as_of
where journey.ended_us > as_of.as_of_us
