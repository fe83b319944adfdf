-- One row per rule that matches something: how many events it was the first of its kind to match.
--
-- kind:     working
-- grain:    rule_kind, rule_no
-- columns:
--   rule_kind  varchar  touchpoint or channel
--   rule_no    integer  place in the project file, from 1
--   events     bigint   events; 0: earlier rules take all that it matches
select
    matched.rule_kind,
    matched.rule_no,
    cast(
        coalesce(
            sum(
                case
                    when matched.rule_no
                    = case matched.rule_kind when 'channel' then signature.channel_rule_no else signature.rule_no end
                        then counted.events
                end
            ),
            0
        ) as bigint
    ) as events
from rule_matches as matched
inner join event_signatures as signature on signature.signature_key = matched.signature_key
inner join signature_counts as counted on counted.signature_key = matched.signature_key
group by matched.rule_kind, matched.rule_no
