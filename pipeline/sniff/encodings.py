"""How the letters of a text file are written, guessed by its first bytes."""

from __future__ import annotations

import codecs
from pathlib import Path

from ..ingest.endings import format_of
from ..ingest.streams import open_plain

_START = 4 << 20
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)


def guessed_encoding(path: Path) -> str:
    """Return `utf-8` where nothing speaks against it or the file tells itself, else a likely one.

    Letters of Western Europe are guessed where bytes are no UTF-8: nothing in them tells more.
    """
    if format_of(path) not in ("csv", "jsonl"):
        return "utf-8"
    with open_plain(path) as plain:
        start = plain.read(_START)
    if start.startswith(_MARKS):
        return "utf-8"
    if b"\0" in start:
        return "utf-16-le" if start[1::2].count(0) >= start[::2].count(0) else "utf-16-be"
    for name in ("utf-8", "cp1252"):
        try:
            codecs.getincrementaldecoder(name)().decode(start)
        except UnicodeDecodeError:
            continue
        return name
    return "latin-1"
