"""How far journeys get, and how many stop: counts as bars, rates as points with intervals."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from ..statistics import ENOUGH
from .palette import LIGHT, canvas, note, nothing, plain, stage_colours

_ROW = 62


def reach_bars(dropoff: pd.DataFrame, stages: pd.DataFrame) -> go.Figure:
    """Return one bar per stage: of those that reached it, who went on, is open, dropped off.

    `dropoff` is stage_dropoff of one map. Open journeys are drawn apart: they are not lost. Fed
    by::

        from stage_dropoff where map_name = 'acquisition'
    """
    rows = dropoff.sort_values("stage_no").to_dict("records")
    if not rows or not any(row["reached"] for row in rows):
        return nothing("No journey has reached a stage yet.")
    goal = {str(row["stage"]) for row in stages.to_dict("records") if bool(row["is_goal"])}
    figure = _rows(len(rows))
    parts = (
        ("progressed", "forward", "paper"),
        ("open", "open", "ink"),
        ("dropped", "leave", "ink"),
    )
    for part, role, text in parts:
        values = [_number(row[part]) for row in rows]
        _bar(figure, values, [LIGHT[role]] * len(rows), part, rows, LIGHT[text])
    ends = [_number(row["completed"]) for row in rows]
    tints = [LIGHT["goal"] if str(row["stage"]) in goal else LIGHT["leave"] for row in rows]
    _bar(figure, ends, tints, "end here", rows, LIGHT["paper"])
    most = max(_number(row["reached"]) for row in rows)
    figure.layout.xaxis.range = [0, most * 1.01]
    colours = stage_colours(stages)
    for place, row in enumerate(rows):
        colour = colours.get(str(row["stage"]), (LIGHT["ink"], ""))[0]
        reached = f"{int(_number(row['reached'])):,} reached it"
        _above(figure, place, f"<b>{plain(row['stage'], 22)}</b>", 0, "left", colour)
        _above(figure, place, reached, 1, "right", LIGHT["muted"])
    return figure


def dropoff_intervals(dropoff: pd.DataFrame, stages: pd.DataFrame) -> go.Figure:
    """Return the drop-off rate of each stage with its interval, the naive ratio beside it.

    The filled point is the headline (drop_rate, at most within_days after the stage was reached);
    the hollow one is the naive ratio, which counts journeys as lost or not by today's date.
    A stage with fewer than 30 entries is muted. Fed by::

        from stage_dropoff where map_name = 'acquisition'
    """
    rows = [
        row
        for row in dropoff.sort_values("stage_no").to_dict("records")
        if _known(row["drop_rate"]) or _known(row["naive_drop_rate"])
    ]
    if not rows:
        return nothing("There are no drop-off rates: nothing has been followed long enough.")
    figure = _rows(len(rows))
    figure.layout.xaxis.update(range=[-0.02, 1.02])
    figure.layout.height += 22
    figure.layout.margin.b = 26
    for share, side in (
        (0, "left"),
        (0.25, "center"),
        (0.5, "center"),
        (0.75, "center"),
        (1, "right"),
    ):
        figure.add_annotation(
            note(
                f"{share:.0%}",
                x=share,
                y=len(rows) - 0.55,
                xanchor=side,
                yanchor="top",
                font={"size": 11, "color": LIGHT["muted"]},
            )
        )
    colours = stage_colours(stages)
    for place, row in enumerate(rows):
        few = _number(row["frontier"]) < ENOUGH
        colour = LIGHT["leave"] if few else LIGHT["back"]
        name = colours.get(str(row["stage"]), (LIGHT["ink"], ""))[0]
        _above(figure, place, f"<b>{plain(row['stage'], 22)}</b>", 0, "left", name)
        figure.add_shape(
            type="line",
            x0=0,
            x1=1,
            y0=place,
            y1=place,
            line={"color": LIGHT["line"], "width": 6},
            layer="below",
        )
        text = _rate_in_words(row)
        _above(figure, place, text, 1, "right", LIGHT["muted"])
        if _known(row["naive_drop_rate"]):
            _point(figure, place, row, "naive_drop_rate", LIGHT["muted"], hollow=True)
        if _known(row["drop_rate"]):
            if _known(row["drop_lo"]) and _known(row["drop_hi"]):
                _whisker(figure, place, row, colour)
            _point(figure, place, row, "drop_rate", colour, hollow=False)
    return figure


def _rows(count: int) -> go.Figure:
    return canvas(
        _ROW * count + 8,
        margin={"l": 2, "r": 2, "t": 4, "b": 4, "autoexpand": False},
        barmode="stack",
        uniformtext={"mode": "hide", "minsize": 10},
        bargap=0.6,
        yaxis={"range": [count - 0.55, -0.75], "visible": False, "fixedrange": True},
        xaxis={"visible": False, "fixedrange": True},
    )


def _bar(
    figure: go.Figure,
    values: list[float],
    colours: list[str],
    name: str,
    rows: list[dict[str, Any]],
    text: str,
) -> None:
    pattern = {"shape": "/", "size": 5, "solidity": 0.35, "fgcolor": LIGHT["muted"]}
    figure.add_trace(
        go.Bar(
            orientation="h",
            x=values,
            y=list(range(len(values))),
            name=name,
            marker={
                "color": colours,
                "line": {"width": 0},
                **({"pattern": pattern} if name == "open" else {}),
            },
            customdata=[[plain(row["stage"])] for row in rows],
            text=[f"{value:,.0f}" if value else "" for value in values],
            textposition="inside",
            insidetextanchor="start",
            textangle=0,
            textfont={"size": 11, "color": text},
            hovertemplate="%{customdata[0]}<br>%{x:,} " + name + "<extra></extra>",
        )
    )


def _point(
    figure: go.Figure, place: int, row: dict[str, Any], column: str, colour: str, *, hollow: bool
) -> None:
    what = "naive ratio" if hollow else "drop-off"
    low, high = ("naive_lo", "naive_hi") if hollow else ("drop_lo", "drop_hi")
    figure.add_trace(
        go.Scatter(
            x=[float(row[column])],
            y=[place],
            mode="markers",
            marker={
                "size": 9 if hollow else 12,
                "color": LIGHT["paper"] if hollow else colour,
                "line": {"color": colour if hollow else LIGHT["paper"], "width": 1.5},
                "symbol": "diamond" if hollow else "circle",
            },
            customdata=[[plain(row["stage"]), _span(row[low], row[high])]],
            hovertemplate="%{customdata[0]}<br>" + what + " %{x:.1%} %{customdata[1]}"
            "<extra></extra>",
        )
    )


def _whisker(figure: go.Figure, place: int, row: dict[str, Any], colour: str) -> None:
    figure.add_shape(
        type="line",
        x0=float(row["drop_lo"]),
        x1=float(row["drop_hi"]),
        y0=place,
        y1=place,
        line={"color": colour, "width": 4},
        opacity=0.55,
    )


def _above(figure: go.Figure, place: int, text: str, x: float, anchor: str, colour: str) -> None:
    figure.add_annotation(
        note(
            text,
            xref="paper",
            x=x,
            y=place,
            xanchor=anchor,
            yanchor="bottom",
            yshift=10,
            font={"size": 12.5, "color": colour},
        )
    )


def _rate_in_words(row: dict[str, Any]) -> str:
    count = int(_number(row["frontier"]))
    if not _known(row["drop_rate"]):
        passed = count == 0 and _number(row["reached"]) > 0
        return "all went straight past it" if passed else "not followed long enough"
    if count < ENOUGH:
        return f"{row['drop_rate']:.0%}, but only n = {count}"
    span = _span(row["drop_lo"], row["drop_hi"])
    return f"<b>{row['drop_rate']:.0%}</b> {span} · n = {count:,}"


def _span(low: Any, high: Any) -> str:
    if not (_known(low) and _known(high)):
        return ""
    return f"({100 * low:.0f}–{100 * high:.0f}%)"


def _known(value: Any) -> bool:
    return value is not None and not pd.isna(value)


def _number(value: Any) -> float:
    return float(value) if _known(value) else 0.0
