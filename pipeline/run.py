"""A run: a project file and exported events in, a new warehouse out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from .checks import check
from .engine import open_engine
from .errors import DataError
from .ingest import Part, ingest, reasons
from .ingest.store import locked
from .ingest.view import loaded_events
from .inputs import input_rows
from .makers import MAKERS
from .models import Model, load_models, through_views
from .profiles import Profiles
from .progress import Agenda, Told
from .project import Project
from .reuse import Plan, Prints, plan, prints, remember, remembered, wanted
from .settings import as_table
from .warehouse import (
    Making,
    Ranges,
    Warehouse,
    clear_up,
    open_warehouse,
    quote,
    ranges,
    side_by_side,
)

RANGE_EVENTS = 500_000
"""Events of a range, where models go through customers or devices in ranges, two at once."""

RANGED = {"customer_no": "ordered_events", "device_id_no": "device_events"}
"""For each column that models go through in ranges, the table of all events that have it."""


@dataclass(frozen=True)
class Result:
    """What a run made: where the warehouse is, and what became of the records.

    `tables_made` of the `tables` were made by this run, since `changed` was not as before: names
    of tables under `sql/0_input`, or of models; empty where there was nothing to compare with. The
    other tables stand as they were.
    """

    warehouse: Path
    files: int
    rows_read: int
    rows_loaded: int
    rows_duplicate: int
    rows_rejected: int
    customers: int
    journeys: int
    tables: int
    tables_made: int
    changed: Sequence[str]


_OF_IDS = ("loaded_events", "declared_links")
"""What puts ids of customers into a warehouse."""


def run(
    project: Project,
    *,
    memory: str | None = None,
    threads: int | None = None,
    tell: Told | None = None,
    profile: Path | None = None,
    anew: bool = False,
    like: Path | None = None,
    keep: bool = True,
    only: Collection[str] | None = None,
) -> Result:
    """Load the exports, build every table, check them, and move the warehouse into place.

    Whatever goes wrong, the previous warehouse stays as it was. `memory` is DuckDB's limit (for
    instance "2GB"); `tell` is called when a step begins. With `profile`, DuckDB's own profile of
    every model is written into that folder.

    Where the exports are those of the last run, a table of which all that decides its rows is as
    it was stays as it is: its model, the settings and tables that it reads, the code. The result is
    that of a run `anew`, which makes every table, as one with `profile` and one on Spark do. `like`
    is the warehouse to take tables from, where it is another one than the project's. Without `keep`
    nothing of the exports is left in a lake. With `only` these tables are made, what they are made
    of, and what every warehouse holds; of the others those stay that are as they were.
    """
    models = load_models()
    profiles = Profiles(profile, tell)
    within = wanted(models, only)
    asked = [model for model in models if model.name in within]
    agenda = Agenda(profiles.tell, asked, maps=len(project.map))
    with (
        open_engine(project, memory=memory, threads=threads, keep=keep) as engine,
        locked(project.store_path) as store,
    ):
        clear_up(project.warehouse_path)  # what a killed run left may hold who is to be forgotten
        parts = ingest(
            project,
            store,
            memory=engine.memory,
            threads=engine.threads,
            agenda=agenda,
            spread=engine.spread,
            addresses=engine.addresses,
            lake=engine.lake,
        )
        if not any(part.entry.rows_accepted for part in parts):
            raise DataError(_nothing_loaded(project, parts))
        inputs = input_rows(project, parts)
        now = prints(models, inputs, {"loaded_events": loaded_events(project, parts)})
        start, planned = None, plan(models, now, {}, only=only)
        if not anew and profile is None and project.engine.name == "duckdb":
            start, planned = _going_on(store.folder, like or project.warehouse_path, now, only)
        if start == project.warehouse_path and not planned.models:
            with open_warehouse(start) as stands:
                result = _result(stands, project, planned)
        else:
            events = sum(part.entry.rows_accepted for part in parts)
            with engine.building(_stored(parts), events, start) as built:
                _build(built, planned, project, parts, inputs, agenda, profiles)
                agenda.begin("checking")
                check(built, planned.models)
                agenda.begin("writing")
                built.leave_views([model for model in models if model.name in planned.there])
                result = _result(built, project, planned)
            if project.engine.name == "duckdb":
                there = {name: now[name] for name in planned.there}
                remember(store.folder, project.warehouse_path, there)
        keys = {part.events.parent.name for part in parts}
        if like is None:  # else the warehouse that this run is like still reads them
            store.forget_others(keys)
        if engine.lake is not None:
            engine.lake.forget_others(keys)
    profiles.write()
    return result


def _going_on(
    store: Path, warehouse: Path, now: Prints, only: Collection[str] | None
) -> tuple[Path | None, Plan]:
    """The warehouse to go on from, where events and ids are those of now, and what to make."""
    before = remembered(store, warehouse)
    if any(before.get(name) != now[name] for name in _OF_IDS):
        # Of who is no longer in the exports not a byte is carried on: it is a file of its own.
        return None, plan(load_models(), now, {}, only=only)
    with open_warehouse(warehouse) as earlier:
        # The one table that looks back; what it found once is not found again.
        found = earlier.scalar("select count(*) from identity_changes")
    stale = {"identity_changes"} if found else set()
    return warehouse, plan(load_models(), now, before, stale=stale, only=only)


def _build(
    built: Making,
    planned: Plan,
    project: Project,
    parts: list[Part],
    inputs: Mapping[str, pa.Table],
    agenda: Agenda,
    profiles: Profiles,
) -> None:
    """Make what is planned, each model after what it reads."""
    built.keep_only(planned.kept)
    last_read = _last_read(planned.models)
    known: dict[str | None, Ranges] = {None: []}
    events = sum(part.entry.rows_accepted for part in parts)
    agenda.events(events, planned.models)
    agenda.begin("space", built.need_space(events, maps=len(project.map)))
    profiles.begin(built)
    for number, model in enumerate(planned.models):
        if model.kind != "check":
            agenda.begin("building", model.name)
        built.at = model.name
        if model.ranges is not None and model.ranges not in known:
            is_first = "owned_events" in model.reads
            table = "owned_events" if is_first else RANGED[model.ranges]
            known[model.ranges] = ranges(built, table, model.ranges, RANGE_EVENTS)
        _make(built, model, project, parts, inputs, known[model.ranges])
        profiles.take(built, number, model)
        for done in last_read.get(number, ()):
            built.forget(done)
    built.at = ""


def _stored(parts: list[Part]) -> list[tuple[int, int, Path]]:
    """Number of each file that has events, number of its source, and its Parquet part."""
    return [
        (number, part.file.source_no, part.events.resolve())
        for number, part in enumerate(parts, start=1)
        if part.entry.rows_accepted
    ]


def _make(
    built: Making,
    model: Model,
    project: Project,
    parts: list[Part],
    inputs: Mapping[str, pa.Table],
    within: Ranges,
) -> None:
    if model.name == "loaded_events":
        built.view(model, loaded_events(project, parts))
    elif model.name == "identity_changes":
        built.fill_changes(model, project.warehouse_path)
    elif model.kind == "input":
        rows = inputs.get(model.name)
        built.fill(model, rows if rows is not None else as_table(model, []))
    elif model.kind == "python":
        built.fill_by(model, lambda: _made(built, model, within))
    elif len(within) > 1:
        built.build_in_ranges(model, {one.name: one for one in load_models()}, within)
    elif model.kind != "check":
        built.build(model)


def _last_read(models: tuple[Model, ...]) -> dict[int, list[Model]]:
    """For the place of each model the working tables that it is the last to read."""
    named = {model.name: model for model in load_models()}
    last: dict[str, int] = {}
    for number, model in enumerate(models):
        last |= dict.fromkeys(through_views(model, named), number)
    found: dict[int, list[Model]] = {}
    for name, number in last.items():
        if named[name].kind == "working":
            found.setdefault(number, []).append(named[name])
    return found


def _made(built: Warehouse, model: Model, within: Ranges) -> pa.Table:
    """What a pure function makes of the tables that the model reads, in ranges where it says so."""
    make = MAKERS[model.name]
    if model.ranges is None:
        return make(*(_read(built, name) for name in model.reads))
    column = quote(model.ranges)
    has = {name: model.ranges in dict(built.columns(name)) for name in model.reads}

    def part(lane: Warehouse, low: int, high: int) -> pa.Table:
        where = f"where {column} between {low} and {high}"
        return make(*(_read(lane, name, where if has[name] else "") for name in has))

    return pa.concat_tables(side_by_side(built, within, part))


def _read(built: Warehouse, name: str, where: str = "") -> pa.Table:
    return built.arrow(f"select * from {quote(name)} {where} order by all")


def _result(built: Warehouse, project: Project, planned: Plan) -> Result:
    row = built.rows(
        "select count(*), sum(rows_read), sum(rows_loaded), sum(rows_duplicate), "
        "sum(rows_rejected), (select count(*) from customers), (select count(*) from journeys) "
        "from input_files"
    )[0]
    files, read, loaded, duplicate, rejected, customers, journeys = (int(value) for value in row)
    return Result(
        warehouse=project.warehouse_path,
        files=files,
        rows_read=read,
        rows_loaded=loaded,
        rows_duplicate=duplicate,
        rows_rejected=rejected,
        customers=customers,
        journeys=journeys,
        tables=planned.made + len(planned.kept),
        tables_made=planned.made,
        changed=planned.causes,
    )


def _nothing_loaded(project: Project, parts: list[Part]) -> str:
    listed = "\n".join(
        f"  - {part.entry.name}: {part.entry.rows_read:,} records read, "
        f"{part.entry.rows_rejected:,} rejected"
        + (f" ({part.entry.fault})" if part.entry.fault else "")
        for part in parts
    )
    told = "".join(f"\n  - {reason}" for reason in reasons(parts))
    return (
        f"{project.folder}: not one event could be loaded, so there is nothing to build:\n{listed}"
        + (f"\nThe reasons:{told}" if told else "")
    )
