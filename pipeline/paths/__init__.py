"""Paths asked of a built warehouse: patterns, steps around an anchor, who is behind a figure."""

from __future__ import annotations

from .behind import (
    Behind,
    behind_edge,
    behind_loop,
    behind_node,
    behind_pattern,
    behind_step,
    behind_variant,
)
from .pattern import Matched, pattern
from .steps import Steps, steps

__all__ = [
    "Behind",
    "Matched",
    "Steps",
    "behind_edge",
    "behind_loop",
    "behind_node",
    "behind_pattern",
    "behind_step",
    "behind_variant",
    "pattern",
    "steps",
]
