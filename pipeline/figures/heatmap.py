"""What follows what: the transition heat-map, whole percentages printed in the cells."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from ..statistics import ENOUGH
from .palette import LIGHT, canvas, nothing, plain, shade

_CELL = 31
_FULL = 0.6  # the share that takes the deepest colour; more is printed, not darker


def transition_heatmap(cells: pd.DataFrame, order: Sequence[str] = ()) -> go.Figure:
    """Return rows (where from) by columns (what comes next), coloured by the share of the row.

    `cells` has one row per pair: from_node, to_node, transitions, of_transitions (of the row);
    `order` names the nodes in the order in which they are to stand, the others follow by name. A
    row adds up to 100 % up to rounding; an empty cell never happened. A row with fewer than 30
    visits is left without colour and says its n. Fed by::

        select from_node, to_node, transitions, of_transitions
        from segment_transitions
        where map_name = 'acquisition' and level = 'touchpoint' and segment = 'all'
            and among = 'all'
    """
    if cells.empty:
        return nothing("No touchpoint has been followed by another yet.")
    rows = _ordered(cells["from_node"], order)
    columns = _ordered(cells["to_node"], order)
    shares: list[list[float | None]] = [[None] * len(columns) for _ in rows]
    texts = [[""] * len(columns) for _ in rows]
    facts = [[[0, 0.0] for _ in columns] for _ in rows]
    scarce = [""] * len(rows)
    for cell in cells.to_dict("records"):
        y, x = rows.index(str(cell["from_node"])), columns.index(str(cell["to_node"]))
        visits = int(cell["of_transitions"])
        few = visits < ENOUGH
        if few:
            scarce[y] = f" (n = {visits})"
        share = cell["transitions"] / visits
        shares[y][x] = 0.0 if few else share
        texts[y][x] = f"{100 * share:.0f}" if share >= 0.005 else "<1"
        facts[y][x] = [int(cell["transitions"]), round(100 * share, 1)]
    figure = canvas(
        _CELL * len(rows) + 104,
        margin={"l": 148, "r": 16, "t": 96, "b": 8, "autoexpand": False},
        xaxis={
            "tickmode": "array",
            "tickvals": list(range(len(columns))),
            "ticktext": [plain(name, 17) for name in columns],
            "ticks": "",
            "tickangle": -42,
            "side": "top",
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
            "range": [-0.5, len(columns) - 0.5],
            "tickfont": {"size": 12},
        },
        yaxis={
            "tickmode": "array",
            "tickvals": list(range(len(rows))),
            "ticktext": [plain(name, 19) + few for name, few in zip(rows, scarce, strict=True)],
            "ticks": "",
            "range": [len(rows) - 0.5, -0.5],
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
            "tickfont": {"size": 12},
        },
        meta={"narrow": {"min_width": 36 * len(columns) + 170}},
    )
    figure.add_trace(
        go.Heatmap(
            z=shares,
            text=[[text.replace("<", "&lt;") for text in row] for row in texts],
            texttemplate="%{text}",
            textfont={"size": 11},
            customdata=[
                [[plain(rows[y]), plain(columns[x]), *facts[y][x]] for x in range(len(columns))]
                for y in range(len(rows))
            ],
            hovertemplate="%{customdata[0]} → %{customdata[1]}<br>%{customdata[2]:,} times, "
            "%{customdata[3]}% of all that follows<extra></extra>",
            hoverongaps=False,
            colorscale=[[level / 10, shade(10 * level)] for level in range(11)],
            zmin=0,
            zmax=_FULL,
            showscale=False,
            xgap=2,
            ygap=2,
            hoverlabel={"bordercolor": LIGHT["muted"]},
        )
    )
    return figure


def _ordered(names: pd.Series, order: Sequence[str]) -> list[str]:
    place = {name: number for number, name in enumerate(order)}
    return sorted({str(name) for name in names}, key=lambda one: (place.get(one, len(place)), one))
