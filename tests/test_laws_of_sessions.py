"""What stands exactly on a bound: of sessions and periods, and of the values of segments.

Each model alone, on rows that are laid for it.
"""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.warehouse import scratch

from .kpi_desk import DAY_US, Desk, Event, at, desk, made, us

S = 1_000_000


# ---- money and segments --------------------------------------------------------------------------


def test_the_money_of_an_order_is_that_of_its_first_record_until_the_as_of_moment() -> None:
    """Of records of one moment the sequence decides, then the lowest money: 0 is money, too."""
    records = [
        *(("free", 0, 1, 1, 0), ("free", 1, 1, 1, 90)),
        *(("tied", 5, 2, 2, 10), ("tied", 5, 1, 2, 30), ("tied", 5, 2, 2, 20)),
        *(("even", 5, 1, 3, 50), ("even", 5, 1, 3, 40)),
        *(("late", 10, 1, 4, 7), ("late", 11, 1, 4, 8)),
        *(("back", 3, 1, 5, 100), ("back", 4, 1, 5, -25)),
        *((None, 1, 1, 6, 2), (None, 2, 1, 6, 3)),
        *(("over", 11, 1, 7, 9), ("over", 12, 1, 7, 1)),
    ]
    numbered = list(enumerate(records, start=1))
    asked = made(
        "journey_values",
        "select customer_no, cast(value as double)",
        event_details=[
            {"event_no": n, "order_id": order, "value": value} for n, (order, *_, value) in numbered
        ],
        clean_events=[
            {"event_no": n, "occurred_us": moment, "sequence": sequence, "signature_key": 1}
            for n, (_, moment, sequence, *_) in numbered
        ],
        event_signatures=[{"signature_key": 1, "touchpoint_no": 1}],
        journey_steps=[
            {"event_no": n, "map_no": 1, "customer_no": who, "journey_no": 1}
            for n, (*_, who, _) in numbered
        ],
        cfg_kpi=[{"order_rows": "order"}],
        as_of=[{"as_of_us": 10}],
    )
    assert asked == [(1, 0), (2, 30), (3, 40), (4, 7), (5, 75), (6, 5)]


def test_a_customer_has_the_values_of_its_life_until_the_as_of_moment() -> None:
    """And a journey those of its own steps; an empty text in JSON is none, nor is no channel."""
    events = [(1, 5, 3, "a"), (2, 6, 2, "b"), (3, 7, 3, ""), (4, 10, 0, "a"), (5, 11, 2, "c")]
    kept = {"column_name": "plan", "json_path": '$."plan"'}
    segments = [
        {"segment_no": 2, "column_name": "channel", "take": "first", "of_customer": False},
        {"segment_no": 3, "column_name": "channel", "take": "last", "of_customer": True},
        {"segment_no": 4, "take": "last", "of_customer": True, **kept},
        {"segment_no": 5, "take": "most", "of_customer": True, **kept},
        {"segment_no": 6, "take": "last", "of_customer": False, **kept},
    ]
    found = made(
        "journey_attributes",
        "select segment_no, value",
        cfg_segments=segments,
        ordered_events=[
            {"customer_no": 1, "position": n, "event_no": n, "occurred_us": moment,
             "touchpoint_no": 1, "channel_no": channel}
            for n, moment, channel, _ in events
        ],
        event_details=[
            {"event_no": n, "attributes": f'{{"plan": "{plan}"}}'} for n, _, _, plan in events
        ],
        touchpoint_names=[{"touchpoint_no": 1, "touchpoint": "t"}],
        channels=[{"channel_no": n, "channel": f"c{n}"} for n in (0, 2, 3)],
        parts=[{"file_no": 0, "source_no": 1}],
        cfg_sources=[{"source_no": 1, "source": "log"}],
        journey_steps=[
            {"event_no": n, "map_no": 1, "customer_no": 1, "journey_no": 2, "step_no": n}
            for n in (1, 2, 3)
        ],
        journey_facts=[{"map_no": 1, "customer_no": 1, "journey_no": 2}],
        as_of=[{"as_of_us": 10}],
    )  # fmt: skip
    assert found == [(2, "c3"), (3, "c3"), (4, "a"), (5, "a"), (6, "b")]


