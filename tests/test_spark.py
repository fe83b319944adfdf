"""The same models on Spark: every table is the one of DuckDB, and the warehouse is as usable."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from pipeline.engine.spelling import spark_sql
from pipeline.engine.stars import make_stars
from pipeline.engine.tables import beside, new_tables
from pipeline.engine.tasks import spread
from pipeline.errors import DataError
from pipeline.ingest import ingest, one_by_one
from pipeline.ingest.store import locked
from pipeline.models import Model
from pipeline.project import load_project
from pipeline.report import write_report
from pipeline.run import run
from pipeline.warehouse import open_warehouse

from .conftest import write_csv
from .dying import dies_after, dies_once, refuses
from .engines import MODELS, ON_SPARK, differences, keep_tables, on_spark
from .nasty import write_nasty
from .session_logs import HEADER, told
from .test_stars import BACKWARDS, CHAIN, HUB, HUBS, RING, SHUFFLED, TREE, components

pytestmark = ON_SPARK


@pytest.fixture(scope="module")
def built(spark: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the nasty log built by both engines, every table kept."""
    folder = tmp_path_factory.mktemp("nasty")
    write_nasty(folder)
    project = load_project(folder)
    with pytest.MonkeyPatch.context() as patch:
        keep_tables(project, folder / "by_duckdb", patch)
        other = project.model_copy(update={"warehouse": "spark.duckdb"})
        keep_tables(on_spark(other, small=-1), folder / "by_spark", patch)
    return folder


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_every_table_is_the_same_on_both_engines(model: Model, built: Path) -> None:
    assert not differences(model, built / "by_duckdb", built / "by_spark")


@pytest.mark.soak
def test_a_part_of_the_tables_is_the_same_there_too(built: Path) -> None:
    project = load_project(built).model_copy(update={"warehouse": "part.duckdb"})
    run(on_spark(project, small=20_000), only=["stage_dropoff"])
    with (
        open_warehouse(built / "part.duckdb") as part,
        open_warehouse(built / "journeys.duckdb") as whole,
    ):
        assert part.table("stage_dropoff").equals(whole.table("stage_dropoff"))
        assert "loops" not in part.tables()


@pytest.mark.soak
def test_sessions_are_the_same_there_by_every_rule(tmp_path: Path) -> None:
    steps = [
        (0, "page", "a"),
        (5, "page", "b"),
        (7, "sent", ""),
        (15, "page", ""),
        (27, "page", ""),
    ]
    steps += [(38, "buy", ""), (99, "sent", ""), (120, "page", "")]
    rows = [
        (f"c{who}", str(datetime(2026, 3, 28, 23, 50) + timedelta(minutes=who + after)), *step, "")
        for who in range(12)
        for after, *step in steps
    ]  # in Madrid, an hour before the clocks go forward
    write_csv(tmp_path / "log.csv", HEADER, rows)
    rules = 'passive = "sent"\nsplit = ["day", "campaign"]\nlongest = "20 min"'
    text = told(session=rules, extra='timezone = "Europe/Madrid"')
    (tmp_path / "squiggle.toml").write_text(text, encoding="utf-8")
    tables = ("ordered_events", "session_places", "session_sums", "touchpoint_dwell")
    made = []
    for name in ("duckdb", "spark"):
        project = load_project(tmp_path).model_copy(update={"warehouse": f"{name}.duckdb"})
        run(project if name == "duckdb" else on_spark(project, small=-1), only=tables)
        with open_warehouse(project.warehouse_path) as warehouse:
            made.append([warehouse.rows(f"select * from {table} order by all") for table in tables])
            causes = warehouse.rows("select distinct split_no from session_sums order by 1")
    assert made[0] == made[1]
    assert causes == [(1,), (2,), (3,), (4,), (5,)]


def test_the_report_of_a_warehouse_that_spark_made_is_the_same(built: Path) -> None:
    reports = []
    for name in ("journeys", "spark"):
        with open_warehouse(built / f"{name}.duckdb") as warehouse:
            write_report(warehouse, built / f"{name}.html")
        reports.append((built / f"{name}.html").read_bytes())
    assert reports[0] == reports[1]


def test_large_tables_lie_beside_the_warehouse_and_are_asked_like_the_others(built: Path) -> None:
    (folder,) = beside(built / "spark.duckdb").iterdir()
    listed = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert {path.name for path in folder.iterdir()} == {*listed, "manifest.json"}
    assert "journey_steps" in listed
    with open_warehouse(built / "spark.duckdb") as warehouse:
        asked = "select count(*) from journey_steps inner join journeys using (customer_no)"
        assert warehouse.scalar(asked) > 0
        told = "select comment from duckdb_views() where view_name = 'ordered_events'"
        assert warehouse.scalar(told).startswith("One row per event")


