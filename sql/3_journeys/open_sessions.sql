-- One row per session that may still go on at the as-of moment.
--
-- No more than the session gap has gone by since its last event, it is still the same day where days
-- split, and it has not lasted too long where it may not.
--
-- kind:     view
-- grain:    customer_no, session_no
-- columns:
--   customer_no  integer  customer
--   session_no   integer  session of the customer
with

begun as (

    select
        customer_no,
        session_no,
        started_us,
        ended_us,
        last_value(case when split_no <> 5 then started_us end ignore nulls) over (
            partition by customer_no
            order by session_no
            rows between unbounded preceding and current row
        ) as run_us
    from session_sums

),

going as (

    select summed.customer_no, max(summed.session_no) as session_no
    from begun as summed
    cross join cfg_settings as setting
    cross join as_of
    where summed.started_us <= as_of.as_of_us and summed.ended_us >= as_of.as_of_us - setting.session_gap_us
    group by summed.customer_no

)

select going.customer_no, going.session_no
from going
inner join begun as summed
    on summed.customer_no = going.customer_no and summed.session_no = going.session_no
cross join cfg_settings as setting
cross join as_of
where
    (
        setting.longest_session_us is null
        or as_of.as_of_us - summed.run_us
        <= greatest(ceil((summed.ended_us - summed.run_us) / setting.longest_session_us), 1) * setting.longest_session_us
    )
    and (
        not setting.splits_days
        or cast(timezone(setting.timezone, timezone('UTC', make_timestamp(summed.ended_us))) as date)
        = cast(timezone(setting.timezone, timezone('UTC', make_timestamp(as_of.as_of_us))) as date)
    )
