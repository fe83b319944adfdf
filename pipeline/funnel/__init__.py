"""Ad-hoc funnels: who gets how far, in what time, by whose rules, and why another tool differs."""

from __future__ import annotations

from .asked import funnel
from .definition import Exclusion, Funnel, Step
from .explaining import Explanation, explain, side_by_side
from .presets import CHOICES, PRESETS, STOPS, Preset, Rules
from .reading import load_funnel
from .result import FunnelResult

__all__ = [
    "CHOICES",
    "PRESETS",
    "STOPS",
    "Exclusion",
    "Explanation",
    "Funnel",
    "FunnelResult",
    "Preset",
    "Rules",
    "Step",
    "explain",
    "funnel",
    "load_funnel",
    "side_by_side",
]
