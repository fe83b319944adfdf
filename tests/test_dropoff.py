"""Drop-off by segment: the curves of the tables against a second computation, and a drawn log."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.models import load_models
from pipeline.sample import CORE, core_log, core_truth
from pipeline.statistics import aalen_johansen, incidence_at, median_duration, wilson
from pipeline.warehouse import Warehouse, scratch

from .conftest import Build, toml
from .drawing import examples

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of a library that only the tests use
    from statsmodels.duration.survfunc import CumIncidenceRight

CURVES = (
    "progress_watches",
    "progress_counts",
    "progress_risks",
    "progress_steps",
    "progress_pulls",
    "progress_spread_parts",
    "progress_spreads",
    "progress_intervals",
    "progress_quantiles",
    "progress_rates",
)
DAY = 86_400_000_000
AS_OF = 1 << 50


@pytest.fixture(scope="module")
def desk() -> Iterator[Warehouse]:
    with scratch() as warehouse:
        yield warehouse


def read(desk: Warehouse, name: str) -> pd.DataFrame:
    return desk.frame(f"from {name} where stage_no = 1")


def possible(lengths: Any, outcomes: Any) -> Any:
    """How long journeys could be watched: open ones were; of others some began longer ago."""
    lengths, number = np.asarray(lengths), np.arange(len(lengths))
    return np.where(np.asarray(outcomes) == 0, lengths, lengths + number * 7 % 40)


def lay(desk: Warehouse, durations: Sequence[int], ends: Sequence[int], groups: Sequence[int],
        within: int, customers: Sequence[int] | None = None) -> None:  # fmt: skip
    """Lay a watch per journey, another customer's unless said, each in a group; make the curves."""
    number = np.arange(len(durations), dtype=np.int32)
    one = np.ones(len(durations), dtype=np.int32)
    whose = number if customers is None else np.asarray(customers, dtype=np.int32)
    keys = {"map_no": one, "customer_no": whose, "journey_no": number}
    lengths, outcomes = np.asarray(durations, dtype=np.int64), np.asarray(ends, dtype=np.int32)
    watched = {"stage_no": one, "duration_us": lengths, "outcome": outcomes}
    fates = np.array(["open", "progressed", "dropped_explicit"])[outcomes]
    reached = AS_OF - possible(lengths, outcomes)
    beyond = np.where(outcomes == 1, reached + lengths, 0)
    moments = {"reached_us": reached, "beyond_us": beyond, "goal_us": beyond}
    desk.register("progress_times", pa.table({**keys, **watched, **moments, "fate": fates}))
    desk.register("as_of", pa.table({"as_of_us": [AS_OF]}))
    desk.register(
        "silence_horizons", pa.table({"map_no": one[:1], "stage_no": one[:1], "horizon_us": [1]})
    )
    own = pa.table({**keys, "segment_no": one, "value_no": np.asarray(groups, dtype=np.int32)})
    desk.register("journey_segments", own)
    everyone = pa.table({**keys, "segment_no": one * 0, "value_no": one * 0})
    desk.register("segmented_journeys", pa.concat_tables([own, everyone]))
    desk.register(
        "cfg_maps", pa.table({"map_no": one[:1], "within_us": [within], "silence_us": [1]})
    )
    models = {model.name: model for model in load_models()}
    for name in CURVES:
        desk.make(models[name])


watches = st.lists(
    st.tuples(st.integers(0, 70), st.integers(0, 2), st.integers(1, 3)), min_size=1, max_size=60
)


