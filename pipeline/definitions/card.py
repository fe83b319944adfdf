"""The definition card: every setting that decides a figure, and fingerprints of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .. import values
from ..project import Project
from .families import FAMILIES, decided

_FOUND = {"as_of": "the earliest of the last events of the required sources"}
"""What is found from the data where it is not set."""
_UNITS = (
    *(("d", values.DAY_US), ("h", 3_600_000_000), ("min", 60_000_000)),
    *(("s", 1_000_000), ("ms", 1_000)),
)


@dataclass(frozen=True)
class Definition:
    """A setting: where it stands, what it is, whether the project file sets it, what it decides."""

    section: str
    name: str | None
    key: str
    value: Any
    told: str | None
    set_by: str
    decides: frozenset[str]


def definitions_of(project: Project) -> list[Definition]:
    """Return every setting that decides a figure, in the order of the project file's keys."""
    found = list(_section(project, project, "project", None))
    for section, field in type(project).model_fields.items():
        inner = getattr(project, section)
        if _is_section(inner):
            found += _section(project, inner, section, None)
        elif _is_listed(field.annotation):
            for one in inner:
                found += _section(project, one, section, one.name)
    return [one for one in found if one.decides]


def card_rows(project: Project) -> list[Sequence[Any]]:
    """Return the rows of the table `definition_card`."""
    places = {family.name: place for place, family in enumerate(FAMILIES)}
    return [
        (number, one.section, one.name, one.key, one.told, one.set_by)
        + (", ".join(sorted(one.decides, key=places.__getitem__)),)
        for number, one in enumerate(definitions_of(project), start=1)
    ]


def fingerprint_rows(
    project: Project, *, data: str, links: Sequence[Any], version: str, key: str = ""
) -> list[Sequence[Any]]:
    """Return the rows of the table `figure_fingerprints`.

    `data` is the fingerprint of the exports; `links` is what the file of declared links holds;
    `key` is that of the pseudonyms: it defines no figure, but what is drawn follows their order.
    """
    found = definitions_of(project)
    numbers = {one.name: number for number, one in enumerate(project.map, start=1)}
    rows: list[Sequence[Any]] = []
    for family in FAMILIES:
        for map_name, map_no in numbers.items() if family.is_by_map else [(None, 0)]:
            # A comparison rests on the segments, and these on the journeys of all maps.
            of_all = map_name is None or family.name == "comparisons"
            settings = []
            for one in found:
                if family.name not in one.decides:
                    continue
                whose: str | int | None = one.name
                if one.section == "map":
                    if not of_all and one.name != map_name:
                        continue
                    whose = numbers[str(one.name)] if of_all else 0
                is_links = (one.section, one.key) == ("identity", "links")
                settings.append([one.section, whose, one.key, links if is_links else one.value])
            definitions = fingerprint([family.name, map_no if of_all else 0, settings])
            whole = fingerprint([definitions, data, version, *([key] if key else [])])
            tables = ", ".join(family.tables) or None
            rows.append((family.name, map_no, map_name, tables, definitions, data, whole))
    return rows


def fingerprint(value: Any) -> str:
    """Return 16 hexadecimal digits that stand for a value of lists, mappings, texts and numbers."""
    text = json.dumps(value, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def duration(microseconds: int) -> str:
    """Return a length of time as one would write it.

    >>> duration(1_800_000_000), duration(1_944_000_000_000)
    ('30 min', '22.5 d')
    """
    for unit, size in _UNITS:
        if microseconds >= size and 2 * microseconds % size == 0:
            return f"{microseconds / size:g} {unit}"
    return f"{microseconds} us"


def _section(project: Project, model: Any, section: str, name: str | None) -> Iterator[Definition]:
    plain = model.model_dump(mode="json")
    for key, field in type(model).model_fields.items():
        inner = getattr(model, key)
        if _is_section(inner) or _is_listed(field.annotation):
            continue
        is_time = any(getattr(one, "func", None) is values.microseconds for one in field.metadata)
        told, set_by = _told(inner, is_time=is_time), "default"
        if key in model.model_fields_set:
            set_by = "project file"
        elif inner is None and key in _FOUND:
            told, set_by = _FOUND[key], "data"
        decides = decided(section, key, project)
        yield Definition(section, name, key, plain.get(key), told, set_by, decides)


def _is_section(value: Any) -> bool:
    return hasattr(value, "model_fields_set")


def _is_listed(annotation: Any) -> bool:
    """Whether a field holds a list of sections."""
    return any(hasattr(one, "model_fields") for one in getattr(annotation, "__args__", ()))


def _told(value: Any, *, is_time: bool) -> str | None:
    """A value as one would write it."""
    if value is None or value in ((), {}):
        return None
    if is_time:
        return duration(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "; ".join(f"{key} = {_told(one, is_time=False)}" for key, one in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(str(one) for one in value)
    return str(value)
