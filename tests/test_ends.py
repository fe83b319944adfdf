"""At the ends of what was seen: what nobody could see is not told; once more is no more told."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pipeline import Funnel, compare, funnel, paths
from pipeline.questions import Scope

from .conftest import Build, toml
from .parts import FUNNELS, QUESTIONS

AB = ("A", "B")
Z2 = 3.841459


def days(who: str, *steps: tuple[str, str]) -> list[tuple[str, str, str]]:
    return [(who, f"2026-01-{at}", what) for what, at in steps]


@pytest.mark.tables("stage_dropoff", "map_summary", "progress_curves", "churn_rates")
def test_that_the_last_under_watch_goes_on_says_nothing_while_others_are_open(build: Build) -> None:
    """Cid, the first, goes on after two days and more; ann went on, bob is open since today.

    Nobody could be watched for the thirty days of T, so nobody knows who goes on within them.
    """
    rows = days("cid", ("A", "01 00:00:00"), ("B", "03 07:00:00"))
    rows += days("ann", ("A", "03 10:00:00"), ("B", "03 11:00:00"))
    rows += days("bob", ("A", "03 12:00:00"))
    text = toml(stages=AB, goal="B", extra='as_of = "2026-01-03T12:00:00Z"')
    built = build(rows, text + '[kpi]\ncancels = "B"\n')
    assert built.rows("select drop_rate, drop_lo from stage_dropoff where stage = 'A'") == [
        (None, None)
    ]
    assert built.rows("select conversion_rate from map_summary") == [(None,)]
    last = built.scalar("select max(days) from progress_curves where stage_no = 1")
    assert last == pytest.approx(2.5), "the sixtieth at which the last one goes on"
    assert {rate for (rate,) in built.rows("select churn_rate from churn_rates")} == {None}


@pytest.mark.tables("stage_dropoff")
def test_where_some_could_be_watched_so_long_all_that_went_on_are_told(build: Build) -> None:
    """Two began forty days ago and went on, bob began today: 2 of 2, not 2 of 3."""
    rows = days("cid", ("A", "01 00:00:00"), ("B", "03 07:00:00"))
    rows += days("ann", ("A", "01 10:00:00"), ("B", "01 11:00:00"))
    rows += [("bob", "2026-02-10 12:00:00", "A")]
    text = toml(stages=AB, goal="B", extra='as_of = "2026-02-10T12:00:00Z"')
    (found,) = build(rows, text).rows(
        "select drop_rate, drop_lo, drop_hi from stage_dropoff where stage = 'A'"
    )
    assert found == pytest.approx((0, 0, Z2 / (2 + Z2)))


def walks(who: Sequence[str], times: int, *, goes_on: bool) -> list[tuple[str, str, str]]:
    """Journeys of customers, three days apart, each silent for good before the next one begins."""
    rows = []
    for customer in who:
        for number in range(times):
            rows += days(customer, ("A", f"{1 + 3 * number:02} 00:00:00"))
            rows += days(customer, ("B", f"{1 + 3 * number:02} 01:00:00")) if goes_on else []
    return rows


SHORT = toml(
    stages=AB, goal="B", map_extra='silence = "1 d"\nwithin = "1 d"', extra='as_of = "2026-03-01"'
)


@pytest.mark.tables("stage_dropoff", "segment_dropoff", "pain_points", *QUESTIONS)
def test_at_a_rate_of_0_or_1_journeys_of_a_customer_are_no_more_than_one(build: Build) -> None:
    """In each of two months four customers stop at A five times each: 4 of 4, not 20 of 20."""
    rows = walks(["u1", "u2", "u3", "u4"], 5, goes_on=False)
    rows += [(who.replace("u", "v"), at.replace("-01-", "-02-"), what) for who, at, what in rows]
    built = build(rows, SHORT)
    (found,) = built.rows(
        "select frontier, drop_rate, drop_lo, drop_hi from segment_dropoff "
        "where stage = 'A' and value = '2026-01'"
    )
    assert found == pytest.approx((20, 1, 4 / (4 + Z2), 1))
    january, february = (Scope(segments={"period": [f"2026-0{month}"]}) for month in (1, 2))
    told = paths.pattern(built, "A", january).outcomes.iloc[0]
    assert told["conversion_hi"] == pytest.approx(Z2 / (4 + Z2))
    found = compare(built, january, february).figures.set_index("figure").loc["conversion_rate"]
    assert found["difference_hi"] == pytest.approx(Z2 / (4 + Z2))


@pytest.mark.tables("segment_dropoff", "pain_points")
def test_of_one_customer_at_a_stage_there_is_no_interval_whoever_else_is_in_the_group(
    build: Build,
) -> None:
    """In month 1 only u1 stands at B, three times; the others of the month stop at A."""
    stages = ("A", "B", "C")
    rows = walks(["u1"], 3, goes_on=True) + walks(["u2", "u3"], 1, goes_on=False)
    text = toml(
        stages=stages, goal="C", map_extra='silence = "1 d"\nwithin = "1 d"',
        extra='as_of = "2026-03-01"',
    )  # fmt: skip
    found = build(rows, text).rows(
        "select stage, frontier, drop_rate, drop_lo is null from segment_dropoff "
        "where segment = 'period' and stage <> 'C' order by stage_no"
    )
    assert found == [("A", 5, 0.4, False), ("B", 3, 1.0, True)]


@pytest.mark.tables(*FUNNELS)
def test_the_chances_of_the_steps_multiply_to_the_chance_of_the_last(build: Build) -> None:
    """Some are open still: a curve that began at the second step would forget whom it lost."""
    rows = []
    for number in range(12):
        rows += days(f"u{number}", ("A", f"{number + 1:02} 00:00:00"))
        rows += days(f"u{number}", ("B", f"{number + 3:02} 00:00:00")) if number % 3 else []
        rows += days(f"u{number}", ("C", f"{number + 5:02} 00:00:00")) if number % 3 == 2 else []
    text = toml(stages=("A", "B", "C"), goal="C", extra='as_of = "2026-01-15"')
    steps = funnel(build(rows, text), Funnel(["A", "B", "C"], within="5 d")).steps
    assert steps["open"].sum() > 0
    assert steps["step_rate"][1:].prod() == pytest.approx(steps["rate"].iloc[-1])
    inside = steps[1:]
    assert inside["step_rate"].between(inside["step_lo"], inside["step_hi"]).all()
    assert steps["step_rate"][1] == steps["rate"][1], "after the entry both are the same"


@pytest.mark.tables("map_summary", "sales_cycles", *FUNNELS)
def test_what_one_place_cannot_tell_no_other_tells(build: Build) -> None:
    """One could be watched for T and went on early; the other is open, and was not watched so long.

    Nobody is under watch at T, so neither the map nor its cycle nor a funnel tells.
    """
    rows = days("u1", ("A", "01 00:00:00"), ("B", "03 00:00:00"))
    rows += days("u2", ("A", "11 00:00:00"))
    text = toml(stages=AB, goal="B", map_extra='within = "30 d"', extra='as_of = "2026-02-01"')
    built = build(rows, text)
    assert built.rows("select conversion_rate from map_summary") == [(None,)]
    assert built.scalar("select goal_rate from sales_cycles where horizon_days = 30") is None
    assert funnel(built, Funnel(["A", "B"], within="30 d")).steps["rate"].isna().all()


@pytest.mark.tables("stage_dropoff")
def test_a_log_shorter_than_t_tells_nothing_of_t_though_ends_are_rounded_to_its_sixtieths(
    build: Build,
) -> None:
    rows = days("u1", ("A", "01 00:00:00"), ("B", "30 18:00:00"))
    rows += days("u2", ("A", "10 00:00:00")) + days("u3", ("A", "30 20:00:00"))
    text = toml(
        stages=AB, goal="B", map_extra='within = "30 d"', extra='as_of = "2026-01-30T20:00:00Z"'
    )
    assert build(rows, text).rows("select drop_rate from stage_dropoff where stage = 'A'") == [
        (None,)
    ]


@pytest.mark.tables(*FUNNELS)
def test_who_enters_again_is_watched_since_then(build: Build) -> None:
    """Ann went on; bob entered anew two days before the end: nobody had the seven days."""
    rows = days("bob", ("A", "01 00:00:00"), ("A", "07 00:00:00"))
    rows += days("ann", ("A", "06 00:00:00"), ("B", "08 12:00:00"))
    text = toml(stages=AB, goal="B", extra='as_of = "2026-01-09"')
    steps = funnel(build(rows, text), Funnel(["A", "B"], within="7 d")).steps
    assert steps["rate"].isna().all()
