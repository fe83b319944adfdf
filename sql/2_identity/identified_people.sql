-- One row per identified person, with the id that the person is known by.
--
-- grain:    person_no
-- columns:
--   person_no    bigint   smallest id_no of the person's strong ids
--   customer_id  varchar  pseudonym of the strong id that appeared first; later ids do not change it
--   ids          bigint   how many ids the person has
--   is_identified  boolean  whether one of them is strong
with

ranked as (

    select
        component.person_no,
        ids.id_hash,
        bool_or(ids.is_strong) over (partition by component.person_no) as is_identified,
        row_number() over (
            partition by component.person_no
            order by ids.is_strong desc, ids.first_us, ids.id_hash
        ) as rank_no,
        count(*) over (partition by component.person_no) as ids
    from identity_components as component
    inner join identity_ids as ids on ids.id_no = component.id_no

)

select
    person_no,
    id_hash as customer_id,
    ids,
    is_identified
from ranked
where rank_no = 1
