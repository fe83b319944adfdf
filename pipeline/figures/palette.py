"""The one visual language: colours in light and dark, plain names, the empty canvas."""

from __future__ import annotations

import unicodedata
from typing import Any

import pandas as pd
import plotly.graph_objects as go

LIGHT = {
    "ink": "#17212e",
    "muted": "#56636f",
    "line": "#dde3ea",
    "lane": "#f1f4f7",
    "paper": "#fdfcfa",
    "forward": "#2a6496",
    "back": "#b54a14",
    "goal": "#1c7348",
    "leave": "#8d98a4",
    "open": "#b9c6d6",
    "more": "#a98f4e",
    "crowd": "rgba(62, 82, 107, 0.13)",
    "forward_flow": "rgba(42, 100, 150, 0.34)",
    "back_flow": "rgba(216, 100, 36, 0.58)",
    "goal_flow": "rgba(28, 115, 72, 0.42)",
    "leave_flow": "rgba(126, 137, 148, 0.24)",
    "open_flow": "rgba(150, 172, 200, 0.34)",
    "more_flow": "rgba(169, 143, 78, 0.5)",
    "other_flow": "rgba(86, 99, 111, 0.30)",
    "heat_low": "#f3f6fa",
    "heat_high": "#174e80",
    "heat_ink": "#0b1118",
    "on_heat": "#ffffff",
}
DARK = {
    "ink": "#e7ecf2",
    "muted": "#a0acba",
    "line": "#2b3644",
    "lane": "#19212b",
    "paper": "#11171e",
    "forward": "#74b0e4",
    "back": "#f0894c",
    "goal": "#57c78f",
    "leave": "#5b6775",
    "open": "#43566e",
    "more": "#8f7a45",
    "crowd": "rgba(170, 190, 214, 0.17)",
    "forward_flow": "rgba(94, 160, 220, 0.36)",
    "back_flow": "rgba(240, 137, 76, 0.58)",
    "goal_flow": "rgba(87, 199, 143, 0.44)",
    "leave_flow": "rgba(160, 172, 186, 0.20)",
    "open_flow": "rgba(104, 136, 174, 0.30)",
    "more_flow": "rgba(180, 152, 84, 0.5)",
    "other_flow": "rgba(160, 172, 186, 0.34)",
    "heat_low": "#18212c",
    "heat_high": "#5c9ee0",
    "heat_ink": "#ffffff",
    "on_heat": "#000000",
}
FONT = '"Helvetica Neue", "Segoe UI", Roboto, Arial, "Liberation Sans", sans-serif'

_BEFORE = ((88, 101, 131), (23, 78, 128), (152, 168, 198), (92, 158, 224))
_AFTER = ((122, 79, 148), (96, 62, 118), (192, 156, 222), (168, 128, 204))


def stage_colours(stages: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """Return the light and the dark colour of each stage, by its place before or after the goal.

    `stages` has one row per stage: stage_no, stage, is_goal. Stages before the goal run from slate
    to blue, the goal is green, stages after it are violet; the same stages give the same colours.
    """
    ordered = stages.sort_values("stage_no")
    names = [str(name) for name in ordered["stage"]]
    flags = [bool(flag) for flag in ordered["is_goal"]]
    goal = flags.index(True) if True in flags else len(names)
    found: dict[str, tuple[str, str]] = {}
    for place, name in enumerate(names):
        if place == goal:
            found[name] = (LIGHT["goal"], DARK["goal"])
        elif place < goal:
            found[name] = _between(_BEFORE, place, goal)
        else:
            found[name] = _between(_AFTER, place - goal - 1, len(names) - goal - 1)
    return found


def swaps(stages: pd.DataFrame) -> dict[str, str]:
    """Return light colour → dark colour: all that turns a figure of this palette dark."""
    pairs = {LIGHT[role]: DARK[role] for role in LIGHT}
    pairs.update(dict(stage_colours(stages).values()))
    pairs.update({shade(level): shade(level, dark=True) for level in range(101)})
    return pairs


def shade(level: int, *, dark: bool = False) -> str:
    """Return the heat-map's colour of a whole percentage, from paper (0) to deep blue (100)."""
    low, high = ((24, 33, 44), (92, 158, 224)) if dark else ((243, 246, 250), (23, 78, 128))
    return _hex(_mix(low, high, (max(0, min(level, 100)) / 100) ** 0.8))


_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_JOINERS = "\u200c\u200d"


def plain(text: object, limit: int = 28) -> str:
    """Return a name that Plotly draws as it is written: no markup, no control characters, cut.

    Plotly renders pseudo-HTML and expands hover templates, so both are broken before it sees them.

    >>> plain("<b>50%{x}</b>")
    '&lt;b&gt;50%\\u200b{x}&lt;/b&gt;'
    """
    shown = cut(text, limit).replace("%{", "%\u200b{")
    return shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cut(text: object, limit: int = 28) -> str:
    """Return a name without control or direction characters, at most `limit` characters long.

    The two joiners, which are letters of Persian and of emoji, stay.
    """
    marked = "".join(
        "\ufffd" if unicodedata.category(mark) in _HIDDEN and mark not in _JOINERS else mark
        for mark in str(text)
    )
    return marked if len(marked) <= limit else marked[: limit - 1].rstrip() + "…"


def isolated(text: str) -> str:
    """Return a name as it stands in a sentence: where it runs from right to left, apart from it.

    Without the two marks round it, the number that follows would be drawn on its other side.
    """
    runs_back = any(unicodedata.bidirectional(mark) in ("R", "AL", "AN") for mark in text)
    return f"\u2068{text}\u2069" if runs_back else text


def canvas(height: int, **layout: Any) -> go.Figure:
    """Return an empty figure in the house style: no axes, no grid, no legend, transparent."""
    hidden = {"visible": False, "fixedrange": True}
    base: dict[str, Any] = {
        "template": {},
        "height": height,
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0, "autoexpand": False},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": 13, "color": LIGHT["ink"]},
        "showlegend": False,
        "hovermode": "closest",
        "dragmode": False,
        "xaxis": dict(hidden),
        "yaxis": dict(hidden),
        "hoverlabel": {
            "bgcolor": LIGHT["paper"],
            "bordercolor": LIGHT["muted"],
            "font": {"family": FONT, "size": 12, "color": LIGHT["ink"]},
            "align": "left",
        },
    }
    base.update(layout)
    return go.Figure(layout=base)


def note(text: str, **place: Any) -> dict[str, Any]:
    """Return a text annotation without an arrow; `text` must already be plain."""
    return {"text": text, "showarrow": False, "font": {"size": 12}, **place}


def nothing(sentence: str) -> go.Figure:
    """Return a figure that says in words why there is no picture."""
    figure = canvas(90, meta={"nothing": sentence})
    figure.add_annotation(note(sentence, xref="paper", yref="paper", x=0.5, y=0.5))
    return figure


def _between(ramp: tuple[tuple[int, int, int], ...], place: int, count: int) -> tuple[str, str]:
    share = place / (count - 1) if count > 1 else 1.0
    return _hex(_mix(ramp[0], ramp[1], share)), _hex(_mix(ramp[2], ramp[3], share))


def _mix(low: tuple[int, ...], high: tuple[int, ...], share: float) -> tuple[int, ...]:
    return tuple(round(a + (b - a) * share) for a, b in zip(low, high, strict=True))


def _hex(colour: tuple[int, ...]) -> str:
    return "#" + "".join(f"{part:02x}" for part in colour)