@examples(10)
@given(watches, st.integers(20, 90))
def test_the_curve_of_a_group_and_of_its_rest_are_those_of_aalen_and_johansen(
    desk: Warehouse, rows: list[tuple[int, int, int]], within: int
) -> None:
    durations, ends, groups = (np.array(column) for column in zip(*rows, strict=True))
    lay(desk, durations, ends, groups, within)
    rates, steps = read(desk, "progress_rates"), read(desk, "progress_steps")
    sides = {(1, group, rest): (groups == group) != rest
             for group in set(groups) for rest in (False, True)}  # fmt: skip
    sides[0, 0, False] = groups > 0
    stood = {key: chosen for key, chosen in sides.items() if chosen.any()}
    assert len(rates) == len(stood)
    for (segment, value, rest), chosen in stood.items():
        own = f"segment_no == {segment} and value_no == {value} and is_rest == {rest}"
        row = rates.query(own).iloc[0]
        watched = (durations[chosen], ends[chosen])
        expected = incidence_at(*watched, within, possible=possible(durations, ends)[chosen])
        assert row.journeys == chosen.sum()
        if expected is None:
            assert np.isnan(row.progress_rate)
            continue
        found = (row.progress_rate, row.progress_lo, row.progress_hi)
        assert found == pytest.approx((expected.value, expected.lower, expected.upper), abs=1e-6)
        if 0 < expected.value < 1:
            assert row.progress_se == pytest.approx(expected.standard_error, abs=1e-9)
        curve = aalen_johansen(durations[chosen], ends[chosen])
        for step in steps.query(own).dropna().itertuples():
            before = curve[curve["duration"] <= step.counted_us]
            rate = before["incidence"].iloc[-1] if len(before) else 0
            assert step.progress_rate == pytest.approx(rate, abs=1e-9)
        if not rest:
            half = median_duration(curve[curve["duration"] <= within])
            assert (np.nan if pd.isna(row.median_us) else row.median_us) == pytest.approx(
                half, nan_ok=True
            )


def test_the_rates_of_a_group_equal_those_of_another_implementation(desk: Warehouse) -> None:
    draw = np.random.default_rng(3)
    durations, ends = draw.integers(1, 10**6, 900), draw.choice(3, 900, p=[0.3, 0.5, 0.2])
    groups = draw.integers(1, 4, 900)
    lay(desk, durations, ends, groups, 600_000)
    found = read(desk, "progress_rates").query("segment_no == 1 and not is_rest")
    for row in found.itertuples():
        chosen = groups == row.value_no
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            theirs = CumIncidenceRight(durations[chosen], ends[chosen])
        place = np.searchsorted(theirs.times, 600_000, side="right") - 1
        assert row.progress_rate == pytest.approx(theirs.cinc[0][place], abs=1e-9)
        assert row.progress_se == pytest.approx(theirs.cinc_se[0][place], abs=1e-9)
        assert row.abandon_rate == pytest.approx(theirs.cinc[1][place], abs=1e-9)


def test_the_toy_of_ten_journeys(desk: Warehouse) -> None:
    """Times 1 to 10, p progressed, a abandoned, 0 open; AJ is .4722, where KM alone says .5556."""
    days, ends = [1, 2, 2, 3, 4, 5, 6, 7, 8, 10], [1, 1, 2, 0, 1, 2, 0, 1, 0, 0]
    lay(desk, days, ends, [1] * 10, 9)
    found = read(desk, "progress_intervals").query("segment_no == 0").set_index("counted_us")
    assert found["progress_rate"].loc[[1, 2, 4, 7]].tolist() == pytest.approx(
        [0.1, 0.2, 0.31667, 0.47222], abs=5e-6
    )
    assert found["progress_se"].loc[[1, 2, 4, 7]].tolist() == pytest.approx(
        [0.0949, 0.1265, 0.1525, 0.1781], abs=5e-5
    )
    assert found["abandon_rate"].loc[[2, 5]].tolist() == pytest.approx([0.1, 0.21667], abs=5e-6)
    left = read(desk, "progress_steps").query("segment_no == 0").set_index("counted_us")
    assert left["survival_before"].loc[[2, 4, 5, 7, 8]].tolist() == pytest.approx(
        [0.9, 0.7, 0.58333, 0.46667, 0.31111], abs=5e-6
    )


