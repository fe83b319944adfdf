-- One row per map, touchpoint and touchpoint that comes next: what journeys do after it.
--
-- Of the steps that another step follows; how often none does is touchpoint_stops.
--
-- grain:    map_name, touchpoint, next_touchpoint
-- columns:
--   map_name         varchar  map
--   touchpoint       varchar  touchpoint
--   next_touchpoint  varchar  touchpoint of the next step; may be the same
--   place            bigint   place among what comes next, the most frequent first
--   moves            bigint   steps that it follows
--   all_moves        bigint   steps at the touchpoint that any step follows
--   next_share       double   moves / all_moves
--   next_lo          double   lower end of its 95 % Wilson interval
--   next_hi          double   upper end of its 95 % Wilson interval
--   is_small         boolean  whether all_moves are fewer than 30: shown, but never ranked
with

moved as (

    select
        map_no,
        from_no,
        to_no,
        transitions,
        cast(sum(transitions) over (partition by map_no, from_no) as bigint) as all_moves,
        row_number() over (partition by map_no, from_no order by transitions desc, to_no) as place
    from move_counts
    where level_no = 1 and from_no > 0 and to_no > 0

)

select
    map.map_name,
    departure.touchpoint,
    arrival.touchpoint as next_touchpoint,
    moved.place,
    moved.transitions as moves,
    moved.all_moves,
    shared.rate as next_share,
    shared.lo as next_lo,
    shared.hi as next_hi,
    moved.all_moves < 30 as is_small
from moved
inner join cfg_maps as map on map.map_no = moved.map_no
inner join touchpoint_names as departure on departure.touchpoint_no = moved.from_no
inner join touchpoint_names as arrival on arrival.touchpoint_no = moved.to_no
left join kpi_share_intervals as shared
    on shared.successes = moved.transitions and shared.trials = moved.all_moves
order by moved.map_no, moved.from_no, moved.place
