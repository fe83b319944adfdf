"""Names and text as SQL: the one place where either is quoted."""

from __future__ import annotations


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
