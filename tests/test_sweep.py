"""How the headlines move with the definitions, on a log whose answers are drawn."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.errors import DataError
from pipeline.project import load_project
from pipeline.sensitivity import Sweep, sweep
from pipeline.sensitivity.sweep import sentences

from .commands import refused, told
from .conftest import toml, write_csv

cli = importlib.import_module("pipeline.cli.sweep")

DAYS = [
    ("quick", 0, "Look"), ("quick", 4, "Buy"),
    ("slow", 0, "Look"), ("slow", 4, "Look"), ("slow", 8, "Buy"),
    ("late", 0, "Look"), ("late", 9, "Look"), ("late", 18, "Buy"),
    ("gone", 0, "Look"),
]  # fmt: skip
MINUTES = [("quick", 20), ("quick", 60), ("gone", 50)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Buyers after 4, 8 and 18 days, one who never buys; looks 20, 40 and 50 minutes apart."""
    made: Path = tmp_path_factory.mktemp("swept")
    rows = [(who, f"2026-01-{day + 1:02} 10:00:00", what) for who, day, what in DAYS]
    rows += [(who, f"2026-01-01 {10 + n // 60}:{n % 60:02}:00", "Look") for who, n in MINUTES]
    write_csv(made / "log.csv", ("who", "at", "what"), rows)
    text = toml(
        stages=("Look", "Buy"),
        goal="Buy",
        extra='as_of = "2026-06-01"',
        source_extra='recorded_since = "2025-01-01"',
        map_extra='silence = "10 d"\nwithin = "10 d"',
    )
    (made / "squiggle.toml").write_text(text, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def found(folder: Path) -> Sweep:
    asked = json.loads(told("sweep", "-p", folder, "--json"))
    return Sweep(pd.DataFrame(asked["figures"]), tuple(asked["sentences"]))


def values(found: Sweep, setting: str, figure: str) -> list[float]:
    own = found.figures.query("setting == @setting and figure == @figure").sort_values("factor")
    assert own["factor"].tolist() == [0.5, 1, 2]
    return own["value"].tolist()


def test_a_longer_gap_makes_fewer_sessions_and_moves_no_journey(found: Sweep) -> None:
    # Of quick's looks at 0, 20 and 60 minutes: three sessions, then two, then one.
    assert values(found, "gap", "sessions") == [4 + 3 + 3 + 2, 3 + 3 + 3 + 2, 2 + 3 + 3 + 1]
    for still in ("customers", "journeys", "squiggle_index", "conversion_rate", "drop_rate"):
        assert len(set(map(str, values(found, "gap", still)))) == 1


def test_a_shorter_silence_cuts_journeys(found: Sweep) -> None:
    # Five days: slow stays whole, late falls into three.
    assert values(found, "silence", "journeys") == [6, 4, 4]
    assert values(found, "silence", "conversion_rate") == pytest.approx([3 / 6, 2 / 4, 2 / 4])


def test_a_longer_horizon_lets_more_reach_the_goal(found: Sweep) -> None:
    assert values(found, "within", "conversion_rate") == pytest.approx([0.25, 0.5, 0.75])
    assert values(found, "within", "drop_rate") == pytest.approx([0.75, 0.5, 0.25])
    assert "journeys" not in set(found.figures.query("setting == 'within'")["figure"])


def test_the_elasticity_is_percent_for_percent(found: Sweep) -> None:
    keyed = found.figures.set_index(["setting", "figure", "factor"])
    assert keyed.loc[("within", "conversion_rate", 2), "elasticity"] == pytest.approx(
        np.log(0.75 / 0.25) / np.log(4)
    )
    assert keyed.loc[("gap", "customers", 1), "elasticity"] == 0
    assert keyed.loc[("silence", "journeys", 0.5), "change"] == 2
    assert keyed.loc[("silence", "journeys", 0.5), "set_to"] == "5 d"


def test_words_say_what_hangs_on_a_definition_and_what_does_not(found: Sweep) -> None:
    told = dict(sentence.split(": ", 1) for sentence in found.sentences)
    assert told["session gap from 15 min to 1 h"].startswith("sessions 12 to 9 (-0.21 % for each")
    assert told["map 'journey', session gap from 15 min to 1 h"].startswith("nothing moves by more")
    horizon = told["map 'journey', horizon T from 5 d to 20 d"]
    assert "conversion_rate 0.250 to 0.750 (+0.79 % for each 1 %)" in horizon


def test_a_figure_that_is_not_known_at_every_step_has_no_pace(found: Sweep) -> None:
    own = found.figures.query("setting == 'within'").copy()
    own.loc[own["factor"] == 2, ["value", "change"]] = np.nan
    assert sentences(own) == (
        "map 'journey', horizon T from 5 d to 20 d: "
        "not known at every step: conversion_rate, drop_rate at Look.",
    )


def test_a_figure_without_a_row_at_a_step_is_not_known_there(found: Sweep) -> None:
    """A silence as long as the log leaves no journey that is over, and no squiggle index."""
    own = found.figures.query("setting == 'within'")
    (told,) = sentences(own[own["factor"] < 2])
    (lost,) = sentences(own[(own["factor"] < 2) | (own["figure"] != "conversion_rate")])
    assert "conversion_rate" in told.split("not known")[0]
    assert "not known at every step: conversion_rate" in lost


@pytest.mark.parametrize("factor", [float("nan"), float("inf"), 0.0, -1.0, 1e12])
def test_a_factor_out_of_all_proportion_is_refused(factor: float, folder: Path) -> None:
    with pytest.raises(DataError, match=r"from 0\.001 to 1000\.0 times a setting are tried"):
        sweep(load_project(folder), factors=[factor])


def test_the_command_shows_the_factors_beside_each_other_and_leaves_the_warehouse_alone(
    folder: Path, found: Sweep, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "sweep", lambda *_, **__: found)
    lines = told("sweep", "-p", folder).splitlines()
    assert lines[1].split() == [
        "setting",
        "map_name",
        "figure",
        "item",
        "×",
        "0.5",
        "×",
        "1",
        "×",
        "2",
        "elasticity",
    ]
    assert ["gap", "sessions", "12", "11", "9", "-0.2075"] in [line.split() for line in lines]
    assert lines[-1] == found.sentences[-1]
    assert not (folder / "journeys.duckdb").exists()


def test_a_setting_that_cannot_be_swept_is_told(folder: Path) -> None:
    assert "did you mean 'silence'" in refused("sweep", "-p", folder, "--setting", "silense")
