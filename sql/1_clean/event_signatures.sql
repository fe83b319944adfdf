-- One row per way in which events look to the rules, with the touchpoint and the channel that it becomes.
--
-- An event that no rule matches stays visible as a touchpoint of its own name, without a stage, and in the
-- channel of its own. Names that could be taken for a virtual node, or for a touchpoint of the rules, are
-- marked.
--
-- grain:    signature_key
-- columns:
--   signature_key      ubigint  hash of source, event, channel and rule_values
--   source_no          integer  source
--   event              varchar  name of the event in the export
--   written_channel    varchar  channel as the export names it; NULL: none
--   channel_rule_no    integer  channel rule that matched first; NULL: none did
--   channel            varchar  channel; NULL: none
--   channel_no         integer  number of the channel by name, from 1; 0: none
--   rule_values        varchar  other columns that rules read
--   rule_no            integer  rule that matched first; NULL: none did
--   touchpoint         varchar  name of the touchpoint
--   touchpoint_no      integer  number of the touchpoint by name, from 1
--   stage              varchar  stage of the touchpoint; NULL: none
--   matching_rules     bigint   how many rules match
--   highest_event      varchar  greatest event of the same key: differs from event only if hashes collide
with

matched as (

    select
        signature_key,
        min(case when rule_kind = 'touchpoint' then rule_no end) as rule_no,
        min(case when rule_kind = 'channel' then rule_no end) as channel_rule_no,
        count(case when rule_kind = 'touchpoint' then 1 end) as matching_rules
    from rule_matches
    group by signature_key

),

named as (

    select
        signed.signature_key,
        signed.source_no,
        signed.event,
        signed.highest_event,
        signed.channel as written_channel,
        matched.channel_rule_no,
        case
            when
                coalesce(way.channel, signed.channel)
                in ('(no channel)', '(start)', '(exit)', '(end)', '(open)', '(other)', '(more)', '(no touch)')
                then coalesce(way.channel, signed.channel) || ' [channel]'
            else coalesce(way.channel, signed.channel)
        end as channel,
        signed.rule_values,
        matched.rule_no,
        coalesce(matched.matching_rules, 0) as matching_rules,
        rule.stage,
        case
            when rule.touchpoint is null and signed.event in (select touchpoint from cfg_touchpoints)
                then signed.event || ' [unmapped]'
            when
                coalesce(rule.touchpoint, signed.event)
                in ('(start)', '(exit)', '(end)', '(open)', '(other)', '(more)', '(all)', '(no touch)')
                then coalesce(rule.touchpoint, signed.event) || ' [event]'
            else coalesce(rule.touchpoint, signed.event)
        end as touchpoint
    from signed_events as signed
    left join matched on matched.signature_key = signed.signature_key
    left join cfg_touchpoints as rule on rule.rule_no = matched.rule_no
    left join cfg_channels as way on way.rule_no = matched.channel_rule_no

)

select
    signature_key,
    source_no,
    event,
    written_channel,
    channel_rule_no,
    channel,
    cast(
        case
            when channel is null then 0
            else dense_rank() over (order by channel nulls last)
        end as integer
    ) as channel_no,
    rule_values,
    rule_no,
    touchpoint,
    cast(dense_rank() over (order by touchpoint) as integer) as touchpoint_no,
    stage,
    matching_rules,
    highest_event
from named
