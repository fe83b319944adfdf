-- One row per name that is on the path to a conversion, and rule: what the rule credits it with.
--
-- Under every rule the touches of a path share one conversion. The sums are of decimals, so that no order of
-- adding changes them.
--
-- grain:    shown_no, rule
-- columns:
--   shown_no     integer  name; -4: (other)
--   rule         varchar  first, last, last_non_direct, linear, linear_unique, position_based or time_decay
--   conversions  double   conversions
--   value        double   their money, whatever the currency
with

shared as (

    select
        node.shown_no,
        cast(placed.value as double) as value,
        case when placed.place = 1 then cast(1 as double) else 0 end as is_first,
        case when placed.place = placed.places then cast(1 as double) else 0 end as is_last,
        case when placed.is_named then cast(1 as double) else 0 end as is_named,
        1 / cast(placed.places as double) as linear,
        case when placed.is_first_of_name then 1 / cast(placed.names as double) else 0 end as linear_unique,
        case
            when placed.places <= 2 then 1 / cast(placed.places as double)
            when placed.place = 1 or placed.place = placed.places then cast(0.4 as double)
            else cast(0.2 as double) / (placed.places - 2)
        end as position_based,
        placed.decayed
    from attribution_places as placed
    inner join attribution_nodes as node on node.node_no = placed.node_no
    where placed.is_converted

),

summed as (

    select
        shown_no,
        sum(cast(is_first as decimal(38, 15))) as is_first,
        sum(cast(is_first * value as decimal(38, 12))) as is_first_value,
        sum(cast(is_last as decimal(38, 15))) as is_last,
        sum(cast(is_last * value as decimal(38, 12))) as is_last_value,
        sum(cast(is_named as decimal(38, 15))) as is_named,
        sum(cast(is_named * value as decimal(38, 12))) as is_named_value,
        sum(cast(linear as decimal(38, 15))) as linear,
        sum(cast(linear * value as decimal(38, 12))) as linear_value,
        sum(cast(linear_unique as decimal(38, 15))) as linear_unique,
        sum(cast(linear_unique * value as decimal(38, 12))) as linear_unique_value,
        sum(cast(position_based as decimal(38, 15))) as position_based,
        sum(cast(position_based * value as decimal(38, 12))) as position_based_value,
        sum(cast(decayed as decimal(38, 15))) as decayed,
        sum(cast(decayed * value as decimal(38, 12))) as decayed_value
    from shared
    group by shown_no

),

listed as (

    select shown_no, 'first' as rule, is_first as conversions, is_first_value as value
    from summed
    union all
    select shown_no, 'last', is_last, is_last_value
    from summed
    union all
    select shown_no, 'last_non_direct', is_named, is_named_value
    from summed
    union all
    select shown_no, 'linear', linear, linear_value
    from summed
    union all
    select shown_no, 'linear_unique', linear_unique, linear_unique_value
    from summed
    union all
    select shown_no, 'position_based', position_based, position_based_value
    from summed
    union all
    select shown_no, 'time_decay', decayed, decayed_value
    from summed

)

select shown_no, rule, cast(conversions as double) as conversions, cast(value as double) as value
from listed
