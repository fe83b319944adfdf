"""Random walks laid as one log and built once: what path figures are computed on a second time."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

from pipeline.project import load_project
from pipeline.run import run
from pipeline.warehouse import Warehouse, open_warehouse

TOUCHPOINTS = ("Ad", "Cart", "Home page", "Order", "Help")
STAGE_OF = {"Ad": "One", "Home page": "One", "Cart": "Two", "Order": "Three"}
CHANNELS = ("mail", "web", "")
GAPS = (
    ("seconds", 40),
    ("seconds", 0),
    ("minutes", 30),
    ("minutes", 31),
    ("days", 2),
    ("days", 30),
)
PROJECT = (
    'name = "walks"\n[[source]]\nname = "log"\nfiles = "*.csv"\n[source.columns]\n'
    'user_id = "who"\noccurred_at = "at"\nevent = "what"\nchannel = "way"\n'
    '[[map]]\nname = "journey"\nstages = ["One", "Two", "Three"]\ngoal = "Three"\n'
    '[[segment]]\nname = "way"\ncolumn = "channel"\n'
) + "".join(
    f'[[touchpoint]]\nname = "{name}"\nwhen = {{ event = "{name}" }}\n'
    + (f'stage = "{STAGE_OF[name]}"\n' if name in STAGE_OF else "")
    for name in TOUCHPOINTS
)


@dataclass(frozen=True)
class Step:
    """An event of a journey, as the warehouse has it."""

    touchpoint: str
    stage: str | None
    channel: str
    occurred_us: int
    session_no: int


@dataclass
class Journey:
    """A journey with its steps in order."""

    customer_no: int
    journey_no: int
    status: str
    is_closed: bool
    steps: list[Step] = field(default_factory=list)

    def nodes(self, level: str) -> list[str]:
        """The names of its nodes at a level, repeats and all."""
        return [getattr(step, level) for step in self.steps if getattr(step, level) is not None]


@dataclass(frozen=True)
class Walks:
    """A warehouse of random walks, and its journeys as plain lists."""

    warehouse: Warehouse

    @cached_property
    def journeys(self) -> list[Journey]:
        """All journeys, by customer and number."""
        found: dict[tuple[int, int], Journey] = {}
        for row in self.warehouse.rows(
            "select fact.customer_no, fact.journey_no, fact.status, fact.is_closed, "
            "named.touchpoint, stage.stage, channel.channel, step.occurred_us, step.session_no "
            "from journey_facts as fact join journey_steps as step "
            "using (map_no, customer_no, journey_no) join touchpoint_names as named "
            "using (touchpoint_no) join channels as channel using (channel_no) "
            "left join cfg_map_stages as stage using (map_no, stage_no) "
            "order by fact.customer_no, fact.journey_no, step.step_no"
        ):
            journey = found.setdefault((row[0], row[1]), Journey(*row[:4]))
            journey.steps.append(Step(*row[4:]))
        return list(found.values())

    def customers(self) -> dict[int, list[Journey]]:
        """The journeys of each customer."""
        found: dict[int, list[Journey]] = defaultdict(list)
        for journey in self.journeys:
            found[journey.customer_no].append(journey)
        return found


def walk_rows(people: int = 250, seed: int = 7) -> list[tuple[str, str, str, str]]:
    """Rows of a log of random walks; few customers walk far."""
    draw = random.Random(seed)
    rows = []
    for number in range(people):
        at = datetime(2026, 1, 1) + timedelta(hours=draw.randrange(24 * 60))
        for _ in range(1 + int(24 * draw.random() ** 3)):
            what = draw.choices(TOUCHPOINTS, (6, 5, 6, 1, 3))[0]
            rows.append((f"c{number}", at.isoformat(" "), what, draw.choice(CHANNELS)))
            unit, many = draw.choices(GAPS, (8, 1, 1, 3, 4, 1))[0]
            at += timedelta(**{unit: many})
    return rows


def built_walks(folder: Path) -> Walks:
    """Build the walks in a folder and open them."""
    lines = ["who,at,what,way", *(",".join(row) for row in walk_rows())]
    (folder / "log.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "squiggle.toml").write_text(PROJECT, encoding="utf-8")
    return Walks(open_warehouse(run(load_project(folder)).warehouse))
