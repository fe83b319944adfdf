"""An answer to a query, written to a file: as it was asked, or not at all."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pandas as pd
import pytest

from pipeline.warehouse import Warehouse
from pipeline.warehouse.connecting import connected

from .commands import asked, refused, told

QUERY = "from (values (2, '=1+1'), (1, 'b'), (1, 'b')) as one (number, name)"
ROWS = [(2, "=1+1"), (1, "b"), (1, "b")]


def test_an_answer_is_written_in_its_order(small_project: Path, tmp_path: Path) -> None:
    out = {ending: tmp_path / f"answer.{ending}" for ending in ("csv", "parquet", "json")}
    for path in out.values():
        assert told("sql", "-p", small_project, QUERY, "--out", path) == f"Wrote {path}: 3 rows\n"
    read = [*pd.read_parquet(out["parquet"]).itertuples(index=False, name=None)]
    lines = [json.loads(line) for line in out["json"].read_text(encoding="utf-8").splitlines()]
    assert read == [(one["number"], one["name"]) for one in lines] == ROWS
    with out["csv"].open(encoding="utf-8", newline="") as file:
        cells = list(csv.reader(file))
    assert cells == [["number", "name"], ["2", "'=1+1"], ["1", "b"], ["1", "b"]], "runs no formula"
    assert sorted(tmp_path.iterdir()) == sorted(out.values())


def test_a_table_is_written_in_the_order_of_its_columns(tmp_path: Path) -> None:
    out = tmp_path / "one.csv"
    with Warehouse(connected(), Path(":memory:")) as made:
        made.execute(f"create table one as {QUERY}")
        made.export("one", out)
    assert out.read_text(encoding="utf-8").split() == ["number,name", "1,b", "1,b", "2,'=1+1"]


@pytest.mark.parametrize(
    ("query", "out", "message"),
    [
        (QUERY, "x.xls", "x.xls: the ending does not tell a format; choose one of: .csv, "),
        (QUERY, "no/such/x.csv", "no/such/x.csv: cannot be written ("),
        ("from jorneys", "x.csv", "the query cannot be answered: Catalog Error"),
        ("from read_csv('/etc/passwd')", "x.csv", "a query reads the tables of the warehouse"),
        ("drop table cfg_maps", "x.csv", "a query is one SELECT, which changes nothing"),
    ],
)
def test_an_answer_that_cannot_be_written_is_one_message(
    query: str,
    out: str,
    message: str,
    small_project: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert refused("sql", "-p", small_project, query, "--out", out).startswith(message)
    assert list(tmp_path.iterdir()) == []


def test_an_answer_is_written_over_no_export(project: Path) -> None:
    kept = project / "log.csv"
    before = kept.read_bytes()
    message = refused("sql", "-p", project, QUERY, "--out", kept)
    assert message == f"{kept}: this is an export that the project reads; name another file"
    assert kept.read_bytes() == before


@pytest.mark.parametrize("more", [["--json", QUERY], ["--model", "journeys"]])
def test_only_the_answer_to_a_query_is_written(more: list[str], small_project: Path) -> None:
    found = asked("sql", "-p", small_project, *more, "--out", "x.csv")
    assert found.exit_code == 2
    assert "leave out --model and --json" in found.output
