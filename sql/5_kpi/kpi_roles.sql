-- One row per touchpoint and what it counts as, as the project file declares under [kpi].
--
-- Where it declares no cancellations, the touchpoints that abandon a journey are taken for them.
--
-- grain:    role, touchpoint_no
-- columns:
--   role           varchar  key under [kpi]
--   touchpoint_no  integer  touchpoint
select distinct role.role, named.touchpoint_no
from cfg_kpi_roles as role
inner join touchpoint_names as named
    on role.target = case role.target_kind when 'stage' then named.stage else named.touchpoint end
union
select 'cancels', touchpoint_no
from touchpoint_roles
where is_abandon and not exists (select 1 from cfg_kpi_roles where role = 'cancels')
