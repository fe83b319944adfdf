"""What counts in a figure and what does not: of journeys, stays, contacts, money and devices."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from pipeline.estimates import HORIZONS

from .conftest import FIVE, Build, toml
from .kpi_desk import Event, at, desk
from .test_crossings import AB, FAR, MONEY, MONEY_HEADER
from .test_edges import STAGES as PAGES
from .test_identity import people


def test_who_cancels_a_second_after_thirty_days_has_not_within_them() -> None:
    log = [Event(who, "Purchase", at("2026-01-01")) for who in ("ann", "bob")]
    log += [Event("ann", "Cancel", at("2026-01-31"))]
    log += [Event("bob", "Cancel", at("2026-01-31 12:00:01"))]
    declared = {"joins": ["Purchase"], "cancels": ["Cancel"]}
    with desk(log, roles=declared, as_of=at("2026-06-01")).make("churn_rates") as laid:
        found = laid.rows("select horizon_days, churn_rate from churn_rates limit 2")
    assert found == [(30, 0.5), (90, 1.0)]


def test_who_could_be_watched_for_a_horizon_is_known_of_each() -> None:
    """One joined just so long before the end, and one a second later."""
    ends = at("2026-06-01")
    horizons = sorted({days for listed in HORIZONS.values() for days in listed})
    log = [Event(f"{days} and {less}", "Purchase", ends - timedelta(days=days, seconds=-less))
           for days in horizons for less in (0, 1)]  # fmt: skip
    declared = {"joins": ["Purchase"], "cancels": ["Cancel"]}
    with desk(log, roles=declared, as_of=ends).make("kpi_durations") as laid:
        found = laid.rows(
            "select possible_days, units from kpi_durations where figure = 'cancel' order by days"
        )
    steps = [0, *horizons]
    expected = [one for low, high in pairwise(steps) for one in ((low, 1), (high, 1))]
    assert found == expected


def test_a_device_after_the_as_of_moment_is_in_no_mix_and_one_alone_has_no_evenness() -> None:
    log = [Event("ann", "visit", at(f"2026-01-0{day}"), {"device": device})
           for day, device in ((1, "phone"), (2, "phone"), (3, "desk"))]  # fmt: skip
    with desk(log, as_of=at("2026-01-02")).make("channel_mix", "mix_summary") as laid:
        assert laid.rows("select dimension, value, events from channel_mix") == [
            ("device", "phone", 2)
        ]
        asked = 'select "values", events, many_customers, entropy, evenness from mix_summary'
        assert laid.rows(f"{asked} where dimension = 'device'") == [(1, 2, 0, 0, None)]


def test_a_silence_that_ends_after_the_as_of_moment_is_not_over() -> None:
    """Ann's silence of four days is seen, the one of six days is not over."""
    log = [Event("ann", "visit", at(f"2026-01-{day}")) for day in ("01", "05", "11")]
    with desk(log, as_of=at("2026-01-10")).make("kpi_durations") as laid:
        found = laid.rows(
            "select days, outcome, units from kpi_durations where figure = 'activity' order by 1"
        )
    assert found == [(4, 1, 1), (5, 0, 1)]


def test_a_contact_that_was_watched_for_less_than_seven_days_is_in_no_share_of_repeats() -> None:
    """Ann's third one is young; overall, and in the month in which it is."""
    days = ("2026-01-01", "2026-01-05", "2026-02-20")
    log = [Event("ann", "help", at(day)) for day in days]
    with desk(log, roles={"support": ["help"]}, as_of=at("2026-02-25")) as laid:
        found = laid.make("contact_rates").rows(
            "select period, contacts, mature_contacts, repeat_share from contact_rates "
            "where kind = 'support' order by period"
        )
    assert found == [("(all)", 3, 2, 0.5), ("2026-01", 2, 2, 0.5), ("2026-02", 1, 0, None)]


def test_the_shortest_way_is_that_of_the_first_tenth_and_the_longest_that_of_the_ninth() -> None:
    """Ten journeys with one touch to ten, from two first touchpoints."""
    rows = [
        {"map_no": 1, "customer_no": n, "journey_no": 1, "entry_touchpoint_no": 1 + n % 2,
         "touches": n, "touchpoints": 1, "is_multi_channel": False}
        for n in range(1, 11)
    ]  # fmt: skip
    with desk([Event("ann", "visit", at("2026-01-01"))]) as laid:
        laid.lay("journey_touches", rows)
        found = laid.make("touch_counts").rows(
            "select entry_touchpoint_no, shortest_touches, median_touches, most_touches, excess "
            "from touch_counts order by 1"
        )
    # Beyond the shortest from the same first touchpoint: 0 + 2 + 4 + 6 + 8, twice.
    assert found == [(0, 1, 5, 9, 40), (1, 2, 6, 10, 20), (2, 1, 5, 9, 20)]


