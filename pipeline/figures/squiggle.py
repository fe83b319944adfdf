"""Perception against reality: the planned straight line, two real journeys, and the crowd."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from .durations import lasting
from .naming import shortened
from .palette import LIGHT, canvas, isolated, note, nothing, plain, stage_colours

_LANE = 74
_TENSION = 0.5
_SAMPLED = 40  # contacts of a journey that the sample holds at most
_ROLES = {"typical": ("forward", "typical"), "one_in_ten": ("back", "1 in 10")}


def squiggle_picture(samples: pd.DataFrame, stages: pd.DataFrame) -> go.Figure:
    """Return journeys as lines over stage lanes: contact number across, stages upward.

    `samples` has one row per contact of a drawn journey: journey, role, step_no, stage_no,
    touchpoint, elapsed_s. Every line is a real journey; touchpoints of a stage lie on sub-lanes, so
    that a repeat shows. The picture ends where the longer bold journey ends; the crowd may go on.
    Fed by::

        select
            dense_rank() over (order by role = 'crowd', role desc, journey_id) as journey,
            role, step_no, stage_no, stage, touchpoint, elapsed_s
        from sample_journeys
        where map_name = 'acquisition' and stage_no is not null
    """
    samples = samples.dropna(subset=["stage_no"])
    if samples.empty:
        return nothing("No journey has reached the goal yet, so there is no path to draw.")
    ordered = stages.sort_values("stage_no")
    names = [str(name) for name in ordered["stage"]]
    flags = [bool(flag) for flag in ordered["is_goal"]]
    goal = flags.index(True) + 1 if True in flags else len(names)
    top = max(goal, int(samples["stage_no"].max()))
    heights = _sublanes(samples)
    bold = samples[samples["role"].isin(list(_ROLES))]
    last = int((bold if len(bold) else samples)["step_no"].max())
    last = max(last, goal, 3)
    figure = canvas(
        _LANE * top + 40,
        margin={"l": 140, "r": 165, "t": 10, "b": 30, "autoexpand": False},
        xaxis={
            "range": [0.7, last + 0.15],
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
            "tickmode": "array",
            "tickvals": _ticks(last),
            "tickfont": {"size": 11, "color": LIGHT["muted"]},
        },
        yaxis={"range": [0, top], "visible": False, "fixedrange": True},
    )
    _lanes(figure, names[:top], stage_colours(stages))
    _crowd(figure, samples[samples["role"] == "crowd"], heights)
    figure.add_trace(
        go.Scatter(
            x=[1, goal],
            y=[0.5, goal - 0.5],
            mode="lines",
            line={"color": LIGHT["ink"], "width": 2, "dash": "dot"},
            hoverinfo="skip",
        )
    )
    figure.add_annotation(
        note(
            f"as planned: {goal} contact{'' if goal == 1 else 's'}",
            x=goal,
            y=goal - 0.5,
            yshift=17,
            xanchor="center",
        )
    )
    figure.add_annotation(
        note(
            "contact",
            xref="paper",
            yref="paper",
            x=0,
            y=0,
            xanchor="right",
            yanchor="top",
            xshift=-12,
            yshift=-6,
            font={"size": 11, "color": LIGHT["muted"]},
        )
    )
    _bold(figure, bold, heights)
    figure.layout.meta = {"narrow": _narrow(figure)}
    return figure


def _sublanes(samples: pd.DataFrame) -> dict[tuple[int, str], float]:
    """Return the height of each touchpoint within its stage's lane, by name."""
    found: dict[tuple[int, str], float] = {}
    for stage_no in sorted({int(number) for number in samples["stage_no"]}):
        names = sorted(
            {str(name) for name in samples["touchpoint"][samples["stage_no"] == stage_no]}
        )
        for place, name in enumerate(names):
            found[stage_no, name] = stage_no - 0.8 + 0.6 * (place + 0.5) / len(names)
    return found


def _journeys(rows: pd.DataFrame) -> Any:
    return rows.sort_values(["journey", "step_no"]).groupby("journey", sort=True)


def _draw(
    figure: go.Figure,
    journey: pd.DataFrame,
    heights: dict[tuple[int, str], float],
    *,
    color: str,
    width: float,
    **more: Any,
) -> None:
    points = zip(journey["stage_no"], journey["touchpoint"], strict=True)
    figure.add_trace(
        go.Scatter(
            x=[int(step) for step in journey["step_no"]],
            y=[heights[(int(stage), str(touchpoint))] for stage, touchpoint in points],
            line={"color": color, "width": width, "shape": "spline", "smoothing": _TENSION},
            **({"mode": "lines", "hoverinfo": "skip"} | more),
        )
    )


