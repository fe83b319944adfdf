"""How the report writes numbers, durations and intervals."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any

import pandas as pd

from ..figures import lasting
from .locales import local

ABSENT = "—"


def is_known(value: Any) -> bool:
    """Return whether there is a value: neither null nor not-a-number."""
    return value is not None and not bool(pd.isna(value))


def count(value: Any) -> str:
    """Return a count with thousands apart.

    >>> count(12098)
    '12,098'
    """
    return local(f"{int(value):,}") if is_known(value) else ABSENT


def sample(value: Any) -> str:
    """Return how many a figure rests on, in one piece on one line.

    >>> sample(1061)
    'n\\xa0=\\xa01,061'
    """
    return f"n\u00a0=\u00a0{count(value)}"


def several(value: Any, noun: str) -> str:
    """Return how many of something: no decimals where they say nothing, and one of one.

    >>> several(1, "contact"), several(16.0, "contact"), several(2.5, "contact")
    ('1 contact', '16 contacts', '2.5 contacts')
    """
    if not is_known(value):
        return f"{ABSENT} {noun}s"
    shown = f"{float(value):,.1f}".removesuffix(".0")
    return f"{local(shown)} {noun}{'' if shown == '1' else 's'}"


def amount(value: Any) -> str:
    """Return an amount: thousands apart, decimals where it is small, two digits of the smallest.

    >>> amount(12098.4), amount(3.14), amount(0.0342), amount(0)
    ('12,098', '3.1', '0.034', '0')
    """
    if not is_known(value):
        return ABSENT
    number = float(value)
    size = abs(float(f"{number:.1e}"))
    if size == 0:
        return "0"
    if size < 1:
        return local(f"{number:.{1 - math.floor(math.log10(size))}f}")
    return local(f"{number:,.0f}" if size >= 100 else f"{number:.1f}")


def percent(value: Any) -> str:
    """Return a share as a percentage; one decimal below ten, where a whole number hides much.

    What is more than none is not written as none, nor what is less than all as all.

    >>> percent(0.1534), percent(0.0471), percent(None), percent(0.0002), percent(0.9996)
    ('15%', '4.7%', '—', '<0.1%', '>99.9%')
    """
    if not is_known(value):
        return ABSENT
    hundredfold = 100 * float(value)
    if 0 < hundredfold < 0.05:
        return f"<{local('0.1%')}"
    if 99.95 <= hundredfold < 100:
        return f">{local('99.9%')}"
    decimals = 1 if 0 < abs(hundredfold) < 9.95 or 99.5 <= hundredfold < 100 else 0
    return local(f"{round(hundredfold, decimals) + 0.0:.{decimals}f}%")


def points(value: Any) -> str:
    """Return a difference of two shares in percentage points, without their name.

    >>> points(-0.0004), points(0.0184)
    ('0.0', '1.8')
    """
    return decimal(100 * float(value), 1) if is_known(value) else ABSENT


def decimal(value: Any, places: int) -> str:
    """Return a number to so many decimals, never minus zero.

    >>> decimal(0.3214, 2), decimal(-0.04, 1)
    ('0.32', '0.0')
    """
    return local(f"{round(float(value), places) + 0.0:,.{places}f}") if is_known(value) else ABSENT


def score(value: Any, unit: str) -> str:
    """Return a survey's figure: a share as a percentage, of a scale as short as ±2 two decimals.

    >>> score(40.62, "-100 to 100"), score(-0.243, "mean of -1 to 1"), score(0.72, "share of 4")
    ('40.6', '−0.24', '72%')
    """
    if unit.startswith("share"):
        return percent(value)
    return decimal(value, 2 if unit.startswith("mean") else 1)


def signed(value: Any) -> str:
    """Return a difference to one decimal with its sign; none where it is zero.

    >>> signed(2.44), signed(-0.04)
    ('+2.4', '0.0')
    """
    rounded = round(float(value), 1) + 0.0
    return local(f"{rounded:+.1f}" if rounded else "0.0")


def interval(low: Any, high: Any) -> str:
    """Return the 95 % interval of a share in words, or that there is none.

    >>> interval(0.147, 0.16)
    '95% interval 14.7–16.0%'
    """
    if not (is_known(low) and is_known(high)):
        return "no interval"
    return f"95% interval {decimal(100 * low, 1)}–{decimal(100 * high, 1)}{local('%')}"


def of_index(low: Any, high: Any) -> str:
    """Return the 95 % interval of an index, in the unit of the index.

    >>> of_index(0.2961, 0.3456)
    '95% interval 0.296–0.346'
    """
    if not (is_known(low) and is_known(high)):
        return "no interval"
    return f"95% interval {decimal(low, 3)}–{decimal(high, 3)}"


def of_difference(low: Any, high: Any) -> str:
    """Return the 95 % interval of a difference of two shares, in percentage points.

    >>> of_difference(-0.002, 0.094)
    '95% interval of the difference −0.2 to 9.4 points'
    """
    if not (is_known(low) and is_known(high)):
        return "no interval of the difference"
    return f"95% interval of the difference {points(low)} to {points(high)} points"


def days(value: Any) -> str:
    """Return a number of days in the unit that a reader would choose.

    >>> days(30.0), days(1.0), days(0.25)
    ('30 days', '1 day', '6 hours')
    """
    return local(lasting(86400 * float(value))) if is_known(value) else ABSENT


def day(value: Any, zone: str) -> str:
    """Return the date of a UTC moment where the project is at home.

    >>> day("2026-01-31 20:00", "Asia/Tokyo")
    '2026-02-01'
    """
    if not is_known(value):
        return ABSENT
    return str(pd.Timestamp(value).tz_localize("UTC").tz_convert(zone).strftime("%Y-%m-%d"))


def cell(value: Any) -> Any:
    """Return a value as JSON holds it: null, a number, true or false, or text."""
    if not is_known(value):
        return None
    if isinstance(value, (pd.Timestamp, datetime)):
        return pd.Timestamp(value).isoformat()
    return value.item() if hasattr(value, "item") else value
