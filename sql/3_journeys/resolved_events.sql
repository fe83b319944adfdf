-- One row per event of a customer: whose it is, in no order.
--
-- A step of its own, so that the tables that it is joined to need not be held beside the sorting.
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
    coalesce(lent.customer_no, owner.customer_no) as customer_no,
    event.event_no,
    event.occurred_us,
    event.sequence,
    signature.touchpoint_no,
    signature.channel_no
from clean_events as event
inner join event_signatures as signature on signature.signature_key = event.signature_key
inner join combination_customers as owner on owner.identity_key = event.identity_key
left join lent_customers as lent on lent.event_no = event.event_no
where owner.customer_no is not null
