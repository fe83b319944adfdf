"""The event store at an address: parts in batches that Spark writes, and ledgers of what is whole.

`parts/batch=B/part_key=K/kind=events` has the events of a part, `kind=rejects` its rejects, and
`kind=told` what the task said. `ledger/N` lists every part with its batch and its entry. Only what
the ledger with the highest number lists counts: it is one file, written when its batch is whole.
"""

from __future__ import annotations

import json
import pickle
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ..errors import ProjectError
from ..models import Model
from .addresses import FILE_A_TASK, listed, remove, settings, write
from .session import told
from .tasks import AT_ONCE, MADE, in_tasks, results, tried
from .types import arrow_schema, ddl, spark_type

GENERATED = {
    *("event_no", "file_no", "source_no", "rule_values", "signature_key", "dedupe_key"),
}
"""Columns of `loaded_events` that are no part's: they say which file it is, or how it is read."""
REJECTS = {
    "row_no": "bigint",
    **dict.fromkeys(("reason", "column_name", "bad_value", "raw"), "string"),
}
_LEDGER = {"part_key": "string", "batch": "bigint", "entry": "string"}
_LEDGERS = re.compile(r"/ledger/(\d+)/[^/]+$")
_BATCH = re.compile(r"/parts/batch=(\d+)/part_key=([^/]+)/kind=(\w+)/")
_WRITERS = {"spark.sql.maxConcurrentOutputFileWriters": "4"}
"""A task writes one part of three kinds: with a file open for each, no row is sorted for it."""


def stored(model: Model) -> dict[str, str]:
    """Return the columns of a part's events, of the model `loaded_events`, with Spark's types."""
    kinds = {one.name: spark_type(one.type) for one in model.columns if one.name not in GENERATED}
    return kinds | {"event_key": "decimal(20,0)", "event_id_hash": "decimal(20,0)"}


class LakeStore:
    """The parts of an event store below an address; one run at a time may add to it."""

    def __init__(self, spark: Any, address: str, model: Model) -> None:
        """Open what is at an address; raises ProjectError where Spark does not reach it."""
        self._spark, self._home = spark, f"{address}/store"
        self._events = stored(model)
        try:
            files = [name for name, _ in listed(spark, self._home)]
        except Exception as error:
            raise ProjectError(
                f"[engine] lake: {address!r}: Spark cannot look there: {told(error)}; mend the "
                "address, or give Spark in [engine.settings] what this file system needs, such as "
                "spark.jars.packages"
            ) from None
        self._ledgers = sorted({int(one[1]) for name in files if (one := _LEDGERS.search(name))})
        met = [one for name in files if (one := _BATCH.search(name))]
        there = {(int(one[1]), one[2], one[3]) for one in met}
        self._batch = max((batch for batch, _, _ in there), default=0)
        self._parts: dict[str, tuple[int, dict[str, Any]]] = {}
        if self._ledgers:
            frame = self._read(_LEDGER, [f"{self._home}/ledger/{self._ledgers[-1]}"])
            for row in frame.toArrow().to_pylist():
                batch, key, entry = row["batch"], row["part_key"], json.loads(row["entry"])
                if all((batch, key, kind) in there for kind in _kinds(entry)):
                    self._parts[key] = batch, entry

    def keys(self) -> AbstractSet[str]:
        """Return the keys of the parts that are whole."""
        return self._parts.keys()

    def told(self, keys: Sequence[str]) -> Iterator[tuple[dict[str, Any], pa.Table]]:
        """Yield entry and rejects of parts, in the order of the keys."""
        rejects = self._rejects(keys)
        for key in keys:
            yield self._parts[key][1], rejects[key]

    def load(
        self, load: Callable[[Path, Any], tuple[Any, Path]], waiting: Mapping[str, Any]
    ) -> Iterator[tuple[dict[str, Any], pa.Table]]:
        """Load files, each in a task of its own; yield entry and rejects of each, in their order.

        `load` loads a file into a folder of a worker and returns its entry, a dataclass, and where
        `events.parquet`, if there is one, and `rejects.parquet` are. What it raises is raised here,
        in its turn; files before it stay loaded.
        """
        keys = list(waiting)
        for start in range(0, len(keys), AT_ONCE):
            some = keys[start : start + AT_ONCE]
            things = [waiting[key] for key in some]
            columns = {"part_key": "string", "kind": "string", **MADE, **self._events, **REJECTS}
            work = partial(_part, load, some, columns, [*self._events])
            self._batch += 1
            home = f"{self._home}/parts/batch={self._batch}"
            with settings(self._spark, FILE_A_TASK | _WRITERS):
                frame = in_tasks(self._spark, work, things, columns)
                write(frame, home, "part_key", "kind")
            rows = self._read(MADE, [f"{home}/part_key=*/kind=told"]).toArrow()
            made = {}
            error = None
            try:
                for key, entry in zip(some, results(rows, things), strict=False):
                    made[key] = entry
            except Exception as raised:
                error = raised
            self._parts |= {key: (self._batch, entry) for key, entry in made.items()}
            self._write_ledger()
            yield from self.told([*made])
            if error is not None:
                raise error

    def events(self, keys: Iterable[str]) -> Any:
        """Return the accepted events of parts, with `part_key`."""
        places = [self._place(key, "events") for key in dict.fromkeys(keys)]
        return self._read({**self._events, "part_key": "string"}, places)

    def forget_others(self, keys: AbstractSet[str]) -> None:
        """Remove every part but these, what killed runs left, and ledgers of before."""
        gone = self._parts.keys() - keys
        if gone:
            self._parts = {key: part for key, part in self._parts.items() if key in keys}
            self._write_ledger()
        kept = {(batch, key) for key, (batch, _) in self._parts.items()}
        found = {(int(one[1]), one[2]) for name in self._listed() if (one := _BATCH.search(name))}
        batches = {batch for batch, _ in kept}
        for batch in sorted({batch for batch, _ in found} - batches):
            remove(self._spark, f"{self._home}/parts/batch={batch}")
        for batch, key in sorted(found - kept):
            if batch in batches:
                remove(self._spark, f"{self._home}/parts/batch={batch}/part_key={key}")
        for number in self._ledgers[:-1]:
            remove(self._spark, f"{self._home}/ledger/{number}")

    def _listed(self) -> list[str]:
        return [name for name, _ in listed(self._spark, f"{self._home}/parts")]

    def _place(self, key: str, kind: str) -> str:
        return f"{self._home}/parts/batch={self._parts[key][0]}/part_key={key}/kind={kind}"

    def _read(self, columns: Mapping[str, str], places: Sequence[str]) -> Any:
        if not places:
            return self._spark.createDataFrame([], ddl(columns.items()))
        reader = self._spark.read.schema(ddl(columns.items())).option("basePath", self._home)
        return reader.parquet(*places).select(*columns)

    def _rejects(self, keys: Sequence[str]) -> dict[str, pa.Table]:
        """The rejects of each part, sorted; most parts have none, and no file of them."""
        some = [key for key in keys if "rejects" in _kinds(self._parts[key][1])]
        columns = {"part_key": "string", **REJECTS}
        places = [self._place(key, "rejects") for key in some]
        rows = self._read(columns, places).toArrow().cast(arrow_schema(columns))
        order = [("row_no", "ascending"), ("reason", "ascending")]
        found = {}
        for key in keys:
            own = rows.filter(pc.equal(rows["part_key"], key)) if key in some else rows.slice(0, 0)
            found[key] = own.drop_columns(["part_key"]).sort_by(order)
        return found

    def _write_ledger(self) -> None:
        """Write down which parts are whole, as one file, beside the ledger of before."""
        number = max(self._ledgers, default=0) + 1
        rows = [(key, batch, json.dumps(entry)) for key, (batch, entry) in self._parts.items()]
        frame = self._spark.createDataFrame(rows, ddl(_LEDGER.items()))
        write(frame.coalesce(1), f"{self._home}/ledger/{number}")
        self._ledgers.append(number)


