"""A log with every format, and what is wrong with exports, at an address that only Spark reads."""

from __future__ import annotations

import gzip
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.engine.addresses import Listing
from pipeline.engine.lake import LakeStore, stored
from pipeline.engine.tasks import spread
from pipeline.ingest import Part, ingest
from pipeline.ingest.store import locked
from pipeline.models import Model, load_models
from pipeline.project import Project, load_project

from .dying import dies_loading
from .engines import SETTINGS, differences, on_spark
from .nasty import PROJECT, write_nasty

HOME = "viewfs://far"
LAKE = f"{HOME}/lake/squiggle"
LOADED = next(model for model in load_models() if model.name == "loaded_events")
NAMED = {
    "input_files": f"replace(path, '{HOME}/', '') as path",
    "parts": f"replace(path, '{HOME}/', '') as path",
    "reconciliation": f"replace(subject, '{HOME}/', '') as subject",
    "run_info": "'' as definitions_fingerprint",
}
"""Tables that say where the files are, and in which words."""
FILES = {"web": "web*", "desk": "desk.jsonl", "app": "app*.parquet"}
"""Files of each source."""

APP = """
[[source]]
name = "app"
files = "exports/app*.parquet"
[source.columns]
occurred_at = "at"
event = "what"
user_id = "who"
value = "amount"
"""


def write_far(folder: Path) -> Project:
    """Write the log and its project file, whose exports are in a folder; return the project."""
    folder.mkdir(exist_ok=True)
    write_nasty(folder)
    exports = folder / "exports"
    exports.mkdir()
    first = (folder / "web1.csv").read_bytes()
    (exports / "web 1 %20.csv.gz").write_bytes(gzip.compress(first + b'"too","few"\n', mtime=0))
    (exports / "web again.csv.gz").write_bytes(gzip.compress(first + b'"too","few"\n', mtime=0))
    (exports / "web damaged.csv.gz").write_bytes(b"\x1f\x8b and no more")
    (exports / "web empty.csv").touch()
    (exports / "web2.csv").write_bytes((folder / "web2.csv").read_bytes())
    (exports / "desk.jsonl").write_bytes((folder / "desk.jsonl").read_bytes() + b"{no json\n")
    (exports / "notes.md").write_text("no export", encoding="utf-8")
    rows = {
        "at": ["2026-01-05T10:00:00Z", "2026-01-06T10:00:00Z", None, "2026-01-07T10:00:00Z"],
        "what": ["ad", "buy", "buy", "buy"],
        "who": ["ann", "zoë 🦊", "ann", "ann"],
        "amount": [None, 9.5, 1.0, 20.25],
    }
    pq.write_table(pa.table(rows), exports / "app [1].parquet")
    text = PROJECT.replace('"web*.csv"', '"exports/web*"')
    text = text.replace('"desk.jsonl"', '"exports/desk.jsonl"')
    text = text.replace("\n[[map]]", f"{APP}\n[[map]]", 1)
    (folder / "squiggle.toml").write_text(text, encoding="utf-8")
    return load_project(folder)


def mounts(folder: Path) -> dict[str, str]:
    """Return settings of Spark that show a folder at `HOME`, which only Hadoop knows."""
    there = "fs.viewfs.mounttable.far.link./"
    links = {f"{there}{name}": f"file://{folder / name}" for name in ("exports", "lake")}
    return links | {"fs.viewfs.impl.disable.cache": "true"}


def seen(spark: Any, project: Project) -> Project:
    """Let the session see the folder of a project at `HOME`."""
    for name, value in mounts(project.folder).items():
        spark.conf.set(name, value)
    return project


def far(project: Project, *, small: int, lake: str | None = LAKE) -> Project:
    """Return the project with its exports at an address, and its events and tables in a lake."""
    settings = SETTINGS | mounts(project.folder)
    (project.folder / "lake").mkdir(exist_ok=True)
    sources = tuple(
        source.model_copy(update={"files": (f"{HOME}/exports/{FILES[source.name]}",)})
        for source in project.source
    )
    there = on_spark(project, small=small, settings=settings)
    engine = there.engine.model_copy(update={"lake": lake})
    return there.model_copy(update={"source": sources, "engine": engine})


def loaded(
    project: Project, spark: Any, store: str, *, dying: Path | None = None
) -> tuple[list[Part], LakeStore]:
    """Load the exports at the address into the lake, and forget what no file stands behind."""
    lake = LakeStore(spark, LAKE, LOADED)
    if dying is not None:
        load = lake.load
        lake.load = lambda work, some: load(partial(dies_loading, dying, work), some)  # type: ignore
    with locked(project.folder / store) as there:
        how = {"spread": partial(spread, spark), "addresses": Listing(spark), "lake": lake}
        parts = ingest(far(project, small=0), there, threads=1, **how)
        keys = {part.events.parent.name for part in parts}
        there.forget_others(keys)
        lake.forget_others(keys)
    return parts, lake


def in_lake(project: Project) -> set[str]:
    """The files in the lake, but those that Spark leaves empty."""
    found = (project.folder / "lake").rglob("*")
    return {str(path) for path in found if path.is_file() and path.stat().st_size}


def rows_of(part: Part, lake: LakeStore | None) -> list[Any]:
    """The accepted events of a part and its rejects."""
    columns = [name for name in stored(LOADED) if name != "event_key"]
    if lake is not None:
        events = lake.events([part.events.parent.name]).select(columns).toArrow()
    else:
        read = ["reason", *columns]
        own = set(pq.read_schema(part.events).names)
        told = ", ".join(name if name in own else f"null as {name}" for name in read)
        events = duckdb.sql(
            f"select {told} from '{part.events}' where reason is null"
        ).to_arrow_table()
    listed = [[row[name] for name in columns] for row in events.to_pylist()]
    return [sorted(listed, key=str), pq.read_table(part.rejects).to_pylist()]


def differing(model: Model, folder: Path) -> str:
    """Say what is not the same, but for where the files are."""
    for name in ("by_duckdb", "by_spark") if model.name in NAMED else ():
        path = folder / name / f"{model.name}.parquet"
        rows = duckdb.sql(f"select * replace ({NAMED[model.name]}) from '{path}'").to_arrow_table()
        pq.write_table(rows, path)
    return differences(model, folder / "by_duckdb", folder / "by_spark")
