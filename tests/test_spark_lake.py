"""Exports at addresses that only Spark reads, and an event store there: the same tables."""

from __future__ import annotations

import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from pipeline.engine.lake import LakeStore
from pipeline.engine.tasks import spread
from pipeline.errors import DataError, ProjectError
from pipeline.ingest import Part, ingest, one_by_one
from pipeline.ingest.store import locked
from pipeline.models import Model
from pipeline.project import Project, load_project
from pipeline.run import run
from pipeline.warehouse import open_warehouse

from .commands import refused
from .engines import MODELS, ON_SPARK, keep_tables
from .far import (
    HOME,
    LAKE,
    LOADED,
    differing,
    far,
    in_lake,
    loaded,
    rows_of,
    seen,
    write_far,
)

pytestmark = ON_SPARK


@pytest.fixture
def log(spark: Any, tmp_path: Path) -> Project:
    """Return the log in a folder of its own, which the session sees at `HOME`, too."""
    (tmp_path / "lake").mkdir()
    return seen(spark, write_far(tmp_path))


@pytest.fixture(scope="module")
def first(spark: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, list[Part]]:
    """Return the log and its parts, loaded into a lake by tasks of which the first ones die."""
    folder = tmp_path_factory.mktemp("stocked")
    project = seen(spark, write_far(folder))
    (folder / "lake").mkdir()
    parts, _ = loaded(project, spark, "one", dying=folder / "died")
    assert (folder / "died").is_dir()
    return project, parts


@pytest.fixture
def stocked(first: tuple[Project, list[Part]], spark: Any, tmp_path: Path) -> Project:
    """Return a copy of the loaded log and its lake."""
    shutil.copytree(first[0].folder, tmp_path, dirs_exist_ok=True)
    return seen(spark, load_project(tmp_path))


