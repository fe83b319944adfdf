"""A funnel written as a TOML file: the same words as `Funnel`, steps and exclusions as tables."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

from ..errors import DataError, nearest
from ..questions import Scope
from .definition import Exclusion, Funnel, Step

_STEP = ("any_of", "name", "optional", "within", "after")
_EXCLUSION = ("any_of", "after_step", "before_step")
_SCOPE = {"map": "map_name", "where": "segments", "outcomes": "outcomes", "matching": "matching"}


def load_funnel(path: Path | str) -> Funnel:
    """Return the funnel of a TOML file; raises DataError, which names the place.

    Keys are those of `Funnel`; `[[step]]` has those of `Step`, `[[exclude]]` those of `Exclusion`;
    `map`, `where` (segment = values), `outcomes` and `matching` (patterns) narrow the journeys.
    """
    try:
        told = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(f"{path}: {error.strerror}; name a file") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: this is no TOML: {error}") from None
    return funnel_from(told, where=str(path))


def funnel_from(told: dict[str, Any], *, where: str = "funnel") -> Funnel:
    """Return the funnel that the content of a TOML file describes."""
    own = {one.name for one in fields(Funnel)} - {"scope", "exclusions"}
    known = {*own, "step", "exclude", *_SCOPE}
    for key in told:
        if key not in known:
            raise DataError(f"{where}: there is no key {key!r}; {nearest(key, known)}")
    steps = [*told.get("steps", []), *_tables(told, "step", _STEP, Step, where)]
    scope = Scope(**{ours: told[key] for key, ours in _SCOPE.items() if key in told})
    exclusions = [
        one if isinstance(one, Exclusion) else str(one)
        for one in _tables(told, "exclude", _EXCLUSION, Exclusion, where)
    ]
    rest = {key: value for key, value in told.items() if key in own and key != "steps"}
    return Funnel(steps=steps, exclusions=exclusions, scope=scope, **rest)


def _tables(
    told: dict[str, Any], key: str, known: tuple[str, ...], kind: type[Any], where: str
) -> list[Any]:
    found = []
    for number, table in enumerate(told.get(key, []), start=1):
        if isinstance(table, str):
            found.append(table)
            continue
        for name in table:
            if name not in known:
                hint = nearest(name, known)
                raise DataError(f"{where}: [[{key}]] {number}: there is no key {name!r}; {hint}")
        if "any_of" not in table:
            raise DataError(f"{where}: [[{key}]] {number}: any_of is missing; say what it chooses")
        chosen = table["any_of"]
        listed = [chosen] if isinstance(chosen, (str, dict)) else chosen
        found.append(kind(**{**table, "any_of": listed}))
    return found
