"""Which known export a file is, told by its columns, and its rows in our columns."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from ..formats import FORMATS, Known
from ..ingest.files import unfolds
from ..project import ID_COLUMNS

_READ = ("occurred_at", "event", *ID_COLUMNS)


def candidates(path: Path) -> list[Known]:
    """Return the known exports whose files, by their ending, are read in a way of their own."""
    is_table = ".tsv" in path.suffixes
    return [
        known for known in FORMATS.values() if unfolds(path, known) or (known.header and is_table)
    ]


def recognised(names: Collection[str]) -> Known | None:
    """Return the known export that most of the columns tell; None: none.

    >>> recognised(["event_timestamp", "event_name", "user_pseudo_id", "geo.country"]).name
    'ga4'
    """
    there = {name[:end] for name in names for end, sign in enumerate(f"{name}.") if sign == "."}
    told = [
        (len(marks), known)
        for known in FORMATS.values()
        for marks in known.marks
        if there.issuperset(marks)
    ]
    return max(told, key=lambda one: one[0])[1] if told else None


def in_our_columns(known: Known, rows: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """Return the rows with the columns that a proposal looks at, each by the first way to a value.

    What a way asks of its value, in brackets, is left to the load.
    """
    ways = {}
    for ours in (name for name in _READ if name in known.columns):
        listed = known.columns[ours]
        ways[ours] = [
            way.split("[")[0] for way in ([listed] if isinstance(listed, str) else listed)
        ]
    return [
        {ours: next((row[way] for way in own if row.get(way)), "") for ours, own in ways.items()}
        for row in rows
    ]
