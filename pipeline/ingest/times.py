"""How a column of times is written: found for the column as a whole, never row by row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from ..errors import DataError
from ..warehouse import literal

EPOCH_UNITS = {"epoch_s": 1_000_000, "epoch_ms": 1_000, "epoch_us": 1, "epoch_ns": 0}
_DAY = r"\d{4}-\d{2}-\d{2}"
_NAIVE = _DAY + r"([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?"
_COMMA = _DAY + r"[T ]\d{2}:\d{2}:\d{2},\d+"
_OFFSET = r" ?(Z|UTC|[+-](0\d|1[0-4])(:?[0-5]\d)?)"
_ZONED = _DAY + r"[T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?" + _OFFSET
_ISO = f"({_NAIVE}|{_COMMA}|{_ZONED})"
_CLOCKS = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p")
_DATES = ("%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y/%m/%d", "%Y%m%d")
_EARLIEST, _LATEST = (datetime(year, 1, 1, tzinfo=UTC).timestamp() for year in (1990, 2100))


def fitting_formats(values: Iterable[str]) -> list[str]:
    """Return every way of writing times that fits all the values, best first; all fit no value.

    >>> fitting_formats(["01/02/2026", "13/02/2026"])
    ['%d/%m/%Y']
    """
    seen = [value.strip() for value in values if value.strip()]
    if all(re.fullmatch(_ISO, value) for value in seen):
        return ["iso"]
    found = [unit for unit in EPOCH_UNITS if all(_is_epoch(value, unit) for value in seen)]
    if found:
        return found
    return [
        date + clock
        for date in _DATES
        for clock in _CLOCKS
        if all(_fits(value, date + clock) for value in seen)
    ]


def one_format(fitting: Sequence[Sequence[str]], examples: Sequence[str], where: str) -> str:
    """Return the one format that fits every file; raises DataError where none or several do."""
    common = [
        name
        for name in (fitting[0] if fitting else ["iso"])
        if all(name in fits for fits in fitting)
    ]
    shown = ", ".join(repr(value) for value in examples[:3])
    if not common:
        raise DataError(
            f"{where}: no known way of writing times fits all values (for instance {shown}); set "
            "time_format in its [[source]]: 'iso', 'epoch_s', 'epoch_ms', 'epoch_us', 'epoch_ns' "
            "or a pattern such as '%d/%m/%Y %H:%M'"
        )
    if len(common) > 1:
        choices = " or ".join(repr(name) for name in common)
        raise DataError(
            f"{where}: day and month cannot be told apart (for instance {shown}); set "
            f"time_format = {choices} in its [[source]]"
        )
    return common[0]


def _is_epoch(value: str, unit: str) -> bool:
    if not re.fullmatch(r"-?\d{1,20}(\.\d+)?", value) or re.fullmatch(r"(19|20)\d{6}", value):
        return False
    scale = {"epoch_s": 1, "epoch_ms": 1e3, "epoch_us": 1e6, "epoch_ns": 1e9}[unit]
    return _EARLIEST <= float(value) / scale <= _LATEST


def _fits(value: str, pattern: str) -> bool:
    try:
        datetime.strptime(value, pattern)
    except ValueError:
        return False
    return True


@dataclass(frozen=True)
class Moment:
    """SQL of a time: as local microseconds, NULL where the value says its zone, and as UTC ones.

    `utc` reads the column `local_us`, which holds `local`.
    """

    local: str
    utc: str


def text_moment(column: str, time_format: str, zone: str) -> Moment:
    """Return the SQL that reads a time from a text column; both are NULL where it is no time."""
    none = "cast(null as bigint)"
    if time_format in EPOCH_UNITS:
        number = f"try_cast({column} as decimal(38, 6))"
        if time_format == "epoch_ns":
            return Moment(none, f"try_cast(floor(try({number} * 0.001)) as bigint)")
        return Moment(none, f"try_cast(try({number} * {EPOCH_UNITS[time_format]}) as bigint)")
    if time_format == "iso":
        pointed = f"replace({column}, ',', '.')"
        joined = f"regexp_replace({pointed}, ' ([Z+-])', '\\1')"  # 10:00:00 +0100
        return Moment(
            f"case when regexp_full_match({column}, {literal(_NAIVE)}) "
            f"then epoch_us(try_cast({column} as timestamp)) "
            f"when contains({column}, ',') and regexp_full_match({column}, {literal(_COMMA)}) "
            f"then epoch_us(try_cast({pointed} as timestamp)) end",
            f"case when local_us is not null then {_in_zone(zone)} "
            f"when regexp_full_match({column}, {literal(_ZONED)}) "
            f"then epoch_us(try_cast({joined} as timestamptz)) end",
        )
    read = f"epoch_us(try_strptime({column}, {literal(time_format)}))"
    if "%z" in time_format or "%Z" in time_format:  # DuckDB reads a name of a zone, too
        return Moment(none, read)
    return Moment(read, _in_zone(zone))


def fast_moment(slow: Moment) -> Moment:
    """Return the SQL that takes the columns of `clock`, and reads the text where they are NULL."""
    return Moment(
        f"case when utc_fast is null then coalesce(local_fast, {slow.local}) end",
        f"coalesce(utc_fast, {slow.utc})",
    )


def typed_moment(column: str, kind: str, zone: str) -> Moment | None:
    """Return the SQL for a Parquet column that already is a time; None where it is not one."""
    if not kind.startswith(("timestamp", "date")):
        return None
    read = microseconds(column, kind)
    if "tz=" in kind:
        return Moment("cast(null as bigint)", read)
    return Moment(read, _in_zone(zone))


def microseconds(column: str, kind: str) -> str:
    """Return the SQL of a Parquet time column as microseconds: UTC ones if it has a zone."""
    return f"epoch_us(cast({column} as {'timestamptz' if 'tz=' in kind else 'timestamp'}))"


def _in_zone(zone: str) -> str:
    if zone in ("UTC", "Etc/UTC"):
        return "local_us"
    return f"epoch_us(make_timestamp(local_us) at time zone {literal(zone)})"
