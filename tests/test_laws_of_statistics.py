"""What intervals, errors and p-values of two groups must be at their edges, worked out plainly."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array

from pipeline.statistics import (
    effective_number,
    incidence_at,
    jensen_shannon,
    permuted_divergence,
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
    lengths, possible = [1] * 5 + [2] * 2 + [3] * 4, [2] * 7 + [20] * 4
    ends = [1] * 5 + [0] * 2 + [1] * 4
    found = incidence_at(lengths, ends, 10, possible=possible)
    assert found is not None
    assert (found.value, found.upper, found.n) == (1, 1, 11)
    assert found.lower == pytest.approx(float(wilson(4, 4)[0]))
