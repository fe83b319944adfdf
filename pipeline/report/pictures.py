"""Figures as files: each for all journeys of a map, drawn by a browser that is there."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from base64 import b64decode
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote

import pandas as pd
import plotly.graph_objects as go
from plotly.offline import get_plotlyjs

from .. import figures
from ..errors import DataError, nearest
from ..warehouse import Warehouse
from .packing import as_json, fingerprint
from .page import of_all
from .rows import chosen, rows
from .sections import Section

KINDS = ("png", "svg")
BROWSERS = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    *("microsoft-edge", "msedge", "chrome", "brave-browser"),
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
WIDTH = 1000
SECONDS = 180
_FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--virtual-time-budget=60000",
    "--dump-dom",
)
_SCRIPT = """
(async () => {
  const { figures, kind, width } = JSON.parse(document.getElementById("figures").textContent);
  const drawn = [];
  for (const figure of figures) {
    const { height } = figure.layout;
    drawn.push(await Plotly.toImage(figure, { format: kind, width, height, scale: 2 }));
  }
  document.body.replaceChildren();
  const told = document.createElement("pre");
  told.id = "drawn";
  told.textContent = drawn.join("\\n");
  document.body.append(told);
  document.head.replaceChildren();
})();
"""


def write_pictures(
    warehouse: Warehouse, folder: Path | str, kind: str, *, sections: Sequence[str] = ()
) -> list[Path]:
    """Write every figure of the report as a picture into `folder`, and return the files.

    `kind` is png or svg. A Chromium, Chrome or Edge on this machine draws them, without a network;
    SQUIGGLE_BROWSER may name one. Raises DataError where there is none, or none answers.
    """
    if kind not in KINDS:
        raise DataError(f"{kind!r}: pictures are not drawn so; {nearest(kind, KINDS)}")
    listed = chosen(sections)
    browser = _browser()
    frames, _ = rows(warehouse, listed)
    drawn = list(_stills(frames, listed))
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for (name, _), picture in zip(
        drawn, _images(browser, [figure for _, figure in drawn], kind), strict=True
    ):
        path = folder / f"{name}.{kind}"
        path.write_bytes(picture)
        made.append(path)
    return made


def _stills(
    frames: dict[str, pd.DataFrame], sections: Sequence[Section]
) -> Iterator[tuple[str, go.Figure]]:
    """Yield name and figure of each picture that has something to show, map by map."""
    maps = frames["maps"].to_dict("records")
    for section in sections:
        for one in maps if section.per_map else [None]:
            for number, picture in enumerate(section.pictures):
                still = picture.draw or picture.still
                if still is None:
                    continue
                name = None if one is None else str(one["map_name"])
                level = picture.level or picture.suits or "stage"
                frame = of_all(frames[picture.query or section.queries[0]], name, level)
                frame.attrs["order"] = list(of_all(frames["nodes"], name, level)["node"])
                figure = still(frame, of_all(frames["stages"], name))
                if frame.empty or (figure.layout.meta or {}).get("nothing"):
                    continue
                parts = [section.id, "" if number == 0 else str(number + 1), _slug(one, maps)]
                _entitle(figure, section, name, picture.counts)
                yield "-".join(part for part in parts if part), figure


def _slug(one: dict[str, object] | None, maps: Sequence[dict[str, object]]) -> str:
    """Return the map's name as part of a file's name, or its number where that is no name."""
    if one is None or len(maps) == 1:
        return ""
    slug = re.sub(r"[^a-z0-9]+", "-", str(one["map_name"]).lower()).strip("-")[:40]
    slugs = [re.sub(r"[^a-z0-9]+", "-", str(m["map_name"]).lower()).strip("-")[:40] for m in maps]
    return slug if slug and slugs.count(slug) == 1 else str(one["map_no"])


def _entitle(figure: go.Figure, section: Section, map_name: str | None, counts: str) -> None:
    """Write the question, what is counted and the colours over the figure, and make room."""
    text = f"<b>{section.question}</b>"
    told = [figures.plain(map_name, 60)] if map_name is not None else []
    told += [f"counted by {counts}"] if counts else []
    if told:
        text += f"  <span style='font-size:13px'>{', '.join(told)}</span>"
    colours = {"hollow": "muted", "planned": "ink", "crowd": "leave"}
    marks = {"hollow": "◇", "planned": "┄"}
    keys = []
    for role, words in section.keys:
        colour = figures.LIGHT[colours.get(role, role)]
        keys.append(f"<span style='color:{colour}'>{marks.get(role, '■')}</span> {words}")
    text += f"<br><span style='font-size:12px'>{'    '.join(keys)}</span>"
    margin = figure.layout.margin.to_plotly_json()
    figure.update_layout(
        height=figure.layout.height + 116,
        paper_bgcolor=figures.LIGHT["paper"],
        margin={
            "t": margin["t"] + 92,
            "b": margin["b"] + 24,
            "l": margin["l"] + 28,
            "r": margin["r"] + 28,
        },
    )
    figure.add_annotation(
        text=text,
        showarrow=False,
        xref="paper",
        yref="paper",
        x=0,
        y=1,
        xanchor="left",
        yanchor="bottom",
        align="left",
        xshift=-margin["l"],
        yshift=margin["t"] + 24,
        font={"size": 19, "color": figures.LIGHT["ink"]},
    )


def _browser() -> str:
    named = os.environ.get("SQUIGGLE_BROWSER")
    for name in (named,) if named else BROWSERS:
        found = shutil.which(name)
        if found:
            return found
    raise DataError(
        f"SQUIGGLE_BROWSER: there is no program {named!r}"
        if named
        else "pictures: there is no browser to draw them; install Chromium, Chrome or Edge, "
        "or name one in SQUIGGLE_BROWSER. The report itself needs none: every figure is in it"
    )


def _images(browser: str, drawn: Sequence[go.Figure], kind: str) -> list[bytes]:
    """Return the figures as images, in their order: one visit of a page made for them."""
    if not drawn:
        return []
    plotly = get_plotlyjs()
    listed = [json.loads(str(figure.to_json())) for figure in drawn]
    data = as_json({"figures": listed, "kind": kind, "width": WIDTH})
    data = data.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
    policy = f"default-src 'none'; script-src {fingerprint(plotly)} {fingerprint(_SCRIPT)}; "
    policy += "style-src 'unsafe-inline'; img-src data: blob:"
    text = (
        f'<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-'
        f'Policy" content="{policy}"></head><body><script type="application/json" id="figures">'
        f"{data}</script><script>{plotly}</script><script>{_SCRIPT}</script></body></html>"
    )
    with tempfile.TemporaryDirectory(prefix="squiggle-") as folder:
        page = Path(folder) / "figures.html"
        page.write_text(text, encoding="utf-8", newline="\n")
        command = [browser, *_FLAGS, f"--user-data-dir={folder}/profile", page.as_uri()]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.insert(1, "--no-sandbox")  # it refuses to run as root otherwise
        try:
            told = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise DataError(f"{browser}: the pictures could not be drawn: {error}") from None
    found = re.search(rb'<pre id="drawn">(.*?)</pre>', told.stdout, re.DOTALL)
    lines = found[1].decode("ascii", "replace").split("\n") if found else []
    if len(lines) != len(drawn):
        raise DataError(
            f"{browser}: it drew {len(lines)} of {len(drawn)} pictures; try another one"
        )
    return [_content(line) for line in lines]


def _content(address: str) -> bytes:
    head, _, body = address.partition(",")
    return b64decode(body) if head.endswith(";base64") else unquote(body).encode("utf-8")
