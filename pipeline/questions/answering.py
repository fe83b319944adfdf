"""Answering: the rows that are asked go in, the models under `sql/questions` are built beside."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pyarrow as pa

from ..errors import DataError, ModelError, nearest
from ..models import Model, load_models, load_questions, through_views
from ..settings import as_table
from ..warehouse import Ranges, Warehouse, quote, ranges, room

Rows = Mapping[str, Sequence[Sequence[Any]] | pa.Table]

RANGE_EVENTS = 16_000_000
"""Events that a question reads at once at the most, where it goes through customers in ranges."""


def answer(warehouse: Warehouse, names: Sequence[str], asked: Rows) -> None:
    """Build the models of `sql/questions` that are named, and all that they need.

    They become temporary tables of this connection, never of the file, and replace those of an
    earlier question; read them with `warehouse.frame`. Working tables go as soon as nothing needs
    them any more. `asked` holds, by name, the rows of the models of kind 'asked', and of any other
    that need not be made: of these nothing is made that they would read. Raises ModelError where
    rows are missing or a table is not what its header promises.
    """
    questions = {model.name: model for model in load_questions()}
    models = {model.name: model for model in (*load_models(), *load_questions())}
    chain = needed(names, questions, asked)
    over = _over(names, chain, models)
    within: Ranges = []
    if any(model.ranges for model in chain if model.name not in asked):
        events = min(RANGE_EVENTS, room(warehouse))
        within = ranges(warehouse, "ordered_events", "customer_no", events)
    for model in chain:
        if model.name in asked:
            rows = asked[model.name]
            laid = rows if isinstance(rows, pa.Table) else as_table(model, rows)
            warehouse.lay(model, laid)
        elif model.kind == "asked":
            raise ModelError(f"{model.path}: its rows are not asked")
        elif model.ranges is not None and len(within) > 1:
            warehouse.make_in_ranges(model, models, within)
        else:
            warehouse.make(model)
        for done in over.get(model.name, ()):
            warehouse.execute(f"drop table temp.{quote(done)}")


def _over(
    names: Sequence[str], chain: Sequence[Model], models: Mapping[str, Model]
) -> dict[str, list[str]]:
    """For each model of the chain the working tables that it is the last to read."""
    shown = [models[name] for name in names if models[name].kind == "view"]
    kept = {*names, *(read for view in shown for read in through_views(view, models))}
    last = {
        name: model.name
        for model in chain
        if model.kind != "view"
        for name in (model.name, *through_views(model, models))
    }
    found: dict[str, list[str]] = {}
    for model in chain:
        if model.kind == "working" and model.name not in kept:
            found.setdefault(last[model.name], []).append(model.name)
    return found


def needed(
    names: Sequence[str], questions: Mapping[str, Model], given: Collection[str] = ()
) -> list[Model]:
    """Return the models behind the names, each after what it reads; none behind what is given."""
    found: dict[str, Model] = {}

    def visit(name: str) -> None:
        model = questions.get(name)
        if model is not None and name not in found:
            if name not in given:
                for earlier in model.reads:
                    visit(earlier)
            found[name] = model

    for name in names:
        visit(name)
    return list(found.values())


def read_for(names: Sequence[str]) -> frozenset[str]:
    """Return the tables of a warehouse that these models of `sql/questions` are made of."""
    questions = {model.name: model for model in load_questions()}
    chain = needed(names, questions)
    return frozenset(read for model in chain for read in model.reads if read not in questions)


def chosen_map(warehouse: Warehouse, name: str | None) -> tuple[int, str]:
    """Return number and name of the map of this name, the first where none is named.

    Raises DataError where there is no such map.
    """
    maps = {
        found: number
        for number, found in warehouse.rows("select map_no, map_name from cfg_maps order by map_no")
    }
    if name is None:
        name = next(iter(maps))
    if name not in maps:
        raise DataError(f"map {name!r}: there is no such map; {nearest(name, maps)}")
    return maps[name], name
