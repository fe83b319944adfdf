"""What a run is going to do, step by step, and what each step is expected to cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..models import Model
from .costs import cost

BYTES_PER_EVENT = {"csv": 70, "jsonl": 150, "parquet": 25}
"""Before a file has been looked at: how many records it may hold."""


@dataclass(frozen=True)
class Doing:
    """What a run is doing: `work` is expected of this step and `left` of those after it, seconds.

    `rows` are the log's events, as far as they are known.
    """

    stage: str
    name: str
    rows: int | None
    work: float
    left: float
    is_first: bool = False


Told = Callable[[Doing], None]
"""Called when a step begins."""


@dataclass(frozen=True)
class _Step:
    stage: str
    name: str
    work: float


class Agenda:
    """The steps of a run; tells which one begins. A step that is left out counts no more."""

    def __init__(self, tell: Told | None, models: Sequence[Model], *, maps: int = 1) -> None:
        self._tell = tell or (lambda doing: None)
        self._models = models
        self._maps = maps
        self._ahead: list[_Step] = []
        self._rows: int | None = None
        self._has_begun = False

    def files(self, files: Sequence[tuple[str, str, int]]) -> None:
        """Plan the reading of files, each with name, format and bytes, and all that follows."""
        reading = [
            _Step(stage, name, cost(f"{stage} {kind}", size))
            for stage in ("looking", "loading")
            for name, kind, size in files
        ]
        events = sum(size / BYTES_PER_EVENT.get(kind, 100) for _, kind, size in files)
        self._ahead = reading + self._building(events)

    def events(self, count: int, models: Sequence[Model] | None = None) -> None:
        """Plan the building anew, now that it is known how many events there are.

        `models` are those that are made, where not all of them are.
        """
        self._rows = count
        self._models = self._models if models is None else models
        self._ahead = self._building(count)

    def begin(self, stage: str, name: str = "") -> None:
        """Tell that a step begins."""
        places = [
            place
            for place, step in enumerate(self._ahead)
            if (step.stage, step.name) == (stage, name)
        ]
        step = _Step(stage, name, 0.0)
        if places:
            step = self._ahead[places[0]]
            del self._ahead[: places[0] + 1]
        left = sum(one.work for one in self._ahead)
        self._tell(Doing(stage, name, self._rows, step.work, left, not self._has_begun))
        self._has_begun = True

    def _building(self, events: float) -> list[_Step]:
        """The steps after loading; what is made for each map costs so much for each."""
        steps = []
        for model in self._models:
            if model.kind != "check":
                is_per_map = any(column.name == "map_no" for column in model.columns)
                units = events * (self._maps if is_per_map else 1)
                steps.append(_Step("building", model.name, cost(model.name, units)))
        closing = [_Step(stage, "", cost(stage, events)) for stage in ("checking", "writing")]
        return steps + closing
