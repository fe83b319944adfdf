"""The chain that the sample is drawn from: its truths in closed form, and a log that has them."""

from __future__ import annotations

import csv
import tomllib
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from pipeline.sample import (
    CORE,
    Chain,
    Choices,
    core_log,
    core_truth,
    mixed_truth,
    what_if,
    write_core_log,
)
from pipeline.sample.truth import goal_by_stage


def test_the_closed_forms_are_those_of_the_methods() -> None:
    core = core_truth()
    assert core.goal == pytest.approx(0.153210, abs=5e-7)
    assert core.goal_by_stage == pytest.approx((0.153210, 0.220941, 0.314509, 0.494888), abs=5e-7)
    assert core.reach == pytest.approx((1, 0.657143, 0.460465, 0.277143, 0.153210), abs=5e-7)
    assert core.visits == pytest.approx((1.811565, 1.167907, 0.704343, 0.337123), abs=5e-7)
    assert core.squiggle == pytest.approx(0.348765, abs=5e-7)
    assert what_if(CORE, 3, 0.20) == pytest.approx(0.011460, abs=5e-7)
    # The methods print these from a simulation, good to a few thousandths.
    assert core.progress_within == pytest.approx((0.6593, 0.6523, 0.5548, 0.4902), abs=0.004)
    assert core.progress_ever == pytest.approx((0.6601, 0.6548, 0.5604, 0.4961), abs=0.004)


def test_a_chain_that_only_goes_forward_is_straight() -> None:
    chain = Chain((Choices(0, 1, 0, 0), Choices(0, 0.5, 0, 0.5)))
    truth = core_truth(chain, within_days=3.0)
    assert (truth.squiggle, truth.goal, truth.frontier) == (0.0, 0.5, (1.0, 1.0, 0.5))
    assert truth.progress_within[0] == pytest.approx(1 - np.exp(-1))
    assert truth.progress_within[1] == pytest.approx(0.5 * (1 - np.exp(-1)))


def test_a_mixture_lies_between_its_parts_and_a_mixture_of_one_kind_is_that_kind() -> None:
    straight = Chain((*CORE.choices[:3], Choices(0.2, 0.8, 0, 0)))
    parts = [core_truth(CORE).goal, core_truth(straight).goal]
    mixed = mixed_truth([(0.5, CORE), (0.5, straight)], within_days=20.0)
    assert mixed.goal == pytest.approx(sum(parts) / 2)
    alike = mixed_truth([(0.3, CORE), (0.7, CORE)], within_days=20.0)
    assert alike.goal_by_stage == pytest.approx(tuple(goal_by_stage(CORE)))
    assert alike.progress_within == pytest.approx(core_truth().progress_within)


def test_chances_that_do_not_sum_to_one_are_refused() -> None:
    with pytest.raises(ValueError, match="sum to"):
        Choices(stay=0.5, forward=0.4, skip=0.0, abandon=0.2)
    with pytest.raises(ValueError, match="first stage cannot go back"):
        Chain((Choices(0.2, 0.4, 0.0, 0.2, back=0.2),))


def test_the_core_log_recovers_its_truth() -> None:
    customers = 40_000
    log = core_log(seed=11, customers=customers, window_days=4000.0)
    truth = core_truth()
    first = np.r_[True, log.customer_no[1:] != log.customer_no[:-1]]
    furthest = np.zeros(customers + 1, dtype=np.int64)
    np.maximum.at(furthest, log.customer_no, log.stage_no)
    for stage, expected in enumerate(truth.reach, start=1):
        reached = (furthest[1:] >= stage).mean()
        margin = 4 * np.sqrt(expected * (1 - expected) / customers) + 0.002
        assert reached == pytest.approx(expected, abs=margin)
    moved = np.abs(np.diff(log.stage_no))[~first[1:]].sum()
    assert 1 - (furthest[1:] - 1).sum() / moved == pytest.approx(truth.squiggle, abs=0.006)


def test_the_core_log_ends_with_its_window_and_starts_each_customer_at_stage_one() -> None:
    log = core_log(seed=3, customers=500, window_days=30.0)
    first = np.r_[True, log.customer_no[1:] != log.customer_no[:-1]]
    assert set(log.stage_no[first]) == {1}
    assert log.at_us.max() <= 30 * 86_400_000_000
    assert sorted(set(log.customer_no)) == list(range(1, 501))
    assert (np.diff(log.at_us)[~first[1:]] >= 0).all()
    goals = Counter(log.customer_no[log.stage_no == 5].tolist())
    assert set(goals.values()) == {1}
    assert not any(log.abandoned_us[customer - 1] >= 0 for customer in goals)


def test_the_core_log_is_written_with_a_project_file_that_parses(tmp_path: Path) -> None:
    log = write_core_log(tmp_path, seed=5, customers=50, window_days=100.0)
    rows = list(csv.DictReader((tmp_path / "events.csv").read_text(encoding="utf-8").splitlines()))
    assert len(rows) == len(log.at_us)
    project = tomllib.loads((tmp_path / "squiggle.toml").read_text(encoding="utf-8"))
    assert project["as_of"] == "2026-04-11T00:00:00Z"
    assert {row["event"] for row in rows} <= set(project["map"][0]["stages"])
    before = (tmp_path / "events.csv").read_bytes()
    write_core_log(tmp_path, seed=5, customers=50, window_days=100.0)
    assert (tmp_path / "events.csv").read_bytes() == before
