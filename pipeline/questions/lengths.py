"""Lengths of time in a question."""

from __future__ import annotations

from ..errors import DataError
from ..values import microseconds


def at_least(least: int, value: int | None, where: str) -> None:
    """Raise DataError where a number is given that is too small."""
    if value is not None and value < least:
        raise DataError(f"{where} = {value}: it is at least {least}")


def length(text: str | None, where: str) -> int | None:
    """Return a length of time in microseconds; None where it says none. Raises DataError."""
    if text is None or text == "none":
        return None
    try:
        return microseconds(text)
    except ValueError as error:
        raise DataError(f"{where}: {error}") from None
