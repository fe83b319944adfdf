"""Files at addresses, through Spark: whatever file systems and credentials it has are used.

Only the DataFrame API is, so that all of it works through Spark Connect too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from ..errors import DataError, SquiggleError
from .session import told

LIMIT = "spark.sql.sources.binaryFile.maxLength"
"""Spark's own limit of what it brings as one value: 2 GiB."""

PIECE = 4 << 20
BROUGHT = 64 << 20
"""Bytes of files that are brought here at once; a file that is larger comes alone."""

_NOTHING = "PATH_NOT_FOUND"

FILE_A_TASK = {
    "spark.sql.files.maxPartitionBytes": "1",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "1",
}
"""With these every file is read by a task of its own, and is the only one in its memory."""


class Listing:
    """Lists the files that an address names: a file, a glob as Hadoop has them, or a folder."""

    def __init__(self, spark: Any) -> None:
        self._spark = spark
        self.most = int(spark.conf.get(LIMIT, str(2**31 - 1)))

    def __call__(self, pattern: str) -> Sequence[tuple[str, int]]:
        """Return address and bytes of each file; Spark leaves out names with `_` or `.` first."""
        try:
            frame = _reader(self._spark).load(pattern)
            # Of a file that is empty Spark makes no row, but has its name, as a URL.
            named = dict.fromkeys(map(unquote, frame.inputFiles()), 0)
            return sorted((named | dict(_sizes(frame))).items())
        except Exception as error:
            if _NOTHING in str(error):
                return []
            raise DataError(
                f"Spark cannot list it: {told(error)}; mend the address, or give Spark in "
                "[engine.settings] what this file system needs, such as spark.jars.packages"
            ) from None


def listed(spark: Any, pattern: str) -> list[tuple[str, int]]:
    """Return address and bytes of each file below an address that is not empty, sorted."""
    try:
        return _sizes(_reader(spark).load(pattern))
    except Exception as error:
        if _NOTHING in str(error):
            return []
        raise


def _sizes(frame: Any) -> list[tuple[str, int]]:
    found = frame.select("path", "length").toArrow().to_pylist()
    return sorted((row["path"], row["length"]) for row in found)


def contents(spark: Any, addresses: Sequence[str]) -> Any:
    """Return a frame of files as listed: `path`, `length` and `content`."""
    plain = [re.sub(r"([\\*?\[\]{}])", r"\\\1", address) for address in addresses]
    return _reader(spark).load(plain)


def _reader(spark: Any) -> Any:
    return spark.read.format("binaryFile").option("recursiveFileLookup", "true")


@contextmanager
def settings(spark: Any, said: Mapping[str, str]) -> Iterator[None]:
    """Have the session set so within the block, and as it was after it."""
    before = {name: spark.conf.get(name, None) for name in said}
    try:
        for name, value in said.items():
            spark.conf.set(name, value)
        yield
    finally:
        for name, value in before.items():
            if value is None:
                spark.conf.unset(name)
            else:
                spark.conf.set(name, value)


def write(frame: Any, place: str, *parted_by: str, rows: int = 0) -> None:
    """Have Spark write a frame as Parquet, in place of whatever a killed run left there.

    `rows` limits those of one file; 0: there is no limit.
    """
    writer = frame.write.mode("overwrite").option("partitionOverwriteMode", "static")
    try:
        writer.option("maxRecordsPerFile", rows).partitionBy(*parted_by).parquet(place)
    except Exception as error:
        raise SquiggleError(f"{place}: Spark cannot write there: {told(error)}") from error


def remove(spark: Any, place: str) -> None:
    """Remove every file below an address: an empty table, which has no files, is written over it.

    The folders stay, and an empty `_SUCCESS`: the DataFrame API has no other way to delete.
    """
    write(spark.range(0, 0, 1, 1).selectExpr("id", "id as none"), place, "none")


def bring(spark: Any, files: Sequence[tuple[str, int]], into: Path) -> list[Path]:
    """Copy files as listed into a folder here, in pieces, some at a time; return them, sorted."""
    into.mkdir(parents=True, exist_ok=True)
    brought: list[Path] = []
    for some in _at_once(files):
        frame = contents(spark, [address for address, _ in some]).selectExpr(
            "path", "content", f"explode(sequence(0, cast(length div {PIECE} as int))) as piece_no"
        )
        piece = f"substring(content, piece_no * {PIECE} + 1, {PIECE}) as piece"
        with settings(spark, FILE_A_TASK):
            pieces = frame.selectExpr("path", "piece_no", piece).toArrow()
        for row in pieces.sort_by([("path", "ascending"), ("piece_no", "ascending")]).to_batches(
            max_chunksize=1
        ):
            path = into / row["path"][0].as_py().rsplit("/", 1)[-1]
            with path.open("ab") as file:
                file.write(row["piece"][0].as_buffer())
        for address, size in some:
            path = into / address.rsplit("/", 1)[-1]
            if not path.is_file() or path.stat().st_size != size:
                raise DataError(f"{address}: the file changed while it was read; run again")
            brought.append(path)
    return sorted(brought)


def _at_once(files: Sequence[tuple[str, int]]) -> Iterator[list[tuple[str, int]]]:
    some: list[tuple[str, int]] = []
    for file in files:
        if some and sum(size for _, size in some) + file[1] > BROUGHT:
            yield some
            some = []
        some.append(file)
    if some:
        yield some
