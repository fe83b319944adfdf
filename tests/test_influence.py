"""Influence: touches in the same situation are compared, not journeys with and without them."""

from __future__ import annotations

import json
import random
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline import Scope, influence, load_project, open_warehouse, run
from pipeline.errors import DataError
from pipeline.influence import Influence, _figures
from pipeline.questions import read_for

from .bench.log import write_log, write_project
from .commands import refused, told
from .conftest import Build, toml, write_csv
from .parts import NAMES
from .plain_influence import plain_influence

READ = read_for(["influence_figures", "influence_totals"])
TABLES = (
    *(*READ, *NAMES, "events", "figure_fingerprints"),
    *("touchpoint_names", "touchpoint_roles"),
)
pytestmark = pytest.mark.tables(*TABLES)
HEADER = ("who", "at", "what", "way", "kit")
START = datetime(2026, 1, 1)
STAGES = ("See", "Look", "Buy")
COLUMNS = 'user_id = "who"\noccurred_at = "at"\nevent = "what"\nchannel = "way"\ndevice = "kit"'
PROJECT = toml(
    stages=STAGES,
    goal="Buy",
    extra='as_of = "2027-01-01"',
    columns=COLUMNS,
    source_extra='recorded_since = "2025-01-01"',
    map_extra='silence = "60 d"',
) + "".join(
    f'\n[[segment]]\nname = "{name}"\ncolumn = "{column}"\n'
    for name, column in (("kit", "device"), ("way", "channel"))
)

Row = tuple[str, str, str, str, str]


def row(who: str, day: float, what: str, way: str = "", kit: str = "") -> Row:
    return who, f"{START + timedelta(days=day):%Y-%m-%d %H:%M:%S}", what, way, kit


def walked(who: str, path: str, *, kit: str = "", way: str = "", gap: float = 1) -> list[Row]:
    """A customer's path, a step a day."""
    return [row(who, place * gap, what, way, kit) for place, what in enumerate(path.split())]


def one(found: Influence, touchpoint: str) -> dict[str, Any]:
    rows = found.touchpoints
    return rows[rows["touchpoint"] == touchpoint].iloc[0].to_dict()


def crowd(kit: str, what: str, count: int, converts: int) -> list[Row]:
    """So many customers with one touch each, of whom some buy a day later."""
    return [
        step
        for number in range(count)
        for step in walked(
            f"{kit}-{what}-{number}", f"{what} Buy" if number < converts else what, kit=kit
        )
    ]


STRATA = [
    *crowd("phone", "Look", 100, 20), *crowd("phone", "See", 100, 10),
    *crowd("desk", "Look", 30, 9), *crowd("desk", "See", 60, 12),
]  # fmt: skip


def test_the_worked_example_of_two_strata(build: Build) -> None:
    """20 of 100 beside 10 of 100, 9 of 30 beside 12 of 60: difference .1, error .045438.

    Ours is larger by the touches' own part in the mean of their stratum, 1 / n.
    """
    found = one(influence(build(STRATA, PROJECT, header=HEADER), alike=["kit"]), "Look")
    assert (found["exposed"], found["compared"], found["controls"]) == (130, 130, 160)
    assert found["difference"] == pytest.approx(0.1)
    reach = (found["difference_hi"] - found["difference_lo"]) / 2
    assert reach / 1.959964 == pytest.approx(0.045438, rel=0.005)
    assert found["ratio"] == pytest.approx(16 / 9)
    assert found["e_value"] == pytest.approx(16 / 9 + (16 / 9 * 7 / 9) ** 0.5)
    assert found["verdict"] == "more"


def test_without_strata_they_are_one(build: Build) -> None:
    found = one(influence(build(STRATA, PROJECT, header=HEADER)), "Look")
    assert found["difference"] == pytest.approx(29 / 130 - 22 / 160)


