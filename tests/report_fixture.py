"""Warehouses for the report's tests: small exports with any names, run as a user would run them."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.project import load_project
from pipeline.run import run

from .report_journeys import STAGES, TOUCHPOINTS, UNSTAGED, Row, walks

HEADER = ("who", "at", "what", "way", "campaign")


def write(
    folder: Path,
    *,
    journeys: int = 250,
    project: str = "web shop",
    names: Mapping[str, str] | None = None,
    rows: Sequence[Row] | None = None,
    extra: str = "",
) -> Path:
    """Run a project of two maps in `folder`, and return its warehouse.

    `names` replaces names of stages, touchpoints, channels, campaigns, maps and segments by others;
    `rows` are the export instead of seeded walks.
    """
    other = dict(names or {})
    told = [tuple(other.get(cell, cell) for cell in row) for row in rows or walks(journeys)]
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "log.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([HEADER, *told])
    (folder / "squiggle.toml").write_text(_project(project, other, extra), encoding="utf-8")
    return run(load_project(folder)).warehouse


def quoted(text: str) -> str:
    """Return text as TOML writes it."""
    return json.dumps(text, ensure_ascii=True).replace("\\/", "/")


def _project(project: str, other: Mapping[str, str], extra: str) -> str:
    def name(plain: str) -> str:
        return quoted(other.get(plain, plain))

    listed = [name(stage) for stage in STAGES]
    parts = [
        f"name = {quoted(project)}",
        '[[source]]\nname = "log"\nfiles = "*.csv"\nrecorded_since = "2025-06-01"',
        '[source.columns]\nuser_id = "who"\noccurred_at = "at"\nevent = "what"\nchannel = "way"\n'
        'campaign = "campaign"',
        f"[[map]]\nname = {name('acquisition')}\nstages = [{', '.join(listed[:4])}]\n"
        f"goal = {listed[3]}\nabandon = [{name('Cancelled')}]",
        f"[[map]]\nname = {name('lifecycle')}\nstages = [{', '.join(listed)}]\n"
        f"goal = {listed[4]}\nabandon = [{name('Cancelled')}]",
        f'[[segment]]\nname = {name("channel")}\ncolumn = "channel"',
        f'[[segment]]\nname = {name("campaign")}\ncolumn = "campaign"',
        *(
            f"[[touchpoint]]\nname = {name(point)}\n"
            + (f"stage = {name(stage)}\n" if stage else "")
            + f"when = {{ event = {quoted(_glob(other.get(point, point)))} }}"
            for stage, points in [*TOUCHPOINTS.items(), ("", UNSTAGED)]
            for point in points
        ),
        extra,
    ]
    return "\n\n".join(parts) + "\n"


def _glob(name: str) -> str:
    """Return a pattern that the name matches: what means something stands for any letter."""
    return "".join("?" if mark in "*?" else mark for mark in name)
