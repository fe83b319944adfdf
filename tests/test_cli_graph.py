"""The command that draws journeys as a graph: what it prints, writes and refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .commands import refused, told
from .conftest import FIVE


def test_it_says_what_became_of_every_move(small_project: Path) -> None:
    said = told("graph", "-p", small_project)
    assert "1 journey with 2 steps; all their moves, 3, are accounted for:\n  3 between" in said
    assert "Awareness  Loyalty" in said
    assert "entropy_rate" in said
    said = told("graph", "-p", small_project, "--drop", "Loyalty", "--cut", "session")
    assert "2 sessions with 2 steps; all their moves, 4, are accounted for" in said
    assert "2 of 1 session at none of the nodes" in said


def test_what_a_graph_of_one_node_does_not_have_is_blank(small_project: Path) -> None:
    shown = told("graph", "--keep", FIVE[0], "-p", small_project)
    assert "incoherence" in shown
    assert "nan" not in shown


def test_for_machines_it_is_json(small_project: Path) -> None:
    found = json.loads(told("graph", "-p", small_project, "--json", "--level", "stage"))
    assert found["graph"]["is_met"] is True
    assert [node["node"] for node in found["nodes"]] == ["Awareness", "Loyalty"]
    assert found["nodes"][0]["reach_lo"] < found["nodes"][0]["reach"] == 1
    assert {edge["share_out"] for edge in found["edges"]} == {1}
    assert found["measures"]["flow_hierarchy"] == 1


@pytest.mark.parametrize("ending", ["graphml", "gexf", "dot", "json", "csv"])
def test_it_writes_files(small_project: Path, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"moves.{ending}"
    options = ("--coverage", "0.5", "--out", path)
    assert told("graph", "-p", small_project, *options) == f"Wrote {path}\n"
    assert "Awareness" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--level", "stages"), "'stages': there is no such level; did you mean 'stage'?"),
        (("--cut", "sesion"), "'sesion': there is no such cut; did you mean 'session'?"),
        (("--keep", "Loyalti"), "'Loyalti': there is no such node; did you mean 'Loyalty'?"),
        (("--keep", "Loyalty", "--drop", "Loyalty"), "no node is left"),
        (("--map", "journy"), "map 'journy': there is no such map"),
    ],
)
def test_a_typo_is_told(small_project: Path, options: tuple[str, ...], message: str) -> None:
    assert refused("graph", "-p", small_project, *options).startswith(message)
