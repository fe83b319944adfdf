"""Forward and back: stages on a line, arcs above for moves ahead, below for moves back."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from ..statistics import ENOUGH
from .naming import shortened
from .palette import LIGHT, canvas, note, nothing, plain, stage_colours

_POINTS = 61
_WIDEST = 44.0  # pixels of the most that leaves a stage


def back_and_forth(moves: pd.DataFrame, stages: pd.DataFrame) -> go.Figure:
    """Return the moves between stages as arcs: width is the number of moves, the label its share.

    `moves` has one row per pair of stages: from_node, to_node, transitions, of_departures (all
    moves that leave from_node for another node, the virtual ones included). Stages stand in their
    intended order; the share of fewer than 30 moves is muted. Fed by::

        select from_node, to_node, transitions, of_departures
        from segment_transitions
        where map_name = 'acquisition' and level = 'stage' and not is_repeat
            and segment = 'all' and among = 'all'
    """
    ordered = stages.sort_values("stage_no")
    names = [str(name) for name in ordered["stage"]]
    place = {name: number for number, name in enumerate(names)}
    told = [_shared(row) for row in moves.to_dict("records")]
    real = [
        row
        for row in told
        if str(row["from_node"]) in place
        and str(row["to_node"]) in place
        and row["from_node"] != row["to_node"]
        and row["transitions"] > 0
    ]
    if not real:
        return nothing("No journey has moved from one stage to another yet.")
    real.sort(key=lambda row: (-int(row["transitions"]), place[row["from_node"]], row["to_node"]))
    most = max(int(row["leaving"]) for row in real)
    spans = [place[str(row["to_node"])] - place[str(row["from_node"])] for row in real]
    up = max([_height(span) for span in spans if span > 0], default=0.3)
    down = max([_height(span) for span in spans if span < 0], default=0.3)
    figure = canvas(
        round(86 * (up + down) + 120),
        margin={"l": 8, "r": 8, "t": 10, "b": 10, "autoexpand": False},
        xaxis={"range": [-0.36, len(names) - 0.64], "visible": False, "fixedrange": True},
        yaxis={"range": [-down - 0.45, up + 0.45], "visible": False, "fixedrange": True},
        meta={"narrow": {"min_width": 118 * len(names)}},
    )
    for row in real:
        _arc(figure, row, place, most)
    shares = {(str(row["from_node"]), str(row["to_node"])): float(row["share"]) for row in told}
    goal = {str(row["stage"]) for row in stages.to_dict("records") if bool(row["is_goal"])}
    colours = stage_colours(stages)
    called = shortened(names, 15)
    for name in names:
        leaves = shares.get((name, "(exit)"), 0.0)
        below = "the goal" if name in goal and leaves > 0.995 else f"{leaves:.0%} leave"
        figure.add_annotation(
            note(
                f"<b>{plain(called[name], 15)}</b><br><span style='font-size:11px'>{below}</span>",
                x=place[name],
                y=0,
                bgcolor=LIGHT["paper"],
                bordercolor=colours[name][0],
                borderwidth=1.5,
                borderpad=6,
                font={"size": 12.5, "color": LIGHT["ink"]},
            )
        )
    return figure


def _shared(row: dict[Any, Any]) -> dict[str, Any]:
    """Return the row with its share, where only what it is a share of was given."""
    leaving = row["leaving"] if "leaving" in row else row["of_departures"]
    share = row["share"] if "share" in row else row["transitions"] / max(leaving, 1)
    return {**row, "leaving": leaving, "share": share}


def _arc(figure: go.Figure, row: dict[str, Any], place: dict[str, int], most: int) -> None:
    start, end = place[str(row["from_node"])], place[str(row["to_node"])]
    ahead = end > start
    sign = 1 if ahead else -1
    left, right = start + 0.14 * sign, end - 0.14 * sign
    height = _height(end - start) * sign
    turns = [math.pi * step / (_POINTS - 1) for step in range(_POINTS)]
    middle, half = (left + right) / 2, (right - left) / 2
    share, role = row["share"], "forward" if ahead else "back"
    figure.add_trace(
        go.Scatter(
            x=[round(middle - half * math.cos(turn), 4) for turn in turns],
            y=[round(height * math.sin(turn), 4) for turn in turns],
            mode="lines",
            line={
                "color": LIGHT[f"{role}_flow"],
                "simplify": False,
                "width": round(1.2 + _WIDEST * int(row["transitions"]) / most, 2),
            },
            customdata=[
                [plain(row["from_node"]), plain(row["to_node"]), int(row["transitions"]), share]
            ]
            * _POINTS,
            hovertemplate="%{customdata[0]} → %{customdata[1]}<br>%{customdata[2]:,} moves, "
            "%{customdata[3]:.1%} of all that leaves it<extra></extra>",
        )
    )
    if share >= 0.02:
        figure.add_annotation(
            note(
                f"<b>{share:.0%}</b>",
                x=middle,
                y=height,
                font={"size": 12, "color": LIGHT[role if row["leaving"] >= ENOUGH else "leave"]},
                bgcolor=LIGHT["paper"],
                borderpad=2,
            )
        )


def _height(span: int) -> float:
    return float(0.25 + 0.62 * abs(span) ** 0.85)
