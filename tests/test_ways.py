"""Ways into a record: lists of columns, list elements, and order told by several numbers."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ProjectError
from pipeline.formats import joined
from pipeline.ingest.ways import TEXT, Reached, all_of
from pipeline.project import project_from

from .conftest import Build
from .format_fixtures import CALLS, GA4, jsonl, table, without_nulls
from .format_loading import load, project, told, walked

pytestmark = pytest.mark.tables("events", "loaded_events")

BLANK = (" ", "\t", "\u00a0", "\u200b", "\ufeff", " \u200b\tNULL ")
PLAIN = 'event = "seen"\n[source.columns]\noccurred_at = "at"\n'


def test_a_list_of_columns_is_the_first_that_has_a_value(build: Build, tmp_path: Path) -> None:
    rows = [
        {"at": "2026-01-05", "a": "1", "b": "2"},
        *({"at": "2026-01-05", "a": blank, "b": "2"} for blank in BLANK),
        {"at": "2026-01-05", "a": "NULL", "b": ""},
    ]
    built = load(
        build, tmp_path, "csv", {"log.csv": table(rows)}, PLAIN + 'user_id = ["nowhere", "a", "b"]'
    )
    assert told(built, "user_id") == [("1",), *[("2",)] * len(BLANK), (None,)]


def test_a_way_leads_through_json_in_a_cell(build: Build, tmp_path: Path) -> None:
    cells = [
        json.dumps({"items": [{"k": "x", "v": 1}, {"k": "y", "v": 2}]}),
        json.dumps({"items": {"k": "y"}}),
        "no { json",
        "",
    ]
    rows = [{"at": "2026-01-05", "cell": cell} for cell in cells]
    ways = (
        'user_id = "cell.items[k=y].v"\ndevice_id = "cell.items[].v"\nemail = "cell.items[k=z*].v"'
    )
    built = load(build, tmp_path, "csv", {"log.csv": table(rows)}, PLAIN + ways)
    assert told(built, "user_id, device_id, email")[0] == ("2", "1", None)
    assert set(told(built, "user_id, device_id, email")[1:]) == {(None, None, None)}


def test_sequence_of_several_columns_orders_as_they_do(build: Build, tmp_path: Path) -> None:
    numbers = [(2, 0, 0), (1, 9, 10), (1, 9, 2), (1, 10, 0), ("", "", ""), (1, 9, "")]
    rows = [
        {"at": "2026-01-05", "who": "u", "what": f"{a}-{b}-{c}", "a": a, "b": b, "c": c}
        for a, b, c in numbers
    ]
    columns = 'user_id = "who"\nevent = "what"\nsequence = ["a", "b", "c"]'
    built = load(
        build, tmp_path, "csv", {"log.csv": table(rows)}, PLAIN.split("\n", 1)[1] + columns
    )
    assert [name for (name,) in walked(built, "touchpoint")] == [
        *("--", "1-9-", "1-9-2", "1-9-10", "1-10-0", "2-0-0"),
    ]


NUMBERS = st.none() | st.integers(0, 3) | st.sampled_from((2**10, 2**12 - 2, 2**41 - 2, 2**62))


@given(st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), min_size=2, max_size=20))
def test_packed_numbers_never_turn_records_round(rows: list[tuple[int | None, ...]]) -> None:
    way = all_of(
        joined(("a", "b", "c")), lambda names: (Reached(f"{names[0]}::varchar", TEXT), 1), [""]
    )
    assert way is not None
    listed = ", ".join(
        f"({', '.join('null::bigint' if n is None else str(n) for n in row)})" for row in rows
    )
    found = duckdb.sql(f"select {way.sql} from (values {listed}) as t(a, b, c)").fetchall()
    packed = [number for (number,) in found]
    keys = [tuple(-1 if number is None else number for number in row) for row in rows]
    small = [a < 2**41 - 1 and b < 2**12 - 1 and c < 2**10 - 1 for a, b, c in keys]
    for i, one in enumerate(keys):
        for j, other in enumerate(keys):
            if one < other:
                assert packed[i] <= packed[j]
                assert packed[i] < packed[j] or not (small[i] and small[j])
            elif one == other:
                assert packed[i] == packed[j]


def test_columns_that_are_written_win_one_by_one(build: Build, tmp_path: Path) -> None:
    files = {"calls.json": jsonl(CALLS)}
    more = 'keep = "sentAt"\nevent = "?"\n[source.columns]\nchannel = "type"'
    built = load(build, tmp_path, "segment", files, more)
    assert told(built, "channel, campaign, event_id")[0] == ("page", "winter", "m1")
    assert json.loads(told(built, "attributes")[0][0]) == {
        "page_name": "Home",
        "page_path": "/",
        "source_medium": None,
        "sentAt": "2026-01-05T11:00:00.000Z",
    }


def test_rules_read_what_a_known_export_keeps(build: Build, tmp_path: Path) -> None:
    (tmp_path / "ga4.jsonl").write_bytes(jsonl(without_nulls(row) for row in GA4))
    text = project({"web": ("ga4", "ga4.jsonl")}).replace(
        '{ event = "(never)" }', '{ event = "page_view", page_location = "*/a" }'
    )
    built = build.in_folder(tmp_path, text)  # type: ignore[attr-defined]
    assert ("none", "Last") in walked(built, "touchpoint, stage")


def test_a_time_of_one_s_own_is_not_read_as_the_built_in_one(build: Build, tmp_path: Path) -> None:
    visit = {"idVisit": "1", "mine": "2026-02-03T04:05:06Z", "actionDetails": [{"type": "action"}]}
    more = '[source.columns]\noccurred_at = "visit.mine"'
    built = load(build, tmp_path, "matomo", {"visits.jsonl": jsonl([visit])}, more)
    assert told(built, "make_timestamp(occurred_us)::text") == [("2026-02-03 04:05:06",)]


@pytest.mark.parametrize(
    ("source", "told_fault"),
    [
        ({"format": "ga5"}, "format: this must be a file format, 'auto'"),
        ({"format": "ga4", "columns": {"chanel": "x"}}, "did you mean 'channel'?"),
        ({"format": "ga4", "columns": {"channel": []}}, "this must be text in quotes"),
        ({"format": 4}, "format: this must be text in quotes"),
    ],
)
def test_a_fault_of_a_known_export_is_told(
    source: dict[str, object], told_fault: str, tmp_path: Path
) -> None:
    raw = {
        "name": "p",
        "source": [{"name": "s", "files": "x", **source}],
        "map": [{"name": "m", "stages": ["a", "b"], "goal": "b"}],
        "touchpoint": [{"name": "t", "stage": "b", "when": {"event": "x"}}],
    }
    with pytest.raises(ProjectError) as caught:
        project_from(raw, folder=tmp_path)
    assert told_fault in str(caught.value)


def test_a_file_without_any_of_the_time_columns_is_told(build: Build, tmp_path: Path) -> None:
    with pytest.raises(
        ProjectError, match=r"occurred_at = 'activity_date' or .* is in none of its"
    ):
        load(build, tmp_path, "crm", {"log.csv": b"id,what\n1,call\n"})
