"""Known exports: one line in the project file, and their events stand in the warehouse."""

from __future__ import annotations

import gzip
import json
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipeline.errors import DataError
from pipeline.formats import FORMATS, NAMES, overview
from pipeline.ingest.files import replaced

from . import format_fixtures as made
from .conftest import ROOT, Build, shared
from .format_loading import accounted, load, project, told, walked

pytestmark = pytest.mark.tables("events", "loaded_events", "duplicate_rows", "source_quality")

TEN = datetime(2026, 1, 5, 10)


@pytest.mark.parametrize(
    "files",
    [
        {"events.jsonl": made.jsonl(made.without_nulls(row) for row in made.GA4)},
        {"events.parquet": made.parquet(made.GA4)},
    ],
    ids=["jsonl", "parquet"],
)
def test_ga4_orders_a_batch_by_page_ordering_id_and_index(
    build: Build, tmp_path: Path, files: dict[str, bytes]
) -> None:
    built = load(build, tmp_path, "ga4", files)
    assert accounted(built) == (5, 5, 0, 0)
    assert walked(built, "touchpoint") == [
        ("session_start",),
        ("page_view",),
        ("view_item",),
        ("add_to_cart",),
        ("purchase",),
    ]
    assert built.rows(
        "select distinct occurred_at, channel, campaign, device, country from events"
    ) == [(datetime(2026, 1, 5, 8), "cpc", "winter", "mobile", "Spain")]
    assert told(built, "user_id, device_id, session_key, value::text, currency, order_id")[:2] == [
        ("u1", "111.222", "1767599990", "39.90", "EUR", "T1"),
        (None, "111.222", "1767599990", None, None, None),
    ]
    kept = json.loads(told(built, "attributes")[0][0])
    assert kept["page_location"] == "https://shop.example/a" and kept["platform"] == "WEB"


def test_ga4_of_a_day_that_is_still_collected_is_refused_beside_the_whole_day(
    build: Build, tmp_path: Path
) -> None:
    lines = made.jsonl(made.without_nulls(row) for row in made.GA4)
    days = {"events_intraday_20260105.jsonl": lines, "events_20260104.jsonl.gz": b""}
    assert accounted(load(build, tmp_path, "ga4", days)) == (5, 5, 0, 0)
    with pytest.raises(DataError) as refused:
        load(build, tmp_path, "ga4", {**days, "events_20260105.jsonl.gz": gzip.compress(lines)})
    assert str(refused.value).splitlines()[1:] == [
        "  - exports/events_intraday_20260105.jsonl: exports/events_20260105.jsonl.gz holds the "
        "same events, in their final form; remove this file, or leave it out of files in "
        "[[source]] 'log'"
    ]
    apart = {"day": ("ga4", "events_2*"), "now": ("ga4", "events_intraday_*")}
    with pytest.raises(DataError, match=r"leave it out of files in \[\[source\]\] 'now'"):
        build.in_folder(tmp_path / "known1" / "exports", project(apart))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["a/day_intraday_5", "a/day_5"], ["a/day_5"]),
        (["a/day_intraday_5.jsonl", "a/day_5.parquet"], ["a/day_5.parquet"]),
        (["day_intraday_5", "day_5-000000000000"], ["day_5-000000000000"]),
        (["day_intraday_5-000000000001", "day_5-000000000000"], ["day_5-000000000000"]),
        (["day_intraday_2026-01-05", "day_2026-01-04"], []),
        (["a/day_intraday_5", "b/day_5"], []),
        (["x_intraday_5/day", "x_5/day"], []),
        (["day_intraday_5", "day_intraday_6"], []),
    ],
)
def test_a_file_is_replaced_by_that_of_its_day_and_folder(
    names: list[str], found: list[str]
) -> None:
    assert replaced(names, "intraday_") == dict(zip(names, found, strict=False))


@pytest.mark.tables()
@pytest.mark.parametrize("shape", ["tsv", "parquet"])
def test_snowplow_falls_back_to_the_collector_and_records_conflicts(
    build: Build, tmp_path: Path, shape: str
) -> None:
    files = {"part-00000.gz": made.snowplow_tsv(made.SNOWPLOW)}
    if shape == "parquet":
        files = {"part-00000.parquet": made.parquet(made.snowplow_typed())}
    built = load(build, tmp_path, "snowplow", files)
    assert accounted(built) == (6, 4, 2, 0)
    assert built.rows("select is_conflict from duplicate_rows order by row_no") == [
        (False,),
        (True,),
    ]
    assert built.rows(
        "select event, make_timestamp(occurred_us) from loaded_events "
        "where row_no in (1, 5) order by event"
    ) == [
        ("page_view", TEN + timedelta(seconds=1.25)),
        ("transaction", TEN + timedelta(seconds=10)),
    ]
    assert told(built, "user_id, device_id, session_key, channel, value::text, order_id, sequence")[
        -2:
    ] == [
        (None, "d1", "s1", "cpc", "12.50", "T1", None),
        (None, "m1", "ms1", None, None, None, 7),
    ]
    assert json.loads(told(built, "attributes")[0][0])["page_title"] == '"Best" shoes, 10" tall'


