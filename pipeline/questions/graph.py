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
    bridged: bool = True,
) -> Rows:
    """Return all that `graph_moves` is asked with: the rows of the groups, and of their graph.

    `level` is touchpoint, stage or channel; `cut`, what is walked through in one go, is journey,
    session or customer. `keep` and `drop` name nodes, and at the level of touchpoints also stages,
    which stand for all of their touchpoints; nothing to keep means all. Steps that are no node are
    led over where `bridged`, and are otherwise the node (other).

    Raises DataError for a level, a cut or a name that does not exist, or where no node is left.
    """
    levels = dict(warehouse.rows("select level, level_no from levels"))
    if level not in levels:
        raise DataError(f"{level!r}: there is no such level; {nearest(level, levels)}")
    if cut not in CUTS:
        raise DataError(f"{cut!r}: there is no such cut; {nearest(cut, CUTS)}")
    graphs, nodes = [], []
    for group_no, group in enumerate(groups, start=1):
        kept: list[int] = []
        if keep or drop:
            map_no, _ = chosen_map(warehouse, group.map_name)
            kept = _kept(_named(warehouse, map_no, levels[level]), keep, drop)
        graphs.append((group_no, levels[level], cut, bridged, len(kept)))
        nodes += [(group_no, node_no) for node_no in kept]
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


def _kept(named: Mapping[str, set[int]], keep: Sequence[str], drop: Sequence[str]) -> list[int]:
    kept = _all(named, keep) if keep else _all(named, named)
    left = sorted(kept - _all(named, drop))
    if not left:
        raise DataError("no node is left; keep more or drop less")
    return left


def _all(named: Mapping[str, set[int]], names: Iterable[str]) -> set[int]:
    found: set[int] = set()
    for name in names:
        if name not in named:
            raise DataError(f"{name!r}: there is no such node; {nearest(name, named)}")
        found |= named[name]
    return found