@pytest.mark.tables("journey_touches", "sales_cycles", "goal_values", "identity_map")
def test_touches_are_of_journeys_with_a_stage_and_outbound_is_so_however_it_is_written(
    build: Build,
) -> None:
    """Ann's one session lasts a day and a half; bob's journey has a goal without a stage."""
    log = [
        (
            "ann",
            f"2026-01-{1 + n // 72:02}T{n // 3 % 24:02}:{20 * (n % 3):02}:00",
            "Awareness",
            "IN",
        )
        for n in range(108)
    ]
    log += [("ann", "2026-01-02T12:00:00", "order", "")]
    log += [("bob", "2026-01-01T10:00:00", "note", ""), ("bob", "2026-01-01T10:10:00", "order", "")]
    log += [("cat", "2026-01-01T10:00:00", "Awareness", "Outbound"),
            ("cat", "2026-01-01T10:05:00", "Awareness", "outbound"),
            ("cat", "2026-01-03T10:10:00", "order", "")]  # fmt: skip
    columns = 'user_id = "who"\noccurred_at = "at"\nevent = "what"\ndirection = "dir"'
    order = '[[touchpoint]]\nname = "Order"\nwhen = { event = "order" }\n'
    project = toml(stages=FIVE[:2], goal="Order", columns=columns) + order
    made = build(log, project, header=("who", "at", "what", "dir"))
    assert made.rows(
        "select value, touches, is_one_session from journey_touches "
        "join customers using (customer_no) join identity_map using (customer_id) order by value"
    ) == [("ann", 108, True), ("cat", 0, False)]
    assert made.rows(
        "select class, in_class, converted from sales_cycles order by class_no limit 2"
    ) == [("instant", 1, 2), ("up to 7 days", 1, 2)]
    assert made.rows("select goals from goal_values where segment_no = 0") == [(2,)]


@pytest.mark.tables("stop_counts", "touchpoint_names")
def test_a_visit_after_the_goal_wins_none_and_one_before_it_has_whatever_follows(
    build: Build,
) -> None:
    """Journeys end in silence alone: ann's is over, bob's and cat's may still go on."""
    log = [
        ("ann", "2026-01-05", "Order"),
        ("ann", "2026-01-06", "Page"),
        ("ann", "2026-01-07", "Cart"),
        ("bob", "2026-01-20", "Page"),
        ("bob", "2026-01-21", "Order"),
        ("bob", "2026-01-29", "Ad"),
        ("bob", "2026-02-05", "Ad"),
        ("cat", "2026-01-20", "Page"),
        ("cat", "2026-01-28", "Cart"),
        ("cat", "2026-02-05", "Cart"),
    ]
    options = 'closes = "silence"\nsilence = "10 d"'
    as_of = 'as_of = "2026-02-10T00:00:00Z"'
    found = build(log, toml(stages=PAGES, goal="Order", extra=as_of, map_extra=options)).rows(
        "select touchpoint, visits, mature_visits, stops, dropped, went_on, won from stop_counts "
        "join touchpoint_names using (touchpoint_no) "
        "where segment_no = 0 and touchpoint <> 'Order' order by touchpoint"
    )
    assert found == [
        ("Ad", 1, 0, 0, 0, 0, 0),
        ("Cart", 2, 1, 0, 0, 0, 0),
        ("Page", 3, 3, 0, 0, 2, 1),
    ]


