"""How the columns of one file are reached in SQL, whatever its format."""

from __future__ import annotations

from collections.abc import Sequence

from ..values import DAY_US
from ..warehouse import literal, quote
from .files import InputFile
from .records import Records
from .streams import BROKEN
from .times import Moment, fast_moment, microseconds, text_moment, typed_moment
from .ways import TEXT, Reached, all_of, first_of, inked, is_plain, plain_names

BLANK = ("", "NULL", "null", "\\N")
_TEXTS = ("string", "large_string")

Fault = tuple[str, str | None, str, str]
"""Reason, column, SQL of the condition, SQL of the value at fault."""


class Cells:
    """SQL of one file's cells, over relation `raw_rows`.

    `rows` is what to select from and `passed` what to select besides, so that `raw`, the record as
    text, can be told where it is needed; `everything` lists the cells that make a record's content.
    """

    def __init__(self, file: InputFile, records: Records) -> None:
        self._file = file
        self._records = records
        self._derived: dict[str, tuple[str, str]] = {}
        self._json = file.format == "jsonl"
        self._blank = (*BLANK, *file.source.blank)
        self.row_no = "file_row_number + 1" if file.format == "parquet" else "row_no"
        if self._json:
            self._paths = _paths([name for way in self._ways() for name in plain_names(way)])
            listed = ", ".join(literal(path) for path in self._paths)
            looks_right = "left(ltrim(c0, ' ' || chr(9)), 1) = '{'"
            cells = f"case when {looks_right} then try(json_extract_string(c0, [{listed}])) end"
            self.rows = f"(select row_no, c0, {cells} as cells from raw_rows)"
            self.passed = "c0 as line, cells"
            self.everything = "line"
            self.raw = self._readable("line")
            self._derive()
            return
        self.rows = "raw_rows"
        self._passed = {name: f"raw_{no}" for no, name in enumerate(records.columns)}
        self.passed = ", ".join(
            f"{quote(column)} as {self._passed[name]}" for name, column in records.columns.items()
        )
        held = sorted(self._passed.items())  # in other columns the same cells say something else
        header = literal("\x1f".join(name for name, _ in held))
        self.everything = ", ".join([header, *(column for _, column in held)])
        packed = ", ".join(f"{quote(name)} := {column}" for name, column in self._passed.items())
        self.raw = self._readable(f"cast(to_json(struct_pack({packed})) as varchar)")
        self._derive()

    def _ways(self) -> list[str]:
        source = self._file.source
        return [source.way(name) for name in (*source.columns.values(), *source.keep)]

    def _derive(self) -> None:
        """Put what no plain column holds beside the rows, once for each way."""
        reached: dict[str, Reached | None] = {}
        for way in self._ways():
            if way not in self._records.columns and not (self._json and is_plain(way)):
                reached[way] = first_of(way, self._column, self._blank)
        order = self._file.source.columns.get("sequence", "")
        if order in reached:
            reached[order] = all_of(order, self._column, self._blank)
        added = [(way, one) for way, one in reached.items() if one is not None]
        for number, (way, one) in enumerate(added):
            self._derived[way] = (f"way_{number}", str(one.kind))
        if added:
            listed = ", ".join(f"{one.sql} as {self._derived[way][0]}" for way, one in added)
            self.rows = f"(select *, {listed} from {self.rows})"

    def _column(self, names: tuple[str, ...]) -> tuple[Reached, int] | None:
        """The column that names begin with; in JSON lines, the members they lead through."""
        if self._json:
            cell = self._reach(".".join(names))
            return (Reached(cell, TEXT), len(names)) if cell is not None else None
        for taken in range(len(names), 0, -1):
            column = self._records.columns.get(".".join(names[:taken]))
            if column is not None:
                return Reached(quote(column), self._records.arrow.get(column, TEXT)), taken
        return None

    def _readable(self, raw: str) -> str:
        return raw if self._records.is_clean else f"replace({raw}, {literal(BROKEN)}, '')"

    def record_faults(self) -> list[Fault]:
        """Faults of the record as a whole."""
        if self._file.format == "parquet":
            return []
        whole = ["line"] if self._json else list(self._passed.values())
        nothing = "cast(null as varchar)"
        found: list[Fault] = []
        if not self._records.is_clean:
            marked = " or ".join(f"contains({column}, {literal(BROKEN)})" for column in whole)
            found.append(("bad_encoding", None, f"({marked})", nothing))
        if self._json:
            found.append(("json_malformed", None, "cells is null", nothing))
        return found

    def _reach(self, theirs: str) -> str | None:
        theirs = self._file.source.way(theirs)
        if theirs in self._derived:
            return self._derived[theirs][0]
        if self._json and is_plain(theirs):
            places = [self._paths.index(path) + 1 for path in _paths([theirs])]
            reached = [f"cells[{place}]" for place in places]
            return reached[0] if len(reached) == 1 else f"coalesce({', '.join(reached)})"
        column = self._records.columns.get(theirs)
        return quote(column) if column is not None else None

    def text(self, ours: str) -> str | None:
        """SQL of a column as trimmed text, NULL where it is blank; None where it is not mapped."""
        theirs = self._file.source.columns.get(ours)
        reached = self._reach(theirs) if theirs is not None else None
        if reached is None:
            return None
        value = reached if self._is_text(theirs) else f"cast({reached} as varchar)"
        return inked(value, self._blank)

    def number(self, ours: str) -> tuple[str, str | None]:
        """SQL of a number, and of the text that should be one but is not; NULL: it is one."""
        kind = "decimal(18, 2)" if ours in ("value", "cost") else "double"
        text = self.text(ours)
        if text is None:
            return f"cast(null as {kind})", None
        theirs = self._file.source.columns[ours]
        typed = self.kind(theirs)
        column = self._reach(theirs)
        if (
            self._file.format == "parquet"
            and typed.startswith("decimal128(18, 2)")
            and kind != "double"
        ):
            return f"{column}", "cast(null as varchar)"
        if self._file.format == "parquet" and typed.startswith(("int", "uint", "double", "float")):
            number = f"try_cast({column} as {kind})"
            number = f"case when isfinite(cast({column} as double)) then {number} end"
            wrong = f"{number} is null and isfinite(cast({column} as double))"
            return number, f"case when {wrong} then {text} end"
        number = f"try_cast({text} as {kind})"
        if kind == "double":
            number = f"case when isfinite({number}) then {number} end"
        return number, f"case when {number} is null then {text} end"

    def whole(self, ours: str) -> tuple[str, str | None]:
        """SQL of a whole number, and of the text that should be one but is not, as `number`.

        What is written with a point or an exponent is one where nothing is lost: 3.0, but not 3.4.
        """
        text = self.text(ours)
        if text is None:
            return "cast(null as bigint)", None
        exact = f"try_cast({text} as decimal(38, 9))"
        number = (
            f"case when {text} is null or regexp_full_match({text}, '[+-]?[0-9]+') "
            f"then try_cast({text} as bigint) "
            f"when {exact} = floor({exact}) then try_cast({exact} as bigint) end"
        )
        return number, f"case when {number} is null then {text} end"

    def moment(self, time_format: str, zone: str, plausible: tuple[int, int]) -> tuple[str, Moment]:
        """SQL of the time as text (what an error shows) and as microseconds."""
        theirs = self._file.source.columns["occurred_at"]
        text = self.text("occurred_at")
        if text is None:
            return "cast(null as varchar)", Moment("cast(null as bigint)", "cast(null as bigint)")
        if self._file.format == "parquet":
            column = self._reach(theirs) or ""
            typed = typed_moment(column, self.kind(theirs), zone)
            if typed is not None:
                low, high = plausible[0] + DAY_US, plausible[1] - DAY_US
                core = f"{microseconds(column, self.kind(theirs))} between {low} and {high}"
                return f"case when {core} then '' else {text} end", typed
        slow = text_moment("its_time", time_format, zone)
        if self._records.has_fast_times:
            seen = f"case when coalesce(local_fast, utc_fast) is null then {text} else '' end"
            return seen, fast_moment(slow)
        return text, slow

    @property
    def time_shown(self) -> str:
        """SQL of the time as it stood, where the record is read as `read`."""
        if not self._records.has_fast_times:
            return "its_time"
        return f"trim({self._passed[self._file.source.columns['occurred_at']]})"

    def _is_text(self, theirs: str | None) -> bool:
        kind = self.kind(theirs or "")
        return kind in _TEXTS or (self._file.format != "parquet" and kind in ("", "VARCHAR"))

    def kind(self, theirs: str) -> str:
        """The type of what a way leads to, as Arrow calls it."""
        derived = self._derived.get(self._file.source.way(theirs))
        return derived[1] if derived else self._records.types.get(theirs, "")

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


def _paths(names: Sequence[str]) -> list[str]:
    """JSON paths of the names; one with dots is a key as it stands or a way through objects."""
    paths = []
    for name in names:
        paths.append("$." + quote(name))
        if "." in name:
            paths.append("$." + ".".join(quote(part) for part in name.split(".")))
    return list(dict.fromkeys(paths))
