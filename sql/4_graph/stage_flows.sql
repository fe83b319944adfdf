-- One row per link of the unrolled journey: from each visit to the next, repeats of a stage merged.
--
-- Column step_no links to column step_no + 1; the twelfth column is the last, and what goes on from
-- there goes to (more). Every journey that has a stage leaves once: to (exit), (open) or (more).
--
-- grain:    map_name, step_no, from_stage, to_stage, outcome
-- columns:
--   map_name       varchar  map
--   step_no        integer  column that the link leaves, from 1
--   from_stage     varchar  stage that is left
--   to_stage       varchar  stage that is entered, or (exit), (open) or (more)
--   from_stage_no  integer  number of the stage that is left
--   to_stage_no    integer  number of the stage that is entered; NULL for virtual nodes
--   direction      varchar  forward, back, goal, exit, open or more
--   outcome        varchar  status of the journeys that leave by this link; NULL: they go on
--   journeys       bigint   journeys
with

linked as (

    select
        map_no,
        visit_no as step_no,
        stage_no as from_stage_no,
        case when visit_no < 12 then next_stage_no end as to_stage_no,
        visit_no = 12 as is_more,
        cast(null as varchar) as outcome,
        false as is_over
    from stage_visits
    where visit_no <= 12 and next_stage_no is not null
    union all
    select visit.map_no, visit.visit_no, visit.stage_no, null, false, journey.status, journey.is_closed
    from stage_visits as visit
    inner join journey_facts as journey
        on journey.map_no = visit.map_no
        and journey.customer_no = visit.customer_no
        and journey.journey_no = visit.journey_no
    where visit.visit_no <= 12 and visit.next_stage_no is null

),

counted as (

    select map_no, step_no, from_stage_no, to_stage_no, is_more, outcome, is_over, count(*) as journeys
    from linked
    group by all

)

select
    map.map_name,
    counted.step_no,
    departure.stage as from_stage,
    case
        when counted.is_more then '(more)'
        when counted.to_stage_no is not null then arrival.stage
        when counted.is_over then '(exit)'
        else '(open)'
    end as to_stage,
    counted.from_stage_no,
    counted.to_stage_no,
    case
        when counted.is_more then 'more'
        when counted.to_stage_no > counted.from_stage_no then 'forward'
        when counted.to_stage_no < counted.from_stage_no then 'back'
        when not counted.is_over then 'open'
        when counted.outcome = 'converted' then 'goal'
        else 'exit'
    end as direction,
    counted.outcome,
    counted.journeys
from counted
inner join cfg_maps as map on map.map_no = counted.map_no
inner join cfg_map_stages as departure
    on departure.map_no = counted.map_no and departure.stage_no = counted.from_stage_no
left join cfg_map_stages as arrival
    on arrival.map_no = counted.map_no and arrival.stage_no = counted.to_stage_no
order by counted.map_no, counted.step_no, counted.from_stage_no, counted.to_stage_no, to_stage, counted.outcome
