-- One row per id and customer: whose the id is, and between which events.
--
-- A strong id belongs to one customer. A device belongs to nobody: it is listed with every customer who
-- was identified on it.
--
-- grain:    kind, value, customer_id
-- columns:
--   kind         varchar    column of the id
--   value        varchar    the id, normalised
--   customer_id  varchar    customer
--   is_strong    boolean    whether the id names a person
--   events       bigint     events that carry it, for a device those that carry the customer too
--   valid_from   timestamp  first of them, UTC
--   valid_to     timestamp  last of them, UTC
with

owned as (

    select
        component.id_no,
        component.person_no,
        ids.events,
        ids.first_us,
        ids.last_us
    from identity_components as component
    inner join identity_ids as ids on ids.id_no = component.id_no
    union all
    select
        listed.id_no,
        component.person_no,
        sum(listed.events),
        min(listed.first_us),
        max(listed.last_us)
    from identity_combination_ids as carried
    inner join identity_values as listed on listed.identity_key = carried.identity_key
    inner join identity_components as component on component.id_no = carried.strong_id_no
    where
        not listed.is_strong
        and not listed.is_blocked
        and listed.id_no not in (select id_no from quarantined_ids)
        and listed.id_no not in (select id_no from identity_components)
    group by listed.id_no, component.person_no

)

select
    ids.kind,
    ids.value,
    people.customer_id,
    ids.is_strong,
    cast(owned.events as bigint) as events,
    make_timestamp(owned.first_us) as valid_from,
    make_timestamp(owned.last_us) as valid_to
from owned
inner join identity_ids as ids on ids.id_no = owned.id_no
inner join identified_people as people on people.person_no = owned.person_no
order by ids.kind, ids.value, people.customer_id
