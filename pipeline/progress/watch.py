"""The law of the estimate: what was expected, what it took → the share that is done, time left."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from .agenda import Doing

LEARNING = 0.2
"""Up to this share of the work the machine is held, in part, to be the one of the costs."""
_MOST = 0.95
"""Of a step that takes longer than expected, no more than this counts as done."""


@dataclass(frozen=True)
class Progress:
    """The share of the work that is done, 0 to 1, and the seconds that the rest will take."""

    share: float
    left_s: float


def estimate(*, done: float, took_s: float, work: float, worked_s: float, left: float) -> Progress:
    """Return how far a run is.

    `done`, `work` and `left` are what was expected of the steps that are over, of the one at work,
    and of those after it; `took_s` and `worked_s` are what the first took and the second has taken.

    The pace, seconds per second expected, is that of the steps that are over. Before they are the
    first fifth of the work, what they lack of it counts as done at pace 1, so that the first
    moments do not decide.

    >>> estimate(done=50, took_s=100, work=20, worked_s=20, left=30)
    Progress(share=0.6, left_s=80.0)
    """
    total = done + work + left
    lacking = max(0.0, LEARNING * total - done)
    known = done + lacking
    pace = (took_s + lacking) / known if known else 1.0
    within = min(worked_s / (work * pace), _MOST) if work * pace else 0.0
    share = (done + within * work) / total if total else 1.0
    return Progress(share, ((1 - within) * work + left) * pace)


class Watch:
    """Keeps the time of the steps of a run; `clock` is in seconds."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self.doing: Doing | None = None
        self._done = self._took = 0.0
        self._begun = clock()

    def tell(self, doing: Doing) -> None:
        """Take note that the step before is over and that this one begins.

        Where the agenda begins anew, as it does when one command makes several runs, so does this.
        """
        now = self._clock()
        if self.doing is not None and not doing.is_first:
            self._done += self.doing.work
            self._took += now - self._begun
        elif doing.is_first:
            self._done = self._took = 0.0
        self.doing, self._begun = doing, now

    def now(self) -> Progress:
        """Return how far the run is at this moment."""
        if self.doing is None:
            return Progress(0.0, 0.0)
        return estimate(
            done=self._done,
            took_s=self._took,
            work=self.doing.work,
            worked_s=self._clock() - self._begun,
            left=self.doing.left,
        )
