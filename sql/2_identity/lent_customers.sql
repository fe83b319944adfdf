-- One row per event that is not its ids' own customer's: lent to a person, or of a session of its own.
--
-- kind:     working
-- grain:    event_no
-- columns:
--   event_no     bigint   the event
--   customer_no  integer  the person who borrows it, or the session on a shared device
select lent.event_no, borrower.customer_no
from lent_events as lent
inner join numbered_customers as borrower on borrower.person_no = lent.person_no
union all
select walked.event_no, alone.customer_no
from anonymous_sessions as walked
inner join numbered_customers as alone
    on alone.device_id_no = walked.device_id_no and alone.session_us = walked.session_us
