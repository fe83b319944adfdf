"""The notebooks: committed without outputs, on the public API and SQL only, and they run."""

from __future__ import annotations

import ast
import importlib
import json
import os
import sys
from pathlib import Path
from types import ModuleType

import nbformat
import pytest
from nbclient import NotebookClient

import pipeline

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
TIMEOUT = 180  # seconds that one cell may take

each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def code(path: Path) -> str:
    return "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "code")


def public(name: str) -> ModuleType:
    module = importlib.import_module(name)
    assert hasattr(module, "__all__"), f"{name} has no public names"
    return module


def test_there_are_notebooks() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["squiggle", "tour"]


@each
def test_a_notebook_is_committed_without_outputs(path: Path) -> None:
    notebook = read(path)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
    assert notebook.metadata.get("widgets") is None


@each
def test_a_notebook_explains_itself(path: Path) -> None:
    cells = read(path).cells
    assert cells[0].cell_type == "markdown"
    assert cells[0].source.startswith("# ")
    assert sum(cell.cell_type == "markdown" for cell in cells) >= len(cells) / 3


@each
def test_a_notebook_calls_the_public_names_only(path: Path) -> None:
    for node in ast.walk(ast.parse(code(path))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "pipeline":
            names = {alias.name for alias in node.names}
            assert names <= set(public(str(node.module)).__all__)
        if isinstance(node, ast.Import):
            assert not any(
                alias.name.split(".")[0] in {"pipeline", "duckdb"} for alias in node.names
            )
        if isinstance(node, ast.Attribute):
            assert not node.attr.startswith("_"), node.attr


@each
def test_a_notebook_runs(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = written()
    for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    desk = tmp_path / "desk"
    desk.mkdir()
    surroundings = {
        **os.environ,
        "PYTHONPATH": str(Path(pipeline.__file__).parents[1]),
        "PYTHONWARNINGS": "default",
        "TMPDIR": str(desk),
    }
    notebook = read(path)
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    client = NotebookClient(
        notebook,
        timeout=TIMEOUT,
        kernel_name=kernel(tmp_path),
        resources={"metadata": {"path": str(path.parent)}},
    )
    client.execute(env=surroundings)
    told = [
        output.text
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type == "stream" and output.name == "stderr"
    ]
    assert told == [], "a notebook runs without a warning"
    assert not list(desk.iterdir()), "a notebook tidies up"
    assert written() == before, "a notebook writes only to a temporary folder"


def kernel(folder: Path) -> str:
    """Describe a kernel that is this very interpreter, whatever kernels the machine has."""
    name = "this-interpreter"
    spec = folder / "kernels" / name
    spec.mkdir(parents=True)
    command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    told = {"argv": command, "display_name": name, "language": "python"}
    (spec / "kernel.json").write_text(json.dumps(told), encoding="utf-8")
    return name


def written() -> set[Path]:
    """Return what lies in the folders that a notebook could write to by mistake."""
    return {
        path
        for name in ("notebooks", "data")
        for path in (ROOT / name).rglob("*")
        if path.is_file()
    }
