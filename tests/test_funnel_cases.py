"""Funnels under the rules of other tools give the counts that those tools' own tests give."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.funnel import PRESETS, funnel
from pipeline.funnel.presets import rule_table
from pipeline.warehouse import Warehouse

from .conftest import shared
from .funnel_logs import Case, carried_cases, cases_in, warehouse_of
from .parts import FUNNELS

pytestmark = pytest.mark.tables(*FUNNELS)

FIGURES = (Path(__file__).parents[1] / "docs" / "figures.md").read_text(encoding="utf-8")
LATE = "2026-06-01T00:00:00Z"
CARRIED = carried_cases()


@pytest.fixture(scope="module")
def carried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    rows = [row for case in CARRIED for row in case.rows()]
    with warehouse_of(tmp_path_factory.mktemp("carried"), rows, as_of=LATE) as warehouse:
        yield warehouse


def customers_at(warehouse: Warehouse, case: Case) -> list[set[str]]:
    """Who reached each step, by the names of the case."""
    found: list[set[str]] = [set() for _ in case.question["steps"]]
    for who, step_no in warehouse.rows(
        "select ids.value, reached.step_no from funnel_reached as reached "
        "join numbered_customers using (customer_no) join identity_map as ids using (customer_id)"
    ):
        found[step_no - 1].add(who.removeprefix(f"{case.name}/"))
    return found


def holds(warehouse: Warehouse, case: Case) -> None:
    steps = funnel(warehouse, case.funnel()).steps
    at_steps = customers_at(warehouse, case)
    expected = case.expected
    for count, (reached, who) in zip(
        expected["counts"], zip(steps["reached"], at_steps, strict=True), strict=True
    ):
        assert count in (None, reached)
        assert reached == len(who)
    for names, who in zip(expected.get("customers", ()), at_steps, strict=False):
        assert names is None or set(names) == who
    for who, level in expected.get("level", {}).items():
        assert sum(who in one for one in at_steps) == level
    for seconds, found in zip(
        expected.get("median_seconds_from_previous", ()), steps["median_s"], strict=False
    ):
        assert seconds is None or seconds == pytest.approx(found)
    averages = dict(
        warehouse.rows(
            "select step_no, avg(duration_us) / 1e6 from funnel_waits "
            "where since = 'step' and outcome = 1 group by step_no"
        )
    )
    for step_no, seconds in enumerate(expected.get("avg_seconds_from_previous", ()), start=1):
        assert seconds is None or seconds == pytest.approx(averages[step_no])


@pytest.mark.parametrize("case", CARRIED, ids=[case.name for case in CARRIED])
def test_a_published_case_comes_out_as_published(carried: Warehouse, case: Case) -> None:
    holds(carried, case)


def test_every_case_of_the_folder_comes_out(tmp_path: Path) -> None:
    found = cases_in(shared("oracles"))
    known = {case.name: case for case in CARRIED}
    rest = [case for case in found if known.get(case.name) != case]
    if not rest:
        return
    rows = [row for case in rest for row in case.rows()]
    with warehouse_of(tmp_path, rows, as_of=LATE) as warehouse:
        for case in rest:
            holds(warehouse, case)


def test_the_rules_of_the_manual_are_the_presets() -> None:
    told = rule_table()
    text = "\n".join(["| " + " | ".join(row) + " |" for row in told[1:]])
    assert f"| {' | '.join(told[0])} |\n|{'---|' * len(told[0])}\n{text}\n" in FIGURES
    for name, preset in PRESETS.items():
        if name not in ("squiggle", "strict"):
            unsure = preset.unsure or "nothing that matters"
            assert f"| `{name}` | {preset.source} | {unsure} |\n" in FIGURES
