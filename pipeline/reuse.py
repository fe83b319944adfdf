"""What a run need not make again: tables of which all that decides their rows is as it was."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa

from .errors import DataError, nearest
from .models import Model, behind, through_views

NOTES = "tables.json"
"""The file in the event store's folder that keeps the prints of the tables of a warehouse."""

Prints = Mapping[str, str]
"""For each model a fingerprint of all that decides its rows: equal prints, equal rows."""

LIBRARIES = ("duckdb", "numpy", "pandas", "pyarrow", "scipy", "networkx")
"""Libraries that make figures: another release makes every table anew."""

_KEPT = ("table", "python", "input")
"""Kinds whose rows lie in the file. Of the others those are made that are read."""
LOADED = "loaded_events"
"""The view that the run itself lays over the event store."""
BASE = ("input_files", "customers", "journeys", "identity_changes")
"""What every warehouse holds: what a run says at its end, and which ids have changed hands."""
_STAR = re.compile(r"\w\.\*|(?:\bselect|\bdistinct|,)\s*\*|(?:^|[(;])\s*from\b", re.IGNORECASE)


@dataclass(frozen=True)
class Plan:
    """What a run makes: `models` in their order; `kept` are tables that stay as they are.

    `causes` are the models and settings that changed themselves, not because of what they read; of
    them those that others read, if there are any. `there` are the names of all tables and views
    that there are afterwards, and of the checks that hold for them.
    """

    models: tuple[Model, ...]
    kept: frozenset[str]
    causes: tuple[str, ...]
    there: frozenset[str]

    @property
    def made(self) -> int:
        """How many tables of the file are made."""
        return sum(_is_kept(model) for model in self.models)


def prints(
    models: Sequence[Model], inputs: Mapping[str, pa.Table], views: Mapping[str, str]
) -> dict[str, str]:
    """Return the fingerprint of every model: of its file, of our code, and of all that it reads.

    `inputs` are the rows that the run itself fills; a model that reads some columns of them
    depends on these alone. `views` are SELECTs that the run itself writes.
    """
    named = {model.name: model for model in models}
    code = _code()
    found: dict[str, str] = {}
    for model in models:
        parts = [code, model.path.read_text(encoding="utf-8"), views.get(model.name, "")]
        if model.name in inputs:
            parts.append(_digest(inputs[model.name]))
        for name in model.reads:
            is_input = named[name].kind == "input" and name in inputs
            parts.append(_digest(_read(model, inputs[name])) if is_input else found[name])
        found[model.name] = _hashed(json.dumps(parts))
    return found


def wanted(models: Sequence[Model], only: Collection[str] | None) -> frozenset[str]:
    """Return the names of what is made for the tables `only`: all that they are made of.

    Settings belong to it, what every warehouse holds, and the checks that read nothing else. None
    asks for every table. Raises DataError for a table that there is not.
    """
    tables = [model.name for model in models if model.kind != "check"]
    if only is None:
        return frozenset(model.name for model in models)
    for name in only:
        if name not in tables:
            raise DataError(f"{name!r}: there is no such table; {nearest(name, tables)}")
    found = {model.name for model in behind((*only, *BASE), models)}
    found |= {model.name for model in models if model.kind == "input" and not model.reads}
    checks = [model for model in models if model.kind == "check" and found.issuperset(model.reads)]
    return frozenset(found | {check.name for check in checks})


def plan(
    models: Sequence[Model],
    now: Prints,
    before: Prints,
    *,
    stale: Collection[str] = (),
    only: Collection[str] | None = None,
) -> Plan:
    """Return what has to be made where the tables of the prints `before` are there; else all is.

    `stale` are tables that are made in any case. Of views and working tables only those are made
    that something reads that is made. Where `only` some tables are asked for, those that would come
    out another way and are not among them go.
    """
    within = wanted(models, only)
    if not before:
        made = tuple(model for model in models if model.name in within)
        return Plan(made, frozenset(), (), _there(models, within))
    named = {model.name: model for model in models}
    changed = {name for name in named if now[name] != before.get(name)} | set(stale)
    make = {name for name in changed & within if named[name].kind not in ("view", "working")}
    open_ends = list(make)
    while open_ends:
        for name in through_views(named[open_ends.pop()], named):
            if named[name].kind not in _KEPT and name not in make:
                make.add(name)
                open_ends.append(name)
    was_there = {name for name in changed if name in before}
    if make or was_there:
        make.add(LOADED)  # then every view is laid anew, also where only its own SELECT changed
    causes = [
        name
        for name, model in named.items()
        if name in was_there and changed.isdisjoint(model.reads)
    ]
    read = {name for model in models for name in model.reads}
    causes = [name for name in causes if name in read] or causes
    same = {name for name in named if name in before and name not in changed}
    kept = frozenset(name for name in same if _is_kept(named[name]))
    held = {name for name in same if named[name].kind == "check"}
    return Plan(
        tuple(model for model in models if model.name in make),
        kept,
        tuple(causes),
        _there(models, kept | held | make),
    )


def _there(models: Sequence[Model], tables: Collection[str]) -> frozenset[str]:
    """The names of these tables, and of all views that read nothing else."""
    found = {*tables}
    for model in models:
        if model.kind in ("view", "working") and found.issuperset(model.reads):
            found.add(model.name)
    return frozenset(found)


def _is_kept(model: Model) -> bool:
    return model.kind in _KEPT and model.name != LOADED


def _read(model: Model, rows: pa.Table) -> pa.Table:
    """The columns of a table that a model can read: those that its SELECT names."""
    if not model.sql or _STAR.search(model.sql):
        return rows
    words = set(re.findall(r"\w+", model.sql.lower()))
    return rows.select([name for name in rows.column_names if name.lower() in words])


def _digest(rows: pa.Table) -> str:
    """A fingerprint of rows in their order; also of how many there are without any column."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema) as stream:
        stream.write_table(rows.combine_chunks())
    return f"{len(rows)} {hashlib.sha256(sink.getvalue()).hexdigest()}"


def _code() -> str:
    """A fingerprint of the package's Python and of the libraries that make figures."""
    found = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        found.update(path.read_bytes())
    found.update(json.dumps([version(name) for name in LIBRARIES]).encode())
    return found.hexdigest()


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def remembered(store: Path, warehouse: Path) -> Prints:
    """Return the prints of the tables in a warehouse; none where it is not as a run left it."""
    note = _notes(store).get(str(warehouse.resolve()), {})
    if not warehouse.is_file() or note.get("file") != _stamp(warehouse):
        return {}
    found: Prints = note["prints"]
    return found


def remember(store: Path, warehouse: Path, found: Prints) -> None:
    """Keep the prints of the tables in a warehouse that has just been moved into place."""
    notes = {path: note for path, note in _notes(store).items() if Path(path).is_file()}
    notes[str(warehouse.resolve())] = {"file": _stamp(warehouse), "prints": dict(found)}
    part = store / f"{NOTES}.part"
    part.write_text(json.dumps(notes, indent=1, sort_keys=True), encoding="utf-8")
    part.replace(store / NOTES)


def _notes(store: Path) -> dict[str, Any]:
    """What earlier runs kept; a note that cannot be read says nothing."""
    try:
        found = json.loads((store / NOTES).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _stamp(warehouse: Path) -> list[int]:
    """What changes when somebody writes into the file."""
    found = warehouse.stat()
    return [found.st_size, found.st_mtime_ns, found.st_ino]
