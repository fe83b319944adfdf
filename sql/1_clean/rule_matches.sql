-- One row per rule that matches events of a signature; the first of each kind wins.
--
-- Rules look at what the export says, those of touchpoints at its own channel, too.
--
-- grain:    rule_kind, signature_key, rule_no
-- columns:
--   rule_kind      varchar  touchpoint or channel
--   signature_key  ubigint  signature of the events
--   rule_no        integer  rule whose conditions all match
with

met as (

    select
        condition.rule_kind,
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
    group by condition.rule_kind, signed.signature_key, condition.rule_no

),

rules as (

    select 'touchpoint' as rule_kind, rule_no, conditions
    from cfg_touchpoints
    union all
    select 'channel', rule_no, conditions
    from cfg_channels

)

select met.rule_kind, met.signature_key, met.rule_no
from met
inner join rules
    on rules.rule_kind = met.rule_kind and rules.rule_no = met.rule_no and rules.conditions = met.conditions_met
