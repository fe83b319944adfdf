-- One row per device that belongs to a person as a whole, under the policies last_user and first_user.
--
-- grain:    device_id_no
-- columns:
--   device_id_no  bigint  device or cookie
--   person_no     bigint  person identified on it last, or first
with

ranked as (

    select
        carried.device_id_no,
        component.person_no,
        row_number() over (
            partition by carried.device_id_no
            order by
                case when setting.policy = 'first_user' then listed.first_us else -listed.last_us end,
                component.person_no
        ) as rank_no
    from identity_combination_ids as carried
    inner join identity_combinations as listed on listed.identity_key = carried.identity_key
    inner join identity_components as component on component.id_no = carried.strong_id_no
    cross join cfg_settings as setting
    where carried.device_id_no is not null and setting.policy in ('last_user', 'first_user')

)

select device_id_no, person_no
from ranked
where rank_no = 1
