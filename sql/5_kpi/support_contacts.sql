-- One row per stage of a map, and for no stage yet: support contacts by the time that customers spend there.
--
-- A journey is at a stage from its first step there to its first step at another; at its last one it stays
-- until its last step or, while it still goes on, until the as-of moment. Where nothing is declared to be
-- support, counts are 0 and rates NULL.
--
-- grain:    map_name, stage_no
-- columns:
--   map_name           varchar  map
--   stage_no           integer  stage; 0: no stage yet
--   stage              varchar  its name; (no stage)
--   customers          bigint   customers who were there
--   exposure_days      double   days that they spent there; NULL: no stage, or nothing is declared
--   contacts           bigint   support contacts meanwhile
--   contact_customers  bigint   customers who made them
--   per_30_days        double   contacts per customer and 30 days there
--   per_30_days_lo     double   lower end of its 95 % interval, whose unit is the customer
--   per_30_days_hi     double   upper end of its 95 % interval
with

stages as (

    select map_no, map_name, stage_no, stage
    from cfg_map_stages
    union all
    select map_no, map_name, 0, '(no stage)'
    from cfg_maps

)

select
    stages.map_name,
    stages.stage_no,
    stages.stage,
    coalesce(summed.customers, 0) as customers,
    case when stages.stage_no > 0 then summed.exposure_days end as exposure_days,
    coalesce(summed.contacts, 0) as contacts,
    coalesce(summed.contact_customers, 0) as contact_customers,
    30 * estimated.ratio as per_30_days,
    case when estimated.lo is not null then greatest(30 * estimated.lo, 0) end as per_30_days_lo,
    30 * estimated.hi as per_30_days_hi
from stages
left join stage_contact_sums as summed on summed.map_no = stages.map_no and summed.stage_no = stages.stage_no
left join kpi_ratio_intervals as estimated
    on stages.stage_no > 0
    and estimated.figure = 'stage support'
    and estimated.item = stages.map_no || '/' || stages.stage_no
order by stages.map_no, stages.stage_no
