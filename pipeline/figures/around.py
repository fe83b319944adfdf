"""Steps around an anchor: columns of nodes before and after it, to one scale, nothing lost."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from .palette import LIGHT, canvas, note, nothing, plain

_TALL = 300.0
_GAP = 9.0
_TOP, _BOTTOM, _LEFT, _RIGHT = 44, 8, 2, 128
_ENDS = {"(start)": "begins", "(open)": "still open", "(exit)": "left"}
_LAST = ("(other)", *_ENDS)
_FLOW = {"forward": "forward", "back": "back", "open": "open", "level": "other"}

Key = tuple[int, str]


def anchor_flows(steps: pd.DataFrame) -> go.Figure:
    """Return where journeys are before and after an anchor, one column per step, to one scale.

    `steps` has one row per link around one anchor: step_no (that the link leaves; 0 is the anchor),
    from_node, to_node, direction, journeys. Links out of the anchor add up to all journeys that
    meet it; a column without (start) and the ends is less by those who began later or ended
    before. Fed by::

        from segment_steps
        where map_name = 'acquisition' and segment = 'all' and among = 'all' and anchor_no = 1
    """
    steps = steps[steps["journeys"] > 0]
    if steps.empty:
        return nothing("No journey meets a touchpoint yet.")
    total = int(steps.loc[steps["step_no"] == 0, "journeys"].sum())
    counts = _counts(steps)
    first, last = min(step for step, _ in counts), max(step for step, _ in counts)
    scale = _TALL / total
    middles, tall = _middles(counts, scale)
    order = sorted(counts)
    place = {key: number for number, key in enumerate(order)}
    figure = canvas(
        round(tall) + _TOP + _BOTTOM,
        margin={"l": _LEFT, "r": _RIGHT, "t": _TOP, "b": _BOTTOM, "autoexpand": False},
        meta={"narrow": {"min_width": 920}, "total": total},
    )
    links = steps.sort_values(["step_no", "from_node", "to_node"]).to_dict("records")
    ends = [((int(row["step_no"]), str(row["from_node"])), str(row["to_node"])) for row in links]
    pairs = [(head, (head[0] + 1, name)) for head, name in ends]
    fullest = max(
        sum(count for (step, _), count in counts.items() if step == at)
        for at in range(first, last + 1)
    )
    figure.add_trace(
        go.Sankey(
            arrangement="fixed",
            # As in the stage Sankey: the fullest column fills the domain and sets the scale.
            domain={"x": [0, 1], "y": [1 - scale * fullest / tall, 1]},
            node={
                "x": [0.004 + 0.992 * (step - first) / max(last - first, 1) for step, _ in order],
                "y": [middles[key] / (scale * fullest) for key in order],
                "label": [""] * len(order),
                "color": [_colour(*key) for key in order],
                "customdata": [[plain(_ENDS.get(name, name), 40)] for _, name in order],
                "hovertemplate": "%{customdata[0]}<br>%{value:,} journeys<extra></extra>",
                "align": "left",
                "sort": "input",
                "pad": 0,
                "thickness": 9,
                "line": {"width": 0},
            },
            link={
                "source": [place[head] for head, _ in pairs],
                "target": [place[tail] for _, tail in pairs],
                "value": [int(row["journeys"]) for row in links],
                "color": [
                    LIGHT[_FLOW.get(str(row["direction"]), "leave") + "_flow"] for row in links
                ],
                "hovertemplate": "%{value:,} journeys<extra></extra>",
                "sort": "input",
                "line": {"width": 0.2, "color": "rgba(0,0,0,0)"},
            },
            textfont={"size": 11, "color": LIGHT["ink"]},
            valueformat=",",
        )
    )
    _write(figure, counts, middles, tall, scale)
    return figure


def _counts(steps: pd.DataFrame) -> dict[Key, int]:
    """Return how many are at each step and node: what enters it, or what leaves it, if more."""
    into: dict[Key, int] = {}
    out: dict[Key, int] = {}
    for row in steps.to_dict("records"):
        step, count = int(row["step_no"]), int(row["journeys"])
        head, tail = (step, str(row["from_node"])), (step + 1, str(row["to_node"]))
        out[head] = out.get(head, 0) + count
        into[tail] = into.get(tail, 0) + count
    return {key: max(into.get(key, 0), out.get(key, 0)) for key in into.keys() | out.keys()}


def _middles(counts: dict[Key, int], scale: float) -> tuple[dict[Key, float], float]:
    """Return the middle of each node, from the top, and how tall the tallest column is.

    The most frequent stands on top; (other) and the ends lie at the bottom of each column.
    """
    middles: dict[Key, float] = {}
    floors: dict[int, float] = {}
    rank = {name: number + 1 for number, name in enumerate(_LAST)}
    for key in sorted(counts, key=lambda key: (rank.get(key[1], 0), -counts[key], key)):
        top = floors.get(key[0], 0.0)
        middles[key] = top + counts[key] * scale / 2
        floors[key[0]] = top + max(counts[key] * scale, 2.0) + _GAP
    return middles, max(floors.values())


def _colour(step: int, name: str) -> str:
    fixed = {"(start)": "leave", "(exit)": "leave", "(open)": "open", "(other)": "open"}
    return LIGHT["forward" if step == 0 else fixed.get(name, "muted")]


def _write(
    figure: go.Figure,
    counts: dict[Key, int],
    middles: dict[Key, float],
    tall: float,
    scale: float,
) -> None:
    """Write a name and a count beside each node that has room, and the step over each column."""
    first, last = min(step for step, _ in counts), max(step for step, _ in counts)
    paper = {"xref": "paper", "yref": "paper", "xanchor": "left"}
    for (step, name), count in sorted(counts.items()):
        x = (step - first) / max(last - first, 1)
        if step == 0:
            words = f"<b>{plain(name, 18)}</b>"
        else:
            words = f"{abs(step)} {'before' if step < 0 else 'after'}"
        if name == min(other for at, other in counts if at == step):
            top = note(words, x=x, y=1, yanchor="bottom", yshift=10, **paper)
            figure.add_annotation({**top, "font": {"size": 11, "color": LIGHT["muted"]}})
        if count * scale >= 5:
            y = 1 - middles[step, name] / tall
            text = f"{plain(_ENDS.get(name, name), 16)} {count:,}"
            beside = note(text, x=x, y=y, yanchor="middle", xshift=12, **paper)
            figure.add_annotation({**beside, "font": {"size": 11, "color": LIGHT["ink"]}})
