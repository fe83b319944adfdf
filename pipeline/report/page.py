"""The page: frames of a warehouse in, the bytes of one self-contained HTML file out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd
from plotly.offline import get_plotlyjs

from .. import figures
from . import findings, wording
from .answers import answers, ends, titles
from .contents import DATA
from .locales import Marks, written_as
from .packing import as_json, fingerprint, packed, table
from .panels import Panel, legend, stage_dots
from .sections import Section, drills, query
from .terms import OVER, POLICIES, TERMS
from .tiles import tiles

HERE = Path(__file__).parent
SCRIPTS = (
    *("data", "words", "marks", "drill", "flows", "around", "arcs", "heatmap", "dropoff", "paths"),
    *("answer", "tables", "plots", "state", "start"),
)
Frames = dict[str, pd.DataFrame]


def page(
    frames: Frames, sections: Sequence[Section], title: str | None, k: int, locale: str = "en-US"
) -> str:
    """Return the report as HTML. `frames` holds the result of each query, by its name."""
    with written_as(locale) as marks:
        return _page(frames, sections, title, k, marks)


def _page(
    frames: Frames, sections: Sequence[Section], title: str | None, k: int, marks: Marks
) -> str:
    run = frames["run"].to_dict("records")[0] if len(frames["run"]) else {}
    maps = frames["maps"].to_dict("records")
    drawn: dict[str, Any] = {}
    listed = [
        {
            "section": section,
            "panels": [
                _panel(section, frames, one, place, drawn, k)
                for place, one in enumerate(maps if section.per_map else [None], start=1)
            ],
        }
        for section in sections
    ]
    by_view = {q for section in sections if section.per_map for q in section.queries} | {*DATA}
    data = {
        "maps": [_map(frames, one) for one in maps],
        "tables": {
            name: table(frame, by_view=name in by_view) for name, frame in sorted(frames.items())
        },
        "answers": answers(frames, k),
        "titles": titles(frames, sections),
        "figures": drawn,
        "dark": _swaps(frames, maps) if drawn else {},
        "drills": drills(),
        "k": k,
        "marks": [marks.thousands, marks.decimal, marks.percent],
    }
    for figure in drawn.values():
        figure["layout"]["separators"] = marks.decimal + marks.thousands
    plotly, packed_plotly = _plotly() if drawn else ("", "")
    script = _script()
    return (
        _environment()
        .get_template("template.html.j2")
        .render(
            title=title or run.get("project") or "Customer journeys",
            run=run,
            k=k,
            maps=maps,
            sections=listed,
            terms=TERMS,
            over=OVER,
            policies=POLICIES,
            roles=[(role, figures.LIGHT[role], figures.DARK[role]) for role in figures.LIGHT],
            heights={key: int(figure["layout"]["height"]) for key, figure in drawn.items()},
            style="".join(_text(f"{name}.css") for name in ("style", "figures")),
            data=packed(as_json(data)),
            plotly=packed_plotly,
            script=script,
            policy=" ".join(fingerprint(text) for text in (plotly, script) if text),
        )
    )


def _panel(
    section: Section,
    frames: Frames,
    one: dict[str, Any] | None,
    place: int,
    drawn: dict[str, Any],
    k: int,
) -> Panel:
    """Return one section for one map, all its journeys, and put its Plotly figures into `drawn`."""
    name = None if one is None else one["map_name"]
    own = {q: of_all(frames[q], name) for q in section.queries}
    first = own[section.queries[0]]
    stages = of_all(frames["stages"], name)
    answer = findings.row_of(of_all(frames["answer"], name))
    has_rows = not first.empty or (
        any(picture.live for picture in section.pictures)
        and _has_rows(frames[section.queries[0]], name)
    )
    panel = Panel(
        id=f"{section.id}-{place}",
        place=place if one is not None else 0,
        title=section.title(answer, first) if section.title else section.question,
        is_empty=not has_rows,
        rows=first.to_dict("records") if section.template else [],
        queries=[(q, query(q)) for q in section.queries],
        pictures=[],
        frames={q: rows.to_dict("records") for q, rows in own.items()} if section.template else {},
        keys=legend(section, first),
    )
    if section.id == "answer" and one is not None:
        goal = str(one["goal"])
        panel.findings = findings.findings(
            answer, goal, of_all(frames["dropoff"], name), of_all(frames["pains"], name)
        )
        panel.tiles = tiles(answer, goal)
        panel.cautions = findings.cautions(answer, own["silences"])
        panel.answer = answer
        panel.ends = ends(answer, k)
    elif section.template and one is not None:
        panel.answer = {**answer, "goal": str(one["goal"])}
    panel.dots = stage_dots(stages)
    panel.map_dots = {int(no): stage_dots(rows) for no, rows in stages.groupby("map_no", sort=True)}
    for number, picture in enumerate(section.pictures):
        key = f"{panel.id}-{number}"
        absent = None
        if picture.draw is not None:
            if first.empty:
                continue
            figure = picture.draw(first, stages)
            absent = (figure.layout.meta or {}).get("nothing")
            if not absent:
                drawn[key] = json.loads(str(figure.to_json()))
        panel.pictures.append((key, picture, absent))
    return panel


def of_all(frame: pd.DataFrame, name: str | None, level: str = "stage") -> pd.DataFrame:
    """Return the rows of a map, and of these the ones of all journeys at a level of the graph.

    Where they lie around an anchor, the rows of the first.
    """
    if name is not None and "map_name" in frame.columns:
        frame = frame[frame["map_name"] == name]
    for key, value in (("segment", "all"), ("among", "all"), ("level", level)):
        if key in frame.columns:
            frame = frame[frame[key] == value]
    if "anchor" in frame.columns:
        frame = frame[frame["anchor"] == frame["anchor"].head(1).max()]
    return frame.reset_index(drop=True)


def _has_rows(frame: pd.DataFrame, name: str | None) -> bool:
    """Whether there is a row of a map at any level of the graph: the reader may choose it."""
    return bool((frame["map_name"] == name).any()) if "map_name" in frame else not frame.empty


def _map(frames: Frames, one: dict[str, Any]) -> dict[str, Any]:
    """Return what the page knows of a map: its stages, their colours, and what can be chosen."""
    name = one["map_name"]
    stages = of_all(frames["stages"], name)
    colours = figures.stage_colours(stages)
    views = of_all(frames["views"].rename(columns={"segment": "chosen"}), name)
    return {
        "name": name,
        "goal": str(one["goal"]),
        "stages": [
            {
                "name": str(row["stage"]),
                "isGoal": bool(row["is_goal"]),
                "light": colours[str(row["stage"])][0],
                "dark": colours[str(row["stage"])][1],
            }
            for row in stages.sort_values("stage_no").to_dict("records")
        ],
        "segments": [
            {
                "name": segment,
                "values": [
                    {
                        "name": row["value"],
                        "journeys": int(row["journeys"]),
                        "isPartial": bool(row["is_partial"]),
                    }
                    for row in values.to_dict("records")
                ],
            }
            for segment, values in views.groupby("chosen", sort=False)
        ],
    }


def _swaps(frames: Frames, maps: list[dict[str, Any]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in maps:
        found.update(figures.swaps(of_all(frames["stages"], one["map_name"])))
    return found


@cache
def _plotly() -> tuple[str, str]:
    """Return the library as it runs, and as it is packed."""
    text = get_plotlyjs()
    return text, packed(text)


def _script() -> str:
    parts = "\n".join(_text(f"scripts/{name}.js") for name in SCRIPTS)
    return f'(() => {{\n"use strict";\n{parts}}})();\n'


def _text(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


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
        amount=wording.amount,
        count=wording.count,
        several=wording.several,
        points=wording.points,
        percent=wording.percent,
        score=wording.score,
        signed=wording.signed,
        days=wording.days,
        day=wording.day,
    )
    environment.tests["known"] = wording.is_known
    return environment
