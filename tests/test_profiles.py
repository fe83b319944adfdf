"""`squiggle run --profile`: DuckDB's own profile of every model, and where the time went."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from pipeline.errors import DataError
from pipeline.models import load_models
from pipeline.project import load_project
from pipeline.run import run

from .commands import told


def test_every_table_has_a_profile_and_the_summary_begins_with_the_dearest(
    project: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "profiles"
    shown = told("run", "-p", project, "--no-report", "--profile", folder)
    assert "Where the time went" in shown and str(folder) in shown
    with (folder / "summary.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    spent = [float(row["cpu_s"]) for row in rows]
    assert spent == sorted(spent, reverse=True)
    steps = [(row["step"], row["name"]) for row in rows if row["step"] != "space"]
    built = [("building", model.name) for model in load_models() if model.kind != "check"]
    read = [("looking", "log.csv")]  # it was loaded by the run before
    assert sorted(steps) == sorted([*read, *built, ("checking", ""), ("writing", "")])
    profiled = {row["name"] for row in rows if row["profile"]}
    assert {
        model.name for model in load_models() if model.kind == "table" and model.needs is None
    } <= profiled
    (one,) = (row for row in rows if row["name"] == "ordered_events")
    assert one["rows"] == "2" and int(one["statements"]) >= 1
    profile = json.loads((folder / one["profile"]).read_text(encoding="utf-8"))
    assert "ordered_events" in profile[0]["query"]["sql"]
    assert profile[0]["operator"]


def test_a_folder_that_cannot_be_made_is_said(small_project: Path) -> None:
    with pytest.raises(DataError, match="profiles cannot be written there"):
        run(load_project(small_project), profile=small_project / "squiggle.toml" / "here")