@pytest.mark.tables("touchpoint_dwell", "touchpoints")
def test_a_stay_that_the_as_of_moment_cuts_is_one_and_what_comes_after_it_is_none(
    build: Build,
) -> None:
    """Of two stays that ended the shorter one is the middle; bob's and cat's are cut."""
    log = [
        ("ann", "2026-01-01T10:00:00", "Ad"),
        ("ann", "2026-01-01T10:00:10", "Page"),
        ("ann", "2026-01-01T12:00:00", "Ad"),
        ("ann", "2026-01-01T12:00:20", "Page"),
        ("bob", "2026-01-02T10:00:00", "Ad"),
        ("bob", "2026-01-02T10:10:00", "Page"),  # after the as-of moment, in the same session
        ("bob", "2026-01-02T10:12:00", "Ad"),
        ("cat", "2026-01-02T10:00:00", "Ad"),
        ("cat", "2026-01-02T11:00:00", "Ad"),  # after it, in another one
    ]
    project = toml(stages=PAGES, goal="Order", extra='as_of = "2026-01-02T10:05:00Z"')
    assert build(log, project).rows(
        "select touchpoint, stays, ended, median_s, naive_median_s, seen_s from touchpoint_dwell"
    ) == [("Ad", 4, 2, 20, 10, 30), ("Page", 2, 0, None, None, 0)]


@pytest.mark.tables("map_summary")
def test_journeys_without_a_stage_are_in_none_of_the_figures_of_outcomes(build: Build) -> None:
    """Four, each with its twin at a stage: bought, quit, silent and open, all but one truncated."""
    log = [
        row
        for what in ("Ad", "note")
        for row in (
            (f"won {what}", "2026-01-01", what),
            *([(f"won {what}", "2026-01-01", "Page")] * (what == "Ad")),
            (f"won {what}", "2026-01-02", "bought"),
            (f"quit {what}", "2026-01-01", what),
            (f"quit {what}", "2026-01-02", "quit"),
            (f"silent {what}", "2026-01-01", what),
            (f"open {what}", "2026-05-31", what),
        )
    ]
    rules = "".join(
        f'\n[[touchpoint]]\nname = "{name}"\nwhen = {{ event = "{name}" }}\n'
        for name in ("bought", "quit")
    )
    project = toml(
        stages=PAGES, goal="bought", extra='as_of = "2026-06-01"', map_extra='abandon = "quit"'
    )
    counted = "converted, dropped_explicit, dropped_silent, open, left_truncated"
    counted += ", median_steps_to_goal"
    assert build(log, project + rules).rows(
        f"select journeys, staged_journeys, {counted} from map_summary"
    ) == [(8, 4, 1, 1, 1, 1, 3, 3)]


@pytest.mark.tables("journeys", "customers")
@pytest.mark.parametrize(("rows", "first"), [("order", 65), ("line", 85)])
def test_money_of_a_journey_is_that_of_its_orders_however_records_tell_it(
    rows: str, first: int, build: Build
) -> None:
    """Ann's order has two records, a refund and a correction, both below 0; bob is charged at the
    touchpoint that counts as an order; cat gets money back of an order that is charged later.
    """
    log = [
        ("ann", "2026-01-01", "A", "", ""),
        ("ann", "2026-01-02", "B", "100", "o1"),
        ("ann", "2026-01-03", "B", "20", "o1"),
        ("ann", "2026-01-04", "back", "-30", "o1"),
        ("ann", "2026-01-05", "pay", "-5", "o1"),
        ("bob", "2026-01-01", "pay", "100" if rows == "order" else "0", "o2"),
        ("bob", "2026-01-02", "B", "90", "o2"),
        ("cat", "2026-01-01", "A", "", ""),
        ("cat", "2026-01-02", "back", "30", "o3"),
        ("cat", "2026-01-03", "pay", "50", "o3"),
    ]
    options = 'closes = "silence"\nsilence = "9 d"'
    project = toml(stages=AB, goal="B", extra=FAR, columns=MONEY, map_extra=options)
    kpi = '\n[[touchpoint]]\nname = "back"\nwhen = { event = "back" }\n'
    kpi += f'\n[kpi]\norders = ["B"]\nrefunds = ["back"]\norder_rows = "{rows}"\n'
    built = build(log, project + kpi, header=MONEY_HEADER)
    assert built.rows("select value from journeys order by value") == [(20,), (first,), (90,)]


def test_the_last_user_of_a_device_is_who_was_there_last_and_not_who_came_last(
    build: Build,
) -> None:
    rows = [
        ("ann", "", "d", 0),
        ("bob", "", "d", 10),
        ("ann", "", "d", 20),
        ("", "", "d", 30),
        ("bob", "", "", 40),
        ("bob", "", "e", 0),
        ("ann", "", "e", 10),
        ("", "", "e", 20),
    ]
    assert people(build, rows, "last_user") == [1, 1, 1, 1, 2, 1, 1, 1]
    assert people(build, rows, "first_user") == [1, 1, 1, 1, 2, 2, 2, 2]
