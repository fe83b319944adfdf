-- One row per share of the KPIs that gets an interval, as so many of so many.
--
-- kind:     view
-- grain:    successes, trials
-- columns:
--   successes  bigint  how many
--   trials     bigint  of how many
select active as successes, customers as trials
from cohort_counts
union
select active_later, customers
from cohort_counts
union
select journeys, converted
from cycle_counts
union
select multi_channel, journeys
from touch_counts
union
select customers, of_customers
from recency_counts
union
select count(*), cast(sum(count(*)) over () as bigint)
from rfm
group by class, recency_class
union
select promoters, respondents
from response_sums
where promoters is not null
union
select respondents, respondents
from response_sums
union
select answered, sends
from sending_counts
union
select customers, all_customers
from mix_counts
where value is not null
union
select many_customers, all_customers
from mix_counts
union
select visitors, all_customers
from touchpoint_sums
union
select stops, mature_visits
from stop_counts
union
select converted, all_converted
from reach_counts
union
select journeys, all_journeys
from reach_counts
union
select transitions, cast(sum(transitions) over (partition by map_no, from_no) as bigint)
from move_counts
where level_no = 1 and from_no > 0 and to_no > 0