def test_a_customer_who_walks_twice_the_same_way_tells_nothing_new(desk: Warehouse) -> None:
    draw = np.random.default_rng(6)
    days, ends, groups = draw.integers(0, 70, 80), draw.choice(3, 80), draw.integers(1, 4, 80)
    lay(desk, days, ends, groups, 60)
    columns = ["progress_rate", "progress_se"]
    once = read(desk, "progress_rates").query("not is_rest").sort_values("value_no")[columns]
    twice = [np.tile(one, 2) for one in (days, ends, groups)]
    lay(desk, *twice, 60, customers=np.tile(np.arange(80), 2))
    again = read(desk, "progress_rates").query("not is_rest").sort_values("value_no")
    np.testing.assert_allclose(again[columns].to_numpy(), once.to_numpy(), atol=1e-8)
    assert again["design_effect"].tolist() == pytest.approx([2] * 4)
    lay(desk, *twice, 60)
    other = read(desk, "progress_rates").query("not is_rest").sort_values("value_no")
    np.testing.assert_allclose(other["progress_se"] * 2**0.5, once["progress_se"], atol=1e-8)


def test_the_error_of_customers_is_that_of_their_influence(desk: Warehouse) -> None:
    """A customer's influence: how the rate changes when they count a little more."""
    draw = np.random.default_rng(7)
    whose = draw.integers(0, 25, 90)
    days, ends = draw.integers(0, 90, 90), np.where(draw.random(90) < 0.8, whose % 2, 2)
    lay(desk, days, ends, [1] * 90, 60, customers=whose)
    row = read(desk, "progress_rates").query("segment_no == 0").iloc[0]

    def rate(more: int | None) -> float:
        counts = np.where(whose == more, 1 + 1e-5, 1.0)
        curve = aalen_johansen(days, ends, counts=counts)
        return float(curve[curve["duration"] <= 60]["incidence"].iloc[-1])

    pulls = [(rate(who) - rate(None)) / 1e-5 for who in set(whose)]
    assert row["design_effect"] > 1.02
    assert row["progress_se"] == pytest.approx(np.hypot.reduce(pulls), rel=0.02)


def test_many_ends_of_watches_are_rounded_without_moving_the_rate(desk: Warehouse) -> None:
    draw = np.random.default_rng(4)
    went, watched = draw.exponential(4e8, 20_000), draw.uniform(0, 1e9, 20_000)
    durations = np.minimum(went, watched).astype(np.int64)
    ends, groups = (went <= watched).astype(int), np.ones(20_000, dtype=int)
    lay(desk, durations, ends, groups, 600_000_000)
    row = read(desk, "progress_rates").query("segment_no == 0").iloc[0]
    expected = incidence_at(durations, ends, 600_000_000)
    assert expected is not None
    assert row.progress_rate == pytest.approx(expected.value, abs=expected.standard_error / 100)
    assert row.progress_se == pytest.approx(expected.standard_error, rel=1e-3)
    assert desk.scalar("select count(*) from progress_steps where segment_no = 0") < 1200


def entries(seed: int, customers: int, window: float) -> pd.DataFrame:
    """Frontier entries of the generated log: who, stage, time watched, whether it went beyond."""
    log = core_log(seed=seed, customers=customers, window_days=window)
    frame = pd.DataFrame({"who": log.customer_no, "stage": log.stage_no, "at": log.at_us})
    furthest = frame.groupby("who")["stage"].cummax()
    first = frame[furthest.ne(furthest.groupby(frame["who"]).shift())]
    beyond = first.groupby("who")["at"].shift(-1)
    ended = beyond.fillna(window * DAY) - first["at"]
    found = first.assign(watched=ended.astype(np.int64), went=beyond.notna().astype(int))
    return found[found["stage"] < log.chain.stages]


