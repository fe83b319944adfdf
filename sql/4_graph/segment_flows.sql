-- One row per link of the unrolled journey, for the journeys with a value of a segment and an outcome.
--
-- As stage_flows: column step_no links to column step_no + 1, repeats of a stage are merged, and the
-- twelfth column is the last. Values are those that the report shows.
--
-- grain:    map_name, segment, value, among, step_no, from_stage, to_stage, outcome
-- columns:
--   map_name       varchar  map
--   segment        varchar  segment; all: every journey
--   value          varchar  value of the segment
--   among          varchar  which journeys: all, converted, dropped or open
--   step_no        integer  column that the link leaves, from 1
--   from_stage     varchar  stage that is left
--   to_stage       varchar  stage that is entered, or (exit), (open) or (more)
--   from_stage_no  integer  number of the stage that is left
--   to_stage_no    integer  number of the stage that is entered; NULL for virtual nodes
--   direction      varchar  forward, back, goal, exit, open or more
--   outcome        varchar  status of the journeys that leave by this link; NULL: they go on
--   journeys       bigint   journeys
--   customers      bigint   of them, those that are the first of their customer
--   example        bigint   one of these journeys: customer_no * 2^32 + journey_no
with

classed as (

    select
        class.map_no,
        class.customer_no,
        class.journey_no,
        class.class_no,
        class.is_first,
        journey.status,
        journey.is_closed
    from journey_classes as class
    inner join journey_facts as journey
        on journey.map_no = class.map_no
        and journey.customer_no = class.customer_no
        and journey.journey_no = class.journey_no

),

linked as (

    select
        visit.map_no,
        class.class_no,
        class.is_first,
        visit.visit_no as step_no,
        visit.stage_no as from_stage_no,
        case when visit.visit_no < 12 then visit.next_stage_no end as to_stage_no,
        visit.next_stage_no is not null and visit.visit_no = 12 as is_more,
        case when visit.next_stage_no is null then class.status end as outcome,
        visit.next_stage_no is null and class.is_closed as is_over,
        cast(visit.customer_no as bigint) * 4294967296 + visit.journey_no as example
    from stage_visits as visit
    inner join classed as class
        on class.map_no = visit.map_no
        and class.customer_no = visit.customer_no
        and class.journey_no = visit.journey_no
    where visit.visit_no <= 12

),

counted as (

    select
        map_no,
        class_no,
        step_no,
        from_stage_no,
        to_stage_no,
        is_more,
        outcome,
        is_over,
        count(*) as journeys,
        count(case when is_first then 1 end) as customers,
        min(example) as example
    from linked
    group by map_no, class_no, step_no, from_stage_no, to_stage_no, is_more, outcome, is_over

),

gathered as (

    select
        counted.map_no,
        class.segment_no,
        class.shown_no,
        class.among_no,
        counted.step_no,
        counted.from_stage_no,
        counted.to_stage_no,
        counted.is_more,
        counted.outcome,
        counted.is_over,
        sum(counted.journeys) as journeys,
        sum(counted.customers) as customers,
        min(counted.example) as example
    from counted
    inner join class_values as class on class.class_no = counted.class_no
    group by all

)

select
    map.map_name,
    shown.segment,
    shown.shown as value,
    amongst.among,
    gathered.step_no,
    departure.stage as from_stage,
    case
        when gathered.is_more then '(more)'
        when gathered.to_stage_no is not null then arrival.stage
        when gathered.is_over then '(exit)'
        else '(open)'
    end as to_stage,
    gathered.from_stage_no,
    gathered.to_stage_no,
    case
        when gathered.is_more then 'more'
        when gathered.to_stage_no > gathered.from_stage_no then 'forward'
        when gathered.to_stage_no < gathered.from_stage_no then 'back'
        when not gathered.is_over then 'open'
        when gathered.outcome = 'converted' then 'goal'
        else 'exit'
    end as direction,
    gathered.outcome,
    cast(gathered.journeys as bigint) as journeys,
    cast(gathered.customers as bigint) as customers,
    gathered.example
from gathered
inner join cfg_maps as map on map.map_no = gathered.map_no
inner join amongst on amongst.among_no = gathered.among_no
inner join shown_names as shown
    on shown.map_no = gathered.map_no
    and shown.segment_no = gathered.segment_no
    and shown.shown_no = gathered.shown_no
inner join cfg_map_stages as departure
    on departure.map_no = gathered.map_no and departure.stage_no = gathered.from_stage_no
left join cfg_map_stages as arrival
    on arrival.map_no = gathered.map_no and arrival.stage_no = gathered.to_stage_no
order by
    gathered.map_no, gathered.segment_no, gathered.shown_no, gathered.among_no, gathered.step_no,
    gathered.from_stage_no, gathered.to_stage_no, to_stage, gathered.outcome
