"""What it takes to unfold a file: its events as JSON lines, and how many there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

LONGEST = 16 << 20
"""Bytes that one event, or one record of several, may have."""


class Damaged(Exception):
    """The file is not what it should be; the message says why."""


@dataclass(frozen=True)
class Unfold:
    """`lines` yields a JSON object an event; `count` finds their number without making them.

    Both read a stream of bytes and raise Damaged. `is_text`: the stream must be UTF-8; otherwise
    the file itself says how it is encoded.
    """

    lines: Callable[[IO[bytes]], Iterator[str]]
    count: Callable[[IO[bytes]], int]
    is_text: bool
