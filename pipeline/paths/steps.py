"""What comes before and after an anchor: where journeys are, step by step, and how they move on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..errors import DataError, nearest
from ..questions import Rows, Scope, answer, chosen_map, graph_rows, unmet_names
from ..statistics import wilson
from ..warehouse import Warehouse

START, END = "(start)", "(end)"
WHERE = (START, "(exit)", "(open)")
"""Where journeys are before their first step, and after their last."""
VIRTUAL = {START: -1, END: -2, "(exit)": -2, "(open)": -3, "(more)": -5}
MOST_STEPS = 100

_NODES = """
select step, node, units, customers, all_units, units / cast(all_units as double) as share
from step_nodes
where group_no = 1
order by step, node_no < 0, units desc, node_no
"""
_LINKS = """
select step, from_node, to_node, units, customers, mean_s, median_s
from step_links
where group_no = 1
order by step, units desc, from_no, to_no
"""


@dataclass(frozen=True)
class Steps:
    """What comes before and after an anchor.

    `units` counts the journeys (or sessions, or customers) of the scope, `anchored` those that have
    the anchor, with the interval of their share. `nodes` has one row per step and node: units,
    customers, share of the anchored with its interval; the units of a step add up to the anchored.
    `links` has one row per step, node and next node: units, customers, mean_s, median_s. Step 0 is
    the anchor. Virtual nodes: (start), (exit), (open), (other), and (more) beyond the last step.
    """

    units: int
    anchored: int
    share: float
    share_lo: float
    share_hi: float
    nodes: pd.DataFrame
    links: pd.DataFrame


def steps(
    warehouse: Warehouse,
    anchor: str = START,
    scope: Scope | None = None,
    *,
    level: str = "touchpoint",
    cut: str = "journey",
    back: int = 0,
    forward: int = 5,
    nth: str | int = "first",
    merge_repeats: bool | None = None,
    most: int = 0,
    keep: Sequence[str] = (),
    drop: Sequence[str] = (),
) -> Steps:
    """Return where the journeys of a scope are round an anchor, step by step.

    `anchor` is a node of the level, `(start)` or `(end)` of the journeys; `nth` says which of its
    visits: first, last, or a number. `merge_repeats` counts a node several times in a row as one
    step; None: at the level of stages. `most` nodes are shown by themselves, the others are
    (other); 0: all. Steps at nodes that are not kept are led over.

    With cut="session", merge_repeats=True and forward=n it counts paths as PostHog does: a new path
    after more than the session gap, repeats merged, at most n steps.
    """
    asked = step_rows(
        warehouse, anchor, scope, level=level, cut=cut, back=back, forward=forward, nth=nth,
        merge_repeats=merge_repeats, most=most, keep=keep, drop=drop,
    )  # fmt: skip
    answer(warehouse, ["step_links", "step_sizes"], asked)
    nodes, links = warehouse.frame(_NODES), warehouse.frame(_LINKS)
    nodes["share_lo"], nodes["share_hi"] = wilson(nodes["units"], nodes["all_units"])
    units = int(warehouse.scalar("select sum(units) from step_sizes") or 0)
    anchored = int(nodes["all_units"].max()) if len(nodes) else 0
    low, high = wilson(anchored, units)
    share = anchored / units if units else float("nan")
    return Steps(units, anchored, share, float(low), float(high), nodes, links)


def step_rows(
    warehouse: Warehouse,
    anchor: str,
    scope: Scope | None,
    *,
    level: str,
    cut: str,
    back: int,
    forward: int,
    nth: str | int,
    merge_repeats: bool | None,
    most: int,
    keep: Sequence[str] = (),
    drop: Sequence[str] = (),
) -> Rows:
    """Return all that `step_places` is asked with.

    Raises DataError for a level, a cut, a node or an nth that does not exist.
    """
    group = scope or Scope()
    graph = graph_rows(warehouse, group, level=level, cut=cut, keep=keep, drop=drop)
    for name, many in (("back", back), ("forward", forward)):
        if not 0 <= many <= MOST_STEPS:
            raise DataError(f"{name} = {many}: steps are counted from 0 to {MOST_STEPS}")
    if anchor in drop:
        raise DataError(f"{anchor!r} is the anchor, so its steps cannot be led over; drop others")
    merges = level == "stage" if merge_repeats is None else merge_repeats
    number = node_number(warehouse, anchor, group.map_name, level, also=(START, END))
    rows: dict[str, Sequence[Sequence[Any]]] = {
        "asked_steps": [(1, number, which(nth), back, forward, merges, most)],
        "asked_step_offsets": [(1, step) for step in range(-back - 1, forward + 2)],
    }
    return {**graph, **rows}


def node_number(
    warehouse: Warehouse, name: str, map_name: str | None, level: str, *, also: Sequence[str]
) -> int:
    """Return the number of a node of a level; virtual ones are below zero, (end) is -2.

    `also` are the virtual ones that can be meant. Raises DataError where there is no such node.
    """
    map_no, _ = chosen_map(warehouse, map_name)
    nodes = dict(
        warehouse.rows(
            "select node, node_no from node_names inner join levels using (level_no) "
            "where map_no = $map_no and level = $level and node_no >= 0 order by node_no",
            {"map_no": map_no, "level": level},
        )
    )
    nodes = {**{one: VIRTUAL[one] for one in also}, **nodes}
    if name not in nodes:
        if name in unmet_names(warehouse):
            hint = nearest(name, nodes)
            raise DataError(f"{name!r}: no event is one, so no journey was there; {hint}")
        raise DataError(f"{name!r}: there is no such {level}; {nearest(name, nodes)}")
    return int(nodes[name])


def which(nth: str | int) -> int:
    """Return which visit is meant: 1 the first, 2 the second, -1 the last."""
    told = {"first": 1, "last": -1}.get(str(nth))
    if told is not None:
        return told
    if not str(nth).isdecimal() or int(nth) == 0:
        raise DataError(f"{nth!r}: which visit is this? write first, last or a number from 1")
    return int(nth)
