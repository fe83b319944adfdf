"""What a first look makes of exports, how known ones unfold, and faults of a project file."""

from __future__ import annotations

import json
import tomllib
from io import BytesIO
from pathlib import Path

import pytest

from pipeline.errors import ProjectError
from pipeline.formats import FORMATS, completed, matomo, parsed, xes
from pipeline.ingest.look import _majority
from pipeline.project import project_from
from pipeline.sniff.encodings import guessed_encoding
from pipeline.sniff.known import in_our_columns
from pipeline.sniff.look import look
from pipeline.sniff.names import exports_under
from pipeline.sniff.roles import roles
from pipeline.sniff.stages import stage_of

PROJECT = """
name = "shop"
[[source]]
name = "web"
files = "*.csv"
[source.columns]
user_id = "who"
occurred_at = "at"
event = "what"
[[map]]
name = "sales"
stages = ["See", "Buy"]
goal = "Buy"
[[touchpoint]]
name = "Ad"
stage = "See"
when = { event = "ad" }
[[touchpoint]]
name = "Order"
stage = "Buy"
when = { event = "order" }
"""


def faults(old: str, new: str) -> list[str]:
    """Return what the project is refused with when a text of it is another."""
    assert old in PROJECT
    with pytest.raises(ProjectError) as refused:
        project_from(tomllib.loads(PROJECT.replace(old, new)), folder=Path())
    return [line.removeprefix("  - ") for line in str(refused.value).splitlines()[1:]]


def test_without_a_map_no_stage_is_said_to_be_in_none() -> None:
    a_map = PROJECT[PROJECT.index("[[map]]") : PROJECT.index("[[touchpoint]]")]
    assert faults(a_map, "") == ["there is no [[map]]; add one"]


def test_what_nothing_can_be_is_told_of_every_role_of_a_map() -> None:
    for role in ("start", "abandon"):
        (told,) = faults('goal = "Buy"', f'goal = "Buy"\n{role} = ["Sea"]')
        assert told.startswith(f"[[map]] 'sales' {role}: 'Sea' is no stage of this map and no")


def test_two_of_a_name_are_told_and_two_ways_to_write_a_path_are_one() -> None:
    segment = '[[segment]]\nname = "way"\ncolumn = "channel"\n'
    told = faults("[[map]]", segment + segment + "[[map]]")
    assert told == ["[[segment]] 'way': this name is used twice; give each segment its own"]
    (told_path,) = faults('name = "shop"', 'name = "shop"\nreport = "here/../journeys.duckdb"')
    assert "and one would overwrite the other" in told_path


def test_of_many_rows_one_and_the_same_time_is_of_something_else() -> None:
    days = [f"2026-01-{day:02}" for day in range(1, 31)]
    assert roles({"date": ["2026-01-01"] * 30, "seen_time": days})["occurred_at"] == "seen_time"
    assert roles({"date": ["2026-01-01"] * 3, "seen_time": days[:3]})["occurred_at"] == "date"


def test_an_id_that_most_rows_lack_is_none_of_events_and_one_of_ours_none_of_customers() -> None:
    rows = {"event_id": [*"abcdefg", "", "", ""], "agent_email": ["a@b.de", *["c@b.de"] * 9]}
    assert roles(rows) == {}
    assert set(roles({"event_id": list("abcdefghi") + [""], "email": rows["agent_email"]})) == {
        *("event_id", "email")
    }


def test_a_page_is_not_the_purchase_but_a_search_is_one_wherever() -> None:
    assert [stage_of(name) for name in ("order_page", "search_page", "checkout_view")] == [
        *("Consideration", "Interest", "Consideration")
    ]


def test_a_look_is_at_the_first_the_middle_and_the_last_file_in_the_order_of_time(
    tmp_path: Path,
) -> None:
    """Ann is written backwards; the share of an event is of customers, not of rows."""
    lines = ["ann,2026-01-03,buy\nann,2026-01-01,see\nann,2026-01-02,see\n", "bob,2026-01-01,ad\n"]
    paths = []
    for number, text in enumerate([*lines, "cat,2026-01-01,last\ncat,2026-01-02,last\n"]):
        paths.append(tmp_path / f"{number}.csv")
        paths[-1].write_text(f"user_id,time,event\n{text}", encoding="utf-8")
    found = {one.name: one for one in look("log", [], paths).events}
    assert set(found) == {"see", "buy", "ad", "last"}
    assert (found["see"].place, found["buy"].place, found["last"].place) == (0.25, 1, 0.5)
    assert {one.share for one in found.values()} == {1 / 3}


