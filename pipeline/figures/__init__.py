"""Frames to Plotly figures: pure functions that compute nothing but layout."""

from __future__ import annotations

from ..statistics import ENOUGH
from .arcs import back_and_forth
from .around import anchor_flows
from .dropoff import dropoff_intervals, reach_bars
from .durations import lasting
from .heatmap import transition_heatmap
from .palette import DARK, LIGHT, cut, isolated, plain, stage_colours, swaps
from .sankey import stage_sankey
from .squiggle import squiggle_picture
from .variants import variant_bars

__all__ = [
    "DARK",
    "ENOUGH",
    "LIGHT",
    "anchor_flows",
    "back_and_forth",
    "cut",
    "dropoff_intervals",
    "isolated",
    "lasting",
    "plain",
    "reach_bars",
    "squiggle_picture",
    "stage_colours",
    "stage_sankey",
    "swaps",
    "transition_heatmap",
    "variant_bars",
]
