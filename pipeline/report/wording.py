"""How the report writes numbers, durations and intervals."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd

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


def amount(value: Any) -> str:
    """Return an amount: thousands apart, with decimals only where it is small.

    >>> amount(12098.4), amount(3.14)
    ('12,098', '3.1')
    """
    if not is_known(value):
        return ABSENT
    number = float(value)
    return local(f"{number:,.0f}" if abs(number) >= 100 else f"{number:.1f}")


def percent(value: Any) -> str:
    """Return a share as a percentage; one decimal below ten, where a whole number hides much.

    >>> percent(0.1534), percent(0.0471), percent(None)
    ('15%', '4.7%', '—')
    """
    if not is_known(value):
        return ABSENT
    hundredfold = 100 * float(value)
    decimals = 1 if 0 < hundredfold < 9.95 or 99.5 <= hundredfold < 100 else 0
    return local(f"{hundredfold:.{decimals}f}%")


def decimal(value: Any, places: int) -> str:
    """Return a number to so many decimals, never minus zero.

    >>> decimal(0.3214, 2), decimal(-0.04, 1)
    ('0.32', '0.0')
    """
    return local(f"{round(float(value), places) + 0.0:,.{places}f}") if is_known(value) else ABSENT


def score(value: Any, is_share: bool = False) -> str:
    """Return a survey's figure: a share as a percentage, others to one decimal, never minus zero.

    >>> score(-0.04), score(40.62), score(0.72, True)
    ('0.0', '40.6', '72%')
    """
    if is_share:
        return percent(value)
    return decimal(value, 1)


def signed(value: Any) -> str:
    """Return a difference to one decimal with its sign; none where it is zero.

    >>> signed(2.44), signed(-0.04)
    ('+2.4', '0.0')
    """
    rounded = round(float(value), 1) + 0.0
    return local(f"{rounded:+.1f}" if rounded else "0.0")


def interval(low: Any, high: Any) -> str:
    """Return the 95 % interval in words, or that there is none.

    >>> interval(0.147, 0.16)
    '95% interval 14.7–16.0%'
    """
    if not (is_known(low) and is_known(high)):
        return "no interval"
    return f"95% interval {decimal(100 * low, 1)}–{decimal(100 * high, 1)}{local('%')}"


def days(value: Any) -> str:
    """Return a number of days in the unit that a reader would choose.

    >>> days(30.0), days(1.0), days(0.25)
    ('30 days', '1 day', '6.0 hours')
    """
    if not is_known(value):
        return ABSENT
    number = float(value)
    if number < 1:
        hours = number * 24
        return f"{decimal(hours, 1)} hours" if hours >= 1 else f"{hours * 60:.0f} minutes"
    whole = number == round(number) or number >= 10
    shown = decimal(number, 0 if whole else 1)
    return f"{shown} day{'' if shown == '1' else 's'}"


def moment(value: Any) -> str:
    """Return a UTC moment to the minute."""
    if not is_known(value):
        return ABSENT
    return str(pd.Timestamp(value).strftime("%Y-%m-%d %H:%M"))


def day(value: Any) -> str:
    """Return the date of a moment."""
    return pd.Timestamp(value).strftime("%Y-%m-%d") if is_known(value) else ABSENT


def cell(value: Any) -> Any:
    """Return a value as JSON holds it: null, a number, true or false, or text."""
    if not is_known(value):
        return None
    if isinstance(value, (pd.Timestamp, datetime)):
        return pd.Timestamp(value).isoformat()
    return value.item() if hasattr(value, "item") else value
