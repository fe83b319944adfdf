-- One row per kind of silence: after how many days a customer counts as inactive, and as lost.
--
-- Inactive is a chance to return below 0.40, lost one below 0.05. The silence horizon is the first day
-- with a chance of 0.05 or less. It can be told from the data only where it is at most a third of the log
-- and half of the days with 50 under watch, at most 5 % came back later than these, and these are at least
-- ten; else the days that the project
-- file assumes are taken.
--
-- grain:    basis
-- columns:
--   basis                varchar  order: between days with an order; activity: between events
--   silences             bigint   silences, those that go on included
--   returned             bigint   of them, those that ended
--   window_days          double   days from the first event to the as-of moment
--   followed_days        integer  last day with at least 50 under watch; NULL: never so many
--   plateau              double   share that never returns
--   horizon_days         integer  silence horizon; NULL: there is none
--   is_identified        boolean  whether the data can tell it
--   inactive_after_days  integer  a customer silent so long is inactive
--   lost_after_days      integer  a customer silent so long is lost
--   basis_of_days        varchar  data, or assumption and why the data cannot tell
with

basis as (

    select 'order' as basis
    union all
    select 'activity'

),

read as (

    select
        basis,
        max(case when days = 0 then at_risk end) as silences,
        cast(sum(returned) as bigint) as returned,
        max(followed_days) as followed_days,
        max(plateau) as plateau,
        cast(sum(case when days > followed_days then returned else 0 end) as bigint) as late,
        min(case when p_return <= 0.05 then days end) as horizon_days,
        min(case when p_return < 0.40 then days end) as inactive_days,
        min(case when p_return < 0.05 then days end) as lost_days
    from (
        select *, max(case when at_risk >= 50 then days end) over (partition by basis) as followed_days
        from return_curves
    ) as curve
    group by basis

),

judged as (

    select
        basis.basis,
        coalesce(read.silences, 0) as silences,
        coalesce(read.returned, 0) as returned,
        (as_of.as_of_us - as_of.first_us) / 86400000000.0 as window_days,
        read.followed_days,
        read.plateau,
        read.horizon_days,
        read.inactive_days,
        read.lost_days,
        case
            when read.basis is null then 'there is none'
            when read.followed_days is null then 'fewer than 50 under watch'
            when read.followed_days < 10 then '50 were under watch for fewer than 10 days'
            when read.horizon_days is null then 'the chance to return does not fall to 0.05'
            when read.horizon_days > (as_of.as_of_us - as_of.first_us) / 86400000000.0 / 3
                then 'the horizon is more than a third of the log'
            when read.horizon_days > read.followed_days / 2.0
                then 'the horizon is more than half of the days with 50 under watch'
            when read.late * 20 > read.returned
                then 'more than 5 % of those who came back did so later than the days with 50 under watch'
        end as fault
    from basis
    left join read on read.basis = basis.basis
    cross join as_of

)

select
    judged.basis,
    judged.silences,
    judged.returned,
    judged.window_days,
    judged.followed_days,
    judged.plateau,
    judged.horizon_days,
    judged.fault is null as is_identified,
    case when judged.fault is null then judged.inactive_days else kpi.inactive_days end as inactive_after_days,
    case when judged.fault is null then coalesce(judged.lost_days, judged.horizon_days + 1) else kpi.lost_days end
        as lost_after_days,
    case
        when judged.fault is not null then 'assumption: ' || judged.fault
        when judged.inactive_days = 0 then 'data: even at once the chance to return is below 0.40'
        else 'data'
    end as basis_of_days
from judged
cross join cfg_kpi as kpi
order by judged.basis desc
