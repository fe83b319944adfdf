"""Raw text rows typed into the one event schema: the SELECT that ingest runs for each file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from ..project import ID_COLUMNS, NUMBER_COLUMNS, TEXT_COLUMNS, Source
from ..warehouse import literal
from .cells import Cells, Fault
from .files import InputFile
from .records import Records
from .zones import doubt

REASONS = {
    "wrong_column_count": "the record has more or fewer columns than the header",
    "quote_unclosed": "a quote is opened and never closed, or lines within it look like records; "
    "reading goes on at the next line",
    "record_too_long": "the record is longer than 16 MB; its first thousand bytes are kept",
    "json_malformed": "the line is no JSON object",
    "bad_encoding": "the record holds bytes that are no text in the declared encoding; "
    "say in [[source]] which it is, such as encoding = 'cp1252'",
    "time_missing": "there is no time",
    "time_unparsable": "the time is not written as the column's times are",
    "time_implausible": "the time lies outside the plausible window of the project file",
    "event_missing": "there is no event name",
    "number_unparsable": "a number is not one; decimals stand behind a point",
}


def typed_select(
    file: InputFile,
    records: Records,
    *,
    time_format: str,
    zone: str,
    plausible: tuple[int, int],
    keep: Sequence[str],
) -> str:
    """Return the SELECT that types the rows of relation `raw_rows`, one row per record.

    Its columns are those of the event store, then `reason`, `column_name`, `bad_value` and `raw`,
    which are NULL for rows that are accepted.
    """
    cells = Cells(file, records)
    its_time, moment = cells.moment(time_format, zone, plausible)
    texts = {name: cells.text(name) for name in TEXT_COLUMNS if name != "event"}
    texts["channel"] = _or_constant(texts["channel"], file.source.channel)
    years = [datetime.fromtimestamp(edge // 1_000_000, UTC).year for edge in plausible]
    is_named = texts["event_id"] is not None
    event = _or_constant(cells.text("event"), file.source.event)
    numbers = {name: cells.number(name) for name in NUMBER_COLUMNS}
    counted = {"sequence": cells.whole("sequence"), **numbers}
    low, high = plausible
    faults = [
        *cells.record_faults(),
        ("time_missing", "occurred_at", "its_time is null", "its_time"),
        ("time_unparsable", "occurred_at", "occurred_us is null", cells.time_shown),
        (
            "time_implausible",
            "occurred_at",
            f"occurred_us not between {low} and {high}",
            cells.time_shown,
        ),
        ("event_missing", "event", "event is null", "cast(null as varchar)"),
        *(
            ("number_unparsable", name, f"its_{name} is not null", f"its_{name}")
            for name, (_, unread) in counted.items()
            if unread
        ),
    ]
    listed = [
        f"{cells.row_no} as row_no",
        f"{its_time} as its_time",
        f"{moment.local} as local_us",
        f"{moment.utc} as occurred_us",
        f"{event or 'cast(null as varchar)'} as event",
        *(f"{text or 'cast(null as varchar)'} as {name}" for name, text in texts.items()),
        *(f"{number} as {name}" for name, (number, _) in counted.items()),
        *(f"{unread} as its_{name}" for name, (_, unread) in counted.items() if unread),
        f"{cells.attributes(keep)} as attributes",
    ]
    inner = ",\n    ".join(listed)
    written = written_columns(file.source)
    clock_doubt = f"{doubt('local_us', zone, *years)} as clock_doubt"
    names = ["row_no", "occurred_us", clock_doubt, "sequence"]
    names += [name for name in ("event", *texts, *numbers) if name in written]
    content = _content(cells.everything, is_named, texts, numbers)
    names += ["attributes", *_KEYS, f"{content} as content_hash"]
    told = f"case when reason is not null then {_first(faults, 1)} end as column_name, "
    told += f"case when reason is not null then {_first(faults, 3)} end as bad_value, "
    return (
        f"with read as (select {cells.passed}, {inner} from {cells.rows})\n"
        f"select {', '.join(names)}, {_first(faults, 0)} as reason, {told}"
        f"case when reason is not null then {cells.raw} end as raw\nfrom read"
    )


def written_columns(source: Source) -> set[str]:
    """Return our text and number columns that the source's parts hold; the others are all NULL.

    Columns that nobody mapped would cost as much to write as those that are.
    """
    constant = {"event", "event_id", "channel"}
    return {name for name in (*TEXT_COLUMNS, *NUMBER_COLUMNS) if name in source.columns} | constant


def _content(
    everything: str,
    is_named: bool,
    texts: Mapping[str, str | None],
    numbers: Mapping[str, tuple[str, str | None]],
) -> str:
    """SQL of the hash that tells records apart.

    Without an event id it is the whole record as it stands. With one it only tells a repetition
    from a conflict, and what is loaded decides: columns that nobody mapped cannot contradict.
    """
    if not is_named:
        return f"hash({everything})"
    hashed = {"event_id", "channel", *ID_COLUMNS}
    loaded = [name for name, text in texts.items() if text is not None and name not in hashed]
    loaded += [name for name in numbers if numbers[name][1]]
    own = ", ".join(["occurred_us", "sequence", "identity_key", "event_key", *loaded, "attributes"])
    return f"case when event_id is null then hash({everything}) else hash({own}) end"


_KEYS = (
    f"hash({', '.join(ID_COLUMNS)}) as identity_key",
    f"hash({', '.join(reversed(ID_COLUMNS))}) as identity_check",
    "hash(event, channel) as event_key",
    "case when event_id is not null then hash(event_id) end as event_id_hash",
)
"""Hashes that the models join on instead of text; that none collides is checked in every run."""


def _or_constant(text: str | None, constant: str | None) -> str | None:
    if constant is None:
        return text
    return f"coalesce({text}, {literal(constant)})" if text else literal(constant)


def _first(faults: Sequence[Fault], part: int) -> str:
    """SQL of the first fault's reason (0), column (1) or value (3); NULL where there is none."""
    branches = []
    for fault in faults:
        told = fault[part]
        shown = f"left({told}, 200)" if part == 3 else literal(told) if told else "null"
        branches.append(f"when {fault[2]} then {shown}")
    return "cast(case " + " ".join(branches) + " end as varchar)"
