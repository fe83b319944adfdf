"""The house rules that a machine can hold: floors, doors, sizes, names, and the lock file."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "pipeline"

# From the ground up. A room imports only from floors below its own.
FLOORS = (
    {"errors", "statistics"},
    {
        "alignment",
        "attribution",
        "faults",
        "figures",
        "formats",
        "graph",
        "likeness",
        "patterns",
        "stitch",
        "temporary",
        "values",
    },
    {"estimates", "models", "pains", "project", "pseudonyms"},
    {"dictionary", "progress", "settings", "warehouse"},
    {"definitions", "profiles", "questions"},
    {"compare", "credit", "customers", "flows", "funnel", "influence", "paths", "retention", "why"},
    {"checks", "engine", "ingest", "report", "sample"},
    {"inputs", "makers", "reuse"},
    {"run", "sniff"},
    {"sensitivity"},
    {"cli"},
    {"__main__"},
)
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}

# One door per library: nobody else imports it.
DOORS = {
    "click": {"cli"},
    "duckdb": {"ingest", "models", "warehouse"},
    "jinja2": {"report"},
    "networkx": {"graph", "stitch", "values"},
    "plotly": {"figures", "report"},
    "pydantic": {"project"},
    "pyspark": {"engine"},
    "sqlglot": {"engine"},
}
NO_NAMES = {"common", "helpers", "misc", "util", "utils"}
LINES = 300
# A run has no clock: `as_of` comes from the data.
CLOCKS = {"date.today", "datetime.now", "datetime.today", "datetime.utcnow", "time.time"}

MODULES = sorted(PACKAGE.rglob("*.py"))
WRITTEN = sorted(
    path
    for folder, pattern in (
        ("pipeline", "*.py"),
        ("pipeline", "*.sql"),
        ("sql", "*.sql"),
        ("tests", "*.py"),
    )
    for path in (ROOT / folder).rglob(pattern)
)


def each(paths: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", paths, ids=lambda path: str(path.relative_to(ROOT)))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def parts(path: Path) -> tuple[str, ...]:
    """Return the module's name inside the package: () for the package itself."""
    found = path.relative_to(PACKAGE).with_suffix("").parts
    return found[:-1] if found[-1] == "__init__" else found


def is_module(name: tuple[str, ...]) -> bool:
    place = PACKAGE.joinpath(*name)
    return place.is_dir() or place.with_suffix(".py").is_file()


def inner_imports(path: Path) -> Iterator[tuple[str, ...]]:
    """Yield the modules of the package that the file imports, also inside functions."""
    here = path.relative_to(PACKAGE).parts
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.ImportFrom) or not node.level:
            continue
        base = (*here[: len(here) - node.level], *(node.module or "").split("."))
        base = tuple(part for part in base if part)
        for alias in node.names:
            deeper = (*base, alias.name)
            yield deeper if is_module(deeper) else base


def outer_imports(path: Path) -> Iterator[str]:
    """Yield the top-level names of the libraries that the file imports."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield node.module.split(".")[0]


def test_every_room_has_a_floor() -> None:
    rooms = {parts(path)[0] for path in MODULES if parts(path)}
    assert rooms <= FLOOR.keys(), f"give them a floor: {sorted(rooms - FLOOR.keys())}"


@each(MODULES)
def test_imports_point_down(path: Path) -> None:
    room = next(iter(parts(path)), None)
    floor = FLOOR.get(room, len(FLOORS)) if room else len(FLOORS)
    upward = [
        ".".join(target)
        for target in inner_imports(path)
        if target and target[0] != room and FLOOR.get(target[0], -1) >= floor
    ]
    assert not upward, f"{path.name} is on floor {floor} and imports {upward}"


def test_imports_make_no_circle() -> None:
    graph: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for path in MODULES:
        graph.setdefault(parts(path), set()).update(
            target for target in inner_imports(path) if target != parts(path)
        )
    TopologicalSorter(graph).prepare()  # raises CycleError and names the circle


@each(MODULES)
def test_a_library_has_one_door(path: Path) -> None:
    room = next(iter(parts(path)), "")
    wrong = [name for name in outer_imports(path) if name in DOORS and room not in DOORS[name]]
    assert not wrong, f"only {[sorted(DOORS[name]) for name in wrong]} may import {wrong}"


@each(MODULES)
def test_the_package_imports_only_what_it_declares(path: Path) -> None:
    lines = project()["dependencies"]
    if parts(path)[:1] == ("engine",):
        lines = lines + project()["optional-dependencies"]["spark"]
    declared = {Requirement(line).name for line in lines}
    assert set(outer_imports(path)) <= declared | sys.stdlib_module_names


@each(MODULES)
def test_the_package_does_not_know_its_own_name(path: Path) -> None:
    named = [
        node.lineno
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"pipeline(\.\w+)*", node.value)
    ]
    assert not named, f"the string 'pipeline' stands in lines {named}"


@each(MODULES)
def test_a_run_has_no_clock(path: Path) -> None:
    calls = [ast.unparse(node.func) for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]
    asked = [call for call in calls if ".".join(call.split(".")[-2:]) in CLOCKS]
    assert not asked


@each(WRITTEN)
def test_a_file_has_one_subject_and_says_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LINES, "two subjects? split it"
    assert path.stem not in NO_NAMES, "name the subject"
    first = text.lstrip().split("\n", 1)[0]
    assert not text or first.startswith("-- " if path.suffix == ".sql" else '"""'), (
        "say the subject first"
    )


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def pinned(name: str) -> dict[str, Version]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return {found[1]: Version(found[2]) for found in re.finditer(r"(?m)^([\w.-]+)==([\w.]+)", text)}


@pytest.mark.parametrize("name", sorted(path.name for path in ROOT.glob("requirements*.lock")))
def test_the_lock_names_no_host_and_no_path(name: str) -> None:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if re.search(r"[/@]|^-|^ +(?! |--hash=sha256:)", line)] == []


def test_the_locks_hold_what_the_project_asks_for() -> None:
    runtime, development = pinned("requirements.lock"), pinned("requirements-dev.lock")
    spark, extras = pinned("requirements-spark.lock"), project()["optional-dependencies"]
    asked = project()["dependencies"], extras["dev"], extras["spark"]
    for lines, lock in zip(asked, (runtime, development, spark), strict=True):
        for requirement in map(Requirement, lines):
            assert requirement.specifier.contains(lock[requirement.name]), (
                f"{requirement}: make lock"
            )
    assert runtime.items() <= development.items(), "the two locks differ: make lock"
    both = spark.keys() & development.keys()
    assert all(spark[name] == development[name] for name in both), "the locks differ: make lock"
