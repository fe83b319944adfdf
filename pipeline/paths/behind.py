"""Who is behind a figure: its customers, when and how often, and the SELECT that gives them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..errors import DataError, nearest
from ..questions import Rows, Scope, answer, chosen_map, graph_rows, ready_sql
from ..warehouse import Warehouse
from .pattern import pattern_rows
from .steps import START, WHERE, node_number, step_rows

_CUSTOMERS = """
select
    customer.customer_id,
    count(*) as {cut}s,
    cast(sum(behind.times) as bigint) as times,
    make_timestamp(min(behind.first_us)) as first_at,
    make_timestamp(max(behind.last_us)) as last_at{outcomes}
from {behind} as behind
inner join numbered_customers as customer on customer.customer_no = behind.customer_no
group by customer.customer_id
order by times desc, customer.customer_id
"""
_OUTCOMES = """,
    count(case when behind.status = 'converted' then 1 end) as converted,
    count(case when behind.status in ('dropped_silent', 'dropped_explicit') then 1 end) as dropped,
    count(case when behind.status = 'open' then 1 end) as open"""
_UNITS = """
select
    customer.customer_id,
    customer.customer_id {joined} as {cut}_id,
    behind.times,
    make_timestamp(behind.first_us) as first_at,
    make_timestamp(behind.last_us) as last_at{outcome}
