"""Work of Python spread over Spark's tasks: one thing a task, done again where a task dies."""

from __future__ import annotations

import pickle
import traceback
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, TypeVar

from ..errors import SquiggleError

Given = TypeVar("Given")
Made = TypeVar("Made")

AT_ONCE = 1_000
"""Things in one job of Spark; what a job made can be kept before the next one begins."""


def spread(spark: Any, work: Callable[[Given], Made], listed: Sequence[Given], /) -> Iterator[Made]:
    """Yield what `work` makes of each thing, in their order, each in a task of its own.

    What `work` raises is raised here, in its turn; Spark does not try that again. A task that dies,
    or whose machine is lost, is done again.
    """
    for start in range(0, len(listed), AT_ONCE):
        some = list(listed[start : start + AT_ONCE])
        places = spark.range(0, len(some), 1, len(some))
        doing = _task(pickle.dumps(partial(_tried, work, some)))
        rows = places.mapInArrow(doing, "place bigint, lacking string, made binary").toArrow()
        for row in sorted(rows.to_pylist(), key=lambda row: int(row["place"])):
            if row["lacking"] is not None:
                raise SquiggleError(
                    f"--engine spark: a worker of Spark cannot load squiggle ({row['lacking']}); "
                    "install the same versions of journey-squiggle and Python on every worker"
                )
            made, error = pickle.loads(row["made"])
            if error is not None:
                raise error
            yield made


def _task(told: bytes) -> Callable[[Iterator[Any]], Iterator[Any]]:
    """What each task does, written so that a worker can say that it lacks squiggle."""

    def done(batches: Iterator[Any]) -> Iterator[Any]:
        import pickle

        import pyarrow

        for batch in batches:
            for place in batch.column(0).to_pylist():
                lacking, made = None, None
                try:
                    made = pickle.dumps(pickle.loads(told)(place))
                except ImportError as error:
                    lacking = str(error)
                yield pyarrow.RecordBatch.from_pylist(
                    [{"place": place, "lacking": lacking, "made": made}],
                    schema=pyarrow.schema(
                        [("place", "int64"), ("lacking", "string"), ("made", "binary")]
                    ),
                )

    return done


def _tried(
    work: Callable[[Given], Made], listed: Sequence[Given], place: int
) -> tuple[Made | None, Exception | None]:
    """What was made of the thing in a place, or what its making raised."""
    try:
        return work(listed[place]), None
    except SquiggleError as error:
        return None, error
    except Exception as error:
        error.add_note("in a task of Spark:\n" + traceback.format_exc())
        return None, error
