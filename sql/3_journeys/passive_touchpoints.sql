-- One row per touchpoint whose events hold no session, as the project file declares under [session].
--
-- grain:    touchpoint_no
-- columns:
--   touchpoint_no  integer  touchpoint
select distinct named.touchpoint_no
from cfg_passive as passive
inner join touchpoint_names as named
    on passive.target = case passive.target_kind when 'stage' then named.stage else named.touchpoint end
