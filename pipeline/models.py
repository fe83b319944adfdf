"""The files under `sql/` read as promises: header, grain, columns, what they read, their order."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, Literal, cast, get_args

import duckdb

from .errors import ModelError

Kind = Literal["table", "view", "working", "input", "python", "check", "asked"]

QUESTIONS = "questions"
"""The folder of the models that are built when a question is asked, not by a run."""


@dataclass(frozen=True)
class Column:
    """A column as its model promises it."""

    name: str
    type: str
    meaning: str


@dataclass(frozen=True)
class Model:
    """One file under `sql/`: one table of the warehouse, or one check."""

    name: str
    floor: str
    kind: Kind
    summary: str
    notes: str
    grain: tuple[str, ...]
    columns: tuple[Column, ...]
    reads: tuple[str, ...]
    ranges: str | None
    needs: str | None
    sql: str
    path: Path


def sql_folder() -> Path:
    """Return where the models are: beside the package in a checkout, inside it in a wheel."""
    here = Path(__file__).parent
    inside = here / "sql"
    return inside if inside.is_dir() else here.parent / "sql"


def load_models(folder: Path | None = None) -> tuple[Model, ...]:
    """Return every model of a run in an order in which each comes after all that it reads.

    Raises ModelError for a broken header, a table that nobody makes, or a circle.
    """
    return tuple(model for model in _load(folder) if model.floor != QUESTIONS)


def load_questions(folder: Path | None = None) -> tuple[Model, ...]:
    """Return every model that is built when a question is asked, each after what it reads.

    Raises ModelError as `load_models` does.
    """
    return tuple(model for model in _load(folder) if model.floor == QUESTIONS)


@cache
def _load(folder: Path | None) -> tuple[Model, ...]:
    models: dict[str, Model] = {}
    for model in read_models(sorted((folder or sql_folder()).rglob("*.sql"))):
        if model.name in models:
            raise ModelError(f"{model.path}: there is another model of this name; rename one")
        models[model.name] = model
    for model in models.values():
        for name in model.reads:
            if name not in models:
                raise ModelError(f"{model.path}: reads {name!r}, which no model makes")
            if models[name].floor == QUESTIONS != model.floor:
                raise ModelError(f"{model.path}: reads {name!r}, which is made only when asked")
    graph = {name: sorted(model.reads) for name, model in sorted(models.items())}
    try:
        order = tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise ModelError(f"sql/: models read each other in a circle: {error.args[1]}") from None
    floor_first = sorted(order, key=lambda name: models[name].floor)
    ranked = _stable(floor_first, graph)
    return tuple(models[name] for name in ranked)


def _stable(names: list[str], graph: dict[str, list[str]]) -> list[str]:
    """Names in the order of their floors, each after what it reads."""
    done: dict[str, None] = {}

    def visit(name: str) -> None:
        if name not in done:
            for earlier in graph[name]:
                visit(earlier)
            done[name] = None

    for name in names:
        visit(name)
    return list(done)


def read_models(paths: Sequence[Path]) -> list[Model]:
    """Return the models in the files; raises ModelError where one is not as it must be."""
    texts = {path: _head_and_sql(path) for path in paths}
    read = tables_read({str(path): sql for path, (_, sql) in texts.items() if sql})
    return [_model(path, *texts[path], read.get(str(path), ())) for path in paths]


def _head_and_sql(path: Path) -> tuple[list[str], str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    head = []
    for line in lines:
        if not line.startswith("--"):
            break
        head.append(line[2:].removeprefix(" ").rstrip())
    return head, "\n".join(lines[len(head) :]).strip()


def _model(path: Path, head: list[str], sql: str, read: tuple[str, ...]) -> Model:
    summary, notes, fields, columns = _header(head, path)
    floor = path.parent.name
    kind = cast(Kind, fields.get("kind", "check" if floor == "checks" else "table"))
    if kind not in get_args(Kind):
        raise ModelError(f"{path}: kind {kind!r} is not known")
    if kind != "check" and not columns:
        raise ModelError(f"{path}: the header lists no columns")
    if kind in ("input", "python", "asked") and sql:
        raise ModelError(f"{path}: a model that Python fills has no SQL")
    if kind in ("table", "view", "working", "check") and not sql:
        raise ModelError(f"{path}: there is no SELECT below the header")
    listed = fields.get("reads", "")
    reads = tuple(re.findall(r"\w+", listed)) if kind in ("input", "python", "asked") else read
    grain = tuple(re.findall(r"\w+", fields.get("grain", "")))
    if fields.get("needs", reads[0] if reads else None) not in (*reads, None):
        raise ModelError(f"{path}: needs {fields['needs']!r}, which it does not read")
    missing = [name for name in grain if name not in {column.name for column in columns}]
    if missing and kind != "check":
        raise ModelError(f"{path}: the grain names {missing[0]!r}, which is no column")
    return Model(
        path.stem,
        floor,
        kind,
        summary,
        notes,
        grain,
        tuple(columns),
        reads,
        fields.get("ranges"),
        fields.get("needs"),
        sql,
        path,
    )


_TYPES = {"TEXT": "VARCHAR", "INT": "INTEGER"}


def _header(head: list[str], path: Path) -> tuple[str, str, dict[str, str], list[Column]]:
    paragraphs: list[str] = []
    fields: dict[str, str] = {}
    columns: list[Column] = []
    in_columns = False
    text: list[str] = []
    for line in [*head, ""]:
        field = re.match(r"(grain|kind|reads|ranges|needs|columns):\s*(.*)$", line)
        column = re.match(r"  (\w+)\s{2,}(\S+(?:\(\d+,\d+\))?)\s{2,}(.+)$", line)
        if field:
            in_columns = field[1] == "columns"
            fields[field[1]] = field[2]
        elif in_columns and column:
            columns.append(
                Column(column[1], _TYPES.get(kind := column[2].upper(), kind), column[3])
            )
        elif in_columns and line.startswith("     ") and columns:
            last = columns.pop()
            columns.append(Column(last.name, last.type, f"{last.meaning} {line.strip()}"))
        elif in_columns and line.strip():
            raise ModelError(f"{path}: this line of the header is no column: {line!r}")
        elif line.strip():
            text.append(line.strip())
        elif text:
            paragraphs.append(" ".join(text))
            text = []
    if not paragraphs:
        raise ModelError(f"{path}: the header must begin with a sentence")
    return paragraphs[0], "\n\n".join(paragraphs[1:]), fields, columns


def tables_read(selects: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return for each SELECT, by its name, the tables that it reads, sorted; no CTEs.

    DuckDB's own parser reads all of them at once.
    """
    asked = (
        "select json_serialize_sql(sql, skip_null := true, skip_empty := true, "
        "skip_default := true) from (select unnest($sql) as sql)"
    )
    found: dict[str, tuple[str, ...]] = {}
    with duckdb.connect() as parser:
        rows = parser.execute(asked, {"sql": list(selects.values())}).fetchall()
    for name, (text,) in zip(selects, rows, strict=True):
        tree = json.loads(text)
        if tree.get("error"):
            raise ModelError(f"{name}: {tree.get('error_message')}")
        if len(tree["statements"]) != 1:
            raise ModelError(f"{name}: a model is one SELECT, here are {len(tree['statements'])}")
        names: set[str] = set()
        _collect(tree["statements"][0], frozenset(), names)
        found[name] = tuple(sorted(names))
    return found


