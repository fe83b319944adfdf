"""How far a run is and how long it will still take: its steps, and what each should cost."""

from __future__ import annotations

from .agenda import Agenda, Doing, Told
from .costs import cost
from .meter import Meter, Metered
from .watch import Progress, Watch, estimate

__all__ = ["Agenda", "Doing", "Meter", "Metered", "Progress", "Told", "Watch", "cost", "estimate"]
