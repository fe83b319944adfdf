"""The known exports by name, and a [[source]] that names one filled in with what it knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .analytics import AMPLITUDE, MIXPANEL, POSTHOG
from .calls import CALLS
from .description import Known
from .desk import CRM, HELPDESK
from .logs import MATOMO, XES
from .paths import joined
from .snowplow import SNOWPLOW
from .web import GA4

FILE_FORMATS = ("auto", "csv", "jsonl", "parquet")

FORMATS: dict[str, Known] = {
    known.name: known
    for known in (
        *(GA4, *CALLS, SNOWPLOW),
        *(MIXPANEL, AMPLITUDE, POSTHOG, MATOMO, XES, CRM, HELPDESK),
    )
}
NAMES = tuple(FORMATS)


def known_format(name: str) -> str:
    """Return the name of a format as it is; refuse one that nobody knows."""
    if name in FILE_FORMATS or name in FORMATS:
        return name
    files, exports = (", ".join(map(repr, names)) for names in (FILE_FORMATS, NAMES))
    raise ValueError(f"this must be a file format, {files}, or a known export, {exports}")


def completed(raw: Any) -> Any:
    """Return a [[source]] as parsed with what its known export says; what is written wins.

    Columns win one by one; `keep` and `blank` add up. A time format that is built in holds for the
    built-in time only.
    """
    if not isinstance(raw, dict):
        return raw
    columns = raw.get("columns")
    own = {name: _way(way) for name, way in columns.items()} if isinstance(columns, dict) else {}
    filled = {**raw, "columns": own} if isinstance(columns, dict) else dict(raw)
    written = raw.get("format")
    known = FORMATS.get(written) if isinstance(written, str) else None
    if known is None or not isinstance(columns, dict | None):
        return filled
    filled["columns"] = {name: joined(way) for name, way in known.columns.items()} | own
    for key, ours in (("keep", known.kept), ("blank", known.blank)):
        theirs = raw.get(key, [])
        theirs = [theirs] if isinstance(theirs, str) else theirs
        if isinstance(theirs, list):
            filled[key] = list(dict.fromkeys([*ours, *theirs]))
    defaults = {"timezone": known.timezone, "event": known.event, "dedupe": known.dedupe}
    if "occurred_at" not in own:
        defaults["time_format"] = known.time_format
    for key, value in defaults.items():
        if value is not None:
            filled.setdefault(key, value)
    return filled


def _way(way: Any) -> Any:
    is_list = isinstance(way, list) and bool(way) and all(isinstance(one, str) for one in way)
    return joined(way) if is_list else way


def listed_kept(raw: Mapping[str, Any]) -> list[str]:
    """Return the columns that the known exports of a parsed project file keep."""
    sources = raw.get("source")
    named = (
        [one.get("format") for one in sources if isinstance(one, dict)]
        if isinstance(sources, list)
        else []
    )
    return [
        name
        for one in named
        if isinstance(one, str) and one in FORMATS
        for name in FORMATS[one].kept
    ]


def overview() -> str:
    """Return the rows of the table of known exports as Markdown, one a format."""
    return "\n".join(
        f"| `{one.name}` | {one.about} | {one.time} | {one.strong} | {one.weak} | {one.ties} | "
        f"{one.repeats} |"
        for one in FORMATS.values()
    )
