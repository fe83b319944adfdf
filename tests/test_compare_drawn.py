"""Two groups of journeys beside each other, on a log drawn so that the answers are known."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.compare import compare
from pipeline.questions import Scope
from pipeline.statistics import newcombe
from pipeline.warehouse import Warehouse

from .compared import COLUMNS, HEADER, at, project, row
from .conftest import Build, warehouse_in, write_csv
from .parts import QUESTIONS

MONEY = (
    'user_id = "who"\noccurred_at = "at"\nevent = "what"\nchannel = "way"\norder_id = "order"\n'
    'value = "euro"\ncurrency = "coin"\nscore = "score"\nscore_type = "kind"'
)
Row = tuple[object, ...]


def group(*ways: str, period: str | None = None) -> Scope:
    periods = {"period": [f"2026-{period}"]} if period else {}
    return Scope(segments={"way": ways, **periods})


def shares() -> Iterator[Row]:
    """60 of 80 by tram and 34 of 70 by foot buy within the horizon; all are followed for it."""
    for way, all_of_them, buyers in (("tram", 80, 60), ("foot", 70, 34)):
        for number in range(all_of_them):
            yield (f"{way}{number}", at(40 + number / 10), "Look", way)
            if number < buyers:
                yield (f"{way}{number}", at(43 + number / 10), "Buy", way)
    yield ("far", at(45), "Look", "far")
    yield ("far", at(45.5), "Quit", "far")


def early() -> Iterator[Row]:
    """One a day, by red and by blue in turns, from the first day of the recording on."""
    for number in range(58):
        yield (f"early{number}", at(number), "Look", ("red", "blue")[number % 2])


def reversal() -> Iterator[Row]:
    """The published example: per way .10 to .12 and .30 to .33, in all .26 to .183."""
    for month, way, all_of_them, buyers in (
        ("06", "ads", 40, 4),
        ("06", "mail", 160, 48),
        ("07", "ads", 350, 42),
        ("07", "mail", 150, 49),
    ):
        for number in range(all_of_them):
            who = f"{month}{way}{number}"
            yield (who, f"2026-{month}-10 10:00:00", "Look", way)
            if number < buyers:
                yield (who, f"2026-{month}-12 10:00:00", "Buy", way)


def sales() -> Iterator[Row]:
    """The shop has 40, of which 20 buy for 30 after two looks; the fair 40, of which 10 for 60."""
    for way, buyers, euro, score in (("shop", 20, 30, 10), ("fair", 10, 60, 6)):
        for number in range(40):
            who, day = f"{way}{number}", 60 + number / 10
            for later in (0, 1):
                yield (who, at(day + later), "Look", way)
            if number < buyers:
                paid = (f"{who}-1", euro if number else euro + 15, "EUR")
                yield (who, at(day + 2), "Buy", way, *paid)
                yield (who, at(day + 5), "asked", way, "", "", "", score, "nps")
            if number == 39:
                yield (who, at(day + 30), "Buy", way, f"{who}-2", 999, "EUR")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    folder: Path = tmp_path_factory.mktemp("drawn")
    listed = [*shares(), *early(), *reversal(), *sales()]
    rows = [(*one, *[""] * (9 - len(one))) for one in listed]
    write_csv(folder / "log.csv", (*HEADER, "order", "euro", "coin", "score", "kind"), rows)
    text = project(as_of=at(240), since="2026-01-01").replace(COLUMNS, MONEY)
    with warehouse_in(folder, text) as built:
        yield built


def test_shares_of_single_journeys_have_newcombes_interval_exactly(drawn: Warehouse) -> None:
    found = compare(drawn, group("tram"), group("foot"))
    told = row(found, "conversion_rate")
    expected = newcombe(60, 80, 34, 70)
    assert (told["difference_lo"], told["difference_hi"]) == pytest.approx(expected, abs=1e-9)
    assert told["verdict"] == "higher"
    assert row(found, "straight_share")["verdict"] == "no significant change"
    assert row(found, "squiggle_index")["difference"] == 0


def test_a_group_of_few_is_shown_and_not_tested(drawn: Warehouse) -> None:
    few = row(compare(drawn, group("tram"), group("far")), "conversion_rate")
    assert (few["verdict"], few["value_b"]) == ("not tested", 0)
    assert "fewer than 30" in few["reason"]


def test_journeys_that_may_have_begun_before_the_data_are_left_out_of_periods(
    drawn: Warehouse,
) -> None:
    a, b = (group("red", "blue", period=month) for month in ("01", "02"))
    found = compare(drawn, a, b)
    assert row(found, "conversion_rate")["n_a"] == 31 - 10
    assert any("10 journeys of a are left out" in note for note in found.notes)
    assert row(compare(drawn, a, b, warm_up=True), "conversion_rate")["n_a"] == 31
    assert row(compare(drawn, group("red"), group("blue")), "conversion_rate")["n_a"] == 29


def test_every_group_improves_and_the_total_falls(drawn: Warehouse) -> None:
    a, b = (Scope(segments={"period": [f"2026-{month}"]}) for month in ("07", "06"))
    told = compare(drawn, a, b).mix.set_index(["figure", "item", "segment"])
    whole = told.loc[("conversion_rate", "", "way")]
    assert (whole["rate_b"], whole["rate_a"]) == pytest.approx((0.26, 0.182))
    assert whole["mix"] == pytest.approx(0.5 * 0.22 / 2 - 0.5 * (49 / 150 + 0.3) / 2)
    assert whole["is_reversed"]
    assert told.loc[("drop_rate", "Look", "way")]["difference"] == pytest.approx(0.078)
    both = compare(drawn, group("ads", period="07"), group("ads", period="06"))
    assert len(both.mix) == 0  # what tells the groups apart cannot explain them


def test_money_answers_and_touches_are_those_of_the_time_t_of_a_journey(drawn: Warehouse) -> None:
    """Who orders after a month does so in another journey."""
    found = compare(drawn, group("shop"), group("fair"))
    each = row(found, "revenue_per_journey", "EUR")
    assert (each["value_a"], each["value_b"]) == pytest.approx((1614 / 41, 1614 / 41))
    assert (each["n_a"], each["n_b"]) == (41, 41)
    order = row(found, "order_value", "EUR")
    assert (order["value_a"], order["value_b"]) == pytest.approx((1614 / 21, 1614 / 11))
    assert row(found, "touches_to_goal")["value_a"] == pytest.approx(40 / 21)
    nps = row(found, "nps")
    assert (nps["value_a"], nps["value_b"], nps["n_a"], nps["n_b"]) == (100, -100, 20, 10)
    assert (nps["verdict"], nps["reason"]) == ("not tested", "fewer than 30 in a group")


@pytest.mark.tables(*QUESTIONS)
def test_a_measure_reads_what_a_journey_did_within_t_of_its_beginning(build: Build) -> None:
    """T is three days, ten are silence. Cat is not followed for T; gus does all but look later.

    Bob answers before he has a journey, hal off the scale; ida's answer is of her last one.
    """
    log = [
        ("ann", at(1), "Look", "shop"), ("ann", at(2), "pay", "shop", "a1", 10, "EUR"),
        ("ann", at(5), "pay", "shop", "a2", 99, "EUR"),
        ("cat", at(58), "Look", "shop"), ("cat", at(59), "pay", "shop", "c1", 500, "EUR"),
        ("gus", at(1), "Look", "shop"), ("gus", at(5), "Want", "shop"),
        ("gus", at(6), "Like", "shop"), ("gus", at(7), "Buy", "shop"),
        ("eve", at(1), "Look", "shop"), ("eve", at(2), "Like", "shop"),
        ("eve", at(3), "Buy", "shop"),
        ("bob", at(1), "asked", "shop", "", "", "", 0, "nps"), ("bob", at(2), "Look", "shop"),
        ("hal", at(1), "Look", "shop"), ("hal", at(2), "asked", "shop", "", "", "", 99, "nps"),
        ("ida", at(1), "Look", "shop"), ("ida", at(2), "Buy", "shop"),
        ("ida", at(3), "Look", "fair"), ("ida", at(3.5), "asked", "fair", "", "", "", 10, "nps"),
        ("ida", at(20), "Look", "fair"),
    ]  # fmt: skip
    rows = [(*one, *[""] * (9 - len(one))) for one in log]
    text = project(as_of=at(60), within="3 d").replace(COLUMNS, MONEY)
    built = build(rows, text, header=(*HEADER, "order", "euro", "coin", "score", "kind"))
    found = compare(built, group("shop"), group("fair"))
    told = row(found, "revenue_per_journey", "EUR")
    assert (told["value_a"], told["n_a"]) == (pytest.approx(10 / 6), 6)
    told = row(found, "order_value", "EUR")
    assert (told["value_a"], told["n_a"]) == (10, 1)
    told = row(found, "touches_to_goal")
    assert (told["value_a"], told["n_a"]) == (1.5, 2)
    told = row(found, "squiggle_index")
    assert (told["value_a"], told["n_a"]) == (0, 2)
    told = row(found, "nps")
    assert (told["n_a"], told["value_b"], told["n_b"]) == (0, 100, 1)
    told = row(found, "stop_rate")  # cat's last visits are too young to tell
    assert (told["value_a"], told["n_a"]) == (pytest.approx(3 / 15), 15)
    assert [note.split()[0] for note in found.notes if "in both groups" in note] == ["1"]


def test_a_stop_is_a_visit_after_which_nothing_came(drawn: Warehouse) -> None:
    """Two looks in a row are one visit."""
    told = row(compare(drawn, group("shop"), group("fair")), "stop_rate")
    # 40 look, 20 or 10 of them buy, and one comes back and buys: the others look and go.
    assert (told["n_a"], told["n_b"]) == (40 + 20 + 1, 40 + 10 + 1)
    assert (told["value_a"], told["value_b"]) == pytest.approx((20 / 61, 30 / 51))
