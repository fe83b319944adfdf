"""What counts how often and until when: months by their days, values in two columns once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from pipeline.compare import compare
from pipeline.errors import DataError
from pipeline.flows import journey_graph
from pipeline.paths.pattern import pattern
from pipeline.questions import Scope

from .conftest import Build, toml
from .parts import QUESTIONS
from .test_declared import AB, COLUMNS, FAR, moved, touchpoints


@pytest.mark.tables("support_contacts", "stage_contact_sums")
def test_who_reached_the_goal_and_goes_on_is_at_the_last_stage_until_the_as_of_moment(
    build: Build,
) -> None:
    rows = [
        *(("u1", "2026-02-25 10:00:00", "A"), ("u1", "2026-02-25 10:05:00", "B")),
        *(("u1", "2026-02-25 10:06:00", "help"), ("u2", "2026-03-05 10:06:00", "A")),
    ]
    text = toml(stages=AB, goal="B", map_extra='closes = "silence"') + touchpoints("help")
    built = build(rows, text + '\n[kpi]\nsupport = "help"\n')
    days = built.scalar("select exposure_days from stage_contact_sums where stage_no = 2")
    assert days == pytest.approx(8 + 1 / 1440)


@pytest.mark.tables("pain_points")
def test_a_month_counts_by_its_days_in_what_a_pain_costs(build: Build) -> None:
    rows = []
    for month in (1, 2, 3):
        for who in range(60):
            begin = datetime(2026, month, 2) + timedelta(hours=who)
            rows.append((f"{month}-{who}", str(begin), "A"))
            if who % 3:
                rows.append((f"{month}-{who}", str(begin + timedelta(hours=1)), "B"))
    options = 'silence = "5 d"\nwithin = "4 d"'
    text = toml(stages=AB, goal="B", extra=FAR, map_extra=options)
    per_month = dict(
        build(rows, text).rows(
            "select value, per_month from pain_points "
            "where segment = 'period' and level = 'stage' and reference = 'rest'"
        )
    )
    assert per_month["2026-02"] == pytest.approx(60 * 30.4375 / 28)
    assert per_month["2026-03"] == pytest.approx(60 * 30.4375 / 31)


@pytest.mark.tables("ambiguous_ids", "column_quality")
def test_an_event_that_carries_a_value_twice_counts_once_and_a_repeat_not_at_all(
    build: Build,
) -> None:
    columns = COLUMNS + '\ncrm_id = "crm"\nevent_id = "id"'
    rows = [
        ("u1", "2026-01-01 10:00:00", "A", "u1", "1"),
        ("u1", "2026-01-02 10:00:00", "B", "u1", "2"),
        ("u1", "2026-01-03 10:00:00", "B", "u1", "2"),
    ]
    text = toml(stages=AB, goal="B", columns=columns)
    built = build(rows, text, header=("who", "at", "what", "crm", "id"))
    assert built.rows("select value, kinds, events from ambiguous_ids") == [("u1", 2, 2)]
    assert {rows for (rows,) in built.rows("select rows from column_quality")} == {2}


@pytest.mark.tables("channels", "nodes")
def test_a_channel_that_is_marked_is_one_with_what_is_called_so(build: Build) -> None:
    rows = [
        ("u1", f"2026-01-01 10:0{n}:00", "A", way)
        for n, way in enumerate(("(other)", "(other) [channel]"))
    ]
    text = toml(stages=AB, goal="B", columns=COLUMNS + '\nchannel = "way"')
    built = build(rows, text, header=("who", "at", "what", "way"))
    assert built.rows("select channel from channels where channel_no > 0") == [
        ("(other) [channel]",)
    ]


@pytest.mark.tables(*QUESTIONS)
def test_what_is_asked_of_nothing_or_beyond_reason_is_answered_in_words(build: Build) -> None:
    built = build(moved(4), toml(stages=AB, goal="B", extra=FAR))
    empty = journey_graph(built, Scope(outcomes=["dropped"], map_name="journey"), level="stage")
    assert (empty.graph["map_name"], empty.graph["level"], empty.graph["cut"]) == (
        "journey",
        "stage",
        "journey",
    )
    with pytest.raises(DataError, match="top = -1: it is at least 1"):
        journey_graph(built, top=-1)
    with pytest.raises(DataError, match="draws = 0: it is at least 20"):
        compare(built, Scope(), Scope(), draws=0)
    with pytest.raises(DataError, match="examples = -1: it is at least 0"):
        pattern(built, "A", examples=-1)
    assert built.ask("select 1 as one")["one"].to_list() == [1]
    assert built.ask("select 2 as two")["two"].to_list() == [2]
