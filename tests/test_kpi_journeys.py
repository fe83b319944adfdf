"""KPIs of journeys and touchpoints on one drawn log: sales cycle, touches, churn, contacts, mix."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from pipeline.errors import ProjectError
from pipeline.statistics import incidence_at
from pipeline.warehouse import Warehouse

from .conftest import Build, toml, warehouse_in, write_csv
from .kpi_desk import Event, at, desk

HEADER = ("who", "at", "what", "way", "on", "dir", "order", "value", "currency")
COLUMNS = (
    'user_id = "who"\noccurred_at = "at"\nevent = "what"\nchannel = "way"\ndevice = "on"\n'
    'direction = "dir"\norder_id = "order"\nvalue = "value"\ncurrency = "currency"'
)
KPI = """
[[touchpoint]]
name = "Ticket"
when = { event = "ticket" }
[[touchpoint]]
name = "Cancel"
when = { event = "cancel" }
[[touchpoint]]
name = "Workshop"
when = { event = "workshop" }
[[touchpoint]]
name = "Mail"
when = { event = "mail" }
[kpi]
joins = "Purchase"
cancels = "Cancel"
support = "Ticket"
complaints = "Ticket"
attendees = "Workshop"
interactions = "Interest"
"""
PAID = ("shop", "", "", "1", "20", "EUR")
WEB = ("web", "phone", "", "", "", "")
ADS = ("ads", "desk", "", "", "", "")
MAIL = ("mail", "", "outbound", "", "", "")
ROWS = [
    # ann: three inbound touches by two channels, then the goal 36 hours after the first.
    ("ann", "2026-01-01 00:00:00", "Awareness", *ADS),
    ("ann", "2026-01-01 00:05:00", "Interest", *WEB),
    ("ann", "2026-01-01 12:00:00", "mail", *MAIL),
    ("ann", "2026-01-02 11:00:00", "Interest", *WEB),
    ("ann", "2026-01-02 12:00:00", "Purchase", *PAID),
    # Two tickets in one session are one contact; the next is within seven days of it.
    ("ann", "2026-01-05 12:00:00", "ticket", *WEB),
    ("ann", "2026-01-05 12:10:00", "ticket", *WEB),
    ("ann", "2026-01-10 12:00:00", "ticket", *WEB),
    ("ann", "2026-01-12 12:00:00", "cancel", *WEB),
    # bob: the goal in the first session, by one channel.
    ("bob", "2026-01-03 10:00:00", "Awareness", *ADS),
    ("bob", "2026-01-03 10:10:00", "Purchase", *PAID[:3], "2", "30", "EUR"),
    ("bob", "2026-01-04 10:00:00", "workshop", *WEB),
    ("bob", "2026-01-04 10:10:00", "workshop", *WEB),
    # cat is ten days at the first stage with one contact, then silent; dan is still there.
    ("cat", "2026-01-05 12:00:00", "Awareness", *WEB),
    ("cat", "2026-01-06 12:00:00", "ticket", *WEB),
    ("cat", "2026-01-15 12:00:00", "Awareness", *WEB),
    ("dan", "2026-02-21 12:00:00", "Awareness", *ADS),
    ("dan", "2026-03-01 12:00:00", "workshop", *WEB),
]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    folder = tmp_path_factory.mktemp("kpi")
    write_csv(folder / "log.csv", HEADER, ROWS)
    project = toml(columns=COLUMNS, goal="Purchase", map_extra='silence = "20 d"') + KPI
    with warehouse_in(folder, project) as warehouse:
        yield warehouse


def test_a_sales_cycle_is_instant_in_one_session_or_24_hours(built: Warehouse) -> None:
    found = built.rows(
        "select class, in_class, converted, converted_share from sales_cycles order by class_no"
    )
    assert found == [
        ("instant", 1, 2, 0.5),
        ("up to 7 days", 1, 2, 0.5),
        ("up to 30 days", 0, 2, 0.0),
        ("up to 180 days", 0, 2, 0.0),
        ("more than 180 days", 0, 2, 0.0),
    ]


def test_the_chance_of_the_goal_counts_open_journeys_as_long_as_they_were_watched(
    built: Warehouse,
) -> None:
    """Nobody is watched for 180 days; the chance at 30 days is that of the map."""
    found = built.rows("select horizon_days, goal_rate from sales_cycles order by class_no")
    assert found[3:] == [(180, None), (None, None)]
    journeys = built.rows(
        "select (coalesce(goal_us, (select as_of_us from as_of)) - started_us) / 86400e6, "
        "goal_us is not null, ((select as_of_us from as_of) - started_us) / 86400e6 "
        "from journeys where staged_steps > 0"
    )
    lengths, ends, possible = zip(*journeys, strict=True)
    for days, rate in found[:3]:
        expected = incidence_at(lengths, ends, days, possible=possible)
        assert expected is not None
        assert rate == pytest.approx(expected.value)
    assert built.scalar("select conversion_rate from map_summary") == pytest.approx(found[2][1])


def test_touches_to_the_goal_are_inbound_and_come_before_it(built: Warehouse) -> None:
    found = built.rows(
        "select entry_touchpoint, journeys, shortest_touches, median_touches, most_touches, "
        "median_touchpoints, mean_excess, multi_channel_share from touches_to_goal order by 1"
    )
    assert found == [
        ("(all)", 2, 1, 1, 3, 1.5, 1.0, 0.5),
        ("Awareness", 2, 1, 1, 3, 1.5, 1.0, 0.5),
    ]


def test_churn_is_of_those_who_joined_and_of_what_was_declared(built: Warehouse) -> None:
    """Ann cancels ten days after joining; bob is watched for 57 days, so 90 cannot be told."""
    found = built.rows("select horizon_days, customers, cancelled, churn_rate from churn_rates")
    assert found == [(30, 2, 1, 0.5), (90, 2, 1, None), (180, 2, 1, None), (365, 2, 1, None)]


def test_who_cancels_twice_has_left_the_first_time() -> None:
    log = [
        Event("ann", "Purchase", at("2026-01-01")),
        Event("ann", "Cancel", at("2026-01-11")),
        Event("ann", "Cancel", at("2026-02-11")),
        Event("bob", "Purchase", at("2026-02-01")),
    ]
    declared = {"joins": ["Purchase"], "cancels": ["Cancel"]}
    with desk(log, roles=declared, as_of=at("2026-03-01")) as laid:
        found = laid.make("kpi_durations").rows(
            "select days, outcome from kpi_durations where figure = 'cancel' order by days"
        )
    assert found == [(10, 1), (28, 0)]


def test_a_cancellation_at_the_as_of_moment_still_counts() -> None:
    log = [Event("ann", "Purchase", at("2026-01-01")), Event("ann", "Cancel", at("2026-01-11"))]
    declared = {"joins": ["Purchase"], "cancels": ["Cancel"]}
    with desk(log, roles=declared, as_of=at("2026-01-11")) as laid:
        found = laid.make("kpi_durations").rows(
            "select days, outcome from kpi_durations where figure = 'cancel'"
        )
    assert found == [(10, 1)]


def test_contacts_are_counted_once_a_session_and_repeats_within_seven_days(
    built: Warehouse,
) -> None:
    found = built.rows(
        "select period, active_customers, contacts, customers, per_100, mature_contacts, "
        "repeat_share from contact_rates where kind = 'support' order by period_no nulls first"
    )
    assert found == [
        ("(all)", 4, 3, 2, 75.0, 3, pytest.approx(1 / 3)),
        ("2026-01", 3, 3, 2, 100.0, 3, pytest.approx(1 / 3)),
        ("2026-02", 1, 0, 0, 0.0, 0, None),
        ("2026-03", 1, 0, 0, 0.0, 0, None),
    ]
    lo, hi = built.rows(
        "select per_100_lo, per_100_hi from contact_rates where period = '2026-02'"
    )[0]
    assert lo == 0
    assert hi == pytest.approx(100 * 0.793450, abs=1e-3), "Wilson's for none of one"


def test_support_is_rated_by_the_time_that_customers_spend_at_a_stage(built: Warehouse) -> None:
    """Awareness: five minutes, ten minutes, ten days and, still open, eight days."""
    found = built.rows(
        "select stage, customers, exposure_days, contacts, contact_customers, per_30_days "
        "from support_contacts order by stage_no"
    )
    days = 18 + 15 / 1440
    assert found[0] == ("(no stage)", 1, None, 2, 1, None)
    assert found[1] == (
        "Awareness", 4, pytest.approx(days, abs=1e-5), 1, 1, pytest.approx(30 / days),
    )  # fmt: skip
    assert found[2] == ("Interest", 1, pytest.approx(1.4965, abs=1e-4), 0, 0, 0.0)


def test_a_touchpoint_is_counted_as_what_it_is_declared_to_be(built: Warehouse) -> None:
    found = built.rows(
        "select touchpoint, counts_as, events, visits, visitors, interactions, attendees, orders, "
        "currency, revenue from touchpoint_kpis where touchpoint in ('Interest', 'Workshop', "
        "'Purchase', 'Awareness', 'Ticket') order by 1"
    )
    assert found == [
        ("Awareness", None, 5, 5, 4, None, None, None, None, None),
        ("Interest", "interactions", 2, 2, 1, 2, None, None, None, None),
        ("Purchase", "joins", 2, 2, 2, None, None, 2, "EUR", 50),
        ("Ticket", "complaints, support", 4, 3, 2, None, None, None, None, None),
        ("Workshop", "attendees", 3, 2, 2, None, 2, None, None, None),
    ]


def test_channels_and_devices_are_shares_of_events_and_customers(built: Warehouse) -> None:
    (channel, device) = built.rows(
        'select dimension, "values", events, customers, many_customers, many_share from mix_summary'
    )
    assert channel == ("channel", 4, 18, 4, 3, 0.75)
    assert device == ("device", 2, 15, 4, 3, 0.75)
    shares = dict(
        built.rows("select value, event_share from channel_mix where dimension = 'channel'")
    )
    entropy, evenness = built.rows("select entropy, evenness from mix_summary")[0]
    assert entropy == pytest.approx(-sum(p * np.log2(p) for p in shares.values()))
    assert evenness == pytest.approx(entropy / 2)


def test_every_kpi_has_a_status_and_what_no_log_holds_is_listed(built: Warehouse) -> None:
    found = dict(built.rows("select kpi, status from kpi_status"))
    assert {found[kpi] for kpi in ("churn", "orders", "complaints", "attendees")} == {"ok"}
    assert found["NPS"] == found["motives, thoughts and doubts"] == "no data"
    tables = {name for (name,) in built.rows("select table_name from kpi_status") if name}
    assert tables <= set(built.tables())
    assert (
        built.scalar("select count(*) from kpi_status where (status = 'ok') <> (reason is null)")
        == 0
    )


def test_names_that_are_neither_touchpoint_nor_stage_are_refused(build: Build) -> None:
    with pytest.raises(
        ProjectError, match=r"\[kpi\] support: 'Tickt' is no touchpoint and no stage"
    ):
        build([], toml() + KPI.replace('support = "Ticket"', 'support = "Tickt"'))
    with pytest.raises(ProjectError, match="lost_days"):
        build([], toml() + KPI + "inactive_days = 365\n")


def test_without_orders_and_joins_a_customer_is_there_since_the_first_event() -> None:
    days = [("ann", "visit", "2026-01-01"), ("ann", "stop", "2026-01-11"),
            ("bob", "stop", "2026-01-01"), ("bob", "visit", "2026-03-01")]  # fmt: skip
    log = [Event(who, what, at(day)) for who, what, day in days]
    with desk(log, abandons=["stop"]).make("churn_rates", "kpi_status") as laid:
        told = laid.rows("select customers, cancelled from churn_rates")[0]
        status = laid.rows("select cases, status from kpi_status where kpi = 'churn'")
    assert told == (2, 2), "what a map names under abandon, where nothing else is declared"
    assert status == [(2, "ok")]
    with desk(log, roles={"cancels": ["stop"]}).make("churn_rates") as laid:
        assert laid.rows("select customers, cancelled, churn_rate from churn_rates")[0] == (
            2,
            2,
            1.0,
        )