@pytest.mark.soak
@pytest.mark.parametrize("small", [10_000, 300])
def test_small_tables_land_in_the_warehouse_and_duckdb_goes_on_from_there(
    small: int, built: Path, spark: Any, tmp_path: Path
) -> None:
    project = load_project(built).model_copy(update={"warehouse": "mixed.duckdb"})
    with pytest.MonkeyPatch.context() as patch:
        keep_tables(on_spark(project, small=small), tmp_path / "mixed", patch)
    told = {
        model.name: differences(model, built / "by_duckdb", tmp_path / "mixed") for model in MODELS
    }
    assert {name: text for name, text in told.items() if text} == {}
    (folder,) = beside(built / "mixed.duckdb").iterdir()
    listed = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert ("ordered_events" in listed) == (small == 300)
    assert "map_summary" not in listed


def test_text_is_trimmed_and_lowered_letter_by_letter_as_duckdb_does(spark: Any) -> None:
    letters = [chr(code) for code in (*range(1, 0x590), *range(0x1E00, 0x2C00))]
    texts = pa.table({"text": [*letters, *(f"{one}x" for one in letters), "ΟΔΟΣ", "ΟΔΟΣ Σ"]})
    asked = "select text, lower(text) as lowered, trim(text) as trimmed from texts"
    spark.createDataFrame(texts).createOrReplaceTempView("texts")
    one = duckdb.sql(asked).fetchall()
    other = [tuple(row.values()) for row in spark.sql(spark_sql(asked)).toArrow().to_pylist()]
    assert [pair for pair in zip(one, other, strict=True) if pair[0] != pair[1]] == []


def test_a_task_that_dies_is_done_again_and_its_rows_are_written_once(
    spark: Any, tmp_path: Path
) -> None:
    def dies(batches: Any) -> Any:
        import os
        import signal

        from pyspark import TaskContext

        for batch in batches:
            yield batch
            if TaskContext.get().attemptNumber() == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    with new_tables(tmp_path / "journeys.duckdb") as tables:
        rows = spark.range(0, 50_000, 1, 2).mapInArrow(dies, "id bigint")
        rows.write.parquet(f"file:{tables.room('steps')}")
        files = [str(file) for file in tables.keep("steps")]
        tables.finish({"steps"})
    asked = "select count(*), count(distinct id), min(id), max(id) from read_parquet($1)"
    assert duckdb.execute(asked, [files]).fetchall() == [(50_000, 50_000, 0, 49_999)]


@pytest.mark.soak
def test_files_are_loaded_in_tasks_that_die_to_the_same_bytes(spark: Any, tmp_path: Path) -> None:
    write_nasty(tmp_path)
    project = load_project(tmp_path)
    jobs = count(1)

    def dying(work: Any, listed: Any) -> Any:
        return spread(spark, partial(dies_after, tmp_path / f"{next(jobs)}", work), listed)

    stores = []
    for name, how in (("here", one_by_one), ("there", dying)):
        with locked(tmp_path / name) as store:
            parts = ingest(project, store, threads=1, spread=how)
        stores.append(
            [(one.entry, one.events.read_bytes(), one.rejects.read_bytes()) for one in parts]
        )
    assert next(jobs) > 2 and (tmp_path / "2").is_dir()
    assert len(stores[0]) == 4
    assert stores[0] == stores[1]
    assert any(entry.rows_rejected for entry, _, _ in stores[0])


def test_work_of_a_task_that_dies_is_done_again(spark: Any, tmp_path: Path) -> None:
    assert list(spread(spark, partial(dies_once, tmp_path), [0, 1, 2])) == [(0, 0), (1, 1), (2, 0)]


def test_what_is_wrong_with_a_file_is_told_as_it_is_without_spark(spark: Any) -> None:
    made = spread(spark, refuses, [0, 1, 2])
    assert next(made) == 0
    with pytest.raises(DataError, match=r"^file 1: this is wrong; mend it$"):
        next(made)


def test_spark_joins_the_ids_that_scipy_joins(spark: Any, tmp_path: Path) -> None:
    """Chains, hubs, a tree, a ring and a hundred drawn graphs, all side by side in one."""
    draw = np.random.default_rng(8)
    graphs = [CHAIN, BACKWARDS, SHUFFLED, HUB, HUBS, TREE, RING]
    for number in range(100):
        size = int(draw.integers(2, 30))
        graphs.append([tuple(map(int, pair)) for pair in draw.integers(1, size, (number, 2))])
    links = [
        (one + 10_000 * number, other + 10_000 * number)
        for number, graph in enumerate(graphs)
        for one, other in graph
    ]
    named = {"id_no": [one for one, _ in links], "other_id_no": [other for _, other in links]}
    spark.createDataFrame(pa.table(named)).createOrReplaceTempView("drawn_links")
    rooms = iter(range(1_000))

    def keep(name: str, sql: str) -> None:
        place = str(tmp_path / f"{name}_{next(rooms)}")
        spark.sql(spark_sql(sql)).write.parquet(place)
        spark.read.parquet(place).createOrReplaceTempView(name)

    def count(sql: str) -> int:
        return int(spark.sql(spark_sql(sql)).toArrow()[0][0].as_py())

    make_stars("stars", "drawn_links", keep, count)
    found = [tuple(row.values()) for row in spark.table("stars").toArrow().to_pylist()]
    assert len(found) == len(dict(found))
    assert dict(found) == components(links)
