-- One row per name that is on a path: how often, and as which it is shown.
--
-- grain:    node_no
-- columns:
--   node_no   integer  name
--   shown_no  integer  itself; -4: (other)
--   touches   bigint   touches on paths
with

met as (

    select node_no, count(*) as touches
    from attribution_places
    group by node_no

),

ranked as (

    select node_no, touches, row_number() over (order by touches desc, node_no) as rank_no
    from met

)

select
    ranked.node_no,
    case when ranked.rank_no <= asked.most then ranked.node_no else -4 end as shown_no,
    ranked.touches
from ranked
cross join asked_attribution as asked
