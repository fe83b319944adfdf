-- One row per combination of ids that events carry together.
--
-- Equal keys mean equal ids: a second hash is held against the first, so the ids of one event of the
-- combination are those of all.
--
-- grain:    identity_key
-- columns:
--   identity_key  ubigint  hash of all ids
--   user_id       varchar  strong id
--   email         varchar  strong id
--   phone         varchar  strong id
--   crm_id        varchar  strong id
--   account_id    varchar  strong id
--   device_id     varchar  weak id
--   cookie_id     varchar  weak id
--   events        bigint   events that carry it
--   first_us      bigint   first of them, UTC microseconds
--   last_us       bigint   last of them, UTC microseconds
--   is_collision  boolean  whether different ids share the hash, which never may be
with

counted as (

    select
        identity_key,
        min(event_no) as first_event_no,
        count(*) as events,
        min(occurred_us) as first_us,
        max(occurred_us) as last_us,
        min(identity_check) <> max(identity_check) as is_collision
    from loaded_events
    where event_no not in (select event_no from duplicate_rows)
    group by identity_key

)

select
    counted.identity_key,
    carrying.user_id,
    carrying.email,
    carrying.phone,
    carrying.crm_id,
    carrying.account_id,
    carrying.device_id,
    carrying.cookie_id,
    counted.events,
    counted.first_us,
    counted.last_us,
    counted.is_collision
from counted
inner join loaded_events as carrying on carrying.event_no = counted.first_event_no
