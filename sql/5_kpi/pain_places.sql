-- One row per map, stage or touchpoint, and group of journeys: how many go no further, and of how many.
--
-- Each group stands twice: as it is, and as its rest. The rest of a value is all other journeys of the
-- map; that of all visits to a touchpoint is those to the other touchpoints of its stage.
--
-- kind:     working
-- grain:    map_no, level, place_no, segment_no, value_no, is_rest
-- columns:
--   map_no      integer  map
--   level       varchar  stage or touchpoint
--   place_no    integer  stage_no or touchpoint_no
--   segment_no  integer  segment; 0: all
--   value_no    integer  value, as in segment_values
--   is_rest     boolean  whether it is the rest of the group
--   customers   bigint   customers who stood at the stage, or visited the touchpoint; of several ones, at each
--   met         bigint   journeys that stood at the stage as their furthest, or visits to the touchpoint
--   trials      bigint   of these, those that the rate is read from
--   drops       bigint   of these, those that went no further; NULL: some were not watched to the end, or customers are in them again and again
--   rate        double   chance to go no further within T, or stop rate
--   se          double   its standard error; NULL: it is a plain share
--   lo          double   lower end of its 95 % interval; NULL: it is a plain share
--   hi          double   upper end of its 95 % interval; NULL: it is a plain share
--   followed    bigint   of those that went on, those that could be followed to their end
--   won         bigint   of these, those that reached the goal
with

staged as (

    select
        rated.map_no,
        rated.stage_no,
        rated.segment_no,
        rated.value_no,
        rated.is_rest,
        rated.customers,
        rated.journeys,
        case when rated.known = rated.journeys and rated.customers = rated.journeys and whole.design_effect = 1 then rated.journeys - rated.progressed end as drops,
        1 - rated.progress_rate as rate,
        rated.progress_se,
        1 - rated.progress_hi as lo,
        1 - rated.progress_lo as hi,
        stood.followed,
        stood.won
    from progress_rates as rated
    inner join frontier_counts as stood
        on stood.map_no = rated.map_no
        and stood.stage_no = rated.stage_no
        and stood.segment_no = rated.segment_no
        and stood.value_no = rated.value_no
        and stood.is_rest = rated.is_rest
    inner join progress_rates as whole
        on whole.map_no = rated.map_no and whole.stage_no = rated.stage_no and whole.segment_no = 0
    where rated.stage_no > 0 and rated.progress_rate is not null

),

onstage as (

    select
        counted.map_no,
        role.stage_no,
        sum(counted.visits) as visits,
        sum(counted.mature_visits) as mature_visits,
        sum(counted.stops) as stops,
        sum(counted.went_on) as went_on,
        sum(counted.won) as won,
        sum(counted.customers) as customers,
        sum(counted.stops * (1 - counted.stops / cast(nullif(counted.mature_visits, 0) as double))) as spread,
        sum(
            counted.stops * (1 - counted.stops / cast(nullif(counted.mature_visits, 0) as double))
            * counted.design_effect
        ) as widened
    from stop_counts as counted
    inner join touchpoint_roles as role
        on role.map_no = counted.map_no and role.touchpoint_no = counted.touchpoint_no
    where counted.segment_no = 0 and role.stage_no is not null and not role.is_goal and not role.is_abandon
    group by counted.map_no, role.stage_no

),

-- Where a journey ends because it is over, nobody is lost: goals and what abandons are no place, and no peers.
stopping as (

    select counted.*
    from stop_counts as counted
    inner join touchpoint_roles as role
        on role.map_no = counted.map_no and role.touchpoint_no = counted.touchpoint_no
    where not role.is_goal and not role.is_abandon

),

visited as (

    select
        map_no,
        touchpoint_no,
        segment_no,
        value_no,
        false as is_rest,
        visits,
        mature_visits,
        stops,
        went_on,
        won,
        customers,
        design_effect
    from stopping
    union all
    select
        own.map_no,
        own.touchpoint_no,
        own.segment_no,
        own.value_no,
        true,
        everyone.visits - own.visits,
        everyone.mature_visits - own.mature_visits,
        everyone.stops - own.stops,
        everyone.went_on - own.went_on,
        everyone.won - own.won,
        everyone.customers - own.alone,
        own.design_effect
    from stopping as own
    inner join stopping as everyone
        on everyone.map_no = own.map_no
        and everyone.touchpoint_no = own.touchpoint_no
        and everyone.segment_no = 0
    where own.segment_no > 0
    union all
    select
        own.map_no,
        own.touchpoint_no,
        0,
        0,
        true,
        cast(onstage.visits - own.visits as bigint),
        cast(onstage.mature_visits - own.mature_visits as bigint),
        cast(onstage.stops - own.stops as bigint),
        cast(onstage.went_on - own.went_on as bigint),
        cast(onstage.won - own.won as bigint),
        cast(onstage.customers - own.customers as bigint),
        -- That of the others, each by what it adds to the spread.
        greatest(
            coalesce(
                round(
                    (onstage.widened - own.stops * (1 - own.stops / cast(nullif(own.mature_visits, 0) as double)) * own.design_effect)
                    / nullif(onstage.spread - own.stops * (1 - own.stops / cast(nullif(own.mature_visits, 0) as double)), 0),
                    9
                ),
                1
            ),
            1
        )
    from stopping as own
    inner join touchpoint_roles as role on role.map_no = own.map_no and role.touchpoint_no = own.touchpoint_no
    inner join onstage on onstage.map_no = own.map_no and onstage.stage_no = role.stage_no
    where own.segment_no = 0

),

-- Visits of a customer who comes again and again count as so many as they are worth.
weighed as (

    select
        visited.*,
        stops / cast(mature_visits as double) as rate,
        case
            when stops in (0, mature_visits) then least(mature_visits / design_effect, customers)
            else mature_visits / design_effect
        end as units
    from visited
    where mature_visits > 0

)

select
    map_no,
    'stage' as level,
    stage_no as place_no,
    segment_no,
    value_no,
    is_rest,
    customers,
    journeys as met,
    journeys as trials,
    drops,
    rate,
    progress_se as se,
    lo,
    hi,
    followed,
    won
from staged
union all
select
    map_no,
    'touchpoint',
    touchpoint_no,
    segment_no,
    value_no,
    is_rest,
    customers,
    visits,
    mature_visits,
    case when units = mature_visits then stops end,
    rate,
    case when units < mature_visits then sqrt(rate * (1 - rate) / units) end,
    case
        when units < mature_visits
            then (rate + 1.9207295 / units - 1.959964 * sqrt(rate * (1 - rate) / units + 0.96036475 / (units * units))) / (1 + 3.841459 / units)
    end,
    case
        when units < mature_visits
            then (rate + 1.9207295 / units + 1.959964 * sqrt(rate * (1 - rate) / units + 0.96036475 / (units * units))) / (1 + 3.841459 / units)
    end,
    went_on,
    won
from weighed
