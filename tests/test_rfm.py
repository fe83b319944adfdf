"""RFM and recency classes: ties kept together, thresholds kept with the run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from statistics import median
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.estimates import silence_curve
from pipeline.statistics import kaplan_meier

from .drawing import examples
from .kpi_desk import Desk, Event, at, desk
from .test_kpi_orders import sale

START = at("2025-01-01")
Bought = tuple[str, int, int]
"""Who, on which day, for how much."""


def shop(bought: Sequence[Bought], last: int, others: Sequence[str] = (), **kpi: Any) -> Desk:
    """Orders on days of a shop that is looked at on its day `last`."""
    log = [
        sale(who, START + timedelta(days=day), money, f"{who}-{n}")
        for n, (who, day, money) in enumerate(bought)
    ]
    log += [Event(who, "visit", START + timedelta(days=last)) for who in (*others, "looker")]
    return desk(log, **kpi)


def scored(bought: Sequence[Bought], last: int, **kpi: Any) -> Desk:
    """The same, with horizons of silence that are given."""
    laid = shop(bought, last, **kpi)
    laid.lay("return_curves", [])
    laid.lay(
        "return_horizons", [{"basis": "order", "inactive_after_days": 9, "lost_after_days": 99}]
    )
    return laid.make("rfm")


def classes(laid: Desk) -> dict[str, str]:
    return dict(laid.rows("select customer_id, class from rfm"))  # type: ignore[arg-type]


def test_equal_frequencies_have_equal_scores_in_any_order_of_rows() -> None:
    """As in CDNOW, most have ordered once; tiles of equal size would part them by chance."""
    once = [f"once{n:02}" for n in range(61)]
    often = {f"often{n:02}": 2 + n % 5 for n in range(39)}
    bought = [(who, n % 50, 10) for n, who in enumerate(once)]
    bought += [(who, day, 10) for who, times in often.items() for day in range(times)]
    scores = []
    for order in (bought, bought[::-1], sorted(bought, key=lambda row: row[0][::-1])):
        with scored(order, 60) as laid:
            found = dict(laid.rows("select customer_id, frequency_score from rfm"))  # type: ignore[arg-type]
        scores.append({who: found[who] for who in (*once, *often)})
    assert scores[0] == scores[1] == scores[2]
    assert {scores[0][who] for who in once} == {2}, "place (1 + 61) / 2 of 100"
    assert len(set(scores[0].values())) < 6


def test_classes_are_tried_in_their_order() -> None:
    """Days with an order are four apart in the median: so four of six such spans."""
    bought: list[Bought] = [("vip", 95, 900), ("vip", 99, 900)]
    bought += [("loyal", day, 5) for day in (78, 82, 86, 90, 94, 98)]
    bought += [("frequent", day, 5) for day in (1, 5, 9)]
    bought += [("rich once", 50, 999)] + [(f"once{n}", 40 + n, 5) for n in range(16)]
    with scored(bought, 100) as laid:
        found = classes(laid)
        cuts = laid.rows(
            "select buyers, vip_money, loyal_cycles, cycle_days, frequent_days from rfm_thresholds"
        )
        spans = laid.rows("select cycles_bought from rfm where customer_id = 'loyal'")
    assert found.pop("looker") == "prospect"
    assert {who: found.pop(who) for who in ("vip", "loyal", "frequent")} == {
        who: ("VIP" if who == "vip" else who) for who in ("vip", "loyal", "frequent")
    }
    assert set(found.values()) == {"sporadic"}, "also who came once, for much"
    assert cuts == [(20, 999, 4, 4.0, 3)]
    assert spans == [(6,)]


def test_an_order_six_cycles_ago_is_not_in_the_last_six() -> None:
    """Every ten days an order, the last on the day of the as-of: cycles 0 to 5 have one each."""
    with scored([("ann", day, 5) for day in range(0, 61, 10)], 60) as laid:
        assert laid.rows("select cycles_bought from rfm where frequency > 0") == [(6,)]


def test_an_order_as_many_days_ago_as_rfm_looks_back_is_not_among_them() -> None:
    """Of 30 days up to the as-of moment's the first one is 29 days ago."""
    bought: list[Bought] = [("ann", 30, 70), ("ann", 31, 5), ("bob", 30, 8)]
    with scored(bought, 60, rfm_days=30) as laid:
        found = laid.rows(
            "select customer_id, orders, frequency, monetary from rfm where orders > 0"
        )
    assert sorted(found) == [("ann", 2, 1, 5), ("bob", 1, 0, 0)]


