-- One row per event of a customer, sorted by customer, so that what follows reads customers in ranges.
--
-- kind:     working
-- grain:    event_no
-- columns:
--   customer_no    integer  customer
--   event_no       bigint   number of the record: file_no * 2^40 + row_no
--   occurred_us    bigint   when it happened, UTC microseconds
--   sequence       bigint   order among equal times; NULL: the export has none
--   touchpoint_no  integer  touchpoint
--   channel_no     integer  channel; 0: none
select
    coalesce(borrower.customer_no, alone.customer_no, owner.customer_no) as customer_no,
    event.event_no,
    event.occurred_us,
    event.sequence,
    signature.touchpoint_no,
    signature.channel_no
from clean_events as event
inner join event_signatures as signature on signature.signature_key = event.signature_key
inner join combination_customers as owner on owner.identity_key = event.identity_key
left join lent_events as lent on lent.event_no = event.event_no
left join numbered_customers as borrower on borrower.person_no = lent.person_no
left join anonymous_sessions as walked on walked.event_no = event.event_no
left join numbered_customers as alone
    on alone.device_id_no = walked.device_id_no and alone.session_us = walked.session_us
where owner.customer_no is not null
order by customer_no
