"""What the pages say of who counts: a sentence of the manual beside the log that shows it."""

from __future__ import annotations

import pytest

from .conftest import FIVE, Build, toml
from .test_docs import MANUAL, REFERENCE

SAID = " ".join(MANUAL.split())
HEADER = ("user", "cookie", "at", "what", "direction")
COLUMNS = (
    'user_id = "user"\ncookie_id = "cookie"\noccurred_at = "at"\nevent = "what"\n'
    'direction = "direction"'
)


@pytest.mark.tables("touchpoint_next", "touchpoint_phases", "touchpoint_stops", "touchpoint_reach")
def test_journeys_without_a_stage_are_in_what_comes_next_and_in_no_rate(build: Build) -> None:
    """Bob asks for help twice and is at no stage; ann asks once, and is."""
    assert (
        "stops and reach are read from journeys with at least one stage; graphs, loops and paths "
        "of touchpoints or channels, `touchpoint_next` and `touchpoint_phases` from all."
    ) in SAID
    log = [
        ("ann", "", "2026-01-01 10:00:00", "Help", ""),
        ("ann", "", "2026-01-01 11:00:00", "Loyalty", ""),
        ("bob", "", "2026-01-01 10:00:00", "Help", ""),
        ("bob", "", "2026-01-01 11:00:00", "Help", ""),
        ("cid", "", "2026-06-01 11:00:00", "Awareness", ""),
    ]
    made = build(log, toml(columns=COLUMNS), header=HEADER)
    asked = "select {} from {} where touchpoint = 'Help'"
    assert made.scalar(asked.format("sum(moves)", "touchpoint_next")) == 2
    assert made.scalar(asked.format("sum(events)", "touchpoint_phases")) == 3
    assert made.scalar(asked.format("visits", "touchpoint_stops")) == 1
    assert made.scalar(asked.format("closed", "touchpoint_reach")) == 1


@pytest.mark.tables("silence_plateaus")
def test_silences_are_followed_however_few_customers_they_are_of(build: Build) -> None:
    """Ann alone falls silent fifty times, or forty-nine times."""
    assert "at the longest h for which at least 50 silences were followed" in SAID
    for silences in (49, 50):
        days = [f"2026-{1 + day // 28:02}-{1 + day % 28:02} 10:00:00" for day in range(silences)]
        log = [("ann", "", day, "Awareness", "") for day in days]
        made = build(log, toml(columns=COLUMNS, extra='as_of = "2026-12-31"'), header=HEADER)
        followed = made.scalar("select followed_s from silence_plateaus where stage_no = 0")
        assert (followed is None) == (silences < 50)


@pytest.mark.tables("events", "customers")
def test_a_blocked_id_is_nobody_but_its_device_is_a_customer(build: Build) -> None:
    """The bot's events without a cookie are nobody's; those with one are a customer's."""
    assert (
        "An id that is `blocked` is nobody's, but a device that it comes with still is a customer."
    ) in SAID
    log = [
        ("bot", "c", "2026-01-01 10:00:00", "Awareness", ""),
        ("bot", "", "2026-01-02 10:00:00", "Awareness", ""),
        ("ann", "", "2026-01-01 10:00:00", "Loyalty", ""),
    ]
    project = toml(columns=COLUMNS) + '\n[identity]\nblocked = "bot"\n'
    made = build(log, project, header=HEADER)
    found = made.rows("select kind, events from customers order by kind")
    assert found == [("anonymous", 1), ("identified", 1)]


@pytest.mark.tables("events", "customers")
def test_each_session_of_a_kiosk_is_a_customer(build: Build) -> None:
    """Five persons log in, then two sessions of two events each."""
    assert "never lends; of its events without a strong id, each session is a customer" in SAID
    log = [(f"p{n}", "k", f"2026-01-0{n + 1} 10:00:00", "Awareness", "") for n in range(5)]
    log += [("", "k", f"2026-01-05 1{n}:05:00", "Interest", "") for n in (0, 3)]
    log += [("", "k", f"2026-01-05 1{n}:06:00", "Interest", "") for n in (0, 3)]
    made = build(log, toml(columns=COLUMNS), header=HEADER)
    assert made.rows("select events from customers where kind = 'anonymous'") == [(2,), (2,)]


@pytest.mark.tables("cohort_retention", "recency_classes")
def test_who_was_sent_an_e_mail_is_active_then(build: Build) -> None:
    """Ann did something in January only; in February she was written to."""
    assert "any event counts, also an e-mail that was sent" in SAID
    assert "and by any event, also one that was sent" in SAID
    log = [
        ("ann", "", "2026-01-01 10:00:00", "Awareness", "inbound"),
        ("ann", "", "2026-02-01 10:00:00", "Mail", "outbound"),
        ("bob", "", "2026-03-01 00:00:00", "Awareness", "inbound"),
    ]
    project = toml(columns=COLUMNS, extra='as_of = "2026-03-01"')
    mail = (
        '\n[[touchpoint]]\nname = "Mail"\nwhen = { event = "Mail" }\n[session]\npassive = "Mail"\n'
    )
    made = build(log, project + mail, header=HEADER)
    came = "select active from cohort_retention where cohort = '2026-01' and periods_since = 1"
    assert made.scalar(came) == 1


@pytest.mark.tables("segment_variants", "segment_squiggle")
def test_views_have_the_period_and_seven_segments_and_other_tables_all(build: Build) -> None:
    assert "Periods and the first seven segments of the project file are shown" in SAID
    log = [("ann", "", f"2026-01-0{n} 10:00:00", FIVE[n - 1], "inbound") for n in (1, 5)]
    segments = "".join(f'\n[[segment]]\nname = "{n}"\ncolumn = "direction"\n' for n in range(8))
    made = build(log, toml(columns=COLUMNS) + segments, header=HEADER)
    asked = "select distinct segment from {} order by segment"
    own = [str(n) for n in range(8)]
    shown = [name for (name,) in made.rows(asked.format("segment_variants"))]
    assert shown == [*own[:7], "all", "period"]
    assert [n for (n,) in made.rows(asked.format("segment_squiggle"))] == [*own, "all", "period"]


def test_dates_of_a_funnel_are_said_to_be_by_the_clock_of_the_project() -> None:
    words = " ".join(REFERENCE.split())
    for option in ("--from DAY First", "--to DAY Last"):
        assert words.count(f"{option} day, or moment, of the entry, by the project's clock.") == 2
