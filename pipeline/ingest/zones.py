"""Local times that a change of clocks makes doubtful: some never were, some were twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from ..values import DAY_US

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Interval = tuple[int, int]
"""From and until, local time as microseconds since 1970, the end not included."""


@lru_cache(maxsize=64)
def clock_changes(
    zone: str, first_year: int, last_year: int
) -> tuple[list[Interval], list[Interval]]:
    """Return the gaps and the overlaps of a zone's local time, in order.

    >>> gaps, overlaps = clock_changes("Europe/Madrid", 2026, 2026)
    >>> len(gaps), len(overlaps), (gaps[0][1] - gaps[0][0]) // 60_000_000
    (1, 1, 60)
    """
    rules = ZoneInfo(zone)
    gaps: list[Interval] = []
    overlaps: list[Interval] = []
    day = datetime(max(first_year, 1900), 1, 1, tzinfo=UTC)
    end = datetime(min(last_year, 2200), 12, 31, tzinfo=UTC)
    before = _offset(rules, day)
    while day < end:
        next_day = day + timedelta(days=1)
        after = _offset(rules, next_day)
        if after != before:
            moment = _microseconds(_change(rules, day, next_day, before))
            local = sorted((moment + before, moment + after))
            (gaps if after > before else overlaps).append((local[0], local[1]))
        day, before = next_day, after
    return gaps, overlaps


def doubt(column: str, zone: str, first_year: int, last_year: int) -> str:
    """Return the SQL that tells how local microseconds are doubtful: 1 never were, 2 were twice.

    NULL for all others. It looks at the days of changes only, so that it costs next to nothing, if
    `column` is one: an expression would be worked out for every change.
    """
    gaps, overlaps = clock_changes(zone, first_year, last_year)
    days = sorted(
        {place // DAY_US for low, high in (*gaps, *overlaps) for place in (low, high - 1)}
    )
    if not days:
        return "cast(null as utinyint)"
    listed = ", ".join(str(day) for day in days)
    branches = [
        f"when {_within(column, intervals)} then {number}"
        for number, intervals in ((1, gaps), (2, overlaps))
        if intervals
    ]
    return (
        f"cast(case when {column} // {DAY_US} in ({listed}) "
        f"then case {' '.join(branches)} end end as utinyint)"
    )


def _within(column: str, intervals: Sequence[Interval]) -> str:
    """Whether it lies in one of them: as a list, for the column may be a long expression.

    Two comparisons for each change of two centuries took DuckDB two seconds to plan.
    """
    listed = ", ".join(f"[{low}, {high}]" for low, high in intervals)
    inside = f"lambda change: {column} >= change[1] and {column} < change[2]"
    return f"len(list_filter(cast([{listed}] as bigint[][]), {inside})) > 0"


def _offset(rules: ZoneInfo, moment: datetime) -> int:
    shift = moment.astimezone(rules).utcoffset() or timedelta()
    return int(shift / timedelta(microseconds=1))


def _change(rules: ZoneInfo, low: datetime, high: datetime, before: int) -> datetime:
    """The first second between two moments at which the offset is no longer `before`."""
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
        if _offset(rules, middle) == before:
            low = middle
        else:
            high = middle
    return high


def _microseconds(moment: datetime) -> int:
    return int((moment - _EPOCH) / timedelta(microseconds=1))
