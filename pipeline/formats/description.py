"""What is known of an export: the meaning of its columns, and what to say about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Ways = str | tuple[str, ...]
"""A way into the record, or several: the first that finds a value; for `sequence`, all of them."""


@dataclass(frozen=True)
class Known:
    """A known export.

    `columns` maps ours to ways into its records, `kept` names what is carried along, with its way.
    `header` are the columns of files that have no header. `files` is what a file is whose ending
    does not tell; `unfold` names how files with the endings of `unfolds` become rows. A file whose
    name holds `provisional` is replaced by the one that is named alike without it. `marks` are sets
    of columns, any of which tells the export where all of them are there. The last five fields are
    what the manual says of it.
    """

    name: str
    columns: Mapping[str, Ways]
    kept: Mapping[str, Ways] = field(default_factory=dict)
    header: tuple[str, ...] = ()
    files: Literal["csv", "jsonl"] = "jsonl"
    unfold: str | None = None
    unfolds: tuple[str, ...] = ()
    timezone: str | None = "UTC"
    time_format: str | None = None
    event: str | None = None
    blank: tuple[str, ...] = ()
    dedupe: Literal["auto", "none"] | None = None
    provisional: str | None = None
    marks: tuple[tuple[str, ...], ...] = ()
    about: str = ""
    time: str = ""
    strong: str = ""
    weak: str = ""
    ties: str = "place in the file"
    repeats: str = ""
