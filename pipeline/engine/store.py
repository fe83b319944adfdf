"""The event store on Spark: the view `loaded_events`, with the same keys as DuckDB's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ..models import Model
from ..project import COLUMNS, Project
from ..settings import number_text, rule_columns
from ..warehouse import Making
from .lake import LakeStore
from .types import ddl, spark_type

Part = tuple[int, int, Path]
"""Number of the file, number of its source, and its Parquet part in the folder of its key."""


def show_loaded_events(
    spark: Any,
    built: Making,
    model: Model,
    project: Project,
    parts: Sequence[Part],
    lake: LakeStore | None,
) -> None:
    """Make the temporary view `loaded_events` of Spark over the store's parts, here or in a lake.

    What depends on DuckDB's own hash, the key of a signature, DuckDB works out: every different
    signature goes through the driver once.
    """
    columns = rule_columns(project)
    raw = None
    for source_no in sorted({source_no for _, source_no, _ in parts}):
        source = project.source[source_no - 1]
        own = [part for part in parts if part[1] == source_no]
        for number, (held, files, frame) in enumerate(_frames(spark, model, own, lake)):
            frame.createOrReplaceTempView(f"parts_{source_no}_{number}")
            name = f"{source_no}_{number}"
            selected = _source(spark, model, name, source_no, source.dedupe, files, held, columns)
            raw = selected if raw is None else raw.unionByName(selected)
    assert raw is not None
    raw.createOrReplaceTempView("stored_events")
    keys = ["source_no", "event_key", *(f"rule_{number}" for number in range(len(columns)))]
    listed = ", ".join(keys)
    found = spark.sql(f"select distinct {listed} from stored_events").toArrow()
    _signatures(spark, built, found, columns)
    met = " and ".join(f"stored.{key} <=> known.{key}" for key in keys)
    names = [
        f"known.{name}" if name in ("rule_values", "signature_key") else f"stored.{name}"
        for name in (column.name for column in model.columns)
    ]
    spark.sql(
        f"select /*+ broadcast(known) */ {', '.join(names)} from stored_events as stored "
        f"inner join known_signatures as known on {met}"
    ).createOrReplaceTempView(model.name)


def _signatures(spark: Any, built: Making, found: pa.Table, rules: Sequence[str]) -> None:
    """Let DuckDB say the key of every signature, as the view over the store does."""
    texts = [
        f"coalesce({number_text(column, f'rule_{number}')}, '')"
        for number, column in enumerate(rules)
    ]
    values = " || chr(31) || ".join(texts) if texts else "cast(null as varchar)"
    key = "cast(event_key as ubigint)"
    hashed = f"hash(cast(source_no as integer), {key}{', ' + values if texts else ''})"
    known = built.arrow_of(
        f"select *, {values} as rule_values, cast({hashed} as decimal(20, 0)) as signature_key "
        "from incoming_rows",
        found,
    )
    fields = [("source_no", "int"), ("event_key", "decimal(20,0)")]
    fields += [(f"rule_{number}", "string") for number in range(len(rules))]
    fields += [("rule_values", "string"), ("signature_key", "decimal(20,0)")]
    frame = spark.createDataFrame(known, ", ".join(f"{name} {kind}" for name, kind in fields))
    frame.createOrReplaceTempView("known_signatures")


def _frames(
    spark: Any, model: Model, parts: Sequence[Part], lake: LakeStore | None
) -> Iterator[tuple[Sequence[str], Sequence[Part], Any]]:
    """Columns, parts, and their accepted events with `part_key`: a frame for parts that are alike.

    In a lake all are: there columns that nobody mapped cost nothing.
    """
    if lake is not None:
        frame = lake.events([path.parent.name for _, _, path in parts])
        yield [name for name in frame.columns if name != "part_key"], parts, frame
        return
    kinds = {column.name: spark_type(column.type) for column in model.columns}
    kinds |= {"event_key": "decimal(20,0)", "event_id_hash": "decimal(20,0)", "reason": "string"}
    for held, files in _alike(parts).items():
        own = [(name, kinds[name]) for name in held if name in kinds]
        paths = dict.fromkeys(path for _, _, path in files)  # files of the same content share one
        frame = spark.read.schema(ddl(own)).parquet(*(f"file:{path}" for path in paths))
        # A part's folder has the name of its content, always as long; to split the path of every
        # row takes longer than to read the row.
        key, name = files[0][2].parts[-2:]
        place = f"substring(_metadata.file_path, {-len(key) - len(name) - 1}, {len(key)})"
        yield held, files, frame.selectExpr("*", f"{place} as part_key").filter("reason is null")


def _alike(parts: Sequence[Part]) -> dict[tuple[str, ...], list[Part]]:
    """Parts by the columns that they hold: those that nobody mapped are not written."""
    found: dict[tuple[str, ...], list[Part]] = {}
    for part in parts:
        found.setdefault(tuple(pq.read_schema(part[2]).names), []).append(part)
    return found


def _source(
    spark: Any,
    model: Model,
    name: str,
    source_no: int,
    dedupe: str,
    files: Sequence[Part],
    held: Sequence[str],
    rules: Sequence[str],
) -> Any:
    numbers = pa.table(
        {
            "part_key": [path.parent.name for _, _, path in files],
            "file_no": pa.array([number for number, _, _ in files], pa.int32()),
        }
    )
    frame = spark.createDataFrame(numbers, "part_key string, file_no int")
    frame.createOrReplaceTempView(f"numbers_{name}")
    made = {
        "event_no": "cast(file_no as bigint) * 1099511627776 + row_no",
        "file_no": "file_no",
        "source_no": f"cast({source_no} as int)",
        "rule_values": None,
        "signature_key": None,
        "dedupe_key": "cast(null as decimal(20,0))"
        if dedupe == "none"
        else "coalesce(event_id_hash, content_hash)",
    }
    listed = []
    for column in model.columns:
        said = made.get(column.name, column.name if column.name in held else None)
        if column.name in ("rule_values", "signature_key"):
            continue
        said = said or f"cast(null as {spark_type(column.type)})"
        listed.append(f"{said} as {column.name}")
    listed.append("event_key")
    for number, rule in enumerate(rules):
        listed.append(f"{_rule(rule, held)} as rule_{number}")
    return spark.sql(
        f"select {', '.join(listed)} from parts_{name} inner join numbers_{name} using (part_key)"
    )


def _rule(name: str, held: Sequence[str]) -> str:
    """The column that rules read, as text."""
    if name in COLUMNS:
        return f"cast({name} as string)" if name in held else "cast(null as string)"
    members = "from_json(attributes, 'map<string,string>')"
    escaped = name.replace("\\", "\\\\").replace("'", "\\'")
    return f"try_element_at({members}, '{escaped}')"
