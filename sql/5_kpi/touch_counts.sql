-- One row per map and first touchpoint, and per map: the touches of the journeys that reached the goal.
--
-- kind:     working
-- grain:    map_no, entry_touchpoint_no
-- columns:
--   map_no               integer  map
--   entry_touchpoint_no  integer  touchpoint of the first step; 0: any
--   journeys             bigint   journeys that reached the goal
--   shortest_touches     bigint   10th percentile of their touches: the shortest way
--   median_touches       bigint   median of their touches
--   most_touches         bigint   90th percentile of their touches
--   median_touchpoints   double   median of their different touchpoints
--   excess               bigint   sum of their touches beyond the shortest way from the same first touchpoint
--   multi_channel        bigint   of them, those that came by two channels or more
with

counted as (

    select
        map_no,
        entry_touchpoint_no,
        touches,
        count(*) as journeys
    from journey_touches
    group by map_no, entry_touchpoint_no, touches

),

ranked as (

    select
        map_no,
        entry_touchpoint_no,
        touches,
        sum(journeys) over (
            partition by map_no, entry_touchpoint_no
            order by touches
            rows between unbounded preceding and current row
        ) as up_to,
        sum(journeys) over (partition by map_no, entry_touchpoint_no) as whole
    from (
        select map_no, entry_touchpoint_no, touches, journeys
        from counted
        union all
        select map_no, 0, touches, sum(journeys)
        from counted
        group by map_no, touches
    ) as both_levels

),

cut as (

    select
        map_no,
        entry_touchpoint_no,
        cast(max(whole) as bigint) as journeys,
        min(case when up_to * 10 >= whole then touches end) as shortest_touches,
        min(case when up_to * 2 >= whole then touches end) as median_touches,
        min(case when up_to * 10 >= whole * 9 then touches end) as most_touches
    from ranked
    group by map_no, entry_touchpoint_no

),

exceeding as (

    select
        counted.map_no,
        counted.entry_touchpoint_no,
        sum(counted.journeys * greatest(counted.touches - cut.shortest_touches, 0)) as excess
    from counted
    inner join cut on cut.map_no = counted.map_no and cut.entry_touchpoint_no = counted.entry_touchpoint_no
    group by counted.map_no, counted.entry_touchpoint_no

),

lived as (

    select
        touch.map_no,
        level.is_entry,
        case when level.is_entry then touch.entry_touchpoint_no else 0 end as entry_touchpoint_no,
        median(cast(touch.touchpoints as double)) as median_touchpoints,
        count(case when touch.is_multi_channel then 1 end) as multi_channel
    from journey_touches as touch
    cross join (select true as is_entry union all select false) as level
    group by all

)

select
    cut.map_no,
    cut.entry_touchpoint_no,
    cut.journeys,
    cut.shortest_touches,
    cut.median_touches,
    cut.most_touches,
    lived.median_touchpoints,
    cast(
        coalesce(
            exceeding.excess,
            (select sum(one.excess) from exceeding as one where one.map_no = cut.map_no)
        ) as bigint
    ) as excess,
    lived.multi_channel
from cut
inner join lived on lived.map_no = cut.map_no and lived.entry_touchpoint_no = cut.entry_touchpoint_no
left join exceeding
    on exceeding.map_no = cut.map_no and exceeding.entry_touchpoint_no = cut.entry_touchpoint_no
