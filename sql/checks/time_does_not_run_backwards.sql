-- An event that comes before the one that it follows.
select customer_no, position, gap_us
from ordered_events
where gap_us < 0
