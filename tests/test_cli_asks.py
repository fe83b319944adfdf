"""The commands that ask a built warehouse: queries, tables, reports, exports, and `init`."""

from __future__ import annotations

import csv
import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import networkx as nx
import pandas as pd
import pytest

from .commands import exit_of, refused, told
from .conftest import ROOT

# ---- sql ---------------------------------------------------------------------------------------

ATTACKS = [
    "copy journeys to '{out}/stolen.csv'",
    "copy (select 1) to '/dev/stdout'",
    "export database '{out}/stolen'",
    "import database '{out}'",
    "from read_csv('/etc/passwd')",
    "from read_text('/etc/hosts')",
    "from read_blob('/etc/hosts')",
    "from glob('/etc/*')",
    "from sniff_csv('/etc/passwd')",
    "from '/etc/passwd'",
    "from 'https://example.com/x.csv'",
    "attach '{out}/other.duckdb'",
    "attach ':memory:' as other",
    "use memory; detach warehouse; attach '{db}' as open; drop table open.cfg_maps",
    "detach warehouse",
    "copy (select 1) to '{db}.wal'",
    "explain analyze copy (select 1) to '{db}.wal'",
    "with gone as (delete from cfg_maps returning *) from gone",
    "create temp table stolen as select 1",
    "install httpfs",
    "load httpfs",
    "create secret (type s3)",
    "create table stolen as select 1",
    "create view stolen as select 1",
    "drop view journeys",
    "drop table cfg_maps",
    "delete from cfg_maps",
    "insert into cfg_maps select * from cfg_maps",
    "update cfg_maps set goal = 'x'",
    "select 1; drop table cfg_maps",
    "set enable_external_access = true",
    "reset enable_external_access",
    "set lock_configuration = false",
    "set allowed_directories = ['/']",
    "pragma enable_profiling = 'json'",
    "select getenv('HOME')",
    "comment on table cfg_maps is 'x'",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_query_cannot_write_read_files_attach_or_install(
    attack: str, small_project: Path, tmp_path: Path
) -> None:
    before = (small_project / "journeys.duckdb").read_bytes()
    refused(
        "sql",
        "-p",
        small_project,
        attack.format(out=tmp_path, db=small_project / "journeys.duckdb"),
    )
    assert not list(small_project.glob("*.wal"))
    assert (small_project / "journeys.duckdb").read_bytes() == before
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("selec 1", 'the query cannot be answered: Parser Error: syntax error at or near "selec"'),
        ("from jorneys", "the query cannot be answered: Catalog Error: Table with name jorneys"),
        ("", "the query is empty; write for instance: from journeys limit 5"),
        (" ;", "the query is empty; write for instance: from journeys limit 5"),
        (
            "from read_csv('/etc/passwd')",
            "a query reads the tables of the warehouse, and neither files nor settings; ask ",
        ),
        ("select 1; select 2", "a query is one SELECT, which changes nothing; write its answer"),
        ("drop table cfg_maps", "a query is one SELECT, which changes nothing; write its answer"),
    ],
)
def test_a_wrong_query_is_one_message(query: str, message: str, small_project: Path) -> None:
    assert refused("sql", "-p", small_project, query).startswith(message)


@pytest.mark.parametrize(
    "query",
    [
        "from journeys",
        "table journeys",
        "describe journeys",
        "summarize journeys",
        "show tables",
        "values (1)",
        "pivot journeys on status using count(*)",
        "with kept as (from journeys) select count(*) from kept;",
    ],
)
def test_whatever_only_reads_is_answered(query: str, small_project: Path) -> None:
    assert json.loads(told("sql", "-p", small_project, "--json", query))


def test_a_slow_query_prints_nothing_but_its_answer(small_project: Path) -> None:
    query = "select current_setting('enable_progress_bar') as is_drawn"
    command = [sys.executable, "-m", "pipeline", "sql", "--json", "-p", str(small_project), query]
    told = subprocess.run(command, capture_output=True, check=True).stdout
    assert json.loads(told) == [{"is_drawn": False}]


def test_a_model_is_printed_as_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    text = told("sql", "--model", "stage_dropoff")
    assert text.rstrip() == (
        (ROOT / "sql" / "5_kpi" / "stage_dropoff.sql").read_text(encoding="utf-8").rstrip()
    )
    assert refused("sql", "--model", "stage_dropof") == (
        "stage_dropof: there is no such table; did you mean 'stage_dropoff'?"
    )


def test_without_a_warehouse_the_message_says_how_to_make_one(project: Path) -> None:
    path = project / "journeys.duckdb"
    path.unlink()
    message = f"{path}: there is no warehouse; make it with 'squiggle run'"
    assert refused("sql", "-p", project, "from journeys") == message
    assert refused("report", "-p", project) == message
    assert refused("export", "-p", project, "journeys", "x.csv") == message


def test_a_file_that_is_no_warehouse_is_one_message(project: Path) -> None:
    (project / "journeys.duckdb").write_bytes(b"nonsense" * 1_000)
    assert "journeys.duckdb: cannot be opened" in refused("sql", "-p", project, "from journeys")


# ---- tables, report, export --------------------------------------------------------------------


def test_a_table_is_explained() -> None:
    assert "### `journeys`" in told("tables", "journeys")
    assert refused("tables", "jorneys") == (
        "jorneys: there is no such table; did you mean 'journeys'?"
    )