def test_orders_without_money_make_none_of_a_refund() -> None:
    log = [sale("ann", START, None, "1"), sale("ann", START + timedelta(days=5), -10, "0")]
    with desk(log, roles={"orders": ["paid"]}).make("rfm") as laid:
        assert laid.rows("select orders, monetary from rfm") == [(1, None)]


def test_of_currencies_in_which_as_much_was_ordered_the_first_by_name_counts() -> None:
    log = [sale("ann", START, 10, "1"), sale("ann", START, 900, "2", currency="USD")]
    with desk(log).make("rfm") as laid:
        found = laid.rows("select currency, monetary, orders, other_orders from rfm")
    assert found == [("EUR", 10, 2, 1)]


def test_a_buyer_is_inactive_and_lost_from_that_many_days_on() -> None:
    """The horizons are 9 and 99 days."""
    bought: list[Bought] = [(f"{days} days ago", 120 - days, 10) for days in (8, 9, 98, 99)]
    with scored(bought, 120) as laid:
        found = laid.rows(
            "select customer_id, recency_class from rfm where frequency > 0 order by recency_days"
        )
    assert found == [
        ("8 days ago", "active"),
        ("9 days ago", "inactive"),
        ("98 days ago", "inactive"),
        ("99 days ago", "lost"),
    ]


def test_a_class_that_money_makes_needs_money_after_refunds() -> None:
    log = [sale("ann", START + timedelta(days=n), 100, str(n)) for n in range(2)]
    log += [sale("bob", START + timedelta(days=n), 80, f"b{n}") for n in range(2)]
    log += [sale("ann", START + timedelta(days=5), -150, "1")]
    with desk(log).make("rfm") as laid:
        found = laid.rows("select customer_id, monetary, class from rfm order by 1")
    assert found == [("ann", 50, "sporadic"), ("bob", 160, "VIP")]


def test_who_has_only_a_refund_has_bought_before_the_log() -> None:
    log = [sale("ann", "2026-01-01", -10, "1"), sale("bob", "2026-01-01", 10, "2")]
    with desk(log).make("rfm", "rfm_classes") as laid:
        found = laid.rows(
            "select customer_id, class, recency_class, recency_score from rfm order by 1"
        )
    assert found[0] == ("ann", "sporadic", "before the log", None)


def plain_scores(values: dict[str, float]) -> dict[str, int]:
    """The definition: five times the mean rank as a share, rounded up."""
    ranks = pd.Series(values).rank(pct=True, method="average")
    return {str(who): math.ceil(round(5 * share, 9)) for who, share in ranks.items()}


