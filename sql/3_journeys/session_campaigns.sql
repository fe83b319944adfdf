-- One row per event that carries a campaign, where campaigns split sessions; sorted by customer.
--
-- A step of its own, so that session_places, which reads customers in ranges, need not read the campaigns
-- of all events for every range.
--
-- kind:     working
-- grain:    event_no
-- columns:
--   customer_no  integer  customer
--   event_no     bigint   the event
--   campaign     varchar  campaign
select event.customer_no, event.event_no, detail.campaign
from event_details as detail
cross join cfg_settings as setting
inner join owned_events as event on event.event_no = detail.event_no
where setting.splits_campaigns and detail.campaign is not null
order by event.customer_no
