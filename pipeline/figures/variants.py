"""The most common paths, each with the number of journeys that took it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from .palette import LIGHT, canvas, isolated, note, nothing, plain


def variant_bars(variants: pd.DataFrame, top: int = 12) -> go.Figure:
    """Return one bar per variant, the most common first: path above, journeys as length.

    `variants` has one row per variant in the order of frequency: path, journeys, of_journeys (of
    how many), converted. Fed by::

        select path, journeys, of_journeys, converted
        from segment_variants
        where map_name = 'acquisition' and level = 'stage' and segment = 'all' and among = 'all'
            and variant_no > 0
        order by variant_no
    """
    rows = [_shared(row) for row in variants.head(top).to_dict("records")]
    if not rows:
        return nothing("There is no journey yet.")
    figure = canvas(
        46 * len(rows) + 8,
        margin={"l": 2, "r": 2, "t": 4, "b": 4, "autoexpand": False},
        bargap=0.74,
        yaxis={"range": [len(rows) - 0.55, -0.8], "visible": False, "fixedrange": True},
        xaxis={"visible": False, "fixedrange": True},
    )
    figure.add_trace(
        go.Bar(
            orientation="h",
            x=[int(row["journeys"]) for row in rows],
            y=list(range(len(rows))),
            marker={"color": LIGHT["forward"], "line": {"width": 0}},
            customdata=[[plain(row["path"], 80), _told(row["converted"])] for row in rows],
            hovertemplate="%{customdata[0]}<br>%{x:,} journeys, %{customdata[1]} converted"
            "<extra></extra>",
        )
    )
    for place, row in enumerate(rows):
        text = f"{isolated(plain(row['path'], 80))} · {int(row['journeys']):,} ({row['share']:.1%})"
        figure.add_annotation(
            note(text, xref="paper", x=0, y=place, xanchor="left", yanchor="bottom", yshift=6)
        )
    return figure


def _shared(row: dict[Any, Any]) -> dict[str, Any]:
    return {
        **row,
        "share": row["share"] if "share" in row else row["journeys"] / row["of_journeys"],
    }


def _told(count: Any) -> str:
    return "—" if pd.isna(count) else f"{int(count):,}"
