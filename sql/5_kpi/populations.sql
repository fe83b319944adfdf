-- One row per population that figures are read from; each lies within the one before.
--
-- grain:    population_no
-- columns:
--   population_no  integer  number; a journey whose standing is as high is in it
--   population     varchar  all, closed or headline
select cast(1 as integer) as population_no, 'all' as population
union all
select 2, 'closed'
union all
select 3, 'headline'
