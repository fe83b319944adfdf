"""How many rejected records are too many: `max_rejected` of the project file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pyarrow.parquet as pq

from ..errors import DataError
from ..project import Project
from .store import Part

_FEWEST = 30
"""A share of fewer records than this is no share: smaller sources are held to what 30 may lose."""


def is_too_many(project: Project, rejected: int, read: int) -> bool:
    """Whether a source loses more records than the project allows."""
    return rejected > project.max_rejected * max(read, _FEWEST)


def is_too_much(project: Project, lost: int, size: int) -> bool:
    """Whether a source loses more bytes, in files that cannot be read, than the project allows."""
    return 0 < lost >= project.max_rejected * size and project.max_rejected < 1


def check_rejected(project: Project, parts: Sequence[Part]) -> None:
    """Raise DataError where a source loses more than `max_rejected` of its records.

    A file that cannot be read counts as rejected as a whole, by its bytes: how many records it
    holds nobody knows.
    """
    faults = []
    allowed = project.max_rejected
    for number, source in enumerate(project.source, start=1):
        own = [part for part in parts if part.file.source_no == number]
        read = sum(part.entry.rows_read for part in own)
        rejected = sum(part.entry.rows_rejected for part in own)
        size = sum(part.entry.bytes for part in own)
        unread = [part for part in own if part.entry.fault]
        lost = sum(part.entry.bytes for part in unread)
        if unread and is_too_much(project, lost, size):
            faults += [
                f"[[source]] {source.name!r}: {part.entry.name}: {part.entry.fault}"
                for part in unread
            ]
        if is_too_many(project, rejected, read):
            shown = "; ".join(reasons(own))
            faults.append(
                f"[[source]] {source.name!r}: {rejected:,} of {read:,} records "
                f"({rejected / read:.0%}) would be rejected: {shown}"
            )
    if faults:
        listed = "\n".join(f"  - {fault}" for fault in faults)
        raise DataError(
            f"{project.folder}: more than max_rejected = {allowed:g} of a source cannot be used, "
            "so nothing was changed; mend the files or their [[source]], or raise max_rejected in "
            f"the project file:\n{listed}"
        )


def reasons(parts: Sequence[Part]) -> list[str]:
    """The most frequent reasons, each with an example."""
    counts: Counter[tuple[str, str | None]] = Counter()
    examples: dict[tuple[str, str | None], str] = {}
    for part in parts:
        if not part.entry.rows_rejected:
            continue
        table = pq.read_table(
            part.rejects, columns=["row_no", "reason", "column_name", "bad_value"]
        )
        for row in table.slice(0, 10_000).to_pylist():
            key = (row["reason"], row["column_name"])
            counts[key] += 1
            value = "" if row["bad_value"] is None else f" {row['bad_value']!r}"
            examples.setdefault(key, f"{part.entry.name} record {row['row_no']}{value}")
    return [
        f"{reason}{f' ({column})' if column else ''}, for instance {examples[reason, column]}"
        for (reason, column), _ in counts.most_common(3)
    ]
