"""Paths asked of a built warehouse: patterns, steps around an anchor, who is behind a figure."""

from __future__ import annotations

from .behind import Behind, behind_pattern
from .pattern import Matched, pattern

__all__ = ["Behind", "Matched", "behind_pattern", "pattern"]
