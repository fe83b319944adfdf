"""Who is behind a figure: as many customers as the figure says, from Python and from the SELECT."""

from __future__ import annotations

import pandas as pd
import pytest

from pipeline.paths import Behind, behind_pattern, pattern
from pipeline.questions import Scope
from pipeline.warehouse import open_warehouse

from .walks import Walks

HOSTILE = "it's -- '); drop table x; \n\" -- Cart"


def same(behind: Behind, walks: Walks) -> pd.DataFrame:
    """The customers behind a figure; its SELECT must give the same."""
    customers = behind.customers(walks.warehouse)
    with open_warehouse(walks.warehouse.path) as fresh:
        pd.testing.assert_frame_equal(fresh.ask(behind.sql()), customers)
    by_journey = behind.journeys(walks.warehouse)
    assert by_journey["times"].sum() == customers["times"].sum()
    assert by_journey["customer_id"].nunique() == len(customers)
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
    assert behind.sql().splitlines()[1] == "with"
    same(behind, walks)
