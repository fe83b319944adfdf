"""A run: a project file and exported events in, a new warehouse out. The whole journey on one page."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from . import statistics, stitch
from .checks import check
from .errors import DataError
from .ingest import Part, Told, ingest
from .ingest.store import locked
from .models import Model, load_models
from .project import ID_COLUMNS, NUMBER_COLUMNS, TEXT_COLUMNS, Project
from .settings import as_table, kept_rule_columns, rule_columns, setting_rows
from .warehouse import Warehouse, building, literal, quote

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
) -> Result:
    """Load the exports, build every table, check them, and move the warehouse into place.

    Whatever goes wrong, the previous warehouse stays as it was. `memory` is DuckDB's limit (for
    instance "2GB"); `tell` is called with what is being done, how many are done, how many there are.
    """
    tell = tell or (lambda what, done, total: None)
    models = load_models()
    with locked(project.store_path) as store:
        parts = ingest(project, store, memory=memory, threads=threads, tell=tell)
        if not any(part.entry.rows_accepted for part in parts):
            raise DataError(_nothing_loaded(project, parts))
        with building(project.warehouse_path, memory=memory, threads=threads) as built:
            inputs = input_rows(project, parts)
            for number, model in enumerate(models):
                tell(f"building {model.name}", number, len(models))
                _make(built, model, project, parts, inputs)
            tell("checking", len(models), len(models))
            check(built, models)
            result = _result(built, project)
        store.forget_others({part.events.parent.name for part in parts})
    return result


def _make(
    built: Warehouse,
    model: Model,
    project: Project,
    parts: list[Part],
    inputs: Mapping[str, pa.Table],
) -> None:
    if model.name == "loaded_events":
        built.view(model, loaded_events(project, parts))
    elif model.kind == "input":
        rows = inputs.get(model.name)
        built.fill(model, rows if rows is not None else as_table(model, []))
    elif model.kind == "python":
        built.fill(model, MAKERS[model.name](*(_read(built, name) for name in model.reads)))
    elif model.kind != "check":
        built.build(model)


def _read(built: Warehouse, name: str) -> pa.Table:
    return built.arrow(f"select * from {quote(name)} order by all")


def _intervals(proportions: pa.Table) -> pa.Table:
    """Wilson's interval for each row of `proportions`."""
    frame = proportions.to_pandas()
    frame["lo"], frame["hi"] = statistics.wilson(frame["successes"], frame["trials"])
    frame["rate"] = (frame["successes"] / frame["trials"]).where(frame["trials"] > 0)
    return pa.Table.from_pandas(frame, preserve_index=False)


def _paths(nodes: pa.Table) -> pa.Table:
    """The nodes of each path joined to one text."""
    keys = ["map_no", "level_no", "variant_no"]
    frame = nodes.to_pandas().sort_values([*keys, "place"])
    spelled = frame.groupby(keys, sort=True).agg(path=("node", " > ".join), places=("place", "max"))
    spelled["path"] += spelled["places"].ge(60).map({True: " > …", False: ""})
    return pa.Table.from_pandas(spelled.reset_index(), preserve_index=False)


MAKERS: Makers = {
    "identity_components": stitch.components,
    "proportion_intervals": _intervals,
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
            *(part.entry.first_us, part.entry.last_us, part.entry.fault),
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
    return tables


def loaded_events(project: Project, parts: list[Part]) -> str:
    """Return the SELECT of the view `loaded_events` over the store's Parquet parts."""
    selects = []
    first = 1
    numbers = {id(part): number for number, part in enumerate(parts, start=1)}
    for source_no, source in enumerate(project.source, start=1):
        own = [p for p in parts if p.file.source_no == source_no and p.events.is_file()]
        for run_of in _runs(own, numbers):
            first = numbers[id(run_of[0])]
            files = ", ".join(literal(str(part.events.resolve())) for part in run_of)
            selects.append(_part_select(project, source_no, source.dedupe, first, files))
    return "\nunion all\n".join(selects)


def _runs(parts: list[Part], numbers: dict[int, int]) -> list[list[Part]]:
    """Parts in runs of neighbouring numbers, so that file_no is a sum."""
    runs: list[list[Part]] = []
    for part in parts:
        if runs and numbers[id(part)] == numbers[id(runs[-1][-1])] + 1:
            runs[-1].append(part)
        else:
            runs.append([part])
    return runs


def _part_select(project: Project, source_no: int, dedupe: str, first: int, files: str) -> str:
    kept = set(kept_rule_columns(project))
    values = [
        f"coalesce(attributes ->> {literal('$.' + quote(column))}, '')"
        if column in kept
        else f"coalesce(cast({quote(column)} as varchar), '')"
        for column in rule_columns(project)
    ]
    rule_values = " || chr(31) || ".join(values) if values else "cast(null as varchar)"
    key = (
        "cast(null as ubigint)"
        if dedupe == "none"
        else f"case when event_id is null then content_hash else hash({source_no}, event_id) end"
    )
    ids = ", ".join(ID_COLUMNS)
    texts = [
        name for name in TEXT_COLUMNS if name not in ("event", "event_id", "channel", *ID_COLUMNS)
    ]
    ordered = [
        "session_key",
        "value",
        "currency",
        "order_id",
        "cost",
        "campaign",
        "device",
        "country",
    ]
    ordered += ["direction", "actor", "score_type", "score", "sentiment", "duration_s"]
    assert set(ordered) == {*texts, *NUMBER_COLUMNS}
    return (
        f"select cast(file_index + {first} as bigint) * 1099511627776 + row_no as event_no, "
        f"cast(file_index + {first} as integer) as file_no, row_no, "
        f"cast({source_no} as integer) as source_no, occurred_us, sequence, event, channel, "
        f"{rule_values} as rule_values, "
        f"hash({source_no}, event, channel, {rule_values}) as signature_key, "
        f"event_id, {key} as dedupe_key, content_hash, hash({ids}) as identity_key, {ids}, "
        f"{', '.join(ordered)}, attributes "
        f"from read_parquet([{files}]) where reason is null"
    )


def definitions(project: Project) -> str:
    """Return the fingerprint of every setting that decides a figure."""
    settled = project.model_dump(mode="json", exclude={"folder", "warehouse", "report", "store"})
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
