"""Estimates of the KPIs: chances with a clock, ratios by customer, and both at their ends."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.estimates import chances, ratios
from pipeline.statistics import incidence_at

from .drawing import examples


@examples(20)
@given(ends=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 2)), min_size=1, max_size=30))
def test_chances_are_those_of_aalen_and_johansen(ends: list[tuple[int, int]]) -> None:
    frame = pd.DataFrame(ends, columns=["days", "outcome"]).assign(figure="goal", group_no=1)
    longer = (frame["outcome"] > 0) * (frame.index % 5) * 20  # than it took, some could be watched
    frame["possible_days"] = frame["days"] + longer
    counted = frame.groupby(list(frame.columns), as_index=False).size()
    found = chances(counted.rename(columns={"size": "units"})).set_index("horizon_days")
    for horizon in (1, 7, 30, 180):
        expected = incidence_at(
            frame["days"], frame["outcome"], horizon, possible=frame["possible_days"]
        )
        row: Any = found.loc[horizon]
        if expected is None:
            assert np.isnan(row["chance"])
        else:
            assert row["chance"] == pytest.approx(expected.value)
            assert (row["lo"], row["hi"]) == pytest.approx((expected.lower, expected.upper))


def test_a_ratio_without_any_case_has_an_upper_end() -> None:
    columns = [
        "figure",
        "item",
        "units",
        "numerator",
        "denominator",
        "numerator_squared",
        "product",
    ]
    row = [("contacts", "all", 20, 0.0, 40.0, 0.0, 0.0)]
    found = ratios(pd.DataFrame(row, columns=columns).assign(denominator_squared=100.0))
    assert found[["ratio", "lo"]].to_numpy().tolist() == [[0, 0]]
    assert found["hi"].item() == pytest.approx(0.16113 * 20 / 40, abs=1e-5)


def test_a_share_that_is_whole_has_a_lower_end() -> None:
    """Of 20 customers each contact is a repeated one: at least 84 % are, by Wilson."""
    sums = {"units": 20, "numerator": 40.0, "denominator": 40.0, "numerator_squared": 100.0}
    sums |= {"product": 100.0, "denominator_squared": 100.0, "item": "all"}
    found = ratios(pd.DataFrame([sums | {"figure": "support repeated"}]))
    assert found[["ratio", "hi"]].to_numpy().tolist() == [[1, 1]]
    assert found["lo"].item() == pytest.approx(1 - 0.16113, abs=1e-5)
    assert found["se"].isna().all()
