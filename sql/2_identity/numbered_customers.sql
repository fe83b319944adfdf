-- One row per possible customer: a person, a device, or a session on a shared device.
--
-- Who has an event is in customers; a device of which all events are lent is not.
--
-- grain:    customer_no
-- columns:
--   customer_no   integer  number by customer_id, from 1
--   customer_id   varchar  pseudonym, 20 hexadecimal digits
--   kind          varchar  identified or anonymous
--   person_no     bigint   the person; NULL for an anonymous customer
--   device_id_no  bigint   the device of an anonymous customer; else NULL
--   session_us    bigint   first event of the session, on a shared device; else NULL
--   ids           bigint   how many ids made the customer
with

listed as (

    select
        customer_id,
        case when is_identified then 'identified' else 'anonymous' end as kind,
        person_no,
        cast(null as bigint) as device_id_no,
        cast(null as bigint) as session_us,
        ids
    from identified_people
    union all
    select
        substr(md5('anonymous:' || ids.id_hash), 1, 20),
        'anonymous',
        cast(null as bigint),
        ids.id_no,
        cast(null as bigint),
        1
    from identity_ids as ids
    where ids.id_no in (select device_id_no from identity_combination_ids where strong_id_no is null)
    union all
    select
        substr(md5('anonymous:' || ids.id_hash || ':' || walked.session_us), 1, 20),
        'anonymous',
        cast(null as bigint),
        ids.id_no,
        walked.session_us,
        1
    from (select distinct device_id_no, session_us from anonymous_sessions) as walked
    inner join identity_ids as ids on ids.id_no = walked.device_id_no

)

select
    cast(row_number() over (order by customer_id) as integer) as customer_no,
    customer_id,
    kind,
    person_no,
    device_id_no,
    session_us,
    ids
from listed
