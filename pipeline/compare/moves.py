"""The difference of two journey graphs: each edge and node tested, and the graphs as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from ..definitions import stamp
from ..questions import Rows, Scope, answer, at_least, graph_rows
from ..statistics import (
    ALPHA,
    ENOUGH,
    Divergence,
    benjamini_hochberg,
    permuted_divergence,
    ratio_difference,
    shared_covariance,
)
from ..warehouse import Warehouse
from .asking import asked_comparison, refuse_what_cannot_be
from .figures import SHARED, sums_of
from .notes import notes

LEAST_MOVES = 20
"""An edge is tested only where both groups together go it as often."""
COLUMNS = ["moves_a", "moves_b", "out_a", "out_b", "share_a", "share_b", "difference"]
COLUMNS += ["difference_lo", "difference_hi", "z", "p", "q", "verdict"]

_ANY = -5
_EDGES = """
select
    edge.*,
    case edge.from_no when -4 then '(other)' else source.node end as from_node,
    case edge.to_no when -4 then '(other)' else target.node end as to_node
from compare_edges as edge
inner join asked_graph as graph on graph.group_no = 1
left join node_names as source
    on source.map_no = $map_no
    and source.level_no = graph.level_no
    and source.node_no = edge.from_no
left join node_names as target
    on target.map_no = $map_no
    and target.level_no = graph.level_no
    and target.node_no = edge.to_no
order by edge.from_no, edge.to_no
"""


@dataclass(frozen=True)
class GraphDifference:
    """What tells the graphs of two groups apart.

    `edges` has one row per edge that either group goes: how often, its share of the moves out of
    its node, the difference a − b with the 95 % interval of a z clustered by customer, p, and q
    over the `tests` of the table. `nodes` has one row per node, with its share of all visits.
    `whole` is the divergence of all edges together, with the p of changed labels.
    """

    map_name: str
    level: str
    cut: str
    edges: pd.DataFrame
    nodes: pd.DataFrame
    whole: Divergence
    notes: tuple[str, ...]
    tests: int
    seed: int
    stamp: dict[str, str]


def graph_difference(
    warehouse: Warehouse,
    a: Scope,
    b: Scope,
    *,
    level: str = "touchpoint",
    cut: str = "journey",
    keep: Sequence[str] = (),
    drop: Sequence[str] = (),
    warm_up: bool | None = None,
    seed: int = 0,
    draws: int = 999,
) -> GraphDifference:
    """Return how the graph of the journeys of a differs from that of the journeys of b.

    Only moves out of steps that lie far enough back for their fate to be known: open ends are in no
    denominator, and both groups are followed alike. An edge is tested where both groups leave its
    node 30 times or more, by 30 customers or more, and go it 20 times together; others are shown
    untested. Labels are changed `draws` times, from `seed`. Raises DataError where a journey is in
    both groups, or a group, a level, a cut or a node does not exist.

    Where journeys are left out that may have begun before the data, that is so of the cut by
    journey alone. What is held in memory is bounded by the number of edges times that of blocks.
    """
    at_least(20, draws, "draws")
    at_least(0, seed, "seed")
    asked = asked_comparison(warehouse, a, b, within=None, warm_up=warm_up, seed=seed)
    graph = graph_rows(warehouse, a, b, level=level, cut=cut, keep=keep, drop=drop)
    rows: Rows = {**graph, **asked.rows}
    answer(warehouse, ["compare_populations", "compare_edges", "compare_block_moves"], rows)
    populations = warehouse.frame("from compare_populations order by group_no")
    refuse_what_cannot_be(populations)
    told = populations.assign(followed=populations["journeys"])
    if cut != "journey":
        told = told.assign(left_out=0)
    found = with_errors(warehouse.frame(_EDGES, {"map_no": asked.map_no}))
    is_node = found["from_no"] == _ANY
    edges = found[~is_node].reset_index(drop=True)
    nodes = found[is_node].reset_index(drop=True).rename(columns={"to_node": "node"})
    edges["q"], nodes["q"] = benjamini_hochberg(edges["p"]), benjamini_hochberg(nodes["p"])
    for frame in (edges, nodes):
        frame["verdict"] = [_verdict(row.q, row.difference) for row in frame.itertuples()]
    blocks = warehouse.frame("from compare_block_moves")
    return GraphDifference(
        asked.map_name,
        level,
        cut,
        edges[["from_node", "to_node", *COLUMNS]],
        nodes[["node", *COLUMNS]],
        divergence(blocks, draws=draws, seed=seed),
        notes(warehouse, a, b, told),
        int(edges["p"].notna().sum()),
        seed,
        stamp(warehouse, "comparisons", asked.map_no, {**rows, "draws": draws}),
    )


def with_errors(edges: pd.DataFrame) -> pd.DataFrame:
    """Return the edges with shares, difference, interval, z and p of each that can be tested.

    Takes the sums of `compare_edges`.
    """
    one, other = sums_of(edges, 1), sums_of(edges, 2)
    shared = shared_covariance(one, other, *(edges[key] for key in SHARED))
    found = ratio_difference(one.ratio, one.error, other.ratio, other.error, covariance=shared)
    enough = (
        (np.minimum(one.denominator, other.denominator) >= ENOUGH)
        & (edges[["customers_1", "customers_2"]].min(axis=1).to_numpy() >= ENOUGH)
        & (one.numerator + other.numerator >= LEAST_MOVES)
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        z = np.where(enough, found.value / found.standard_error, np.nan)
    return edges.assign(
        moves_a=one.numerator.astype(int),
        moves_b=other.numerator.astype(int),
        out_a=one.denominator.astype(int),
        out_b=other.denominator.astype(int),
        share_a=one.ratio,
        share_b=other.ratio,
        difference=found.value,
        difference_lo=np.where(enough, found.lower, np.nan),
        difference_hi=np.where(enough, found.upper, np.nan),
        z=np.where(np.isfinite(z), z, np.nan),
        p=np.where(enough, found.p, np.nan),
    )


def divergence(blocks: pd.DataFrame, *, draws: int, seed: int) -> Divergence:
    """Return the divergence of the graphs whose moves `compare_block_moves` counts."""
    edge_no = blocks.groupby(["from_no", "to_no"], sort=True).ngroup().to_numpy()
    edges = int(edge_no.max()) + 1 if len(blocks) else 0

    def counted(group_no: int, kind_no: int) -> csr_array:
        kind = blocks["kind_no"] == kind_no
        own = kind & (blocks["group_no"] == group_no)
        places = (blocks["block_no"][own], edge_no[own])
        size = int(blocks["block_no"][kind].max()) + 1 if kind.any() else 0
        return csr_array((blocks["moves"][own].astype(float), places), shape=(size, edges))

    return permuted_divergence(
        (counted(1, 1), counted(2, 2)), (counted(1, 0), counted(2, 0)), draws=draws, seed=seed
    )


def _verdict(q: float, difference: float) -> str:
    if np.isnan(q):
        return "not tested"
    if q > ALPHA:
        return "no significant change"
    return "higher" if difference > 0 else "lower"
