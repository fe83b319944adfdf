"""Where sessions begin, when more than a gap tells them apart, and which events are in none."""

from __future__ import annotations

import pytest

from pipeline.errors import ProjectError
from pipeline.warehouse import Warehouse

from .conftest import Build
from .session_logs import HEADER, at, log, told

pytestmark = pytest.mark.tables("events", "customers", "journeys", "sessions", "open_sessions")


def sessions(built: Warehouse) -> list[tuple[str, str, str | None, int]]:
    """When each session begins and ends, what ended the one before, and how many events it has."""
    return built.rows(
        "select strftime(started_at, '%H:%M'), strftime(ended_at, '%H:%M'), split_cause, events "
        "from sessions order by customer_no, session_no"
    )


def numbers(built: Warehouse) -> list[int | None]:
    """The session of every event, in the order of events; None: it is in none."""
    return [number for (number,) in built.rows(
        "select session_no from ordered_events order by customer_no, position"
    )]  # fmt: skip


def test_midnight_by_the_clock_of_the_project_ends_a_session_where_days_split(build: Build) -> None:
    events = [
        at("22:50"),
        at("22:59"),
        at("23:00"),
        at("23:50"),
        ("2026-01-02 00:05:00", "page", ""),
    ]
    zone = 'timezone = "Europe/Madrid"'  # an hour ahead of the log
    rows = log([(moment + "Z", what, campaign) for moment, what, campaign in events])
    built = build(rows, told(session='split = "day"', extra=zone), header=HEADER)
    assert sessions(built) == [
        ("22:50", "22:59", None, 2),
        ("23:00", "23:00", "day", 1),
        ("23:50", "00:05", "silence", 2),
    ]


def test_another_campaign_begins_a_session_and_a_direct_visit_does_not(build: Build) -> None:
    events = [
        at("10:00"),
        at("10:05", campaign="spring"),  # the first campaign of a session is another one, too
        at("10:10"),
        at("10:15", campaign="spring"),
        at("10:20", campaign="sale"),
        at("11:30", campaign="sale"),  # a new session anyhow: its cause is the silence
        at("11:40", campaign="sale"),
    ]
    built = build(log(events), told(session='split = ["campaign"]'), header=HEADER)
    assert sessions(built) == [
        ("10:00", "10:00", None, 1),
        ("10:05", "10:15", "campaign", 3),
        ("10:20", "10:20", "campaign", 1),
        ("11:30", "11:40", "silence", 2),
    ]


def test_a_session_has_no_campaign_of_the_session_before(build: Build) -> None:
    events = [at("10:00", campaign="spring"), at("11:00"), at("11:05", campaign="spring")]
    built = build(log(events), told(session='split = "campaign"'), header=HEADER)
    assert sessions(built) == [
        ("10:00", "10:00", None, 1),
        ("11:00", "11:00", "silence", 1),
        ("11:05", "11:05", "campaign", 1),
    ]


def test_a_session_is_cut_at_every_full_length_from_its_beginning(build: Build) -> None:
    events = [at(f"{10 + minute // 60}:{minute % 60:02}") for minute in range(0, 161, 20)]
    built = build(log(events), told(session='longest = "1 h"'), header=HEADER)
    assert sessions(built) == [
        ("10:00", "11:00", None, 4),  # one just as long is not too long
        ("11:20", "12:00", "length", 3),
        ("12:20", "12:40", "length", 2),
    ]


def test_a_passive_event_begins_no_session_and_keeps_none_going(build: Build) -> None:
    events = [
        at("09:00", "sent"),  # before any session
        at("10:00"),
        at("10:20", "sent"),  # while one goes on
        at("10:31"),  # the silence is counted from 10:00
        at("11:01", "sent"),
        at("11:02", "sent"),  # no session goes on any more
        at("11:03"),
    ]
    built = build(log(events), told(session='passive = "sent"'), header=HEADER)
    assert numbers(built) == [None, 1, 1, 2, 2, None, 3]
    begun = "select split_no from ordered_events order by position"
    assert built.rows(begun) == [(None,), (1,), (None,), (2,), (None,), (None,), (2,)]
    assert sessions(built) == [
        ("10:00", "10:00", None, 2),
        ("10:31", "10:31", "silence", 2),
        ("11:03", "11:03", "silence", 1),
    ]
    assert built.rows(
        "select distinct duration_s, active_events, last_touchpoint from sessions"
    ) == [(None, 1, "page")]
    assert built.scalar("select count(*) from session_sums") == 3
    assert built.rows("select sessions, events from customers") == [(3, 7)]
    assert built.rows("select sessions, steps from journeys") == [(3, 7)]
    assert built.rows("select count(*) from events where session_id is null") == [(2,)]


def test_a_campaign_of_a_passive_event_says_nothing_about_sessions(build: Build) -> None:
    events = [at("10:00", campaign="spring"), at("10:05", "sent", "sale"), at("10:10")]
    project = told(session='split = "campaign"\npassive = "sent"')
    assert numbers(build(log(events), project, header=HEADER)) == [1, 1, 1]


def test_a_customer_of_passive_events_alone_has_no_session(build: Build) -> None:
    project = told(session='passive = "sent"')
    built = build(log([at("10:00", "sent"), at("10:01", "sent")]), project, header=HEADER)
    assert sessions(built) == []
    assert built.rows("select sessions, events from customers") == [(0, 2)]
    assert built.rows("select sessions, steps from journeys") == [(0, 2)]


def test_a_stage_may_be_passive_as_a_whole(build: Build) -> None:
    built = build(
        log([at("10:00"), at("10:40", "buy")]), told(session='passive = "Buy"'), header=HEADER
    )
    assert numbers(built) == [1, None]


