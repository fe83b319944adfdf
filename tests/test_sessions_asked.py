"""What is asked by session, or within one, where some events are in none."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest

from pipeline import Attribution, attribution
from pipeline.cli.notes import NOTED, notes
from pipeline.flows import journey_graph
from pipeline.funnel import Funnel, funnel
from pipeline.warehouse import Warehouse

from .conftest import Build, warehouse_in, write_csv
from .session_logs import HEADER, at, log, told

LOG = [
    *log([at("10:00"), ("2026-01-02", "sent", ""), ("2026-01-03", "sent", "")]),
    *log([("2026-01-04", "buy", "")]),
    *log([at("10:00"), at("10:05", "sent"), at("10:10", "buy")], who="bob"),
    *log([at("10:00", "sent"), at("10:10"), at("10:20", "buy")], who="cat"),
]
"""Ann is sent two e-mails while she is away, Bob one in a session, Cat one before hers."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    folder = tmp_path_factory.mktemp("sessions")
    write_csv(folder / "log.csv", HEADER, LOG)
    project = told(session='passive = "sent"') + '\n[kpi]\nsupport = ["sent"]\n'
    with warehouse_in(folder, project) as warehouse:
        yield warehouse


def test_a_graph_by_session_leaves_out_what_is_in_none_and_counts_it(built: Warehouse) -> None:
    graph = journey_graph(built, cut="session")
    edges = {(one, other): row["transitions"] for one, other, row in graph.edges(data=True)}
    assert edges == {
        ("(start)", "page"): 3,  # Ann, Bob, Cat
        ("(start)", "buy"): 1,  # Ann, on another day
        ("page", "sent"): 1,
        ("sent", "buy"): 1,
        ("page", "buy"): 1,
        ("page", "(exit)"): 1,
        ("buy", "(exit)"): 2,
        ("buy", "(open)"): 1,  # Ann's is the last event of the log
    }
    assert graph.graph["in_no_session"] == 3
    assert graph.graph["steps"] + 3 == len(LOG)
    assert journey_graph(built).graph["in_no_session"] == 0


@pytest.mark.parametrize(("unit", "expected"), [("session", [1, 1]), ("customer", [3, 3])])
def test_a_funnel_by_session_is_not_entered_by_what_is_in_none(
    unit: Any, expected: list[int], built: Warehouse
) -> None:
    found = funnel(built, Funnel(["sent", "buy"], unit=unit))
    assert found.steps["reached"].to_list() == expected
    assert found.in_no_session == (3 if unit == "session" else 0)


def test_what_a_funnel_by_session_leaves_out_are_events_of_its_own_steps(
    built: Warehouse,
) -> None:
    """Ann's two e-mails and Cat's one; an exclusion chooses them, too, and none of it twice."""
    by_session: Any = {"unit": "session"}
    assert funnel(built, Funnel(["page", "buy"], **by_session)).in_no_session == 0
    twice = Funnel(["page|sent", "buy"], exclusions=["sent"], **by_session)
    assert funnel(built, twice).in_no_session == 3


def test_a_session_that_is_over_has_dropped_and_one_that_may_go_on_is_open(
    built: Warehouse,
) -> None:
    """Ann's page was days ago; her order, the end of the log, may still be followed by a page."""
    steps = funnel(built, Funnel(["page", "buy"], unit="session")).steps
    assert steps[["reached", "dropped", "open"]].to_numpy().tolist()[0] == [3, 1, 0]
    steps = funnel(built, Funnel(["buy", "page"], unit="session")).steps
    assert steps[["reached", "dropped", "open"]].to_numpy().tolist()[0] == [3, 2, 1]


def test_every_event_in_no_session_is_a_touch_of_its_own(built: Warehouse) -> None:
    credits = attribution(built, Attribution(by="touchpoint", lookback="30 d"), draws=0).credits
    linear = credits[credits["rule"] == "linear"].set_index("name")["conversions"]
    assert linear["sent"] == pytest.approx(2 / 3 + 1 / 2 + 1 / 2)
    assert linear["page"] == pytest.approx(1 / 3 + 1 / 2 + 1 / 2)


def test_every_event_in_no_session_is_a_contact_of_its_own(built: Warehouse) -> None:
    contacts = "select contacts, customers from contact_sums where period_no is null"
    assert built.rows(f"{contacts} and kind = 'support'") == [(4, 3)]


def test_what_sessions_hold_is_counted_without_what_is_in_none(built: Warehouse) -> None:
    dwell = "select touchpoint, stays, sessions from touchpoint_dwell order by touchpoint"
    assert built.rows(dwell) == [("buy", 3, 3), ("page", 3, 3)]  # nobody stays at what is sent


