"""Who is behind a figure: as many customers as the figure says, from Python and from the SELECT."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from pipeline.errors import DataError
from pipeline.paths import (
    Behind,
    behind_edge,
    behind_loop,
    behind_node,
    behind_pattern,
    behind_step,
    behind_variant,
    pattern,
    steps,
)
from pipeline.questions import Scope
from pipeline.warehouse import Warehouse, open_warehouse

from .walks import Walks

HOSTILE = "it's -- '); drop table x; \n\" -- Cart"


def same(behind: Behind, walks: Walks) -> pd.DataFrame:
    """The customers behind a figure; its SELECT must give the same."""
    customers = behind.customers(walks.warehouse)
    with open_warehouse(walks.warehouse.path) as fresh:
        pd.testing.assert_frame_equal(fresh.ask(behind.sql()), customers)
    by_unit = behind.units(walks.warehouse)
    assert by_unit["times"].sum() == customers["times"].sum()
    assert by_unit["customer_id"].nunique() == len(customers)
    return customers


@pytest.mark.parametrize(
    "scope", [Scope(), Scope(segments={"way": ["mail"]}, outcomes=["dropped"])]
)
def test_behind_a_pattern_are_the_customers_who_match(walks: Walks, scope: Scope) -> None:
    text = "Cart -> ... -> !stage:Two"
    row = pattern(walks.warehouse, text, scope).outcomes.iloc[0]
    customers = same(behind_pattern(walks.warehouse, text, scope), walks)
    assert len(customers) == row["customers"] > 10
    for column in ("journeys", "converted", "dropped", "open"):
        assert customers[column].sum() == row[column]
    assert customers["times"].sum() == row["matches"]


def test_what_is_said_of_a_figure_stays_a_comment(walks: Walks) -> None:
    behind = Behind("behind_pattern", behind_pattern(walks.warehouse, "Cart").rows, HOSTILE)
    assert behind.sql().splitlines()[0] == f"with -- customers behind {' '.join(HOSTILE.split())}"
    same(behind, walks)


@pytest.mark.parametrize("level", ["touchpoint", "stage", "channel"])
def test_behind_an_edge_are_the_customers_of_transitions(walks: Walks, level: str) -> None:
    edges = walks.warehouse.rows(
        "select from_node, to_node, transitions, journeys, customers from transitions "
        "where level = $level order by hash(from_node || to_node) limit 5",
        {"level": level},
    )
    for from_node, to_node, *counts in edges:
        behind = behind_edge(walks.warehouse, from_node, to_node, level=level)
        found = behind.customers(walks.warehouse)
        assert [found["times"].sum(), found["journeys"].sum(), len(found)] == counts


def test_behind_a_node_are_its_customers_and_visits(walks: Walks) -> None:
    nodes = walks.warehouse.rows(
        "select node, visits, journeys, customers from nodes where level = 'touchpoint'"
    )
    for node, *counts in nodes:
        found = behind_node(walks.warehouse, node).customers(walks.warehouse)
        assert [found["times"].sum(), found["journeys"].sum(), len(found)] == counts, node


@pytest.mark.parametrize("level", ["touchpoint", "stage"])
def test_behind_a_loop_are_those_of_loops(walks: Walks, level: str) -> None:
    loops = walks.warehouse.rows(
        "select loop, returns, journeys, customers, converted, open_journeys from loops "
        "where level = $level and loop_no between 1 and 3",
        {"level": level},
    )
    for loop, *counts in loops:
        found = behind_loop(walks.warehouse, loop, level=level).customers(walks.warehouse)
        shown = ["times", "journeys"], ["converted", "open"]
        assert [*found[shown[0]].sum(), len(found), *found[shown[1]].sum()] == counts, loop


def test_behind_a_variant_are_those_of_variants(walks: Walks) -> None:
    for number, *counts in walks.warehouse.rows(
        "select variant_no, journeys, customers, converted, open from variants "
        "where level = 'stage' and variant_no <= 4"
    ):
        behind = behind_variant(walks.warehouse, number, level="stage")
        found = behind.customers(walks.warehouse)
        shown = found[["journeys", "converted", "open"]].sum()
        assert [shown["journeys"], len(found), shown["converted"], shown["open"]] == counts


@pytest.mark.parametrize("cut", ["journey", "session", "customer"])
def test_behind_a_step_are_the_units_that_are_there(walks: Walks, cut: str) -> None:
    options = {"cut": cut, "nth": "last"}
    found = steps(walks.warehouse, "Cart", back=1, forward=1, **options)
    places = {(row["step"], row["node"]): row for row in found.nodes.to_dict("records")}
    for step, node in ((-1, "Ad"), (1, "(exit)"), (2, "(more)"), (-1, "(start)")):
        row = places[step, node]
        behind = behind_step(walks.warehouse, step, node, "Cart", **options)
        customers = behind.customers(walks.warehouse)
        assert (customers[f"{cut}s"].sum(), len(customers)) == (row["units"], row["customers"])


SCOPE = Scope(segments={"way": ["web", "mail"]}, outcomes=["dropped", "converted"])


@pytest.mark.parametrize(
    "asked",
    [
        lambda w: behind_edge(w, "Cart", "Home page", SCOPE, cut="session"),
        lambda w: behind_edge(w, "Three", "(exit)", SCOPE, level="stage"),
        lambda w: behind_node(w, "(start)", SCOPE, cut="customer"),
        lambda w: behind_step(w, -2, "Help", "Order", SCOPE),
        lambda w: behind_variant(w, 2, SCOPE, level="stage"),
        lambda w: behind_loop(w, "Cart > Ad > Cart", SCOPE),  # the same as Ad > Cart > Ad
        lambda w: behind_loop(w, "Ad > Ad", SCOPE),
        lambda w: behind_loop(w, "One > … > One", SCOPE, level="stage"),
    ],
)
def test_the_select_gives_the_same_customers(
    walks: Walks, asked: Callable[[Warehouse], Behind]
) -> None:
    assert len(same(asked(walks.warehouse), walks)) > 0


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (lambda w: behind_edge(w, "Cart", "Hme page"), "there is no such touchpoint"),
        (lambda w: behind_node(w, "Cart", level="stag"), "there is no such level; did you mean"),
        (lambda w: behind_variant(w, 99, level="stage"), "lists .* paths at the level of stages"),
        (lambda w: behind_variant(w, 1, level="channel"), "variants are of touchpoints or stages"),
        (lambda w: behind_loop(w, "Ad > Crt > Ad"), "did you mean 'Ad > Cart > Ad'"),
        (lambda w: behind_step(w, 1, "Nowhere", "Cart"), "there is no such touchpoint"),
    ],
)
def test_a_figure_that_does_not_exist_is_told(
    walks: Walks, asked: Callable[[Warehouse], Behind], told: str
) -> None:
    with pytest.raises(DataError, match=told):
        asked(walks.warehouse)
