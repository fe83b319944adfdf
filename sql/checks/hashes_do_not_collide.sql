-- Two different combinations of ids, or two different events, that share a hash.
select 'ids' as kind, identity_key as hash
from identity_combinations
where is_collision
union all
select 'id', id_no
from identity_ids
where is_collision
union all
select 'events', signature_key
from signed_events
where event <> highest_event
