"""The stage Sankey, step by step: every stage keeps its lane, so up is forward and down is back."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from .naming import shortened
from .palette import DARK, LIGHT, canvas, note, nothing, plain, stage_colours

_TALL = 250.0  # pixels that all journeys together take
_WIDEST = 36.0  # pixels that one journey takes at most
_LOW = 44.0  # the least height of a lane: room for its label
_GAP = 10.0
_TOP, _BOTTOM, _LEFT, _RIGHT = 34, 8, 140, 14
_ENDS = {
    "(open)": "still open",
    "(exit)": "left",
    "(more)": "goes on",
    "(won)": "reached the goal",
}
_OTHER = "(other)"
_FLOW = {"forward": "forward", "back": "back", "goal": "goal", "open": "open", "more": "more"}


def stage_sankey(flows: pd.DataFrame, stages: pd.DataFrame, *, least: int = 0) -> go.Figure:
    """Return journeys stage by stage, one column per change of stage, loss-free and to one scale.

    `flows` has one row per link of a map (stage_flows): step_no, from_stage, to_stage, outcome,
    direction, journeys. `stages` has stage_no, stage, is_goal. Lanes are stages, the last on top;
    below them lie the journeys that are open and those that left. Every link of the frame is
    drawn with its own count: the links out of column 1 add up to all journeys. Links of fewer than
    `least` journeys are led through one node (other) between their columns. Fed by::

        from stage_flows where map_name = 'acquisition'
    """
    flows = flows[flows["journeys"] > 0]
    if flows.empty:
        return nothing("No journey has a stage yet.")
    links, nodes = _graph(flows, stages, least)
    lanes = _lanes(nodes, stages)
    total = sum(node["count"] for node in nodes.values() if node["step"] == 1)
    steps = int(max(node["step"] for node in nodes.values()))
    scale = min(_TALL / total, _WIDEST)
    floors, tall = _floors(nodes, lanes, scale)
    centre = _centres(nodes, links, floors, scale)
    colours = stage_colours(stages)
    order = list(nodes)
    figure = canvas(
        round(tall) + _TOP + _BOTTOM,
        margin={"l": _LEFT, "r": _RIGHT, "t": _TOP, "b": _BOTTOM, "autoexpand": False},
        meta={"narrow": {"min_width": max(520, 92 * steps)}, "total": total},
    )
    place = {key: number for number, key in enumerate(order)}
    links.sort(key=lambda link: (link["from"][0], centre[link["from"]], centre[link["to"]]))
    figure.add_trace(
        go.Sankey(
            arrangement="fixed",
            # Plotly fits the fullest column, the first, into the domain and takes its scale from
            # there; nodes may lie below it, so the domain's height sets the scale exactly.
            domain={"x": [0, 1], "y": [1 - scale * total / tall, 1]},
            node={
                "x": [_across(nodes[key]["step"], steps) for key in order],
                "y": [centre[key] / (scale * total) for key in order],
                "label": [_label(nodes[key], scale) for key in order],
                "color": [_node_colour(nodes[key], colours) for key in order],
                "customdata": [
                    [plain(_ENDS.get(nodes[key]["kind"], nodes[key]["kind"]), 40)] for key in order
                ],
                "hovertemplate": "%{customdata[0]}<br>%{value:,} journeys<extra></extra>",
                "align": "left",
                "sort": "input",
                "pad": 0,
                "thickness": 9,
                "line": {"width": 0},
            },
            link={
                "source": [place[link["from"]] for link in links],
                "target": [place[link["to"]] for link in links],
                "value": [link["count"] for link in links],
                "color": [LIGHT[link["colour"] + "_flow"] for link in links],
                "customdata": [
                    [plain(link["shown"][0], 40), plain(link["shown"][1], 40)] for link in links
                ],
                "hovertemplate": "%{customdata[0]} → %{customdata[1]}<br>"
                "%{value:,} journeys<extra></extra>",
                "sort": "input",
                # A line of its own keeps thin links thin: without one Plotly draws them 1 px wide.
                "line": {"width": 0.2, "color": "rgba(0,0,0,0)"},
            },
            textfont={"size": 11, "color": LIGHT["ink"]},
            valueformat=",",
        )
    )
    _write(figure, lanes, floors, tall, steps, colours)
    return figure


Key = tuple[float, str, str]


def _graph(
    flows: pd.DataFrame, stages: pd.DataFrame, least: int
) -> tuple[list[dict[str, Any]], dict[Key, dict[str, Any]]]:
    """Return the links, and the nodes (step, lane, kind) with their counts, in a fixed order.

    A stage's node lies in the stage's lane. Journeys that leave converted, and those that go on
    beyond the last column, stay in the lane of the stage that they come from. A link that is
    folded, or was (direction between and beyond), has a node between its columns.
    """
    goal = {str(row["stage"]) for row in stages.to_dict("records") if bool(row["is_goal"])}
    links: dict[tuple[Key, Key, str], dict[str, Any]] = {}
    heads: dict[Key, int] = {}
    tails: dict[Key, int] = {}
    for row in flows.to_dict("records"):
        source, target, step = str(row["from_stage"]), str(row["to_stage"]), int(row["step_no"])
        count, kind = int(row["journeys"]), target
        if target == "(exit)" and row.get("outcome") == "converted":
            kind = "(won)"
        head = (step, source, source)
        tail = (step + 1, source if kind in ("(won)", "(more)") else target, kind)
        ahead = kind == "(won)" or (target in goal and row["direction"] == "forward")
        colour = "goal" if ahead else _FLOW.get(str(row["direction"]), "leave")
        shown = (source, _ENDS.get(kind, kind))
        between: Key = (step + 0.5, _OTHER, _OTHER)
        ways: list[tuple[Key, Key]] = [(head, tail)]
        if row["direction"] != "beyond" and (row["direction"] == "between" or count < least):
            ways = [(head, between)]
        if row["direction"] != "between" and (row["direction"] == "beyond" or count < least):
            ways = [*ways, (between, tail)] if ways != [(head, tail)] else [(between, tail)]
        for one, other in ways:
            whole = (one, other) == (head, tail)
            told = {"from": one, "to": other, "count": 0, "colour": colour, "shown": shown}
            if not whole:
                told |= {"colour": "other", "shown": (one[2], _ENDS.get(other[2], other[2]))}
            link = links.setdefault((one, other, colour if whole else ""), told)
            link["count"] += count
            heads[one] = heads.get(one, 0) + count
            tails[other] = tails.get(other, 0) + count
    nodes: dict[Key, dict[str, Any]] = {}
    for key in sorted(heads.keys() | tails.keys()):
        count = max(heads.get(key, 0), tails.get(key, 0))
        nodes[key] = {"step": key[0], "lane": key[1], "kind": key[2], "count": count}
    return list(links.values()), nodes


def _lanes(nodes: dict[Key, dict[str, Any]], stages: pd.DataFrame) -> list[str]:
    """Return the lanes from top to bottom: stages from the last to the first, open, left."""
    used = {str(node["lane"]) for node in nodes.values() if _is_column(node)}
    known = [str(name) for name in stages.sort_values("stage_no", ascending=False)["stage"]]
    ends = [name for name in (_OTHER, "(open)", "(exit)") if name in used]
    strange = sorted(used - set(known) - set(ends))
    return known + strange + ends


def _floors(
    nodes: dict[Key, dict[str, Any]], lanes: list[str], scale: float
) -> tuple[dict[str, float], float]:
    """Return where each lane ends (pixels from the top) and how tall they are together."""
    floors: dict[str, float] = {}
    y = 0.0
    for lane in lanes:
        sums: dict[int, int] = {}
        for node in nodes.values():
            if node["lane"] == lane and _is_column(node):
                sums[node["step"]] = sums.get(node["step"], 0) + node["count"]
        y += max(_LOW, max(sums.values(), default=0) * scale + _GAP)
        floors[lane] = y
    return floors, y + 2


def _is_column(node: dict[str, Any]) -> bool:
    return float(node["step"]).is_integer()


def _centres(
    nodes: dict[Key, dict[str, Any]],
    links: list[dict[str, Any]],
    floors: dict[str, float],
    scale: float,
) -> dict[Key, float]:
    """Return each node's middle; the nodes of one lane and column stand on one another.

    A node between columns lies in the middle of what leads through it.
    """
    taken: dict[tuple[int, str], float] = {}
    centres: dict[Key, float] = {}
    for key, node in nodes.items():
        if not _is_column(node):
            continue
        cell = (node["step"], node["lane"])
        tall = node["count"] * scale
        below = taken.get(cell, 0.0)
        centres[key] = floors[node["lane"]] - below - tall / 2
        taken[cell] = below + tall
    for key in (key for key, node in nodes.items() if not _is_column(node)):
        ends = [(link["count"], link["to"]) for link in links if link["from"] == key]
        ends += [(link["count"], link["from"]) for link in links if link["to"] == key]
        centres[key] = sum(n * centres[end] for n, end in ends) / sum(n for n, _ in ends)
    return centres


def _across(step: float, steps: int) -> float:
    return 0.006 + 0.988 * (step - 1) / max(steps - 1, 1)


def _label(node: dict[str, Any], scale: float) -> str:
    tall = node["count"] * scale
    return f"{node['count']:,}" if tall >= 13 and node["kind"] not in ("(won)", _OTHER) else ""


def _node_colour(node: dict[str, Any], colours: dict[str, tuple[str, str]]) -> str:
    fixed = {"(won)": "goal", "(open)": "open", "(more)": "more", "(exit)": "leave", _OTHER: "open"}
    role = fixed.get(node["kind"], "muted")
    return colours.get(node["kind"], (LIGHT[role], DARK[role]))[0]


def _write(
    figure: go.Figure,
    lanes: list[str],
    floors: dict[str, float],
    tall: float,
    steps: int,
    colours: dict[str, tuple[str, str]],
) -> None:
    """Write the lanes' names at the left, the steps' numbers on top, and draw the lanes."""
    called = shortened(lanes, 15)
    above = 0.0
    for number, lane in enumerate(lanes):
        colour = colours.get(lane, (LIGHT["muted"], DARK["muted"]))[0]
        name = plain(_ENDS.get(lane, called[lane]), 15)
        figure.add_annotation(
            note(
                f"<b>{name}</b>" if lane in colours else name,
                xref="paper",
                yref="paper",
                x=0,
                y=1 - floors[lane] / tall,
                xanchor="right",
                yanchor="bottom",
                xshift=-12,
                font={"size": 12, "color": colour},
            )
        )
        if number % 2 == 0:
            figure.add_shape(
                type="rect",
                xref="paper",
                yref="paper",
                x0=0,
                x1=1,
                y0=1 - floors[lane] / tall,
                y1=1 - above / tall,
                fillcolor=LIGHT["lane"],
                line={"width": 0},
                layer="below",
            )
        above = floors[lane]
    for step in range(1, steps + 1):
        figure.add_annotation(
            note(
                "first stage" if step == 1 else "then" if step == 2 else str(step),
                xref="paper",
                yref="paper",
                x=_across(step, steps),
                y=1,
                xanchor="left" if step == 1 else "center" if step < steps else "right",
                yanchor="bottom",
                yshift=10,
                font={"size": 11, "color": LIGHT["muted"]},
            )
        )
