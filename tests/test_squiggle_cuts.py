"""Three cuts and any segment: journeys, sessions, customers are measured on the same steps."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline.statistics import ratio, wilson
from pipeline.warehouse import Warehouse

from . import plain_walks as plain
from .conftest import FIVE, Build, toml
from .crooked import START

POPULATIONS = ("headline", "closed", "all")


def walks(crooked: Warehouse, population: str, cut: str, segment: str = "") -> pd.Series:
    """Return the stages of each walk, from the steps of the population's journeys."""
    keys = {"journey": ["customer_no", "journey_no"], "customer": ["customer_no"]}
    keys["session"] = ["customer_no", "session_no"]
    chosen = (
        segment and f"join segmented_journeys using (map_no, customer_no, journey_no) {segment}"
    )
    steps = crooked.frame(
        f"select customer_no, journey_no, session_no, event_no, stage_no from journey_steps "
        f"join journey_populations using (map_no, customer_no, journey_no) {chosen} "
        f"{'and' if segment else 'where'} population = '{population}' and stage_no is not null "
        "order by customer_no, journey_no, step_no"
    )
    return steps.groupby(keys[cut])["stage_no"].agg(tuple)


def check(row: Any, own: pd.Series, *, is_journey: bool = True) -> None:
    """Hold a row of a squiggle table against its walks."""
    moving = own[own.map(plain.variation) > 0]
    variation, progress = own.map(plain.variation), own.map(plain.progress)
    customers = own.index.get_level_values("customer_no")
    by_customer = pd.DataFrame({"d": progress, "v": variation}).groupby(customers).sum()
    expected = ratio(by_customer["d"], by_customer["v"])
    straight = sum(list(walk) == sorted(walk) for walk in moving)
    assert row["customers"] == len(by_customer)
    assert (row["total_variation"], row["progress"]) == (variation.sum(), progress.sum())
    assert row["squiggle_index"] == pytest.approx(1 - expected.value, nan_ok=True)
    error = expected.standard_error if expected.standard_error > 1e-9 else math.nan
    assert row["squiggle_se"] == pytest.approx(error, nan_ok=True, abs=1e-9)
    assert row["mean_squiggle_index"] == pytest.approx(
        moving.map(plain.squiggle).mean(), abs=1e-9, nan_ok=True
    )
    lo, hi = wilson(straight, len(moving))
    share = straight / len(moving) if len(moving) else math.nan
    assert row["straight_share"] == pytest.approx(share, nan_ok=True)
    assert [row["straight_lo"], row["straight_hi"]] == pytest.approx([lo, hi], nan_ok=True)
    jumps = np.concatenate([np.diff(plain.merged(walk)) for walk in own])
    assert (row["moves"], row["back_moves"]) == (len(jumps), (jumps < 0).sum())
    assert row["skip_share"] == pytest.approx((jumps > 1).sum() / max((jumps > 0).sum(), 1))
    assert row["visits"] == sum(len(plain.merged(walk)) for walk in own)
    assert row["revisits"] == sum(len(plain.merged(walk)) - len(set(walk)) for walk in own)
    assert row["repeats"] == sum(len(walk) - len(plain.merged(walk)) for walk in own)
    if is_journey:
        steps = sum(map(plain.longest_in_order, own))
        assert row["lnds_deviation"] == pytest.approx(1 - steps / row["visits"])
        costs = np.array([plain.straight_cost(walk) for walk in own]).sum(axis=0)
        assert row["straight_misfit"] == pytest.approx(costs[0] / costs[1])
        plan = tuple(plain.Step(stage) for stage in range(1, 6))
        costs = np.array([plain.path_cost(walk, plan) for walk in own]).sum(axis=0)
        assert row["path_misfit"] == pytest.approx(costs[0] / costs[1])


@pytest.mark.parametrize("cut", ["journey", "session", "customer"])
def test_a_cut_is_measured_on_the_steps_of_the_journeys_of_the_population(
    crooked: Warehouse, cut: str
) -> None:
    for population in POPULATIONS:
        found = crooked.frame(
            f"from squiggle_cuts where (cut, population) = ('{cut}', '{population}')"
        )
        own = walks(crooked, population, cut)
        assert found.loc[0, "walks"] == len(own) > 20
        check(found.iloc[0], own, is_journey=cut == "journey")


def test_the_order_of_visits_is_measured_on_journeys_only(crooked: Warehouse) -> None:
    found = crooked.frame("from squiggle_cuts where population = 'all'").set_index("cut")
    for name in ("lnds_deviation", "discordance", "straight_misfit", "path_misfit"):
        assert sorted(found.index[found[name].isna()]) == ["customer", "session"]


