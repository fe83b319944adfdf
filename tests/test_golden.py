"""The golden mini-log, worked by hand: ten customers, days as times, as of day 40, silence 14 days.

c1 walks straight; c2 leaps to the end; c3 goes back before it buys; c4, c6, c7, c9 fall silent;
c5, c8, c10 are still on their way. Every table below is the expected answer, written out.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from pipeline.cli.notes import notes
from pipeline.warehouse import Warehouse

from .conftest import FIVE, toml, warehouse_in, write_csv

LOG = {
    "c1": [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)],
    "c2": [(0, 1), (0.1, 5)],
    "c3": [(0, 1), (1, 4), (3, 2), (5, 3), (6, 4), (8, 5)],
    "c4": [(5, 1), (6, 2), (7, 1), (9, 2)],
    "c5": [(30, 1), (35, 2)],
    "c6": [(10, 1)],
    "c7": [(12, 1), (13, 2), (14, 3), (15, 3), (16, 2)],
    "c8": [(28, 1), (33, 3), (38, 4)],
    "c9": [(20, 2), (21, 3), (22, 1)],
    "c10": [(39, 1)],
}
START = datetime(2026, 1, 1)


@pytest.fixture(scope="module")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    folder = tmp_path_factory.mktemp("golden")
    rows = [
        (who, (START + timedelta(days=day)).isoformat() + "Z", FIVE[stage - 1])
        for who, steps in LOG.items()
        for day, stage in steps
    ]
    project = toml(
        extra='as_of = "2026-02-10"',
        map_extra='silence = "14 d"\nwithin = "7 d"',
        source_extra='recorded_since = "2025-11-01"',
    )
    write_csv(folder / "log.csv", ("who", "at", "what"), rows)
    with warehouse_in(folder, project) as built:
        yield built


def rows_of(golden: Warehouse, sql: str) -> list[tuple[Any, ...]]:
    return golden.rows(sql)


def who(golden: Warehouse) -> str:
    """SQL of the customers with the names of the log."""
    return "select customer_id, value as who from identity_map where kind = 'user_id'"


def test_a_journey_is_converted_dropped_or_still_open(golden: Warehouse) -> None:
    found = rows_of(
        golden,
        f"select who, status, furthest_stage_no, last_stage_no from journeys "
        f"join ({who(golden)}) using (customer_id) order by cast(who[2:] as int)",
    )
    assert found == [
        ("c1", "converted", 5, 5),
        ("c2", "converted", 5, 5),
        ("c3", "converted", 5, 5),
        ("c4", "dropped_silent", 2, 2),
        ("c5", "open", 2, 2),
        ("c6", "dropped_silent", 1, 1),
        ("c7", "dropped_silent", 3, 2),
        ("c8", "open", 4, 4),
        ("c9", "dropped_silent", 3, 1),
        ("c10", "open", 1, 1),
    ]


def test_the_squiggle_of_a_journey_is_the_share_of_its_movement_that_was_detour(
    golden: Warehouse,
) -> None:
    found = rows_of(
        golden,
        f"select who, total_variation, progress, squiggle_index from journey_shapes "
        f"join journeys using (journey_id) join ({who(golden)}) using (customer_id) "
        "order by cast(who[2:] as int)",
    )
    assert [row[:3] for row in found] == [
        ("c1", 4, 4),
        ("c2", 4, 4),
        ("c3", 8, 4),
        ("c4", 3, 1),
        ("c5", 1, 1),
        ("c6", 0, 0),
        ("c7", 3, 2),
        ("c8", 3, 3),
        ("c9", 3, 1),
        ("c10", 0, 0),
    ]
    expected = [0, 0, 1 / 2, 2 / 3, 0, None, 1 / 3, 0, 2 / 3, None]
    assert [row[3] for row in found] == [
        value if value is None else pytest.approx(value) for value in expected
    ]


def test_the_squiggle_of_all_is_nine_of_twenty_nine(golden: Warehouse) -> None:
    found = golden.frame("from squiggle_summary where population = 'all'").iloc[0]
    assert (found.journeys, found.total_variation, found.progress) == (10, 29, 20)
    assert found.squiggle_index == pytest.approx(9 / 29)
    assert found.squiggle_se == pytest.approx(0.106825, abs=1e-6)
    assert found.mean_squiggle_index == pytest.approx(0.270833, abs=5e-7)
    assert found.detour_ratio == pytest.approx(29 / 20)
    assert (found.straight_journeys, found.moving_journeys) == (4, 8)
    assert found.back_share == pytest.approx(4 / 21)
    assert found.skip_share == pytest.approx(3 / 17)
    assert found.discordance == pytest.approx(12 / 41)


def test_the_moves_between_stages_have_the_published_incoherence(golden: Warehouse) -> None:
    found = golden.scalar("select stage_incoherence from stage_map_check")
    assert found == pytest.approx(0.692977, abs=5e-7)


def test_a_journey_follows_the_intended_path_or_says_where_it_does_not(golden: Warehouse) -> None:
    """c1 walks it whole; c5, c6 and c10 keep to it so far; c2 skips, c3 and c4 go back."""
    found = rows_of(
        golden,
        "select who, follows_path, is_on_path from journey_shapes join journeys using (journey_id) "
        f"join ({who(golden)}) using (customer_id) where is_on_path order by cast(who[2:] as int)",
    )
    assert found == [
        ("c1", True, True),
        ("c5", False, True),
        ("c6", False, True),
        ("c10", False, True),
    ]
    row = golden.frame("from path_following where population = 'all'").iloc[0]
    assert (row.journeys, row.following_journeys, row.on_path_journeys) == (10, 1, 4)


def test_the_headline_leaves_out_what_is_open_and_what_began_before_the_data(
    golden: Warehouse,
) -> None:
    flagged = rows_of(
        golden,
        f"select who, truncated_by from journeys join ({who(golden)}) using (customer_id) "
        "where is_left_truncated",
    )
    assert flagged == [("c9", "stage")]
    found = golden.rows(
        "select journeys, total_variation, progress from squiggle_summary "
        "where population = 'headline'"
    )
    assert found == [(6, 22, 15)]


def test_the_stages_account_for_every_journey(golden: Warehouse) -> None:
    found = rows_of(
        golden,
        "select stage_no, reached, touched, skipped, progressed, dropped, open, completed "
        "from stage_dropoff order by stage_no",
    )
    assert found == [
        (1, 10, 10, 0, 8, 1, 1, 0),
        (2, 8, 6, 2, 6, 1, 1, 0),
        (3, 6, 5, 1, 4, 2, 0, 0),
        (4, 4, 3, 1, 3, 0, 1, 0),
        (5, 3, 3, 0, 0, 0, 0, 3),
    ]


def test_reached_ordered_and_current_count_differently(golden: Warehouse) -> None:
    found = golden.frame("select reached, ordered, current from stage_dropoff order by stage_no")
    assert list(found.reached) == [10, 8, 6, 4, 3]
    assert list(found.ordered) == [10, 5, 3, 2, 2]
    assert list(found.current) == [3, 3, 0, 1, 3]


@pytest.mark.parametrize(
    ("stage", "naive", "resolved", "lo", "hi", "frontier", "progress"),
    [
        (1, 0.2, 0.1111, 0.0199, 0.4350, 9, 0.8519),
        (2, 0.25, 0.1429, 0.0257, 0.5131, 5, 0.6),
        (3, 0.3333, 0.3333, 0.0968, 0.7, 4, 0.5),
        (4, 0.25, 0.0, 0.0, 0.5615, 3, 1.0),
    ],
)
def test_drop_off_by_kaplan_meier_stands_beside_the_naive_and_the_resolved_ratio(
    golden: Warehouse,
    stage: int,
    naive: float,
    resolved: float,
    lo: float,
    hi: float,
    frontier: int,
    progress: float,
) -> None:
    found = golden.frame(f"from stage_dropoff where stage_no = {stage}").iloc[0]
    assert found.naive_drop_rate == pytest.approx(naive, abs=5e-5)
    assert found.resolved_drop_rate == pytest.approx(resolved, abs=5e-5)
    assert found.resolved_lo == pytest.approx(lo, abs=5e-5)
    assert found.resolved_hi == pytest.approx(hi, abs=5e-5)
    assert found.frontier == frontier
    assert found.progress_rate == pytest.approx(progress, abs=5e-5)
    assert found.drop_rate == pytest.approx(1 - progress, abs=5e-5)
    assert found.drop_lo <= found.drop_rate <= found.drop_hi


def test_ten_journeys_do_not_tell_silence_from_loss(golden: Warehouse) -> None:
    found = golden.rows(
        "select stage_no, horizon_days, is_identified, is_drop_identified from silence_horizons "
        "order by stage_no"
    )
    assert found == [(stage_no, 14, False, False) for stage_no in range(5)]
    told = [note for note in notes(golden) if "not identifiable" in note]
    assert len(told) == 1
    assert "at 'Awareness', 'Interest', 'Consideration', only progress within 7 days" in told[0]


def test_another_silence_would_count_other_journeys_as_dropped(golden: Warehouse) -> None:
    """At stage 3, c7 is silent for 24 days and c9 for 18: with twice the horizon both are open."""
    found = rows_of(
        golden,
        "select stage_no, horizon_days, frontier, progressed, dropped, open, mature, "
        "ever_drop_rate from silence_sensitivity where stage_no <= 3 order by 1, 2",
    )
    assert found == [
        (1, 7, 9, 7, 1, 1, 8, 1 / 8),
        (1, 14, 9, 7, 1, 1, 6, 1 / 6),
        (1, 28, 9, 7, 1, 1, 6, 1 / 6),
        (2, 7, 5, 3, 1, 1, 4, 1 / 4),
        (2, 14, 5, 3, 1, 1, 4, 1 / 4),
        (2, 28, 5, 3, 1, 1, 2, 1 / 2),
        (3, 7, 4, 2, 2, 0, 4, 1 / 2),
        (3, 14, 4, 2, 2, 0, 3, 2 / 3),
        (3, 28, 4, 2, 0, 2, 1, 0),
    ]
    ever = rows_of(golden, "select stage_no, mature, ever_drop_rate from stage_dropoff limit 3")
    assert ever == [row[:1] + row[6:] for row in found if row[1] == 14]


def test_the_goal_has_no_drop_off(golden: Warehouse) -> None:
    found = golden.frame("from stage_dropoff where stage_no = 5").iloc[0]
    rates = ["drop_rate", "naive_drop_rate", "resolved_drop_rate", "progress_rate"]
    assert all(value is None or math.isnan(value) for value in found[rates])


def test_the_edges_between_stages_lead_from_start_to_exit_or_open(golden: Warehouse) -> None:
    found = rows_of(
        golden,
        "select from_node, to_node, transitions from transitions "
        "where level = 'stage' and not is_repeat order by 1, 2",
    )
    one, two, three, four, five = FIVE
    assert sorted(found) == sorted(
        [
            ("(start)", one, 9),
            ("(start)", two, 1),
            (one, two, 5),
            (one, three, 1),
            (one, four, 1),
            (one, five, 1),
            (one, "(exit)", 2),
            (one, "(open)", 1),
            (two, one, 1),
            (two, three, 4),
            (two, "(exit)", 2),
            (two, "(open)", 1),
            (three, one, 1),
            (three, two, 1),
            (three, four, 3),
            (four, two, 1),
            (four, five, 2),
            (four, "(open)", 1),
            (five, "(exit)", 3),
        ]
    )
    assert rows_of(
        golden, "select from_node, transitions from transitions where level = 'stage' and is_repeat"
    ) == [(three, 1)]


def test_every_law_of_the_reconciliation_is_met(golden: Warehouse) -> None:
    assert golden.scalar("select count(*) from reconciliation") > 20
    assert golden.rows("from reconciliation where not is_met") == []
