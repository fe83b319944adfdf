"""How many are enough to be read by themselves, and what is taken where there are fewer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from .conftest import Build, toml
from .kpi_desk import DAY_US, Desk, Event, at, desk, us
from .test_kpi_orders import sale

START = at("2026-01-01")


def laid(as_of: str = "2026-03-01") -> Desk:
    """A desk with one event on it, to lay other tables on."""
    return desk([Event("ann", "visit", START)], as_of=at(as_of))


def silences(*gaps: tuple[int, int, int]) -> dict[int, list[Any]]:
    """Stage → whether it is pooled, and how far it was followed; a gap is stage, days, how many."""
    stages = [
        {"map_no": 1, "stage_no": no, "stage": f"s{no}", "is_goal": no == 3} for no in (1, 2, 3)
    ]
    with laid() as made:
        made.lay("cfg_maps", [{"map_no": 1, "horizon": "found", "silence_us": 30 * DAY_US}])
        made.lay("cfg_map_stages", stages)
        made.lay(
            "silence_gaps",
            [
                {"map_no": 1, "stage_no": no, "gap_s": days * 86_400, "returned": n, "unseen": 0}
                for no, days, n in gaps
            ],
        )
        made.make("silence_horizons")
        found = made.rows("select stage_no, is_pooled, followed_days from silence_horizons")
    return {no: told for no, *told in found}


def test_a_stage_is_read_by_itself_from_five_hundred_silences_on() -> None:
    """Its silences last 10 days, those of another stage 20."""
    for count, pooled, days in ((500, False, 10), (499, True, 20)):
        found = silences((1, 10, count), (2, 20, 600))
        assert found == {0: [False, 20], 1: [pooled, days], 2: [False, 20]}


def test_a_silence_is_followed_where_fifty_last_as_long() -> None:
    assert silences((1, 5, 900), (1, 10, 50))[0] == [False, 10]
    assert silences((1, 5, 900), (1, 10, 49))[0] == [False, 5]
    assert silences((1, 10, 49))[0] == [False, None]


PLACE = {
    "map_no": 1,
    "level": "stage",
    "place_no": 1,
    "segment_no": 2,
    "value_no": 0,
    "is_rest": False,
    "met": 90,
    "trials": 30,
    "drops": 15,
    "rate": 0.5,
    "followed": 30,
    "won": 15,
}
ALL = {**PLACE, "segment_no": 0, "trials": 300, "followed": 300, "won": 30}
GOALS = {"map_no": 1, "segment_no": 2, "value_no": 0, "goals": 30, "value": 60.0}
ALL_GOALS = {**GOALS, "segment_no": 0, "goals": 100, "value": 500.0}


def cells(places: list[dict[str, Any]], goals: list[dict[str, Any]], columns: str) -> list[Any]:
    """What `pain_cells` says of a segment's values, given their places and those of all."""
    with laid() as made:
        rests = [{**place, "is_rest": True} for place in places]
        made.lay("pain_places", [*places, *rests, ALL, {**ALL, "is_rest": True}])
        made.lay("goal_values", [*goals, ALL_GOALS])
        made.make("pain_cells")
        return made.rows(
            f"select {columns} from pain_cells where segment_no = 2 order by value_no, reference"
        )


@pytest.mark.parametrize(
    ("followed", "goals", "found"),
    [
        (30, 30, (0.5, 2.0, False)),
        (29, 30, (0.1, 2.0, True)),
        (30, 29, (0.5, 5.0, True)),
        (29, 29, (0.1, 5.0, True)),
    ],
)
def test_a_group_of_fewer_than_thirty_borrows_from_all(
    followed: int, goals: int, found: tuple[Any, ...]
) -> None:
    """Of its 30 half reach the goal, each worth 2; of all 300 a tenth, each worth 5."""
    place = {**PLACE, "followed": followed}
    worth = {**GOALS, "goals": goals, "value": 2.0 * goals}
    assert cells([place], [worth], "goal_rate, value_per_goal, is_borrowed") == [found]


