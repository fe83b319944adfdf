"""The distribution: it holds every file of the package and every model, and it runs elsewhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "data" / "sample"

pytestmark = pytest.mark.wheel


def run(*command: str | Path, folder: Path) -> str:
    """Run a command without the environment's own Python settings and return what it prints."""
    surroundings = {name: value for name, value in os.environ.items() if "PYTHON" not in name}
    done = subprocess.run(
        list(map(str, command)), cwd=folder, env=surroundings, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def files(folder: Path, prefix: str) -> set[str]:
    return {
        f"{prefix}/{path.relative_to(folder).as_posix()}"
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.name[0] != "."
    }


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel and the source distribution, without network, and return their folder."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "hatchling", "build", "-d", folder, folder=ROOT)
    return folder


def test_the_wheel_holds_the_package_and_the_models_and_nothing_else(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert held == files(ROOT / "pipeline", "pipeline") | files(ROOT / "sql", "pipeline/sql")


def test_the_source_distribution_can_be_tested(built: Path) -> None:
    (source,) = built.glob("*.tar.gz")
    with tarfile.open(source) as archive:
        held = {name.split("/", 1)[1] for name in archive.getnames()}
    for folder in ("pipeline", "sql", "tests", "docs"):
        assert files(ROOT / folder, folder) <= held
    assert {"README.md", "LICENSE", "pyproject.toml", "Makefile"} <= held


def test_the_installed_wheel_runs_the_sample_elsewhere(built: Path, tmp_path: Path) -> None:
    (wheel,) = built.glob("*.whl")
    venv.create(tmp_path / "venv", with_pip=False)
    scripts = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / "python"
    run(
        *(sys.executable, "-m", "pip", "--python", python, "install", "--quiet"),
        *("--no-deps", "--no-index", "--no-compile", wheel),
        folder=tmp_path,
    )
    # The libraries come from here: a path file is read, but the ones beside them are not,
    # so this checkout's own editable install stays out of sight.
    (ours,) = (tmp_path / "venv").rglob("site-packages")
    (ours / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    shutil.copytree(
        SAMPLE,
        tmp_path / "sample",
        ignore=shutil.ignore_patterns(".squiggle", "*.duckdb*", "report.html"),
    )

    where = run(python, "-c", "import pipeline; print(pipeline.__file__)", folder=tmp_path)
    assert Path(where.strip()).is_relative_to(ours)
    run(scripts / "squiggle", "run", "--project", "sample", folder=tmp_path)
    assert (tmp_path / "sample" / "journeys.duckdb").is_file()
    assert (tmp_path / "sample" / "report.html").is_file()
