"""Paths laid on steps in order: how straight they are, and how they fit the intended path."""

from __future__ import annotations

from .tables import path_fits, path_shapes

__all__ = ["path_fits", "path_shapes"]