def test_customers_who_come_again_are_not_more_witnesses(build: Build) -> None:
    """Each customer makes the same journey twice: the interval is that of one."""
    again = [
        (who, f"{datetime.fromisoformat(at) + timedelta(days=120)}", *rest)
        for who, at, *rest in STRATA
    ]
    once = one(influence(build(STRATA, PROJECT, header=HEADER), alike=["kit"]), "Look")
    twice = one(influence(build([*STRATA, *again], PROJECT, header=HEADER), alike=["kit"]), "Look")
    assert twice["exposed"] == 2 * once["exposed"]
    for name in ("difference", "difference_lo", "difference_hi", "ratio_lo", "ratio_hi"):
        assert twice[name] == pytest.approx(once[name], rel=1e-9)


def test_in_a_log_of_chance_journeys_with_it_buy_more_but_no_touch_leads_there(
    tmp_path: Path,
) -> None:
    log = tmp_path / "log.parquet"
    write_log(log, 60_000, seed=1)
    write_project(tmp_path, log)
    with open_warehouse(run(load_project(tmp_path)).warehouse) as warehouse:
        found = influence(warehouse).touchpoints
    tested = found[found["q"].notna()]
    assert len(tested) > 30
    assert (tested["naive_ratio"] > 1.2).mean() > 0.7
    assert set(tested["verdict"]) == {"not clear"}
    covered = (tested["difference_lo"] <= 0) & (tested["difference_hi"] >= 0)
    assert covered.mean() > 0.85


def _random_log(seed: int) -> list[Row]:
    dice = random.Random(seed)
    rows = []
    for number in range(60):
        day, kit = dice.uniform(0, 30), dice.choice(("phone", "desk"))
        for _ in range(dice.choice((1, 2, 2))):
            for _ in range(dice.randint(1, 9)):
                what = dice.choices(("See", "Look", "Chat", "Quit", "Buy"), (8, 5, 3, 1, 2))[0]
                rows.append(row(f"u{number}", day, what, dice.choice(("ads", "mail")), kit))
                day += dice.choice((0.01, 0.5, 2, 9))
            day += 80
    return rows


@pytest.mark.parametrize(("seed", "alike"), [(1, False), (2, True)], ids=["", "alike"])
def test_figures_are_those_of_a_plain_count(seed: int, alike: bool, build: Build) -> None:
    text = PROJECT.replace('silence = "60 d"', 'silence = "60 d"\nabandon = ["Quit"]')
    text += '\n[[touchpoint]]\nname = "Quit"\nwhen = { event = "Quit" }\n'
    warehouse = build(_random_log(seed), text, header=HEADER)
    found = influence(warehouse, alike=["kit", "way"] if alike else ())
    for touchpoint in ("See", "Look", "Chat"):
        own = one(found, touchpoint)
        for name, value in plain_influence(warehouse, touchpoint, alike).items():
            assert own[name] == pytest.approx(value, abs=1e-6), (touchpoint, name)


def test_of_a_part_of_the_journeys_it_is_that_of_these_alone(build: Build) -> None:
    scope = Scope(segments={"kit": ["desk"]})
    found = one(influence(build(STRATA, PROJECT, header=HEADER), scope), "Look")
    assert (found["exposed"], found["controls"]) == (30, 60)
    assert found["difference"] == pytest.approx(0.1)


def test_where_no_goal_follows_nothing_is_clear(build: Build) -> None:
    rows = [*crowd("desk", "Look", 40, 0), *crowd("desk", "See", 40, 0)]
    found = one(influence(build(rows, PROJECT, header=HEADER)), "Look")
    assert found["difference"] == 0
    assert found["verdict"] == "too few"
    assert found["difference_lo"] != found["difference_lo"]  # NaN: chance is not measured


def test_of_no_journey_at_all_nothing_was_seen(build: Build) -> None:
    found = influence(
        build(walked("u", "See Look"), PROJECT.replace("2027", "2025"), header=HEADER)
    )
    assert (found.journeys, found.seen, found.touches, found.converts) == (0, 0, 0, 0)
    assert found.touchpoints.empty


