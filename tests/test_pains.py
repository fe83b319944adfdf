"""Pain points: the published ranking, what never ranks, and a drawn log from end to end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.pains import KEYS, pains
from pipeline.statistics import newcombe, score_interval

from .conftest import Build, toml
from .drawing import examples

START = datetime(2026, 1, 1)


def cell(place: int, drops: int, trials: int, **others: Any) -> dict[str, Any]:
    """A cell whose journeys were all watched to the end, against 1,400 of 4,000."""
    sides = {"": (drops, trials), "reference_": others.pop("reference", (1400, 4000))}
    row: dict[str, Any] = dict(zip(KEYS, (1, "stage", place, 2, 1, "rest"), strict=True))
    for side, (k, n) in sides.items():
        error = (k / n * (1 - k / n) / n) ** 0.5
        figures = {"drops": k, "trials": n, "rate": k / n, "se": error, "lo": 0.0, "hi": 1.0}
        row |= {side + name: value for name, value in figures.items()}
    row |= {"customers": trials, "reference_customers": row["reference_trials"]}
    row |= {"per_month": float(trials), "goal_rate": 0.35, "value_per_goal": 80.0}
    return row | others


def test_the_ranking_is_by_the_lower_end_of_what_could_be_won() -> None:
    cells = [
        cell(1, 450, 1000),
        cell(2, 40, 60),
        cell(3, 1140, 3000, goal_rate=0.2, value_per_goal=40.0),
    ]
    found = pains(pd.DataFrame(cells))
    assert found["excess"].tolist() == pytest.approx([0.1, 0.3167, 0.03], abs=5e-5)
    assert found["excess_lo"].tolist() == pytest.approx([0.0660, 0.1897, 0.0072], abs=5e-5)
    assert found["excess_hi"].tolist() == pytest.approx([0.1342, 0.4237, 0.0528], abs=5e-5)
    assert found["recoverable"].tolist() == pytest.approx([2800, 532, 720])
    assert found["recoverable_lo"].tolist() == pytest.approx([1847.2, 318.7, 173.5], abs=0.06)
    assert found["rank"].tolist() == [1, 2, 3]
    assert found["recoverable"].rank(ascending=False).tolist() == [1, 3, 2]
    assert found["tests"].tolist() == [3, 3, 3]
    assert (found["q_value"] >= found["p_value"]).all()


def test_a_small_cell_and_one_without_excess_are_shown_and_never_ranked() -> None:
    cells = [
        cell(1, 29, 29),
        cell(2, 30, 30),
        cell(3, 300, 1000),
        cell(4, 90, 100, reference=(1, 29)),
        cell(5, 60, 100, value_per_goal=None),
        cell(6, 60, 100, goal_rate=None),
    ]
    found = pains(pd.DataFrame(cells))
    assert found["is_small"].tolist() == [True, False, False, True, False, False]
    assert found["rank"].fillna(0).tolist() == [0, 1, 0, 0, 2, 0]
    assert found["recoverable_lo"].fillna(-1).tolist()[2] == 0
    assert found["recoverable"][4] == pytest.approx(0.25 * 100 * 0.35)  # goals, where no value is
    assert found["tests"].tolist() == [4] * 6
    assert found["q_value"].isna().tolist() == [True, False, False, True, False, False]


def test_where_some_were_not_watched_to_the_end_the_errors_of_the_curves_decide() -> None:
    open_cell = cell(1, 450, 1000) | {"drops": None, "se": 0.02}
    at_the_end = cell(2, 1000, 1000) | {"drops": None, "se": 0.0, "lo": 0.9, "hi": 1.0}
    found = pains(pd.DataFrame([open_cell, at_the_end]))
    assert found["method"].tolist() == ["curve", "curve"]
    # As many as have the error of the curve: 0.45 · 0.55 / 0.02² = 618.75 instead of 1,000.
    lower, upper = (float(end) for end in score_interval(0.45, 618.75))
    low, high = (float(end) for end in score_interval(0.35, 4000))
    assert found["excess_hi"][0] == pytest.approx(0.1 + np.hypot(upper - 0.45, 0.35 - low))
    assert found["excess_lo"][0] == pytest.approx(0.1 - np.hypot(0.45 - lower, high - 0.35))
    assert found["excess_lo"][1] == pytest.approx(0.65 - np.hypot(0.1, high - 0.35))


def test_at_a_rate_of_0_the_p_agrees_with_the_interval() -> None:
    none = {"drops": None, "reference_drops": None, "reference_rate": 0.0, "reference_se": 0.0}
    rows = []
    for upper in (0.2, 0.01):
        sides = {"rate": 0.06, "se": 0.012, "lo": 0.04, "hi": 0.09, "reference_lo": 0.0}
        rows.append(cell(len(rows), 24, 400) | none | sides | {"reference_hi": upper})
    found = pains(pd.DataFrame(rows))
    assert (found["excess_lo"] > 0).tolist() == [False, True]
    assert (found["p_value"] < 0.05).tolist() == [False, True]


drawn_cells = st.lists(
    st.tuples(st.integers(1, 60), st.integers(0, 100), st.integers(1, 60), st.integers(0, 100)),
    min_size=1,
    max_size=8,
)


@examples(40)
@given(drawn_cells)
def test_the_excess_lies_in_its_interval_and_ranks_follow_the_lower_end(
    drawn: list[tuple[int, int, int, int]],
) -> None:
    rows = [
        cell(place, n * share // 100, n, reference=(n0 * share0 // 100, n0))
        for place, (n, share, n0, share0) in enumerate(drawn)
    ]
    found = pains(pd.DataFrame(rows))
    assert found["excess"].between(found["excess_lo"] - 1e-9, found["excess_hi"] + 1e-9).all()
    ranked = found.dropna(subset="rank").sort_values("rank")
    assert ranked["recoverable_lo"].is_monotonic_decreasing
    assert ranked["rank"].tolist() == list(range(1, len(ranked) + 1))
    assert not ranked["is_small"].any()
    assert (ranked["excess_lo"] > 0).all()
    other_way = pains(pd.DataFrame(rows[::-1])).iloc[::-1].reset_index(drop=True)
    pd.testing.assert_frame_equal(found, other_way)


def test_a_drawn_log_says_where_it_hurts_and_what_it_costs(build: Build) -> None:
    """Of forty on the phone ten go on, of forty at a desk thirty; half of these buy for 10."""
    rows = []
    for way, went in (("phone", 10), ("desk", 30)):
        for who in range(40):
            day = START + timedelta(days=who)
            own = [("A", 0, "")]
            own += [("B", 1, "")] if who < went else []
            own += [("Buy", 2, "10")] if who < went // 2 else []
            rows += [
                (f"{way}{who}", (day + timedelta(days=later)).isoformat() + "Z", what, way, money)
                for what, later, money in own
            ]
    project = toml(
        stages=("A", "B", "Buy"),
        goal="Buy",
        columns='user_id = "who"\noccurred_at = "at"\nevent = "what"\ndevice = "on"\n'
        'value = "money"',
        extra='as_of = "2026-04-11"',
        map_extra='silence = "20 d"\nwithin = "10 d"',
    )
    project += '\n[[segment]]\nname = "device"\ncolumn = "device"\n'
    built = build(rows, project, header=("who", "at", "what", "on", "money"))
    one = built.frame(
        "from pain_points where reference = 'rest' and level = 'stage' and place = 'A' "
        "and segment = 'device' order by value"
    )
    desk, phone = one.iloc[0], one.iloc[1]
    assert (phone["n"], phone["rate"], phone["reference_n"]) == (40, 0.75, 40)
    assert phone["reference_rate"] == desk["rate"] == 0.25
    lower, upper = newcombe(30, 40, 10, 40)
    assert (phone["excess_lo"], phone["excess_hi"]) == pytest.approx((lower, upper))
    assert (phone["method"], phone["unit"]) == ("newcombe", "money per month")
    assert phone["per_month"] == pytest.approx(40 / (100 / 30.4375))
    assert phone["is_borrowed"]
    assert (phone["goal_rate"], phone["value_per_goal"]) == (0.5, 10.0)
    assert phone["recoverable_lo"] == pytest.approx(lower * phone["per_month"] * 0.5 * 10)
    assert (desk["excess"], desk["recoverable_lo"]) == (-0.5, 0)
    assert pd.isna(desk["rank"])
    first = built.rows(
        "select level, place, value from pain_points where reference = 'rest' and rank = 1"
    )
    assert first == [("stage", "A", "phone")]
    before = built.rows(
        "select value, reference_value, n, reference_n from pain_points "
        "where reference = 'period before' and level = 'stage' and place = 'A'"
    )
    assert before == [("2026-02", "2026-01", 18, 62)]
