"""Two groups of journeys beside each other, against plain second computations."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.compare import Comparison, compare, rest_of
from pipeline.errors import DataError
from pipeline.project import load_project
from pipeline.questions import Scope
from pipeline.run import run
from pipeline.statistics import aalen_johansen, ratio
from pipeline.warehouse import Warehouse, open_warehouse

from .commands import asked, told
from .compared import ADS, HEADER, MAIL, STAGES, at, project, row
from .conftest import write_csv
from .parts import QUESTIONS

pytestmark = pytest.mark.tables(*QUESTIONS)


def walked(seed: int, customers: int, days: float) -> list[tuple[str, str, str, str]]:
    """Customers who walk up to three times, each time by another way; the last days are cut off."""
    dice = random.Random(seed)
    rows = []
    for number in range(customers):
        day = dice.uniform(0, days)
        for _ in range(dice.choice((1, 1, 2, 3))):
            way, stage = dice.choice(("ads", "mail")), dice.choice((0, 0, 1))
            while True:
                rows.append((f"c{number}", day, STAGES[stage], way))
                if stage == 3 or dice.random() < (0.25 if way == "ads" else 0.15):
                    break
                if dice.random() < 0.06:
                    rows.append((f"c{number}", day + 0.1, "Quit", way))
                    break
                stage = max(0, min(3, stage + dice.choice((-1, 0, 1, 1, 2))))
                day += dice.expovariate(1 / 3)
            day += 15 + dice.expovariate(1 / 10)
    return [(who, at(day), what, way) for who, day, what, way in rows if day < days]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made: Path = tmp_path_factory.mktemp("compared")
    write_csv(made / "log.csv", HEADER, walked(3, 420, 120))
    (made / "squiggle.toml").write_text(project(as_of=at(120)), encoding="utf-8")
    run(load_project(made))
    return made


@pytest.fixture(scope="module")
def log(folder: Path) -> Iterator[Warehouse]:
    with open_warehouse(folder / "journeys.duckdb") as built:
        yield built


@pytest.fixture(scope="module")
def found(log: Warehouse) -> Comparison:
    return compare(log, ADS, MAIL)


def times(log: Warehouse, way: str, stage_no: int) -> pd.DataFrame:
    return log.frame(
        "select timed.customer_no, timed.duration_us / 864e8 as days, timed.outcome "
        "from progress_times as timed "
        "join journey_segments using (map_no, customer_no, journey_no) "
        "join segment_values as named using (segment_no, value_no) "
        "where timed.stage_no = $stage_no and segment = 'way' and value = $way "
        "order by customer_no, journey_no",
        {"stage_no": stage_no, "way": way},
    )


def rate(timed: pd.DataFrame, counts: np.ndarray | None = None) -> float:
    curve = aalen_johansen(timed["days"], timed["outcome"], counts=counts)
    return float(curve[curve["duration"] <= 20].iloc[-1]["incidence"])


def influences(timed: pd.DataFrame) -> pd.Series:
    """What each customer adds to the rate: how it changes when they count a little more."""
    whole, little = rate(timed), 1e-5
    changed = {}
    for customer_no in timed["customer_no"].unique():
        counts = np.where(timed["customer_no"] == customer_no, 1 + little, 1.0)
        changed[customer_no] = (rate(timed, counts) - whole) / little
    return pd.Series(changed)


@pytest.mark.parametrize(
    ("figure", "item", "stage_no"),
    [("conversion_rate", "", 0), ("drop_rate", "Want", 3)],
)
def test_rates_are_aalen_johansens_and_their_errors_those_of_customers(
    log: Warehouse, found: Comparison, figure: str, item: str, stage_no: int
) -> None:
    ads, mail = times(log, "ads", stage_no), times(log, "mail", stage_no)
    one, other = (rate(ads), rate(mail)) if stage_no == 0 else (1 - rate(ads), 1 - rate(mail))
    told = row(found, figure, item)
    assert (told["value_a"], told["value_b"]) == pytest.approx((one, other), abs=1e-9)
    assert (told["n_a"], told["n_b"]) == (len(ads), len(mail))
    pulls = influences(ads).subtract(influences(mail), fill_value=0)
    error = float(np.sqrt((pulls**2).sum()))
    assert told["detectable"] == pytest.approx(2.8016 * error, rel=1e-3)
    assert told["difference_lo"] == pytest.approx(one - other - 1.96 * error, abs=0.01)


def test_the_rate_of_a_group_of_all_is_that_of_the_map(log: Warehouse) -> None:
    early = log.rows("select value from segment_values where segment = 'period' order by value_no")
    months = [value for (value,) in early]
    a, b = Scope(segments={"period": months[:2]}), Scope(segments={"period": months[2:]})
    told = row(compare(log, a, b), "conversion_rate")
    ((rate_of_all, low, high),) = log.rows(
        "select conversion_rate, conversion_lo, conversion_hi from map_summary"
    )
    assert low < min(told["value_a"], told["value_b"]) <= rate_of_all
    assert rate_of_all <= max(told["value_a"], told["value_b"]) < high


def test_shapes_are_read_over_the_same_time_after_the_beginning(
    log: Warehouse, found: Comparison
) -> None:
    steps = log.frame(
        "select value as way, customer_no, journey_no, step.occurred_us, fact.started_us, stage_no "
        "from journey_steps as step "
        "join journey_facts as fact using (map_no, customer_no, journey_no) "
        "join journey_segments using (map_no, customer_no, journey_no) "
        "join segment_values as named using (segment_no, value_no) cross join as_of "
        "where segment = 'way' and stage_no is not null and truncated_by is null "
        "and as_of_us - started_us >= 20 * 86400000000 order by customer_no, journey_no, step_no"
    )
    steps = steps[steps["occurred_us"] - steps["started_us"] <= 20 * 86_400_000_000]
    shapes: dict[str, list[tuple[int, int, int]]] = {"ads": [], "mail": []}
    for (way, customer_no, _), own in steps.groupby(["way", "customer_no", "journey_no"]):
        stages = own["stage_no"].tolist()
        walk = sum(abs(b - a) for a, b in pairwise(stages))
        shapes[way].append((customer_no, walk, max(stages) - stages[0]))
    errors = []
    for letter, way in (("a", "ads"), ("b", "mail")):
        lived = pd.DataFrame(shapes[way], columns=["who", "walk", "won"])
        lived = lived[lived["walk"] > 0]
        told = row(found, "squiggle_index")
        summed = lived.groupby("who").sum()
        second = ratio(summed["walk"] - summed["won"], summed["walk"])
        errors.append(second.standard_error)
        assert told[f"value_{letter}"] == pytest.approx(second.value)
        assert told[f"n_{letter}"] == len(lived)
        straight = row(found, "straight_share")[f"value_{letter}"]
        assert straight == pytest.approx((lived["walk"] == lived["won"]).mean())
    assert told["detectable"] == pytest.approx(2.8 * np.hypot(*errors), rel=0.1)


def test_stops_are_those_of_the_touchpoints(log: Warehouse, found: Comparison) -> None:
    told = row(found, "stop_rate")
    for letter, way in (("a", "ads"), ("b", "mail")):
        ((stops, visits),) = log.rows(
            "select sum(stops), sum(mature_visits) from segment_stops "
            "where segment = 'way' and value = $way",
            {"way": way},
        )
        assert (told[f"n_{letter}"], told[f"value_{letter}"]) == (visits, stops / visits)


def test_the_error_of_a_median_is_that_of_customers_drawn_again(
    log: Warehouse, found: Comparison
) -> None:
    dice = np.random.default_rng(1)
    halves = []
    lives = [times(log, way, 0) for way in ("ads", "mail")]
    for _ in range(150):
        half = []
        for timed in lives:
            who = timed["customer_no"].unique()
            weight = pd.Series(dice.multinomial(len(who), np.full(len(who), 1 / len(who))), who)
            counts = timed["customer_no"].map(weight).to_numpy(dtype=float)
            kept = timed[counts > 0]
            curve = aalen_johansen(kept["days"], kept["outcome"], counts=counts[counts > 0])
            curve = curve[curve["duration"] <= 20]
            reached = curve["incidence"] >= curve["incidence"].iloc[-1] / 2
            half.append(curve["duration"][reached].iloc[0])
        halves.append(half[0] - half[1])
    told = row(found, "median_days_of_converted")
    error = (told["difference_hi"] - told["difference_lo"]) / 3.92
    assert error == pytest.approx(np.std(halves, ddof=1), rel=0.2)
    assert row(compare(log, ADS, MAIL, seed=0), "median_days_of_converted") == told


def test_q_is_adjusted_for_all_tests_of_the_table(found: Comparison) -> None:
    made = found.figures["p"].dropna()
    assert found.tests == len(made)
    assert (found.figures["q"].dropna() >= made - 1e-12).all()
    assert found.figures["q"].max() == pytest.approx(made.max())
    silent = found.figures[found.figures["verdict"] == "no significant change"]
    assert silent["detectable"].notna().all()


def test_mix_and_rate_add_up_to_the_difference_of_each_rate(found: Comparison) -> None:
    assert set(found.mix["segment"]) == {"period"}
    assert (found.mix["mix"] + found.mix["rate"]).tolist() == pytest.approx(
        found.mix["difference"].tolist()
    )
    summed = found.mix_parts.groupby(["figure", "item", "segment"])[["mix", "rate"]].sum()
    whole = found.mix.set_index(["figure", "item", "segment"]).sort_index()
    assert summed["mix"].to_numpy() == pytest.approx(whole["mix"].to_numpy())
    assert (whole["rate_a"] - whole["rate_b"]).to_numpy() == pytest.approx(whole["difference"])


def test_a_group_that_was_not_followed_for_the_horizon_has_no_figure_and_says_so(
    log: Warehouse,
) -> None:
    late = Scope(segments={"period": ["2026-04"]})
    told = compare(log, late, Scope(segments={"period": ["2026-03"]}), within="40 d").figures
    told = told[told["figure"] != "stop_rate"]  # of visits, which need no T
    assert told["difference"].isna().all()
    assert told["value_a"].isna().all()
    assert set(told["reason"]) == {"no journey of a was followed for as long as T"}
    assert set(told["verdict"]) == {"not comparable"}
    longest = compare(log, ADS, MAIL, within="400 d").figures.set_index("figure")["reason"]
    longest = longest.drop("stop_rate")
    assert set(longest) == {"no journey of a and b was followed for as long as T"}


def test_groups_told_apart_by_outcome_are_not_compared_by_it(log: Warehouse) -> None:
    won, lost = Scope(outcomes=["converted"]), Scope(outcomes=["dropped"])
    found = compare(log, won, lost)
    assert np.isnan(row(found, "conversion_rate")["value_a"])
    assert row(found, "drop_rate", "Like")["reason"] == "the groups are told apart by their outcome"
    assert row(found, "squiggle_index")["difference"] < 0
    assert any("depends on how long they lived" in note for note in found.notes)
    assert len(found.mix) == 0
    assert rest_of(log, won).outcomes == ("dropped_explicit", "dropped_silent", "open")


def test_a_season_and_what_cannot_be_concluded_is_told(log: Warehouse) -> None:
    a, b = (Scope(segments={"period": [month]}) for month in ("2026-02", "2026-01"))
    told = " ".join(compare(log, a, b).notes)
    assert "not the effect of any one change" in told
    assert "the same season a year before is 2025-02, which the data do not hold" in told
    assert "The data begin or end" not in told, "both months were observed whole"
    shared = next(note for note in compare(log, ADS, MAIL).notes if "both groups" in note)
    assert int(shared.split()[0]) > 50


@pytest.mark.parametrize(
    ("a", "b", "options", "told"),
    [
        (ADS, Scope(), {}, "journeys are in both groups; compare groups that have none in common"),
        (ADS, Scope(segments={"way": ["mial"]}), {}, "did you mean 'mail'?"),
        (ADS, MAIL, {"within": "20 dys"}, "within: '20 dys' is not a length of time"),
        (ADS, Scope("journy"), {}, "there is no such map"),
    ],
)
def test_groups_that_cannot_be_compared_are_told(
    log: Warehouse, a: Scope, b: Scope, options: dict[str, str], told: str
) -> None:
    with pytest.raises(DataError, match=told):
        compare(log, a, b, **options)


def test_the_rest_is_all_other_values_of_one_segment(log: Warehouse) -> None:
    assert rest_of(log, ADS) == MAIL
    for wrong in (
        Scope(segments={"way": ["ads"], "period": ["2026-01"]}),
        Scope(segments={"way": ["ads", "mail"]}),
        Scope(outcomes=["converted", "dropped", "open"]),
    ):
        with pytest.raises(DataError, match="rest"):
            rest_of(log, wrong)


def test_the_command_says_what_the_comparison_found(folder: Path, found: Comparison) -> None:
    asked = json.loads(told("compare", "-p", folder, "-a", "way=ads", "-b", "rest", "--json"))
    assert asked["tests"] == found.tests
    assert [one["figure"] for one in asked["figures"]] == found.figures["figure"].tolist()
    assert asked["figures"][0]["q"] == pytest.approx(found.figures["q"][0])
    text = told("compare", "-p", folder, "-a", "period=2026-02", "-b", "period=2026-01",
                "-w", "way=ads", "--draws", 20)  # fmt: skip
    assert "difference = a − b" in text
    assert "would show)" in text
    assert "Note: Periods follow one another" in text
    with pytest.raises(DataError, match="there is no such segment"):
        compare(open_warehouse(folder / "journeys.duckdb"), Scope(segments={"wai": ["ads"]}), MAIL)
    assert asked_exit(folder, "-w", "way=ads") == 2


def asked_exit(folder: Path, *more: str) -> int:
    return asked("compare", "-p", folder, "-a", "way=ads", "-b", "way=mail", *more).exit_code
