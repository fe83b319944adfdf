-- One row per map, stage or touchpoint, group of journeys and reference that it is held against.
--
-- rest: all other journeys of the map; for all visits to a touchpoint, those to the other touchpoints of its
-- stage. period before: the last one before that has journeys. best quartile: of the values of the segment with at least 30
-- trials, where there are four or more, the one at the lower quartile of the rates.
--
-- grain:    map_no, level, place_no, segment_no, value_no, reference
-- columns:
--   map_no              integer  map
--   level               varchar  stage or touchpoint
--   place_no            integer  stage_no or touchpoint_no
--   segment_no          integer  segment; 0: all
--   value_no            integer  value, as in segment_values
--   reference           varchar  rest, period before or best quartile
--   reference_value_no  integer  value that is the reference; NULL: the rest
--   trials              bigint   journeys that stood at the stage, or mature visits to the touchpoint
--   drops               bigint   of these, those that went no further; NULL: some were not watched to the end
--   rate                double   chance to go no further within T, or stop rate
--   se                  double   its standard error; NULL: it is a plain share
--   lo                  double   lower end of its 95 % interval; NULL: it is a plain share
--   hi                  double   upper end of its 95 % interval; NULL: it is a plain share
--   customers           bigint   customers of these
--   reference_trials    bigint   the same of the reference
--   reference_drops     bigint   the same of the reference
--   reference_customers  bigint  the same of the reference
--   reference_rate      double   the same of the reference
--   reference_se        double   the same of the reference
--   reference_lo        double   the same of the reference
--   reference_hi        double   the same of the reference
--   per_month           double   journeys that stand at the stage, or visits to the touchpoint, per month of 30.4375 days;
--                               of a period in which the data begin or end, of the days seen
--   goal_rate           double   of those that went on and could be followed, the share that reached the goal
--   value_per_goal      double   money of the journeys that reached the goal / these; NULL: none of the map carries any
--   is_borrowed         boolean  whether either is that of all journeys, for the group has fewer than 30
with

ranked as (

    select
        map_no,
        level,
        place_no,
        segment_no,
        value_no,
        row_number() over (partition by map_no, level, place_no, segment_no order by rate, value_no) as place,
        count(*) over (partition by map_no, level, place_no, segment_no) as values_there
    from pain_places
    where not is_rest and segment_no > 0 and trials >= 30

),

referred as (

    select map_no, level, place_no, segment_no, value_no, 'rest' as reference, value_no as reference_value_no, true as is_rest
    from pain_places
    where not is_rest
    union all
    select
        map_no,
        level,
        place_no,
        segment_no,
        value_no,
        'period before',
        lag(value_no) over (partition by map_no, level, place_no order by value_no),
        false
    from pain_places
    where not is_rest and segment_no = 1
    union all
    select own.map_no, own.level, own.place_no, own.segment_no, own.value_no, 'best quartile', ranked.value_no, false
    from pain_places as own
    inner join ranked
        on ranked.map_no = own.map_no
        and ranked.level = own.level
        and ranked.place_no = own.place_no
        and ranked.segment_no = own.segment_no
        and ranked.value_no <> own.value_no
        and ranked.values_there >= 4
        and ranked.place = ceil(ranked.values_there / 4.0)
    where not own.is_rest

),

months as (

    select
        case
            when setting.period = 'day' then 1 / 30.4375
            when setting.period = 'week' then 7 / 30.4375
            when setting.period = 'month' then 1.0
            when setting.period = 'quarter' then 3.0
            else 12.0
        end as of_period,
        greatest(as_of.as_of_us - as_of.first_us, 86400000000) / (30.4375 * 86400000000) as of_data
    from cfg_settings as setting
    cross join as_of

)

select
    own.map_no,
    own.level,
    own.place_no,
    own.segment_no,
    own.value_no,
    referred.reference,
    case when not referred.is_rest then referred.reference_value_no end as reference_value_no,
    own.trials,
    own.drops,
    own.rate,
    own.se,
    own.lo,
    own.hi,
    own.customers,
    other.trials as reference_trials,
    other.drops as reference_drops,
    other.customers as reference_customers,
    other.rate as reference_rate,
    other.se as reference_se,
    other.lo as reference_lo,
    other.hi as reference_hi,
    cast(
        own.met
        / case
            when period.seen_days > 0 then period.seen_days / 30.4375
            when own.segment_no = 1 then months.of_period
            else months.of_data
        end as double
    ) as per_month,
    case
        when own.followed >= 30 then own.won / cast(own.followed as double)
        else everyone.won / cast(nullif(everyone.followed, 0) as double)
    end as goal_rate,
    case
        when valued.goals >= 30 then coalesce(valued.value, case when overall.value is not null then 0 end) / valued.goals
        else overall.value / overall.goals
    end as value_per_goal,
    own.segment_no > 0 and (own.followed < 30 or coalesce(valued.goals < 30, true)) as is_borrowed
from referred
inner join pain_places as own
    on own.map_no = referred.map_no
    and own.level = referred.level
    and own.place_no = referred.place_no
    and own.segment_no = referred.segment_no
    and own.value_no = referred.value_no
    and not own.is_rest
inner join pain_places as other
    on other.map_no = referred.map_no
    and other.level = referred.level
    and other.place_no = referred.place_no
    and other.segment_no = referred.segment_no
    and other.value_no = referred.reference_value_no
    and other.is_rest = referred.is_rest
left join pain_places as everyone
    on everyone.map_no = own.map_no
    and everyone.level = own.level
    and everyone.place_no = own.place_no
    and everyone.segment_no = 0
    and not everyone.is_rest
left join goal_values as valued
    on valued.map_no = own.map_no and valued.segment_no = own.segment_no and valued.value_no = own.value_no
left join goal_values as overall on overall.map_no = own.map_no and overall.segment_no = 0
left join segment_values as named
    on own.segment_no = 1 and named.segment_no = own.segment_no and named.value_no = own.value_no
left join local_periods as period on period.period = named.value
cross join months
