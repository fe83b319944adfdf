"""Journeys of one customer are no witnesses of their own: every figure counts customers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from pipeline import Funnel, funnel
from pipeline.compare import compare
from pipeline.compare.moves import graph_difference
from pipeline.graph.order import order_fit
from pipeline.paths.pattern import pattern
from pipeline.questions import Scope
from pipeline.statistics import rate_difference
from pipeline.warehouse import Warehouse

from .conftest import Build, toml, warehouse_in, write_csv
from .parts import QUESTIONS

LONE, MANY = (Scope(segments={"land": [value]}) for value in ("lone", "many"))
COLUMNS = 'user_id = "who"\noccurred_at = "at"\nevent = "what"\nchannel = "way"\ncountry = "land"'


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """Forty customers with four journeys each: twenty always buy, twenty never.

    In one land there is one customer more, with forty journeys: four of five buy.
    """
    rows = []
    for who in range(40):
        for turn in range(4):
            day = datetime(2026, 1, 1) + timedelta(days=20 * turn, hours=who)
            rows += [(f"u{who}", day, "A", "mail" if who % 4 < 2 else "web", "many")]
            if who % 2:
                rows += [(f"u{who}", day + timedelta(days=1), "B", "web", "many")]
    for turn in range(40):
        day = datetime(2026, 1, 1) + timedelta(days=2 * turn)
        rows += [("one", day, "A", "mail", "lone")]
        rows += [("one", day + timedelta(days=1), "B" if turn % 5 else "no", "web", "lone")]
    folder = tmp_path_factory.mktemp("lived")
    write_csv(folder / "log.csv", ("who", "at", "what", "way", "land"), rows)
    options = 'silence = "5 d"\nwithin = "4 d"\nabandon = ["no"]'
    more = '\n[[touchpoint]]\nname = "no"\nwhen = { event = "no" }\n'
    more += '\n[[touchpoint]]\nname = "A2"\nstage = "A"\nwhen = { event = "A2" }\n'
    more += '\n[[segment]]\nname = "land"\ncolumn = "country"\n'
    text = toml(stages=("A", "B"), goal="B", columns=COLUMNS, map_extra=options) + more
    with warehouse_in(folder, 'as_of = "2026-06-01"\n' + text) as built:
        yield built


def test_the_same_chance_has_the_same_interval_wherever_it_stands(lived: Warehouse) -> None:
    """Four days are a class of the sales cycle up to seven, and nobody buys after the first."""
    whole = lived.rows("select conversion_lo, conversion_hi from map_summary")
    cycle = lived.rows("select goal_lo, goal_hi from sales_cycles where horizon_days = 7")
    assert cycle == [tuple(pytest.approx(end, abs=1e-6) for end in whole[0])]


def test_the_rest_of_a_touchpoint_is_judged_by_customers(lived: Warehouse) -> None:
    """By journeys 40 of 80 against 40 of 80 would be as sure as of 160 customers."""
    errors = lived.rows(
        "select distinct method, drops is null, round(se * se / (rate * (1 - rate) / trials), 1) "
        "from pain_cells inner join pain_estimates using (map_no, level, place_no, segment_no, "
        "value_no, reference) where level = 'touchpoint' and reference = 'rest' "
        "and segment_no > 0 and rate > 0 and rate < 1"
    )
    assert {(method, is_none) for method, is_none, _ in errors} == {("curve", True)}
    assert all(effect > 2 for _, _, effect in errors)
    ranked = lived.rows("select value from pain_points where rank is not null and value = 'lone'")
    assert ranked == []


def test_many_journeys_of_one_customer_have_no_interval_and_are_few(lived: Warehouse) -> None:
    asked = "select value, conversion_lo is null, is_small from segment_summary where segment = "
    assert lived.rows(f"{asked} 'land' order by value") == [
        ("lone", True, True),
        ("many", False, False),
    ]


def test_one_customer_is_compared_with_nobody(lived: Warehouse) -> None:
    found = compare(lived, LONE, MANY, draws=20)
    told = found.figures.set_index("figure")
    assert told.loc["conversion_rate", "reason"] == "fewer than 30 customers in a group"
    assert told["p"].isna().all()
    assert told["difference_lo"].isna().all()
    edges = graph_difference(lived, LONE, MANY, level="stage", draws=20).edges
    assert edges["p"].isna().all()


def test_the_interval_of_a_pattern_is_that_of_customers(lived: Warehouse) -> None:
    """Who came by mail converts as often: half of them always, half of them never."""
    found = pattern(lived, "channel:mail", MANY)
    _, low, high = found.difference
    half = (high - low) / 2
    assert half == pytest.approx(1.96 * (0.25 * 2 / 20) ** 0.5, rel=0.1)
    widths = found.outcomes["conversion_hi"] - found.outcomes["conversion_lo"]
    assert (widths > 0.35).all()


@pytest.mark.tables()
def test_the_parts_of_a_funnel_add_up_to_all(build: Build) -> None:
    """One who takes several steps at entry is in the part of the first."""
    log = [
        *(("u1", "2026-01-01 10:00:00", "A", "mail"), ("u1", "2026-01-01 10:00:00", "B", "web")),
        ("u1", "2026-01-01 11:00:00", "C", "web"),
        *(("u2", "2026-01-01 10:00:00", "A", "mail"), ("u2", "2026-01-01 10:05:00", "B", "web")),
        ("u2", "2026-01-01 11:00:00", "C", "web"),
    ]
    columns = 'user_id = "who"\noccurred_at = "at"\nevent = "what"\nchannel = "way"'
    project = toml(stages=("A", "B", "C"), goal="C", columns=columns)
    built = build(log, project, header=("who", "at", "what", "way"))
    asked = Funnel(["A|B", "A|B", "C"], by="channel", rules="posthog")
    steps = funnel(built, asked).breakdown
    assert steps[steps["step_no"] == 1]["reached"].sum() == 2


def test_where_both_are_0_or_1_what_would_show_is_told_by_the_interval() -> None:
    found = rate_difference(1.0, 0.0, 30, 1.0, 0.0, 30)
    assert found.standard_error == pytest.approx((found.upper - found.lower) / 2 / 1.959964)
    assert found.standard_error > 0.03


def test_heights_are_compared_within_the_part_that_most_moves_are_of() -> None:
    """Two parts that never meet both climb, and the second begins as low as the first."""
    nodes = pd.DataFrame({"node_no": range(1, 7), "stage_no": [1, 2, 3, 4, 5, 6]})
    levels = pd.DataFrame({"node_no": range(1, 7), "trophic_level": [0.0, 1, 2, 0, 1, 2]})
    moves = pd.DataFrame({"from_no": [1, 2, 4, 5], "to_no": [2, 3, 5, 6], "transitions": 5})
    keyed = [frame.assign(map_no=1, level_no=1) for frame in (levels, nodes, moves)]
    (found,) = order_fit(*keyed).to_dict("records")
    assert (found["rho"], found["compared"], found["incoherence"]) == (1.0, 3, 0.0)
    assert np.isnan(order_fit(*keyed[:2], keyed[2].head(0))["rho"]).all()


@pytest.mark.tables(*QUESTIONS)
def test_journeys_that_may_go_on_make_no_pattern_surer(build: Build) -> None:
    """Customers with four journeys each: every other one has an X, and they buy alike."""
    rows = []
    for who in range(40):
        for turn in range(4):
            day = datetime(2026, 1, 1) + timedelta(days=20 * turn, hours=who)
            rows += [(f"u{who}", day, "A")]
            rows += [(f"u{who}", day + timedelta(hours=1), "X")] * (who % 2)
            rows += [(f"u{who}", day + timedelta(days=1), "B")] * (who % 3 > 0)
    late = [
        (f"u{who}", datetime(2026, 5, 31, 22, 30 * later), what)
        for who in range(20)
        for later, what in enumerate("AX")
    ]
    text = toml(
        stages=("A", "B"), goal="B", extra='as_of = "2026-06-01"', map_extra='silence = "5 d"'
    )
    without, along = (pattern(build(log, text), "A -> ... -> X") for log in (rows, rows + late))
    assert along.outcomes["open"].sum() == 20
    assert along.difference == pytest.approx(without.difference)
