"""Raw text rows typed into the one event schema: the SELECT that ingest runs for each file."""

from __future__ import annotations

from collections.abc import Sequence

from ..project import ID_COLUMNS, NUMBER_COLUMNS, TEXT_COLUMNS
from ..warehouse import literal, quote
from .files import InputFile
from .records import Records
from .streams import BROKEN
from .times import text_to_microseconds, typed_to_microseconds

REASONS = {
    "wrong_column_count": "the record has more or fewer columns than the header",
    "json_malformed": "the line is no JSON object",
    "bad_encoding": "the record holds bytes that are no text in the declared encoding",
    "time_missing": "there is no time",
    "time_unparsable": "the time is not written as the column's times are",
    "time_implausible": "the time lies outside the plausible window of the project file",
    "event_missing": "there is no event name",
    "number_unparsable": "a number is not one",
}

_BLANK = ("", "NULL", "null", "\\N")


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
    cells = _Cells(file, records)
    moment, microseconds = cells.moment(time_format, zone, plausible)
    texts = {name: cells.text(name) for name in TEXT_COLUMNS if name != "event"}
    texts["channel"] = _or_constant(texts["channel"], file.source.channel)
    event = _or_constant(cells.text("event"), file.source.event)
    numbers = {name: cells.number(name) for name in NUMBER_COLUMNS}
    low, high = plausible
    faults = [
        *cells.record_faults(),
        ("time_missing", "occurred_at", "its_time is null", "its_time"),
        ("time_unparsable", "occurred_at", "occurred_us is null", "its_time"),
        (
            "time_implausible",
            "occurred_at",
            f"occurred_us not between {low} and {high}",
            "its_time",
        ),
        ("event_missing", "event", "event is null", "cast(null as varchar)"),
        *(
            ("number_unparsable", name, f"its_{name} is not null", f"its_{name}")
            for name, (_, unread) in numbers.items()
            if unread
        ),
    ]
    sequence = cells.text("sequence")
    listed = [
        f"{cells.row_no} as row_no",
        f"{moment} as its_time",
        f"{microseconds} as occurred_us",
        f"try_cast({sequence} as bigint) as sequence"
        if sequence
        else "cast(null as bigint) as sequence",
        f"{event or 'cast(null as varchar)'} as event",
        *(f"{text or 'cast(null as varchar)'} as {name}" for name, text in texts.items()),
        *(f"{number} as {name}" for name, (number, _) in numbers.items()),
        *(f"{unread} as its_{name}" for name, (_, unread) in numbers.items() if unread),
        f"{cells.attributes(keep)} as attributes",
        f"hash({cells.everything}) as content_hash",
    ]
    inner = ",\n    ".join(listed)
    names = ["row_no", "occurred_us", "sequence", "event", *texts, *numbers]
    names += ["attributes", "content_hash", *_KEYS]
    return (
        f"with read as (select {cells.passed}, {inner} from raw_rows {cells.where})\n"
        f"select {', '.join(names)}, {_first(faults, 'reason')} as reason, "
        f"{_first(faults, 'column')} as column_name, {_first(faults, 'value')} as bad_value, "
        f"case when reason is not null then {cells.raw} end as raw\nfrom read"
    )


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


def _first(faults: Sequence[tuple[str, str | None, str, str]], part: str) -> str:
    branches = []
    for reason, column, condition, value in faults:
        shown = {
            "reason": literal(reason),
            "column": literal(column) if column else "null",
            "value": f"left({value}, 200)",
        }[part]
        branches.append(f"when {condition} then {shown}")
    return "cast(case " + " ".join(branches) + " end as varchar)"


