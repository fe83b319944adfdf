"""How long something lasts, in the unit that a reader would choose."""

from __future__ import annotations

import math

_UNITS = ((1, "second", 60.0), (60, "minute", 60.0), (3600, "hour", 24.0), (86400, "day", math.inf))


def lasting(seconds: float) -> str:
    """Return a duration in the first unit in which what is shown stays below the next unit.

    One decimal below ten, none where it says nothing; the page's script writes the same.

    >>> [lasting(one) for one in (60, 59.8 * 60, 5400, 23.97 * 3600, 30.4 * 86400)]
    ['1 minute', '1 hour', '1.5 hours', '1 day', '30 days']
    """
    for size, unit, most in _UNITS:
        told = seconds / size
        fine = 10 if size > 1 and told < 9.95 else 1
        shown = math.floor(told * fine + 0.5) / fine
        if shown < most:
            text = f"{shown:,.1f}".removesuffix(".0")
            return f"{text} {unit}{'' if shown == 1 else 's'}"
    return "for ever"
