"""Figures that are told in two places, or of two sides, are the same there."""

from __future__ import annotations

import pytest

from pipeline import Attribution, Funnel, attribution, compare, funnel
from pipeline.questions import Scope
from pipeline.statistics import wilson

from .conftest import Build, toml
from .parts import FUNNELS, QUESTIONS
from .test_ends import AB, SHORT, days, walks


@pytest.mark.tables("pain_points")
def test_a_touchpoint_at_which_nobody_stops_is_no_surer_than_its_stage(build: Build) -> None:
    """Of 35 customers u each goes on three times; of 35 v fifteen stop the first time."""
    rows = walks([f"u{number}" for number in range(35)], 3, goes_on=True)
    later = walks([f"v{number}" for number in range(35)], 3, goes_on=True)
    stopped = {(f"v{number}", "2026-01-01 01:00:00", "B") for number in range(15)}
    rows += [
        (w, at.replace("-01-", "-02-", 1), b) for w, at, b in later if (w, at, b) not in stopped
    ]
    (stage, touchpoint) = build(rows, SHORT).rows(
        "select round(p_value, 7), round(excess_lo, 7), round(excess_hi, 7) from pain_points "
        "where segment = 'period' and value = '2026-02' and reference = 'rest' "
        "and place = 'A' order by level"
    )
    assert stage == touchpoint
    assert stage[0] > 0.01, "35 customers, not 105 visits, are all that one knows of u"


@pytest.mark.tables("pain_points")
def test_of_two_touchpoints_of_a_stage_each_is_held_against_the_other_alike(build: Build) -> None:
    """x: forty customers once, half stop; y: ten customers six times, eight of them always stop."""
    rule = '\n[[touchpoint]]\nname = "{0}"\nstage = "{1}"\nwhen = {{ event = "{0}" }}\n'
    touchpoints = "".join(rule.format(*one) for one in (("x", "A"), ("y", "A"), ("b", "B")))
    text = SHORT[: SHORT.index("\n[[touchpoint]]")] + touchpoints
    assert text.count("[[touchpoint]]") == 3
    rows = []
    for what, stopping, going, times in (("x", 20, 20, 1), ("y", 8, 2, 6)):
        names = {"A": what, "B": "b"}
        for count, goes_on in ((stopping, False), (going, True)):
            who = [f"{what} {goes_on} {number}" for number in range(count)]
            rows += [(w, at, names[e]) for w, at, e in walks(who, times, goes_on=goes_on)]
    found = build(rows, text).rows(
        "select place, round(excess, 9), round(p_value, 9) from pain_points "
        "where level = 'touchpoint' and segment = 'all' and place in ('x', 'y') order by place"
    )
    (_, x, p), (_, y, q) = found
    assert x == -y < 0
    assert p == q
    assert 0 < p < 1


@pytest.mark.tables("map_summary", "sales_cycles")
def test_where_nobody_converts_the_cycle_is_no_surer_than_the_map(build: Build) -> None:
    rows = walks([f"u{number}" for number in range(5)], 8, goes_on=False)
    built = build(rows, SHORT.replace('within = "1 d"', 'within = "7 d"'))
    of_map = built.rows("select conversion_rate, round(conversion_hi, 9) from map_summary")
    assert of_map == built.rows(
        "select goal_rate, round(goal_hi, 9) from sales_cycles where horizon_days = 7"
    )


@pytest.mark.tables(*FUNNELS)
def test_where_nobody_is_open_a_step_has_the_interval_of_its_share(build: Build) -> None:
    rows = []
    for number in range(8):
        rows += days(f"u{number}", ("A", "01 00:00:00"))
        rows += days(f"u{number}", ("B", "02 00:00:00")) if number < 4 else []
        rows += days(f"u{number}", ("C", "03 00:00:00")) if number < 1 else []
    text = toml(stages=("A", "B", "C"), goal="C", extra='as_of = "2026-03-01"')
    steps = funnel(build(rows, text), Funnel(["A", "B", "C"], within="5 d")).steps
    low, high = wilson(1, 4)
    found = steps.loc[2, ["step_rate", "step_lo", "step_hi"]].tolist()
    assert found == pytest.approx([0.25, float(low), float(high)])


CHANNELS = toml(
    stages=AB, goal="B", extra='as_of = "2026-03-01"',
    columns='user_id = "who"\noccurred_at = "at"\nevent = "what"\nchannel = "by"',
)  # fmt: skip


@pytest.mark.tables(*QUESTIONS)
def test_the_medium_of_direct_visits_is_direct_and_what_all_need_has_an_interval(
    build: Build,
) -> None:
    rows = []
    for number in range(6):
        rows += [
            (f"u{number}", "2026-01-01", "A", "ads"),
            (f"u{number}", "2026-01-02", "A", "(none)"),
        ]
        rows += [(f"u{number}", "2026-01-03", "B", "(none)")]
    built = build(rows, CHANNELS, header=("who", "at", "what", "by"))
    found = attribution(built, Attribution(), draws=9)
    assert found.direct == ("(none)",)
    last = found.credits[found.credits["rule"] == "last_non_direct"].set_index("name")
    assert last["conversions"].to_dict()["ads"] == 6
    ads = found.names.set_index("name").loc["ads"]
    assert ads["removal_effect"] == 1
    assert (ads["removal_lo"], ads["removal_hi"]) == pytest.approx(
        tuple(float(end) for end in wilson(6, 6))
    )


@pytest.mark.tables(*QUESTIONS)
def test_a_comparison_tells_no_rate_that_the_map_does_not(build: Build) -> None:
    """One went on early and could be watched for T; the other is open: nobody is under watch."""
    rows = days("u1", ("A", "01 00:00:00"), ("B", "03 00:00:00")) + days("u2", ("A", "25 00:00:00"))
    rows += [("v1", "2026-02-02 00:00:00", "A"), ("v1", "2026-02-03 00:00:00", "B")]
    text = toml(stages=AB, goal="B", map_extra='within = "30 d"', extra='as_of = "2026-02-20"')
    january, february = (Scope(segments={"period": [f"2026-0{month}"]}) for month in (1, 2))
    found = compare(build(rows, text), january, february, warm_up=True).figures.set_index("figure")
    assert found.loc["conversion_rate", "value_a"] != found.loc["conversion_rate", "value_a"]
    assert found.loc["conversion_rate", "value_b"] == 1, "of whom none is open one knows all"