class _Cells:
    """How the columns of one file are reached in SQL, whatever its format."""

    def __init__(self, file: InputFile, records: Records) -> None:
        self._file = file
        self._records = records
        self._json = file.format == "jsonl"
        self._blank = ", ".join(literal(text) for text in (*_BLANK, *file.source.blank))
        columns = [quote(column) for _, column in sorted(records.columns.items())]
        self.row_no = "file_row_number + 1" if file.format == "parquet" else "row_no"
        self._passed = {name: f"raw_{no}" for no, name in enumerate(records.columns)}
        self.passed = ", ".join(
            f"{quote(column)} as {self._passed[name]}" for name, column in records.columns.items()
        )
        self.everything = ", ".join(columns)
        self.where = ""
        self.raw = f"cast(to_json(struct_pack({self._packed()})) as varchar)"
        if self._json:
            self.raw = "line"
            self.passed = "c0 as line"
            self.everything = "c0"
            self.where = "where trim(c0) <> ''"

    def _packed(self) -> str:
        return ", ".join(f"{quote(name)} := {column}" for name, column in self._passed.items())

    def record_faults(self) -> list[tuple[str, str | None, str, str]]:
        """Faults of the record as a whole."""
        if self._file.format == "parquet":
            return []
        whole = ["line"] if self._json else list(self._passed.values())
        found: list[tuple[str, str | None, str, str]] = []
        if not self._records.is_clean:
            marked = " or ".join(f"contains({column}, {literal(BROKEN)})" for column in whole)
            found.append(("bad_encoding", None, f"({marked})", "cast(null as varchar)"))
        if self._json:
            malformed = "case when json_valid(line) then json_type(line) <> 'OBJECT' else true end"
            found.append(("json_malformed", None, f"({malformed})", "cast(null as varchar)"))
        return found

    def _reach(self, theirs: str) -> str | None:
        if self._json:
            path = "$." + ".".join(quote(part) for part in theirs.split("."))
            return f"case when json_valid(c0) then json_extract_string(c0, {literal(path)}) end"
        column = self._records.columns.get(theirs)
        return quote(column) if column is not None else None

    def text(self, ours: str) -> str | None:
        """SQL of a column as trimmed text, NULL where it is blank; None where it is not mapped."""
        theirs = self._file.source.columns.get(ours)
        reached = self._reach(theirs) if theirs is not None else None
        if reached is None:
            return None
        value = reached if self._is_text(theirs) else f"cast({reached} as varchar)"
        trimmed = f"trim({value})"
        return f"case when {trimmed} in ({self._blank}) then null else {trimmed} end"

    def number(self, ours: str) -> tuple[str, str | None]:
        """SQL of a number, and of the text that should be one but is not; NULL: it is one."""
        kind = "decimal(18, 2)" if ours in ("value", "cost") else "double"
        text = self.text(ours)
        if text is None:
            return f"cast(null as {kind})", None
        typed = self._records.types.get(self._file.source.columns[ours], "")
        if self._file.format == "parquet" and typed.startswith(("int", "uint", "double", "float")):
            column = quote(self._records.columns[self._file.source.columns[ours]])
            number = f"try_cast({column} as {kind})"
            number = f"case when isfinite(cast({column} as double)) then {number} end"
            return (
                number,
                f"case when {number} is null and isfinite(cast({column} as double)) then {text} end",
            )
        number = f"try_cast({text} as {kind})"
        return number, f"case when {number} is null then {text} end"

    def moment(self, time_format: str, zone: str, plausible: tuple[int, int]) -> tuple[str, str]:
        """SQL of the time as text (what an error shows) and in UTC microseconds."""
        theirs = self._file.source.columns["occurred_at"]
        text = self.text("occurred_at")
        if text is None:
            return "cast(null as varchar)", "cast(null as bigint)"
        if self._file.format == "parquet":
            column = quote(self._records.columns[theirs])
            typed = typed_to_microseconds(column, self._records.types[theirs], zone)
            if typed is not None:
                low, high = plausible
                return f"case when {typed} between {low} and {high} then '' else {text} end", typed
        return text, text_to_microseconds("its_time", time_format, zone)

    def _is_text(self, theirs: str | None) -> bool:
        kind = self._records.types.get(theirs or "", "VARCHAR")
        return self._file.format != "parquet" or kind in ("string", "large_string")

    def attributes(self, keep: Sequence[str]) -> str:
        """SQL of the kept columns as a JSON object, NULL where none is kept."""
        reached = [(name, self._reach(name)) for name in keep]
        packed = ", ".join(
            f"{quote(name)} := cast({cell} as varchar)" for name, cell in reached if cell
        )
        return (
            f"cast(to_json(struct_pack({packed})) as varchar)"
            if packed
            else "cast(null as varchar)"
        )
