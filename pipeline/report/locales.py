"""How numbers are written where the report is read: marks for thousands, decimals and percent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

_THIN, _SPACE = "\u202f", "\u00a0"
MINUS = "\u2212"


@dataclass(frozen=True)
class Marks:
    """What stands between thousands, before decimals, and after a percentage."""

    thousands: str = ","
    decimal: str = "."
    percent: str = "%"


MARKS = {
    "en-US": Marks(),
    "en-GB": Marks(),
    "de-DE": Marks(".", ",", f"{_SPACE}%"),
    "de-CH": Marks("’", ".", "%"),
    "es-ES": Marks(".", ",", f"{_SPACE}%"),
    "fr-FR": Marks(_THIN, ",", f"{_THIN}%"),
    "it-IT": Marks(".", ",", "%"),
    "nl-NL": Marks(".", ",", "%"),
    "pl-PL": Marks(_SPACE, ",", "%"),
    "pt-BR": Marks(".", ",", "%"),
    "sv-SE": Marks(_SPACE, ",", f"{_SPACE}%"),
}

_now: ContextVar[Marks] = ContextVar("marks", default=MARKS["en-US"])


@contextmanager
def written_as(locale: str) -> Iterator[Marks]:
    """Write numbers as a locale does, as long as the context lasts."""
    token = _now.set(MARKS[locale])
    try:
        yield _now.get()
    finally:
        _now.reset(token)


def local(text: str) -> str:
    """Return a number in English marks as it is written here, below zero with a minus sign.

    >>> with written_as("de-DE"):
    ...     local("1,234.5"), local("-4.7%")
    ('1.234,5', '−4,7\\xa0%')
    """
    here = _now.get()
    return text.translate(
        {
            ord(","): here.thousands,
            ord("."): here.decimal,
            ord("%"): here.percent,
            ord("-"): MINUS,
        }
    )
