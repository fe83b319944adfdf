"""How much the figures depend on definitions: other settings run side by side."""

from __future__ import annotations

from .policies import POLICIES, policies_compared
from .sweep import SETTINGS, Sweep, sweep

__all__ = ["POLICIES", "SETTINGS", "Sweep", "policies_compared", "sweep"]
