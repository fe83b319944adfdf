-- One row per id, but those that come with one other id alone: they join nothing that it does not.
--
-- Of two ids that come with one another alone the first is kept. So most devices are not here, and as
-- many persons are joined by the links that are left as by all.
--
-- kind:     working
-- grain:    id_no
-- columns:
--   id_no  bigint  the id
with

ends as (

    select id_no, other_id_no
    from identity_pairs
    union all
    select other_id_no, id_no
    from identity_pairs

),

counted as (

    select id_no, count(*) as links, min(other_id_no) as other_id_no
    from ends
    group by id_no

),

single as (

    select id_no, other_id_no
    from counted
    where links = 1

)

select ids.id_no
from identity_ids as ids
left join single on single.id_no = ids.id_no
left join single as back on back.id_no = single.other_id_no
where single.id_no is null or (back.id_no is not null and ids.id_no < single.other_id_no)