def test_a_report_is_written_where_it_is_asked_for(small_project: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "page.html"
    assert told("report", "-p", small_project, "-o", out) == f"Report     {out}\n"
    assert out.read_bytes() == (small_project / "report.html").read_bytes()


def test_a_table_is_exported(sample_warehouse: Path, tmp_path: Path) -> None:
    frames = {}
    for ending in ("csv", "parquet", "json"):
        out = tmp_path / f"journeys.{ending}"
        assert told("export", "-p", sample_warehouse.parent, "journeys", out) == f"Wrote {out}\n"
        frames[ending] = out
    rows = len(pd.read_parquet(frames["parquet"]))
    assert rows > 1_000
    assert len(pd.read_csv(frames["csv"], low_memory=False)) == rows
    with frames["json"].open(encoding="utf-8") as lines:
        assert sum(1 for line in lines if json.loads(line)) == rows
    assert not list(tmp_path.glob("*.part"))


def test_a_graph_is_exported(sample_warehouse: Path, tmp_path: Path) -> None:
    folder = sample_warehouse.parent
    read: dict[str, Callable[[Path], nx.DiGraph]] = {
        "graphml": nx.read_graphml,
        "gexf": nx.read_gexf,
        "json": lambda path: nx.node_link_graph(
            json.loads(path.read_text(encoding="utf-8")), edges="edges"
        ),
    }
    sizes = set()
    for ending, reader in read.items():
        out = tmp_path / f"graph.{ending}"
        told("export", "-p", folder, "stage-graph", out, "--map", "lifecycle")
        sizes.add((reader(out).number_of_nodes(), reader(out).number_of_edges()))
    assert len(sizes) == 1
    told("export", "-p", folder, "stage-graph", tmp_path / "graph.csv", "--map", "lifecycle")
    (nodes, edges) = sizes.pop()
    assert len(pd.read_csv(tmp_path / "graph.csv")) == edges
    assert nodes > 5


def test_an_exported_csv_runs_no_formula(project: Path, tmp_path: Path) -> None:
    evil = ["=1+1", "+1", "-1", "@sum(a1)", "\tx"]
    with (project / "log.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [
                ["who", "at", "what"],
                *([f"={name}", f"2026-01-0{day} 10:00", name] for day, name in enumerate(evil, 1)),
                ["ann", "2026-01-06 10:00", "Loyalty"],
            ]
        )
    told("run", "-p", project, "--no-report")
    for what in ("touchpoints", "transitions", "touchpoint-graph"):
        out = tmp_path / f"{what}.csv"
        told("export", "-p", project, what, out)
        with out.open(encoding="utf-8", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        texts = [cell for cell in cells if not cell.lstrip("-").replace(".", "").isdigit()]
        assert [cell for cell in texts if cell.startswith(("=", "+", "-", "@", "\t"))] == []
        assert any(cell.startswith("'=1+1") for cell in cells)


@pytest.mark.parametrize(
    ("what", "out", "message"),
    [
        ("journeys", "x.xls", "x.xls: the ending does not tell a format; choose one of: .csv, "),
        ("jorneys", "x.csv", "there is no table 'jorneys'; did you mean 'journeys'?"),
        ("journeys", "no/such/x.csv", "no/such/x.csv: cannot be written ("),
        ("stages-graph", "x.json", "stages-graph: there is no such graph; did you mean 'stage'?"),
        ("stage-graph", "x.svg", "x.svg: '.svg' is unknown; end the name in .graphml, .gexf"),
        ("stage-graph", "no/such/x.json", "no/such/x.json: cannot be written: No such file"),
    ],
)
def test_an_export_that_cannot_be_made_is_one_message(
    what: str,
    out: str,
    message: str,
    small_project: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert message in refused("export", "-p", small_project, what, out)
    assert list(tmp_path.iterdir()) == []


def test_a_map_that_is_not_there_is_named(small_project: Path, tmp_path: Path) -> None:
    out = tmp_path / "x.json"
    message = refused("export", "-p", small_project, "stage-graph", out, "--map", "journy")
    assert message == "map 'journy': there is no such map; did you mean 'journey'?"


def test_a_folder_that_may_not_be_written_is_named(
    small_project: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "report.html"

    def refuse(path: Path, *_: object, **__: object) -> int:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    monkeypatch.setattr(Path, "write_text", refuse)  # root is refused nowhere
    assert exit_of(monkeypatch, "report", "-p", small_project, "-o", out) == 1
    assert "Permission denied" in capsys.readouterr().err


def test_a_place_that_cannot_be_written_is_named(
    small_project: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    out = tmp_path / "file" / "report.html"
    assert exit_of(monkeypatch, "report", "-p", small_project, "-o", out) == 1
    err = capsys.readouterr().err
    assert err.startswith(f"squiggle: {tmp_path / 'file'}")
    assert "Traceback" not in err


# ---- init --------------------------------------------------------------------------------------


def test_init_writes_once_and_over_only_when_forced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "log.csv").write_text("who,at,what\nann,2026-01-01,order\n", encoding="utf-8")
    assert told("init", "log.csv") == (
        "Wrote squiggle.toml. Read it: what is guessed is marked with '?'. Next: squiggle check\n"
    )
    first = (tmp_path / "squiggle.toml").read_bytes()
    assert refused("init", "log.csv") == (
        "squiggle.toml: there is a project file already; give --force to write over it"
    )
    told("init", "log.csv", "--force")
    assert (tmp_path / "squiggle.toml").read_bytes() == first
