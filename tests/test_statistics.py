"""Statistics: the published numbers, the ends, and equality with a second implementation."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.statistics import (
    aalen_johansen,
    benjamini_hochberg,
    incidence_at,
    kaplan_meier,
    median_duration,
    newcombe,
    ratio,
    wilson,
)

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of a library that only the tests use
    from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight
    from statsmodels.stats.multitest import multipletests
    from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

# Ten journeys: p progressed (1), a abandoned (2), 0 still open.
DAYS = [1, 2, 2, 3, 4, 5, 6, 7, 8, 10]
ENDS = [1, 1, 2, 0, 1, 2, 0, 1, 0, 0]

logs = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 2)), min_size=1, max_size=60).map(
    lambda rows: (np.array([row[0] for row in rows]), np.array([row[1] for row in rows]))
)


@pytest.mark.parametrize(
    ("k", "n", "lower", "upper"),
    [
        (81, 263, 0.25529, 0.36621),
        (15, 148, 0.06239, 0.16049),
        (0, 20, 0, 0.16113),
        (1, 29, 0.00611, 0.17176),
        (1, 9, 0.0199, 0.4350),
        (1, 7, 0.0257, 0.5131),
        (2, 6, 0.0968, 0.7000),
        (0, 3, 0, 0.5615),
    ],
)
def test_wilson_gives_the_published_ends(k: int, n: int, lower: float, upper: float) -> None:
    assert wilson(k, n) == pytest.approx((lower, upper), abs=5e-5)


def test_wilson_knows_nothing_about_nobody_and_stays_inside() -> None:
    lower, upper = wilson([0, 0, 7], [0, 7, 7])
    assert np.isnan([lower[0], upper[0]]).all()
    assert (lower[1], upper[2]) == (0, 1)
    with pytest.raises(ValueError, match="0 <= k <= n"):
        wilson(3, 2)


@given(st.integers(1, 10**7).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_equals_the_second_implementation(counts: tuple[int, int]) -> None:
    lower, upper = wilson(*counts)
    assert 0 <= lower <= counts[0] / counts[1] <= upper <= 1
    assert (lower, upper) == pytest.approx(proportion_confint(*counts, method="wilson"), abs=1e-12)


@pytest.mark.parametrize(
    ("counts", "lower", "upper"),
    [
        ((56, 70, 48, 80), 0.05243, 0.33387),
        ((9, 10, 3, 10), 0.17052, 0.80902),
        ((10, 10, 0, 10), 0.60751, 1),
        ((450, 1000, 1400, 4000), 0.0660, 0.1342),
        ((40, 60, 1400, 4000), 0.1897, 0.4237),
        ((1140, 3000, 1400, 4000), 0.0072, 0.0528),
    ],
)
def test_newcombe_gives_the_published_ends(
    counts: tuple[int, int, int, int], lower: float, upper: float
) -> None:
    assert newcombe(*counts) == pytest.approx((lower, upper), abs=5e-5)
    other = confint_proportions_2indep(*counts, method="newcomb", compare="diff")
    assert newcombe(*counts) == pytest.approx(other, abs=1e-9)


def test_benjamini_hochberg_finds_four_of_fifteen() -> None:
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    p += [0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1]
    adjusted = benjamini_hochberg(p)
    expected = [0.0015, 0.0030, 0.0095, 0.0356, 0.0603, 0.0639, 0.0639, 0.0645]
    expected += [0.0765, 0.4860, 0.5812, 0.7149, 0.7532, 0.8132, 1]
    assert adjusted == pytest.approx(expected, abs=5e-5)
    assert (adjusted <= 0.05).sum() == 4


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_benjamini_hochberg_equals_the_second_implementation(p: list[float]) -> None:
    assert benjamini_hochberg(p) == pytest.approx(multipletests(p, method="fdr_bh")[1])


def test_a_test_that_was_not_made_is_not_in_the_family() -> None:
    assert benjamini_hochberg([]).size == 0
    adjusted = benjamini_hochberg([0.02, np.nan, 0.04])
    assert np.isnan(adjusted[1])
    assert adjusted[[0, 2]] == pytest.approx([0.04, 0.04])


def test_the_squiggle_of_the_golden_log_has_its_error() -> None:
    walked, progress = [4, 4, 8, 3, 1, 0, 3, 3, 3, 0], [4, 4, 4, 1, 1, 0, 2, 3, 1, 0]
    found = ratio(progress, walked)
    assert 1 - found.value == pytest.approx(9 / 29)
    assert found.standard_error == pytest.approx(0.106825, abs=1e-6)
    assert found.n == 10


def test_a_ratio_of_nothing_and_of_one_unit() -> None:
    assert np.isnan(ratio([], []).value)
    assert np.isnan(ratio([1], [0]).value)
    alone = ratio([1], [2])
    assert alone.value == 0.5
    assert np.isnan(alone.standard_error)


def test_twice_the_same_data_halve_the_variance() -> None:
    walked, progress = [4, 8, 3, 1, 5] * 20, [4, 4, 1, 1, 2] * 20
    once, twice = ratio(progress, walked), ratio(progress * 2, walked * 2)
    assert twice.standard_error**2 / once.standard_error**2 == pytest.approx(0.5, rel=0.01)


def test_the_toy_log_gives_the_published_curves() -> None:
    progress, abandon = aalen_johansen(DAYS, ENDS), aalen_johansen(DAYS, ENDS, cause=2)
    drawn = progress.set_index("duration")
    assert drawn["survival"].to_list() == pytest.approx(
        [0.9, 0.7, 0.58333, 0.46667, 0.31111], abs=5e-6
    )
    assert drawn["at_risk"].to_list() == [10, 9, 6, 5, 3]
    days = [1, 2, 4, 7]
    assert drawn.loc[days, "incidence"].to_list() == pytest.approx(
        [0.1, 0.2, 0.31667, 0.47222], abs=5e-6
    )
    assert drawn.loc[days, "standard_error"].to_list() == pytest.approx(
        [0.0949, 0.1265, 0.1525, 0.1781], abs=5e-5
    )
    other = abandon.set_index("duration")
    assert other.loc[[2, 5], "incidence"].to_list() == pytest.approx([0.1, 0.21667], abs=5e-6)
    assert other.loc[[2, 5], "standard_error"].to_list() == pytest.approx(
        [0.0949, 0.1364], abs=5e-5
    )
    assert (progress["incidence"] + abandon["incidence"]).to_list() == pytest.approx(
        (1 - progress["survival"]).to_list()
    )


def test_to_treat_abandonment_as_open_overstates_progress() -> None:
    censored = kaplan_meier(DAYS, [end == 1 for end in ENDS])
    assert 1 - censored["survival"].iloc[-1] == pytest.approx(0.55556, abs=5e-6)


@pytest.mark.parametrize(
    ("days", "has_progressed", "within_seven"),
    [
        ([1, 0.1, 1, 1, 5, 30, 1, 5, 1], [1, 1, 1, 1, 1, 0, 1, 1, 0], 0.8519),
        ([1, 34, 5, 1, 1], [1, 0, 0, 1, 1], 0.6),
        ([1, 26, 5, 19], [1, 0, 1, 0], 0.5),
        ([1, 7, 2], [1, 1, 0], 1),
    ],
    ids=["stage 1", "stage 2", "stage 3", "stage 4"],
)
def test_the_frontiers_of_the_golden_log_progress_within_seven_days(
    days: list[float], has_progressed: list[int], within_seven: float
) -> None:
    assert incidence_at(days, has_progressed, 7).value == pytest.approx(within_seven, abs=5e-5)


def test_the_interval_is_that_of_the_twice_logged_survival() -> None:
    # Nine of ten left: log(−log(.9)) ± 1.96 · se / (.9 · log(.9)); as lifelines and R print it.
    left = kaplan_meier(DAYS, [end == 1 for end in ENDS])
    assert left.loc[0, ["lower", "upper"]].to_list() == pytest.approx([0.47301, 0.98528], abs=5e-6)
    met = aalen_johansen(DAYS, [int(end == 1) for end in ENDS])
    assert (1 - met["upper"]).to_list() == pytest.approx(left["lower"].to_list())


def test_the_horizon_is_inclusive_and_follow_up_may_end_when_all_have_progressed() -> None:
    assert incidence_at(DAYS, ENDS, 7).value == pytest.approx(0.47222, abs=5e-6)
    assert incidence_at(DAYS, ENDS, 6.999).value == pytest.approx(0.31667, abs=5e-6)
    assert incidence_at(DAYS, ENDS, 10) is not None
    assert incidence_at(DAYS, ENDS, 10.001) is None
    assert incidence_at([], [], 7) is None
    all_progressed = incidence_at([1, 7], [1, 1], 30)
    assert all_progressed.value == 1
    assert (all_progressed.lower, all_progressed.upper) == pytest.approx(wilson(2, 2))


def test_that_the_last_one_under_watch_has_met_it_says_nothing_while_others_are_open() -> None:
    """Two of three go on, one is open since 2 days: after 7 days there is nobody left to ask.

    | days | met | could be watched |
    |------|-----|------------------|
    | 1    | yes | 40               |
    | 7    | yes | 7 or 40          |
    | 2    | no  | 2                |
    """
    asked = ([1, 7, 2], [1, 1, 0], 30)
    assert incidence_at(*asked) is None
    assert incidence_at(*asked, possible=[29, 7, 2]) is None
    followed = incidence_at(*asked, possible=[40, 40, 2])
    assert followed is not None
    assert followed.value == 1
    assert (followed.lower, followed.upper) == pytest.approx(wilson(2, 2))


def test_a_rate_of_zero_has_the_interval_of_those_followed_to_the_horizon() -> None:
    nobody = incidence_at([5, 40, 50, 60], [0, 0, 0, 2], 30)
    assert nobody.value == 0
    assert (nobody.lower, nobody.upper) == pytest.approx(wilson(0, 3))


def test_a_median_that_is_never_reached_is_missing() -> None:
    assert np.isnan(median_duration(kaplan_meier(DAYS, [0] * 10)))
    assert median_duration(kaplan_meier([1, 2, 3, 4], [1, 1, 1, 1])) == 2
    assert np.isnan(median_duration(aalen_johansen(DAYS, ENDS)))


def test_durations_below_zero_or_missing_are_refused() -> None:
    for wrong in (-1, np.nan):
        with pytest.raises(ValueError, match="duration"):
            kaplan_meier([1, wrong], [1, 1])


@given(logs)
def test_counts_stand_for_repeated_rows(log: tuple[np.ndarray, np.ndarray]) -> None:
    days, ends = log
    frame = pd.DataFrame({"days": days, "ends": ends}).value_counts().reset_index(name="units")
    grouped = aalen_johansen(frame["days"], frame["ends"], counts=frame["units"])
    pd.testing.assert_frame_equal(grouped, aalen_johansen(days, ends), check_dtype=False)


@given(logs)
def test_kaplan_meier_equals_the_second_implementation(
    log: tuple[np.ndarray, np.ndarray],
) -> None:
    days, ends = log
    ours = kaplan_meier(days, ends == 1)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        theirs = SurvfuncRight(days, (ends == 1).astype(int))
    assert ours["survival"].to_numpy() == pytest.approx(theirs.surv_prob)
    alive = ours["survival"].to_numpy() > 0
    assert ours["standard_error"].to_numpy()[alive] == pytest.approx(
        theirs.surv_prob_se[alive], abs=1e-9
    )


@given(logs)
def test_aalen_johansen_equals_the_second_implementation(
    log: tuple[np.ndarray, np.ndarray],
) -> None:
    days, ends = log
    if set(ends) < {0, 1, 2} and not {1, 2} <= set(ends):
        return  # the other implementation numbers the causes that it sees
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        theirs = CumIncidenceRight(days, ends)
    for cause in (1, 2):
        ours = aalen_johansen(days, ends, cause=cause)
        at = np.searchsorted(theirs.times, ours["duration"].to_numpy())
        assert ours["incidence"].to_numpy() == pytest.approx(theirs.cinc[cause - 1][at])
        alive = (ours["survival"] > 0).to_numpy()  # at the last unit they divide by zero
        error = theirs.cinc_se[cause - 1][at][alive]
        assert ours["standard_error"].to_numpy()[alive] == pytest.approx(error, abs=1e-7)


@given(logs)
def test_what_can_happen_happens_or_not(log: tuple[np.ndarray, np.ndarray]) -> None:
    days, ends = log
    one, two = aalen_johansen(days, ends), aalen_johansen(days, ends, cause=2)
    total = one["incidence"] + two["incidence"] + one["survival"]
    assert total.to_numpy() == pytest.approx(np.ones(len(one)))
    assert one["incidence"].is_monotonic_increasing
    known = one.dropna()
    assert ((known["lower"] <= known["incidence"]) & (known["incidence"] <= known["upper"])).all()
    shuffled = np.random.default_rng(0).permutation(len(days))
    pd.testing.assert_frame_equal(one, aalen_johansen(days[shuffled], ends[shuffled]))
