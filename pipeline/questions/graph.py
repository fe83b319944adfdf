"""As which graph the journeys of a question are drawn: level, cut, and the nodes that are kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..errors import DataError, nearest
from ..warehouse import Warehouse
from .answering import Rows, chosen_map
from .scope import Scope, scope_rows

CUTS = ("journey", "session", "customer")


def graph_rows(
    warehouse: Warehouse,
    *groups: Scope,
    level: str = "touchpoint",
    cut: str = "journey",
    keep: Sequence[str] = (),
    drop: Sequence[str] = (),
    fold: Sequence[str] = (),
    bridged: bool = True,
) -> Rows:
    """Return all that `graph_moves` is asked with: the rows of the groups, and of their graph.

    `level` is touchpoint, stage or channel; `cut`, what is walked through in one go, is journey,
    session or customer. `keep`, `drop` and `fold` name nodes, and at the level of touchpoints also
    stages, which stand for all of their touchpoints; nothing to keep means all. Folded nodes are
    the node (other). Steps that are no node, because they are dropped or have no stage, are led
    over where `bridged`; if not, they are the node (other) as well.

    Raises DataError for a level, a cut or a name that does not exist, or where no node is left.
    """
    levels = dict(warehouse.rows("select level, level_no from levels"))
    if level not in levels:
        raise DataError(f"{level!r}: there is no such level; {nearest(level, levels)}")
    if cut not in CUTS:
        raise DataError(f"{cut!r}: there is no such cut; {nearest(cut, CUTS)}")
    graphs, nodes = [], []
    for group_no, group in enumerate(groups, start=1):
        chosen: dict[int, bool] = {}
        if keep or drop or fold:
            map_no, _ = chosen_map(warehouse, group.map_name)
            chosen = _chosen(_named(warehouse, map_no, levels[level]), keep, drop, fold)
        graphs.append((group_no, levels[level], cut, bridged, len(chosen)))
        nodes += [(group_no, node_no, is_folded) for node_no, is_folded in chosen.items()]
    asked: dict[str, Sequence[Sequence[Any]]] = {"asked_graph": graphs, "asked_nodes": nodes}
    return {**scope_rows(warehouse, *groups), **asked}


def _named(warehouse: Warehouse, map_no: int, level_no: int) -> dict[str, set[int]]:
    """The nodes that each name stands for; a node goes before a stage of the same name."""
    nodes: dict[str, set[int]] = {}
    stages: dict[str, set[int]] = {}
    for node_no, node, stage in warehouse.rows(
        "select node_no, node, stage from node_names "
        "where map_no = $map_no and level_no = $level_no and kind = 'real' order by node_no",
        {"map_no": map_no, "level_no": level_no},
    ):
        nodes[node] = {node_no}
        if stage is not None:
            stages.setdefault(stage, set()).add(node_no)
    return {**stages, **nodes}


def _chosen(
    named: Mapping[str, set[int]], keep: Sequence[str], drop: Sequence[str], fold: Sequence[str]
) -> dict[int, bool]:
    """The nodes that are kept, or else folded: whether they are."""
    folded = _all(named, fold)
    kept = _all(named, keep or named) - _all(named, drop) - folded
    if not kept:
        raise DataError("no node is left; keep more, or drop less")
    return {node_no: node_no in folded for node_no in sorted(kept | folded)}


def _all(named: Mapping[str, set[int]], names: Iterable[str]) -> set[int]:
    found: set[int] = set()
    for name in names:
        if name not in named:
            raise DataError(f"{name!r}: there is no such node; {nearest(name, named)}")
        found |= named[name]
    return found
