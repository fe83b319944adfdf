-- One row per channel rule: whether it does anything.
--
-- grain:    rule_no
-- columns:
--   rule_no     integer  place in the project file, from 1
--   channel     varchar  name that it gives
--   events      bigint   events that it was the first to match
--   status      varchar  fires; shadowed: earlier rules take all that it matches; never fires
select
    rule.rule_no,
    rule.channel,
    coalesce(used.events, 0) as events,
    case when used.events > 0 then 'fires' when used.events = 0 then 'shadowed' else 'never fires' end as status
from cfg_channels as rule
left join rule_uses as used on used.rule_kind = 'channel' and used.rule_no = rule.rule_no
order by rule.rule_no