def _kinds(entry: Mapping[str, Any]) -> list[str]:
    """The kinds of rows that a part has; a file that cannot be read is rejected as a whole."""
    has_rejects = entry["rows_rejected"] or entry["fault"]
    return ["events"] * bool(entry["rows_accepted"]) + ["rejects"] * bool(has_rejects)


def _part(
    load: Callable[[Path, Any], tuple[Any, Path]],
    keys: Sequence[str],
    columns: Mapping[str, str],
    events: Sequence[str],
    place: int,
    thing: Any,
) -> Iterator[pa.RecordBatch]:
    """The rows of a part: its events, its rejects, and what is told of it."""
    schema = arrow_schema(columns)
    with TemporaryDirectory(prefix="squiggle-") as folder:
        made, error = tried(partial(load, Path(folder)), thing)
        entry = None
        if made is not None:
            entry, room = asdict(made[0]), made[1]
            for kind, own in (("events", events), ("rejects", [*REJECTS])):
                for batch in _batches(room / f"{kind}.parquet"):
                    if kind == "events":
                        batch = batch.filter(pc.is_null(batch["reason"]))
                    yield _rows(schema, keys[place], kind, own, batch)
    said = {"part_key": keys[place], "kind": "told", "place": place}
    said["made"] = pickle.dumps((entry, error))
    yield pa.RecordBatch.from_pylist([said], schema=schema)


def _batches(path: Path) -> Iterator[pa.RecordBatch]:
    if path.is_file():
        with pq.ParquetFile(path) as file:
            yield from file.iter_batches()


def _rows(
    schema: pa.Schema, key: str, kind: str, own: Sequence[str], batch: pa.RecordBatch
) -> pa.RecordBatch:
    """The columns of a part's rows; those that it does not hold are NULL."""
    said = {"part_key": key, "kind": kind}
    held = set(batch.schema.names) & set(own)
    arrays = [
        batch[field.name].cast(field.type)
        if field.name in held
        else pa.nulls(batch.num_rows, field.type)
        if field.name not in said
        else pa.repeat(pa.scalar(said[field.name], field.type), batch.num_rows)
        for field in schema
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