def test_of_values_as_frequent_as_each_other_the_first_of_the_alphabet_stands_by_itself() -> None:
    """A value that reads like what the tables say of themselves is marked as a value."""
    told = [*("b", "b", "a", "(none)", "(none)", "(other)"), None]
    own = [
        {"map_no": 1, "customer_no": n, "journey_no": 1, "segment_no": 2, "value": value}
        for n, value in enumerate(told)
    ]
    journeys = [{"map_no": 1, "customer_no": n, "journey_no": 1} for n in range(len(told))]
    segment = {"segment_no": 2, "segment": "own", "most_values": 4}
    periods = [one | {"value": "2026-01" if n else "2026-02"} for n, one in enumerate(journeys)]
    with Desk(scratch(), [], []) as one:
        one.lay("journey_attributes", [row for row in own if row["value"]])
        one.lay("journey_facts", journeys)
        one.lay("journey_periods", periods)
        one.lay("cfg_segments", [segment])
        bounds = [("2026-01", False), ("2026-02", True)]
        one.lay("local_periods", [{"period": name, "is_partial": part} for name, part in bounds])
        one.make("segment_values", "journey_segments")
        values = one.rows(
            'select segment_no, value_no, value, is_partial, journeys, "values" '
            "from segment_values order by all"
        )
        kept = one.rows(
            "select customer_no, value_no from journey_segments where segment_no = 2 order by all"
        )
    assert values == [
        (0, 0, "all", False, 7, 1),
        (1, 1, "2026-01", False, 6, 1),
        (1, 2, "2026-02", True, 1, 1),
        (2, 0, "(other)", False, 1, 1),
        (2, 1, "(none) [value]", False, 2, 1),
        (2, 2, "b", False, 2, 1),
        (2, 3, "(none)", False, 1, 1),
        (2, 4, "(other) [value]", False, 1, 1),
    ]
    assert kept == [(0, 2), (1, 2), (2, 0), (3, 1), (4, 1), (5, 4), (6, 3)]


# ---- sessions and periods ------------------------------------------------------------------------


def test_a_session_is_what_its_active_events_and_its_first_one_say() -> None:
    """Touchpoint 9 is passive; a session begins at an event that tells why."""
    events = [
        *((1, 10, 1, 1, 5, 3), (2, 20, 1, None, 9, 0), (3, 30, 2, 2, 6, 2)),
        *((4, 50, 2, None, 5, 1), (5, 90, 2, None, 9, 4), (6, 95, None, None, 9, 0)),
    ]
    with Desk(scratch(), [], []) as one:
        one.lay("ordered_events", [
            {"customer_no": 1, "position": n, "event_no": n, "occurred_us": moment * S,
             "session_no": session, "split_no": split, "touchpoint_no": what, "channel_no": way}
            for n, moment, session, split, what, way in events
        ])  # fmt: skip
        one.lay("passive_touchpoints", [{"touchpoint_no": 9}])
        one.lay("numbered_customers", [{"customer_no": 1, "customer_id": "c"}])
        one.lay(
            "touchpoint_names", [{"touchpoint_no": n, "touchpoint": f"t{n}"} for n in (5, 6, 9)]
        )
        one.lay("channels", [{"channel_no": n, "channel": f"w{n}"} for n in range(5)])
        found = one.make("sessions").rows(
            "select session_id, split_cause, events, active_events, duration_s, first_touchpoint, "
            "last_touchpoint, channel from sessions order by session_no"
        )
        lived = one.make("customers").rows("select events, sessions from customers")
    assert found == [
        ("c-1", None, 2, 1, None, "t5", "t5", "w3"),
        ("c-2", "silence", 3, 2, 20, "t6", "t5", "w2"),
    ]
    assert lived == [(6, 2)]


def test_a_session_is_endless_beyond_twelve_hours_or_2500_events() -> None:
    lasted = [(12 * 3600 * S, 2500), (12 * 3600 * S + 1, 2), (60 * S, 2501)]
    sums = [
        {"customer_no": n, "session_no": 1, "started_us": 7, "ended_us": 7 + length,
         "active_events": count}
        for n, (length, count) in enumerate(lasted)
    ]  # fmt: skip
    assert made("endless_sessions", "select customer_no", session_sums=sums) == [(1,), (2,)]


def test_a_step_is_across_where_it_is_in_no_session_or_begins_one() -> None:
    """What happens at the as-of moment counts, a silence of just so long opens another journey."""
    events = [(1, 1, 1, None), (2, None, None, 5), (3, 1, None, 9), (4, 2, 2, 10), (5, 3, 2, 9)]
    roles = {"map_no": 1, "touchpoint_no": 7, "stage_no": 1, "is_goal": False, "is_start": False,
             "is_abandon": False, "closes": False}  # fmt: skip
    assert made(
        "journey_cuts",
        "select position, is_across, may_open, opened_position, staged_session_no",
        ordered_events=[
            {"customer_no": 1, "position": n, "event_no": n, "occurred_us": 10 * n,
             "session_no": session, "split_no": split, "gap_us": gap, "touchpoint_no": 7,
             "previous_touchpoint_no": 7 if n > 1 else None, "channel_no": 0}
            for n, session, split, gap in events
        ],
        touchpoint_roles=[roles],
        cfg_maps=[{"map_no": 1, "silence_us": 10, "has_start": False}],
        as_of=[{"as_of_us": 40}],
    ) == [
        *((1, True, True, 1, None), (2, True, True, 1, 1), (3, False, True, 1, 0)),
        (4, True, True, 4, 1),
    ]  # fmt: skip


