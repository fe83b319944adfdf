"""What the template shows of one section for one map."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from ..figures import stage_colours
from .findings import Finding
from .sections import Picture, Section
from .tiles import Tile


@dataclass
class Panel:
    """One section for one map: its title, its rows, its figures and its tables of numbers."""

    id: str
    place: int
    title: str
    is_empty: bool
    rows: list[dict[str, Any]]
    queries: list[tuple[str, str]]
    pictures: list[tuple[str, Picture, str | None]]
    frames: dict[str, list[dict[str, Any]]]
    keys: list[tuple[str, str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    tiles: list[Tile] = field(default_factory=list)
    cautions: list[str] = field(default_factory=list)
    ends: list[tuple[str, int, str]] = field(default_factory=list)
    answer: dict[str, Any] = field(default_factory=dict)
    dots: dict[str, str] = field(default_factory=dict)
    map_dots: dict[int, dict[str, str]] = field(default_factory=dict)


def legend(section: Section, rows: pd.DataFrame) -> list[tuple[str, str]]:
    """Return the keys of a section's colours, without those of lines that its rows do not draw."""
    there = {None, *(rows["role"] if section.roles else ())}
    return [(key, words) for key, words in section.keys if section.roles.get(key) in there]


def stage_dots(stages: pd.DataFrame) -> dict[str, str]:
    """Return the style of each stage's coloured dot, light and dark.

    Of several maps the one with the most stages decides, then the others in their order.
    """
    colours: dict[str, tuple[str, str]] = {}
    maps = [rows for _, rows in stages.groupby("map_no", sort=True)]
    for rows in sorted(maps, key=len, reverse=True):
        colours = stage_colours(rows) | colours
    return {name: f"--light:{light};--dark:{dark}" for name, (light, dark) in colours.items()}
