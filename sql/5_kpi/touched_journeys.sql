-- One row per journey that a finding of the quality register touches.
--
-- kind:     working
-- grain:    finding, subject, map_no, customer_no, journey_no
-- columns:
--   finding      varchar  what was found, as in quality_register
--   subject      varchar  source, map or kind of customer that it was found in
--   map_no       integer  map
--   customer_no  integer  customer
--   journey_no   integer  journey
with

flagged as (

    select event_no, 'events at the same time as another of the customer' as finding
    from ordered_events
    where is_tied
    union all
    select duplicate_of, 'duplicate records'
    from duplicate_rows
    union all
    select duplicate_of, 'one event id, several contents'
    from duplicate_rows
    where is_conflict

),

stepped as (

    select distinct
        flagged.finding,
        cast(floor(step.event_no / 1099511627776) as integer) as file_no,
        step.map_no,
        step.customer_no,
        step.journey_no
    from flagged
    inner join journey_steps as step on step.event_no = flagged.event_no
    union
    select
        'events that no touchpoint rule matches',
        cast(floor(step.event_no / 1099511627776) as integer),
        step.map_no,
        step.customer_no,
        step.journey_no
    from journey_steps as step
    inner join touchpoint_names as named on named.touchpoint_no = step.touchpoint_no and not named.is_mapped

)

select distinct
    stepped.finding,
    source.source as subject,
    stepped.map_no,
    stepped.customer_no,
    stepped.journey_no
from stepped
inner join parts as part on part.file_no = stepped.file_no
inner join cfg_sources as source on source.source_no = part.source_no
union all
select 'journeys whose beginning may lie before the data', map.map_name, fact.map_no, fact.customer_no, fact.journey_no
from journey_facts as fact
inner join cfg_maps as map on map.map_no = fact.map_no
where fact.truncated_by is not null
union all
select 'journeys that may still go on', map.map_name, fact.map_no, fact.customer_no, fact.journey_no
from journey_facts as fact
inner join cfg_maps as map on map.map_no = fact.map_no
where fact.status = 'open'
union all
select 'journeys of customers whom no strong id names', map.map_name, fact.map_no, fact.customer_no, fact.journey_no
from journey_facts as fact
inner join cfg_maps as map on map.map_no = fact.map_no
inner join numbered_customers as customer on customer.customer_no = fact.customer_no
where customer.kind = 'anonymous'
union all
select distinct
    'sessions longer than 12 hours or 2,500 events',
    'all customers',
    step.map_no,
    step.customer_no,
    step.journey_no
from journey_steps as step
inner join endless_sessions as endless
    on endless.customer_no = step.customer_no and endless.session_no = step.session_no