def test_a_stage_is_reached_across_where_one_of_the_two_events_is_in_no_session() -> None:
    cuts = [
        {"has_start": False, "map_no": 1, "customer_no": 1, "position": n, "event_no": n,
         "occurred_us": n, "session_no": session, "is_across": session is None, "stage_no": n,
         "opened_position": 1, "staged_position": n - 1 or None, "staged_no": n - 1 or None,
         "staged_us": n - 1, "staged_session_no": before, "is_goal": False, "is_abandon": False}
        for n, session, before in
        ((1, 1, None), (2, None, 1), (3, None, 0), (4, 1, 0), (5, 1, 1), (6, 2, 1))
    ]  # fmt: skip
    assert made("journey_steps", "select step_no, is_stage_across", journey_cuts=cuts) == [
        *((1, False), (2, True), (3, True), (4, True), (5, False), (6, True))
    ]


def test_a_week_has_the_year_and_the_days_in_which_it_was_seen() -> None:
    """Of what begins and ends within, parts of days; the last hour counts as a whole one."""
    days = ("2025-12-30", "2026-01-07", "2026-01-11", "2027-01-01")  # the third is a Sunday
    log = [Event("a", "x", at(day)) for day in days]
    with desk(log, period="week", as_of=at("2027-01-02T06:30")) as laid:
        found = laid.make("local_periods").rows(
            "select period, seen_days, is_first, is_last, has_event from local_periods order by 1"
        )
    assert found == [
        ("2026-W01", 5.5, True, False, True),
        ("2026-W02", 7, False, False, True),
        ("2026-W53", pytest.approx(5 + 7 / 24), False, True, True),
    ]


@pytest.mark.parametrize(
    ("new_after_days", "months"), [(0, []), (1, ["2026-01"]), (39.5, ["2026-01", "2026-02"])]
)
def test_customers_of_a_period_may_be_older_than_the_log_until_it_knows_who_is_new(
    new_after_days: float, months: list[str]
) -> None:
    """Where that is not over by the as-of moment, all may be; events after it begin no period."""
    days = ("2026-01-20", "2026-01-25", "2026-02-10", "2026-03-10", "2026-05-10")
    log = [Event("a", "x", at(day)) for day in days]
    options: dict[str, Any] = {
        "as_of": at("2026-03-20"),
        "new_after_us": int(new_after_days * DAY_US),
    }
    asked = "select period, may_predate from local_periods order by 1"
    with desk(log, **options) as laid:
        found = laid.make("local_periods").rows(asked)
    assert [period for period, _ in found] == ["2026-01", "2026-02", "2026-03"]
    assert [period for period, may in found if may] == months
    never = options | {"new_after_us": 400 * DAY_US, "as_of": at("2026-03-01T00:00")}
    with desk(log, **never) as laid:
        assert all(may for _, may in laid.make("local_periods").rows(asked))


def test_recording_begins_with_the_source_that_was_there_first() -> None:
    """It ends with the first required one to end; where none is, with the last event."""
    spans = [{"source_no": 1, "first_us": 5, "last_us": 40},
             {"source_no": 2, "first_us": 9, "last_us": 70}]  # fmt: skip
    for required, end in (((True, True), 40), ((False, True), 70), ((False, False), 70)):
        sources = [{"source_no": n, "is_required": is_so} for n, is_so in enumerate(required, 1)]
        assert made(
            "as_of",
            "select as_of_us, first_us",
            source_spans=spans,
            cfg_sources=sources,
            cfg_settings=[{"as_of_us": None}],
        ) == [(end, 5)]
    laid = [{"source_no": 1, "is_required": True}, {"source_no": 2, "is_required": False}]
    events = [
        {"event_no": 1, "occurred_us": us(at(day)), "signature_key": 1, "source_no": source}
        for source, day in ((1, "2026-02-01"), (2, "2026-01-05"), (1, "2026-03-01"))
    ]
    with desk([Event("a", "x", at("2026-02-01"))], as_of=at("2026-03-01")) as one:
        one.lay("cfg_sources", laid)
        one.lay("clean_events", events)
        begun = one.make("local_periods").rows("select period from local_periods where is_first")
    assert begun == [("2026-01",)]
