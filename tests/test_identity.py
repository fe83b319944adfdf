"""Whose events are they: every policy on small drawn logs, and against published answers."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import DataError
from pipeline.models import Model
from pipeline.warehouse import Making, Ranges, Warehouse
from pipeline.why import why

from .conftest import FIVE, Build, toml, write_csv

pytestmark = pytest.mark.tables(
    "events", "identity_changes", "identity_links", "quarantined_ids", "source_quality"
)

HEADER = ("user", "mail", "device", "at", "what")
COLUMNS = (
    'user_id = "user"\nemail = "mail"\ndevice_id = "device"\noccurred_at = "at"\nevent = "what"'
)


def project(policy: str = "guarded", extra: str = "") -> str:
    return toml(columns=COLUMNS, source_extra='dedupe = "none"') + (
        f'\n[identity]\npolicy = "{policy}"\n{extra}\n'
    )


def at(minute: int) -> str:
    """A time so many minutes after the beginning of the log."""
    day, rest = divmod(minute, 1440)
    return f"2026-03-{day + 1:02}T{rest // 60:02}:{rest % 60:02}:00Z"


def owners(built: Warehouse) -> list[str]:
    """The customer of each row of the log, in its order; - where there is none."""
    found = dict(built.rows("select row_no, customer_id from events"))
    total = built.scalar("select sum(rows_read) from input_files")
    return [found.get(row, "-") for row in range(1, int(total) + 1)]


def groups(names: Sequence[str]) -> list[int]:
    """Rows by customer, customers numbered in the order in which they appear; 0: in no journey."""
    numbers: dict[str, int] = {}
    return [0 if name == "-" else numbers.setdefault(name, len(numbers) + 1) for name in names]


def people(
    build: Build,
    rows: Sequence[tuple[str, str, str, int]],
    policy: str = "guarded",
    extra: str = "",
) -> list[int]:
    drawn = [(user, mail, device, at(minute), FIVE[0]) for user, mail, device, minute in rows]
    return groups(owners(build(drawn, project(policy, extra), header=HEADER)))


def test_two_strong_ids_on_one_event_are_one_person(build: Build) -> None:
    rows = [
        ("ann", "", "", 0),
        ("ann", "a@x.io", "", 10),
        ("", "a@x.io", "", 20),
        ("bob", "", "", 30),
    ]
    assert people(build, rows) == [1, 1, 1, 2]


def test_a_chain_of_ids_is_one_person_however_long(build: Build) -> None:
    rows = [("u1", "m1", "", 0), ("u2", "m1", "", 1), ("u2", "m2", "", 2), ("u3", "m2", "", 3)]
    assert people(build, rows) == [1, 1, 1, 1]


def test_an_anonymous_event_before_the_log_in_belongs_to_who_logs_in(build: Build) -> None:
    rows = [("", "", "d", 0), ("ann", "", "d", 60 * 24), ("", "", "d", 60 * 48)]
    assert people(build, rows) == [1, 1, 1]


def test_a_device_lends_for_thirty_days_and_no_longer(build: Build) -> None:
    month = 30 * 1440
    rows = [
        ("ann", "", "d", 0),
        ("", "", "d", month),
        ("", "", "e", 0),
        ("bob", "", "e", month + 1),
        ("", "", "f", 0),
        ("cat", "", "f", month),
        ("dan", "", "g", 0),
        ("", "", "g", month + 1),
    ]
    assert people(build, rows) == [1, 1, 2, 3, 4, 4, 5, 6]


def test_a_strong_id_is_never_moved_by_a_device(build: Build) -> None:
    rows = [("ann", "", "d", 0), ("bob", "", "d", 1), ("ann", "", "d", 2)]
    assert people(build, rows) == [1, 2, 1]


def test_a_shared_device_lends_only_within_a_session_of_one_person(build: Build) -> None:
    rows = [
        ("ann", "", "d", 0),
        ("", "", "d", 10),  # the session of ann
        ("bob", "", "d", 300),
        ("", "", "d", 310),  # the session of bob
        ("", "", "d", 900),  # nobody's: a customer of its own
        ("", "", "d", 910),  # of the same session
        ("", "", "d", 1400),  # of another session
    ]
    assert people(build, rows) == [1, 1, 2, 2, 3, 3, 4]


def test_two_persons_in_one_session_of_a_device_leave_its_anonymous_events_alone(
    build: Build,
) -> None:
    rows = [("ann", "", "d", 0), ("", "", "d", 5), ("bob", "", "d", 10)]
    assert people(build, rows) == [1, 2, 3]


def test_devices_lend_the_same_however_few_of_them_are_gone_through_at_once(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        row
        for number, device in enumerate("defgh")
        for row in [
            ("", "", device, 5 * number),
            (f"ann{number}", "", device, 1440 + number),
            ("", "", device, 1445 + number),
            (f"bob{number}", "", device, 1800),
            ("", "", device, 2500),
        ]
    ]
    at_once = people(build, rows)
    parted, stored = {}, list[tuple[int]]()
    make = Making.build_in_ranges

    def spied(self: Making, model: Model, models: Any, within: Ranges) -> None:
        parted[model.name] = len(within)
        if model.name == "device_walks":
            stored.extend(self.rows("select device_id_no from device_events"))
        make(self, model, models, within)

    monkeypatch.setattr(sys.modules["pipeline.run"], "RANGE_EVENTS", 4)
    monkeypatch.setattr(Making, "build_in_ranges", spied)
    assert people(build, rows) == at_once
    assert min(parted[name] for name in ("device_walks", "anonymous_walks", "shared_devices")) > 5
    assert stored == sorted(stored), "else each range would have to read all of them"
    assert len(set(at_once)) == 20  # of each device: two persons, who came before, who came after


def test_a_kiosk_never_lends(build: Build) -> None:
    rows = [(f"p{number}", "", "d", 1000 * number) for number in range(5)]
    rows += [("", "", "d", 4005)]
    assert people(build, rows) == [1, 2, 3, 4, 5, 6]


def test_persons_far_apart_in_time_do_not_share_a_device(build: Build) -> None:
    rows = [("ann", "", "d", 0), ("", "", "d", 100), ("bob", "", "d", 29 * 1440)]
    assert people(build, rows, extra='shared_within = "20 d"') == [1, 1, 2]


@pytest.mark.parametrize(
    "junk", ["null", "NULL ", "0", "guest", "undefined", "N/A", "[object Object]"]
)
def test_a_placeholder_never_links(build: Build, junk: str) -> None:
    rows = [(junk, "a@x.io", "", 0), (junk, "b@x.io", "", 1), (junk, "", "", 2)]
    assert people(build, rows) == [1, 2, 0]


def test_a_value_that_comes_with_many_others_is_quarantined_and_listed(build: Build) -> None:
    rows = [(f"u{number}", "team@x.io", "", at(number), FIVE[0]) for number in range(7)]
    built = build([*rows, ("", "team@x.io", "", at(9), FIVE[0])], project(), header=HEADER)
    assert groups(owners(built)) == [1, 2, 3, 4, 5, 6, 7, 0]
    assert built.rows("select kind, value, neighbours, events from quarantined_ids") == [
        ("email", "team@x.io", 7, 8)
    ]
    assert built.rows("select distinct status from identity_links") == [("quarantined",)]
    for most, listed in ((6, 1), (7, 0)):
        allowed = project(extra=f"most_neighbours = {most}")
        built = build(rows, allowed, header=HEADER)
        assert len(built.rows("from quarantined_ids")) == listed


@pytest.mark.tables("ambiguous_ids", "events")
def test_a_value_in_the_columns_of_several_kinds_of_id_is_told_and_taken_for_nobody_else(
    build: Build,
) -> None:
    rows = [("42", "", "d", 0), ("", "", "42", 600), ("", "", "42", 700), ("7", "", "", 800)]
    drawn = [(user, mail, device, at(minute), FIVE[0]) for user, mail, device, minute in rows]
    built = build(drawn, project(), header=HEADER)
    assert groups(owners(built)) == [1, 2, 2, 3]
    assert built.rows("from ambiguous_ids") == [("42", 2, "device_id", "user_id", 3)]


def test_a_person_has_at_most_three_user_ids_and_the_weakest_link_is_cut(build: Build) -> None:
    rows = [(f"u{number}", "m@x.io", "", number) for number in (1, 2, 3, 4)]
    rows += [(f"u{number}", "m@x.io", "", 10 + number) for number in (1, 2, 4)]
    drawn = [(user, mail, device, at(minute), FIVE[0]) for user, mail, device, minute in rows]
    built = build(drawn, project(), header=HEADER)
    assert groups(owners(built)) == [1, 1, 2, 1, 1, 1, 1]
    cut = built.rows(
        "select kind, value, other_kind, other_value, why from identity_links where status = 'cut'"
    )
    assert [{row[1], row[3]} for row in cut] == [{"u3", "m@x.io"}]
    assert cut[0][4] == "the person would have had too many of kind user_id"


def test_the_same_text_as_two_kinds_of_id_is_two_ids(build: Build) -> None:
    rows = [("123", "", "", 0), ("", "", "123", 10), ("", "", "123", 20)]
    assert people(build, rows) == [1, 2, 2]


def test_events_without_any_id_are_counted_and_in_no_journey(build: Build) -> None:
    rows = [("ann", "", "", at(0), FIVE[0]), ("", "", "", at(1), FIVE[0])]
    built = build(rows, project(), header=HEADER)
    assert built.rows("select rows_loaded, unidentified_events from source_quality") == [(2, 1)]
    assert built.scalar("select sum(steps) from journeys") == 1


def test_none_links_nothing_and_components_links_everything(build: Build) -> None:
    rows = [("ann", "a@x.io", "d", 0), ("", "a@x.io", "", 1), ("", "", "d", 2), ("bob", "", "d", 3)]
    assert people(build, rows, "none") == [1, 2, 3, 4]
    assert people(build, rows, "components") == [1, 1, 1, 1]


def test_last_first_and_nearest_user_of_a_device(build: Build) -> None:
    rows = [("ann", "", "d", 0), ("", "", "d", 100), ("", "", "d", 5000), ("bob", "", "d", 5001)]
    assert people(build, rows, "last_user") == [1, 1, 1, 1]
    assert people(build, rows, "first_user") == [1, 1, 1, 1]
    assert people(build, rows, "nearest") == [1, 1, 2, 2]


def test_guarded_is_last_user_where_no_device_is_shared(build: Build) -> None:
    rows = [
        ("", "", "d", 0),
        ("ann", "", "d", 10),
        ("", "", "e", 20),
        ("bob", "", "e", 30),
        ("", "", "f", 1),
    ]
    assert people(build, rows, "guarded") == people(build, rows, "last_user") == [1, 1, 2, 2, 3]


def test_links_made_elsewhere_join_ids(build: Build, tmp_path: Path) -> None:
    path = tmp_path / "links.csv"
    path.write_text(
        "kind,value,other_kind,other_value\nuser_id,ann,user_id,ann2\n", encoding="utf-8"
    )
    rows = [("ann", "", "", 0), ("ann2", "", "", 1), ("bob", "", "", 2)]
    assert people(build, rows, extra=f'links = "{path}"') == [1, 1, 2]
    path.write_text("kind,value,other,other_value\n", encoding="utf-8")
    with pytest.raises(DataError, match="no column 'other_kind'"):
        people(build, rows, extra=f'links = "{path}"')


def test_a_late_log_in_rekeys_history_as_a_full_run_would_and_says_so(
    build: Build, tmp_path: Path
) -> None:
    def row(*cells: Any) -> tuple[Any, ...]:
        return cells

    folder = tmp_path / "batches"
    folder.mkdir()
    first = [row("ann", "", "d", at(0), FIVE[0]), row("", "a@x.io", "", at(5), FIVE[1])]
    late = [row("ann", "a@x.io", "", at(9), FIVE[2])]
    write_csv(folder / "1.csv", HEADER, first)
    before = build.in_folder(folder, project())  # type: ignore[attr-defined]
    assert before.rows("from identity_changes") == []
    assert before.scalar("select count(*) from customers") == 2
    write_csv(folder / "2.csv", HEADER, late)
    after = build.in_folder(folder, project())  # type: ignore[attr-defined]
    assert after.scalar("select count(*) from customers") == 1
    assert after.rows("select kind, value from identity_changes") == [("email", "a@x.io")]
    whole = build([*first, *late], project(), header=HEADER)
    assert whole.rows("select customer_id from customers") == after.rows(
        "select customer_id from customers"
    )


def test_why_says_how_a_customer_came_together(build: Build) -> None:
    rows = [
        ("", "", "d", at(0), FIVE[0]),
        ("ann", "a@x.io", "d", at(5), FIVE[1]),
        ("", "", "e", at(5), FIVE[1]),
    ]
    built = build(rows, project(), header=HEADER)
    told = why(built, "a@x.io")
    text = "\n".join(told.sentences())
    assert "user_id 'ann' and email 'a@x.io': kept, on the same event: one person" in text
    assert "device_id 'd' lends 1 anonymous events in a session" in text
    assert list(told.timeline["touchpoint"]) == [FIVE[0], FIVE[1]]
    with pytest.raises(DataError, match="no such customer"):
        why(built, "zoe")
