"""What stands exactly on a bound: of journeys, of silences, and of the money of orders.

Each model alone, on rows that are laid for it.
"""

from __future__ import annotations

from typing import Any

import pytest

from .kpi_desk import DAY_US, made

S = 1_000_000
ONE_MAP = {"map_no": 1, "map_name": "m", "closes": "goal", "silence_us": 10 * DAY_US,
           "within_us": 5 * DAY_US, "horizon": "declared", "has_start": False}  # fmt: skip


# ---- journeys ------------------------------------------------------------------------------------


def fact(started: int, ended: int, as_of: int, **more: Any) -> tuple[Any, ...]:
    """How one journey ends, in a source that is recorded since 0; the map's silence is 10 days."""
    journey = {"map_no": 1, "customer_no": 1, "journey_no": 1, "first_event_no": (1 << 40) + 1,
               "started_us": started, "ended_us": ended, "is_abandoned": False, "steps": 1,
               "staged_steps": 1, "first_stage_no": 1, "furthest_stage_no": 1}  # fmt: skip
    horizons = [{"map_no": 1, "stage_no": 2, "horizon_us": 20 * DAY_US}]
    [row] = made(
        "journey_facts",
        "select status, is_closed, standing, truncated_by",
        journey_sums=[journey | more],
        silence_horizons=horizons,
        cfg_maps=[ONE_MAP],
        parts=[{"file_no": 1, "source_no": 1}],
        source_spans=[{"source_no": 1, "first_us": 3 * DAY_US, "last_us": as_of}],
        cfg_sources=[{"source_no": 1, "recorded_since_us": 0}],
        as_of=[{"as_of_us": as_of, "first_us": 0}],
    )
    return row


def test_a_journey_is_judged_by_silences_that_last_just_so_long() -> None:
    day = DAY_US
    dropped = "dropped_silent"
    assert fact(10 * day, 10 * day, 20 * day) == (dropped, True, 3, None)
    assert fact(10 * day, 10 * day, 20 * day - 1) == ("open", False, 1, None)
    assert fact(10 * day - 1, 10 * day - 1, 20 * day) == (dropped, True, 2, "window")
    # A quick ending says nothing yet of journeys that began with it.
    assert fact(10 * day + 1, 10 * day + 2, 20 * day, goal_us=10 * day + 2)[2] == 2
    assert fact(10 * day, 10 * day + 2, 20 * day, goal_us=10 * day + 2)[2] == 3
    # At the second stage the horizon is twenty days.
    assert fact(10 * day, 10 * day, 30 * day - 1, furthest_stage_no=2)[0] == "open"
    assert fact(10 * day, 10 * day, 30 * day, furthest_stage_no=2)[0] == dropped
    late = {"first_stage_no": 2, "furthest_stage_no": 2}
    assert fact(10 * day, 10 * day, 90 * day, **late)[3] == "stage"
    assert fact(10 * day, 10 * day, 90 * day, **late, journey_no=2)[3] is None


def test_a_journey_touches_the_sessions_between_its_first_and_its_last_and_maybe_none() -> None:
    """Its first stage has none before it; its last touchpoint is that of its last step."""
    steps = [
        *(
            (1, 1, 5, 7, None, None),
            (1, 2, None, 8, 2, None),
            (1, 3, 7, 6, 3, 2),
            (1, 4, None, 9, 1, 3),
        ),
        *((2, 1, None, 7, None, None), (2, 2, None, 6, None, None)),
    ]
    assert made(
        "journey_sums",
        "select customer_no, sessions, staged_steps, first_stage_no, last_stage_no, "
        "last_touchpoint_no, total_variation, back_distance, moves, back_moves, skip_moves",
        journey_steps=[
            {"map_no": 1, "customer_no": who, "journey_no": 1, "step_no": n, "session_no": session,
             "touchpoint_no": what, "channel_no": 0, "stage_no": stage, "previous_stage_no": before,
             "occurred_us": n, "event_no": n, "is_goal": False, "is_abandon": False}
            for who, n, session, what, stage, before in steps
        ],
    ) == [(1, 3, 3, 2, 1, 9, 3, 2, 2, 1, 0), (2, 0, 0, None, None, 6, 0, 0, 0, 0, 0)]  # fmt: skip


def test_a_silence_is_counted_until_the_goal_and_after_none_that_is_told() -> None:
    """Lengths are whole seconds, minutes from an hour on, quarters of an hour from a day on."""
    gaps = [None, 3599 * S + 999_999, 3600 * S + 59 * S, 86_399 * S, 86_400 * S + 899 * S, 7 * S]
    steps = [
        {"map_no": 1, "customer_no": 1, "journey_no": 1, "step_no": n, "gap_us": gap,
         "stage_no": {2: None, 3: 1, 4: 2}.get(n, 1), "is_goal": n == 5}
        for n, gap in enumerate(gaps, start=1)
    ]  # fmt: skip
    sums = {"map_no": 1, "journey_no": 1, "furthest_stage_no": 2, "ended_us": 0}
    ends: list[dict[str, Any]] = [
        {"customer_no": 1, "goal_us": 5, "is_abandoned": False},
        {"customer_no": 2, "is_abandoned": True},
        {"customer_no": 3, "is_abandoned": False},
        {"customer_no": 4, "is_abandoned": False, "next_started_us": 50 * S},
        {"customer_no": 5, "is_abandoned": False, "furthest_stage_no": None},
    ]
    assert made(
        "silence_gaps",
        "select stage_no, gap_s, returned, unseen",
        journey_steps=steps,
        journey_sums=[sums | one for one in ends],
        as_of=[{"as_of_us": 100 * S}],
    ) == [
        *((1, 3599, 1, 0), (1, 3600, 1, 0), (1, 86_340, 1, 0), (2, 50, 1, 0), (2, 100, 0, 1)),
        (2, 86_400, 1, 0),
    ]


