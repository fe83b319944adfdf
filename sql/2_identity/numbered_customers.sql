-- One row per customer: an identified person, or a device that no person lent its events to.
--
-- grain:    customer_no
-- columns:
--   customer_no   integer  number by customer_id, from 1
--   customer_id   varchar  pseudonym, 20 hexadecimal digits
--   kind          varchar  identified or anonymous
--   person_no     bigint   the person; NULL for an anonymous customer
--   device_id_no  bigint   the device of an anonymous customer; else NULL
--   ids           bigint   how many ids made the customer
with

listed as (

    select
        customer_id,
        'identified' as kind,
        person_no,
        cast(null as bigint) as device_id_no,
        ids
    from identified_people
    union all
    select
        substr(md5('anonymous:' || ids.id_hash), 1, 20),
        'anonymous',
        cast(null as bigint),
        ids.id_no,
        1
    from identity_ids as ids
    where ids.id_no in (select device_id_no from identity_combination_ids where strong_id_no is null)

)

select
    cast(row_number() over (order by customer_id) as integer) as customer_no,
    customer_id,
    kind,
    person_no,
    device_id_no,
    ids
from listed
