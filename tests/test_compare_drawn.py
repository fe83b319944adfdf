"""Two groups of journeys beside each other, on logs that are drawn so that the answer is known."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.compare import compare
from pipeline.project import load_project
from pipeline.questions import Scope
from pipeline.run import run
from pipeline.statistics import newcombe
from pipeline.warehouse import Warehouse, open_warehouse

from .compared import ADS, COLUMNS, HEADER, MAIL, at, project, row
from .conftest import Build, write_csv


def test_shares_of_single_journeys_have_newcombes_interval_exactly(build: Build) -> None:
    """60 of 80 by ads and 34 of 70 by mail buy within the horizon; all are followed for it."""
    rows = []
    for way, all_of_them, buyers in (("ads", 80, 60), ("mail", 70, 34)):
        for number in range(all_of_them):
            rows.append((f"{way}{number}", at(number / 10), "Look", way))
            if number < buyers:
                rows.append((f"{way}{number}", at(number / 10 + 3), "Buy", way))
    rows += [("far", at(5), "Look", "far"), ("far", at(5.5), "Quit", "far")]
    built = build(rows, project(as_of=at(60)), header=HEADER)
    found = compare(built, ADS, MAIL)
    told = row(found, "conversion_rate")
    expected = newcombe(60, 80, 34, 70)
    assert (told["difference_lo"], told["difference_hi"]) == pytest.approx(expected, abs=1e-9)
    assert told["verdict"] == "higher"
    assert row(found, "straight_share")["verdict"] == "no significant change"
    assert row(found, "squiggle_index")["difference"] == 0
    few = row(compare(built, ADS, Scope(segments={"way": ["far"]})), "conversion_rate")
    assert (few["verdict"], few["value_b"]) == ("not tested", 0)
    assert "fewer than 30" in few["reason"]


def test_journeys_that_may_have_begun_before_the_data_are_left_out_of_periods(build: Build) -> None:
    rows = [(f"c{n}", at(n), "Look", ("ads", "mail")[n % 2]) for n in range(58)]
    built = build(rows, project(as_of=at(90), since="2026-01-01"), header=HEADER)
    a, b = (Scope(segments={"period": [month]}) for month in ("2026-01", "2026-02"))
    assert row(compare(built, a, b), "conversion_rate")["n_a"] == 31 - 10
    assert row(compare(built, a, b, warm_up=True), "conversion_rate")["n_a"] == 31
    assert row(compare(built, ADS, MAIL), "conversion_rate")["n_a"] == 29
    told = compare(built, a, b).notes
    assert any("10 journeys of a are left out" in note for note in told)
    ads = Scope(segments={"period": ["2026-01"], "way": ["ads"]})
    assert compare(built, ads, b).figures is not None


def test_every_group_improves_and_the_total_falls(build: Build) -> None:
    """The published example: per way .10 to .12 and .30 to .33, in all .26 to .183."""
    rows = []
    for month, way, all_of_them, buyers in (
        ("02", "ads", 40, 4),
        ("02", "mail", 160, 48),
        ("03", "ads", 350, 42),
        ("03", "mail", 150, 49),
    ):
        for number in range(all_of_them):
            who = f"{month}{way}{number}"
            rows.append((who, f"2026-{month}-10 10:00:00", "Look", way))
            if number < buyers:
                rows.append((who, f"2026-{month}-12 10:00:00", "Buy", way))
    built = build(rows, project(as_of=at(120)), header=HEADER)
    a, b = (Scope(segments={"period": [month]}) for month in ("2026-03", "2026-02"))
    told = compare(built, a, b).mix.set_index(["figure", "item", "segment"])
    whole = told.loc[("conversion_rate", "", "way")]
    assert (whole["rate_b"], whole["rate_a"]) == pytest.approx((0.26, 0.182))
    assert whole["mix"] == pytest.approx(0.5 * 0.22 / 2 - 0.5 * (49 / 150 + 0.3) / 2)
    assert whole["is_reversed"]
    assert told.loc[("drop_rate", "Look", "way")]["difference"] == pytest.approx(0.078)


MONEY = (
    'user_id = "who"\noccurred_at = "at"\nevent = "what"\nchannel = "way"\norder_id = "order"\n'
    'value = "euro"\ncurrency = "coin"\nscore = "score"\nscore_type = "kind"'
)


@pytest.fixture(scope="module")
def sold(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """Ads bring 40, of which 20 buy for 30 after two looks; mail brings 40, of which 10 for 60."""
    rows = []
    for way, buyers, euro, score in (("ads", 20, 30, 10), ("mail", 10, 60, 6)):
        for number in range(40):
            who, day = f"{way}{number}", number / 10
            rows += [(who, at(day + one), "Look", way, "", "", "", "", "") for one in (0, 1)]
            if number < buyers:
                paid = (f"{who}-1", euro if number else euro + 15, "EUR")
                rows.append((who, at(day + 2), "Buy", way, *paid, "", ""))
                rows.append((who, at(day + 5), "asked", way, "", "", "", score, "nps"))
            if number == 39:
                rows.append((who, at(day + 30), "Buy", way, f"{who}-2", 999, "EUR", "", ""))
    folder: Path = tmp_path_factory.mktemp("sold")
    write_csv(folder / "log.csv", (*HEADER, "order", "euro", "coin", "score", "kind"), rows)
    text = project(as_of=at(60)).replace(COLUMNS, MONEY)
    (folder / "squiggle.toml").write_text(text, encoding="utf-8")
    with open_warehouse(run(load_project(folder)).warehouse) as built:
        yield built


def test_money_answers_and_touches_are_those_of_the_time_t_of_a_journey(sold: Warehouse) -> None:
    """Who orders after a month does so in another journey."""
    found = compare(sold, ADS, MAIL)
    each = row(found, "revenue_per_journey", "EUR")
    assert (each["value_a"], each["value_b"]) == pytest.approx((1614 / 41, 1614 / 41))
    assert (each["n_a"], each["n_b"]) == (41, 41)
    order = row(found, "order_value", "EUR")
    assert (order["value_a"], order["value_b"]) == pytest.approx((1614 / 21, 1614 / 11))
    assert row(found, "touches_to_goal")["value_a"] == pytest.approx(40 / 21)
    nps = row(found, "nps")
    assert (nps["value_a"], nps["value_b"], nps["n_a"], nps["n_b"]) == (100, -100, 20, 10)
    assert (nps["verdict"], nps["reason"]) == ("not tested", "fewer than 30 in a group")


def test_a_stop_is_a_visit_after_which_nothing_came(sold: Warehouse) -> None:
    """Two looks in a row are one visit; a visit of less than ten days ago may go on."""
    told = row(compare(sold, ADS, MAIL), "stop_rate")
    # 40 look, 20 or 10 of them buy, and one comes back and buys: the others look and go.
    assert (told["n_a"], told["n_b"]) == (40 + 20 + 1, 40 + 10 + 1)
    assert (told["value_a"], told["value_b"]) == pytest.approx((20 / 61, 30 / 51))
