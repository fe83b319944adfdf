-- One row per touchpoint rule that matches events of a signature; the first of them wins.
--
-- grain:    signature_key, rule_no
-- columns:
--   signature_key  ubigint  signature of the events
--   rule_no        integer  rule whose conditions all match
with

met as (

    select
        signed.signature_key,
        condition.rule_no,
        count(distinct condition.condition_no) as conditions_met
    from signed_events as signed
    inner join cfg_sources as source on source.source_no = signed.source_no
    inner join cfg_rule_conditions as condition
        on coalesce(
            case condition.column_name
                when 'source' then source.source
                when 'event' then signed.event
                when 'channel' then signed.channel
                else split_part(signed.rule_values, chr(31), condition.place)
            end,
            ''
        ) like condition.like_pattern escape '\'
    group by signed.signature_key, condition.rule_no

)

select met.signature_key, met.rule_no
from met
inner join cfg_touchpoints as rule
    on rule.rule_no = met.rule_no and rule.conditions = met.conditions_met
