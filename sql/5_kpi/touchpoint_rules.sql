-- One row per touchpoint rule: whether it does anything.
--
-- grain:    rule_no
-- columns:
--   rule_no     integer  place in the project file, from 1
--   touchpoint  varchar  name that it gives
--   stage       varchar  its stage; NULL: none
--   events      bigint   events that it was the first to match
--   status      varchar  fires; shadowed: earlier rules take all that it matches; never fires
select
    rule.rule_no,
    rule.touchpoint,
    rule.stage,
    coalesce(used.events, 0) as events,
    case when used.events > 0 then 'fires' when used.events = 0 then 'shadowed' else 'never fires' end as status
from cfg_touchpoints as rule
left join rule_uses as used on used.rule_kind = 'touchpoint' and used.rule_no = rule.rule_no
order by rule.rule_no
