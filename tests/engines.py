"""One log built by DuckDB and by Spark, every table of both kept, to be held against each other."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.engine.making import SparkMaking
from pipeline.engine.session import has_java, session
from pipeline.models import Model, load_models
from pipeline.project import Project
from pipeline.warehouse import Making, literal, quote

runs = importlib.import_module("pipeline.run")

LACKING = [name for name in ("pyspark", "grpc") if find_spec(name) is None]
LACKING += [] if has_java() else ["Java"]
ON_SPARK = [
    pytest.mark.skipif(bool(LACKING), reason=f"not on this machine: {', '.join(LACKING)}"),
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore:PySpark does not yet"),
]
"""Marks of tests for which Spark runs; `make test` installs what it needs, where it can."""

MODELS = tuple(model for model in load_models() if model.kind != "check")

FAST_EXECUTOR = (
    "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m -XX:+UseSerialGC "
    "-XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote"
)
FAST_START = f"-Xms1200m -Xmn700m -XX:MetaspaceSize=300m {FAST_EXECUTOR}"
SETTINGS = {
    "spark.driver.extraJavaOptions": FAST_START,
    "spark.driver.memory": "1500m",
    "spark.hadoop.fs.file.impl": "org.apache.hadoop.fs.RawLocalFileSystem",
    "spark.sql.parquet.compression.codec": "uncompressed",
    "spark.sql.ui.retainedExecutions": "1",
    "spark.ui.retainedJobs": "1",
    "spark.ui.retainedStages": "1",
    "spark.buffer.pageSize": "1m",
    "spark.log.level": "ERROR",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.shuffle.partitions": "1",
}
"""What makes Spark quick on small logs; it changes no meaning."""
INTERPRETED = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}
"""Queries of a few rows are not worth compiling."""

LAST_DIGITS = {
    "pain_places",
    "progress_intervals",
    "progress_pulls",
    "progress_rates",
    "progress_spread_parts",
    "progress_steps",
    "return_risks",
    "silence_steps",
}
"""Models with running sums of doubles, and what is read off them: the last digits of a sum depend
on the order in which an engine adds. Every other table is equal to the bit."""
CLOSE = 1e-8


@contextmanager
def local_spark() -> Iterator[Any]:
    """Open the session that the runs of a module share; a task may die twice in it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        with session("local[2, 3]", {**SETTINGS, **INTERPRETED}) as opened:
            yield opened


def on_spark(project: Project, *, small: int, settings: Mapping[str, str] = SETTINGS) -> Project:
    """Return the project built by local Spark; with `small` below 0 Spark builds every model."""
    said = {"name": "spark", "master": "local[2]", "small": small, "settings": dict(settings)}
    said["links"] = -1 if small < 0 else 5_000_000
    return project.model_copy(update={"engine": project.engine.model_copy(update=said)})


def keep_tables(project: Project, into: Path, patch: pytest.MonkeyPatch) -> Path:
    """Run the project and keep every table, working ones too, as Parquet; return the warehouse."""
    into.mkdir()

    def keep(built: Making, models: Sequence[Model]) -> None:
        for model in MODELS:
            target = literal(str(into / f"{model.name}.parquet"))
            built.execute(f"copy (select * from {quote(model.name)}) to {target}")

    patch.setattr(runs, "check", keep)
    for making in (Making, SparkMaking):
        patch.setattr(making, "forget", lambda self, model: None)
    made = runs.run(project)
    patch.undo()
    return Path(made.warehouse)


def differences(model: Model, one: Path, other: Path) -> str:
    """Say which rows of a table are in one folder only, types included; an empty text for none."""
    with duckdb.connect() as db:
        read = [literal(str(folder / f"{model.name}.parquet")) for folder in (one, other)]
        types = [db.execute(f"describe from {file}").fetchall() for file in read]
        if types[0] != types[1]:
            return f"types: {types}"
        left, right = (
            db.execute(f"from {here} except all from {there} order by all").fetchall()
            for here, there in (read, read[::-1])
        )
    if model.name in LAST_DIGITS and len(left) == len(right):
        left, right = (
            [row for row, twin in zip(rows, twins, strict=True) if not _is_close(row, twin)]
            for rows, twins in ((left, right), (right, left))
        )
    shown = [
        f"{len(rows)} only {where}: {rows[:2]}"
        for rows, where in ((left, "DuckDB"), (right, "Spark"))
        if rows
    ]
    return "\n".join(shown)


def _is_close(row: tuple[object, ...], twin: tuple[object, ...]) -> bool:
    return all(
        here == there
        or (
            not isinstance(here, str)
            and abs(float(here) - float(there)) <= CLOSE * max(1, abs(float(here)))  # type: ignore
        )
        for here, there in zip(row, twin, strict=True)
    )
