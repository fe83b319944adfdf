-- One row per event without a strong id that its device lends to a person.
--
-- The person is whoever was identified nearest in time on the same device: at most lend_before_us
-- after the event, or at most lend_after_us before it. A device lends events; it never merges persons.
--
-- grain:    event_no
-- columns:
--   event_no      bigint   the event
--   device_id_no  bigint   device or cookie that lends it
--   person_no     bigint   person who gets it
--   rule          varchar  before_login or after_login
with

lending as (

    select distinct device_id_no
    from identity_combination_ids
    where strong_id_no is null and device_id_no is not null

),

seen as (

    select
        event.event_no,
        event.occurred_us,
        carried.device_id_no,
        component.person_no
    from clean_events as event
    inner join identity_combination_ids as carried on carried.identity_key = event.identity_key
    inner join lending on lending.device_id_no = carried.device_id_no
    left join identity_components as component on component.id_no = carried.strong_id_no

),

neighboured as (

    select
        event_no,
        occurred_us,
        device_id_no,
        person_no,
        last_value(person_no ignore nulls) over earlier as person_before,
        last_value(case when person_no is not null then occurred_us end ignore nulls) over earlier as us_before,
        first_value(person_no ignore nulls) over later as person_after,
        first_value(case when person_no is not null then occurred_us end ignore nulls) over later as us_after
    from seen
    window
        earlier as (
            partition by device_id_no
            order by occurred_us, event_no
            rows between unbounded preceding and 1 preceding
        ),
        later as (
            partition by device_id_no
            order by occurred_us, event_no
            rows between 1 following and unbounded following
        )

),

bounded as (

    select
        near.event_no,
        near.device_id_no,
        case when near.occurred_us - near.us_before <= setting.lend_after_us then near.person_before end as person_before,
        near.occurred_us - near.us_before as before_us,
        case when near.us_after - near.occurred_us <= setting.lend_before_us then near.person_after end as person_after,
        near.us_after - near.occurred_us as after_us
    from neighboured as near
    cross join cfg_settings as setting
    where near.person_no is null

)

select
    event_no,
    device_id_no,
    case
        when person_before is null then person_after
        when person_after is null or before_us <= after_us then person_before
        else person_after
    end as person_no,
    case
        when person_before is null then 'before_login'
        when person_after is null or before_us <= after_us then 'after_login'
        else 'before_login'
    end as rule
from bounded
where person_before is not null or person_after is not null
