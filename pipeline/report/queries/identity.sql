-- One row per measure of how events found their customer.
select 'identified customers' as measure, count(*) as number
from customers
where kind = 'identified'
union all
select 'anonymous customers', count(*)
from customers
where kind = 'anonymous'
union all
select 'anonymous events lent to a person by their device', count(*)
from lent_events
union all
select 'devices on which several persons were identified', count(*)
from shared_devices
union all
select 'of them shared, which lend only within one person''s session', count(*)
from shared_devices
where is_shared and not is_kiosk
union all
select 'of them kiosks, which never lend', count(*)
from shared_devices
where is_kiosk
union all
select 'ids in quarantine, with which too many others come', count(*)
from quarantined_ids
union all
select 'links cut, for a person would have had too many ids of a kind', count(*)
from identity_links
where status = 'cut'
union all
select 'ids of the customer with the most', coalesce(max(ids), 0)
from customers
