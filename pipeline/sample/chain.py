"""The customer's walk over the stages, as a table of chances: what the generator draws from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ACTIONS = ("stay", "forward", "skip", "back")


@dataclass(frozen=True)
class Choices:
    """Chances of what comes next at one stage; they sum to 1.

    forward is one stage up, skip two, back any lower stage alike; abandon leaves no event.
    """

    stay: float
    forward: float
    skip: float
    abandon: float
    back: float = 0.0

    def __post_init__(self) -> None:
        total = self.stay + self.forward + self.skip + self.abandon + self.back
        if abs(total - 1.0) > 1e-9:
            raise ValueError(f"chances of a stage sum to {total}, not to 1")


@dataclass(frozen=True)
class Gaps:
    """Mean days from a visit to the next, by the action that leads there; exponential."""

    stay: float = 0.5
    forward: float = 3.0
    skip: float = 2.0
    back: float = 1.0


@dataclass(frozen=True)
class Chain:
    """Choices of stages 1 to K−1, in order; stage K is the goal and ends the walk."""

    choices: tuple[Choices, ...]
    gaps: Gaps = Gaps()

    def __post_init__(self) -> None:
        if self.choices[0].back or self.choices[-1].skip:
            raise ValueError("the first stage cannot go back, the last before the goal cannot skip")

    @property
    def stages(self) -> int:
        """How many stages there are, the goal included."""
        return len(self.choices) + 1

    def scaled(self, factor: float) -> Chain:
        """The same chances at another pace: every mean gap times the factor."""
        gaps = Gaps(*(getattr(self.gaps, name) * factor for name in Gaps.__dataclass_fields__))
        return Chain(self.choices, gaps)


CORE = Chain(
    (
        Choices(stay=0.30, forward=0.40, skip=0.06, abandon=0.24),
        Choices(stay=0.30, forward=0.34, skip=0.05, abandon=0.16, back=0.15),
        Choices(stay=0.25, forward=0.30, skip=0.05, abandon=0.20, back=0.20),
        Choices(stay=0.20, forward=0.35, skip=0.00, abandon=0.25, back=0.20),
    )
)


def action_matrices(chain: Chain) -> dict[str, NDArray[np.float64]]:
    """Per action, the chances of going from stage i+1 (row) to stage j+1 (column)."""
    size = chain.stages
    matrices = {action: np.zeros((size - 1, size)) for action in ACTIONS}
    for row, choices in enumerate(chain.choices):
        matrices["stay"][row, row] = choices.stay
        matrices["forward"][row, row + 1] = choices.forward
        if choices.skip:
            matrices["skip"][row, row + 2] = choices.skip
        if choices.back:
            matrices["back"][row, :row] = choices.back / row
    return matrices


def move_matrix(chain: Chain) -> NDArray[np.float64]:
    """Chances of the next stage whatever the action; a row lacks its abandon chance to 1."""
    return np.asarray(sum(action_matrices(chain).values()))
