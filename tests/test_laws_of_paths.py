"""What path questions must say: names, musts, intervals, steps by default, who is behind."""

from __future__ import annotations

from dataclasses import replace
from string import ascii_lowercase

import pandas as pd
import pyarrow as pa
import pytest

from pipeline.errors import DataError
from pipeline.paths import Behind, pattern, steps
from pipeline.paths.behind import _CUSTOMERS, _UNITS
from pipeline.paths.pattern import _with_intervals
from pipeline.patterns.grammar import parse
from pipeline.patterns.symbols import Names, express
from pipeline.statistics import wilson
from pipeline.warehouse import scratch

from .kpi_desk import Desk
from .laid import keyed
from .parts import QUESTIONS
from .test_patterns import NAMES
from .walks import Walks

pytestmark = pytest.mark.tables(*QUESTIONS)


def named(*touchpoints: str) -> Names:
    """Touchpoints without a stage, numbered from 1."""
    numbers = {name: number for number, name in enumerate(touchpoints, 1)}
    return replace(NAMES, touchpoints=numbers, stages=dict.fromkeys(numbers.values()))


def test_a_bracket_in_a_glob_is_a_bracket() -> None:
    meant = express(parse('"a [e]*"'), named("a [e]vent", "a event", "a e")).musts
    assert meant == [{1}]


def test_of_what_a_match_must_meet_the_eight_rarest_are_looked_for() -> None:
    """A set of fewer touchpoints is rarer; what any step is tells nothing."""
    names = named(*ascii_lowercase)
    chain = " -> ".join(["(a | b)", *ascii_lowercase[2:12], "."])
    assert express(parse(chain), names).musts == [frozenset({number}) for number in range(3, 11)]
    assert express(parse("(a | b) -> . -> c"), names).musts == [{3}, {1, 2}]


def outcomes(matching: tuple[int, ...], others: tuple[int, ...]) -> pd.DataFrame:
    """Rows with intervals, of customers who converted in so many of ten journeys each."""
    rows = [
        {
            "is_match": is_match,
            "journeys": 10 * len(own),
            "customers": len(own),
            "matches": 10 * len(own),
            "converted": sum(own),
            "dropped": 10 * len(own) - sum(own),
            "open": 0,
            "known": 10 * len(own),
            "squares": float(sum(one * one for one in own)),
            "products": float(sum(10 * one for one in own)),
            "bases": 100.0 * len(own),
            "median_us": 0.0,
        }
        for is_match, own in ((True, matching), (False, others))
    ]
    return _with_intervals(pd.DataFrame(rows))


@pytest.mark.parametrize("hits", [0, 10])
def test_where_all_end_alike_a_customer_of_ten_journeys_is_one_witness(hits: int) -> None:
    found = outcomes((hits,) * 3, (5, 5, 4)).iloc[0]
    told = [float(one) for one in wilson(3 * hits // 10, 3)]
    assert [found["conversion_lo"], found["conversion_hi"]] == pytest.approx(told)


def test_where_every_journey_matches_there_is_nobody_to_compare_with(walks: Walks) -> None:
    found = pattern(walks.warehouse, ".")
    assert found.outcomes["journeys"].tolist() == [len(walks.journeys), 0]
    assert not found.holds_goal
    assert found.difference is None


@pytest.mark.parametrize(("level", "merges"), [("stage", True), ("touchpoint", False)])
def test_repeats_of_a_stage_are_one_step_unless_told_and_of_a_touchpoint_several(
    level: str, merges: bool, walks: Walks
) -> None:
    told = steps(walks.warehouse, level=level, merge_repeats=merges)
    other = steps(walks.warehouse, level=level, merge_repeats=not merges)
    found = steps(walks.warehouse, level=level)
    pd.testing.assert_frame_equal(found.links, told.links)
    assert not found.links.equals(other.links)


def test_the_steps_of_an_anchor_cannot_be_led_over(walks: Walks) -> None:
    with pytest.raises(DataError, match="'Cart' is the anchor, so its steps cannot be led over"):
        steps(walks.warehouse, "Cart", drop=["Help", "Cart"])


def test_behind_a_figure_who_did_it_most_often_is_first_and_every_drop_is_one() -> None:
    statuses = ("converted", "dropped_silent", "dropped_explicit", "open")
    lived = [(1, no, 1, status) for no, status in enumerate(statuses, 1)]
    lived += [(2, 1, 5, "open"), (3, 1, 1, "open"), (3, 2, 4, "open")]
    rows = keyed("customer_no unit_no times status", lived, first_us=0, last_us=0)
    with Desk(scratch(), [], []) as desk:
        who = [{"customer_no": no, "customer_id": f"c{no}"} for no in (1, 2, 3)]
        desk.lay("numbered_customers", who)
        desk.warehouse.register("behind_pattern", pa.Table.from_pylist(rows))
        behind = Behind("behind_pattern", {}, "")
        customers = desk.warehouse.frame(behind._select(_CUSTOMERS))
        journeys = desk.warehouse.frame(behind._select(_UNITS))
    counts = ["customer_id", "journeys", "times", "converted", "dropped", "open"]
    assert customers[counts].values.tolist() == [
        ["c2", 1, 5, 0, 0, 1],
        ["c3", 2, 5, 0, 0, 2],
        ["c1", 4, 4, 1, 2, 1],
    ]
    assert journeys["journey_id"].tolist()[:3] == ["c2-1-1", "c3-1-2", "c1-1-1"]


def test_what_is_declared_and_never_was_is_no_step_and_no_channel() -> None:
    names = replace(NAMES, unmet=frozenset({"Later"}))
    assert express(parse("!Later"), names).text == "(?:.)"
    for text, told in (
        ("a -> Later", "no event is 'Later', so no step can be this"),
        ("channel:Later", "there is no channel 'Later'"),
        ("'Latr'", "there is no touchpoint or stage 'Latr'"),
    ):
        with pytest.raises(DataError, match=told):
            express(parse(text), names)
