"""The plain core log: one kind of customer, one file, no defects, and truth in closed form."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..values import DAY_US
from .chain import ACTIONS, CORE, Chain, action_matrices

CORE_STAGES = ("Awareness", "Interest", "Consideration", "Intent", "Purchase")
CORE_START = datetime(2026, 1, 1, tzinfo=UTC)

_PROJECT = """\
# The core log: customers who walk by one known chain, seen until the last day of the window.
name = "core"
as_of = "{as_of}"

[[source]]
name = "core"
files = "events.csv"
format = "csv"
time_format = "iso"
recorded_since = "{recorded_since}"

[source.columns]
user_id = "customer_id"
event = "event"
occurred_at = "occurred_at"

[[map]]
name = "core"
stages = [{stages}]
goal = "{goal}"
closes = "goal"
silence = "{silence_days} d"
within = "{within_days} d"
"""
_RULE = """
[[touchpoint]]
name = "{stage}"
stage = "{stage}"
when = {{ event = "{stage}" }}
"""


@dataclass(frozen=True)
class CoreLog:
    """One row per event, by customer and time: who (from 1), which stage (from 1), when.

    Times are microseconds since the window opened. `abandoned_us` has one entry per customer:
    when the customer silently gave up, −1 for who did not within the window.
    """

    customer_no: NDArray[np.int64]
    stage_no: NDArray[np.int64]
    at_us: NDArray[np.int64]
    abandoned_us: NDArray[np.int64]
    window_days: float
    chain: Chain


def core_log(
    *, seed: int, customers: int, window_days: float = 365.0, chain: Chain = CORE
) -> CoreLog:
    """Draws the core: entries uniform over the window, events after its end unseen.

    All customers step at once, so a million events take about a second.
    """
    generator = np.random.default_rng(seed)
    matrices = action_matrices(chain)
    # Columns of one stage's draw: every (action, next stage), then abandonment as the rest to 1.
    chances = np.concatenate([matrices[action] for action in ACTIONS], axis=1).cumsum(axis=1)
    waits = np.array([getattr(chain.gaps, action) for action in ACTIONS])
    who = np.arange(customers)
    stage = np.zeros(customers, dtype=np.int64)
    at = generator.uniform(0.0, window_days, customers)
    abandoned = np.full(customers, -1, dtype=np.int64)
    steps = []
    while len(who):
        steps.append((who, stage, at))
        alive = stage < chain.stages - 1
        who, stage, at = who[alive], stage[alive], at[alive]
        draw = (generator.random(len(who))[:, None] >= chances[stage]).sum(axis=1)
        leaves = draw >= chances.shape[1]
        abandoned[who[leaves]] = (at[leaves] * DAY_US).astype(np.int64)
        who, draw, at = who[~leaves], draw[~leaves], at[~leaves]
        action, stage = np.divmod(draw, chain.stages)
        at = at + generator.exponential(waits[action])
        seen = at <= window_days
        who, stage, at = who[seen], stage[seen], at[seen]
    customer_no, stage_no, at_days = (np.concatenate(column) for column in zip(*steps, strict=True))
    order = np.lexsort((at_days, customer_no))
    return CoreLog(
        customer_no=customer_no[order] + 1,
        stage_no=stage_no[order] + 1,
        at_us=(at_days[order] * DAY_US).astype(np.int64),
        abandoned_us=abandoned,
        window_days=window_days,
        chain=chain,
    )


def write_core_log(
    directory: Path,
    *,
    seed: int,
    customers: int,
    window_days: float = 365.0,
    within_days: int = 20,
    silence_days: int = 40,
    chain: Chain = CORE,
) -> CoreLog:
    """Writes `events.csv` (customer_id, event, occurred_at) and its `squiggle.toml`.

    The as-of moment is the end of the window. Recording began a year before the first entry, so
    no journey is cut on the left. Returns what was written.
    """
    log = core_log(seed=seed, customers=customers, window_days=window_days, chain=chain)
    names = stage_names(chain)
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "events.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["customer_id", "event", "occurred_at"])
        for customer, stage, at in zip(log.customer_no, log.stage_no, log.at_us, strict=True):
            moment = CORE_START + timedelta(microseconds=int(at))
            writer.writerow(
                [f"customer-{customer:07d}", names[stage - 1], f"{moment:%Y-%m-%dT%H:%M:%S.%fZ}"]
            )
    project = _PROJECT.format(
        as_of=f"{CORE_START + timedelta(days=window_days):%Y-%m-%dT%H:%M:%SZ}",
        recorded_since=f"{CORE_START - timedelta(days=365):%Y-%m-%d}",
        stages=", ".join(f'"{name}"' for name in names),
        goal=names[-1],
        silence_days=silence_days,
        within_days=within_days,
    )
    project += "".join(_RULE.format(stage=name) for name in names)
    (directory / "squiggle.toml").write_text(project, encoding="utf-8", newline="\n")
    return log


def stage_names(chain: Chain) -> tuple[str, ...]:
    """The stages' names in order: the shop's five, or plain numbers for another length."""
    if chain.stages == len(CORE_STAGES):
        return CORE_STAGES
    return tuple(f"Stage {number}" for number in range(1, chain.stages + 1))
