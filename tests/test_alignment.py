"""Paths laid on steps: exact, and every visit that does not fit has a kind."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import alignment
from pipeline.alignment import path_fits, path_shapes

from . import plain_walks as plain
from .drawing import examples
from .plain_walks import Path, Step

KINDS = ("fitting", "inserted", "repeated", "backward", "skipped")

stages = st.integers(1, 5)
walks = st.lists(stages, min_size=1, max_size=9).map(plain.merged)
one_step = st.builds(Step, st.integers(1, 6), st.booleans(), st.booleans())
plans = (
    st.lists(one_step, min_size=1, max_size=6)
    .filter(lambda plan: all(one.stage != other.stage for one, other in pairwise(plan)))
    .map(tuple)
)


def visits(*paths: Path) -> pd.DataFrame:
    """Return path_visits of one map, in no order."""
    rows = [
        (1, number, place, stage)
        for number, path in enumerate(paths, start=1)
        for place, stage in enumerate(path, start=1)
    ]
    frame = pd.DataFrame(rows, columns=["map_no", "path_no", "visit_no", "stage_no"])
    return frame.sample(frac=1, random_state=1)


def steps(plan: tuple[Step, ...]) -> pd.DataFrame:
    """Return intended_steps of one map."""
    rows = [(1, number, *step) for number, step in enumerate(plan, start=1)]
    return pd.DataFrame(
        rows, columns=["map_no", "step_no", "stage_no", "is_optional", "is_repeatable"]
    )


def told(path: Path, plan: tuple[Step, ...]) -> dict[str, dict[int, int]]:
    """Return per kind the stages that have it, and how often."""
    found = path_fits(visits(path), steps(plan)).set_index("stage_no")
    return {kind: found.loc[found[kind] > 0, kind].to_dict() for kind in KINDS}


ONCE = tuple(Step(stage, is_repeatable=False) for stage in range(1, 6))
AGAIN = tuple(Step(stage) for stage in range(1, 6))


@pytest.mark.parametrize(
    ("path", "plan", "expected"),
    [
        ((1, 2, 3), ONCE, {}),
        ((1, 2, 1, 2, 3), ONCE, {"backward": {1: 1}, "repeated": {2: 1}}),
        ((1, 2, 1, 2, 3), AGAIN, {"backward": {1: 1}}),
        ((1, 5), AGAIN, {"skipped": {2: 1, 3: 1, 4: 1}}),
        ((1, 5, 2, 3, 4, 5), AGAIN, {"inserted": {5: 1}}),
        ((1, 5, 3), AGAIN, {"skipped": {2: 1, 3: 1, 4: 1}, "backward": {3: 1}}),
        ((3, 4), AGAIN, {"skipped": {1: 1, 2: 1}}),
        ((3, 4), (Step(1, is_optional=True), Step(2, is_optional=True), Step(3), Step(4)), {}),
        ((1, 2, 5, 2, 3), (Step(1), Step(2), Step(3)), {"inserted": {5: 1}}),
        ((4, 5), (Step(1), Step(2)), {"inserted": {4: 1, 5: 1}}),
        ((1, 2, 1), (Step(1), Step(2), Step(1), Step(2), Step(3)), {}),
        ((2, 1, 2), (Step(1), Step(2)), {"inserted": {2: 1}}),
        ((1, 3, 1, 2, 1), AGAIN, {"skipped": {2: 1}, "backward": {1: 2, 2: 1}}),
    ],
)
def test_a_visit_that_does_not_fit_is_inserted_repeated_or_backward(
    path: Path, plan: tuple[Step, ...], expected: dict[str, dict[int, int]]
) -> None:
    found = told(path, plan)
    found.pop("fitting")
    assert {kind: counts for kind, counts in found.items() if counts} == expected


@pytest.mark.parametrize(
    ("path", "come", "passed"),
    [((1, 2), {1, 2}, {1}), ((3,), {1, 2, 3}, {1, 2}), ((6,), {6}, set())],
)
def test_steps_beyond_the_one_that_was_reached_are_not_owed(
    path: Path, come: set[int], passed: set[int]
) -> None:
    found = path_fits(visits(path), steps(AGAIN)).set_index("stage_no")
    assert set(found.index) == come
    assert set(found.index[found["is_passed"]]) == passed
    assert found["owed"].sum() == len(come & {1, 2, 3, 4, 5})


@examples(60)
@given(st.lists(walks, min_size=1, max_size=8), plans)
def test_no_way_of_laying_costs_less(paths: list[Path], plan: tuple[Step, ...]) -> None:
    found = path_fits(visits(*paths), steps(plan))
    per_path = found.drop(columns=["map_no", "stage_no"]).groupby("path_no").sum()
    for number, path in enumerate(paths, start=1):
        row = per_path.loc[number]
        cost, worst = plain.path_cost(path, plan)
        assert row[["inserted", "repeated", "backward", "skipped"]].sum() == cost
        assert row[["fitting", "inserted", "repeated", "backward"]].sum() == len(path)
        assert row["owed"] + len(path) == worst


@examples(40)
@given(st.lists(walks, min_size=1, max_size=8))
def test_shapes_are_those_of_a_plain_walk(paths: list[Path]) -> None:
    found = path_shapes(visits(*paths)).set_index("path_no")
    for number, path in enumerate(paths, start=1):
        row = found.loc[number]
        assert (row["visits"], row["stages"]) == (len(path), len(set(path)))
        assert row["orderly_visits"] == plain.longest_in_order(path)
        assert (row["straight_cost"], row["straight_worst"]) == plain.straight_cost(path)
        wrong = plain.discordance(path)
        pairs = row["unequal_pairs"]
        assert (2 * row["discordant_pairs"] / pairs if pairs else None) == wrong


def test_paths_are_worked_on_in_parts_without_a_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = np.random.default_rng(2)
    paths = [plain.merged(draw.integers(1, 6, draw.integers(1, 30)).tolist()) for _ in range(60)]
    whole = path_shapes(visits(*paths)), path_fits(visits(*paths), steps(AGAIN))
    monkeypatch.setattr(alignment.tables, "CELLS", 20)
    parts = path_shapes(visits(*paths)), path_fits(visits(*paths), steps(AGAIN))
    for one, other in zip(whole, parts, strict=True):
        keys = [name for name in ("path_no", "stage_no") if name in one]
        pd.testing.assert_frame_equal(
            one.sort_values(keys, ignore_index=True), other.sort_values(keys, ignore_index=True)
        )


def test_no_path_at_all_has_no_rows() -> None:
    assert path_shapes(visits()).empty
    assert path_fits(visits(), steps(AGAIN)).empty


def test_a_path_may_be_long() -> None:
    path = tuple([1, 2] * 50_000)
    row = path_shapes(visits(path)).iloc[0]
    assert (row["visits"], row["orderly_visits"]) == (100_000, 50_001)
    assert row["discordant_pairs"] == 50_000 * 49_999 // 2
    assert told(path, AGAIN)["backward"] == {1: 49_999}
