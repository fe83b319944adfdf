-- One row per id that a combination carries, normalised, with the verdict whether it may link.
--
-- kind:     working
-- grain:    identity_key, kind
-- columns:
--   identity_key  ubigint  the combination
--   kind          varchar  column of the id: "123" the device is not "123" the user
--   value         varchar  the id, trimmed; e-mails in lower case, telephone numbers without separators
--   id_no         bigint   number of the id: 60 bits of an MD5 over kind and value
--   is_strong     boolean  whether it names a person (user, e-mail, phone, CRM, account) or a thing
--   priority      integer  of the strong ids, and of the weak ones, the highest decides whose the events are
--   is_blocked    boolean  whether it is a placeholder such as null, 0 or guest, in quotes or not, which never links
--   events        bigint   events of the combination
--   first_us      bigint   first of them, UTC microseconds
--   last_us       bigint   last of them, UTC microseconds
with

listed as (

    select identity_key, 'user_id' as kind, user_id as value, true as is_strong, events, first_us, last_us
    from identity_combinations
    where user_id is not null
    union all
    select identity_key, 'email', lower(email), true, events, first_us, last_us
    from identity_combinations
    where email is not null
    union all
    select
        identity_key,
        'phone',
        replace(replace(replace(replace(replace(replace(phone, ' ', ''), '-', ''), '(', ''), ')', ''), '.', ''), '/', ''),
        true,
        events,
        first_us,
        last_us
    from identity_combinations
    where phone is not null
    union all
    select identity_key, 'crm_id', crm_id, true, events, first_us, last_us
    from identity_combinations
    where crm_id is not null
    union all
    select identity_key, 'account_id', account_id, true, events, first_us, last_us
    from identity_combinations
    where account_id is not null
    union all
    select identity_key, 'device_id', device_id, false, events, first_us, last_us
    from identity_combinations
    where device_id is not null
    union all
    select identity_key, 'cookie_id', cookie_id, false, events, first_us, last_us
    from identity_combinations
    where cookie_id is not null

)

select
    identity_key,
    kind,
    value,
    cast('0x' || substr(md5(kind || ':' || value), 1, 15) as bigint) as id_no,
    is_strong,
    case kind
        when 'user_id' then 5
        when 'crm_id' then 4
        when 'account_id' then 3
        when 'email' then 2
        when 'device_id' then 2
        else 1
    end as priority,
    coalesce(
        replace(replace(lower(value), '"', ''), '''', '') in (
            '', 'null', 'none', 'nil', 'undefined', 'nan', 'n/a', 'na', 'unknown', 'anonymous', 'guest', 'test',
            'admin', 'true', 'false', '0', '-1', '[object object]', 'id', 'distinctid', 'not_authenticated',
            'email', 'test@test.com', '00000000-0000-0000-0000-000000000000'
        )
        or (kind = 'email' and value like '%@example.%')
        or lower(value) in (select blocked_value from cfg_blocked_ids)
        or (kind = 'phone' and lower(value) in (select blocked_phone from cfg_blocked_ids)),
        false
    ) as is_blocked,
    events,
    first_us,
    last_us
from listed
