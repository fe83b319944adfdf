"""Sessions by every rule, on drawn logs, against a plain second computation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .conftest import Build
from .drawing import examples
from .session_logs import GAP, HEADER, NAMES, told

pytestmark = pytest.mark.tables("events", "customers", "sessions")

STEPS = st.lists(
    st.tuples(
        st.sampled_from((0, 60, 600, GAP - 60, GAP, GAP + 60, 4 * 3600)),
        st.sampled_from(NAMES),
        st.sampled_from(("", "", "spring", "sale")),
    ),
    min_size=1,
    max_size=30,
)


def plainly(
    events: Sequence[tuple[datetime, str, str]],
    *,
    days: bool,
    campaigns: bool,
    longest: int | None,
    passive: Sequence[str],
) -> list[int | None]:
    """The sessions of a customer's events, one after another."""
    found: list[int | None] = []
    number, held, campaign, begun, piece = 0, None, "", None, 1
    for moment, what, source in events:
        active = what not in passive
        splits = held is None or (moment - held).total_seconds() > GAP
        splits = splits or (days and held is not None and moment.date() != held.date())
        is_new_run = splits or (campaigns and active and source not in ("", campaign))
        if is_new_run:
            now = 1
        else:
            assert begun is not None
            taken = (moment - begun).total_seconds()
            now = 1 if longest is None else max(1, -int(-taken // longest))
        starts = is_new_run or now > piece
        if not active:
            found.append(None if starts else number)
            continue
        if is_new_run:
            begun = moment
            campaign = ""
        if starts:
            number += 1
        campaign, piece, held = source or campaign, now, moment
        found.append(number)
    return found


@given(
    walks=st.lists(STEPS, min_size=1, max_size=4),
    days=st.booleans(),
    campaigns=st.booleans(),
    longest=st.sampled_from((None, 900, 3600)),
    passive=st.sampled_from(((), ("sent",), ("sent", "page"))),
)
@examples(6)
def test_on_drawn_logs_sessions_are_those_of_a_plain_second_computation(
    build: Build, *, walks: list[list[tuple[int, str, str]]], days: bool, campaigns: bool,
    longest: int | None, passive: tuple[str, ...],
) -> None:  # fmt: skip
    rows: list[tuple[str, ...]] = []
    expected: dict[str, list[int | None]] = {}
    for who, steps in enumerate(walks):
        moment, events = datetime(2026, 1, 1, 20), []
        for gap, what, source in steps:
            moment += timedelta(seconds=gap)
            events.append((moment, what, source))
        rows += [
            (f"c{who}", one.isoformat() + "Z", what, source, "") for one, what, source in events
        ]
        expected[f"c{who}"] = plainly(
            events, days=days, campaigns=campaigns, longest=longest, passive=passive
        )
    split = [name for name, is_on in (("day", days), ("campaign", campaigns)) if is_on]
    session = f"split = {split}\npassive = {list(passive)}\n".replace("'", '"')
    session += f'longest = "{longest} s"\n' if longest else ""
    source = 'dedupe = "none"\n'
    project = told(session=session).replace("[source.columns]", source + "[source.columns]")
    built = build(rows, project, header=HEADER)
    got = built.rows(
        "select value, session_no from ordered_events join customers using (customer_no) "
        "join identity_map using (customer_id) order by value, position"
    )
    assert {who: [number for one, number in got if one == who] for who in expected} == expected
    checked = built.rows(
        "select session_no, started_at, ended_at, events, active_events, first_touchpoint "
        "from sessions order by customer_no, session_no"
    )
    assert all(started <= ended for _, started, ended, *_ in checked)
    assert all(0 < active <= events for *_, events, active, _ in checked)
    assert all(first not in passive for *_, first in checked)
    assert sum(events for _, _, _, events, *_ in checked) == sum(
        number is not None for numbered in expected.values() for number in numbered
    )
    assert all(b == a + 1 or b == 1 for (a, *_), (b, *_) in pairwise(checked))


@pytest.mark.soak
@pytest.mark.tables()
def test_rules_that_change_nothing_change_no_table(build: Build) -> None:
    """Every table of a walk is the same, whether the gap alone was asked or a length never met."""
    rows = []
    for who in range(30):
        moment = datetime(2026, 1, 1)
        for place in range(12):
            moment += timedelta(seconds=(who * 977 + place * 3571) % 5400)
            what = NAMES[(who * place + place) % 2]
            rows.append((f"c{who}", moment.isoformat() + "Z", what, "", "5" * (place % 5 == 0)))
    extra = 'as_of = "2026-06-01"'
    one = build(rows, told(extra=extra), header=HEADER)
    other = build(rows, told(session='longest = "900 d"', extra=extra), header=HEADER)
    told_apart = {
        "run_info",
        "cfg_settings",
        "definition_card",
        "figure_fingerprints",
        "session_places",
    }
    same = [name for name in one.tables() if name not in told_apart]
    assert len(same) > 100
    for name in same:
        both = [built.rows(f'select * from "{name}" order by all') for built in (one, other)]
        assert both[0] == both[1], name