def test_what_is_hidden_is_no_export(tmp_path: Path) -> None:
    for name in ("a.csv", ".b.csv", ".cache/c.csv", "in/d.jsonl", "in/notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    assert {path.name for path in exports_under(tmp_path)} == {"a.csv", "d.jsonl"}


@pytest.mark.parametrize(
    ("written", "guessed"),
    [
        ("utf-8", "utf-8"),
        ("utf-16", "utf-8"),  # it has a mark, and tells itself
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1252", "cp1252"),
    ],
)
def test_letters_are_guessed_by_bytes(tmp_path: Path, written: str, guessed: str) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes("who,at\nZoë,now\n".encode(written))
    assert guessed_encoding(path) == guessed
    path.write_bytes(b"who\nZo\x81\n")
    assert guessed_encoding(path) == "latin-1"


def test_the_way_of_writing_that_half_of_the_times_have_decides() -> None:
    assert _majority(["2026-01-31", "x"]) == ["iso"]
    assert _majority(["2026-01-31", "x", "y"]) == []


def test_a_way_has_what_it_asks_of_its_value() -> None:
    (session, user) = parsed("session_id[not=-1]") + parsed("who[unless=properties.$device_id]")
    assert (session.nothing, session.names) == ("-1", ("session_id",))
    assert user.unless is not None and user.unless.names == ("properties", "$device_id")


def test_what_is_written_wins_column_by_column_and_what_is_kept_adds_up() -> None:
    known = FORMATS["ga4"]
    raw = {"format": "ga4", "columns": {"event": "what"}, "keep": ["own"], "blank": "-"}
    found = completed(raw)
    assert (found["columns"]["event"], found["columns"]["user_id"]) == ("what", "user_id")
    assert found["keep"] == [*known.kept, "own"] and found["blank"] == ["(not set)", "-"]
    assert found["time_format"] == "epoch_us"
    assert completed(raw | {"timezone": "Asia/Tokyo"})["timezone"] == "Asia/Tokyo"
    assert "time_format" not in completed(raw | {"columns": {"occurred_at": "at"}})


def test_a_visit_without_actions_is_one_record_and_sites_number_visits_of_their_own() -> None:
    visits = [
        {"idSite": 1, "idVisit": 7, "actionDetails": [{"type": "a"}, {"type": "b"}]},
        {"idSite": 2, "idVisit": 7, "actionDetails": [{"type": "a"}]},
        {"idSite": 2, "idVisit": 8, "actionDetails": []},
        {"idSite": 2, "idVisit": 9},
    ]
    text = "\n".join(map(json.dumps, visits)).encode()
    lines = list(matomo.lines(BytesIO(text)))
    assert matomo.count(BytesIO(text)) == len(lines) == 5
    ids = [json.loads(line).get("action_id") for line in lines]
    assert ids == ["1-7-1", "1-7-2", "2-7-1", None, None]


def test_an_event_has_the_attributes_of_its_own_trace_only() -> None:
    name = '<string key="concept:name" value="{}"/>'
    event = f"<event>{name.format('go')}</event>"
    text = f"<log><trace>{name.format('A')}{event}</trace><trace>{event}</trace>{event}</log>"
    found = [json.loads(line) for line in xes.lines(BytesIO(text.encode()))]
    assert [one.get("case:concept:name") for one in found] == ["A", None, None]
    after = text.replace(f"<trace>{event}</trace>", "")
    found = [json.loads(line) for line in xes.lines(BytesIO(after.encode()))]
    assert [one.get("case:concept:name") for one in found] == ["A", None]
    assert xes.count(BytesIO(text.encode())) == 3


def test_of_several_columns_the_one_that_is_nearest_to_the_event_is_read() -> None:
    ticket = {"created_at": "first", "updated_at": "then", "status": "solved", "event": "reply"}
    read = in_our_columns(FORMATS["helpdesk"], [ticket])[0]
    assert (read["occurred_at"], read["event"]) == ("then", "reply")
    hit = {"derived_tstamp": "derived", "collector_tstamp": "collected", "event": "struct"}
    read, late = in_our_columns(FORMATS["snowplow"], [hit, {**hit, "derived_tstamp": ""}])
    assert (read["occurred_at"], late["occurred_at"]) == ("derived", "collected")
