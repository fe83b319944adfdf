"""How far a run is: a line that moves on a terminal; elsewhere a plain line now and then."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from rich.console import Console
from rich.progress import Progress as Bar
from rich.progress import ProgressColumn, SpinnerColumn, Task
from rich.progress_bar import ProgressBar
from rich.text import Text

from ..progress import Doing, Progress, Watch, cost
from .show import visible

QUIET_S = 15.0
"""Without a terminal nothing is said sooner, nor again within this time."""

_STAGES = {
    "looking": "looking at",
    "checking": "checking the tables",
    "writing": "writing the warehouse",
    "report": "writing the report",
}


class Shown:
    """What shows a run's steps; `then` are stages that follow the run, such as the report."""

    def __init__(self, say: Callable[[str], None], watch: Watch, *then: str) -> None:
        self._say = say
        self.watch = watch
        self._then = list(then)

    def tell(self, doing: Doing) -> None:
        """Show that a step begins."""
        if doing.stage == "space":
            self._say(f"Disk: {visible(doing.name)}.")
            return
        after = sum(cost(stage, doing.rows or 0) for stage in self._then)
        self.watch.tell(replace(doing, left=doing.left + after))

    def begin(self, stage: str) -> None:
        """Show that a stage begins that follows the run."""
        self._then.remove(stage)
        rows = self.watch.doing.rows if self.watch.doing else None
        self.tell(Doing(stage, "", rows, cost(stage, rows or 0), 0.0))


def line(doing: Doing, now: Progress) -> str:
    """Return what is being done, how far it is, and how long it will still take.

    >>> line(Doing("building", "journeys", 1200, 1.0, 2.0), Progress(0.431, 75.0))
    'building journeys · 1,200 events · 43 % · 1:15 left'
    """
    parts = [f"{_STAGES.get(doing.stage, doing.stage)} {visible(doing.name)}".strip()]
    if doing.rows is not None:
        parts.append(f"{doing.rows:,} events")
    return " · ".join([*parts, f"{now.share:.0%}".replace("%", " %"), f"{_clock(now.left_s)} left"])


def _clock(seconds: float) -> str:
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


class _Line(ProgressColumn):
    """The line as it is at the moment of drawing."""

    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self._watch = watch

    def render(self, task: Task) -> Text:
        doing = self._watch.doing
        text = line(doing, self._watch.now()) if doing else "starting"
        return Text(text, overflow="ellipsis", no_wrap=True)


class _Bar(ProgressColumn):
    """The share as a bar."""

    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self._watch = watch

    def render(self, task: Task) -> ProgressBar:
        return ProgressBar(total=1.0, completed=self._watch.now().share, width=24)


@contextmanager
def progress(*then: str) -> Iterator[Shown]:
    """Show how far a run is, on the error stream; yields what tells it."""
    console = Console(stderr=True, highlight=False, emoji=False)
    watch = Watch()
    if not console.is_terminal:
        yield Plain(lambda text: console.print(text, markup=False, soft_wrap=True), watch, *then)
        return
    with Bar(SpinnerColumn(), _Bar(watch), _Line(watch), console=console, transient=True) as bar:
        bar.add_task("", total=None)
        yield Shown(lambda text: bar.console.print(text, markup=False), watch, *then)


class Plain(Shown):
    """Plain lines, none in the first seconds and none in quick succession."""

    def __init__(
        self,
        say: Callable[[str], None],
        watch: Watch,
        *then: str,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        super().__init__(self._keep, watch, *then)
        self._out = say
        self._clock = clock
        self._said = clock()
        self._kept: list[str] = []

    def _keep(self, text: str) -> None:
        self._kept.append(text)

    def tell(self, doing: Doing) -> None:
        super().tell(doing)
        if self._clock() - self._said < QUIET_S or self.watch.doing is None:
            return
        for text in [*self._kept, line(self.watch.doing, self.watch.now())]:
            self._out(text)
        self._kept.clear()
        self._said = self._clock()
