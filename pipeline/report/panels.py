"""What the template shows of one section for one map."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from ..figures import stage_colours
from .findings import Finding, Tile
from .sections import Picture

_SHARES = ("_share", "_rate", "_lo", "_hi")


@dataclass
class Panel:
    """One section for one map: its title, its rows, its figures and its tables of numbers."""

    id: str
    place: int
    title: str
    is_empty: bool
    rows: list[dict[str, Any]]
    tables: list[tuple[str, str, str, int]]
    pictures: list[tuple[str, Picture, str | None]]
    frames: dict[str, list[dict[str, Any]]]
    findings: list[Finding] = field(default_factory=list)
    tiles: list[Tile] = field(default_factory=list)
    cautions: list[str] = field(default_factory=list)
    answer: dict[str, Any] = field(default_factory=dict)
    paths: list[list[tuple[str, str]]] = field(default_factory=list)
    dots: dict[str, str] = field(default_factory=dict)
    map_dots: dict[int, dict[str, str]] = field(default_factory=dict)


def stage_dots(stages: pd.DataFrame) -> dict[str, str]:
    """Return the style of each stage's coloured dot, light and dark.

    Of several maps the one with the most stages decides, then the others in their order.
    """
    colours: dict[str, tuple[str, str]] = {}
    maps = [rows for _, rows in stages.groupby("map_no", sort=True)]
    for rows in sorted(maps, key=len, reverse=True):
        colours = stage_colours(rows) | colours
    return {name: f"--light:{light};--dark:{dark}" for name, (light, dark) in colours.items()}


def chips(path: str, stages: pd.DataFrame) -> list[tuple[str, str]]:
    """Return the stages of a path, each with how it was reached: "", "forward" or "back".

    Stage names may hold the separator, so parts are joined until they are a known stage; a path
    that is not made of known stages stays one chip.
    """
    place = {str(row["stage"]): int(row["stage_no"]) for row in stages.to_dict("records")}
    found: list[tuple[str, str]] = []
    waiting = ""
    for part in str(path).split(" > "):
        waiting = f"{waiting} > {part}" if waiting else part
        if waiting in place:
            way = ""
            if found:
                way = "forward" if place[waiting] > place[found[-1][0]] else "back"
            found.append((waiting, way))
            waiting = ""
    return found if found and not waiting else [(str(path), "")]


def columns(frame: pd.DataFrame) -> list[list[str]]:
    """Return name and kind of each column: text, count, number, share, moment or flag."""
    return [[str(name), _kind(str(name), frame[name])] for name in frame.columns]


def _kind(name: str, values: pd.Series) -> str:
    if name in {"share", "coverage"} or name.endswith(_SHARES):
        return "share"
    if pd.api.types.is_bool_dtype(values):
        return "flag"
    if pd.api.types.is_datetime64_any_dtype(values):
        return "moment"
    if pd.api.types.is_integer_dtype(values):
        return "count"
    return "number" if pd.api.types.is_numeric_dtype(values) else "text"
