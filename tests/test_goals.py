"""A goal that is a touchpoint: whoever has reached it is watched no longer, at whatever stage."""

from __future__ import annotations

import pytest

from pipeline import Attribution, Funnel, attribution, funnel
from pipeline.errors import DataError
from pipeline.paths import pattern, steps

from .conftest import Build, toml
from .parts import QUESTIONS

pytestmark = pytest.mark.tables("stage_dropoff", "progress_times", "customers")
STAGES = ("Before", "Purchase", "After")
ORDER = '\n[[touchpoint]]\nname = "Order"\n{stage}when = {{ event = "order" }}\n'
FAR = 'as_of = "2026-06-01"'


def project(*, closes: str, staged: bool) -> str:
    options = f'closes = "{closes}"\nsilence = "14 d"\nwithin = "10 d"'
    order = ORDER.format(stage='stage = "Purchase"\n' if staged else "")
    return toml(stages=STAGES, goal="Order", extra=FAR, map_extra=options) + order


def walks(*paths: str) -> list[tuple[str, str, str]]:
    """Each path is a customer's, one event a day."""
    return [
        (f"c{who}", f"2026-01-{day:02} 10:00:00", what)
        for who, path in enumerate(paths)
        for day, what in enumerate(path.split(), start=1)
    ]


def test_who_reached_the_goal_before_or_by_a_stage_is_not_watched_there(build: Build) -> None:
    """At Purchase only who came by something else than the order can still go on, or not."""
    log = walks(
        "Before order After", "Before order", "Before", "Before Purchase", "Before Purchase order"
    )
    built = build(log, project(closes="silence", staged=True))
    columns = "stage, reached, progressed, dropped_silent, frontier, drop_rate, ever_drop_rate"
    assert built.rows(f"select {columns} from stage_dropoff order by stage_no") == [
        ("Before", 5, 4, 1, 5, pytest.approx(0.2), pytest.approx(0.2)),
        ("Purchase", 4, 3, 1, 2, pytest.approx(0.5), pytest.approx(0.5)),
        ("After", 1, 1, 0, 0, None, None),
    ]


def test_a_goal_before_the_first_stage_leaves_nobody_to_be_lost(build: Build) -> None:
    log = walks("order Before", "order Before Purchase", "Before order Purchase")
    built = build(log, project(closes="silence", staged=False))
    found = built.rows("select stage_no, fate from progress_times where stage_no > 0")
    assert found == [(1, "progressed")]
    rows = built.rows("select stage, frontier, drop_rate from stage_dropoff order by stage_no")
    assert rows == [("Before", 1, 0.0), ("Purchase", 0, None), ("After", 0, None)]


@pytest.mark.parametrize("closes", ["goal", "silence"])
def test_the_goal_is_what_goes_beyond_if_it_comes_first(closes: str, build: Build) -> None:
    """The order is on the second day, the next stage on the third, or of a new journey."""
    built = build(walks("Before order Purchase"), project(closes=closes, staged=False))
    asked = "select duration_us // 3600000000 from progress_times where stage_no = 1"
    assert built.rows(asked) == [(24,)]


@pytest.mark.tables()
def test_a_touchpoint_that_no_event_is_of_is_called_so_and_not_unknown(build: Build) -> None:
    built = build(walks("Before", "Before Purchase"), project(closes="goal", staged=False))
    told = "'Order': no event is one, so"
    with pytest.raises(DataError, match=told):
        attribution(built, Attribution(touches=["Order"]))
    with pytest.raises(DataError, match=told):
        steps(built, "Order")
    assert funnel(built, Funnel(["Before", "Order"])).steps["reached"].to_list() == [2, 0]
    with pytest.raises(DataError, match="no event is 'Order', so no step can be this"):
        pattern(built, "Before -> Order")
    never = pattern(built, "^ Before -> !Order* $").outcomes.set_index("is_match")["journeys"]
    assert never.to_dict() == {True: 2, False: 0}


@pytest.mark.tables(*QUESTIONS)
@pytest.mark.parametrize(
    ("closes", "text", "late", "compared"),
    [
        ("silence", "After", 1, False),  # it comes after the order, and tells nothing of it
        ("silence", "^ !Order* -> After", 0, True),
        ("silence", "Purchase", 0, True),
        ("goal", "Purchase", 0, True),
        ("goal", "Purchase -> .", 1, False),  # the step after it may be the order itself
        ("goal", "Purchase $", 0, False),  # whoever ends there has not ordered
    ],
)
def test_a_match_that_tells_who_converts_compares_conversion_with_nobody(
    closes: str, text: str, late: int, compared: bool, build: Build
) -> None:
    log = walks("Before Purchase order After", "Before Purchase", "Before After", "Before")
    found = pattern(build(log, project(closes=closes, staged=False)), text)
    assert (found.late, found.difference is not None) == (late, compared)
