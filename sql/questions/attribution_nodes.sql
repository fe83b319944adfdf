-- One row per name that is on a path, and as which it is shown: those of most touches as themselves.
--
-- grain:    node_no
-- columns:
--   node_no   integer  name
--   shown_no  integer  itself; -4: (other)
with

met as (

    select node_no, count(*) as touches
    from attribution_places
    group by node_no

),

ranked as (

    select node_no, row_number() over (order by touches desc, node_no) as rank_no
    from met

)

select
    ranked.node_no,
    case when ranked.rank_no <= asked.most then ranked.node_no else -4 end as shown_no
from ranked
cross join asked_attribution as asked