def _crowd(figure: go.Figure, crowd: pd.DataFrame, heights: dict[tuple[int, str], float]) -> None:
    """Draw all journeys of the crowd as one trace, a gap between each two."""
    across: list[int | None] = []
    upward: list[float | None] = []
    for _, journey in _journeys(crowd):
        points = zip(journey["stage_no"], journey["touchpoint"], strict=True)
        across += [*(int(step) for step in journey["step_no"]), None]
        upward += [*(heights[(int(stage), str(name))] for stage, name in points), None]
    line = {"color": LIGHT["crowd"], "width": 1.3, "shape": "spline", "smoothing": _TENSION}
    figure.add_trace(go.Scatter(x=across, y=upward, mode="lines", line=line, hoverinfo="skip"))


def _bold(figure: go.Figure, bold: pd.DataFrame, heights: dict[tuple[int, str], float]) -> None:
    """Draw the one-in-ten journey, then the typical one over it, each with its label."""
    ends: list[tuple[float, float]] = []
    for role in ("one_in_ten", "typical"):
        for _, journey in _journeys(bold[bold["role"] == role]):
            colour = LIGHT[_ROLES[role][0]]
            _draw(figure, journey, heights, color=LIGHT["paper"], width=7)
            texts = [
                [
                    isolated(plain(row["stage"])),
                    isolated(plain(row["touchpoint"])),
                    _after(row["elapsed_s"]),
                ]
                for row in journey.to_dict("records")
            ]
            _draw(
                figure,
                journey,
                heights,
                color=colour,
                width=3,
                mode="lines+markers",
                marker={
                    "size": 8,
                    "color": colour,
                    "line": {"color": LIGHT["paper"], "width": 1.5},
                },
                cliponaxis=False,
                customdata=texts,
                hoverinfo="all",
                hovertemplate="contact %{x}: %{customdata[1]}<br>%{customdata[0]}, "
                "%{customdata[2]}<extra></extra>",
            )
            end = journey.iloc[-1]
            x = float(end["step_no"])
            contacts = int(x)
            more = "+" if contacts == _SAMPLED else ""
            y = heights[(int(end["stage_no"]), str(end["touchpoint"]))]
            figure.add_annotation(
                note(
                    f"<b>{_ROLES[role][1]}: {contacts}{more} contacts</b>",
                    x=x,
                    y=y,
                    xanchor="left",
                    xshift=10,
                    bgcolor=LIGHT["lane" if int(end["stage_no"]) % 2 else "paper"],
                    yshift=_beside(x, y, ends, figure.layout.xaxis.range[1]),
                    font={"size": 12, "color": colour},
                )
            )
            ends.append((x, y))


def _beside(x: float, y: float, ends: list[tuple[float, float]], last: float) -> int:
    """Return how far a label is moved up or down, so that it lies beside no other."""
    near = [high for across, high in ends if abs(across - x) < 0.3 * last and abs(high - y) < 0.7]
    return 0 if not near else -17 if y <= min(near) else 17


def _lanes(figure: go.Figure, names: list[str], colours: dict[str, tuple[str, str]]) -> None:
    called = shortened(names, 15)
    for place, name in enumerate(names):
        if place % 2 == 0:
            figure.add_shape(
                type="rect",
                xref="paper",
                x0=0,
                x1=1,
                y0=place,
                y1=place + 1,
                fillcolor=LIGHT["lane"],
                line={"width": 0},
                layer="below",
            )
        figure.add_annotation(
            note(
                f"<b>{plain(called[name], 15)}</b>",
                xref="paper",
                x=0,
                y=place + 0.5,
                xanchor="right",
                xshift=-12,
                font={"size": 12, "color": colours[name][0]},
            )
        )


def _narrow(figure: go.Figure) -> dict[str, Any]:
    """Return what changes on a phone: lane names move into the lanes, labels stay inside."""
    moved = []
    labels = [one for one in figure.layout.annotations if one.xref != "paper" and one.xshift]
    above = max(labels, key=lambda one: (one.y, one.x), default=None)
    for annotation in figure.layout.annotations:
        plainly = annotation.to_plotly_json()
        if plainly.get("yref") == "paper":
            continue
        if plainly.get("xref") == "paper":
            plainly |= {"xanchor": "left", "xshift": 6, "yanchor": "top", "font": plainly["font"]}
            plainly["y"] = plainly["y"] + 0.48
            plainly["font"] = {**plainly["font"], "size": 11}
            plainly["bgcolor"] = LIGHT["paper" if int(plainly["y"]) % 2 else "lane"]
        elif plainly.get("xshift"):
            right = plainly["x"] > 0.45 * figure.layout.xaxis.range[1]
            plainly |= {"xanchor": "right" if right else "left", "xshift": 6 if right else -6}
            plainly["yshift"] = 17 if annotation is above else -17
            if annotation is above:
                del plainly["bgcolor"]
        else:
            continue
        moved.append(plainly)
    margin = {"l": 4, "r": 12, "t": 8, "b": 30, "autoexpand": False}
    return {"margin": margin, "annotations": moved}


def _ticks(last: int) -> list[int]:
    step = max(1, -(-last // 10))
    return list(range(1, last + 1, step))


def _after(seconds: Any) -> str:
    if seconds is None or pd.isna(seconds):
        return "time unknown"
    return f"after {lasting(float(seconds))}" if seconds else "at the start"
