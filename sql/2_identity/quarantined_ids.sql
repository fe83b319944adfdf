-- One row per id that is treated as if it were not there, because too many others come with it.
--
-- Placeholders that nobody thought of (a test account, a shared mailbox) link strangers. A strong id
-- that is seen with more than most_neighbours other strong ids is quarantined; policy guarded only.
--
-- grain:    id_no
-- columns:
--   id_no       bigint   the id
--   kind        varchar  column of the id
--   value       varchar  the id
--   neighbours  bigint   other strong ids that it is seen with
--   events      bigint   events that carry it
with

doubled as (

    select id_no
    from identity_pairs
    where rule = 'merges'
    union all
    select other_id_no
    from identity_pairs
    where rule = 'merges'

),

counted as (

    select id_no, count(*) as neighbours
    from doubled
    group by id_no

)

select
    ids.id_no,
    ids.kind,
    ids.value,
    counted.neighbours,
    ids.events
from counted
inner join identity_ids as ids on ids.id_no = counted.id_no
cross join cfg_settings as setting
where setting.policy = 'guarded' and counted.neighbours > setting.most_neighbours
order by ids.kind, ids.value
