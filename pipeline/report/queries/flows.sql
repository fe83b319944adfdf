-- One row per link and view: journeys from one stage to the next change of stage, step by step. Those
-- that go on beyond the seventh column end in (more), so that none is lost. A link that leaves says
-- whether its journeys converted or dropped; what is still open is one, whether it has converted or not.
with

linked as (

    select
        map_name,
        segment,
        value,
        among,
        step_no,
        from_stage,
        case when step_no = 7 and told.outcome is null then '(more)' else told.to_stage end as to_stage,
        case
            when told.to_stage = '(exit)' and told.outcome = 'converted' then 'converted'
            when told.to_stage = '(exit)' then 'dropped'
        end as outcome,
        case when step_no = 7 and told.outcome is null then 'more' else direction end as direction,
        cast(sum(journeys) as bigint) as journeys,
        cast(sum(customers) as bigint) as customers,
        min(example) as example
    from segment_flows as told
    where step_no <= 7
    group by all

)

select
    linked.map_name,
    linked.segment,
    linked.value,
    linked.among,
    linked.step_no,
    linked.from_stage,
    linked.to_stage,
    linked.outcome,
    linked.direction,
    linked.journeys,
    cast(sum(linked.journeys) over whole as bigint) as of_journeys,
    linked.customers,
    cast(sum(linked.customers) over whole as bigint) as of_customers,
    timed.median_s,
    timed.across_sessions / cast(timed.transitions as double) as across_share,
    example.example_no
from linked
inner join cfg_maps as map on map.map_name = linked.map_name
left join example_journeys as example
    on example.map_no = map.map_no
    and example.customer_no = cast(floor(linked.example / 4294967296) as integer)
    and example.journey_no = cast(linked.example % 4294967296 as integer)
left join transitions as timed
    on timed.map_name = linked.map_name
    and timed.level = 'stage'
    and timed.from_node = linked.from_stage
    and timed.to_node = linked.to_stage
window whole as (
    partition by linked.map_name, linked.segment, linked.value, linked.among, linked.step_no, linked.from_stage
)
order by
    linked.map_name, linked.segment, linked.value, linked.among,
    linked.step_no, linked.from_stage, linked.to_stage, linked.outcome
