"""What a comparison must say of two groups at its bounds, from rows that are laid for it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline.compare.figures import Row, rate_rows, ratio_rows, table
from pipeline.compare.medians import median_errors
from pipeline.compare.mixing import mixes
from pipeline.compare.moves import with_errors
from pipeline.statistics import ENOUGH, Sums, rate_difference, ratio_difference, shared_covariance
from pipeline.values import DAY_US

STAGES = pd.DataFrame(
    {"stage_no": [0], "figure": ["conversion_rate"], "item": [""], "is_drop": [False]}
)
DROP = STAGES.assign(stage_no=2, figure="drop_rate", item="Like", is_drop=True)
GROUP = {"stage_no": 0, "journeys": 60, "customers": 50, "followed": 40, "known": 45,
         "progressed": 30, "progress_rate": 0.5, "progress_se": 0.07, "is_watched": True,
         "covariance": 0.0, "median_us": 4.0 * DAY_US, "half_us": 2.0 * DAY_US}  # fmt: skip
ERRORS = {"median_days_to_goal": 0.5, "median_days_of_converted": 0.25}


def rates(one: Row, other: Row, stages: pd.DataFrame = STAGES, **errors: float) -> dict[str, Row]:
    """The figures of two groups that differ from GROUP in these columns, as the table has them."""
    stage_no = int(stages["stage_no"][0])
    groups = [{**GROUP, "group_no": 1, **one}, {**GROUP, "group_no": 2, **other}]
    laid = groups + [{**group, "stage_no": stage_no} for group in groups if stage_no]
    found = table(rate_rows(pd.DataFrame(laid), stages, ERRORS | errors, None))
    return {row["figure"]: row for row in found.to_dict("records")}


# ---- rates ---------------------------------------------------------------------------------------


def test_a_drop_rate_is_what_the_rate_of_going_on_leaves() -> None:
    found = rates({"progress_rate": 0.7}, {"progress_rate": 0.4}, DROP)["drop_rate"]
    assert (found["value_a"], found["value_b"]) == (pytest.approx(0.3), pytest.approx(0.6))
    assert found["difference"] == pytest.approx(-0.3)
    assert found["verdict"] == "lower"


def test_of_a_group_that_was_not_watched_for_t_a_rate_is_not_told() -> None:
    found = rates({"is_watched": False}, {})["conversion_rate"]
    assert np.isnan([found["value_a"], found["difference"], found["p"]]).all()
    assert found["value_b"] == 0.5
    assert found["reason"] == "no journey of a was followed for as long as T"


@pytest.mark.parametrize(("followed", "is_tested"), [(ENOUGH, True), (ENOUGH - 1, False)])
def test_a_rate_is_tested_where_thirty_were_followed_for_t(followed: int, is_tested: bool) -> None:
    found = rates({"followed": followed}, {})["conversion_rate"]
    assert bool(np.isfinite(found["p"])) is is_tested
    assert np.isfinite(found["difference_lo"])


@pytest.mark.parametrize(
    ("group", "units"),
    [
        ({"progress_rate": 0.0}, 45),  # those whose answer is known
        ({"progress_rate": 0.0, "customers": 35}, 35),  # a customer's journeys are one
        ({"progress_rate": 1.0}, 40),  # some are open: those that were followed for T
        ({"progress_rate": 1.0, "known": 60, "followed": 33}, 50),  # none is
    ],
)
def test_a_rate_of_none_or_of_all_rests_on_those_that_tell(group: Row, units: int) -> None:
    error = {"progress_se": 0.0}
    found = rates({**group, **error}, {})["conversion_rate"]
    told = rate_difference(group["progress_rate"], 0, units, 0.5, 0.07, 60)
    ends = (found["difference_lo"], found["difference_hi"])
    assert ends == pytest.approx((float(told.lower), float(told.upper)))


def test_of_the_journeys_of_one_customer_the_difference_has_no_interval() -> None:
    found = rates({"customers": 1}, {"progress_rate": 0.4})["conversion_rate"]
    assert found["difference"] == pytest.approx(0.1)
    assert np.isnan([found["difference_lo"], found["difference_hi"], found["p"]]).all()


def test_a_difference_whose_q_is_just_at_the_bound_is_found() -> None:
    row = {"figure": "nps", "n_a": 90, "n_b": 90, "difference": 1.0, "detectable": 1.0}
    found = [table([{**row, "p": p}])["verdict"][0] for p in (0.05, 0.0501)]
    assert found == ["higher", "no significant change"]


# ---- medians -------------------------------------------------------------------------------------


def test_a_median_of_those_who_converted_counts_them_alone() -> None:
    found = rates({}, {"median_us": 3.0 * DAY_US, "half_us": 1.5 * DAY_US, "progressed": 20})
    whole, converted = found["median_days_to_goal"], found["median_days_of_converted"]
    assert (whole["n_a"], whole["n_b"], whole["value_a"], whole["difference"]) == (60, 60, 4, 1)
    assert (converted["n_a"], converted["n_b"], converted["value_a"]) == (30, 20, 2)
    half = 1.959964 * ERRORS["median_days_to_goal"]
    assert whole["difference_hi"] - whole["difference"] == pytest.approx(half)
    assert converted["verdict"] == "not tested"


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (0.0, "the medians are the same however customers are drawn again"),
        (np.nan, "of customers drawn again, too often fewer than half reach the goal within T"),
    ],
)
def test_a_median_without_an_error_is_told_and_not_tested(error: float, reason: str) -> None:
    found = rates({}, {"median_us": 3.0 * DAY_US}, median_days_to_goal=error)["median_days_to_goal"]
    assert (found["difference"], found["verdict"], found["reason"]) == (1, "not tested", reason)
    assert np.isnan([found["p"], found["difference_lo"]]).all()


def drawn(**counts: Any) -> dict[str, float]:
    """Errors of two groups of forty blocks: in the first a block converts on its own day."""
    rows = [(1, 1, no, no + 1, counts["converts"](no), 0, 1) for no in range(40)]
    rows += [(2, 2, no, 1, 1, 0, 1) for no in range(40)]
    names = ["group_no", "kind_no", "block_no", "moment_no", "progressed", "abandoned", "leaving"]
    durations = pd.DataFrame(rows, columns=names)
    durations["duration_us"] = durations["moment_no"] * DAY_US
    blocks = pd.DataFrame({"kind_no": [1, 2], "blocks": [40, 40]})
    return median_errors(durations, blocks, draws=200, seed=1, horizon_us=60 * DAY_US)


def test_the_median_of_those_who_converted_is_where_half_of_them_have() -> None:
    """A third converts, within a fortnight: of all there is no median, of them about a week."""
    found = drawn(converts=lambda no: int(no < 14))
    assert np.isnan(found["median_days_to_goal"])
    assert 0.5 < found["median_days_of_converted"] < 2


def test_where_nobody_converts_no_median_has_an_error() -> None:
    assert np.isnan(list(drawn(converts=lambda no: 0).values())).all()


# ---- ratios --------------------------------------------------------------------------------------


def ratio_of(measure: str, one: Row, other: Row, **shared: float) -> Row:
    """The figure of two groups of a measure, whose sums are these."""
    names = ("numerator", "denominator", "squares", "products", "bases", "units", "customers")
    sums: Row = {"measure": measure, "item": "EUR"} | dict.fromkeys(
        ("shared_nn", "shared_nd", "shared_dn", "shared_dd"), 0.0
    )
    for number, group in enumerate((one, other), 1):
        sums |= {f"{name}_{number}": float(group[name]) for name in names}
    rows = ratio_rows(pd.DataFrame([sums | shared]), (True, True), None)
    found = table(rows)
    (row,) = found[found["figure"] == measure].to_dict("records")
    return dict(row)


def lived(pairs: list[tuple[float, float]]) -> Row:
    """Sums of customers with a numerator and a denominator each."""
    n, d = np.array(pairs, dtype=float).T
    return {"numerator": n.sum(), "denominator": d.sum(), "squares": (n * n).sum(),
            "products": (n * d).sum(), "bases": (d * d).sum(), "units": d.sum(),
            "customers": len(n)}  # fmt: skip


def test_money_is_told_in_whole_units_and_so_are_its_error_and_what_is_shared() -> None:
    """Cents in, the error by as many customers less one, customers in both groups taken off."""
    cents = [(100.0 * no, 1.0) for no in range(40)]
    one, other = lived(cents), lived([(n + 500, d) for n, d in cents])
    alone = ratio_of("revenue_per_journey", one, other)
    assert (alone["value_a"], alone["value_b"]) == (19.5, 24.5)
    error = np.sqrt(2 * np.var(np.arange(40), ddof=1) / 40)
    assert alone["detectable"] == pytest.approx(2.801585 * error, rel=1e-6)
    products = [(n * (n + 500), n, n + 500, 1.0) for n, _ in cents]
    nn, nd, dn, dd = np.array(products).sum(axis=0)
    half = {"shared_nn": nn / 2, "shared_nd": nd / 2, "shared_dn": dn / 2, "shared_dd": dd / 2}
    paired = ratio_of("revenue_per_journey", one, other, **half)
    covariance = float(shared_covariance(sums(one), sums(other), *half.values())) / 100**2
    told = ratio_difference(19.5, error / 2**0.5, 24.5, error / 2**0.5, covariance=covariance)
    assert paired["p"] == pytest.approx(float(told.p))
    assert paired["p"] < alone["p"]


@pytest.mark.parametrize(
    ("touches", "others"), [((20, 1), (20, 1)), ((20, 1), (25, 1)), ((5, 3), (7, 3))]
)
def test_customers_who_are_all_alike_have_neither_an_interval_nor_a_test(
    touches: tuple[int, int], others: tuple[int, int]
) -> None:
    """Of the last ones the sums do not cancel out to the last digit."""
    groups = [lived([(k * n, k * d) for k in range(1, 41)]) for n, d in (touches, others)]
    told = ratio_of("touches_to_goal", *groups)
    assert told["difference"] == pytest.approx(touches[0] / touches[1] - others[0] / others[1])
    assert np.isnan([told[name] for name in ("difference_lo", "difference_hi", "p")]).all()
    assert (told["verdict"], told["reason"][:23]) == ("not tested", "customers are all alike")


def sums(group: Row) -> Sums:
    names = ("numerator", "denominator", "squares", "products", "bases")
    return Sums(**{name: np.asarray(group[name]) for name in names})


def test_what_two_ratios_share_is_what_the_customers_in_both_are_off_in_each() -> None:
    (n, d), (m, e) = ([3, 1, 4, 1], [5, 2, 5, 3]), ([2, 7, 1, 2], [9, 9, 4, 8])
    one, other = lived(list(zip(n, d, strict=True))), lived(list(zip(m, e, strict=True)))
    products = (float(np.dot(x, y)) for x in (n, d) for y in (m, e))
    off = np.array(n) - sum(n) / sum(d) * np.array(d), np.array(m) - sum(m) / sum(e) * np.array(e)
    expected = np.dot(*off) / sum(d) / sum(e)
    assert float(shared_covariance(sums(one), sums(other), *products)) == pytest.approx(expected)


def test_two_rates_share_no_more_than_all_that_they_vary() -> None:
    most, more = (
        rate_difference(0.5, 0.05, 100, 0.3, 0.04, 90, covariance=0.05 * 0.04 * times)
        for times in (1, 1.5)
    )
    assert (float(most.lower), float(most.upper)) == (float(more.lower), float(more.upper))
    assert most.p == more.p


def test_a_share_of_none_rests_on_customers_and_one_between_on_its_units() -> None:
    none, some = lived([(0, 3)] * 40), lived([(1, 3), (0, 3)] * 20)
    found = ratio_of("stop_rate", none, some)
    error = float(sums(some).error)
    told = rate_difference(0, 0, 40, 1 / 6, error, 120)
    ends = (found["difference_lo"], found["difference_hi"])
    assert ends == pytest.approx((float(told.lower), float(told.upper)))


def test_of_two_customers_there_is_an_interval_and_of_one_there_is_none() -> None:
    two, many = lived([(1, 1), (3, 1)]), lived([(no % 5, 1) for no in range(40)])
    assert np.isfinite(ratio_of("touches_to_goal", two, many)["difference_lo"])
    alone = ratio_of("touches_to_goal", lived([(2, 1)]), many)
    assert (alone["difference"], np.isnan(alone["difference_lo"])) == (0, True)


def test_who_is_told_apart_by_outcome_has_no_rate_of_ending_and_the_rest() -> None:
    """And a group that was not followed for T has its stops, and no figure of its first T."""
    found = table(ratio_rows(pd.DataFrame({"measure": []}), (True, True), "told apart"))
    reasons = found.set_index("figure")["reason"]
    assert reasons["stop_rate"] == "told apart"
    assert (reasons == "told apart").sum() == 1
    found = table(ratio_rows(pd.DataFrame({"measure": []}), (True, False), None))
    reasons = found.set_index("figure")["reason"]
    assert reasons.pop("stop_rate").startswith("no visit lies far enough back")
    assert set(reasons) == {"no journey of b was followed for as long as T"}


# ---- mix and moves -------------------------------------------------------------------------------


@pytest.mark.parametrize(("b", "alarm"), [(ENOUGH, True), (ENOUGH - 1, False)])
def test_the_alarm_is_of_values_with_thirty_on_both_sides(b: int, alarm: bool) -> None:
    """Both values drop less in a, all together more: a has the value that drops more."""
    rows = [(1, "one", 90, 45), (1, "two", 30, 27), (2, "one", b, b * 0.4), (2, "two", 90, 76.5)]
    counted = pd.DataFrame(rows, columns=["group_no", "value", "followed", "progressed"])
    counted = counted.assign(stage_no=2, segment="way", value_no=[1, 2, 1, 2])
    summed, parts = mixes(counted, DROP, least=ENOUGH)
    (found,) = summed.to_dict("records")
    assert (found["rate_a"], found["followed_a"]) == (pytest.approx(1 - 72 / 120), 120)
    assert found["mix"] > 0 > found["rate"]
    assert found["mix"] + found["rate"] == pytest.approx(found["difference"])
    assert found["is_reversed"] == alarm
    assert parts["weight_a"].tolist() == [0.75, 0.25]
    assert parts["rate_a"].tolist() == pytest.approx([0.5, 0.1])


def edge(**more: float) -> pd.Series:
    """An edge that both groups go ten times out of forty, each by a customer of their own."""
    sums = {"numerator": 10, "denominator": 40, "squares": 10, "products": 10, "bases": 40,
            "customers": 40}  # fmt: skip
    laid = {f"{name}_{no}": float(n) for no in (1, 2) for name, n in sums.items()}
    laid |= dict.fromkeys(("shared_nn", "shared_nd", "shared_dn", "shared_dd"), 0.0)
    return with_errors(pd.DataFrame([laid | more])).iloc[0]


def test_an_edge_is_tested_where_both_leave_often_enough_and_together_go_it_often() -> None:
    assert edge()["p"] == 1
    for few in ("denominator_1", "denominator_2", "customers_1", "customers_2"):
        assert np.isfinite(edge(**{few: ENOUGH})["p"])
        assert np.isnan(edge(**{few: ENOUGH - 1})[["p", "z", "difference_lo"]].to_list()).all()
    assert np.isnan(edge(numerator_2=9)["p"])


def test_customers_in_both_groups_make_a_difference_of_edges_surer() -> None:
    alone = edge(numerator_2=20, squares_2=20, products_2=20)
    paired = edge(numerator_2=20, squares_2=20, products_2=20, shared_nn=10, shared_nd=10,
                  shared_dn=20, shared_dd=40)  # fmt: skip
    assert alone["difference"] == paired["difference"] == -0.25
    assert paired["p"] < alone["p"]
    assert paired["difference_hi"] < alone["difference_hi"]