def test_the_interval_covers_the_truth_in_two_hundred_replicates_and_the_naive_one_does_not(
    desk: Warehouse,
) -> None:
    """Each replicate is a group: 60,000 customers, 300 in each, watched for sixty days."""
    truth = core_truth(CORE)
    log = entries(5, 60_000, 60.0)
    for stage_no in (1, 2, 3):
        own = log[log["stage"] == stage_no]
        groups = (own["who"] % 200 + 1).to_numpy()
        lay(desk, own["watched"].to_numpy(), own["went"].to_numpy(), groups, 20 * DAY)
        found = read(desk, "progress_rates").query("segment_no == 1 and not is_rest")
        true = truth.progress_within[stage_no - 1]
        covered = ((found["progress_lo"] <= true) & (true <= found["progress_hi"])).mean()
        assert len(found) == 200
        assert 0.90 <= covered <= 0.99
        lo, hi = wilson(found["progressed"], found["journeys"])
        assert ((lo <= true) & (true <= hi)).mean() < 0.9


SEGMENTED = [
    ("ann", "2026-01-01", "Awareness", "ads"),
    ("ann", "2026-01-03", "Interest", "ads"),
    ("ann", "2026-01-04", "quit", "ads"),
    ("bob", "2026-01-02", "Awareness", "ads"),
    ("cat", "2026-01-02", "Interest", "mail"),
    ("cat", "2026-01-05", "Loyalty", "mail"),
    ("dan", "2026-02-09", "Awareness", "mail"),
]


def test_every_group_has_the_drop_off_of_its_own_journeys(build: Build) -> None:
    project = toml(
        columns='user_id = "who"\noccurred_at = "at"\nevent = "what"\nchannel = "way"',
        extra='as_of = "2026-02-10"',
        map_extra='silence = "14 d"\nwithin = "7 d"\nabandon = ["Quit"]',
    )
    project += '\n[[touchpoint]]\nname = "Quit"\nwhen = { event = "quit" }\n'
    project += '\n[[segment]]\nname = "way"\ncolumn = "channel"\n'
    built = build(SEGMENTED, project, header=("who", "at", "what", "way"))
    found = built.rows(
        "select value, reached, skipped, progressed, dropped_explicit, dropped_silent, open, "
        "frontier, is_small, drop_rate, abandon_rate from segment_dropoff "
        "where stage_no <= 2 and segment <> 'period' order by value, stage_no"
    )
    assert found == [
        ("ads", 2, 0, 1, 0, 1, 0, 2, True, 0.5, 0.0),
        ("ads", 1, 0, 0, 1, 0, 0, 1, True, 1.0, 1.0),
        ("all", 4, 1, 2, 0, 1, 1, 3, True, 0.5, 0.0),
        ("all", 2, 0, 1, 1, 0, 0, 2, True, 0.5, 0.5),
        ("mail", 2, 1, 1, 0, 0, 1, 1, True, None, None),
        ("mail", 1, 0, 1, 0, 0, 0, 1, True, 0.0, 0.0),
    ]
    shown = "select * exclude (map_no, segment_no, segment, value_no, value, is_partial)"
    own = built.frame(f"{shown} from segment_dropoff where segment = 'all' order by stage_no")
    pd.testing.assert_frame_equal(own, built.frame("from stage_dropoff order by stage_no"))
    whole = built.rows(
        "select value, journeys, converted, dropped_explicit, open, conversion_rate, is_small "
        "from segment_summary where segment = 'period' order by value"
    )
    assert whole == [
        ("2026-01", 3, 1, 1, 0, pytest.approx(1 / 3), True),
        ("2026-02", 1, 0, 0, 1, None, True),
    ]
    adds_up = built.rows(
        "select segment, sum(journeys), sum(converted) from segment_summary group by segment"
    )
    assert set(adds_up) == {("all", 4, 1), ("period", 4, 1), ("way", 4, 1)}
    curve = built.frame(
        "from progress_curves where segment = 'all' and stage_no = 1 and days = 2.1"
    )
    assert curve["progress_rate"].tolist() == [pytest.approx(0.5)]
    assert built.scalar("select max(days) from progress_curves where value = '2026-02'") < 1.1
