"""Work of Python spread over Spark's tasks: one thing a task, done again where a task dies."""

from __future__ import annotations

import pickle
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import pyarrow as pa

from ..errors import DataError, SquiggleError
from .addresses import FILE_A_TASK, contents, settings
from .session import told
from .types import arrow_schema, ddl

Given = TypeVar("Given")
Made = TypeVar("Made")

AT_ONCE = 1_000
"""Things in one job of Spark; what a job made can be kept before the next one begins."""

MADE = {"place": "bigint", "lacking": "string", "made": "binary"}


def spread(spark: Any, work: Callable[[Given], Made], listed: Sequence[Given], /) -> Iterator[Made]:
    """Yield what `work` makes of each thing, in their order, each in a task of its own.

    What `work` raises is raised here, in its turn; Spark does not try that again. A task that dies,
    or whose machine is lost, is done again. A thing with an `address` comes with its file at hand.
    """
    for start in range(0, len(listed), AT_ONCE):
        some = list(listed[start : start + AT_ONCE])
        with settings(spark, FILE_A_TASK):
            try:
                rows = in_tasks(spark, partial(_made, work), some, MADE).toArrow()
            except Exception as error:
                raise SquiggleError(f"--engine spark: a task failed: {told(error)}") from error
        yield from results(rows, some)


def in_tasks(
    spark: Any,
    doing: Callable[[int, Any], Iterator[pa.RecordBatch]],
    listed: Sequence[Any],
    columns: Mapping[str, str],
) -> Any:
    """Return a frame of the rows that `doing` yields for the place of each thing and the thing.

    A thing with an `address` is brought to hand: Spark reads the file, the task writes it down on
    its own machine, and the thing is told `at` which path. What is read with `FILE_A_TASK` set has
    a task for each file. `columns` has Spark's type of each.
    """
    near: list[int] = []
    far: dict[str, list[int]] = {}
    for place, thing in enumerate(listed):
        address = getattr(thing, "address", None)
        (near if address is None else far.setdefault(address, [])).append(place)
    frames = []
    if near:
        frames.append(
            spark.range(0, len(near), 1, len(near)).selectExpr(
                "id", "cast(null as string) as path", "cast(null as binary) as content"
            )
        )
    if far:
        brought = contents(spark, list(far))
        frames.append(brought.selectExpr("cast(null as bigint) as id", "path", "content"))
    frame = frames[0] if len(frames) == 1 else frames[0].unionAll(frames[1])
    given = pickle.dumps(partial(_at_hand, doing, list(listed), near, far))
    return frame.mapInArrow(_task(given, arrow_schema(columns)), ddl(columns.items()))


def results(rows: pa.Table, listed: Sequence[Any]) -> Iterator[Any]:
    """Yield what was made of each thing, in their order; raise what its making raised."""
    found = {row["place"]: row for row in rows.select(list(MADE)).to_pylist()}
    for row in found.values():
        if row["lacking"] is not None:
            raise SquiggleError(
                f"--engine spark: a worker of Spark cannot load squiggle ({row['lacking']}); "
                "install the same versions of journey-squiggle and Python on every worker"
            )
    for place, thing in enumerate(listed):
        if place not in found:
            raise DataError(
                f"{getattr(thing, 'address', None)}: the file was there when the exports were "
                "listed, and could not be read; run again"
            )
        made, error = pickle.loads(found[place]["made"])
        if error is not None:
            raise error
        yield made


def _task(given: bytes, schema: pa.Schema) -> Callable[[Iterator[Any]], Iterator[Any]]:
    """What each task does, written so that a worker can say that it lacks squiggle."""

    def done(batches: Iterator[Any]) -> Iterator[Any]:
        import pickle

        import pyarrow

        for batch in batches:
            for row in range(batch.num_rows):
                number, path, content = (column[row] for column in batch.columns)
                try:
                    doing = pickle.loads(given)
                except ImportError as error:
                    lacking = {"place": -1, "lacking": str(error), "part_key": "-", "kind": "told"}
                    yield pyarrow.RecordBatch.from_pylist([lacking], schema=schema)
                    continue
                yield from doing(number.as_py(), path.as_py(), content.as_buffer())

    return done


def _at_hand(
    doing: Callable[[int, Any], Iterator[pa.RecordBatch]],
    listed: Sequence[Any],
    near: Sequence[int],
    far: Mapping[str, Sequence[int]],
    number: int | None,
    path: str | None,
    content: pa.Buffer | None,
) -> Iterator[pa.RecordBatch]:
    """Do the work of a row: of a thing that is at hand, or of those whose file was brought."""
    if number is not None:
        yield from doing(near[number], listed[near[number]])
    if path is not None:
        with TemporaryDirectory(prefix="squiggle-") as folder:
            file = Path(folder) / "export"
            file.write_bytes(content or b"")
            for place in far[path]:
                yield from doing(place, listed[place].at(file))


def _made(work: Callable[[Any], Any], place: int, thing: Any) -> Iterator[pa.RecordBatch]:
    made = pickle.dumps(tried(work, thing))
    rows = [{"place": place, "lacking": None, "made": made}]
    yield pa.RecordBatch.from_pylist(rows, schema=arrow_schema(MADE))


def tried(work: Callable[[Given], Made], thing: Given) -> tuple[Made | None, Exception | None]:
    """Return what was made of a thing, or what its making raised."""
    try:
        return work(thing), None
    except SquiggleError as error:
        return None, error
    except Exception as error:
        error.add_note("in a task of Spark:\n" + traceback.format_exc())
        return None, error
