-- One row per id: the customer it belongs to. Devices belong to nobody; they lend.
--
-- grain:    kind, value
-- columns:
--   kind         varchar    column of the id
--   value        varchar    the id, normalised
--   customer_id  varchar    customer; NULL for a device or cookie
--   is_strong    boolean    whether it names a person
--   events       bigint     loaded events that carry it
--   first_at     timestamp  first of them, UTC
--   last_at      timestamp  last of them, UTC
select
    ids.kind,
    ids.value,
    people.customer_id,
    ids.is_strong,
    ids.events,
    make_timestamp(ids.first_us) as first_at,
    make_timestamp(ids.last_us) as last_at
from identity_ids as ids
left join identity_components as component on component.id_no = ids.id_no
left join identified_people as people on people.person_no = component.person_no
order by ids.kind, ids.value