# ---- silences ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("most", "found"), [(50, (3, 0.4, 1)), (49, (2, 0.5, 3))])
def test_silences_are_followed_as_long_as_fifty_of_them_last(
    most: int, found: tuple[int, float, int]
) -> None:
    steps = [
        {"map_no": 1, "stage_no": 1, "gap_s": gap, "grid_s": 1, "silences": 90, "at_risk": at_risk,
         "returned": returned, "silent": silent}
        for gap, at_risk, returned, silent in
        ((1, 90, 5, 0.6), (2, 60, 4, 0.5), (3, most, 2, 0.4), (4, 20, 1, 0.3))
    ]  # fmt: skip
    assert made(
        "silence_plateaus", "select followed_s, plateau, late, returned", silence_steps=steps
    ) == [(*found, 12)]


def test_silences_at_the_goal_tell_nothing_of_those_before_and_half_of_them_make_the_grid() -> None:
    gaps = [(1, 100_000, 2), (2, 900_000, 2), (3, 1_000, 50), (4, 1_000, 50)]
    stages = [{"map_no": 1, "stage_no": n, "is_goal": n == 3} for n in (1, 2, 3, 4)]
    found = made(
        "silence_steps",
        "select stage_no, min(grid_s), max(silences), sum(returned)",
        "group by stage_no order by stage_no",
        silence_gaps=[
            {"map_no": 1, "stage_no": stage, "gap_s": gap, "returned": count, "unseen": 1}
            for stage, gap, count in gaps
        ],
        cfg_map_stages=stages,
        cfg_maps=[ONE_MAP],
        as_of=[{"as_of_us": 20 * DAY_US, "first_us": 0}],
    )
    assert found == [(0, 10_000, 6, 4), (1, 10_000, 3, 2), (2, 10_000, 3, 2)]


def horizon(
    *,
    silences: int = 500,
    risk: float = 0.05,
    window: int = 300,
    followed: int = 200,
    grid: int = 20,
    late: int = 5,
    silent: float = 0.25,
) -> tuple[Any, ...]:
    """What is found at a stage for which a silence of 100 s is the first that 5 % come back from.

    All stages together are known to be lost after 60 s; the goal is the second of three stages.
    """
    stages = [{"map_no": 1, "stage_no": n, "stage": str(n), "is_goal": n == 2} for n in (1, 2, 3)]
    plateau = {"map_no": 1, "grid_s": grid, "plateau": 0.2, "returned": 100, "late": late}
    rows = made(
        "silence_horizons",
        "select stage_no, is_pooled, horizon_us, is_identified, return_risk, is_drop_identified",
        cfg_maps=[ONE_MAP | {"horizon": "found", "silence_us": 150 * S}],
        cfg_map_stages=stages,
        silence_plateaus=[
            plateau | {"stage_no": 1, "silences": silences, "followed_s": followed},
            plateau | {"stage_no": 0, "silences": 900, "followed_s": 400},
        ],
        return_risks=[
            {"map_no": 1, "stage_no": 1, "gap_s": 100, "return_risk": risk},
            {"map_no": 1, "stage_no": 1, "gap_s": 120, "return_risk": 0.01},
            {"map_no": 1, "stage_no": 0, "gap_s": 60, "return_risk": 0.01},
        ],
        silence_steps=[
            {"map_no": 1, "stage_no": stage, "gap_s": gap, "silent": left}
            for stage in (0, 1)
            for gap, left in ((60, 0.4), (100, silent), (101, 0.22), (150, 0.21))
        ],
        as_of=[{"as_of_us": window * S, "first_us": 0}],
    )
    assert [row[0] for row in rows] == [0, 1]
    return rows[1][1:]


def test_a_horizon_is_found_where_the_data_reach_just_far_enough() -> None:
    """Of those silent for 100 s, (0.25 - 0.2) / 0.25 come back; for 150 s, 0.01 / 0.21."""
    found = (False, 100 * S, True, 0.2, False)
    declared = (False, 150 * S, False, round(0.01 / 0.21, 12), False)
    assert horizon() == found
    assert horizon(silences=499) == (True, 60 * S, True, 0.5, False)
    assert horizon(risk=0.0501, window=360, followed=240)[1] == 120 * S
    assert horizon(window=299) == declared
    assert horizon(followed=199, grid=19) == declared
    assert horizon(late=6) == declared
    assert horizon(grid=21) == declared
    assert horizon(silent=0.2) == (False, 100 * S, True, 0, True)
    assert horizon(silent=0) == (False, 100 * S, True, None, False)


def test_the_risk_of_a_return_is_told_up_to_the_end_of_what_was_followed() -> None:
    step = {"map_no": 1, "stage_no": 1, "is_step": True, "at_risk": 60}
    assert made(
        "return_risks",
        "select gap_s, days, silent, return_risk",
        silence_steps=[
            step | {"gap_s": n * 43_200, "silent": silent, "is_step": n != 2}
            for n, silent in ((1, 0.8), (2, 0.7), (3, 0.4), (4, 0.2))
        ],
        silence_plateaus=[
            {"map_no": 1, "stage_no": 1, "plateau": 0.4, "followed_s": 129_600}
        ],
        cfg_maps=[ONE_MAP],
    ) == [(43_200, 0.5, 0.8, 0.5), (129_600, 1.5, 0.4, 0)]  # fmt: skip
