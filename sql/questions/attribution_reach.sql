-- One row per name that is shown: how many touches it has on paths, and how many conversions have one.
--
-- grain:    shown_no
-- columns:
--   shown_no     integer  name; -4: (other)
--   touches      bigint   touches on the paths to conversions and of dropped journeys
--   conversions  bigint   conversions with at least one of them
with

walked as (

    select
        node.shown_no,
        placed.customer_no,
        placed.journey_no,
        placed.is_converted,
        count(*) as touches
    from attribution_places as placed
    inner join attribution_nodes as node on node.node_no = placed.node_no
    group by node.shown_no, placed.customer_no, placed.journey_no, placed.is_converted

)

select
    shown_no,
    cast(sum(touches) as bigint) as touches,
    count(case when is_converted then 1 end) as conversions
from walked
group by shown_no
