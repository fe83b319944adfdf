"""Seeded synthetic journeys whose truth is known: the sample's exports and the plain core log."""

from __future__ import annotations

from .chain import CORE, Chain, Choices, Gaps
from .core import CoreLog, core_log, write_core_log
from .generate import Sample, generate
from .truth import ChainTruth, core_truth, mixed_truth, what_if
from .writing import SHOP, write_sample

__all__ = [
    "CORE",
    "SHOP",
    "Chain",
    "ChainTruth",
    "Choices",
    "CoreLog",
    "Gaps",
    "Sample",
    "core_log",
    "core_truth",
    "generate",
    "mixed_truth",
    "what_if",
    "write_core_log",
    "write_sample",
]
