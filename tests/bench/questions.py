"""Questions asked of a built warehouse: how long until the answer is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pipeline.compare import compare
from pipeline.flows import journey_graph
from pipeline.funnel import Funnel, funnel
from pipeline.paths import behind_edge, pattern, steps
from pipeline.project import load_project
from pipeline.questions import Scope
from pipeline.warehouse import Warehouse, open_warehouse

from .log import FUNNEL
from .processes import Stopwatch


def _compare(built: Warehouse) -> Any:
    periods = built.rows(
        "select value from segment_values where segment = 'period' order by journeys desc limit 2"
    )
    first, second = (Scope(segments={"period": [value]}) for (value,) in periods)
    return compare(built, first, second)


QUESTIONS: dict[str, Callable[[Warehouse], Any]] = {
    "funnel": lambda built: funnel(built, Funnel(list(FUNNEL), within="7 d")),
    "graph": lambda built: journey_graph(built),
    "pattern": lambda built: pattern(built, f"{FUNNEL[0]} -> ... -> {FUNNEL[1]}"),
    "steps": lambda built: steps(built, anchor=FUNNEL[1]),
    "compare": _compare,
    "customers": lambda built: behind_edge(built, FUNNEL[0], FUNNEL[1]).customers(built),
}


def question(name: str, folder: str, memory: str) -> dict[str, Any]:
    """Ask one question of the warehouse that is there."""
    watch = Stopwatch()
    with open_warehouse(load_project(folder).warehouse_path) as built:
        built.execute(f"set memory_limit = '{memory}'")
        built.execute(f"set temp_directory = '{folder}/question.spill'")
        QUESTIONS[name](built)
    watch.lap(name)
    return watch.figures()
