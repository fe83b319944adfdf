-- One row per combination of ids that events carry together.
--
-- Equal keys mean equal ids: a second hash is held against it, so any value of a group is the value.
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
select
    identity_key,
    any_value(user_id) as user_id,
    any_value(email) as email,
    any_value(phone) as phone,
    any_value(crm_id) as crm_id,
    any_value(account_id) as account_id,
    any_value(device_id) as device_id,
    any_value(cookie_id) as cookie_id,
    count(*) as events,
    min(occurred_us) as first_us,
    max(occurred_us) as last_us,
    min(identity_check) <> max(identity_check) as is_collision
from loaded_events
where event_no not in (select event_no from duplicate_rows)
group by identity_key
