"""Orders, refunds, order value and seasons: each order once, no currency added to another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.statistics import ratio

from .drawing import examples
from .kpi_desk import Desk, Event, at, desk


def sale(
    who: str | None,
    when: str | datetime,
    value: float | None,
    order: str | None = None,
    *,
    what: str = "paid",
    currency: str | None = "EUR",
) -> Event:
    moment = when if isinstance(when, datetime) else at(when)
    money = None if value is None else Decimal(str(value))
    details = {"order_id": order, "value": money, "currency": currency}
    return Event(who, what, moment, details)


def sold(log: Sequence[Event], columns: str, **options: Any) -> list[tuple[Any, ...]]:
    with desk(log, **options).make("order_kpis") as laid:
        return laid.rows(f"select {columns} from order_kpis order by period, currency")


def test_an_order_is_counted_once_whoever_reports_it_and_refunds_stand_apart() -> None:
    log = [
        sale("ann", "2026-01-05", 30, "1", what="web purchase"),
        sale("ann", "2026-01-06", 30, "1"),
        sale("bob", "2026-01-07", 50, "2"),
        sale("bob", "2026-02-01", -20, "2", what="refunded"),
        sale("bob", "2026-02-02", None, "3"),
        sale(None, "2026-02-03", 10, "4"),
        Event("cat", "visit", at("2026-02-04")),
    ]
    columns = "period, orders, buyers, unidentified_orders, revenue, refunds, refunded, net_revenue"
    assert sold(log, columns) == [
        ("(all)", 3, 2, 1, 90, 1, 20, 70),
        ("2026-01", 2, 2, 0, 80, 0, 0, 80),
        ("2026-02", 1, 0, 1, 10, 1, 20, -10),
    ]


def test_orders_of_nobody_known_are_no_orders_of_visitors() -> None:
    log = [
        sale("ann", "2026-01-05", 30, "1"),
        Event("bob", "paid", at("2026-01-06"), {"value": None}),
        sale(None, "2026-01-07", 10, "2"),
        sale(None, "2026-01-08", 10, "3"),
    ]
    with desk(log).make("touchpoint_kpis") as laid:
        found = laid.rows(
            "select orders, visitors, buyers, orders_per_visitor from touchpoint_kpis "
            "where touchpoint = 'paid'"
        )
    assert found == [(3, 2, 1, 0.5)]


def test_a_record_of_an_order_without_money_gives_none_back() -> None:
    log = [sale("ann", "2026-01-05", 30, "1"), sale("ann", "2026-01-06", 0, "1")]
    assert sold(log, "orders, revenue, refunds")[0] == (1, 30, 0)


@pytest.mark.parametrize(("rows", "revenue", "aov"), [("order", 35, 17.5), ("line", 40, 20.0)])
def test_records_of_one_order_repeat_it_or_are_its_lines(
    rows: str, revenue: int, aov: float
) -> None:
    log = [
        sale("ann", "2026-01-05", 30, "1"),
        sale("ann", "2026-01-05", 5, "1"),
        sale("bob", "2026-01-06", 5, "2"),
    ]
    found = sold(log, "orders, revenue, aov", order_rows=rows)
    # Of equal times the smaller amount comes first.
    expected = (2, revenue, aov) if rows == "line" else (2, 10, 5.0)
    assert found[0] == expected
    later = [sale("ann", "2026-01-05 13:00:00", 5, "1") if n == 1 else e for n, e in enumerate(log)]
    assert sold(later, "orders, revenue, aov", order_rows=rows)[0] == (2, revenue, aov)


def test_records_with_different_money_are_told() -> None:
    log = [sale("ann", "2026-01-05", 30, "1"), sale("ann", "2026-01-06", 5, "1")]
    status = "select status, reason from kpi_status where kpi = 'order value'"
    with desk(log).make("kpi_status") as laid:
        ((found, reason),) = laid.rows(status)
    assert (found, reason[:39]) == ("insufficient", "1 orders have records with different mo")
    with desk(log, order_rows="line").make("kpi_status") as laid:
        assert laid.rows(status) == [("ok", None)]


@pytest.mark.parametrize(("orders", "found"), [(99, "insufficient"), (100, "ok")])
def test_one_order_in_a_hundred_may_have_records_with_different_money(
    orders: int, found: str
) -> None:
    log = [sale("ann", "2026-01-05", 30, str(n)) for n in range(orders)]
    log += [sale("ann", "2026-01-06", 5, "0")]
    with desk(log).make("kpi_status") as laid:
        status = "select cases, status from kpi_status where kpi = 'order value'"
        assert laid.rows(status) == [(orders, found)]


def test_touchpoints_that_are_declared_decide_what_an_order_is() -> None:
    log = [
        sale("ann", "2026-01-05", 99, "1", what="quote"),
        sale("ann", "2026-01-06", 30, None),
        sale("ann", "2026-01-07", None, None),
        sale("ann", "2026-01-08", 12, None, what="returned"),
    ]
    roles = {"orders": ["paid"], "refunds": ["returned"]}
    columns = "orders, valued_orders, revenue, refunds, refunded, aov"
    assert sold(log, columns, roles=roles)[0] == (2, 1, 30, 1, 12, 30.0)
    assert sold(log, columns)[0] == (1, 1, 99, 0, 0, 99.0)


def test_several_currencies_are_never_added_up() -> None:
    log = [
        sale("ann", "2026-01-05", 10, "1"),
        sale("ann", "2026-01-06", 20, "2", currency="usd "),
        sale("ann", "2026-01-07", 40, "3", currency="USD"),
        sale("bob", "2026-01-07", 7, "4", currency=None),
    ]
    with desk(log).make("order_kpis", "touchpoint_kpis", "rfm") as laid:
        found = laid.rows(
            "select currency, orders, revenue from order_kpis where period = '(all)' order by 1"
        )
        assert found == [("(no currency)", 1, 7), ("EUR", 1, 10), ("USD", 2, 60)]
        money = "select orders, currency, revenue from touchpoint_kpis where touchpoint = 'paid'"
        assert laid.rows(money) == [(4, None, None)]
        rfm = "select currency, monetary, orders, other_orders from rfm where customer_id = 'ann'"
        assert laid.rows(rfm) == [("USD", 60, 3, 1)]


def test_a_log_without_orders_says_so() -> None:
    with desk([Event("ann", "visit", at("2026-01-05"))]).make("kpi_status") as laid:
        laid.make("order_kpis")
        found = laid.rows("select period, currency, orders, revenue, aov from order_kpis")
        assert found == [("(all)", None, 0, None, None)]
        status = "select status, left(reason, 30) from kpi_status where kpi = 'orders'"
        assert laid.rows(status) == [("no data", "no event carries an order_id a")]


@examples(12)
@given(
    bought=st.lists(
        st.tuples(st.sampled_from("abcd"), st.integers(1, 5000), st.integers(0, 80)),
        min_size=1,
        max_size=12,
    )
)
def test_the_interval_of_the_order_value_takes_customers_as_units(
    bought: list[tuple[str, int, int]],
) -> None:
    log = [
        sale(who, at("2026-01-05") + timedelta(days=day), cents / 100, str(n))
        for n, (who, cents, day) in enumerate(bought)
    ]
    people = sorted({who for who, _, _ in bought})
    money = [sum(cents for who, cents, _ in bought if who == one) / 100 for one in people]
    counts = [sum(who == one for who, _, _ in bought) for one in people]
    expected = ratio(money, counts)
    ((aov, lo, hi),) = sold(log, "aov, aov_lo, aov_hi")[:1]
    assert aov == pytest.approx(expected.value)
    if len(people) > 1 and expected.standard_error > 1e-9:
        # Sums of squares lose about half of the digits where customers are nearly alike.
        close = {"abs": 1e-5 * max(money)}
        assert (lo, hi) == pytest.approx((expected.lower, expected.upper), **close)
    else:
        assert (lo, hi) == (None, None)


def test_customers_who_all_spend_alike_leave_the_order_value_without_an_interval() -> None:
    """Two customers, or forty, of the same basket say nothing of how baskets differ."""
    for many in (2, 40):
        log = [sale(f"c{n}", "2026-01-05", 0.2, str(n)) for n in range(many)]
        log += [sale(f"c{n}", "2026-01-06", 0.1, f"{n}b") for n in range(many)]
        assert sold(log, "aov, aov_lo, aov_hi")[0] == (pytest.approx(0.15), None, None)


def seasons(first: str, last: str, step: int = 1) -> Desk:
    begun, ended = at(first), at(last)
    days = (ended - begun).days
    log = [sale("ann", begun + timedelta(days=n), 1, str(n)) for n in range(0, days + 1, step)]
    return desk(log).make("seasonality")


def test_a_season_cannot_be_told_from_one_year() -> None:
    with seasons("2024-12-20", "2026-01-10") as laid:
        found = laid.rows("select distinct status, month_share, season_index from seasonality")
        assert found == [("insufficient", None, None)]
        seen = laid.rows("select month, months_seen, days, orders from seasonality where month < 3")
        assert seen == [(1, 1, 31, 31), (2, 1, 28, 28)]


def test_an_even_year_has_no_season_whatever_the_length_of_its_months() -> None:
    with seasons("2023-12-20", "2026-01-10") as laid:
        found = laid.rows(
            "select status, months_seen, orders_per_day, month_share, season_index from seasonality"
        )
    assert {row[:2] for row in found} == {("ok", 2)}
    assert np.allclose([row[2:] for row in found], (1, 1 / 12, 1))


@pytest.mark.parametrize("value", [9_999_999.99, 10_000_000, 9_000_000_000_000_000])
def test_money_in_small_coins_or_large_orders_is_summed(value: float) -> None:
    """A customer's square is beyond eighteen digits from ten million on."""
    worth = {"ann": value, "bob": 1}
    log = [sale(who, "2026-01-05", worth[who], f"{who}{n}") for who in worth for n in (1, 2)]
    (whole, _) = sold(log, "revenue, aov_lo <= aov and aov <= aov_hi")
    assert whole == (2 * Decimal(str(value)) + 2, True)
