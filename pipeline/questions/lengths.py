"""Lengths of time in a question."""

from __future__ import annotations

from ..errors import DataError
from ..values import microseconds


def length(text: str | None, where: str) -> int | None:
    """Return a length of time in microseconds; None where it says none. Raises DataError."""
    if text is None or text == "none":
        return None
    try:
        return microseconds(text)
    except ValueError as error:
        raise DataError(f"{where}: {error}") from None
