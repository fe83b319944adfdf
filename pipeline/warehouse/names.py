"""Names and text as SQL: the one place where either is quoted."""

from __future__ import annotations

from collections.abc import Sequence

_LISTED = 4
"""A longer list DuckDB joins to the rows, with a hash of its own for each time that it is asked."""


def quote(name: str) -> str:
    """Return `name` as a quoted SQL identifier.

    >>> quote('a "b"')
    '"a ""b""\"'
    """
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return `text` as a quoted SQL string.

    >>> literal("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def among(sql: str, texts: Sequence[str]) -> str:
    """Return SQL that tells whether a text is one of these.

    >>> among("a", ["1", "2", "3", "4", "5"])
    "(a in ('1', '2', '3', '4') or a in ('5'))"
    """
    lists = (texts[start : start + _LISTED] for start in range(0, len(texts), _LISTED))
    asked = (f"{sql} in ({', '.join(map(literal, some))})" for some in lists)
    return f"({' or '.join(asked)})"
