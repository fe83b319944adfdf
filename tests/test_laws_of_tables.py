"""What a table of comparisons tests and a graph ranks, from a few drawn rows."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.compare.figures import table
from pipeline.graph import node_measures
from pipeline.statistics import ENOUGH

from .test_graph import Edges, graph_of

SHARE = {"figure": "stop_rate", "item": "", "unit": "share", "value_a": 0.5, "value_b": 0.2}
FOUND = {
    "difference": 0.3,
    "difference_lo": 0.1,
    "difference_hi": 0.5,
    "p": 0.03,
    "detectable": 0.2,
}


@pytest.mark.parametrize(
    ("units", "customers", "verdict", "reason"),
    [
        (ENOUGH, ENOUGH, "higher", None),
        (ENOUGH - 1, ENOUGH, "not tested", "fewer than 30 in a group"),
        (ENOUGH, ENOUGH - 1, "not tested", "fewer than 30 customers in a group"),
    ],
)
def test_of_thirty_a_difference_is_tested_and_of_fewer_it_is_only_shown(
    units: int, customers: int, verdict: str, reason: str | None
) -> None:
    row = {**SHARE, **FOUND, "n_a": units, "n_b": 90, "customers": customers}
    (found,) = table([row]).to_dict("records")
    assert (found["verdict"], found["reason"], found["difference"]) == (verdict, reason, 0.3)
    assert np.isnan([found["p"], found["q"], found["detectable"]]).all() == (reason is not None)


def test_the_verdict_is_by_q_and_a_test_that_was_not_made_makes_none_harder() -> None:
    """Of two tests p = 0.03 is not enough; of one, beside one of few, it is."""
    rows = [{**SHARE, **FOUND, "n_a": 40, "n_b": 40, "p": p} for p in (0.03, 0.5)]
    assert set(table(rows)["verdict"]) == {"no significant change"}
    found = table([rows[0], {**rows[1], "n_b": 3}])
    assert found["verdict"].tolist() == ["higher", "not tested"]
    assert found["q"][0] == 0.03


def test_staying_makes_no_way_less_likely() -> None:
    edges: Edges = {("a", "b"): 6, ("a", "c"): 4, ("b", "d"): 6, ("c", "d"): 4, ("b", "b"): 90}
    between = node_measures(graph_of(edges)).set_index("node")["betweenness"]
    assert between["b"] > 0 == between["c"]


def test_of_two_cores_of_one_size_the_earlier_one_is_it() -> None:
    edges: Edges = {("a", "b"): 1, ("b", "a"): 1, ("b", "c"): 1, ("c", "d"): 1, ("d", "c"): 1}
    is_in_core = node_measures(graph_of(edges)).set_index("node")["is_in_core"]
    assert is_in_core.to_dict() == {"a": True, "b": True, "c": False, "d": False}