@pytest.mark.parametrize(
    ("trials", "best"),
    [
        ((30, 30, 30, 30), {0: None, 1: 0, 2: 0, 3: 0}),
        ((30, 30, 30), {}),
        ((29, 30, 30, 30), {}),
        ((29, 30, 30, 30, 30), {0: 1, 1: None, 2: 1, 3: 1, 4: 1}),
        ((30, 30, 30, 30, 30), {0: 1, 1: None, 2: 1, 3: 1, 4: 1}),
    ],
)
def test_the_best_quartile_is_of_four_values_or_more_with_thirty_trials_each(
    trials: tuple[int, ...], best: dict[int, int | None]
) -> None:
    """Values are drawn from the best to the worst; the reference is never the value itself."""
    places = [
        {**PLACE, "value_no": value, "trials": tried, "rate": 0.1 + value / 10}
        for value, tried in enumerate(trials)
    ]
    found = cells(places, [], "reference, value_no, reference_value_no")
    assert {value: other for what, value, other in found if what == "best quartile"} == {
        value: other for value, other in best.items() if other is not None
    }


@pytest.mark.parametrize(
    ("days", "frequent"),
    [((1, 1, 1, 4, 5), 4), ((*[1] * 19, 4, *[5] * 4), 4), ((1, 1, 1, 1, 5), 3)],
)
def test_frequent_is_from_the_smallest_number_of_days_that_eighty_per_cent_do_not_exceed(
    days: tuple[int, ...], frequent: int
) -> None:
    log = [
        sale(f"c{who}", START + timedelta(days=day), 10, f"{who}-{day}")
        for who, often in enumerate(days)
        for day in range(often)
    ]
    with desk(log, as_of=at("2026-02-01")) as made:
        found = made.make("rfm_thresholds").rows("select frequent_days from rfm_thresholds")
    assert found == [(frequent,)]


@pytest.mark.parametrize(("early_s", "sends"), [(0, [(1, 0)]), (1, [])])
def test_a_sending_counts_when_the_time_to_answer_it_is_over(
    early_s: int, sends: list[tuple[int, int]]
) -> None:
    """Looked at thirty days after it was sent, or a second sooner."""
    end = START + timedelta(days=30, seconds=-early_s)
    with desk([Event("ann", "invite", START)], as_of=end, roles={"nps_sends": ["invite"]}) as made:
        made.make("sending_counts")
        found = made.rows("select sends, answered from sending_counts where level = 'all'")
    assert found == sends


def test_who_reaches_the_goal_t_after_going_on_has_reached_it_and_a_moment_later_not() -> None:
    """Looked at T after three went on: the last of them is not yet followed to the end."""
    with laid() as made:
        made.lay("cfg_maps", [{"map_no": 1, "silence_us": DAY_US, "within_us": 5 * DAY_US}])
        end = us(at("2026-03-01"))
        walks = [(end - 5 * DAY_US, 5 * DAY_US), (end - 5 * DAY_US, 5 * DAY_US + 1)]
        walks.append((end - 5 * DAY_US + 1, 0))
        watched = [
            {
                "map_no": 1,
                "customer_no": who,
                "journey_no": 1,
                "stage_no": 1,
                "reached_us": beyond - DAY_US,
                "duration_us": DAY_US,
                "outcome": 1,
                "fate": "progressed",
                "ended_us": beyond + later,
                "beyond_us": beyond,
                "goal_us": beyond + later,
            }
            for who, (beyond, later) in enumerate(walks)
        ]
        made.lay("progress_times", watched)
        made.lay("silence_horizons", [])
        made.make("progress_watches")
        found = made.rows("select is_followed, is_won from progress_watches order by customer_no")
    assert found == [(True, True), (True, False), (False, True)]


@pytest.mark.tables("sample_journeys", "variant_nodes")
def test_a_sampled_journey_is_drawn_to_its_fortieth_step_and_a_variant_known_to_go_beyond_sixty(
    build: Build,
) -> None:
    stages = ("Ad", "Page", "Order")
    log = [
        ("ann", f"2026-01-01 {step // 60:02}:{step % 60:02}:00", stages[step % 2])
        for step in range(70)
    ]
    log.append(("ann", "2026-01-01 02:00:00", "Order"))
    built = build(log, toml(stages=stages, goal="Order"))
    assert built.scalar("select max(step_no) from sample_journeys") == 40
    assert built.scalar("select max(place) from variant_nodes where level_no = 1") == 61
