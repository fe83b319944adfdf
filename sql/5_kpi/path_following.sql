-- One row per map and population: how many journeys take the intended path.
--
-- grain:    map_name, population
-- columns:
--   map_name            varchar  map
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
select
    map_name,
    population,
    origin,
    journeys,
    following_journeys,
    following_share,
    following_lo,
    following_hi,
    on_path_journeys,
    on_path_share,
    on_path_lo,
    on_path_hi,
    path_misfit,
    is_small
from segment_following
where segment_no = 0
order by map_no, population