@pytest.mark.parametrize("kind", ["segment", "rudderstack"])
def test_calls_are_tracks_pages_and_identifies(build: Build, tmp_path: Path, kind: str) -> None:
    built = load(build, tmp_path, kind, {"calls.json": made.jsonl(made.CALLS)})
    assert accounted(built) == (3, 3, 0, 0)
    assert walked(built, "touchpoint, channel, campaign, value::text") == [
        ("page", "email", "winter", None),
        ("identify", "email", "winter", None),
        ("Order Completed", "email", "winter", "20.50"),
    ]
    assert told(built, "event_id, user_id, email, device_id")[1] == (
        "m2",
        "u1",
        "Ann@example.org",
        "a1",
    )


@pytest.mark.parametrize("kind", ["segment", "rudderstack"])
def test_tables_of_calls_are_one_source_each(build: Build, tmp_path: Path, kind: str) -> None:
    for name, rows in made.TABLES.items():
        (tmp_path / f"{name}.csv").write_bytes(made.table(rows))
    sources = {
        name: (kind if name == "tracks" else f"{kind}_{name}", f"{name}.csv")
        for name in made.TABLES
    }
    built = build.in_folder(tmp_path, project(sources))  # type: ignore[attr-defined]
    assert walked(built) == [
        ("page", TEN + timedelta(seconds=1)),
        ("identify", TEN + timedelta(seconds=2)),
        ("Order Completed", TEN + timedelta(seconds=3)),
    ]


def test_mixpanel_tells_devices_from_users(build: Build, tmp_path: Path) -> None:
    built = load(build, tmp_path, "mixpanel", {"export.jsonl": made.jsonl(made.MIXPANEL)})
    assert accounted(built) == (5, 4, 1, 0)
    assert walked(built, "touchpoint") == [("Home",), ("Cart",), ("Purchase",), ("Invoice",)]
    assert told(built, "user_id, device_id, country, campaign") == [
        ("u1", "d1", "ES", "winter"),
        *[(None, "d1", "ES", "winter")] * 3,
        ("u1", None, None, None),
    ]


def test_amplitude_orders_by_its_event_id_and_knows_no_session_minus_one(
    build: Build, tmp_path: Path
) -> None:
    built = load(
        build,
        tmp_path,
        "amplitude",
        {"1_2026-01-05_10.json.gz": gzip.compress(made.jsonl(made.AMPLITUDE))},
    )
    assert accounted(built) == (4, 3, 1, 0)
    at = TEN + timedelta(milliseconds=123)
    assert walked(built) == [("Home", at), ("Push Received", at), ("Purchase", at)]
    assert told(built, "event_id, user_id, device_id, session_key, device, value::text, currency")[
        :3:2
    ] == [
        ("uu12", "user-1", "d1", "1767607200123", "iOS", "5.25", "EUR"),
        ("uu11", None, "d1", None, "iOS", None, None),
    ]


@pytest.mark.parametrize("shape", ["jsonl", "parquet"])
def test_posthog_reads_properties_as_object_and_as_text(
    build: Build, tmp_path: Path, shape: str
) -> None:
    files = {"events.jsonl": made.jsonl(made.POSTHOG)}
    if shape == "parquet":
        files = {"events.parquet": made.parquet(made.posthog_typed())}
    built = load(build, tmp_path, "posthog", files)
    assert [row[0] for row in walked(built)] == ["$pageview", "$identify", "order paid"]
    assert walked(built)[0][1] == TEN + timedelta(seconds=1.5)
    assert told(built, "user_id, device_id, session_key, channel, value::text") == [
        (None, "d1", "s1", "cpc", None),
        ("u1", "d1", "s1", None, None),
        ("u1", None, "s1", None, "12.50"),
    ]


def test_mobile_sessions_are_those_that_snowplow_publishes(build: Build, tmp_path: Path) -> None:
    path = shared("data", "snowplow_mobile", "source", "snowplow_mobile_events.csv")
    screens = "unstruct_event_com_snowplowanalytics_mobile_screen_view_1_0_0"
    text = project({"app": ("snowplow", str(path))}, f'keep = "{screens}[].id"')
    built = build.in_folder(tmp_path, text)  # type: ignore[attr-defined]
    found = built.rows(
        "select session_key, strftime(make_timestamp(min(occurred_us)), '%Y-%m-%d %H:%M:%S.%g'), "
        "strftime(make_timestamp(max(occurred_us)), '%Y-%m-%d %H:%M:%S.%g'), "
        f"""nullif(count(distinct attributes ->> '$."{screens}[].id"'), 0), """
        "round((max(occurred_us) - min(occurred_us)) / 1e6)::int, min(device_id) "
        "from loaded_events where event_no not in (select event_no from duplicate_rows) group by 1"
    )
    sessions = {row[0]: tuple("" if cell is None else str(cell) for cell in row) for row in found}
    answer = shared("oracles", "sess_06_snowplow_mobile", "expected.json")
    for one in json.loads(answer.read_text(encoding="utf-8"))["sessions"]:
        assert sessions[one["session_id"]] == tuple(one.values())


def test_the_manual_lists_the_known_exports() -> None:
    manual = (ROOT / "docs" / "project.md").read_text(encoding="utf-8")
    table = manual.split("\n## Known exports\n", 1)[1].split("\n|---|", 1)[1]
    assert table.split("\n", 1)[1].split("\n\n", 1)[0] == overview()
    assert re.findall(r"(?m)^\| `(\w+)` ", overview()) == list(NAMES) == list(FORMATS)
