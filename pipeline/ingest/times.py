"""How a column of times is written: found for the column as a whole, never row by row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from ..errors import DataError
from ..warehouse import literal

EPOCH_UNITS = {"epoch_s": 1_000_000, "epoch_ms": 1_000, "epoch_us": 1, "epoch_ns": 0}
_ISO = r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?)?( ?(Z|UTC|[+-]\d{2}(:?\d{2})?))?"
_ZONED = r".{11,}(Z|UTC|[+-]\d{2}(:?\d{2})?)"
_CLOCKS = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p")
_DATES = ("%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y/%m/%d", "%Y%m%d")
_EARLIEST, _LATEST = datetime(1990, 1, 1).timestamp(), datetime(2100, 1, 1).timestamp()


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


def text_to_microseconds(column: str, time_format: str, zone: str) -> str:
    """Return the SQL that turns a text column into UTC microseconds, NULL where it is no time."""
    if time_format in EPOCH_UNITS:
        number = f"try_cast({column} as decimal(38, 6))"
        if time_format == "epoch_ns":
            return f"try_cast(floor({number} / 1000) as bigint)"
        return f"try_cast({number} * {EPOCH_UNITS[time_format]} as bigint)"
    if time_format == "iso":
        naive = _in_zone(f"try_cast({column} as timestamp)", zone)
        return (
            f"case when not regexp_full_match({column}, {literal(_ISO)}) then null "
            f"when regexp_full_match({column}, {literal(_ZONED)}) "
            f"then epoch_us(try_cast(replace({column}, ',', '.') as timestamptz)) "
            f"else {naive} end"
        )
    if "%z" in time_format:
        return f"epoch_us(try_strptime({column}, {literal(time_format)}))"
    return _in_zone(f"try_strptime({column}, {literal(time_format)})", zone)


def typed_to_microseconds(column: str, kind: str, zone: str) -> str | None:
    """Return the SQL for a Parquet column that already is a time; None where it is not one."""
    if kind.startswith("timestamp") and "tz=" in kind:
        return f"epoch_us(cast({column} as timestamptz))"
    if kind.startswith(("timestamp", "date")):
        return _in_zone(f"cast({column} as timestamp)", zone)
    return None


def _in_zone(moment: str, zone: str) -> str:
    if zone in ("UTC", "Etc/UTC"):
        return f"epoch_us({moment})"
    return f"epoch_us({moment} at time zone {literal(zone)})"
