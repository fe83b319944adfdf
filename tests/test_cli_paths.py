"""The commands pattern, steps and customers: what they print, and what they refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.warehouse import open_warehouse

from .commands import asked, refused, told
from .walks import Walks


def listed(walks: Walks, *arguments: str) -> dict:
    return json.loads(told(*arguments, "-p", walks.warehouse.path.parent, "--json"))


def test_pattern_says_how_it_was_read_and_how_sure_it_is(walks: Walks) -> None:
    folder = walks.warehouse.path.parent
    text = told("pattern", 'Cart -> "H*"+', "-p", folder)
    assert text.startswith("Read as: touchpoint:'Cart' -> touchpoint:\"H*\"+\n")
    assert "of the journeys match, 95 % interval" in text
    assert "That is an association" in text
    found = listed(walks, "pattern", "Cart")
    assert [row["is_match"] for row in found["outcomes"]] == [True, False]
    assert len(found["difference"]) == 3
    message = refused("pattern", "Cart -> Hme", "-p", folder)
    assert message.split("\n")[1:] == ["  Cart -> Hme", "          ^"]


def test_a_pattern_that_holds_the_goal_compares_conversion_with_nobody(walks: Walks) -> None:
    """Whoever matches has converted, and of the others fewer have: that says nothing."""
    text = told("pattern", "Cart -> ... -> Order", "-p", walks.warehouse.path.parent)
    assert "Whoever matches has met the goal" in text
    assert "convert " not in text.replace("how many convert is", "")
    found = listed(walks, "pattern", "Cart -> ... -> Order")
    assert (found["holds_goal"], found["difference"]) == (True, None)
    assert not listed(walks, "pattern", "Cart -> ... -> (Order | Help)")["holds_goal"]


def test_steps_prints_a_column_a_step_and_its_links(walks: Walks) -> None:
    folder = walks.warehouse.path.parent
    lines = told("steps", "--anchor", "Cart", "--back", "1", "--forward", "1", "-p", folder)
    assert "journeys have it (" in lines.splitlines()[0]
    assert lines.splitlines()[1].split() == ["node", "-2", "-1", "0", "+1", "+2"]
    links = told("steps", "--cut", "session", "--merge-repeats", "--links", "-p", folder)
    assert "from_node" in links.splitlines()[1]
    found = listed(walks, "steps", "--anchor", "Cart", "--top", "1")
    assert {"Cart", "(other)"} <= {row["node"] for row in found["nodes"]}
    assert len(found["share"]) == 3


def test_customers_prints_writes_and_explains(walks: Walks, tmp_path: Path) -> None:
    folder = walks.warehouse.path.parent
    edge = ("customers", "--edge", "Cart", "Home page", "-p", folder)
    rows = json.loads(told(*edge, "--json"))
    text = told(*edge)
    assert text.startswith(f"Behind the edge 'Cart' to 'Home page': {len(rows)} customers\n")
    assert f"squiggle why {rows[0]['customer_id']}" in text
    out = tmp_path / "who.csv"
    assert told(*edge, "--out", out) == f"Wrote {out}: {len(rows)} rows\n"
    assert len(out.read_text(encoding="utf-8").splitlines()) == len(rows) + 1
    with open_warehouse(walks.warehouse.path) as fresh:
        assert len(fresh.ask(told(*edge, "--sql"))) == len(rows)
    pattern = told("pattern", "Cart -> 'Home page'", "--sql", "-p", folder)
    again = json.loads(told("sql", pattern, "--json", "-p", folder))
    assert [row["customer_id"] for row in again] == [row["customer_id"] for row in rows]
    by_unit = listed(walks, "customers", "--node", "Cart", "--cut", "session", "--by", "unit")
    assert {"customer_id", "session_id", "times"} <= set(by_unit[0])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "name one of --edge"),
        (("--node", "Cart", "--variant", "1"), "not --node and --variant"),
        (("--variant", "1", "--cut", "session"), "are of journeys"),
    ],
)
def test_customers_is_asked_of_one_figure(
    walks: Walks, arguments: tuple[str, ...], message: str
) -> None:
    found = asked("customers", *arguments, "-p", walks.warehouse.path.parent)
    assert found.exit_code == 2
    assert message in " ".join(found.output.split())


def test_customers_are_written_as_csv_only(walks: Walks) -> None:
    folder = walks.warehouse.path.parent
    assert ".csv" in refused("customers", "--node", "Cart", "--out", "who.xlsx", "-p", folder)