def test_every_segment_and_period_is_measured_alike(crooked: Warehouse) -> None:
    found = crooked.frame("from segment_squiggle")
    assert set(found["segment"]) == {"all", "period", "way"}
    for row in found.to_dict("records"):
        own = walks(
            crooked,
            row["population"],
            "journey",
            f"where segment_no = {row['segment_no']} and value_no = {row['value_no']}",
        )
        assert row["journeys"] == len(own)
        assert row["is_small"] == (row["moving_journeys"] < 30)
        if row["moving_journeys"] > 1:
            check(row, own)


@pytest.mark.parametrize("cut", ["session", "customer"])
def test_in_a_segment_a_walk_is_what_its_journeys_of_that_value_do(
    crooked: Warehouse, cut: str
) -> None:
    found = crooked.frame(f"from segment_cuts where cut = '{cut}' and segment <> 'all'")
    assert set(found["segment"]) == {"period", "way"}
    for row in found.to_dict("records"):
        own = walks(
            crooked,
            row["population"],
            cut,
            f"where segment_no = {row['segment_no']} and value_no = {row['value_no']}",
        )
        assert row["walks"] == len(own)
        if row["moving_walks"] > 1:
            check(row, own, is_journey=False)


def test_the_segment_of_all_and_the_cut_of_journeys_are_the_summary(crooked: Warehouse) -> None:
    summary = crooked.rows("select * from squiggle_summary order by all")
    columns = "* exclude (map_no, segment_no, segment, value_no, value, is_partial)"
    assert summary == crooked.rows(
        f"select {columns} from segment_squiggle where segment = 'all' order by all"
    )
    assert summary == crooked.rows(
        "select * exclude (cut) from squiggle_cuts where cut = 'journey' order by all"
    )
    columns = "* exclude (map_no, segment_no, segment, value_no, value, is_partial)"
    assert crooked.rows("select * from squiggle_cuts order by all") == crooked.rows(
        f"select {columns} from segment_cuts where segment_no = 0 order by all"
    )


def test_the_shares_that_follow_the_path_are_counted_by_population_and_segment(
    crooked: Warehouse,
) -> None:
    found = crooked.frame("from segment_following")
    for row in found.to_dict("records"):
        own = walks(
            crooked,
            row["population"],
            "journey",
            f"where segment_no = {row['segment_no']} and value_no = {row['value_no']}",
        ).map(plain.merged)
        on_path = sum(walk == tuple(range(1, max(walk) + 1)) for walk in own)
        following = sum(walk == (1, 2, 3, 4, 5) for walk in own)
        assert (row["on_path_journeys"], row["following_journeys"]) == (on_path, following)
        assert row["on_path_share"] == pytest.approx(on_path / len(own))
        ends = [float(end) for end in wilson(on_path, len(own))]
        assert [row["on_path_lo"], row["on_path_hi"]] == pytest.approx(ends)
    whole = crooked.rows("select * from path_following order by all")
    columns = "* exclude (map_no, segment_no, segment, value_no, value, is_partial)"
    assert whole == crooked.rows(
        f"select {columns} from segment_following where segment_no = 0 order by all"
    )


BOUGHT_TWICE = [(0, 1), (0.1, 3), (24, 4), (24.1, 5), (24.2, 1), (24.3, 5)]
STILL = """
[[map]]
name = "still"
stages = ["Awareness", "Never"]
goal = "Never"

[[touchpoint]]
name = "Never"
stage = "Never"
when = { event = "never" }
"""


def test_what_comes_after_the_goal_is_squiggle_of_the_customer_but_not_of_the_journey(
    build: Build,
) -> None:
    """One customer buys straight, twice; the second journey begins in the session of the first."""
    log = [
        ("ann", (START + timedelta(hours=hour)).isoformat() + "Z", FIVE[stage - 1])
        for hour, stage in BOUGHT_TWICE
    ]
    built = build(log, toml() + STILL)
    found = built.rows(
        "select cut, walks, total_variation, progress, back_moves, revisits, squiggle_index "
        "from squiggle_cuts where map_name = 'journey' and population = 'all' order by cut"
    )
    assert found == [
        ("customer", 1, 12, 4, 1, 2, pytest.approx(8 / 12)),
        ("journey", 2, 8, 8, 0, 0, 0),
        ("session", 2, 11, 3, 1, 1, pytest.approx(8 / 11)),
    ]

    # Where nobody moves nothing is claimed.
    still = "from squiggle_summary where map_name = 'still' and population = 'all'"
    row = built.frame(still).iloc[0]
    assert (row.journeys, row.moving_journeys, row.repeats, row.is_small) == (1, 0, 1, True)
    absent = ["squiggle_index", "squiggle_se", "squiggle_lo", "squiggle_hi", "straight_share"]
    assert all(value is None or math.isnan(value) for value in row[[*absent, "discordance"]])
