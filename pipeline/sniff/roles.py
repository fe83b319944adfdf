"""Which column is what: proposed by its name, and by what stands in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from ..ingest.times import EPOCH_UNITS, fitting_formats
from ..project import ID_COLUMNS, NUMBER_COLUMNS

# The best pattern of a role comes first; a column serves one role.
_ROLES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "occurred_at",
        (
            r"(event_?|derived_?|time:)(time_?stamp|tstamp|date_?time|time|at|date)",
            r"(time_?stamp|tstamp|date_?time|occurred(_?at)?|ts|time|date|at)",
            r".*(click|order|invoice|purchase|event|send|sent|start|creat|log|answer|chang).*",
            r".*(time|timestamp|tstamp|date|_at|_ts)",
        ),
    ),
    ("event_id", (r"event_?id", r"(message|insert|response)_?id|uuid", r"id")),
    (
        "event",
        (r"event_?name", r"concept:name|activity", r"action|event|event_?type", r"type|status"),
    ),
    ("email", (r"(.*[._])?(e_?mail|recipient)([._](email|address))?",)),
    (
        "user_id",
        (
            r"user_?id",
            r"(customer|client|member|person|reviewer|visitor|requester)_?(id|no|ref|number|key)",
            r"user|customer|client|member|who|case_?id|case:concept:name",
        ),
    ),
    ("phone", (r".*(phone|msisdn|mobile)(_?(no|number))?",)),
    ("crm_id", (r"(crm|contact|lead)_?id",)),
    ("account_id", (r"(account|company)_?id",)),
    ("device_id", (r"domain_userid|user_pseudo_id", r"(device|anonymous)_?id|network_userid")),
    ("cookie_id", (r"(.*[._])?cookie(_?id)?",)),
    ("session_key", (r"(domain_|ga_)?session_?id|session|domain_sessionid",)),
    (
        "channel",
        (r"channel|.*utm_source|acquisition_channel|case:channel", r"mkt_medium|medium|network"),
    ),
    ("campaign", (r".*(utm|mkt)_campaign|campaign([._]name)?",)),
    ("device", (r"(.*[._])?device(_?type)?", r"platform")),
    ("country", (r"(geo_)?country",)),
    ("value", (r"(order_?)?(value|revenue|amount|total)|tr_total",)),
    ("currency", (r"currency",)),
    ("order_id", (r"(order|invoice|transaction)_?(id|no|number)?|tr_orderid",)),
    ("cost", (r"costs?(_.*)?",)),
    ("score", (r"score|rating|nps|csat",)),
)
_MOST_EVENTS = 500
_MANY = 20


def roles(values: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return our columns and the export's columns that probably hold them; ours = theirs."""
    found: dict[str, str] = {}
    for role, patterns in _ROLES:
        fits = _FITS.get(role, any)
        for pattern in patterns:
            for name, cells in values.items():
                is_free = role not in found and name not in found.values()
                is_free &= not (role in ID_COLUMNS and _is_ours(name))
                if is_free and _is_called(name, pattern) and fits(cells):
                    found[role] = name
    if "occurred_at" not in found:
        free = [name for name in values if name not in found.values()]
        moment = next((name for name in free if _are_written_times(values[name])), None)
        found |= {"occurred_at": moment} if moment else {}
    if not found.keys() & {"email", "user_id"}:
        free = [name for name in values if name not in found.values() and not _is_ours(name)]
        address = next((name for name in free if _are_addresses(values[name])), None)
        found |= {"email": address} if address else {}
    return {role: found[role] for role, _ in _ROLES if role in found}


def _is_called(name: str, pattern: str) -> bool:
    """Whether a column is called so, as systems write it, or as people do: `Event Name`."""
    written = name.strip().lower()
    return any(re.fullmatch(pattern, one) for one in (written, re.sub(r"[\s.\-]+", "_", written)))


def _is_ours(name: str) -> bool:
    """Whether the column is about who works here, not about a customer."""
    return bool(re.search(r"agent|staff|sender|owner|assignee|resource|responsible", name.lower()))


def id_columns(columns: Mapping[str, str]) -> list[str]:
    """Return the export's columns that hold ids of customers, the strongest first."""
    return [columns[role] for role in ID_COLUMNS if role in columns]


def time_formats(values: Sequence[str]) -> list[str]:
    """Return every format that fits the values, a few broken ones aside, the likeliest first.

    Where day and month cannot be told apart, exports that cover the shorter time are likelier.
    """
    counts = Counter((value[:6], len(value)) for value in values)
    shapes = {(value[:6], len(value)): value for value in values}
    usual = counts.most_common(2_000)
    fits: Counter[str] = Counter()
    for shape, count in usual:
        fits.update(dict.fromkeys(fitting_formats([shapes[shape]]), count))
    most = max(fits.values(), default=0)
    whole = [name for name in fits if fits[name] == most >= 0.9 * sum(n for _, n in usual)]
    seen = [shapes[shape] for shape, _ in usual]
    return whole if len(whole) < 2 else sorted(whole, key=lambda name: _span(name, seen))


def _span(pattern: str, values: Sequence[str]) -> float:
    if pattern in EPOCH_UNITS:
        return 0.0
    times = []
    for value in values:
        try:
            times.append(datetime.strptime(value, pattern))
        except ValueError:
            continue
    return (max(times) - min(times)).total_seconds() if times else 0.0


def _are_times(values: Sequence[str]) -> bool:
    """Whether they are times, and not one and the same in many rows: that is of something else."""
    told = [value for value in values if value]
    return bool(time_formats(told)) and (len(told) < _MANY or len(set(told)) > 1)


def _are_written_times(values: Sequence[str]) -> bool:
    """Whether they are times by what stands there alone: numbers are not."""
    formats = time_formats([value for value in values if value])
    return bool(formats) and formats[0] not in EPOCH_UNITS


def _are_distinct(values: Sequence[str]) -> bool:
    seen = [value for value in values if value]
    return len(set(seen)) > 0.8 * len(values)


def _are_events(values: Sequence[str]) -> bool:
    seen = [value for value in values if value]
    return bool(seen) and len(set(seen)) <= max(_MOST_EVENTS, len(seen) // 20)


def _are_numbers(values: Sequence[str]) -> bool:
    seen = [value for value in values if value]
    numbers = [value for value in seen if re.fullmatch(r"[+-]?\d*\.?\d+(e[+-]?\d+)?", value, re.I)]
    return bool(seen) and len(numbers) >= 0.95 * len(seen)


def _are_addresses(values: Sequence[str]) -> bool:
    seen = [value for value in values if value]
    listed = [value for value in seen if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value)]
    return bool(seen) and len(listed) >= 0.8 * len(seen)


_FITS: dict[str, Callable[[Sequence[str]], bool]] = {
    "occurred_at": _are_times,
    "event_id": _are_distinct,
    "event": _are_events,
    "email": _are_addresses,
    **dict.fromkeys(NUMBER_COLUMNS, _are_numbers),
}
