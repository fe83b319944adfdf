"""What stands exactly on a bound while logs are read, settings laid, and a report is folded."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline import values
from pipeline.errors import DataError
from pipeline.formats import joined
from pipeline.ingest import splitter
from pipeline.ingest.limits import is_too_many, is_too_much
from pipeline.ingest.look import _majority
from pipeline.ingest.splitter import split_lines, split_records
from pipeline.ingest.times import fitting_formats, one_format, text_moment
from pipeline.ingest.ways import TEXT, Reached, all_of
from pipeline.inputs import definitions
from pipeline.report.privacy import hidden
from pipeline.report.tiles import tiles
from pipeline.settings import as_number, like_pattern, setting_rows
from pipeline.warehouse import literal, scratch

from .test_ingest_corpus import accepted, ingested, project

# ---- times ---------------------------------------------------------------------------------------


def utc(text: str, written: str, zone: str = "UTC") -> str | None:
    """The moment that a text names, in UTC; None: it names none."""
    moment = text_moment("its_time", written, zone)
    with scratch() as desk:
        found = desk.scalar(
            f"select {moment.utc} from (select *, {moment.local} as local_us "
            f"from (select {literal(text)} as its_time))"
        )
    if found is None:
        return None
    return (datetime(1970, 1, 1) + timedelta(microseconds=found)).isoformat()


@pytest.mark.parametrize(
    ("text", "written", "moment"),
    [
        ("2026-01-05T10:00:00+14:00", "iso", "2026-01-04T20:00:00"),
        ("2026-01-05T10:00:00+15:00", "iso", None),
        ("2026-01-05 10:00:00,5", "iso", "2026-01-05T09:00:00.500000"),
        ("2026-01-05 10:00:00,5Z", "iso", "2026-01-05T10:00:00.500000"),
        ("1767225600123456999", "epoch_ns", "2026-01-01T00:00:00.123456"),
        ("-1", "epoch_ns", "1969-12-31T23:59:59.999999"),
        *(("9" * 32, unit, None) for unit in ("epoch_s", "epoch_ms", "epoch_us", "epoch_ns")),
        ("1767225600.5", "epoch_s", "2026-01-01T00:00:00.500000"),
        ("05/01/2026 10:00 +0300", "%d/%m/%Y %H:%M %z", "2026-01-05T07:00:00"),
        ("05/01/2026 10:00 America/New_York", "%d/%m/%Y %H:%M %Z", "2026-01-05T15:00:00"),
        ("05/01/2026 10:00", "%d/%m/%Y %H:%M", "2026-01-05T09:00:00"),
    ],
)
def test_a_time_is_read_as_it_is_written(text: str, written: str, moment: str | None) -> None:
    assert utc(text, written, "Europe/Madrid") == moment


def test_a_way_of_writing_times_fits_all_that_is_seen() -> None:
    assert fitting_formats(["20260105", "20260113"]) == ["%Y%m%d"]
    assert fitting_formats(["1767225600000"]) == ["epoch_ms"]
    assert fitting_formats(["13/01/2026 1:05 PM"]) == ["%d/%m/%Y %I:%M %p"]
    assert fitting_formats(["13/01/2026 1:05:09 PM"]) == ["%d/%m/%Y %I:%M:%S %p"]
    assert fitting_formats(["13/01/2026", "01/13/2026"]) == []
    half = ["13/01/2026", "broken", "02/01/2026", "?"]
    assert _majority(half) == ["%d/%m/%Y"]
    assert _majority([*half, "!"]) == []
    day, month = ["%d/%m/%Y"], ["%d/%m/%Y", "%m/%d/%Y"]
    assert one_format([month, day], ["01/02/2026"], "log") == day[0]
    with pytest.raises(DataError, match="cannot be told apart"):
        one_format([month, month], ["01/02/2026"], "log")
    with pytest.raises(DataError, match="no known way"):
        one_format([day, ["%m/%d/%Y"]], ["01/02/2026"], "log")


def test_a_file_whose_times_nobody_can_read_decides_nothing_and_a_late_day_does(
    tmp_path: Path,
) -> None:
    """The one that tells day from month is behind hundreds of the same month that do not."""
    lines = [f"ann,0{1 + n % 9}/0{1 + n // 9 % 9}/2026,x" for n in range(700)]
    for name, rows in (("1", [*lines, "ann,01/25/2026,x"]), ("2", ["ann,soon,x", "ann,later,x"])):
        (tmp_path / f"{name}.csv").write_text("who,at,what\n" + "\n".join(rows) + "\n", "utf-8")
    parts = ingested(tmp_path, {"files": "*.csv"})
    assert [part.entry.time_format for part in parts] == ["%m/%d/%Y"] * 2
    assert [part.entry.rows_accepted for part in parts] == [701, 0]


# ---- records -------------------------------------------------------------------------------------


def cut(text: bytes, columns: int = 3, time_place: int | None = 1) -> list[tuple[Any, int]]:
    found = split_records(io.BytesIO(text), delimiter=b",", columns=columns, time_place=time_place)
    return [(one.cells or one.reason, one.lines) for one in found]


def test_a_quote_that_is_never_closed_costs_its_own_line() -> None:
    good = [b"b", b"2026-1-05", b"y"]
    line = b"b,2026-1-05,y\n"
    assert cut(b'a,"2026\n' + line) == [("quote_unclosed", 1), (good, 1)]
    assert cut(b'a,"1\n' + line + b'2",x\n')[:2] == [("quote_unclosed", 1), (good, 1)]
    # Five digits where the time is are no time: these lines are of one cell.
    assert cut(b'a,"1\nb,12345,y\n2",x\n') == [([b"a", b"1\nb,12345,y\n2", b"x"], 3)]
    # What closes with another number of cells was never one record.
    assert cut(b'a,"1\nno\n2",x,y,z\n' + line)[0] == ("quote_unclosed", 1)
    assert cut(b'a,"1\nno\n2",x,y,z\n' + line)[-1] == (good, 1)
    assert cut(b'a,"1\rno" 2",x\n' + line)[0] == ("quote_unclosed", 1)
    assert cut(b'a,"it""s",x\n\nb,c\n') == [
        ([b"a", b'it"s', b"x"], 1), (None, 1), ("wrong_column_count", 1)
    ]  # fmt: skip


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_what_follows_a_record_that_is_too_long_is_read_wherever_blocks_end(
    end: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(splitter, "_BLOCK", 4)
    monkeypatch.setattr(splitter, "LONGEST_RECORD", 8)
    for length in range(9, 33):
        assert cut(b"x" * length + end + b"b,c,d" + end) == [
            ("record_too_long", 1), ([b"b", b"c", b"d"], 1)
        ]  # fmt: skip


def test_a_line_of_white_space_is_none(tmp_path: Path) -> None:
    """Neither where lines are cut one by one nor where a parser cuts them."""
    found = [(one.cells, one.raw) for one in split_lines(io.BytesIO(b"{}\n \t \n\t\n\n {}\r\n"))]
    assert [cells for cells, _ in found] == [[b"{}"], None, None, None, [b" {}"]]
    one = '{"who": "ann", "at": "2026-01-05", "what": "x"}'
    (tmp_path / "log.jsonl").write_text(f"{one}\n\t\n \t \n\n\t{one}\n", "utf-8")
    [part] = ingested(tmp_path, {"files": "log.jsonl"})
    assert [row["row_no"] for row in accepted(part)] == [1, 2]
    assert (part.entry.rows_read, part.entry.rows_rejected) == (2, 0)


def test_records_keep_their_places_whatever_is_broken_before_them(tmp_path: Path) -> None:
    """The first, two neighbours and the last are broken, by columns; with a quote, by line."""
    good = "ann,2026-01-05 10:00:00,x"
    for name, last in (("whole", "a,b"), ("torn", '"a')):
        lines = ["a,b", good, "a", "b,c", good, good, last]
        (tmp_path / f"{name}.csv").write_text("who,at,what\n" + "\n".join(lines) + "\n", "utf-8")
    for part in ingested(tmp_path, {"files": "*.csv"}):
        assert [row["row_no"] for row in accepted(part)] == [2, 5, 6]
        assert pq.read_table(part.rejects)["row_no"].to_pylist() == [1, 3, 4, 7]
        assert (part.entry.rows_read, part.entry.rows_rejected) == (7, 4)


def test_a_number_is_one_that_is_finite_and_an_order_one_that_is_whole(tmp_path: Path) -> None:
    columns = {
        "user_id": "who",
        "occurred_at": "at",
        "event": "what",
        "score": "s",
        "sequence": "n",
    }
    numbers = [("1e3", "7"), ("inf", "1"), ("nan", "1"), ("-0.5", "2.0"), ("1", "2.5"), (" ", " ")]
    rows: list[dict[str, Any]] = [
        {"who": "a", "at": "2026-01-05", "what": "x", "s": s, "n": n} for s, n in numbers
    ]
    lines = [",".join(row.values()) for row in rows]
    (tmp_path / "1.csv").write_text("who,at,what,s,n\n" + "\n".join(lines) + "\n", "utf-8")
    floats = [1000.0, float("inf"), float("nan"), -0.5, 1.0, None]
    typed: list[dict[str, Any]] = [
        row | {"s": s, "n": str(row["n"])} for row, s in zip(rows, floats, strict=True)
    ]
    pq.write_table(pa.Table.from_pylist(typed), tmp_path / "2.parquet")
    csv, parquet = ingested(tmp_path, *({"files": name, "columns": columns}
                                        for name in ("1.csv", "2.parquet")))  # fmt: skip
    told = [(row["row_no"], row["score"], row["sequence"]) for row in accepted(csv)]
    assert told == [(1, 1000, 7), (4, -0.5, 2), (6, None, None)]
    rejects = pq.read_table(csv.rejects).select(["row_no", "column_name"]).to_pylist()
    assert [tuple(one.values()) for one in rejects] == [(2, "score"), (3, "score"), (5, "sequence")]
    # What a typed column holds is a number or nothing: nothing is rejected for it.
    held = [(row["row_no"], row["score"]) for row in accepted(parquet)]
    assert held == [(1, 1000), (2, None), (3, None), (4, -0.5), (6, None)]


def test_a_sequence_of_two_numbers_orders_none_before_0_and_the_largest_last() -> None:
    way = all_of(joined(("a", "b")), lambda names: (Reached(names[0], TEXT), 1), "''")
    assert way is not None
    most = 2**42 - 1
    pairs = [
        *((None, None), (None, 0), (None, 1), (0, None), (0, 0), (0, 2**21 - 2), (1, None)),
        *((most - 2, 7), (most - 1, None), (most - 1, 7), (most, None)),
    ]
    listed = ", ".join(
        "(" + ", ".join("null" if one is None else f"'{one}'" for one in pair) + ")"
        for pair in pairs
    )
    with scratch() as desk:
        rows = desk.rows(f"select {way.sql} from (values {listed}) as told (a, b)")
    packed = [number for (number,) in rows]
    assert packed == sorted(set(packed))
    assert packed[-1] == 2**63 - 1


# ---- limits --------------------------------------------------------------------------------------


def test_as_many_may_be_rejected_as_the_project_says_and_of_few_as_many_as_of_thirty() -> None:
    allowed: Any = SimpleNamespace(max_rejected=0.1)
    assert [is_too_many(allowed, lost, 40) for lost in (4, 5)] == [False, True]
    assert [is_too_many(allowed, lost, 5) for lost in (3, 4)] == [False, True]
    assert [is_too_much(allowed, lost, 50) for lost in (0, 4, 5)] == [False, False, True]
    assert not is_too_much(SimpleNamespace(max_rejected=1.0), 50, 50)  # type: ignore[arg-type]


# ---- the project file ----------------------------------------------------------------------------


def test_values_are_read_as_they_are_written() -> None:
    years = 366_000 * 86_400_000_000
    assert values.microseconds("366000 d") == years
    with pytest.raises(ValueError, match="longer than a thousand years"):
        values.microseconds("366001 d")
    assert values.microseconds("1.5 h") == 5_400_000_000
    madrid = ZoneInfo("Europe/Madrid")
    assert values.moment("2026-07-01", madrid) == datetime(2026, 6, 30, 22, tzinfo=UTC)
    assert values.moment(date(2026, 7, 1), madrid) == datetime(2026, 6, 30, 22, tzinfo=UTC)
    assert values.moment("2026-07-01T00:00:00Z", madrid) == datetime(2026, 7, 1, tzinfo=UTC)
    named = ["A", "B", "B?", "C"]
    assert [tuple(step) for step in values.steps(["A*", "B?", "B ?", "C+"], named)] == [
        ("A", True, True), ("B?", False, False), ("B", True, False), ("C", False, True)
    ]  # fmt: skip


def test_patterns_match_letters_as_letters_and_numbers_as_they_are_told() -> None:
    assert like_pattern(r"a_%\*?") == r"a\_\%\\%_"
    told = [as_number("value", text) for text in ("1e3", "1e19", "1e20", "-0.50", "nan", "0.0")]
    assert told == ["1000", "10000000000000000000", "1e20", "-0.5", "nan", "0"]
    assert as_number("event", "10.0") == "10.0"


def test_a_source_has_its_own_zone_and_figures_hang_on_all_but_places_and_titles(
    tmp_path: Path,
) -> None:
    one: dict[str, Any] = {"files": "a.csv"}
    plain = project(tmp_path, one, one | {"timezone": "Asia/Tokyo"}, timezone="Europe/Madrid")
    zones = [row[2] for row in setting_rows(plain)["cfg_sources"]]
    assert zones == ["Europe/Madrid", "Asia/Tokyo"]
    print_ = definitions(plain)
    for same in ({"report": "x.html"}, {"reporting": {"title": "t"}}):
        assert definitions(project(tmp_path, one, one | {"timezone": "Asia/Tokyo"},
                                   timezone="Europe/Madrid", **same)) == print_  # fmt: skip
    for other in ({"privacy": {"k": 3}}, {"reporting": {"period": "day"}}):
        assert definitions(project(tmp_path, one, one | {"timezone": "Asia/Tokyo"},
                                   timezone="Europe/Madrid", **other)) != print_  # fmt: skip


# ---- the report ----------------------------------------------------------------------------------


def test_of_cells_that_share_customers_the_largest_has_to_be_of_k() -> None:
    """And k customers are no few; a lone (other) that was there already hides nothing more."""
    cells = pd.Series([9, 5, 3, 3])
    line = pd.Series(0, cells.index)
    assert hidden(cells, [line], 5).tolist() == [False, False, True, True]
    assert hidden(cells, [], 5, shared=[line]).tolist() == [False, True, True, True]
    gone = pd.Series([True, False, False, False])
    assert hidden(cells, [], 3, gone=gone).tolist() == [True, False, False, False]
    assert hidden(cells, [line], 3, gone=gone).tolist() == [True, False, True, False]


@pytest.mark.parametrize(
    ("journeys", "moving", "weak"), [(30, 29, [0, 0, 0, 1, 1]), (29, 30, [0, 1, 1, 0, 0])]
)
def test_a_tile_is_weak_where_what_it_rests_on_is(
    journeys: int, moving: int, weak: list[int]
) -> None:
    names = ("conversion_rate", "conversion_lo", "conversion_hi", "straight_share", "straight_lo",
             "straight_hi", "squiggle_index", "median_days_to_goal", "within_days")  # fmt: skip
    answer = dict.fromkeys(names, 0.5) | {
        "journeys": 99, "staged_journeys": journeys, "moving_journeys": moving, "converted": 3
    }  # fmt: skip
    shown = tiles(answer, "Goal")
    assert [int(one.is_weak) for one in shown] == weak
    assert (shown[0].value, shown[0].detail) == (str(journeys), "with a stage, of 99 in all")
