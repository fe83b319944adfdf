"""What questions must find at their edges, each worked out by hand from a few events."""

from __future__ import annotations

import pytest

from pipeline import Attribution, attribution
from pipeline.compare import compare, graph_difference
from pipeline.paths import behind_loop, pattern
from pipeline.retention import Cohorts, retention
from pipeline.statistics import jensen_shannon

from .compared import ADS, HEADER, MAIL, at, project, row
from .conftest import Build
from .parts import QUESTIONS
from .test_attribution import HEADER as TOUCHES
from .test_attribution import PROJECT, credited, walked
from .test_attribution import row as touch

pytestmark = pytest.mark.tables(*QUESTIONS, "loops")


def test_a_touch_of_a_dropped_journey_is_worth_what_the_later_one_brings(build: Build) -> None:
    """What the dropped one itself brought is nobody's; what bob pays is his."""
    rows = [
        touch("ann", 0, "See", "A", "", "7"),
        touch("ann", 80, "See", "B"),
        touch("ann", 81, "Buy", "", "", "140"),
        touch("bob", 0, "See", "B"),
        touch("bob", 1, "Buy", "", "", "30"),
    ]
    found = attribution(build(rows, PROJECT, header=TOUCHES), Attribution(lookback=None), draws=9)
    assert credited(found, "linear", "value") == {"A": 70, "B": 100}
    assert found.totals["value"] == found.totals["touched_value"] == 170


def test_who_leaves_with_a_word_fails_as_who_leaves_in_silence_does(build: Build) -> None:
    text = PROJECT.replace('silence = "60 d"', 'silence = "60 d"\nabandon = ["Quit"]')
    text += '\n[[touchpoint]]\nname = "Quit"\nwhen = { event = "Quit" }\n'
    rows = [touch("ann", 0, "See", "A"), touch("ann", 1, "Quit"), touch("bob", 0, "See", "A")]
    rows += [touch("cat", 0, "See", "A"), touch("cat", 1, "Buy")]
    found = attribution(build(rows, text, header=TOUCHES), draws=9)
    assert (found.totals["dropped"], found.totals["touched_dropped"]) == (2, 2)
    assert found.names["touches"].tolist() == [3]


def test_a_conversion_at_a_goal_without_a_stage_is_one(build: Build) -> None:
    """Whose journey has no other stage: ann's is at none at all, bob's at that of See."""
    text = PROJECT.replace('goal = "Buy"', 'goal = "Paid"')
    text += '\n[[touchpoint]]\nname = "Paid"\nwhen = { event = "Paid" }\n'
    rows = [touch("ann", 0, "note", "A"), touch("ann", 1, "Paid"), touch("bob", 0, "See", "A")]
    found = attribution(build([*rows, touch("bob", 1, "Paid")], text, header=TOUCHES), draws=9)
    assert credited(found, "linear") == {"A": 2}
    assert found.totals["conversions"] == 2


def test_who_comes_back_after_the_as_of_moment_has_not_come_back(build: Build) -> None:
    """A minute after it, in the same month: nothing else would tell."""
    rows = [("ann", at(0), "Look", "ads"), ("ann", at(39 + 1 / 1440), "Look", "ads")]
    rows += [("bob", at(0), "Look", "ads"), ("bob", at(38), "Look", "ads")]
    built = build(rows, project(as_of=at(39)), header=HEADER)
    found = retention(built, Cohorts(length="month", periods=2))
    told = found.query("cohort == '2026-01'")[["customers", "active", "active_later"]]
    assert told.values.tolist() == [[2, 2, 2], [2, 1, 1]]


def test_where_all_touches_are_direct_the_last_one_gets_it(build: Build) -> None:
    built = build(walked(("A>B", True)), PROJECT, header=TOUCHES)
    found = attribution(built, Attribution(direct=("A", "B")), draws=9)
    assert credited(found, "last_non_direct") == {"B": 1}


