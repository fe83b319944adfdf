-- One row per outcome by which the report chooses journeys.
--
-- grain:    among_no
-- columns:
--   among_no  integer  number
--   among     varchar  all, converted, dropped or open
select cast(0 as integer) as among_no, 'all' as among
union all
select 1, 'converted'
union all
select 2, 'dropped'
union all
select 3, 'open'
