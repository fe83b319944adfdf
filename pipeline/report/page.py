"""The page: frames of a warehouse in, the bytes of one self-contained HTML file out."""

from __future__ import annotations

import json
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd
from plotly.offline import get_plotlyjs

from .. import figures
from . import findings, wording
from .panels import Panel, chips, columns, stage_dots
from .sections import POLICIES, SECTIONS, TERMS, Section, query

HERE = Path(__file__).parent
ROWS = 500  # of a table of numbers; more are said to be more, and stay in the warehouse
Frames = dict[str, pd.DataFrame]


def page(frames: Frames, title: str | None) -> str:
    """Return the report as HTML. `frames` holds the result of each query, by its name."""
    run = frames["run"].to_dict("records")[0] if len(frames["run"]) else {}
    maps = frames["maps"].to_dict("records")
    data: dict[str, Any] = {"figures": {}, "tables": {}, "dark": {}}
    sections = []
    for section in SECTIONS:
        panels = [
            _panel(section, frames, one, place, data)
            for place, one in enumerate(maps if section.per_map else [None], start=1)
        ]
        sections.append({"section": section, "panels": panels})
    for one in maps:
        data["dark"].update(figures.swaps(_of(frames["stages"], one["map_name"])))
    script = (HERE / "app.js").read_text(encoding="utf-8")
    plotly = get_plotlyjs()
    return (
        _environment()
        .get_template("template.html.j2")
        .render(
            title=title or run.get("project") or "Customer journeys",
            run=run,
            maps=maps,
            sections=sections,
            terms=TERMS,
            policies=POLICIES,
            stages=frames["stages"].to_dict("records"),
            roles=[(role, figures.LIGHT[role], figures.DARK[role]) for role in figures.LIGHT],
            style=(HERE / "style.css").read_text(encoding="utf-8"),
            data=_script_data(data),
            plotly=plotly,
            script=script,
            policy=" ".join(_fingerprint(text) for text in (plotly, script)),
        )
    )


def _panel(
    section: Section,
    frames: Frames,
    one: dict[str, Any] | None,
    place: int,
    data: dict[str, Any],
) -> Panel:
    """Return one section for one map, and put what its script needs into `data`."""
    name = None if one is None else one["map_name"]
    own = {q: frames[q] if name is None else _of(frames[q], name) for q in section.queries}
    first = own[section.queries[0]]
    stages = frames["stages"] if name is None else _of(frames["stages"], name)
    answer = _answer(frames, name)
    dropoff = _of(frames["dropoff"], name) if name is not None else frames["dropoff"]
    panel = Panel(
        id=f"{section.id}-{place}",
        place=place if one is not None else 0,
        title=section.title(answer, first) if section.title else section.question,
        is_empty=first.empty,
        rows=first.to_dict("records"),
        tables=[],
        pictures=[],
        frames={q: frame.to_dict("records") for q, frame in own.items()},
    )
    if section.id == "answer" and one is not None:
        goal = str(one["goal"])
        panel.findings = findings.findings(answer, goal, dropoff)
        panel.tiles = findings.tiles(answer, goal)
        panel.cautions = findings.cautions(answer)
        panel.answer = answer
    if section.id == "paths":
        panel.paths = [chips(row["path"], stages) for row in panel.rows]
    panel.dots = stage_dots(stages)
    panel.map_dots = {int(no): stage_dots(rows) for no, rows in stages.groupby("map_no", sort=True)}
    for number, picture in enumerate(section.pictures):
        if not first.empty:
            key = f"{panel.id}-{number}"
            figure = picture.draw(first, stages)
            absent = (figure.layout.meta or {}).get("nothing")
            if not absent:
                data["figures"][key] = json.loads(str(figure.to_json()))
            panel.pictures.append((key, picture, absent))
    for q, frame in own.items():
        key = f"{panel.id}-{q}"
        shown = frame.drop(columns=["map_name"], errors="ignore") if name is not None else frame
        data["tables"][key] = {
            "name": q,
            "columns": columns(shown),
            "rows": [
                [wording.cell(value) for value in row]
                for row in shown.head(ROWS).itertuples(index=False, name=None)
            ],
            "total": len(shown),
        }
        panel.tables.append((key, q, query(q), len(shown)))
    return panel


def _answer(frames: Frames, name: str | None) -> dict[str, Any]:
    """Return the map's row of the query "answer"; where there is none, a row of nulls."""
    rows = frames["answer"] if name is None else _of(frames["answer"], name)
    blank: dict[str, Any] = dict.fromkeys(frames["answer"].columns)
    return rows.to_dict("records")[0] if len(rows) else blank


def _of(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    return frame[frame["map_name"] == name].reset_index(drop=True)


def _script_data(data: dict[str, Any]) -> str:
    """Return JSON that cannot end its script element, nor begin a comment in it."""
    text = json.dumps(data, ensure_ascii=True, sort_keys=True, allow_nan=False)
    for mark in "<>&":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return text


def _fingerprint(script: str) -> str:
    """Return the source expression that lets a policy run exactly this script and no other."""
    return f"'sha256-{b64encode(sha256(script.encode('utf-8')).digest()).decode('ascii')}'"


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        cut=figures.cut,
        count=wording.count,
        percent=wording.percent,
        days=wording.days,
        moment=wording.moment,
        day=wording.day,
    )
    environment.tests["known"] = wording.is_known
    return environment
