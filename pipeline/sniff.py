"""A first project file, proposed by looking at the exports: columns, times, events."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import DataError
from .ingest.files import InputFile, format_of
from .ingest.records import peek_rows
from .ingest.streams import open_plain
from .ingest.times import fitting_formats
from .project import Source

_ROWS = 2_000
_EVENTS = 40
_ROLES: tuple[tuple[str, str], ...] = (
    (
        "occurred_at",
        r"(event_?)?(time_?stamp|tstamp|date_?time|time|date|ts|at|created|occurred).*",
    ),
    ("occurred_at", r".*(time|timestamp|tstamp|date|_at|_ts)"),
    ("event_id", r"(event_?id|message_?id|insert_?id|uuid)"),
    ("event", r"(event|event_?name|event_?type|action|activity|concept:name|type)"),
    (
        "user_id",
        r"(user_?id|user|customer_?id|customer|client_?id|member_?id|case.*concept:name|who)",
    ),
    ("email", r".*(e_?mail|recipient)(\.(email|address))?"),
    ("phone", r".*(phone|msisdn|mobile)"),
    ("crm_id", r"(crm_?id|contact_?id|lead_?id)"),
    ("account_id", r"(account_?id|company_?id)"),
    ("device_id", r"(device_?id|anonymous_?id|domain_userid|user_pseudo_id)"),
    ("cookie_id", r"(.*\.)?cookie(_?id)?"),
    ("session_key", r"(session_?id|session|ga_session_id)"),
    ("channel", r"(channel|.*utm_source|acquisition_channel|traffic_source|medium|network)"),
    ("campaign", r"(.*utm_campaign|campaign(_?name)?|campaign\.name)"),
    ("device", r"(device|device_?type|platform|context\.device)"),
    ("country", r"(country|geo_country)"),
    ("value", r"(value|revenue|amount|total|price|order_?value)"),
    ("currency", r"currency"),
    ("order_id", r"(order_?id|order|invoice(_?no)?|transaction_?id)"),
    ("cost", r"cost(_.*)?"),
    ("score", r"(score|rating|nps|csat)"),
)


@dataclass(frozen=True)
class _Export:
    """What a look at one group of like files found."""

    name: str
    pattern: str
    format: str
    columns: dict[str, str]
    time_format: str | None
    time_example: str
    ambiguous: tuple[str, ...]
    is_zoned: bool
    events: list[tuple[str, int]]
    other_columns: list[str]


def propose(exports: Sequence[Path], folder: Path) -> str:
    """Return a commented project file for the exports; `folder` is where it will stand.

    Raises DataError where there is no file that can be read.
    """
    files = [file for path in exports for file in _files(path)]
    if not files:
        shown = ", ".join(str(path) for path in exports)
        raise DataError(f"{shown}: there is no .csv, .tsv, .jsonl or .parquet file")
    groups: dict[tuple[str, ...], list[Path]] = {}
    for path in sorted(files):
        names, _ = _peek(path)
        groups.setdefault((str(path.parent), format_of(path) or "", *sorted(names)), []).append(
            path
        )
    found: list[_Export] = []
    for paths in groups.values():
        taken = {one.name for one in found}
        found.append(_look(paths, folder, taken))
    return _text(found)


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return [file for file in path.rglob("*") if file.is_file() and _is_export(file)]
    return [path] if format_of(path) else []


def _is_export(path: Path) -> bool:
    return format_of(path) is not None and not any(part.startswith(".") for part in path.parts)


def _peek(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """Column names and first rows of a file; nested JSON keys are joined by dots."""
    if format_of(path) == "jsonl":
        rows = []
        with open_plain(path) as plain:
            for _, line in zip(range(_ROWS), plain, strict=False):
                try:
                    rows.append(_flat(json.loads(line)))
                except ValueError:
                    continue
        return list(dict.fromkeys(name for row in rows for name in row)), rows
    kind = format_of(path) or "csv"
    source = Source(name="look", files=(str(path),), columns={"occurred_at": "?"})
    names, listed = peek_rows(InputFile(source, 1, path, path.name, kind), _ROWS)
    return names, [
        {name: "" if cell is None else str(cell) for name, cell in zip(names, row, strict=True)}
        for row in listed
    ]


def _flat(value: Any, prefix: str = "") -> dict[str, str]:
    if not isinstance(value, dict):
        return {}
    found: dict[str, str] = {}
    for key, inner in value.items():
        if isinstance(inner, dict):
            found |= _flat(inner, f"{prefix}{key}.")
        elif not isinstance(inner, list):
            found[f"{prefix}{key}"] = "" if inner is None else str(inner)
    return found


def _look(paths: list[Path], folder: Path, taken: set[str]) -> _Export:
    path = paths[0]
    names, rows = _peek(path)
    values = {name: [row.get(name, "") for row in rows] for name in names}
    columns: dict[str, str] = {}
    formats: list[str] = []
    for role, pattern in _ROLES:
        for name in names:
            if role in columns or name in columns.values():
                continue
            if re.fullmatch(pattern, name.strip().lower()) and any(values[name]):
                fits = _time_formats(values[name]) if role == "occurred_at" else []
                if role != "occurred_at" or fits:
                    columns[role] = name
                    formats = fits or formats
    times = [value for value in values.get(columns.get("occurred_at", ""), []) if value]
    events = Counter(value for value in values.get(columns.get("event", ""), []) if value)
    name = _source_name(path, folder, taken)
    return _Export(
        name=name,
        pattern=_pattern(paths, folder),
        format=format_of(path) or "csv",
        columns=columns,
        time_format=formats[0] if len(formats) == 1 else None,
        time_example=times[0] if times else "",
        ambiguous=tuple(formats) if len(formats) > 1 else (),
        is_zoned=bool(times)
        and all(re.search(r".{11,}(Z|[+-]\d\d:?\d\d)$", time) for time in times),
        events=sorted(events.items(), key=lambda one: (-one[1], one[0]))[:_EVENTS],
        other_columns=[name for name in names if name not in columns.values()],
    )


def _time_formats(values: list[str]) -> list[str]:
    """Formats that fit all values, a few broken ones aside."""
    seen = [value.strip() for value in values if value.strip()]
    whole = fitting_formats(seen)
    if whole or not seen:
        return whole if seen else []
    fits = Counter(name for value in seen for name in fitting_formats([value]))
    most = max(fits.values(), default=0)
    return (
        [name for name, count in fits.items() if count == most] if most >= 0.9 * len(seen) else []
    )


def _source_name(path: Path, folder: Path, taken: set[str]) -> str:
    stem = re.split(r"[.]", path.name)[0]
    outside = path.resolve().parent == folder.resolve()
    base = stem if outside or path.parent.name in ("", "data", "exports") else path.parent.name
    base = re.sub(r"[^A-Za-z0-9]+", "_", base).strip("_").lower() or "source"
    number = 1
    name = base
    while name in taken:
        number += 1
        name = f"{base}_{number}"
    return name


def _pattern(paths: list[Path], folder: Path) -> str:
    shown = []
    for path in paths:
        try:
            shown.append(path.resolve().relative_to(folder.resolve()).as_posix())
        except ValueError:
            shown.append(path.resolve().as_posix())
    if len(shown) == 1:
        return shown[0]
    parent, _, first = shown[0].rpartition("/")
    start = re.match(r"[^\d]*", first)
    ending = "".join(Path(first).suffixes)
    return f"{parent}/{start[0] if start else ''}*{ending}".lstrip("/")


def _text(exports: list[_Export]) -> str:
    lines = [
        "# Proposed by 'squiggle init' from a look at the exports. Read every line: what it could not",
        "# know is marked with '?'. All keys are explained in the README.",
        "",
        'name = "journeys"',
        'timezone = "UTC"                 # ? zone of times that carry none, and of days in reports',
    ]
    for one in exports:
        lines += ["", *_source_lines(one)]
    lines += [
        "",
        "[session]",
        'gap = "30 min"                   # a longer silence starts a new session',
        "",
        "[[map]]                          # what is asked of the journeys",
        'name = "acquisition"',
        'stages = ["Awareness", "Interest", "Consideration", "Purchase"]   # ? in their intended order',
        'goal = "Purchase"                # reaching it closes the journey as converted',
        'silence = "30 d"                 # ? so long without an event, and the journey is dropped',
        'within = "30 d"                  # drop-off is read so long after a stage was reached',
        "",
        "# Touchpoints: the first rule that matches an event names it. Give each a stage where it has one;",
        "# leave out rules that you do not need. * and ? stand for any letters.",
    ]
    listed = [(one, event, count) for one in exports for event, count in one.events]
    for one, event, count in listed:
        lines += [
            "",
            "[[touchpoint]]",
            f"name = {_quoted(event)}",
            '# stage = "Awareness"          # ?',
            f"when = {{ source = {_quoted(one.name)}, event = {_quoted(_escaped(event))} }}"
            f"   # {count:,} of the first {_ROWS:,} rows",
        ]
    return "\n".join(lines) + "\n"


def _source_lines(one: _Export) -> list[str]:
    lines = ["[[source]]", f"name = {_quoted(one.name)}", f"files = {_quoted(one.pattern)}"]
    if one.time_format:
        lines.append(
            f"time_format = {_quoted(one.time_format)}   # such as {_comment(one.time_example)}"
        )
    elif one.ambiguous:
        choices = " or ".join(_quoted(name) for name in one.ambiguous)
        lines.append(
            f"# time_format = {choices}   # ? such as {_comment(one.time_example)}: which?"
        )
    if one.time_example and not one.is_zoned and (one.time_format or "").startswith(("iso", "%")):
        lines.append('# timezone = "Europe/Madrid"     # ? these times carry no zone')
    if "event" not in one.columns:
        lines.append(f"event = {_quoted(one.name)}                 # ? no column names the event")
    lines += ["", "[source.columns]                 # ours = yours"]
    if "occurred_at" not in one.columns:
        lines.append('occurred_at = "?"                # no column looks like a time: name it')
    lines += [f"{ours} = {_quoted(theirs)}" for ours, theirs in one.columns.items()]
    if one.other_columns:
        shown = ", ".join(one.other_columns[:30])
        lines.append(f"# not used: {_comment(shown)}")
    return lines


def _escaped(event: str) -> str:
    return event.replace("*", "?")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _comment(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f]", " ", text)
