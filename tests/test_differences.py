"""Differences of two groups, and why totals move: published numbers, identities, uniform p."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import kstest

from pipeline.sample import core_log
from pipeline.statistics import (
    aalen_johansen,
    detectable_difference,
    drawn_blocks,
    incidence_at,
    incidence_curves,
    is_reversed,
    kitagawa,
    newcombe,
    quantile_moments,
    rate_difference,
    ratio_difference,
)

from .drawing import examples

counts = st.tuples(st.integers(1, 500), st.integers(1, 500)).flatmap(
    lambda n: st.tuples(st.integers(0, n[0]), st.just(n[0]), st.integers(0, n[1]), st.just(n[1]))
)
parts = st.lists(
    st.tuples(st.integers(0, 50), st.floats(0, 1), st.integers(0, 50), st.floats(0, 1)),
    min_size=1,
    max_size=8,
)


def error(k, n):  # type: ignore[no-untyped-def]
    return np.sqrt(k / n * (1 - k / n) / n)


def of_counts(k1, n1, k2, n2):  # type: ignore[no-untyped-def]
    return rate_difference(k1 / n1, error(k1, n1), n1, k2 / n2, error(k2, n2), n2)


@given(counts)
def test_of_independent_units_the_interval_is_newcombes_and_p_agrees_with_it(
    drawn: tuple[int, int, int, int],
) -> None:
    found = of_counts(*drawn)
    assert (found.lower, found.upper) == pytest.approx(newcombe(*drawn), abs=1e-9)
    assert (found.p < 0.05 - 1e-9) <= (found.lower > 0 or found.upper < 0)
    assert (found.p > 0.05 + 1e-9) <= (found.lower <= 0 <= found.upper)


def test_no_difference_has_p_one_and_all_against_nobody_a_small_one() -> None:
    assert of_counts(0, 30, 0, 40).p == 1
    assert of_counts(15, 30, 20, 40).p == 1
    assert of_counts(30, 30, 0, 30).p < 1e-9


def test_pairs_that_go_together_are_told_apart_better() -> None:
    # Newcombe 1998, method 8 for pairs: 20 both, 12 the first, 2 the second, 16 neither.
    both, one, other, neither = 20, 12, 2, 16
    n = both + one + other + neither
    p1, p2 = (both + one) / n, (both + other) / n
    covariance = (both * neither - one * other) / n**3
    alone = of_counts(both + one, n, both + other, n)
    paired = rate_difference(
        *(p1, error(both + one, n), n), *(p2, error(both + other, n), n), covariance=covariance
    )
    assert (paired.lower, paired.upper) == pytest.approx((0.0618, 0.3242), abs=5e-5)
    assert paired.lower > alone.lower


def test_twice_every_unit_counts_as_once() -> None:
    once = of_counts(12, 40, 25, 45)
    twice = rate_difference(12 / 40, error(12, 40), 80, 25 / 45, error(25, 45), 90)
    assert [twice.lower, twice.upper] == pytest.approx([once.lower, once.upper])
    assert float(twice.p) == pytest.approx(float(once.p))


def test_a_ratio_without_spread_is_not_tested_unless_it_is_the_same() -> None:
    found = ratio_difference([1, 1, np.nan], [0, 0, 1], [1, 2, 1], [0, 0, 1])
    assert found.p[0] == 1
    assert np.isnan(found.p[1:]).all()
    assert ratio_difference(1.96, 0.6, 0, 0.8).p == pytest.approx(0.05, abs=1e-4)


def test_what_would_be_seen_is_two_point_eight_errors() -> None:
    p, n = 0.3, 500
    assert detectable_difference(np.sqrt(2 * p * (1 - p) / n)) == pytest.approx(
        2.8 * np.sqrt(2 * p * (1 - p) / n), rel=1e-3
    )


def test_p_of_two_halves_of_one_population_is_uniform() -> None:
    generator = np.random.default_rng(5)
    k = generator.binomial([400, 700], 0.3, size=(3000, 2))
    p = of_counts(k[:, 0], np.array(400), k[:, 1], np.array(700)).p
    assert kstest(p, "uniform").pvalue > 0.01
    assert np.mean(p < 0.05) == pytest.approx(0.05, abs=0.012)


def test_of_two_halves_of_the_generators_log_the_p_of_rates_is_uniform_and_intervals_cover() -> (
    None
):
    """A third of the journeys is followed for less than the horizon: the window ends before it."""
    log = core_log(seed=8, customers=1600, window_days=45.0)
    first = np.r_[True, log.customer_no[1:] != log.customer_no[:-1]]
    began = log.at_us[first] / 864e8
    reached = np.full(len(began), np.inf)
    goals = log.stage_no == log.chain.stages
    reached[log.customer_no[goals] - 1] = log.at_us[goals] / 864e8
    lasted = np.minimum(reached, log.window_days) - began
    ended = np.isfinite(reached).astype(int)
    dice = np.random.default_rng(2)
    p, covered = [], []
    for _ in range(150):
        half = dice.permutation(len(began)) < len(began) // 3
        one, other = (incidence_at(lasted[side], ended[side], 20) for side in (half, ~half))
        found = rate_difference(
            *(one.value, one.standard_error, one.n),
            *(other.value, other.standard_error, other.n),
        )
        p.append(float(found.p))
        covered.append(bool(found.lower <= 0 <= found.upper))
    assert kstest(p, "uniform").pvalue > 0.01
    assert 0.90 <= np.mean(covered) <= 0.99


def test_kitagawa_gives_the_published_parts() -> None:
    found = kitagawa([0.7, 0.3], [0.12, 0.33], [0.2, 0.8], [0.10, 0.30])
    assert (found.total, found.mix, found.rate) == pytest.approx((-0.077, -0.1025, 0.0255))
    assert is_reversed(found.total, [0.12, 0.33], [0.10, 0.30], [70, 30], [30, 80])
    assert not is_reversed(found.total, [0.12, 0.33], [0.10, 0.30], [70, 29], [29, 80])
    assert not is_reversed(-0.1, [0.2], [0.1], [900], [900])
    same_way = kitagawa([0.5, 0.5], [0.12, 0.32], [0.8, 0.2], [0.10, 0.30])
    assert (same_way.total, same_way.mix, same_way.rate) == pytest.approx((0.08, 0.06, 0.02))
    assert not is_reversed(same_way.total, [0.12, 0.32], [0.10, 0.30], [50, 50], [80, 20 + 10])


@given(parts)
def test_mix_and_rate_add_up_to_the_difference_exactly(
    drawn: list[tuple[int, float, int, float]],
) -> None:
    na, ra, nb, rb = (np.array(column, dtype=float) for column in zip(*drawn, strict=True))
    assume(na.sum() > 0 and nb.sum() > 0)
    wa, wb = na / na.sum(), nb / nb.sum()
    missing_a, missing_b = np.where(na > 0, ra, np.nan), np.where(nb > 0, rb, np.nan)
    found = kitagawa(wa, missing_a, wb, missing_b)
    assert found.mix + found.rate == pytest.approx(found.total, abs=1e-12)
    assert found.total == pytest.approx((wa * ra).sum() - (wb * rb).sum(), abs=1e-12)
    assert found.mix_parts.sum() == pytest.approx(found.mix, abs=1e-12)
    turned = kitagawa(wb, missing_b, wa, missing_a)
    assert (turned.mix, turned.rate) == pytest.approx((-found.mix, -found.rate), abs=1e-12)


def test_the_same_rates_differ_by_mix_alone_and_the_same_mix_by_rate_alone() -> None:
    assert kitagawa([0.5, 0.5], [0.1, 0.2], [0.9, 0.1], [0.1, 0.2]).rate == 0
    assert kitagawa([0.5, 0.5], [0.1, 0.2], [0.5, 0.5], [0.3, 0.4]).mix == 0


def test_blocks_are_drawn_among_their_kind_and_again_alike() -> None:
    drawn = drawn_blocks([3, 0, 5], draws=50, seed=1)
    assert drawn.shape == (50, 8)
    assert (drawn[:, :3].sum(axis=1) == 3).all()
    assert (drawn[:, 3:].sum(axis=1) == 5).all()
    assert (drawn == drawn_blocks([3, 0, 5], draws=50, seed=1)).all()
    assert (drawn != drawn_blocks([3, 0, 5], draws=50, seed=2)).any()


@examples(50)
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 2)), min_size=1, max_size=40))
def test_a_drawn_curve_is_that_of_aalen_and_johansen(log: list[tuple[int, int]]) -> None:
    days, ends = (np.array(column) for column in zip(*log, strict=True))
    table = [[((days == day) & kept).sum() for day in range(1, 10)] for kept in
             (ends == 1, ends == 2, ends >= 0)]  # fmt: skip
    curve = incidence_curves(*(np.array([row]) for row in table))[0]
    for row in aalen_johansen(days, ends).itertuples():
        assert curve[int(row.duration) - 1] == pytest.approx(row.incidence)


def test_a_curve_that_never_gets_there_has_no_moment() -> None:
    curves = np.array([[0.1, 0.5, 0.8], [0.1, 0.2, 0.3]])
    assert quantile_moments(curves, [0.5, 0.5], [1, 2, 3])[0] == 2
    assert np.isnan(quantile_moments(curves, [0.5, 0.5], [1, 2, 3])[1])
