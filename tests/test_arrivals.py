"""Exports come one after the other: the tables are those of one run of all that is there."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.project import load_project
from pipeline.run import run
from pipeline.warehouse import open_warehouse

from .conftest import FIVE, toml, write_csv
from .content import contents
from .drawing import examples
from .parts import models_of

TABLES = ("events", "sessions", "journeys", "transitions", "identity_map", "stage_dropoff")
pytestmark = pytest.mark.tables(*TABLES)

Row = tuple[str, str, str, str, str]
Files = dict[str, list[Row]]
HEADER = ("who", "device", "at", "what", "id")
COLUMNS = (
    'user_id = "who"\ndevice_id = "device"\noccurred_at = "at"\nevent = "what"\nevent_id = "id"'
)
PROJECT = toml(columns=COLUMNS, map_extra='silence = "3 d"\nwithin = "2 d"')
START = datetime(2026, 3, 1)
GROUPS = 25
"""Groups of people who share devices among them and with no others: each is split by itself."""


def group_of(number: int, chance: random.Random) -> list[Row]:
    """Draw the events of two people on three devices, many of them anonymous."""
    rows = []
    for place in range(chance.randint(3, 20)):
        who = chance.choice([f"ann{number}", f"bob{number}", ""])
        device = chance.choice([f"d{number}", f"e{number}", f"f{number}", ""])
        at = START + timedelta(hours=chance.randrange(24 * 14))
        rows.append((who, device, f"{at.isoformat()}Z", chance.choice(FIVE), f"{number}-{place}"))
    return rows


def arrivals(chance: random.Random) -> list[Files]:
    """Draw what files come before each run; one of a name that came before replaces it.

    Whose event comes when is drawn for each group: events are late, come twice, say only then
    whose device it was, and are gone where the file that replaces has them no more.
    """
    coming: list[Files] = [{} for _ in range(3)]
    names = [chance.sample(["a.csv", "b.csv", "c.csv"], 2) for _ in coming]
    for number in range(GROUPS):
        rows = group_of(number, chance)
        for files, own in zip(coming, names, strict=True):
            for name in own:
                files.setdefault(name, []).extend(chance.sample(rows, chance.randint(0, len(rows))))
    return coming


@examples(1)
@given(seed=st.integers(0, 10_000))
def test_runs_as_files_come_give_every_table_of_one_run_of_the_files_that_are_left(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    coming = arrivals(random.Random(seed))
    growing, whole = (tmp_path_factory.mktemp(name) for name in ("growing", "whole"))
    said = [told(growing, files) for files in coming]
    left = {name: rows for files in coming for name, rows in files.items()}
    assert said[-1] == told(whole, left)
    assert said[-1] != said[0]


def told(folder: Path, files: Files) -> dict[str, str]:
    """Return a hash of every table once these files have come, too."""
    (folder / "squiggle.toml").write_text(PROJECT, encoding="utf-8")
    for name, rows in files.items():
        write_csv(folder / name, HEADER, rows)
    # One table looks back at the run before.
    models = [model for model in models_of(TABLES) if model.name != "identity_changes"]
    with open_warehouse(run(load_project(folder)).warehouse) as built:
        return contents(built, with_lineage=True, models=models)
