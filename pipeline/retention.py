"""Retention: who comes back after a start, by cohorts and periods that a question names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from . import statistics
from .errors import DataError, nearest
from .questions import answer, named_touchpoints
from .values import moment
from .warehouse import Warehouse

LENGTHS = ("hour", "day", "week", "month", "quarter", "year")
"""How long a period may be."""
MOST_PERIODS = 400
"""So many periods can be looked at, at the most."""
_EPOCH = date(1970, 1, 1)
_MONDAY = -3  # the last Monday before the epoch, in days


@dataclass(frozen=True)
class Cohorts:
    """What a question about retention asks.

    `start` and `returns` name touchpoints, stages or events; none means any event. With
    `recurring` a customer is in the cohort of every period with a start, otherwise only in that of
    the first one ever. `length` None is the reporting period; `since` None the last `periods`
    up to the as-of moment; a text is a date or a time as ISO 8601 writes it. Weeks begin on the
    weekday of `since`, without it on Monday.
    """

    start: Sequence[str] = ()
    returns: Sequence[str] = ()
    recurring: bool = False
    length: str | None = None
    periods: int = 12
    since: date | datetime | str | None = None


def retention(warehouse: Warehouse, asked: Cohorts) -> pd.DataFrame:
    """Return one row per cohort and number of periods since: who was active again.

    Columns: cohort · may_predate (its customers may be older than the log) · periods_since ·
    is_partial · customers · active (in that period; all in the cohort's own) · active_later (in it
    or any later one) · retention_rate, retention_lo, retention_hi (N-day: active / customers)
    · rolling_rate, rolling_lo, rolling_hi (unbounded: active_later / customers). Rates are NaN for
    a period that is not over, and for an empty cohort; periods after the as-of moment have no row.
    Intervals are Wilson's. Periods are those of the clock of the project's time zone.
    """
    length = asked.length or str(warehouse.scalar("select period from cfg_settings"))
    if length not in LENGTHS:
        raise DataError(f"{length!r} is no length of a period; {nearest(length, LENGTHS)}")
    if not 1 <= asked.periods <= MOST_PERIODS:
        raise DataError(f"{asked.periods} periods: ask for 1 to {MOST_PERIODS}")
    since = asked.since
    if isinstance(since, str) or (isinstance(since, datetime) and since.tzinfo is not None):
        since = _moment(warehouse, str(since))
    if since is not None and not isinstance(since, datetime):
        since = datetime.combine(since, time())
    week_starts = _MONDAY if since is None else (since.date() - _EPOCH).days
    first = (
        _last_periods(warehouse, asked.periods, length, week_starts)
        if since is None
        else _number(since, length, week_starts)
    )
    roles = {"start": asked.start, "return": asked.returns}
    rows: dict[str, list[tuple[Any, ...]]] = {
        "asked_retention": [
            (length, week_starts, first, asked.periods, asked.recurring)
            + tuple(not names for names in roles.values())
        ],
        "asked_retention_touchpoints": [
            (role, number)
            for role, names in roles.items()
            for number in named_touchpoints(warehouse, names)
        ],
    }
    answer(warehouse, ["retention_cells"], rows)
    cells = warehouse.frame("from retention_cells order by cohort_no, periods_since")
    cells.insert(0, "cohort", [_label(no, length, week_starts) for no in cells.pop("cohort_no")])
    return _rated(cells)


def all_cohorts(cells: pd.DataFrame) -> pd.DataFrame:
    """Return one row per number of periods since: who was active again, of all cohorts together.

    `cells` is what `retention` returns. A row adds up the cohorts whose period is over, but those
    that may be older than the log; so rows are not of the same cohorts, and may rise. Columns:
    cohort, which is (all) · periods_since · customers · active · active_later · retention_rate ·
    rolling_rate. There are no intervals: a customer may be in several cohorts.
    """
    counted = cells[~cells["is_partial"].astype(bool) & ~cells["may_predate"].astype(bool)]
    counts = ["customers", "active", "active_later"]
    summed = counted.groupby("periods_since", as_index=False)[counts].sum()
    summed = summed[summed["customers"] > 0].reset_index(drop=True)
    summed.insert(0, "cohort", "(all)")
    summed["retention_rate"] = summed["active"] / summed["customers"]
    summed["rolling_rate"] = summed["active_later"] / summed["customers"]
    return summed


def _moment(warehouse: Warehouse, text: str) -> datetime:
    """The moment that a text names, on the clock of the periods."""
    zone = ZoneInfo(str(warehouse.scalar("select timezone from cfg_settings")))
    try:
        found = moment(text, zone)
    except ValueError as error:
        raise DataError(f"since: {error}") from None
    assert isinstance(found, datetime)
    return found.astimezone(zone).replace(tzinfo=None)


def _rated(cells: pd.DataFrame) -> pd.DataFrame:
    rated = cells.copy()
    whole = ~cells["is_partial"].astype(bool) & (cells["customers"] > 0)
    for name, counted in (("retention", "active"), ("rolling", "active_later")):
        lower, upper = statistics.wilson(cells[counted], cells["customers"])
        rated[f"{name}_rate"] = (cells[counted] / cells["customers"]).where(whole)
        rated[f"{name}_lo"] = pd.Series(lower, cells.index).where(whole)
        rated[f"{name}_hi"] = pd.Series(upper, cells.index).where(whole)
    return rated


def _last_periods(warehouse: Warehouse, periods: int, length: str, week_starts: int) -> int:
    """The number of the first of so many periods up to the last."""
    hours = warehouse.rows(
        "select min(hour_no), max(case when is_last then hour_no end) from local_quarters "
        "where has_event or is_last"
    )[0]
    began, ended = (
        _number(datetime(1970, 1, 1) + timedelta(hours=hour), length, week_starts) for hour in hours
    )
    return max(began, ended - periods + 1)


def _number(moment: datetime, length: str, week_starts: int) -> int:
    """The number of the period that holds a moment of the local clock."""
    day = (moment.date() - _EPOCH).days
    month = moment.year * 12 + moment.month - 1
    numbers = {
        "hour": day * 24 + moment.hour,
        "day": day,
        "week": (day - week_starts) // 7,
        "month": month,
        "quarter": month // 3,
        "year": moment.year,
    }
    return numbers[length]


def _label(number: int, length: str, week_starts: int) -> str:
    """The name of a period: 2026-01-31 05:00, 2026-01-31, 2026-W05, 2026-01, 2026-Q1 or 2026.

    Weeks that do not begin on Monday are called by their first day.
    """
    if length == "hour":
        return f"{datetime(1970, 1, 1) + timedelta(hours=number):%Y-%m-%d %H:00}"
    if length in ("day", "week"):
        days = number if length == "day" else week_starts + 7 * number
        first = _EPOCH + timedelta(days=days)
        year, week, weekday = first.isocalendar()
        return f"{year}-W{week:02}" if length == "week" and weekday == 1 else first.isoformat()
    if length == "month":
        return f"{number // 12:04}-{number % 12 + 1:02}"
    return f"{number // 4:04}-Q{number % 4 + 1}" if length == "quarter" else f"{number:04}"
