"""Whether paths are a chain of first order, as removal effects have it: held-out paths tell."""

from __future__ import annotations

import random
from collections import Counter
from math import log2

import pytest

from pipeline import Attribution, attribution
from pipeline.warehouse import Warehouse

from .commands import told
from .conftest import Build
from .test_attribution import HEADER, PROJECT, TABLES, walked

pytestmark = pytest.mark.tables(*TABLES)
TWO_AGO = {("A", "A"): "B", ("A", "B"): "B", ("B", "B"): "A", ("B", "A"): "A"}
"""A A B B A A B B …: what stood two touches before tells the next, the last alone does not."""


def chains(rule: str, customers: int = 400, won: float = 0.4) -> list[tuple[str, bool]]:
    """Paths that end after any touch alike; `one` touch before tells the next, or `two` do."""
    dice = random.Random(5)
    paths = []
    for _ in range(customers):
        path = [dice.choice("AB")]
        while dice.random() < 0.85:
            if dice.random() < 0.1 or (rule == "two" and len(path) < 2):
                path.append(dice.choice("AB"))
            else:
                ruled = "BA"["AB".index(path[-1])] if rule == "one" else TWO_AGO[tuple(path[-2:])]
                path.append(ruled)
        paths.append((">".join(path), dice.random() < won))
    return paths


@pytest.mark.parametrize(("rule", "order"), [("one", 1), ("two", 2)])
def test_the_order_is_how_many_touches_tell_the_next(rule: str, order: int, build: Build) -> None:
    found = attribution(build(walked(*chains(rule)), PROJECT, header=HEADER))
    assert found.order == order
    assert len(found.bits) == 4
    assert found.bits[order] < 0.9 * found.bits[order - 1]


def test_of_few_held_out_paths_no_order_is_told_and_failures_are_paths_too(build: Build) -> None:
    found = attribution(build(walked(*chains("two", 50)), PROJECT, header=HEADER))
    assert found.order is None
    rarely = build(walked(*chains("two", won=0.02)), PROJECT, header=HEADER)
    assert attribution(rarely).order == 2


def _plain(warehouse: Warehouse, asked: Attribution) -> list[float]:
    """The same, path by path: counts of the seven tenths, and what they make of the others."""
    paths: dict[tuple[int, int], list[str]] = {}
    for who, number, way in warehouse.rows(
        "select step.customer_no, step.journey_no, channel.channel from journey_steps as step "
        "inner join channels as channel using (channel_no) where not step.is_goal "
        "order by step.customer_no, step.journey_no, step.step_no"
    ):
        paths.setdefault((who, number), []).append(way)
    won = set(
        warehouse.rows(
            "select customer_no, journey_no from journey_facts where status = 'converted'"
        )
    )
    moves = {False: Counter[tuple[str, ...]](), True: Counter[tuple[str, ...]]()}
    for key, path in paths.items():
        held = key[0] * 48271 % 2147483647 % 10 >= 7
        whole = ["^"] * 3 + path + ["won" if key in won else "lost"]
        for place in range(3, len(whole)):
            moves[held][tuple(whole[place - 3 : place + 1])] += 1
    symbols = len({walk[-1] for half in moves.values() for walk in half})

    def chance(walk: tuple[str, ...]) -> float:
        if not walk:
            return 1 / symbols
        met = sum(often for one, often in moves[False].items() if one[-len(walk) :] == walk)
        left = sum(
            often for one, often in moves[False].items() if one[4 - len(walk) : 3] == walk[:-1]
        )
        return (met + 5 * chance(walk[1:])) / (left + 5)

    total = sum(moves[True].values())
    return [
        -sum(often * log2(chance(walk[3 - order :])) for walk, often in moves[True].items()) / total
        for order in range(4)
    ]


def test_bits_are_those_of_a_plain_count(build: Build) -> None:
    warehouse = build(walked(*chains("two", 50)), PROJECT, header=HEADER)
    asked = Attribution(lookback=None)
    assert list(attribution(warehouse, asked).bits) == pytest.approx(_plain(warehouse, asked))


def test_it_is_said_where_removal_effects_forget_too_much(build: Build) -> None:
    sentences = {}
    for rule in ("one", "two"):
        warehouse = build(walked(*chains(rule)), PROJECT, header=HEADER)
        sentences[rule] = told("attribution", "-p", warehouse.path.parent)
    assert "A touch hangs on more than the one before it: 2 touches" in sentences["two"]
    assert "hangs on more" not in sentences["one"]
