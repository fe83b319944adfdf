"""Spark that is not in the command's own process: a server of Spark Connect, executors that die."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from pipeline.project import load_project
from pipeline.run import run
from pipeline.warehouse import literal, open_warehouse, quote

from .conftest import ROOT
from .engines import (
    FAST_EXECUTOR,
    FAST_START,
    INTERPRETED,
    MODELS,
    ON_SPARK,
    SETTINGS,
    differences,
    keep_tables,
)
from .far import differing as at_address
from .far import far, mounts, write_far
from .nasty import write_nasty

pytestmark = [pytest.mark.soak, *ON_SPARK]  # minutes each


def written(folder: Path) -> Path:
    """A folder with the nasty log and a project that leaves every table to Spark."""
    folder.mkdir()
    write_nasty(folder)
    settings = {**SETTINGS, **INTERPRETED, "spark.executor.extraJavaOptions": FAST_EXECUTOR}
    said = "".join(f'"{name}" = "{value}"\n' for name, value in settings.items())
    with (folder / "squiggle.toml").open("a", encoding="utf-8") as project:
        project.write(f"\n[engine]\nsmall = 0\nlinks = 0\n[engine.settings]\n{said}")
    return folder


def started(folder: Path, master: str) -> subprocess.Popen[str]:
    """A run on Spark in a process of its own."""
    told = ["--engine", "spark", "--master", master, "--no-report", "-p", str(folder)]
    return subprocess.Popen(
        [sys.executable, "-m", "pipeline", "run", *told],
        cwd=ROOT,
        env={**os.environ, "PYSPARK_PYTHON": sys.executable},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def tables(warehouse: Path, into: Path) -> Path:
    """Every table that a run leaves, as Parquet."""
    into.mkdir()
    with open_warehouse(warehouse) as built:
        for model in MODELS:
            if model.kind != "working":
                target = literal(str(into / f"{model.name}.parquet"))
                built.execute(f"copy (select * from {quote(model.name)}) to {target}")
    return into


def differing(folder: Path, tmp_path: Path) -> dict[str, str]:
    """What is not the same in the folder's warehouse and in one that DuckDB builds, by table."""
    plain = tmp_path / "plain"
    plain.mkdir()
    write_nasty(plain)
    one = tables(run(load_project(plain)).warehouse, tmp_path / "by_duckdb")
    other = tables(folder / "journeys.duckdb", tmp_path / "by_spark")
    told = {
        model.name: differences(model, one, other) for model in MODELS if model.kind != "working"
    }
    return {name: text for name, text in told.items() if text}


def executors(driver: int) -> list[int]:
    """The executors that a driver's process has started."""
    found, parents = [], {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                stat = (folder / "stat").read_text(encoding="utf-8")
                command = (folder / "cmdline").read_bytes()
            except OSError:
                continue
            parents[int(folder.name)] = int(stat.rpartition(")")[2].split()[1])
            if b"CoarseGrainedExecutorBackend" in command:
                found.append(int(folder.name))

    def is_below(process: int) -> bool:
        while process := parents.get(process, 0):
            if process == driver:
                return True
        return False

    return sorted(process for process in found if is_below(process))


def test_executors_that_are_killed_change_no_table(tmp_path: Path) -> None:
    folder = written(tmp_path / "log")
    with started(folder, "local-cluster[2,1,1024]") as process:
        killed = []
        for tables_before in (20, 80):
            while process.poll() is None:
                made = list((folder / "journeys.tables").glob("1/*/*.parquet"))
                alive = executors(process.pid)
                if len({file.parent.name for file in made}) >= tables_before and alive:
                    os.kill(alive[0], signal.SIGKILL)
                    killed.append(alive[0])
                    break
                time.sleep(0.2)
        told, _ = process.communicate()
    assert process.returncode == 0, told
    assert len(killed) == 2
    assert differing(folder, tmp_path) == {}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """A server of Spark Connect of its own; return its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    said = {name: value for name, value in SETTINGS.items() if name != "spark.driver.memory"}
    said |= {"spark.connect.grpc.binding.port": str(port), "spark.ui.enabled": "false"}
    home = str(files("pyspark"))
    listed = [f"--conf={name}={value}" for name, value in said.items()]
    with (tmp_path / "server.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            [
                *(f"{home}/bin/spark-submit", "--master", "local[2]"),
                *("--driver-memory", "1500m", "--driver-java-options", FAST_START, *listed),
                *("--class", "org.apache.spark.sql.connect.service.SparkConnectServer"),
                "spark-internal",
            ],
            env={**os.environ, "PYSPARK_PYTHON": sys.executable, "SPARK_HOME": home},
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )
    try:
        for _ in range(1_200):
            with socket.socket() as asked:
                if asked.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None, (tmp_path / "server.log").read_text(encoding="utf-8")
            time.sleep(0.1)
        yield f"sc://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def test_through_spark_connect_every_table_is_the_same(server: str, tmp_path: Path) -> None:
    folder = written(tmp_path / "log")
    with started(folder, server) as process:
        told, _ = process.communicate()
    assert process.returncode == 0, told
    assert differing(folder, tmp_path) == {}


def test_through_spark_connect_exports_at_an_address_give_the_same_tables(
    server: str, tmp_path: Path
) -> None:
    log = write_far(tmp_path / "far")
    there = far(log, small=10_000)
    engine = there.engine.model_copy(update={"master": server, "settings": mounts(log.folder)})
    other = {"engine": engine, "warehouse": "far.duckdb", "store": ".far"}
    with pytest.MonkeyPatch.context() as patch:
        keep_tables(log, log.folder / "by_duckdb", patch)
        keep_tables(there.model_copy(update=other), log.folder / "by_spark", patch)
    told = {model.name: at_address(model, log.folder) for model in MODELS}
    assert {name: text for name, text in told.items() if text} == {}
