"""Choosing an engine: what is missing is one sentence, and nothing half-written is ever read."""

from __future__ import annotations

import shutil
import socket
import sys
from pathlib import Path

import pytest

from pipeline.engine.session import session, told
from pipeline.engine.tables import Tables, beside, new_tables
from pipeline.errors import ProjectError
from pipeline.inputs import definitions
from pipeline.project import Engine, load_project, project_from
from pipeline.run import run

from .commands import asked, refused


def test_without_java_spark_is_refused_in_one_sentence_and_the_warehouse_stays(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (project / "journeys.duckdb").read_bytes()
    monkeypatch.setattr(shutil, "which", lambda *known, **named: None)
    told = refused("run", "-p", project, "--engine", "spark")
    assert told.startswith("--engine spark: there is no Java on this machine; install Java 17")
    assert (project / "journeys.duckdb").read_bytes() == before
    assert not beside(project / "journeys.duckdb").exists()


@pytest.mark.parametrize("missing", ["pyspark.sql", "sqlglot"])
def test_without_a_library_spark_is_refused_in_one_sentence(
    missing: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    for name in [name for name in sys.modules if name.startswith("pipeline.engine.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(shutil, "which", lambda *known, **named: "/usr/bin/java")
    told = refused("run", "-p", project, "--engine", "spark")
    library = missing.split(".")[0]
    assert told.startswith(f"--engine spark: {library}")
    assert told.endswith("is not installed; pip install 'journey-squiggle[spark]'")


def test_a_server_that_nobody_runs_is_told_at_once(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyspark")
    pytest.importorskip("grpc")
    monkeypatch.setattr("pipeline.engine.session.getproxies", dict)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        server = f"sc://127.0.0.1:{free.getsockname()[1]}"
        told = refused("run", "-p", project, "--engine", "spark", "--master", server)
    assert told.startswith(f"--engine spark: cannot reach {server}: ")
    assert told.endswith("Connection refused")


def test_a_master_without_spark_is_refused(project: Path) -> None:
    found = asked("run", "-p", project, "--master", "local[2]")
    assert found.exit_code == 2 and "--engine spark" in found.output


def test_settings_that_would_change_what_sql_means_are_refused() -> None:
    with (
        pytest.raises(ProjectError, match=r"engine\.settings: spark\.sql\.session\.timeZone"),
        session("local[1]", {"spark.sql.session.timeZone": "Europe/Madrid"}),
    ):
        pass


def test_the_engine_decides_no_figure(project: Path) -> None:
    one = load_project(project)
    other = one.model_copy(update={"engine": Engine(name="spark", master="spark://far:7077")})
    assert definitions(one) == definitions(other)


def test_an_engine_that_is_not_there_gets_a_suggestion(project: Path) -> None:
    raw = {"engine": {"name": "sparc"}, "source": [], "map": []}
    with pytest.raises(ProjectError, match="engine"):
        project_from(raw, folder=project)


def write(tables: Tables, name: str) -> None:
    room = tables.room(name)
    room.mkdir()
    (room / "part-0.parquet").write_bytes(b"rows")


def test_a_table_is_in_place_only_when_it_is_whole(tmp_path: Path) -> None:
    with new_tables(tmp_path / "journeys.duckdb") as tables:
        write(tables, "steps")
        assert tables.files("steps") == []
        assert [file.name for file in tables.keep("steps")] == ["part-0.parquet"]
        write(tables, "half")
        tables.finish({"steps"})
    (folder,) = beside(tmp_path / "journeys.duckdb").iterdir()
    assert sorted(path.name for path in folder.iterdir()) == ["manifest.json", "steps"]


def test_tables_are_found_wherever_the_command_was_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with new_tables(Path("journeys.duckdb")) as tables:
        write(tables, "steps")
        monkeypatch.chdir("/")
        assert [file.is_file() for file in tables.keep("steps")] == [True]
        tables.finish({"steps"})


def test_tables_of_a_run_that_fails_go_and_those_before_stay(tmp_path: Path) -> None:
    warehouse = tmp_path / "journeys.duckdb"
    with new_tables(warehouse) as tables:
        tables.finish(set())
    with pytest.raises(ValueError), new_tables(warehouse) as tables:
        write(tables, "steps")
        raise ValueError
    assert [path.name for path in beside(warehouse).iterdir()] == ["1"]


def test_what_a_killed_run_left_is_never_taken_for_whole(tmp_path: Path) -> None:
    warehouse = tmp_path / "journeys.duckdb"
    with new_tables(warehouse) as tables:
        tables.finish(set())
    killed = beside(warehouse) / "2" / "steps"
    killed.mkdir(parents=True)
    with new_tables(warehouse) as tables:
        assert not killed.exists()
        tables.finish(set())
    assert [path.name for path in beside(warehouse).iterdir()] == ["2"]


def test_a_warehouse_that_holds_all_its_tables_has_none_beside_it(project: Path) -> None:
    loaded = load_project(project)
    with new_tables(loaded.warehouse_path) as tables:
        write(tables, "steps")
        tables.keep("steps")
        tables.finish({"steps"})
    run(loaded)
    assert not beside(loaded.warehouse_path).exists()


@pytest.mark.parametrize(
    "key, said",
    [
        ("lake", "[engine] lake: 'b/squiggle' is no address with a scheme, such as 's3a://bucket/"),
        ("store", "store: 's3a://b/store' is an address, but it lies on the machine that runs the"),
    ],
)
def test_an_address_stands_where_one_can(key: str, said: str, project: Path) -> None:
    raw = {"engine": {"lake": "b/squiggle"}} if key == "lake" else {"store": "s3a://b/store"}
    with pytest.raises(ProjectError) as found:
        project_from({"source": [], "map": [], **raw}, folder=project)
    assert said in str(found.value)


def test_what_only_spark_reads_duckdb_refuses_in_one_sentence(project: Path) -> None:
    file = project / "squiggle.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('"*.csv"', '["*.csv", "s3a://b/*.csv"]'), encoding="utf-8")
    assert refused("run", "-p", project).endswith(
        "\n  - [[source]] 'log' files: 's3a://b/*.csv': this is an address, which only Spark reads;"
        " run with --engine spark, or mount it here and name the folder"
    )
    file.write_text(text + '\n[engine]\nlake = "s3a://b/squiggle"\n', encoding="utf-8")
    assert refused("run", "-p", project) == (
        "[engine] lake: 's3a://b/squiggle' is for Spark alone; run with --engine spark, or take it "
        "out"
    )


def test_what_java_says_is_told_without_its_classes() -> None:
    trace = "An error occurred while calling o7.load.\n: {}\n\tat org.apache.Hadoop.java:1)"
    for said in ("java.io.IOException: No disk", "a.B$CException: java.lang.OddError: No disk"):
        assert told(Exception(trace.format(said))) == "No disk"
    assert told(Exception("(org.apache.hadoop.OddException) No disk")) == "No disk"