@examples(15)
@given(
    bought=st.lists(
        st.tuples(st.sampled_from("abcdef"), st.integers(0, 420), st.integers(1, 4)),
        min_size=1,
        max_size=30,
    ),
    window=st.sampled_from([30, 365]),
)
def test_rfm_is_what_counting_by_hand_finds(bought: list[Bought], window: int) -> None:
    last = 430
    days = {who: sorted({day for one, day, _ in bought if one == who}) for who, _, _ in bought}
    recency = {who: last - held[-1] for who, held in days.items()}
    frequency = {who: sum(last - day < window for day in held) for who, held in days.items()}
    money = {
        who: sum(paid for one, day, paid in bought if one == who and last - day < window)
        for who in days
    }
    gaps = [b - a for held in days.values() for a, b in pairwise(held)]
    cycle = median(gaps) if gaps else None
    vip = sorted(money.values())[math.ceil(0.95 * len(money)) - 1]
    often = max(3, sorted(frequency.values())[math.ceil(0.8 * len(frequency)) - 1])
    expected = {}
    for who, held in days.items():
        spans = (
            {(last - day) // cycle for day in held if last - day < 6 * cycle} if cycle else set()
        )
        expected[who] = (
            "VIP"
            if money[who] >= vip and frequency[who] >= 2
            else "loyal"
            if len(spans) >= 4
            else "frequent"
            if frequency[who] >= often
            else "sporadic"
        )
    with scored(bought, last, rfm_days=window) as laid:
        assert classes(laid) == {**expected, "looker": "prospect"}
        found = laid.rows(
            "select customer_id, recency_days, frequency, monetary, recency_score, "
            "frequency_score, monetary_score from rfm where orders > 0"
        )
    facts = {row[0]: (row[1], row[2], float(row[3])) for row in found}
    assert facts == {who: (recency[who], frequency[who], money[who]) for who in days}
    scores = {row[0]: row[4:] for row in found}
    negative = {who: -value for who, value in recency.items()}
    each = [plain_scores(dict(one)) for one in (negative, frequency, money)]
    assert scores == {who: tuple(one[who] for one in each) for who in days}


def test_the_chance_to_return_is_read_from_the_curve_and_its_plateau() -> None:
    """Of a hundred silences 60 end on day 1 and 20 on day 3; twenty never do."""
    curve = silence_curve([1, 3, 30], [1, 1, 0], [60, 20, 60])
    curve = curve.set_index("days")
    assert curve["survival"].round(6).loc[[0, 1, 2, 3, 30]].tolist() == [
        1.0, pytest.approx(80 / 140), pytest.approx(80 / 140), pytest.approx(60 / 140),
        pytest.approx(60 / 140),
    ]  # fmt: skip
    assert curve["plateau"].unique() == pytest.approx([60 / 140])
    assert curve["p_return"].loc[2] == pytest.approx(0.25)
    assert curve["p_return"].loc[30] == 0
    exact = kaplan_meier([1, 3, 30], [True, True, False], counts=[60, 20, 60])
    assert np.allclose(exact["survival"], curve["survival"].loc[[1, 3]])


def quick(quitters: int) -> Desk:
    """People who order each second day to day 200; so many more stop after day 30."""
    bought = [
        (f"c{n:02}", day, 1)
        for n in range(40 + quitters)
        for day in range(0, 201 if n < 40 else 30, 2)
    ]
    return shop(bought, 200).make("rfm", "return_horizons", "recency_classes")


def test_a_silence_horizon_is_taken_from_the_data_where_they_can_tell_it() -> None:
    """Sixty silences are seen to last, so a silence of two days is the end; five tell nothing."""
    horizon = (
        "select horizon_days, is_identified, inactive_after_days, lost_after_days, basis_of_days "
        "from return_horizons where basis = 'order'"
    )
    counted = "select class, customers, of_customers from recency_classes where basis = 'order'"
    with quick(60) as laid:
        assert laid.rows(horizon) == [(2, True, 2, 2, "data")]
        assert laid.rows(counted) == [
            ("active", 40, 100), ("inactive", 0, 100), ("lost", 60, 100),
            ("before the log", 0, 101), ("never bought", 1, 101),
        ]  # fmt: skip
        gone = laid.rows("select distinct recency_class, p_return from rfm where recency_days > 9")
        assert gone == [("lost", 0.0)]
    with quick(5) as laid:
        (found,) = laid.rows(horizon)
        assert found[1:4] == (False, 90, 365)
        assert found[4].startswith("assumption: ")
        assert laid.rows(counted)[:3] == [
            ("active", 40, 45), ("inactive", 5, 45), ("lost", 0, 45),
        ]  # fmt: skip
        told = laid.rows("select distinct recency_class, p_return from rfm where recency_days > 9")
        assert told == [("inactive", None)]
