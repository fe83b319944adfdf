"""What intervals, errors and p-values of two groups must be at their edges, worked out plainly."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array

from pipeline.compare.medians import _error
from pipeline.statistics import (
    aalen_johansen,
    effective_number,
    incidence_at,
    incidence_curves,
    jensen_shannon,
    permuted_divergence,
    quantile_moments,
    rate_difference,
    wilson,
)

HALF = (0.5, np.sqrt(0.25 / 40), 40)


def test_pairs_that_go_against_each_other_are_told_apart_worse() -> None:
    together, alone, against = (
        rate_difference(*HALF, 0.3, np.sqrt(0.21 / 40), 40, covariance=covariance)
        for covariance in (0.003, 0, -0.003)
    )
    widths = [float(found.upper - found.lower) for found in (together, alone, against)]
    assert widths == sorted(set(widths))
    assert together.p < alone.p < against.p


def test_where_one_of_two_rates_has_no_error_that_of_the_difference_is_of_its_interval() -> None:
    for none in (0.0, 1.0):
        found = rate_difference(none, 0, 40, *HALF)
        assert found.standard_error == pytest.approx((found.upper - found.lower) / 2 / 1.959964)
        assert found.standard_error > HALF[1]


def test_no_rate_rests_on_more_units_than_there_are() -> None:
    found = effective_number([0.5, 0.5, 0, 1], [0.01, 0.1, 0, 0], 100)
    assert found.tolist() == pytest.approx([100, 25, 100, 100])


def counts(*rows: tuple[int, int]) -> csr_array:
    return csr_array(np.array(rows, dtype=float).reshape(-1, 2))


def test_of_labels_that_are_never_as_far_apart_p_is_that_of_one_in_all() -> None:
    """Forty customers who go one way, forty who go the other: no draw has as much to tell."""
    one, other = counts(*[(1, 0)] * 40), counts(*[(0, 1)] * 40)
    found = permuted_divergence((one, other), (counts(), counts()), draws=99, seed=1)
    assert (found.bits, found.p) == (1, 0.01)


def test_labels_that_are_as_far_apart_count_as_farther_ones_do() -> None:
    same = counts(*[(1, 1)] * 5)
    found = permuted_divergence((same, same), (counts(), counts()), draws=99, seed=1)
    assert (found.bits, found.p, found.expected_bits) == (0, 1, 0)


def test_customers_in_both_groups_count_on_either_side() -> None:
    """One block of them: changed over or not, the two graphs are as far apart."""
    first, second = (3, 1), (1, 2)
    nobody = (counts(), counts())
    found = permuted_divergence(nobody, (counts(first), counts(second)), draws=99, seed=1)
    assert found.bits == pytest.approx(float(jensen_shannon(first, second)))
    assert (found.p, found.expected_bits) == (1, pytest.approx(found.bits))


def test_a_chance_of_zero_rests_on_those_who_were_watched_to_the_horizon() -> None:
    """And on those who ended before it otherwise: of five the answer is not known."""
    lengths = [10] * 40 + [3] * 5 + [4] * 2
    ends = [0] * 45 + [2] * 2
    found = incidence_at(lengths, ends, 10)
    assert found is not None
    assert (found.value, found.lower, found.n) == (0, 0, 47)
    assert found.upper == pytest.approx(float(wilson(0, 42)[1]))


def test_a_chance_of_one_beside_open_ones_rests_on_those_who_could_be_followed() -> None:
    """Five quick ones, two of as many days who did not get there, and four who could be watched."""
    lengths, possible = [1] * 5 + [2] * 2 + [3] * 4, [2] * 7 + [20] * 3 + [10]
    ends = [1] * 5 + [0] * 2 + [1] * 4
    found = incidence_at(lengths, ends, 10, possible=possible)
    assert found is not None
    assert (found.value, found.upper, found.n) == (1, 1, 11)
    assert found.lower == pytest.approx(float(wilson(4, 4)[0]))


def test_a_drawn_curve_is_that_of_the_customers_drawn() -> None:
    """Of five moments, with ends of another kind and units that leave the watch."""
    draw = np.random.default_rng(5)
    progressed, abandoned, unseen = draw.integers(0, 4, (3, 6, 5))
    curves = incidence_curves(progressed, abandoned, progressed + abandoned + unseen)
    moments = np.tile(np.arange(1.0, 6), 3)
    for drawn, *counts in zip(curves, progressed, abandoned, unseen, strict=True):
        causes = np.repeat([1, 2, 0], 5)
        curve = aalen_johansen(moments, causes, counts=np.concatenate(counts))
        told = curve.set_index("duration")["incidence"].reindex(range(1, 6)).ffill().fillna(0)
        assert drawn == pytest.approx(told.to_numpy())


def test_a_share_that_is_missed_by_a_hair_is_reached() -> None:
    curves = np.array([[0.1, 0.3 - 1e-12, 0.6], [0.1, 0.2, 0.29]])
    found = quantile_moments(curves, [0.3, 0.3], [1, 2, 3])
    assert found.tolist() == pytest.approx([2, np.nan], nan_ok=True)


def test_a_drawn_median_beyond_the_horizon_is_read_as_at_it() -> None:
    """One of forty; where more than one in twenty lie beyond, there is no error."""
    days, still = np.array([50.0] * 39 + [np.nan]), np.zeros(40)
    told = float(np.array([50.0] * 39 + [60]).std(ddof=1))
    assert _error(days, still, 60) == _error(still, days, 60) == pytest.approx(told)
    assert np.isnan(_error(np.array([50.0] * 37 + [np.nan] * 3), still, 60))
