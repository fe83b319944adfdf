"""Funnels under the rules of ClickHouse give what ClickHouse itself gives."""

from __future__ import annotations

from typing import Any

import pytest
from chdb.session import Session
from hypothesis import Phase, given
from hypothesis import strategies as st

from pipeline.funnel import Funnel, Step
from pipeline.funnel.asking import funnel_rows
from pipeline.questions import answer
from pipeline.warehouse import Warehouse

from .drawing import examples
from .funnel_chains import SECOND
from .funnel_logs import MODES
from .parts import FUNNELS
from .test_funnel_brute import START, Lives, lives, warehouse

pytestmark = pytest.mark.tables(*FUNNELS)

__all__ = ["lives", "warehouse"]

NAMES = st.sampled_from(["A", "A", "B", "B", "C", "AB", "BC"])


@pytest.fixture(scope="module")
def clickhouse(lives: Lives) -> Any:
    """The drawn log in ClickHouse."""
    session = Session()
    session.query("create database if not exists log engine = Atomic")
    session.query("create table log.events (who UInt32, at UInt64, what String) engine = Memory")
    rows = ", ".join(
        f"({customer_no}, {(event.us - START) // SECOND}, '{event.name}')"
        for customer_no, own in lives.items()
        for event in own
    )
    session.query(f"insert into log.events values {rows}")
    yield session
    session.close()


@examples(8, phases=[Phase.explicit, Phase.generate])
@given(
    steps=st.lists(NAMES, min_size=2, max_size=4),
    window=st.sampled_from([0, 2, 4, 9, 100]),
)
def test_a_funnel_by_the_rules_of_clickhouse_is_its_own(
    warehouse: Warehouse, clickhouse: Any, steps: list[str], window: int
) -> None:
    """But for strict_increase: there a repeated step hides the one before it at an earlier time."""
    modes = [mode for mode in MODES if mode != ("strict_increase",)]
    questions = [
        Funnel(
            [Step(["|".join(names)]) for names in steps],
            rules="clickhouse",
            within=f"{window} s",
            **MODES[mode],
        )
        for mode in modes
    ]
    answer(warehouse, ["funnel_units"], funnel_rows(warehouse, questions))
    found = {
        tuple(row[:2]): row[2]
        for row in warehouse.rows("select funnel_no, customer_no, step_no from funnel_units")
    }
    conditions = ", ".join(f"what in {tuple(names) + ('',)}" for names in steps)
    expected = {}
    for funnel_no, mode in enumerate(modes, start=1):
        listed = "".join(f", '{name}'" for name in mode)
        told = clickhouse.query(
            f"select who, windowFunnel({window}{listed})(at, {conditions}) as level "
            "from log.events group by who having level > 0",
            "CSV",
        ).data()
        for line in told.splitlines():
            who, level = line.split(",")
            expected[funnel_no, int(who)] = int(level)
    assert found == expected
