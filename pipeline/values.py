"""Values of the project file as a user writes them: lengths of time, zones, moments, encodings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from .errors import nearest

TIME_FORMATS = ("iso", "epoch_s", "epoch_ms", "epoch_us", "epoch_ns")
"""Ways of writing times that have a name; any other is a strptime pattern."""

DAY_US = 86_400_000_000

_DIRECTIVE = re.compile(r"%(?:[abcdfghjmnpuwxyzABGHIMSTUVWXYZ%]|-[djmyHIMS])")
_OTHER_CLOCKS = ("localtime", "posix", "right/")
"""Names that are another on each machine, or that DuckDB does not know."""
_NO_ENCODINGS = ("idna", "punycode", "undefined", "mbcs", "oem")
_UNITS = {
    **dict.fromkeys(("us", "µs"), 1),
    "ms": 1_000,
    **dict.fromkeys(("s", "sec", "second", "seconds"), 1_000_000),
    **dict.fromkeys(("min", "minute", "minutes"), 60_000_000),
    **dict.fromkeys(("h", "hour", "hours"), 3_600_000_000),
    **dict.fromkeys(("d", "day", "days"), DAY_US),
    **dict.fromkeys(("w", "week", "weeks"), 7 * DAY_US),
}
_LONGEST = 366_000 * DAY_US  # a thousand years: more would overflow sums of times


def microseconds(text: object) -> int:
    """Return the length of time that `text` names, in microseconds.

    >>> microseconds("30 min")
    1800000000
    """
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([a-zµ]+)\s*", str(text))
    if not found or found[2] not in _UNITS:
        raise ValueError(f"{text!r} is not a length of time; write for instance '30 min' or '14 d'")
    if float(found[1]) * _UNITS[found[2]] > _LONGEST:
        raise ValueError(f"{text!r} is longer than a thousand years; write a shorter time")
    return round(float(found[1]) * _UNITS[found[2]])


def zone(text: object) -> object:
    """Return the name of a time zone as it is; refuse one that nobody knows."""
    try:
        ZoneInfo(str(text))
        if str(text).startswith(_OTHER_CLOCKS):
            raise ValueError(text)
    except Exception:
        cities = [name for name in available_timezones() if "/" in name]
        hint = nearest(str(text), cities) if "/" in str(text) else ""
        if not hint.startswith("did you"):
            hint = "write a name such as 'UTC' or 'Europe/Madrid'"
        raise ValueError(f"{text!r} is not a time zone; {hint}") from None
    return text


def moment(value: object, clock: tzinfo = UTC) -> object:
    """Return the moment that a date, a time or its text names, by `clock` where it says no zone."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise ValueError(
                f"{value!r} is no moment; write for instance 2026-01-31T00:00:00Z"
            ) from None
    if not isinstance(value, date):  # a number would be read as seconds
        raise ValueError("this is no moment; write for instance 2026-01-31T00:00:00Z")
    if not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    if isinstance(value, datetime) and value.tzinfo is None:
        value = value.replace(tzinfo=clock)
    return value


def encoding(name: object) -> object:
    """Return the name of a text encoding as it is; refuse one that Python does not know."""
    try:
        b"a".decode(str(name) if str(name) not in _NO_ENCODINGS else "")
    except UnicodeError:
        return name  # of two bytes or four for each letter
    except (LookupError, ValueError):
        raise ValueError(
            f"{name!r} is no encoding; write for instance 'utf-8', 'latin-1' or 'cp1252'"
        ) from None
    return name


def time_format(text: object) -> object:
    """Return a way of writing times as it is; refuse what is neither a name nor a pattern."""
    rest = _DIRECTIVE.sub("", str(text))
    if text in TIME_FORMATS or ("%" not in rest and rest != text):
        return text
    raise ValueError(
        f"{text!r} is no way of writing times; write {', '.join(map(repr, TIME_FORMATS))}, or a "
        "pattern such as '%d/%m/%Y %H:%M'"
    )


def listed(value: object) -> object:
    """Return one text as a list of one."""
    return [value] if isinstance(value, str) else value


def filled(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return texts as they are; refuse an empty one, which would name a whole folder."""
    if not all(text.strip() for text in texts):
        raise ValueError(
            "one of them is empty; name a file, a pattern or a folder ('.' is this one)"
        )
    return texts


class Step(NamedTuple):
    """A step of an intended path."""

    stage: str
    is_optional: bool
    is_repeatable: bool


def steps(path: Sequence[str], stages: Sequence[str]) -> tuple[Step, ...]:
    """Return the steps that `path` lists: `?` behind one says optional, `+` repeatable, `*` both.

    A stage whose own name ends so is that stage.

    >>> steps(["Cart", "Order+"], ["Cart", "Order"])[1]
    Step(stage='Order', is_optional=False, is_repeatable=True)
    """
    found: list[Step] = []
    for text in path:
        is_plain = text in stages or text[-1:] not in ("?", "+", "*")
        stage, mark = (text, "") if is_plain else (text[:-1].rstrip(), text[-1])
        if stage not in stages:
            raise ValueError(f"{text!r} is no stage of this map; {nearest(stage, stages)}")
        if found and found[-1].stage == stage:
            raise ValueError(
                f'stage {stage!r} stands there twice in a row; write "{stage}+" where it may be '
                "returned to"
            )
        found.append(Step(stage, mark in ("?", "*"), mark in ("+", "*")))
    return tuple(found)
