"""What tests share: a pipeline run on a drawn table, and where the third-party exports are."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from pipeline.project import load_project
from pipeline.report import write_report
from pipeline.run import run
from pipeline.warehouse import Warehouse, open_warehouse

from .crooked import COLUMNS, HEADER, MORE, crooked_log
from .engines import local_spark
from .parts import models_of
from .walks import Walks, built_walks

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("SQUIGGLE_SHARED", ROOT.parent / "shared"))

settings.register_profile(
    "house",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.register_profile(
    "soak", settings.get_profile("house"), derandomize=False, max_examples=2_000
)
settings.load_profile("house")

collect_ignore_glob = ["bench/peers/by_*.py"]  # other tools, which the tests do not install

FIVE = ("Awareness", "Interest", "Consideration", "Purchase", "Loyalty")

Build = Callable[..., Warehouse]


def toml(
    *,
    stages: Sequence[str] = FIVE,
    goal: str = FIVE[-1],
    extra: str = "",
    map_extra: str = "",
    source_extra: str = "",
    columns: str = 'user_id = "who"\noccurred_at = "at"\nevent = "what"',
    files: str = "*.csv",
    rules: bool = True,
) -> str:
    """A project file for a log whose events are named after the stages."""
    listed = ", ".join(f'"{stage}"' for stage in stages)
    touchpoints = "".join(
        f'\n[[touchpoint]]\nname = "{stage}"\nstage = "{stage}"\nwhen = {{ event = "{stage}" }}\n'
        for stage in stages
    )
    return (
        f'name = "drawn"\n{extra}\n[[source]]\nname = "log"\nfiles = "{files}"\n{source_extra}\n'
        f"[source.columns]\n{columns}\n"
        f'\n[[map]]\nname = "journey"\nstages = [{listed}]\ngoal = "{goal}"\n{map_extra}\n'
        + (touchpoints if rules else "")
    )


def write_csv(path: Path, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Write a drawn table as CSV."""
    lines = [",".join(header), *(",".join(str(cell) for cell in row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def warehouse_in(folder: Path, project: str, **options: Any) -> Warehouse:
    """Write the project file beside its exports, run it, and open the warehouse."""
    (folder / "squiggle.toml").write_text(project, encoding="utf-8")
    return open_warehouse(run(load_project(folder), **options).warehouse)


@pytest.fixture(autouse=True)
def _tables(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a test is marked with `tables`, its runs make these, what they read, and their checks.

    A mark without names, over that of a module, has all made; wider fixtures are whole.
    """
    marked = request.node.get_closest_marker("tables")
    if marked is not None and marked.args:
        models = models_of(marked.args)
        monkeypatch.setitem(run.__globals__, "load_models", lambda: models)


@pytest.fixture
def build(tmp_path: Path) -> Iterator[Build]:
    """Return a function that runs the pipeline on files written by it, and opens the warehouse."""
    opened: list[Warehouse] = []
    counter = iter(range(1_000_000))

    def _build(
        rows: Sequence[Sequence[Any]],
        project: str,
        *,
        header: Sequence[str] = ("who", "at", "what"),
        **options: Any,
    ) -> Warehouse:
        folder = tmp_path / f"run{next(counter)}"
        folder.mkdir()
        write_csv(folder / "log.csv", header, rows)
        return _open(folder, project, **options)

    def _open(folder: Path, project: str, **options: Any) -> Warehouse:
        warehouse = warehouse_in(folder, project, **options)
        opened.append(warehouse)
        return warehouse

    _build.in_folder = _open  # type: ignore[attr-defined]
    yield _build
    for warehouse in opened:
        warehouse.close()


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """Return the session that every run of a module's tests uses, too."""
    with local_spark() as opened:
        yield opened


def shared(*parts: str) -> Path:
    """Return a path under the third-party exports, or skip the test and say so."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"third-party export {'/'.join(parts)} is not on this machine")
    return path


@pytest.fixture(scope="session")
def sample_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the warehouse of the sample: built once per worker, in a copy of its folder."""
    folder = tmp_path_factory.mktemp("built") / "data" / "sample"
    made = shutil.ignore_patterns(".squiggle", "*.duckdb*", "report.html")
    shutil.copytree(ROOT / "data" / "sample", folder, ignore=made)
    return run(load_project(folder)).warehouse


@pytest.fixture(scope="session")
def walks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walks]:
    """Return random walks in a warehouse: built once per worker."""
    found = built_walks(tmp_path_factory.mktemp("walks"))
    yield found
    found.warehouse.close()


@pytest.fixture(scope="session")
def crooked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """Return the warehouse of the crooked log: built once per worker, and only read."""
    folder = tmp_path_factory.mktemp("crooked")
    write_csv(folder / "log.csv", HEADER, crooked_log())
    known = 'recorded_since = "2025-11-20"'
    project = toml(columns=COLUMNS, extra='as_of = "2026-07-01"', source_extra=known) + MORE
    with warehouse_in(folder, project) as warehouse:
        yield warehouse


@pytest.fixture(scope="session")
def small_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a project of one customer and two events that has been run once."""
    folder = tmp_path_factory.mktemp("small")
    rows = [("ann", "2026-01-01 10:00:00", FIVE[0]), ("ann", "2026-01-02 10:00:00", FIVE[-1])]
    write_csv(folder / "log.csv", ("who", "at", "what"), rows)
    (folder / "squiggle.toml").write_text(toml(), encoding="utf-8")
    project = load_project(folder)
    with open_warehouse(run(project).warehouse) as warehouse:
        write_report(warehouse, project.report_path)
    return folder


@pytest.fixture
def project(small_project: Path, tmp_path: Path) -> Path:
    """Return a copy of the small project, to be broken."""
    return Path(shutil.copytree(small_project, tmp_path / "project"))
