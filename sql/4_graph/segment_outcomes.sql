-- One row per view of the report: journeys with a value of a segment and an outcome.
--
-- grain:    map_name, segment, value, among
-- columns:
--   map_name          varchar  map
--   segment           varchar  segment; all: every journey
--   value             varchar  value of the segment, as the report shows it
--   among             varchar  which journeys: all, converted, dropped or open
--   journeys          bigint   journeys
--   staged_journeys   bigint   of them, those with a stage
--   first_journeys    bigint   of them, those that are the first of their customer
--   staged_customers  bigint   of these, those with a stage
with

counted as (

    select
        class.map_no,
        class.class_no,
        count(*) as journeys,
        count(case when journey.staged_steps > 0 then 1 end) as staged_journeys,
        count(case when class.is_first then 1 end) as first_journeys,
        count(case when class.is_first and journey.staged_steps > 0 then 1 end) as staged_customers
    from journey_classes as class
    inner join journey_facts as journey
        on journey.map_no = class.map_no
        and journey.customer_no = class.customer_no
        and journey.journey_no = class.journey_no
    group by class.map_no, class.class_no

)

select
    map.map_name,
    shown.segment,
    shown.shown as value,
    amongst.among,
    cast(sum(counted.journeys) as bigint) as journeys,
    cast(sum(counted.staged_journeys) as bigint) as staged_journeys,
    cast(sum(counted.first_journeys) as bigint) as first_journeys,
    cast(sum(counted.staged_customers) as bigint) as staged_customers
from counted
inner join class_values as class on class.class_no = counted.class_no
inner join cfg_maps as map on map.map_no = counted.map_no
inner join amongst on amongst.among_no = class.among_no
inner join shown_names as shown
    on shown.map_no = counted.map_no
    and shown.segment_no = class.segment_no
    and shown.shown_no = class.shown_no
group by map.map_no, map.map_name, shown.segment_no, shown.shown_no, shown.segment, shown.shown, amongst.among_no, amongst.among
order by map.map_no, shown.segment_no, shown.shown_no, amongst.among_no