from {behind} as behind
inner join numbered_customers as customer on customer.customer_no = behind.customer_no
order by behind.times desc, customer.customer_id, behind.unit_no
"""
_IDS = {
    "journey": "|| '-' || behind.map_no || '-' || behind.unit_no",
    "session": "|| '-' || behind.unit_no",
}
LEVELS = {"touchpoint": 1, "stage": 2}


@dataclass(frozen=True)
class Behind:
    """A figure that customers are behind: the model that lists them, and what it is asked with.

    `told` says in words which figure it is.
    """

    model: str
    rows: Rows
    told: str
    cut: str = "journey"

    def customers(self, warehouse: Warehouse) -> pd.DataFrame:
        """Return one row per customer.

        How many journeys (or sessions), how many times, first_at and last_at of it, and how the
        journeys ended.
        """
        answer(warehouse, [self.model], self.rows)
        return warehouse.frame(self._select(_CUSTOMERS))

    def units(self, warehouse: Warehouse) -> pd.DataFrame:
        """Return one row per journey, session or customer, by the cut.

        Whose, how many times, first_at and last_at of it, and the outcome of a journey.
        """
        if self.cut == "customer":
            return self.customers(warehouse)
        answer(warehouse, [self.model], self.rows)
        return warehouse.frame(self._select(_UNITS))

    def sql(self) -> str:
        """Return the SELECT that gives the customers, for a DuckDB shell on the warehouse."""
        final = self._select(_CUSTOMERS)
        return ready_sql([self.model], self.rows, final, told=f"customers behind {self.told}")

    def _select(self, written: str) -> str:
        ends = self.cut == "journey"
        return written.format(
            behind=self.model,
            cut=self.cut,
            joined=_IDS.get(self.cut, ""),
            outcomes=_OUTCOMES if ends else "",
            outcome=",\n    behind.status as outcome" if ends else "",
        )


def behind_node(
    warehouse: Warehouse,
    node: str,
    scope: Scope | None = None,
    *,
    level: str = "touchpoint",
    cut: str = "journey",
) -> Behind:
    """Return who is behind a node of the graph, virtual ones too; times are visits."""
    if node == START:
        return _behind_move(warehouse, (START, None), scope, level, cut, f"the node {START}")
    return _behind_move(warehouse, (None, node), scope, level, cut, f"the node {node!r}")


def behind_edge(
    warehouse: Warehouse,
    from_node: str,
    to_node: str,
    scope: Scope | None = None,
    *,
    level: str = "touchpoint",
    cut: str = "journey",
) -> Behind:
    """Return who is behind an edge of the graph; times are moves."""
    told = f"the edge {from_node!r} to {to_node!r}"
    return _behind_move(warehouse, (from_node, to_node), scope, level, cut, told)


def behind_step(
    warehouse: Warehouse,
    step: int,
    node: str,
    anchor: str = START,
    scope: Scope | None = None,
    *,
    level: str = "touchpoint",
    cut: str = "journey",
    nth: str | int = "first",
    merge_repeats: bool | None = None,
) -> Behind:
    """Return who is at a node so many steps after an anchor, or before it where below zero."""
    group = scope or Scope()
    # (more) stands one step beyond the last.
    far = abs(step) - (node == "(more)")
    rows = step_rows(
        warehouse, anchor, group, level=level, cut=cut, back=far if step < 0 else 0,
        forward=far if step > 0 else 0, nth=nth, merge_repeats=merge_repeats, most=0,
    )  # fmt: skip
    number = node_number(warehouse, node, group.map_name, level, also=(*WHERE, "(more)"))
    told = f"{node!r}, {step:+d} steps from the {nth} {anchor!r}"
    return Behind("behind_step", {**rows, "asked_step_node": [(1, step, number)]}, told, cut)


def behind_variant(
    warehouse: Warehouse, variant_no: int, scope: Scope | None = None, *, level: str = "touchpoint"
) -> Behind:
    """Return who takes a path of the table `variants`, by its rank."""
    group = scope or Scope()
    ranks, map_name = _listed(warehouse, "variants", "variant_no", group, level)
    if variant_no not in ranks:
        most = max(ranks, default=0)
        raise DataError(
            f"variant {variant_no}: map {map_name!r} lists {most} paths at the level of {level}s"
        )
    rows = {
        **graph_rows(warehouse, group, level=level),
        "asked_variant": [(LEVELS[level], variant_no)],
    }
    return Behind("behind_variant", rows, f"path {variant_no} at the level of {level}s")


def behind_loop(
    warehouse: Warehouse, loop: str, scope: Scope | None = None, *, level: str = "touchpoint"
) -> Behind:
    """Return who walks a loop of the table `loops`, named from any node; times are returns."""
    group = scope or Scope()
    names, _ = _listed(warehouse, "loops", "loop", group, level)
    turned = [one for one in _rotations(loop) if one in names and one != "(other)"]
    if not turned:
        raise DataError(f"{loop!r}: there is no such loop; {nearest(loop, names)}")
    loop = turned[0]
    _, map_name = chosen_map(warehouse, group.map_name)
    found = warehouse.rows(
        "select coalesce(moves, 0), loop_no from loops "
        "where map_name = $map_name and level = $level and loop = $loop",
        {"map_name": map_name, "level": level, "loop": loop},
    )
    if len(found) > 1:
        raise DataError(
            f"{loop!r}: {len(found)} loops read so, for names hold ' > '; ask by a pattern"
        )
    moves, loop_no = found[0]
    rows = {
        **graph_rows(warehouse, group, level=level),
        "asked_loop": [(LEVELS[level], moves, loop_no)],
    }
    return Behind("behind_loop", rows, f"the loop {loop!r}")


def behind_pattern(warehouse: Warehouse, text: str, scope: Scope | None = None) -> Behind:
    """Return who is behind a path pattern; times are matches."""
    expression, rows = pattern_rows(warehouse, text, scope or Scope())
    return Behind("behind_pattern", rows, f"the pattern {expression.reading}")


def _behind_move(
    warehouse: Warehouse,
    ends: tuple[str | None, str | None],
    scope: Scope | None,
    level: str,
    cut: str,
    told: str,
) -> Behind:
    group = scope or Scope()
    rows = graph_rows(warehouse, group, level=level, cut=cut)
    numbers = [
        None if end is None else node_number(warehouse, end, group.map_name, level, also=WHERE)
        for end in ends
    ]
    return Behind("behind_move", {**rows, "asked_move": [(1, *numbers)]}, told, cut)


def _listed(
    warehouse: Warehouse, table: str, column: str, scope: Scope, level: str
) -> tuple[list[Any], str]:
    """What a table lists for a map and level, and the name of the map."""
    if level not in LEVELS:
        raise DataError(
            f"{level!r}: {table} are of touchpoints or stages; {nearest(level, LEVELS)}"
        )
    _, map_name = chosen_map(warehouse, scope.map_name)
    found = warehouse.rows(
        f"select {column} from {table} where map_name = $map_name and level = $level",
        {"map_name": map_name, "level": level},
    )
    return [one for (one,) in found], map_name


def _rotations(loop: str) -> list[str]:
    """The name of a loop, and of the same loop from each other node."""
    *nodes, last = loop.split(" > ")
    if last not in nodes[:1]:
        return [loop]
    turned = [[*nodes[place:], *nodes[:place], nodes[place]] for place in range(len(nodes))]
    return [loop, *(" > ".join(one) for one in turned)]