DRAWN = {
    "stage": None, "exposed": 50, "compared": 50, "controls": 900, "exposed_sum": 30.0,
    "control_sum": 20.0, "weight": 48.0, "squares": 4.0, "ratio_squares": 1.0, "reaching": 9,
    "reaching_converted": 3, "journeys": 20, "converted": 5,
}  # fmt: skip
"""Ten of 48 points more, with an error of two: sure enough."""


def drawn(*rows: dict[str, Any]) -> pd.DataFrame:
    named = [{**DRAWN, "touchpoint": str(place), **own} for place, own in enumerate(rows)]
    return _figures(pd.DataFrame(named))


def test_thirty_touches_are_enough_and_clear_ones_come_first() -> None:
    less = {"exposed_sum": 20.0, "control_sum": 30.0}
    found = drawn({"compared": 29}, {"squares": 900.0}, less, {"compared": 30})
    assert found[["touchpoint", "verdict"]].values.tolist() == [
        ["3", "more"], ["2", "less"], ["1", "not clear"], ["0", "too few"],
    ]  # fmt: skip
    assert found["q"].isna().tolist() == [False, False, False, True]


def test_the_ratio_has_to_be_clear_too() -> None:
    found = drawn({"ratio_squares": 900.0}, {})
    assert found["verdict"].tolist() == ["more", "not clear"]
    assert (found["q"] < 0.05).all()


def test_a_difference_is_no_larger_than_all_or_nothing() -> None:
    found = drawn({"squares": 90_000.0}).iloc[0]
    assert (found["difference_lo"], found["difference_hi"]) == (-1, 1)


def test_more_values_than_can_be_told_apart_are_refused(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse = build(STRATA, PROJECT, header=HEADER)
    monkeypatch.setattr(sys.modules["pipeline.influence"], "_KEYS", 3)
    assert len(influence(warehouse, alike=["kit"]).touchpoints)  # two values, and none
    with pytest.raises(DataError, match="too many values together"):
        influence(warehouse, alike=["kit", "way"])


REFUSED = {
    "no touchpoint is left": {"touches": ["Buy"]},
    "there is no such segment; did you mean 'kit'": {"alike": ["kitt"]},
    "is no touchpoint, stage or event": {"touches": ["Nowhere"]},
    "must be longer than nothing": {"within": "0 d"},
}


@pytest.mark.parametrize(("told", "given"), REFUSED.items(), ids=list(REFUSED))
def test_what_cannot_be_asked_is_refused(told: str, given: dict[str, Any], build: Build) -> None:
    with pytest.raises(DataError, match=told):
        influence(build(walked("u", "See Look Buy"), PROJECT, header=HEADER), **given)


@pytest.fixture
def crowd_project(tmp_path: Path) -> Path:
    write_csv(tmp_path / "log.csv", HEADER, STRATA)
    (tmp_path / "squiggle.toml").write_text(PROJECT, encoding="utf-8")
    run(load_project(tmp_path))
    return tmp_path


def test_it_says_what_it_found_and_what_a_control_says(crowd_project: Path) -> None:
    found = told("influence", "-p", crowd_project, "--control", "See", "--alike", "kit")
    assert "Touches followed for L = 14 days: 290, after 51 of which the goal came" in found
    assert "After the control 'See' the goal follows less often, so a hidden reason" in found
    assert "An association, not an effect" in found
    plain = json.loads(told("influence", "-p", crowd_project, "--touch", "Look", "--json"))
    assert [own["touchpoint"] for own in plain["touchpoints"]] == ["Look"]
    asked = ("influence", "-p", crowd_project, "--control")
    assert "did you mean 'See'" in refused(*asked, "Seen")
    assert "no touch at one is compared" in refused(*asked, "Buy")


def test_where_no_touch_was_followed_as_long_it_says_so(crowd_project: Path) -> None:
    assert "ask for a shorter --within" in told(
        "influence", "-p", crowd_project, "--within", "900 d"
    )
