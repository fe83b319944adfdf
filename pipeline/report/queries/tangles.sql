-- One row per move back: the moves that make most of the tangle.
select
    tangle.map_name,
    tangle.level as between_nodes,
    tangle.tangle_no,
    tangle.from_node,
    tangle.to_node,
    tangle.moves,
    tangle.journeys,
    tangle.share,
    tangle.share_lo,
    tangle.share_hi,
    tangle.coverage,
    tangle.is_small
from squiggle_tangles as tangle
cross join cfg_settings as setting
where tangle.population = 'all' and tangle.tangle_no <= 8 and tangle.customers >= setting.privacy_k
order by tangle.map_name, tangle.level, tangle.tangle_no
