"""What a chain must give in the long run, by linear algebra: no draw, no rounding, no data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .chain import ACTIONS, CORE, Chain, action_matrices, move_matrix

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class ChainTruth:
    """Expected values of one journey that enters at stage 1 and is followed to its end.

    Tuples run over the stages: `goal_by_stage`, `visits` and `progress_*` over 1 to K−1, `reach`
    and `frontier` over 1 to K. A progress is the chance to pass a stage, seen from the moment
    when the stage became the furthest one.
    """

    goal: float
    goal_by_stage: tuple[float, ...]
    reach: tuple[float, ...]
    frontier: tuple[float, ...]
    visits: tuple[float, ...]
    movement: float
    squiggle: float
    progress_ever: tuple[float, ...]
    progress_within: tuple[float, ...]
    within_days: float


def core_truth(matrix: Chain = CORE, *, within_days: float = 20.0) -> ChainTruth:
    """The closed-form truth of a chain; with no argument, of the core chain.

    >>> round(core_truth().goal, 6), round(core_truth().squiggle, 6)
    (0.15321, 0.348765)
    """
    return mixed_truth([(1.0, matrix)], within_days=within_days)


def mixed_truth(parts: Sequence[tuple[float, Chain]], *, within_days: float) -> ChainTruth:
    """The truth of a population of which each share walks by its own chain (same stages)."""
    shares = np.array([share for share, _ in parts])
    chains = [chain for _, chain in parts]
    stages = chains[0].stages

    def mixed(rows: list[list[float]]) -> Matrix:
        return np.asarray(shares @ np.array(rows))

    goals = [goal_by_stage(chain) for chain in chains]
    reach = mixed([[reach_of(chain, k) for k in range(1, stages + 1)] for chain in chains])
    entries = np.array([[frontier_of(c, k) for k in range(1, stages + 1)] for c in chains])
    movement = float(shares @ np.array([movement_of(chain) for chain in chains]))
    ever = np.array([[progress_of(c, k, None) for k in range(1, stages)] for c in chains])
    within = np.array([[progress_of(c, k, within_days) for k in range(1, stages)] for c in chains])
    at_risk = shares[:, None] * entries[:, :-1]
    visits = mixed([list(visits_of(chain)) for chain in chains])
    # A goal chance by stage weighs each chain by its visits there, as a pooled estimate does.
    weight = shares[:, None] * np.array([visits_of(chain) for chain in chains])
    return ChainTruth(
        goal=float(reach[-1]),
        goal_by_stage=_floats((weight * np.array(goals)).sum(0) / weight.sum(0)),
        reach=_floats(reach),
        frontier=_floats(shares @ entries),
        visits=_floats(visits),
        movement=movement,
        squiggle=float(1 - reach[1:].sum() / movement),
        progress_ever=_floats((at_risk * ever).sum(0) / at_risk.sum(0)),
        progress_within=_floats((at_risk * within).sum(0) / at_risk.sum(0)),
        within_days=within_days,
    )


def goal_by_stage(chain: Chain) -> Matrix:
    """Chance of ever reaching the goal, from each stage below it."""
    moves = move_matrix(chain)
    inner = moves[:, :-1]
    return np.asarray(np.linalg.solve(np.eye(len(inner)) - inner, moves[:, -1]))


def visits_of(chain: Chain) -> Matrix:
    """Expected visits to each stage below the goal, repeats included, from the entry on."""
    inner = move_matrix(chain)[:, :-1]
    return np.asarray(np.linalg.inv(np.eye(len(inner)) - inner)[0])


def movement_of(chain: Chain) -> float:
    """Expected total stage movement of one journey."""
    moves = move_matrix(chain)
    height = np.abs(np.subtract.outer(np.arange(len(moves)), np.arange(moves.shape[1])))
    return float(visits_of(chain) @ (moves * height).sum(1))


def reach_of(chain: Chain, stage: int) -> float:
    """Chance that a journey ever comes to this stage or beyond."""
    return _first_passage(chain, stage, move_matrix(chain)[: stage - 1, stage - 1 :].sum(1))


def frontier_of(chain: Chain, stage: int) -> float:
    """Chance that this stage is at some moment the furthest one: reached and not jumped over."""
    return _first_passage(chain, stage, move_matrix(chain)[: stage - 1, stage - 1])


def _first_passage(chain: Chain, stage: int, into: Matrix) -> float:
    if stage == 1:
        return 1.0
    below = move_matrix(chain)[: stage - 1, : stage - 1]
    return float(np.linalg.solve(np.eye(stage - 1) - below, into)[0])


def progress_of(chain: Chain, stage: int, within_days: float | None) -> float:
    """Chance to pass a stage from the first moment there; within some days, or ever.

    Waits are exponential given the action, so (stage, action) is a Markov chain in continuous
    time and the chance is an entry of a matrix exponential.
    """
    if within_days is None:
        moves = move_matrix(chain)[:stage]
        return float(np.linalg.solve(np.eye(stage) - moves[:, :stage], moves[:, stage:].sum(1))[-1])
    matrices = action_matrices(chain)
    picks = np.array([[matrices[a][s].sum() for a in ACTIONS] for s in range(stage)])
    states = [(s, n) for s in range(stage) for n in range(len(ACTIONS))]
    rates = np.zeros((len(states) + 1, len(states) + 1))
    for row, (s, n) in enumerate(states):
        if not picks[s, n]:
            continue
        rate = 1 / getattr(chain.gaps, ACTIONS[n])
        target = matrices[ACTIONS[n]][s] / picks[s, n]
        rates[row, row] -= rate
        rates[row, -1] += rate * target[stage:].sum()
        for column, (to, action) in enumerate(states):
            rates[row, column] += rate * target[to] * picks[to, action]
    start = np.zeros(len(states) + 1)
    start[[states.index((stage - 1, n)) for n in range(len(ACTIONS))]] = picks[stage - 1]
    return float((start @ _exponential(rates * within_days))[-1])


def what_if(chain: Chain, stage: int, fewer_exits: float) -> float:
    """Gain of the goal chance when a stage loses that share of its exits, others scaled up."""
    row = chain.choices[stage - 1]
    abandon = row.abandon * (1 - fewer_exits)
    factor = (1 - abandon) / (1 - row.abandon)
    kept = {action: getattr(row, action) * factor for action in ACTIONS}
    choices = list(chain.choices)
    choices[stage - 1] = replace(row, abandon=abandon, **kept)
    changed = Chain(tuple(choices), chain.gaps)
    return float(goal_by_stage(changed)[0] - goal_by_stage(chain)[0])


def _exponential(matrix: Matrix) -> Matrix:
    """Matrix exponential by scaling, a Taylor sum and squaring; ample for these small sizes."""
    halvings = max(0, int(np.ceil(np.log2(max(np.abs(matrix).sum(1).max(), 1e-12)))) + 2)
    small = matrix / 2**halvings
    total = term = np.eye(len(matrix))
    for power in range(1, 20):
        term = term @ small / power
        total = total + term
    for _ in range(halvings):
        total = total @ total
    return np.asarray(total)


def _floats(values: Matrix) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
