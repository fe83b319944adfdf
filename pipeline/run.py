"""A run: a project file and exported events in, a new warehouse out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from . import alignment, estimates, graph, pains, stitch
from .checks import check
from .definitions import card_rows, fingerprint_rows
from .engine import open_engine
from .errors import DataError
from .ingest import Part, ingest
from .ingest.links import declared_links
from .ingest.store import locked
from .ingest.view import loaded_events
from .models import Model, load_models, through_views
from .profiles import Profiles
from .progress import Agenda, Told
from .project import Project
from .settings import as_table, setting_rows
from .warehouse import Making, Warehouse, quote

RANGE_EVENTS = 1_000_000
"""Events that a model reads at once, where it goes through the customers in ranges."""

PLACES = {"folder", "warehouse", "report", "store", "engine"}
"""Keys of the project file that decide where and how tables are made, and no figure."""

Makers = Mapping[str, Callable[..., pa.Table]]


@dataclass(frozen=True)
class Result:
    """What a run made: where the warehouse is, and what became of the records."""

    warehouse: Path
    files: int
    rows_read: int
    rows_loaded: int
    rows_duplicate: int
    rows_rejected: int
    customers: int
    journeys: int


def run(
    project: Project,
    *,
    memory: str | None = None,
    threads: int | None = None,
    tell: Told | None = None,
    profile: Path | None = None,
) -> Result:
    """Load the exports, build every table, check them, and move the warehouse into place.

    Whatever goes wrong, the previous warehouse stays as it was. `memory` is DuckDB's limit (for
    instance "2GB"); `tell` is called when a step begins. With `profile`, DuckDB's own profile of
    every model is written into that folder.
    """
    models = load_models()
    profiles = Profiles(profile, tell)
    agenda = Agenda(profiles.tell, models, maps=len(project.map))
    with (
        open_engine(project, memory=memory, threads=threads) as engine,
        locked(project.store_path) as store,
    ):
        parts = ingest(
            project,
            store,
            memory=engine.memory,
            threads=engine.threads,
            agenda=agenda,
            spread=engine.spread,
        )
        if not any(part.entry.rows_accepted for part in parts):
            raise DataError(_nothing_loaded(project, parts))
        with engine.building(_stored(parts)) as built:
            inputs = input_rows(project, parts)
            last_read = _last_read(models)
            ranges: list[tuple[int, int]] = []
            events = sum(part.entry.rows_accepted for part in parts)
            agenda.events(events)
            agenda.begin("space", built.need_space(events, maps=len(project.map)))
            profiles.begin(built)
            for number, model in enumerate(models):
                if model.kind != "check":
                    agenda.begin("building", model.name)
                _make(built, model, project, parts, inputs, ranges)
                if model.name == "owned_events":
                    ranges = _ranges(built)
                profiles.take(built, number, model)
                for done in last_read.get(number, ()):
                    built.forget(done)
            agenda.begin("checking")
            check(built, models)
            agenda.begin("writing")
            built.leave_views(models)
            result = _result(built, project)
        store.forget_others({part.events.parent.name for part in parts})
    profiles.write()
    return result


def _stored(parts: list[Part]) -> list[tuple[int, int, Path]]:
    """Number of each file that has events, number of its source, and its Parquet part."""
    return [
        (number, part.file.source_no, part.events.resolve())
        for number, part in enumerate(parts, start=1)
        if part.events.is_file()
    ]


def _make(
    built: Making,
    model: Model,
    project: Project,
    parts: list[Part],
    inputs: Mapping[str, pa.Table],
    ranges: list[tuple[int, int]],
) -> None:
    if model.name == "loaded_events":
        built.view(model, loaded_events(project, parts))
    elif model.name == "identity_changes":
        built.fill_changes(model, project.warehouse_path)
    elif model.kind == "input":
        rows = inputs.get(model.name)
        built.fill(model, rows if rows is not None else as_table(model, []))
    elif model.kind == "python":
        built.fill_by(model, lambda: _made(built, model, ranges))
    elif model.ranges is not None:
        built.build_in_ranges(model, {one.name: one for one in load_models()}, ranges)
    elif model.kind != "check":
        built.build(model)


def _ranges(built: Warehouse) -> list[tuple[int, int]]:
    """Ranges of customer numbers with about RANGE_EVENTS events each."""
    events, last = built.rows("select count(*), coalesce(max(customer_no), 0) from owned_events")[0]
    count = max(1, round(events / RANGE_EVENTS))
    bounds = [last * number // count for number in range(count + 1)]
    return [(low + 1, high) for low, high in pairwise(bounds)]


def _last_read(models: tuple[Model, ...]) -> dict[int, list[Model]]:
    """For the place of each model the working tables that it is the last to read."""
    named = {model.name: model for model in models}
    last: dict[str, int] = {}
    for number, model in enumerate(models):
        last |= dict.fromkeys(through_views(model, named), number)
    found: dict[int, list[Model]] = {}
    for name, number in last.items():
        if named[name].kind == "working":
            found.setdefault(number, []).append(named[name])
    return found


def _made(built: Warehouse, model: Model, ranges: list[tuple[int, int]]) -> pa.Table:
    """What a pure function makes of the tables that the model reads, in ranges where it says so."""
    make = MAKERS[model.name]
    if model.ranges is None:
        return make(*(_read(built, name) for name in model.reads))
    column = quote(model.ranges)
    parts = []
    for low, high in ranges:
        within = f"where {column} between {low} and {high}"
        has = {name: model.ranges in dict(built.columns(name)) for name in model.reads}
        parts.append(make(*(_read(built, name, within if has[name] else "") for name in has)))
    return pa.concat_tables(parts)


def _read(built: Warehouse, name: str, within: str = "") -> pa.Table:
    return built.arrow(f"select * from {quote(name)} {within} order by all")


def _paths(nodes: pa.Table) -> pa.Table:
    """The nodes of each path joined to one text."""
    keys = ["map_no", "level_no", "variant_no"]
    frame = nodes.to_pandas().sort_values([*keys, "place"])
    spelled = frame.groupby(keys, sort=True).agg(path=("node", " > ".join), places=("place", "max"))
    spelled["path"] += spelled["places"].ge(60).map({True: " > …", False: ""})
    return pa.Table.from_pandas(spelled.reset_index(), preserve_index=False)


def _of_frames(make: Callable[..., pd.DataFrame]) -> Callable[..., pa.Table]:
    """The function of frames as one of Arrow tables; NaN becomes NULL."""

    def made(*tables: pa.Table) -> pa.Table:
        found = make(*(table.to_pandas() for table in tables))
        return pa.Table.from_pandas(found, preserve_index=False)

    return made


MAKERS: Makers = {
    "cut_links": stitch.cut_links,
    "found_levels": _of_frames(graph.found_levels),
    "identity_components": stitch.components,
    "proportion_intervals": _of_frames(estimates.shares),
    "kpi_share_intervals": _of_frames(estimates.shares),
    "kpi_ratio_intervals": _of_frames(estimates.ratios),
    "kpi_chances": _of_frames(estimates.chances),
    "return_curves": _of_frames(estimates.return_curves),
    "pain_estimates": _of_frames(pains.pains),
    "joined_customers": stitch.joined_customers,
    "detour_intervals": _of_frames(estimates.detours),
    "path_fits": _of_frames(alignment.path_fits),
    "path_shapes": _of_frames(alignment.path_shapes),
    "order_fit": _of_frames(graph.order_fit),
    "variant_paths": _paths,
}
"""The models that a pure function makes, from the tables that their headers say they read."""


def input_rows(project: Project, parts: list[Part]) -> dict[str, pa.Table]:
    """Return the rows of every table that the run fills: settings, ledger, rejects."""
    models = {model.name: model for model in load_models()}
    rows: dict[str, list[Any]] = dict(setting_rows(project))
    rows["run_info"] = [
        (project.name, squiggle_version(), _data_print(parts), definitions(project))
    ]
    rows["parts"] = [
        (
            *(number, part.file.source_no, part.entry.name, part.entry.content_hash),
            *(part.entry.bytes, part.entry.time_format, part.entry.rows_read),
            *(part.entry.rows_accepted, part.entry.rows_rejected),
            *(part.entry.first_us, part.entry.last_us),
            *(part.entry.dst_gap_rows, part.entry.dst_overlap_rows, part.entry.fault),
        )
        for number, part in enumerate(parts, start=1)
    ]
    tables = {name: as_table(models[name], listed) for name, listed in rows.items()}
    rejects = []
    for number, part in enumerate(parts, start=1):
        found = pq.read_table(part.rejects)
        numbers = pa.array([number] * len(found), pa.int32())
        rejects.append(found.add_column(0, "file_no", numbers))
    tables["rejected_rows"] = pa.concat_tables(rejects)
    tables["declared_links"] = declared_links(project)
    prints = fingerprint_rows(
        project,
        data=_data_print(parts),
        links=tables["declared_links"].to_pylist(),
        version=squiggle_version(),
    )
    tables["definition_card"] = as_table(models["definition_card"], card_rows(project))
    tables["figure_fingerprints"] = as_table(models["figure_fingerprints"], prints)
    return tables


def definitions(project: Project) -> str:
    """Return the fingerprint of every setting that decides a figure."""
    settled = project.model_dump(mode="json", exclude=PLACES)
    return hashlib.sha256(json.dumps(settled, sort_keys=True).encode()).hexdigest()[:16]


def _data_print(parts: list[Part]) -> str:
    keys = sorted(part.events.parent.name for part in parts)
    return hashlib.sha256("\n".join(keys).encode()).hexdigest()[:16]


def squiggle_version() -> str:
    """Return the version of the code."""
    try:
        return version("journey-squiggle")
    except PackageNotFoundError:
        return "0.0.0"


def _result(built: Warehouse, project: Project) -> Result:
    row = built.rows(
        "select count(*), sum(rows_read), sum(rows_loaded), sum(rows_duplicate), "
        "sum(rows_rejected), (select count(*) from customers), (select count(*) from journeys) "
        "from input_files"
    )[0]
    return Result(project.warehouse_path, *(int(value) for value in row))


def _nothing_loaded(project: Project, parts: list[Part]) -> str:
    listed = "\n".join(
        f"  - {part.entry.name}: {part.entry.rows_read:,} records read, "
        f"{part.entry.rows_rejected:,} rejected"
        + (f" ({part.entry.fault})" if part.entry.fault else "")
        for part in parts
    )
    return (
        f"{project.folder}: not one event could be loaded, so there is nothing to build; "
        f"see 'squiggle check' for the reasons:\n{listed}"
    )
