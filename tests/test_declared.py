"""What is declared and never happens is 0, and what cannot be told has no figure."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipeline.errors import DataError
from pipeline.why import why

from .conftest import Build, toml

AB = ("A", "B")
FAR = 'as_of = "2026-06-01"'
COLUMNS = 'user_id = "who"\noccurred_at = "at"\nevent = "what"'


def touchpoints(*names: str) -> str:
    return "".join(
        f'\n[[touchpoint]]\nname = "{name}"\nwhen = {{ event = "{name}" }}\n' for name in names
    )


def moved(count: int, *, from_: str = "2026-01-01") -> list[tuple[str, str, str]]:
    """So many customers with an A each, and an hour later a B for every second one."""
    begin = datetime.fromisoformat(from_)
    return [
        (f"u{who}", str(begin + timedelta(hours=who + later)), what)
        for who in range(count)
        for later, what in enumerate("AB" if who % 2 else "A")
    ]


@pytest.mark.tables("kpi_status", "churn_rates", "contact_rates", "survey_kpis")
def test_a_role_that_no_event_has_is_declared_all_the_same(build: Build) -> None:
    roles = '\n[kpi]\ncancels = "gone"\nsupport = "help"\ncomplaints = "help"\nnps_sends = "ask"\n'
    text = toml(stages=AB, goal="B", extra=FAR) + touchpoints("gone", "help", "ask") + roles
    built = build(moved(40), text)
    churn = "select customers, cancelled, churn_rate from churn_rates where horizon_days = 30"
    assert built.rows(churn) == [(40, 0, 0)]
    assert built.rows(
        "select kind, contacts, active_customers, per_100 from contact_rates "
        "where period = '(all)' order by kind"
    ) == [("complaints", 0, 40, 0), ("support", 0, 40, 0)]
    said = built.rows(
        "select kpi, reason from kpi_status where reason like 'no touchpoint counts%'"
    )
    assert {kpi for kpi, _ in said} <= {"interactions", "attendees"}
    assert built.scalar("select sends from survey_kpis where score_type = 'nps'") == 0
    assert built.scalar("select sends from survey_kpis where score_type = 'csat'") is None


@pytest.mark.tables("contact_rates", "kpi_ratio_intervals", "customers")
def test_support_of_a_log_without_customers_has_no_rate_and_ends_no_run(build: Build) -> None:
    text = toml(stages=AB, goal="B") + touchpoints("help") + '\n[kpi]\nsupport = "help"\n'
    built = build([("", "2026-01-01 10:00:00", "help")], text)
    assert {rate for (rate,) in built.rows("select per_100 from contact_rates")} == {None}


@pytest.mark.tables("churn_rates")
def test_orders_of_nobody_begin_nobodys_time_as_a_customer(build: Build) -> None:
    text = toml(stages=AB, goal="B", extra=FAR) + touchpoints("gone", "till")
    text += '\n[kpi]\ncancels = "gone"\norders = "till"\n'
    rows = [*moved(40), ("u3", "2026-01-20 10:00:00", "gone"), ("", "2026-01-05 10:00:00", "till")]
    churn = "select customers, cancelled from churn_rates where horizon_days = 30"
    assert build(rows, text).rows(churn) == [(40, 1)]


@pytest.mark.tables("return_horizons", "silence_horizons")
def test_where_all_come_back_later_than_was_followed_no_silence_is_a_loss(build: Build) -> None:
    """One customer begins each day, and each buys again after exactly thirty days."""
    noon = datetime(2026, 1, 1, 12)
    rows = [
        (f"u{who}", str(noon + timedelta(days=who + 30 * turn)), "A", f"{who}-{turn}")
        for who in range(60)
        for turn in range(2)
        if who + 30 * turn < 60
    ]
    text = toml(
        stages=AB,
        goal="B",
        columns=COLUMNS + '\norder_id = "o"',
        extra='as_of = "2026-03-02"',
        map_extra='horizon = "found"\nsilence = "45 d"',
    )
    built = build(rows, text + '\n[kpi]\norders = "A"\n', header=("who", "at", "what", "o"))
    assert built.rows("select basis, is_identified from return_horizons") == [
        ("order", False),
        ("activity", False),
    ]
    found = built.rows("select is_followed, is_identified, reading from silence_horizons")
    assert all(not (followed or identified) for followed, identified, _ in found)
    assert "later than was followed" in found[0][2]


@pytest.mark.tables("pain_points")
def test_a_period_before_is_one_of_the_same_map(build: Build) -> None:
    rows = []
    for month, letters in ((1, "A"), (2, "X"), (3, "A")):
        for who in range(40):
            begin = datetime(2026, month, 2) + timedelta(hours=who)
            rows += [(f"{letters}{month}-{who}", str(begin), letters)]
            if who % (4 if month == 1 else 2) == 0:
                rows += [(f"{letters}{month}-{who}", str(begin + timedelta(hours=1)), "B")]
    other = '\n[[map]]\nname = "x"\nstages = ["X", "B"]\ngoal = "B"\nstart = "X"\nsilence = "5 d"\n'
    other += '\n[[touchpoint]]\nname = "X"\nstage = "X"\nwhen = { event = "X" }\n'
    options = 'start = "A"\nsilence = "5 d"\nwithin = "4 d"'
    text = toml(stages=AB, goal="B", extra=FAR, map_extra=options) + other
    asked = (
        "select value, reference_value from pain_points "
        "where map_name = 'journey' and reference = 'period before' and level = 'stage'"
    )
    assert build(rows, text).rows(asked) == [("2026-03", "2026-01")]


@pytest.mark.tables("pain_points")
def test_a_comparison_and_its_mirror_have_one_p_where_everybody_goes_on(build: Build) -> None:
    rows = []
    for who in range(70):
        way = "x" if who < 30 else "y"
        begin = datetime(2026, 2, 1)
        rows.append((f"u{who}", str(begin), "A", way))
        if way == "x" or who % 10:
            rows.append((f"u{who}", str(begin + timedelta(minutes=7919 * who % 24000)), "B", way))
    rows += [(f"late{who}", "2026-05-25 00:00:00", "A", "y") for who in range(3)]
    text = toml(
        stages=AB,
        goal="B",
        columns=COLUMNS + '\nchannel = "way"',
        extra=FAR,
        source_extra='recorded_since = "2025-11-01"',
    )
    text += '\n[[segment]]\nname = "way"\ncolumn = "channel"\n'
    found = build(rows, text, header=("who", "at", "what", "way")).rows(
        "select excess, excess_lo, excess_hi, p_value from pain_points "
        "where segment = 'way' and level = 'stage' and reference = 'rest' order by value"
    )
    (one, lo, hi, p), (other, other_lo, other_hi, other_p) = found
    assert (one, lo, hi) == pytest.approx((-other, -other_hi, -other_lo))
    assert p == pytest.approx(other_p)


@pytest.mark.tables("squiggle_summary")
@pytest.mark.parametrize("path", ["ABABAB", "ABABA"])
def test_one_customer_that_moves_has_no_interval_of_the_squiggle(path: str, build: Build) -> None:
    rows = [("u1", f"2026-01-01 10:{n:02}:00", what) for n, what in enumerate(path)]
    rows += [(who, "2026-01-01 10:00:00", "A") for who in ("u2", "u3")]
    known = 'recorded_since = "2025-01-01"'
    text = toml(stages=("A", "B", "C"), goal="C", extra=FAR, source_extra=known)
    lo, hi = build(rows, text).rows(
        "select squiggle_lo, squiggle_hi from squiggle_summary where population = 'headline'"
    )[0]
    assert (lo, hi) == (None, None)


# ---- identity ------------------------------------------------------------------------------------

IDS = 'user_id = "who"\ndevice_id = "dev"\ncookie_id = "ck"\noccurred_at = "at"\nevent = "what"'
HEADER = ("who", "dev", "ck", "at", "what")
NAMED = ("customers", "events", "identity_links", "identity_map", "quarantined_ids")


@pytest.mark.tables(*NAMED)
def test_a_cookie_beside_a_device_is_listed_and_lends_nothing(build: Build) -> None:
    rows = [
        ("u1", "d1", "c1", "2026-01-01 10:00:00", "A"),
        ("", "", "c1", "2026-01-01 10:05:00", "A"),
        ("", "d1", "", "2026-01-01 10:10:00", "A"),
    ]
    built = build(rows, toml(stages=AB, goal="B", columns=IDS), header=HEADER)
    assert built.rows(
        "select kind, value, events from identity_map where not is_strong order by all"
    ) == [("cookie_id", "c1", 1), ("device_id", "d1", 1)]
    assert (
        built.rows(
            "select other_value, value, status from identity_links where rule = 'lends' "
            "and 'c1' in (value, other_value)"
        )[0][2]
        == "unused"
    )
    assert any("another one is followed" in one for one in why(built, "u1").sentences())


@pytest.mark.tables(*NAMED)
def test_a_declared_link_to_a_device_that_nobody_logged_in_on_lends_nothing(
    build: Build, tmp_path: Path
) -> None:
    rows = [
        ("u1", "", "", "2026-01-01 10:00:00", "A"),
        ("", "d1", "", "2026-01-01 10:05:00", "A"),
    ]
    links = "kind,value,other_kind,other_value\nuser_id,u1,device_id,d1\n"
    (tmp_path / "links.csv").write_text(links, encoding="utf-8")
    text = toml(stages=AB, goal="B", columns=IDS) + '\n[identity]\nlinks = "../links.csv"\n'
    built = build(rows, text, header=HEADER)
    assert built.scalar("select count(distinct customer_id) from events") == 2
    assert built.rows("select status, why from identity_links") == [
        ("unused", "no event carries both: nobody was identified on the device")
    ]


@pytest.mark.tables(*NAMED)
def test_an_id_leads_to_customers_that_have_events_alone(build: Build) -> None:
    rows = [
        ("", "", "c1", "2026-02-01 10:00:00", "A"),
        ("u1", "", "c1", "2026-02-03 10:00:00", "A"),
        ("", "", "c1", "2026-02-04 10:00:00", "A"),
        ("guest", "", "", "2026-02-04 10:00:00", "A"),
    ]
    text = toml(stages=AB, goal="B", columns=IDS)
    built = build(rows, text + '\n[identity]\nlend_before = "30 d"\nlend_after = "30 d"\n',
                  header=HEADER)  # fmt: skip
    assert why(built, "c1").customer_id == why(built, "u1").customer_id
    with pytest.raises(DataError, match="leads to no customer: it is blocked"):
        why(built, "guest")
    with pytest.raises(DataError, match="no such customer and no such id"):
        why(built, "nobody")


# ---- sessions and stays --------------------------------------------------------------------------


@pytest.mark.tables("open_sessions", "sessions")
def test_a_session_that_its_length_has_cut_is_not_open(build: Build) -> None:
    rows = [
        *(("u1", f"2026-01-05 12:{minute}:00", "A") for minute in ("00", "15", "30")),
        ("u2", "2026-01-05 12:45:00", "B"),
    ]
    text = toml(stages=AB, goal="B") + '\n[session]\ngap = "30 min"\nlongest = "20 min"\n'
    built = build(rows, text)
    assert built.rows(
        "select customer_id, session_no from sessions order by started_at"
    )[-1][1] == 1  # u2's  # fmt: skip
    open_ = built.rows(
        "select count(*) from open_sessions join customers using (customer_no) "
        "join identity_map using (customer_id) where value = 'u1'"
    )
    assert open_ == [(0,)]


@pytest.mark.tables("touchpoint_dwell", "touchpoints")
def test_stays_of_passive_events_are_those_whose_length_the_export_says(build: Build) -> None:
    columns = COLUMNS + '\nduration_s = "dur"'
    rows = [
        *(("u1", "2026-01-01 10:00:00", "A", ""), ("u1", "2026-01-01 10:01:00", "B", "")),
        *(("u1", "2026-01-03 10:00:00", "call", "600"), ("u2", "2026-01-05 10:00:00", "A", "")),
        *(("u2", "2026-01-05 10:02:00", "call", ""), ("u2", "2026-01-06 10:00:00", "call", "300")),
    ]
    text = toml(stages=AB, goal="B", columns=columns, extra=FAR) + touchpoints("call")
    built = build(
        rows, text + '\n[session]\npassive = "call"\n', header=("who", "at", "what", "dur")
    )
    assert built.rows(
        "select stays, seen_s, sessions, seen_per_session from touchpoint_dwell "
        "where touchpoint = 'call'"
    ) == [(2, 900, 2, 450)]


@pytest.mark.tables("quality_effects", "journeys")
def test_an_endless_session_touches_its_own_journeys_alone(build: Build) -> None:
    day = datetime(2026, 1, 1)
    rows = [("u1", str(day + timedelta(minutes=25 * n)), "A") for n in range(32)]
    for begin in (day + timedelta(days=40), day + timedelta(days=80)):
        rows += [("u1", str(begin), "A"), ("u1", str(begin + timedelta(minutes=1)), "B")]
    rows += [("u2", str(day + timedelta(minutes=m)), "AB"[m]) for m in (0, 1)]
    built = build(rows, toml(stages=AB, goal="B", extra=FAR, map_extra='silence = "5 d"'))
    found = built.rows(
        "select journeys, of_journeys from quality_effects where finding like 'sessions longer%'"
    )
    assert found == [(1, 4)]