@pytest.mark.parametrize(
    ("session", "as_of", "is_open"),
    [
        ('longest = "9 h"', "10:35", True),
        ('longest = "9 h"', "10:41", False),
        ('passive = "sent"', "10:30", True),
        ('passive = "sent"', "10:31", False),
        ('longest = "20 min"', "10:20", True),
        ('longest = "20 min"', "10:21", False),
        ('split = "day"', "10:30", True),
    ],
)
def test_a_session_is_open_while_an_event_could_still_be_in_it(
    build: Build, session: str, as_of: str, is_open: bool
) -> None:
    events = [at("10:00"), at("10:10", "sent")]
    extra = f'as_of = "2026-01-01 {as_of}:00Z"'
    built = build(log(events), told(session=session, extra=extra), header=HEADER)
    assert built.scalar("select count(*) from open_sessions") == int(is_open)


def test_only_the_last_of_the_sessions_that_have_begun_is_open(build: Build) -> None:
    events = [at("10:00"), at("10:05", campaign="sale"), at("12:00")]
    project = told(session='split = "campaign"', extra='as_of = "2026-01-01 10:10:00Z"')
    built = build(log(events), project, header=HEADER)
    assert built.rows("select session_no from open_sessions") == [(2,)]


def test_sessions_follow_the_order_of_events_and_not_that_of_the_file(build: Build) -> None:
    header = (*HEADER, "place")
    rows = [
        ("ann", "2026-01-01 10:00:00", "page", "sale", "", "2"),
        ("ann", "2026-01-01 10:00:00", "page", "", "", "1"),
    ]
    project = told(session='split = "campaign"')
    project = project.replace('event = "what"', 'event = "what"\nsequence = "place"')
    built = build(rows, project, header=header)
    assert numbers(built) == [1, 2]
    assert numbers(build(rows[::-1], project, header=header)) == [1, 2]


def test_a_session_of_yesterday_is_over_where_days_split(build: Build) -> None:
    events = [at("23:50")]
    for extra, open_ones in (("", 1), ('split = "day"', 0)):
        project = told(session=extra, extra='as_of = "2026-01-02 00:05:00Z"')
        built = build(log(events), project, header=HEADER)
        assert built.scalar("select count(*) from open_sessions") == open_ones


@pytest.mark.tables("dwell_counts", "touchpoint_visits", "touchpoint_sessions")
def test_a_stay_goes_on_over_what_is_passive_and_ends_with_the_next_session(build: Build) -> None:
    rows = [
        ("ann", "2026-01-01 10:00:00", "page", "", ""),
        ("ann", "2026-01-01 10:02:00", "sent", "", ""),
        ("ann", "2026-01-01 10:05:00", "page", "", ""),
        ("ann", "2026-01-01 10:06:00", "buy", "sale", "60"),
        ("ann", "2026-01-01 10:08:00", "page", "", ""),
        ("ann", "2026-01-02 10:08:00", "sent", "", "7"),
        ("ann", "2026-01-02 10:09:00", "sent", "", ""),
        ("bob", "2026-01-01 10:00:00", "page", "", ""),
        ("bob", "2026-01-01 10:10:00", "sent", "", ""),
        ("bob", "2026-01-01 11:00:00", "page", "", ""),
    ]
    project = told(
        session='passive = "sent"\nsplit = "campaign"', extra='as_of = "2026-01-03 00:00:00Z"'
    )
    built = build(rows, project, header=HEADER)
    assert built.rows(
        "select touchpoint, stay_s, ended, unseen, told "
        "from dwell_counts join touchpoint_names using (touchpoint_no) order by all"
    ) == [
        ("buy", 60, 1, 0, 1),  # as the export says, not the two minutes to the next event
        ("page", 60, 0, 1, 0),  # the session ends here: watched for the minute that it takes
        ("page", 300, 1, 0, 0),
        ("page", 1800, 0, 3, 0),
        ("sent", 7, 1, 0, 1),
    ]
    assert built.rows(
        "select touchpoint, events, visits "
        "from touchpoint_visits join touchpoint_names using (touchpoint_no) order by all"
    ) == [("buy", 1, 1), ("page", 5, 5), ("sent", 4, 4)]
    assert built.rows(
        "select touchpoint, sessions "
        "from touchpoint_sessions join touchpoint_names using (touchpoint_no) order by all"
    ) == [("buy", 1), ("page", 4), ("sent", 2)]


@pytest.mark.tables("dwell_counts")
@pytest.mark.parametrize("session", ["", 'longest = "9 h"'])
@pytest.mark.parametrize("took", ["", "5"])
def test_a_stay_that_the_as_of_moment_cuts_short_was_watched_until_then(
    session: str, took: str, build: Build
) -> None:
    rows = [("ann", f"2026-01-01 10:{minute}:00", "page", "", took) for minute in ("00", "20")]
    project = told(session=session, extra='as_of = "2026-01-01 10:10:00Z"')
    built = build(rows, project, header=HEADER)
    stays = built.rows("select stay_s, ended, unseen, told from dwell_counts")
    assert stays == ([(5, 1, 0, 1)] if took else [(600, 0, 1, 0)])


@pytest.mark.parametrize(
    ("session", "fault"),
    [
        (
            'passive = "snet"',
            "[session] passive: 'snet' is no touchpoint and no stage; did you mean 'sent'",
        ),
        ('split = "month"', "[session] split: this must be 'day' or 'campaign' (seen: 'month')"),
        ('longest = "0 s"', "[session] longest: this must be more than 0"),
    ],
)
def test_a_rule_of_sessions_that_cannot_be_is_refused(
    build: Build, session: str, fault: str
) -> None:
    with pytest.raises(ProjectError) as raised:
        build(log([at("10:00")]), told(session=session), header=HEADER)
    assert fault in str(raised.value)
