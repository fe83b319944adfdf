"""A drawn log for graphs, and a plain walk along it: the second computation."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from pipeline.questions import Scope, answer, graph_rows
from pipeline.warehouse import Warehouse

from .conftest import toml

STAGES = ("Aware", "Try", "Buy")
BESIDE = ("Help", "Mail")
CHANNELS = ("ads", "shop", "post")
COLUMNS = 'user_id = "who"\noccurred_at = "at"\nevent = "what"\nchannel = "way"'
HEADER = ("who", "at", "what", "way")
PROJECT = toml(
    stages=STAGES, goal="Buy", columns=COLUMNS, map_extra='silence = "2 d"\nwithin = "1 d"'
)
PROJECT += """
[[touchpoint]]
name = "Mail"
when = { event = "Mail" }

[session]
passive = "Mail"
"""
SCALE = {"minutes": 5, "hours": 300, "days": 4000}

Move = tuple[int, int, int, int, int, int, int | None, int, bool]


def drawn_log(customers: int, seed: int = 7) -> list[tuple[str, str, str, str]]:
    """Return events of customers who repeat, go back, stray, fall silent, and buy again."""
    draw = random.Random(seed)
    rows = []
    for number in range(customers):
        minute = draw.randrange(9 * 1440)
        for _ in range(draw.choice([1, 1, 2, 5, 9, 14])):
            what = draw.choice([*STAGES[:2] * 3, STAGES[2], *BESIDE * 2])
            day, rest = divmod(minute, 1440)
            at = f"2026-01-{day + 1:02} {rest // 60:02}:{rest % 60:02}:00"
            rows.append((f"c{number:03}", at, what, draw.choice(CHANNELS)))
            minute += draw.randrange(SCALE[draw.choice(list(SCALE))])
            if minute >= 14 * 1440:
                break
    return rows


@dataclass(frozen=True)
class Step:
    """A step of a customer's journeys, as the walk needs it; `place` counts through all of them."""

    customer: int
    journey: int
    session: int | None
    place: int
    occurred: int
    is_passive: bool
    nodes: tuple[int, int | None, int]


@dataclass(frozen=True)
class Walked:
    """What the walk knows: the steps, and which journeys and sessions may go on."""

    steps: tuple[Step, ...] = field(repr=False)
    open_journeys: frozenset[tuple[int, int]]
    open_sessions: frozenset[tuple[int, int]]


def walked(warehouse: Warehouse) -> Walked:
    """Return the steps of the first map in the order of customer and time."""
    steps = []
    place: dict[int, int] = {}
    passive = {number for (number,) in warehouse.rows("from passive_touchpoints")}
    for row in warehouse.rows(
        "select customer_no, journey_no, session_no, occurred_us, touchpoint_no, stage_no, "
        "channel_no from journey_steps where map_no = 1 order by customer_no, journey_no, step_no"
    ):
        place[row[0]] = place.get(row[0], 0) + 1
        steps.append(Step(*row[:3], place[row[0]], row[3], row[4] in passive, row[4:]))
    as_of = warehouse.scalar("select as_of_us from as_of")
    last = {(step.customer, step.session): step.occurred for step in steps if not step.is_passive}
    half_hour = 30 * 60 * 1_000_000
    return Walked(
        tuple(steps),
        frozenset(
            warehouse.rows("select customer_no, journey_no from journey_facts where not is_closed")
        ),
        frozenset(unit for unit, occurred in last.items() if as_of - occurred <= half_hour),
    )


def moves_of(
    log: Walked,
    level_no: int,
    cut: str,
    *,
    is_scoped: Callable[[int, int], bool] = lambda customer, journey: True,
    is_kept: Callable[[int], bool] = lambda node: True,
    bridged: bool = True,
) -> list[Move]:
    """Return the rows that `graph_moves` must hold, one after the other."""
    moves: list[Move] = []
    scoped = [step for step in log.steps if is_scoped(step.customer, step.journey)]
    if cut == "session":
        scoped = [step for step in scoped if step.session is not None]

    def unit(step: Step) -> tuple[int, int]:
        return (step.customer, {"journey": step.journey, "session": step.session or 0}.get(cut, 0))

    for (customer, unit_no), found in groupby(sorted(scoped, key=unit), unit):
        own = sorted(found, key=lambda step: step.place)
        line: list[tuple[int, Step]] = []
        for step in own:
            node = step.nodes[level_no - 1]
            if node is not None and is_kept(node):
                line.append((node, step))
            elif not bridged:
                line.append((-4, step))
        if not line:
            continue
        first, final = line[0], line[-1]
        before, after = first[1].place - own[0].place, own[-1].place - final[1].place
        moves.append((1, customer, unit_no, 1, -1, first[0], None, before, False))
        for number, (one, two) in enumerate(pairwise(line), start=2):
            gap, over = two[1].occurred - one[1].occurred, two[1].place - one[1].place - 1
            across = one[1].session is None or one[1].session != two[1].session
            moves.append((1, customer, unit_no, number, one[0], two[0], gap, over, across))
        going_on = (
            (customer, unit_no) in log.open_sessions
            if cut == "session"
            else (customer, own[-1].journey) in log.open_journeys
        )
        end = -3 if going_on else -2
        moves.append((1, customer, unit_no, len(line) + 1, final[0], end, None, after, False))
    return moves


def asked(warehouse: Warehouse, *names: str, scope: Scope | None = None, **graph: object) -> None:
    """Build the question tables of one graph."""
    answer(warehouse, names, graph_rows(warehouse, scope or Scope(), **graph))  # type: ignore[arg-type]
