-- One row per stage of a map: time spent there, support contacts, and their sums of squares.
--
-- kind:     working
-- grain:    map_no, stage_no
-- columns:
--   map_no             integer  map
--   stage_no           integer  stage; 0: no stage yet
--   customers          bigint   customers who were there
--   contacts           bigint   support contacts
--   contact_customers  bigint   customers who made them
--   exposure_days      double   days spent there, all customers together
--   contacts_squared   double   sum over customers of their squared contacts
--   product            double   sum over customers of contacts times days
--   days_squared       double   sum over customers of their squared days
with

lived as (

    select
        map_no,
        stage_no,
        contacts,
        cast(exposure_us / 86400000000 as decimal(14, 6)) as days
    from stage_exposures

)

select
    map_no,
    stage_no,
    count(*) as customers,
    cast(sum(contacts) as bigint) as contacts,
    count(case when contacts > 0 then 1 end) as contact_customers,
    cast(sum(days) as double) as exposure_days,
    cast(sum(contacts * contacts) as double) as contacts_squared,
    cast(sum(contacts * days) as double) as product,
    cast(sum(days * days) as double) as days_squared
from lived
group by map_no, stage_no
