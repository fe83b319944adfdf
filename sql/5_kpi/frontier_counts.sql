-- One row per map, group of journeys and stage: those that stood there, as far as they could be followed.
--
-- Each group stands twice: as it is, and as its rest, which is all other journeys of the map.
--
-- kind:     working
-- grain:    map_no, segment_no, value_no, is_rest, stage_no
-- columns:
--   map_no          integer  map
--   segment_no      integer  segment; 0: all
--   value_no        integer  value, as in segment_values
--   is_rest         boolean  whether it is all journeys but those of the group
--   stage_no        integer  stage, or 0 for the journey as a whole
--   mature          bigint   journeys whose furthest stage it is, reached its silence horizon ago, or longer
--   mature_dropped  bigint   of the mature ones, those that dropped there
--   mature_open     bigint   of the mature ones, those that may still go on
--   followed        bigint   of all that stood there, those that went beyond at least T before the as-of moment
--   won             bigint   of the followed ones, those that then reached the goal within T
with

summed as (

    select
        map_no,
        segment_no,
        value_no,
        stage_no,
        cast(sum(mature) as bigint) as mature,
        cast(sum(mature_dropped) as bigint) as mature_dropped,
        cast(sum(mature_open) as bigint) as mature_open,
        cast(sum(followed) as bigint) as followed,
        cast(sum(won) as bigint) as won
    from progress_counts
    group by map_no, segment_no, value_no, stage_no

)

select
    map_no,
    segment_no,
    value_no,
    false as is_rest,
    stage_no,
    mature,
    mature_dropped,
    mature_open,
    followed,
    won
from summed
union all
select
    own.map_no,
    own.segment_no,
    own.value_no,
    true,
    own.stage_no,
    everyone.mature - own.mature,
    everyone.mature_dropped - own.mature_dropped,
    everyone.mature_open - own.mature_open,
    everyone.followed - own.followed,
    everyone.won - own.won
from summed as own
inner join summed as everyone
    on everyone.map_no = own.map_no and everyone.stage_no = own.stage_no and everyone.segment_no = 0
where own.segment_no > 0
