"""Path patterns: text → a tree of steps, and an expression over the kinds of steps of a map."""

from __future__ import annotations

from .grammar import parse
from .symbols import Expression, Names, express

__all__ = ["Expression", "Names", "express", "parse"]