@pytest.fixture(scope="module")
def built(spark: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the log built from its folders, and from addresses through a lake."""
    folder = tmp_path_factory.mktemp("far")
    project = write_far(folder)
    other = project.model_copy(update={"warehouse": "far.duckdb", "store": ".far"})
    with pytest.MonkeyPatch.context() as patch:
        keep_tables(project, folder / "by_duckdb", patch)
        keep_tables(far(other, small=10_000), folder / "by_spark", patch)
    return folder


@pytest.mark.soak
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_every_table_is_that_of_the_same_exports_in_folders(model: Model, built: Path) -> None:
    assert not differing(model, built)


@pytest.mark.soak
def test_the_log_has_what_can_go_wrong(built: Path) -> None:
    with duckdb.connect(built / "far.duckdb", read_only=True) as warehouse:
        asked = (
            "select sum(rows_duplicate) > 200, sum(rows_rejected), count(fault) from input_files"
        )
        assert warehouse.execute(asked).fetchall() == [(True, 7, 1)]
        asked = "select count(distinct reason) from rejected_rows"
        assert warehouse.execute(asked).fetchall() == [(6,)]


@pytest.mark.soak
def test_tables_beside_the_warehouse_are_asked_without_the_lake_and_nothing_stays_there(
    built: Path,
) -> None:
    kept = [path for path in (built / "lake").rglob("*") if path.is_file() and path.stat().st_size]
    assert {path.relative_to(built / "lake" / "squiggle").parts[0] for path in kept} == {"store"}
    (built / "lake").rename(built / "away")
    try:
        with open_warehouse(built / "far.duckdb") as warehouse:
            asked = "select count(*) from loaded_events"
            (events,) = warehouse.rows(asked)[0]
            assert events == warehouse.scalar(
                "select sum(rows_loaded + rows_duplicate) from input_files"
            )
    finally:
        (built / "away").rename(built / "lake")


def test_what_is_loaded_there_is_what_is_loaded_here_also_when_tasks_die(
    first: tuple[Project, list[Part]], stocked: Project, spark: Any
) -> None:
    with locked(stocked.folder / "here") as store:
        here = ingest(stocked, store, threads=1, spread=one_by_one)
    lake = LakeStore(spark, LAKE, LOADED)
    assert [part.entry.name for part in first[1]] == [f"{HOME}/{one.entry.name}" for one in here]
    for one, other in zip(here, first[1], strict=True):
        assert replace(other.entry, name="") == replace(one.entry, name="")
        assert pq.read_table(other.rejects) == pq.read_table(one.rejects)
        assert other.events.parent.name == one.events.parent.name
        if one.entry.rows_accepted:
            assert rows_of(other, lake) == rows_of(one, None)


@pytest.mark.soak
def test_exports_in_folders_are_loaded_into_a_lake_too(log: Project, spark: Any) -> None:
    parts = []
    for name, lake in (("here", None), ("there", LakeStore(spark, LAKE, LOADED))):
        with locked(log.folder / name) as store:
            spreading = one_by_one if lake is None else partial(spread, spark)
            parts.append(ingest(log, store, threads=1, spread=spreading, lake=lake))
    assert [one.entry for one in parts[0]] == [one.entry for one in parts[1]]
    here, there = parts[0][1], parts[1][1]
    assert here.entry.rows_accepted and rows_of(here, None) == rows_of(there, lake)


def test_what_is_in_the_lake_is_not_loaded_again_wherever_the_command_runs(
    first: tuple[Project, list[Part]], stocked: Project, spark: Any
) -> None:
    before = in_lake(stocked)
    again, _ = loaded(stocked, spark, "one")
    elsewhere, _ = loaded(stocked, spark, "other")
    assert in_lake(stocked) == before
    for one, other in ((first[1], again), (first[1], elsewhere)):
        assert [part.entry for part in one] == [part.entry for part in other]
        told = [[part.rejects.read_bytes() for part in parts] for parts in (one, other)]
        assert told[0] == told[1]


def test_a_batch_that_no_ledger_lists_is_never_taken_and_goes(stocked: Project, spark: Any) -> None:
    shutil.rmtree(stocked.folder / "lake" / "squiggle" / "store" / "ledger")
    killed = {name for name in in_lake(stocked) if "batch=1" in name}
    assert not LakeStore(spark, LAKE, LOADED).keys()
    loaded(stocked, spark, "one")
    assert killed and not killed & in_lake(stocked)
    assert all("/batch=2/" in name or "/ledger/1/" in name for name in in_lake(stocked))


@pytest.mark.soak
def test_an_export_that_was_lost_or_changed_is_loaded_and_nothing_stays_of_the_older_one(
    first: tuple[Project, list[Part]], stocked: Project, spark: Any
) -> None:
    keys = {Path(part.entry.name).name: part.events.parent.name for part in first[1]}
    lost, older = keys["web2.csv"], keys["desk.jsonl"]
    (folder,) = (stocked.folder / "lake").rglob(f"part_key={lost}")
    shutil.rmtree(folder)
    export = stocked.folder / "exports" / "desk.jsonl"
    export.write_bytes(export.read_bytes().replace(b'"call', b'"Call'))
    assert LakeStore(spark, LAKE, LOADED).keys() == {*keys.values()} - {lost}
    parts, lake = loaded(stocked, spark, "one")
    (newer,) = (part.events.parent.name for part in parts if "desk" in part.entry.name)
    assert lake.keys() == {*keys.values()} - {older} | {newer}
    files = in_lake(stocked)
    assert not [name for name in files if older in name]
    assert {name.split("batch=")[1][0] for name in files if lost in name or newer in name} == {"2"}
    assert len([name for name in files if "/ledger/" in name]) == 1


def test_of_what_is_forgotten_nothing_stays_but_a_ledger_that_says_so(
    stocked: Project, spark: Any
) -> None:
    ledgers = stocked.folder / "lake" / "squiggle" / "store" / "ledger"
    shutil.copytree(ledgers / "1", stocked.folder / "older")
    LakeStore(spark, LAKE, LOADED).forget_others(set())
    (ledger,) = in_lake(stocked)
    assert "/ledger/2/" in ledger and not len(pq.read_table(ledger))
    # A run that was killed before it removed the ledger of before: the last one counts.
    shutil.copytree(stocked.folder / "older", ledgers / "1", dirs_exist_ok=True)
    assert not LakeStore(spark, LAKE, LOADED).keys()


@pytest.mark.soak
def test_to_check_works_in_a_lake_of_its_own_and_keeps_nothing_there_though_it_fails(
    log: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        met.append(any("/squiggle/check/store/parts/" in path for path in in_lake(log)))
        raise DataError("enough")

    met: list[bool] = []
    monkeypatch.setitem(run.__globals__, "plan", fail)
    file = log.folder / "squiggle.toml"
    engine = f'[engine]\nname = "spark"\nlake = "{LAKE}/"\n'
    file.write_text(file.read_text(encoding="utf-8") + engine, encoding="utf-8")
    assert refused("check", "-p", log.folder) == "enough"
    assert met == [True]
    (ledger,) = in_lake(log)
    assert "/squiggle/check/store/ledger/" in ledger and not len(pq.read_table(ledger))


def test_a_lake_that_spark_does_not_reach_is_one_sentence(spark: Any) -> None:
    with pytest.raises(ProjectError, match=r"lake: 'nowhere://b': Spark cannot look there: No Fil"):
        LakeStore(spark, "nowhere://b", LOADED)


@pytest.mark.soak  # minutes
@pytest.mark.parametrize("lake, small", [(LAKE, -1), (LAKE, 300), (None, 300)])
def test_every_table_is_the_same_wherever_they_lie(
    lake: str | None, small: int, log: Project, spark: Any
) -> None:
    other = log.model_copy(update={"warehouse": "far.duckdb", "store": ".far"})
    with pytest.MonkeyPatch.context() as patch:
        keep_tables(log, log.folder / "by_duckdb", patch)
        keep_tables(far(other, small=small, lake=lake), log.folder / "by_spark", patch)
    told = {model.name: differing(model, log.folder) for model in MODELS}
    assert {name: text for name, text in told.items() if text} == {}
    run(far(other, small=small, lake=lake))
