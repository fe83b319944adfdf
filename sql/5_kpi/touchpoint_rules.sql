-- One row per touchpoint rule: whether it does anything.
--
-- grain:    rule_no
-- columns:
--   rule_no     integer  place in the project file, from 1
--   touchpoint  varchar  name that it gives
--   stage       varchar  its stage; NULL: none
--   events      bigint   events that it was the first to match
--   status      varchar  fires; shadowed: earlier rules take all that it matches; never fires
with

counted as (

    select
        signature.rule_no,
        count(*) as events
    from clean_events as event
    inner join event_signatures as signature on signature.signature_key = event.signature_key
    where signature.rule_no is not null
    group by signature.rule_no

)

select
    rule.rule_no,
    rule.touchpoint,
    rule.stage,
    coalesce(counted.events, 0) as events,
    case
        when counted.events > 0 then 'fires'
        when rule.rule_no in (select rule_no from rule_matches) then 'shadowed'
        else 'never fires'
    end as status
from cfg_touchpoints as rule
left join counted on counted.rule_no = rule.rule_no
order by rule.rule_no
