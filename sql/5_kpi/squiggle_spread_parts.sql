-- One row per cut, segment, population and range of customers: how the sums spread over customers.
--
-- A customer's walk is one walk already, and is not summed again. Cuts are numbers while they are summed:
-- words cost more to group by.
--
-- kind:     working
-- ranges:   customer_no
-- grain:    map_no, cut, segment_no, value_no, population_no
-- columns:
--   map_no              integer  map
--   cut                 varchar  journey, session or customer
--   segment_no          integer  segment; 0: all
--   value_no            integer  value, as in segment_values
--   population_no       integer  population
--   customers           bigint   customers who made the walks
--   progress_squared    bigint   sum of the squares of their net advances
--   progress_variation  bigint   sum of the products of their net advances and stage movements
--   variation_squared   bigint   sum of the squares of their stage movements
--   back_squared        bigint   sum of the squares of their movements back; NULL: no journeys are measured
with

lived as (

    select
        map_no,
        case cut when 'journey' then 1 else 2 end as cut,
        segment_no,
        value_no,
        customer_no,
        sum(total_variation) filter (where 1 between first_population_no and last_population_no) as total_variation_all,
        sum(progress) filter (where 1 between first_population_no and last_population_no) as progress_all,
        sum(back_distance) filter (where 1 between first_population_no and last_population_no) as back_distance_all,
        sum(total_variation) filter (where 2 between first_population_no and last_population_no) as total_variation_closed,
        sum(progress) filter (where 2 between first_population_no and last_population_no) as progress_closed,
        sum(back_distance) filter (where 2 between first_population_no and last_population_no) as back_distance_closed,
        sum(total_variation) filter (where 3 between first_population_no and last_population_no) as total_variation_headline,
        sum(progress) filter (where 3 between first_population_no and last_population_no) as progress_headline,
        sum(back_distance) filter (where 3 between first_population_no and last_population_no) as back_distance_headline
    from squiggle_walks
    where cut <> 'customer'
    group by map_no, case cut when 'journey' then 1 else 2 end, segment_no, value_no, customer_no

),

told as (

    select
        map_no,
        cut,
        segment_no,
        value_no,
        1 as population_no,
        total_variation_all as total_variation,
        progress_all as progress,
        back_distance_all as back_distance
    from lived
    where total_variation_all is not null
    union all
    select
        map_no,
        cut,
        segment_no,
        value_no,
        2 as population_no,
        total_variation_closed as total_variation,
        progress_closed as progress,
        back_distance_closed as back_distance
    from lived
    where total_variation_closed is not null
    union all
    select
        map_no,
        cut,
        segment_no,
        value_no,
        3 as population_no,
        total_variation_headline as total_variation,
        progress_headline as progress,
        back_distance_headline as back_distance
    from lived
    where total_variation_headline is not null
    union all
    select
        walk.map_no,
        3,
        walk.segment_no,
        walk.value_no,
        populations.population_no,
        walk.total_variation,
        walk.progress,
        walk.back_distance
    from squiggle_walks as walk
    inner join populations on populations.population_no between walk.first_population_no and walk.last_population_no
    where walk.cut = 'customer'

)

select
    map_no,
    case cut when 1 then 'journey' when 2 then 'session' else 'customer' end as cut,
    segment_no,
    value_no,
    population_no,
    count(*) as customers,
    cast(sum(cast(progress as bigint) * cast(progress as bigint)) as bigint) as progress_squared,
    cast(sum(cast(progress as bigint) * cast(total_variation as bigint)) as bigint) as progress_variation,
    cast(sum(cast(total_variation as bigint) * cast(total_variation as bigint)) as bigint) as variation_squared,
    cast(sum(cast(back_distance as bigint) * cast(back_distance as bigint)) as bigint) as back_squared
from told
group by map_no, cut, segment_no, value_no, population_no
