"""The funnel finds what trying every chain finds, under every option."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

import pytest
from hypothesis import Phase, given
from hypothesis import strategies as st

from pipeline.funnel import Exclusion, Funnel, Step
from pipeline.funnel.asking import funnel_rows
from pipeline.questions import answer
from pipeline.warehouse import Warehouse

from .drawing import examples
from .funnel_chains import SECOND, Asked, Happening, attempted, counted
from .funnel_logs import at, warehouse_of
from .parts import FUNNELS

pytestmark = pytest.mark.tables(*FUNNELS)

AS_OF = 20
START = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp()) * SECOND
NAMES = st.sampled_from(["A", "B", "C", "AB", "BC", "AC"])
TIMES = st.sampled_from([0, 2 * SECOND, 4 * SECOND, 9 * SECOND])


def drawn_rows(customers: int = 150) -> Iterator[tuple[str, str, str, str]]:
    """A log of short lives on a coarse clock, so that ties and repeats are frequent."""
    source = random.Random(20)
    for customer in range(customers):
        now = 0
        for _ in range(source.randint(1, 8)):
            now += source.choice([0, 0, 1, 1, 2, 3, 5])
            yield (
                f"c{customer:03}",
                at(min(now, AS_OF)),
                source.choice("AABBCCXD"),
                source.choice("uv"),
            )


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    folder = tmp_path_factory.mktemp("drawn")
    with warehouse_of(folder, drawn_rows(), as_of=at(AS_OF)) as built:
        yield built


class Lives(dict[int, list[Happening]]):
    """The events of every customer; Hypothesis need not print them."""

    def __repr__(self) -> str:
        return "lives"


@pytest.fixture(scope="module")
def lives(warehouse: Warehouse) -> Lives:
    rows = warehouse.rows(
        "select customer_no, position, event.occurred_us, touchpoint, campaign, session_no "
        "from ordered_events as event join touchpoint_names using (touchpoint_no) "
        "join event_details using (event_no) order by customer_no, position"
    )
    return Lives(
        (customer_no, [Happening(*row[1:]) for row in own])
        for customer_no, own in groupby(rows, key=lambda row: row[0])
    )


@st.composite
def questions(draw: st.DrawFn, orders: Sequence[str] = ("ordered", "strict", "any")) -> Asked:
    """A funnel of up to four steps with any options that go together."""
    number = draw(st.integers(1, 4))
    order = draw(st.sampled_from(orders))
    any_order = order == "any"

    def each(values: st.SearchStrategy[Any], plain: Any) -> tuple[Any, ...]:
        if any_order:
            return (plain,) * number
        return tuple(draw(values) for _ in range(number))

    shortest = each(st.sampled_from([0, 0, 0, SECOND, 2 * SECOND]), 0)
    longest = each(st.sampled_from([None, None, 2 * SECOND, 5 * SECOND]), None)
    first = draw(st.integers(1, max(number - 1, 1)))
    last = draw(st.integers(first + 1, max(number, first + 1)))
    span = (1, number + 1) if any_order else (first, last)
    excluded = draw(st.sampled_from(["", "", "X", "XD", "A"])) if number > 1 else ""
    return Asked(
        steps=tuple(draw(NAMES) for _ in range(number)),
        optional=(*each(st.sampled_from([False, False, True]), False)[:-1], False),
        shortest=shortest,
        longest=tuple(
            None if most is None else max(most, least)
            for most, least in zip(longest, shortest, strict=True)
        ),
        order=order,
        anchored=any_order and draw(st.booleans()),
        entry="first step"
        if any_order
        else draw(st.sampled_from(["first step"] * 4 + ["any step"])),
        ties=draw(st.sampled_from(["position", "position", "increasing", "any", "any"])),
        shared=draw(st.sampled_from([False, False, True])),
        reentry=draw(st.sampled_from(["best", "best", "first"])),
        within=draw(st.none() | TIMES),
        holds=draw(st.integers(0, 4)) == 0,
        since=draw(st.none() | st.integers(0, 4).map(lambda s: START + s * SECOND)),
        until=draw(st.none() | st.integers(3, 9).map(lambda s: START + s * SECOND)),
        exclusions=((excluded, *span),) if excluded else (),
    )


def as_funnel(asked: Asked) -> Funnel:
    """The same question as the package takes it."""

    def us(length: int | None) -> str | None:
        return None if length is None else f"{length} us"

    def moment(value: int | None) -> datetime | None:
        return None if value is None else datetime.fromtimestamp(value / SECOND, UTC)

    return Funnel(
        [
            Step(["|".join(names)], None, optional, us(longest), us(shortest or None))
            for names, optional, longest, shortest in zip(
                asked.steps, asked.optional, asked.longest, asked.shortest, strict=True
            )
        ],
        order=asked.order,
        anchored=asked.anchored,
        entry=asked.entry,
        ties=asked.ties,
        shared=asked.shared,
        reentry=asked.reentry,
        within=us(asked.within) or "none",
        hold="campaign" if asked.holds else None,
        since=moment(asked.since),
        until=moment(None if asked.until is None else asked.until - SECOND // 2),
        exclusions=[
            Exclusion(["|".join(names)], *((None, None) if asked.order == "any" else span))
            for names, *span in asked.exclusions
        ],
    )


@examples(12, phases=[Phase.explicit, Phase.generate])
@given(asked=st.lists(questions(), min_size=5, max_size=5))
def test_the_funnel_finds_what_trying_every_chain_finds(
    warehouse: Warehouse, lives: Lives, asked: list[Asked]
) -> None:
    """Several funnels are asked at once: they do not disturb each other."""
    answer(warehouse, ["funnel_reached"], funnel_rows(warehouse, [as_funnel(one) for one in asked]))
    found = {
        tuple(row[:2]): row[2:]
        for row in warehouse.rows(
            "select funnel_no, customer_no, step_no, status, start_us from funnel_units"
        )
    }
    expected = {
        (funnel_no, customer_no): tried
        for funnel_no, one in enumerate(asked, start=1)
        for customer_no, events in lives.items()
        if (tried := counted(events, one, START + AS_OF * SECOND))
    }
    assert found.keys() == expected.keys()
    for key, tried in expected.items():
        step_no, status, start_us = found[key]
        plain = asked[key[0] - 1].order != "any" or "converted" in (status, tried.status)
        told = (step_no, status if plain else "", start_us)
        assert told == tried, (lives[key[1]], asked[key[0] - 1])
    _chains_are_whole(warehouse)


def _chains_are_whole(warehouse: Warehouse) -> None:
    """The steps of a best chain lead from the entry to the furthest step, forward in time."""
    assert not warehouse.rows(
        "select * from funnel_reached as one join funnel_reached as later "
        "using (funnel_no, customer_no) "
        "where later.from_step = one.step_no and later.occurred_us < one.occurred_us"
    )
    assert not warehouse.rows(
        "select funnel_no, customer_no, start_us from funnel_units where step_no > 0 except "
        "select funnel_no, customer_no, occurred_us from funnel_reached where from_step = 0"
    )
    assert not warehouse.rows(
        "select funnel_no, customer_no, step_no from funnel_units where step_no > 0 except "
        "select funnel_no, customer_no, step_no from funnel_reached"
    )


@examples(6, phases=[Phase.explicit, Phase.generate])
@given(asked=st.lists(questions(orders=("ordered", "strict")), min_size=5, max_size=5))
def test_attempts_follow_one_another(
    warehouse: Warehouse, lives: Lives, asked: list[Asked]
) -> None:
    questions = [replace(as_funnel(one), unit="attempt", reentry="best") for one in asked]
    answer(warehouse, ["funnel_units"], funnel_rows(warehouse, questions))
    found: dict[tuple[int, int], list[tuple[int, str, int]]] = {}
    for row in warehouse.rows(
        "select funnel_no, customer_no, step_no, status, start_us from funnel_units "
        "order by funnel_no, customer_no, step_no, status, start_us"
    ):
        found.setdefault(row[:2], []).append(row[2:])
    expected = {
        (funnel_no, customer_no): tried
        for funnel_no, one in enumerate(asked, start=1)
        for customer_no, events in lives.items()
        if (tried := attempted(events, replace(one, reentry="best"), START + AS_OF * SECOND))
    }
    assert found.keys() == expected.keys()
    for key, tried in expected.items():
        assert found[key] == tried, (lives[key[1]], asked[key[0] - 1])