def test_moves_of_customers_in_both_groups_are_in_the_divergence_of_the_whole(
    build: Build,
) -> None:
    """Each of three customers looks by ads first, and by mail in another journey."""
    rows = [(f"c{n}", at(day + n), what, way) for n in range(3) for day, what, way in (
        (0, "Look", "ads"), (1, "Like", "ads"), (30, "Look", "mail"), (31, "Want", "mail"),
    )]  # fmt: skip
    rows += [("dan", at(0), "Look", "ads"), ("eve", at(0), "Like", "mail")]
    built = build(rows, project(as_of=at(90)), header=HEADER)
    found = graph_difference(built, ADS, MAIL, draws=20)
    moves = found.edges[["moves_a", "moves_b"]].to_numpy()
    assert moves.sum(axis=0).tolist() == [11, 11]
    assert found.whole.bits == pytest.approx(float(jensen_shannon(*moves.T)))


def test_what_happens_at_t_has_happened_and_who_began_t_ago_was_followed(build: Build) -> None:
    """Of ads: ann buys after T, bob began it ago, cat a second later; eve quits before it."""
    second = 1 / 86400
    rows = [
        *(("ann", at(0), "Look", "ads"), ("ann", at(3), "Buy", "ads")),
        *(("bob", at(57), "Look", "ads"), ("cat", at(57 + second), "Look", "ads")),
        *(("eve", at(59), "Look", "ads"), ("eve", at(59.5), "Quit", "ads")),
        *(("dan", at(0), "Look", "mail"), ("dan", at(3 + second), "Buy", "mail")),
    ]
    built = build(rows, project(as_of=at(60), within="3 d"), header=HEADER)
    found = compare(built, ADS, MAIL, draws=20)
    assert built.rows(
        "select journeys, followed, known, progressed from compare_rates where stage_no = 0"
    ) == [(4, 2, 3, 1), (1, 1, 1, 0)]
    parts = found.mix_parts.query("figure == 'conversion_rate' and segment == 'period'")
    assert parts[["followed_a", "followed_b"]].sum().tolist() == [2, 1]
    assert built.rows("select journeys, followed, watched_us / 864e8 from compare_populations") == [
        (4, 2, 60),
        (1, 1, 60),
    ]
    assert row(found, "conversion_rate")["n_a"] == 4


def test_behind_a_loop_are_its_first_and_its_last_return(build: Build) -> None:
    """To and fro, five days; ann is back at the first node twice, at the second one once."""
    rows = [("ann", at(day), ("Look", "Like")[day % 2], "ads") for day in range(5)]
    rows += [("ann", at(5), "Buy", "ads")]
    built = build(rows, project(as_of=at(60)), header=HEADER)
    (loop,) = [name for (name,) in built.rows("select loop from loops where level = 'touchpoint' "
                                              "and moves = 2")]  # fmt: skip
    found = behind_loop(built, loop).units(built)
    (told,) = found[["times", "first_at", "last_at"]].astype(str).values.tolist()
    assert told == ["3", "2026-01-03", "2026-01-05"]


def test_behind_a_pattern_both_ways_to_drop_are_dropped(build: Build) -> None:
    rows = [("ann", at(0), "Look", "ads"), ("bob", at(0), "Look", "ads"),
            ("bob", at(1), "Quit", "ads"), ("cat", at(59), "Look", "ads")]  # fmt: skip
    found = pattern(build(rows, project(as_of=at(60)), header=HEADER), "Look").outcomes
    assert found[["journeys", "dropped", "open"]].values.tolist() == [[3, 2, 1], [0, 0, 0]]


def test_of_sessions_a_move_counts_once_the_gap_after_its_first_step_is_over(
    build: Build,
) -> None:
    """Ann's look lies a gap before the as-of moment, bob's a second more."""
    minute = 1 / 1440
    rows = [("ann", at(60 - 30 * minute), "Look", "ads"), ("ann", at(60 - minute), "Like", "ads")]
    rows += [("bob", at(60 - 30 * minute - 1 / 86400), "Look", "mail"),
             ("bob", at(60 - minute), "Like", "mail")]  # fmt: skip
    built = build(rows, project(as_of=at(60)), header=HEADER)
    edges = graph_difference(built, ADS, MAIL, cut="session", draws=20).edges
    edges = edges[edges["from_node"] == "Look"]
    assert edges[["to_node", "moves_a", "moves_b"]].values.tolist() == [["Like", 0, 1]]
