"""What decides a figure: the definition card, and fingerprints that tell figures apart."""

from __future__ import annotations

from .asking import definitions, stamp
from .card import card_rows, duration, fingerprint_rows
from .families import FAMILIES, Family

__all__ = [
    "FAMILIES",
    "Family",
    "card_rows",
    "definitions",
    "duration",
    "fingerprint_rows",
    "stamp",
]
