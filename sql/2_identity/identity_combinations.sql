-- One row per combination of ids that events carry together.
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
--   events        bigint   loaded events that carry it
--   first_us      bigint   first of them, UTC microseconds
--   last_us       bigint   last of them, UTC microseconds
--   is_collision  boolean  whether different ids share the hash, which never may be
select
    identity_key,
    min(user_id) as user_id,
    min(email) as email,
    min(phone) as phone,
    min(crm_id) as crm_id,
    min(account_id) as account_id,
    min(device_id) as device_id,
    min(cookie_id) as cookie_id,
    count(*) as events,
    min(occurred_us) as first_us,
    max(occurred_us) as last_us,
    (
        min(user_id) is distinct from max(user_id)
        or min(email) is distinct from max(email)
        or min(phone) is distinct from max(phone)
        or min(crm_id) is distinct from max(crm_id)
        or min(account_id) is distinct from max(account_id)
        or min(device_id) is distinct from max(device_id)
        or min(cookie_id) is distinct from max(cookie_id)
    ) as is_collision
from loaded_events
group by identity_key