@pytest.mark.tables("journey_touches", "touchpoint_phases", "identity_map")
def test_a_goal_is_reached_in_the_first_session_only_if_all_before_it_is_in_it(
    build: Build,
) -> None:
    made = build(LOG, told(session='passive = "sent"'), header=HEADER)
    assert made.rows(
        "select value, is_one_session from journey_touches join customers using (customer_no) "
        "join identity_map using (customer_id) order by value"
    ) == [("ann", False), ("bob", True), ("cat", False)]


@pytest.mark.tables("touchpoint_phases")
def test_a_first_goal_in_no_session_has_nothing_beside_it(build: Build) -> None:
    """The order comes from the back office; a later one is entered during a visit."""
    events = [at("10:00"), at("11:00", "buy"), at("11:05"), at("11:06", "buy"), at("11:07", "sent")]
    made = build(log(events), told(session='passive = "buy"'), header=HEADER)
    assert made.rows(
        "select touchpoint, phase, events from touchpoint_phases where events > 0 order by all"
    ) == [("buy", "at", 2), ("page", "after", 1), ("page", "before", 1), ("sent", "after", 1)]


@pytest.mark.tables("squiggle_cuts", "transitions")
def test_moves_from_and_to_what_is_in_no_session_lead_across(build: Build) -> None:
    project = told(session='passive = "buy"')
    made = build(log([at("10:00", "buy"), at("10:01", "buy"), at("10:02")]), project, header=HEADER)
    assert made.rows(
        "select level, from_node, to_node, transitions, across_sessions from transitions "
        "where n_timed > 0 and level <> 'channel' order by all"
    ) == [
        ("stage", "Buy", "Buy", 1, 1),
        ("stage", "Buy", "Look", 1, 1),
        ("touchpoint", "buy", "buy", 1, 1),
        ("touchpoint", "buy", "page", 1, 1),
    ]


@pytest.mark.tables("squiggle_cuts", "session_walks")
def test_a_step_in_no_session_is_in_no_walk_of_one(build: Build) -> None:
    """Its stage is in the journey's walk, and the customer's."""
    project = told(session='passive = "buy"', extra='as_of = "2027-06-01"')
    made = build(log([at("10:00"), at("12:00", "buy")]), project, header=HEADER)
    assert made.rows("select session_no, staged_steps from session_walks") == [(1, 1)]
    walks = "select cut, walks, total_variation from squiggle_cuts where population = 'all'"
    assert made.rows(f"{walks} order by cut") == [
        ("customer", 1, 1),
        ("journey", 1, 1),
        ("session", 1, 0),
    ]


@pytest.mark.tables(*NOTED)
@pytest.mark.parametrize(
    ("session", "customers", "noted"),
    [
        ("", ["ann", "bob", "cat"], 1),
        ('passive = "sent"', ["ann", "bob", "cat"], 0),
        ("", ["cat"], 0),
    ],
)
def test_sessions_that_only_the_sender_begins_are_told(
    session: str, customers: list[str], noted: int, build: Build
) -> None:
    """Cat's session goes on after what was sent, so it may well be one."""
    header = (*HEADER, "way")
    rows = [(*row, "outbound" if row[2] == "sent" else "") for row in LOG if row[0] in customers]
    project = told(session=session).replace('event = "what"', 'event = "what"\ndirection = "way"')
    made = build(rows, project, header=header)
    found = [one for one in notes(made) if "passive" in one]
    assert len(found) == noted
    assert all("3 of 6 sessions" in one and "'sent'" in one for one in found)


@pytest.mark.tables("events", "sessions", "open_sessions", "touchpoint_visits", "dwell_counts")
def test_in_ranges_of_customers_sessions_are_the_same(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = [("page", "a"), ("sent", ""), ("page", "b"), ("buy", "")]
    rows = [
        (f"c{who}", f"2026-01-0{1 + place % 3}T10:{(7 * who + 11 * place) % 60:02}:00Z", *step, "")
        for who in range(40)
        for place, step in enumerate(steps)
    ]
    project = told(session='passive = "sent"\nsplit = ["campaign", "day"]\nlongest = "15 min"')
    whole = build(rows, project, header=HEADER)
    monkeypatch.setattr(sys.modules["pipeline.run"], "RANGE_EVENTS", 12)
    parts = build(rows, project, header=HEADER)
    for name in ("ordered_events", "session_places", "session_sums", "dwell_counts"):
        one, other = (made.rows(f"select * from {name} order by all") for made in (whole, parts))
        assert one == other, name
    assert whole.scalar("select count(distinct split_no) from session_sums") > 2
