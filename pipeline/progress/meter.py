"""What each step of a run took: seconds by the clock, and of the processors."""

from __future__ import annotations

import time
from dataclasses import dataclass

from .agenda import Doing, Told


@dataclass(frozen=True)
class Metered:
    """A step that is over; `cpu_s` is of all threads of this process, Python's and DuckDB's."""

    stage: str
    name: str
    wall_s: float
    cpu_s: float


class Meter:
    """Measures from step to step, and passes on what it is told."""

    def __init__(self, tell: Told | None = None) -> None:
        self._tell = tell
        self._doing: Doing | None = None
        self._wall = self._cpu = 0.0
        self.steps: list[Metered] = []

    def tell(self, doing: Doing) -> None:
        """Take note that the step before is over and that this one begins."""
        self.stop()
        self._doing = doing
        if self._tell is not None:
            self._tell(doing)
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def stop(self) -> None:
        """Take note that the last step is over."""
        if self._doing is not None:
            wall, cpu = time.perf_counter() - self._wall, time.process_time() - self._cpu
            self.steps.append(Metered(self._doing.stage, self._doing.name, wall, cpu))
        self._doing = None