def _collect(node: Any, hidden: frozenset[str], names: set[str]) -> None:
    if isinstance(node, list):
        for item in node:
            _collect(item, hidden, names)
        return
    if not isinstance(node, dict):
        return
    entries = (
        node.get("cte_map", {}).get("map", []) if isinstance(node.get("cte_map"), dict) else []
    )
    hidden = hidden | {str(entry["key"]).lower() for entry in entries}
    if node.get("type") == "BASE_TABLE" and node["table_name"].lower() not in hidden:
        names.add(str(node["table_name"]).lower())
    for value in node.values():
        _collect(value, hidden, names)


def behind(names: Collection[str], models: Sequence[Model]) -> tuple[Model, ...]:
    """Return the models of these names and all that they are made of, in their order."""
    named = {model.name: model for model in models}
    found: set[str] = set()
    open_ends = list(names)
    while open_ends:
        name = open_ends.pop()
        if name not in found:
            found.add(name)
            open_ends += named[name].reads
    return tuple(model for model in models if model.name in found)


def through_views(model: Model, models: Mapping[str, Model]) -> list[str]:
    """Return what a model reads, through views down to tables; views after what they read."""
    found: dict[str, None] = {}

    def visit(name: str) -> None:
        if models[name].kind == "view":
            for inner in models[name].reads:
                visit(inner)
        found[name] = None

    for name in model.reads:
        visit(name)
    return list(found)
