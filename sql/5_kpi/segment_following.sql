-- One row per map, value of a segment and population: how many journeys take the intended path.
--
-- The columns are those of path_following; segment all has its very rows.
--
-- grain:    map_no, segment_no, value_no, population
-- columns:
--   map_no              integer  map
--   map_name            varchar  its name
--   segment_no          integer  segment; 0: all
--   segment             varchar  its name
--   value_no            integer  value, as in segment_values
--   value               varchar  its name
--   is_partial          boolean  whether it is a period in which the data begin or end
--   population          varchar  headline, closed or all
--   origin              varchar  where the path is from: declared, default or found
--   journeys            bigint   journeys that have a stage
--   following_journeys  bigint   of them, those that take the path from beginning to end
--   following_share     double   following_journeys / journeys
--   following_lo        double   lower end of its 95 % Wilson interval
--   following_hi        double   upper end of its 95 % Wilson interval
--   on_path_journeys    bigint   journeys that follow the path as far as they go, to its end or not
--   on_path_share       double   on_path_journeys / journeys
--   on_path_lo          double   lower end of its 95 % Wilson interval
--   on_path_hi          double   upper end of its 95 % Wilson interval
--   path_misfit         double   visits and steps that do not match / the most that could not, 0 to 1
--   is_small            boolean  whether there are fewer than 30 journeys: shown, but never ranked
with

origins as (

    select map_no, max(origin) as origin
    from intended_steps
    group by map_no

)

select
    summed.map_no,
    map.map_name,
    summed.segment_no,
    named.segment,
    summed.value_no,
    named.value,
    named.is_partial,
    summed.population,
    origins.origin,
    summed.walks as journeys,
    summed.following_walks as following_journeys,
    following.rate as following_share,
    following.lo as following_lo,
    following.hi as following_hi,
    summed.on_path_walks as on_path_journeys,
    on_path.rate as on_path_share,
    on_path.lo as on_path_lo,
    on_path.hi as on_path_hi,
    summed.path_cost / cast(nullif(summed.path_worst, 0) as double) as path_misfit,
    summed.walks < 30 as is_small
from squiggle_sums as summed
inner join cfg_maps as map on map.map_no = summed.map_no
inner join origins on origins.map_no = summed.map_no
inner join segment_values as named
    on named.segment_no = summed.segment_no and named.value_no = summed.value_no
left join walk_intervals as following
    on following.figure = 'following_share'
    and following.map_no = summed.map_no
    and following.segment_no = summed.segment_no
    and following.value_no = summed.value_no
    and following.item = summed.cut || ' ' || summed.population
left join walk_intervals as on_path
    on on_path.figure = 'on_path_share'
    and on_path.map_no = summed.map_no
    and on_path.segment_no = summed.segment_no
    and on_path.value_no = summed.value_no
    and on_path.item = summed.cut || ' ' || summed.population
where summed.cut = 'journey'
order by summed.map_no, summed.segment_no, summed.value_no, summed.population
