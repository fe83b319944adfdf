"""What stands exactly on a bound, or decides between two: of ids and devices.

Each model alone, on rows that are laid for it.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from pipeline import stitch
from pipeline.warehouse import scratch

from .kpi_desk import Desk, made

MINUTE = 60_000_000


# ---- devices -------------------------------------------------------------------------------------


def test_a_login_stands_before_what_happens_in_its_moment_and_a_gap_is_no_new_session() -> None:
    seen = [(1, 0, None), (2, 0, 5), (3, 30 * MINUTE, None), (4, 60 * MINUTE + 1, None)]
    assert made(
        "device_walks",
        "select event_no, session_no, seen_no",
        device_events=[
            {"event_no": n, "device_id_no": 1, "occurred_us": moment, "person_no": who}
            for n, moment, who in seen
        ],
        cfg_settings=[{"session_gap_us": 30 * MINUTE}],
    ) == [(1, 1, 1), (2, 1, 1), (3, 1, 1), (4, 2, 1)]


def test_a_session_is_of_a_person_where_no_other_is_in_it() -> None:
    walks = [(1, 1, 5, 1, 10), (2, 1, None, 1, 20), (3, 1, 6, 2, 30),
             (4, 2, None, 2, 90), (5, 2, 6, 3, 95), (6, 3, None, 3, 200)]  # fmt: skip
    assert made(
        "anonymous_walks",
        "select event_no, session_us, session_person, person_before, before_us, "
        "person_after, after_us",
        device_walks=[
            {"event_no": n, "device_id_no": 1, "session_no": session, "person_no": who,
             "seen_no": seen_no, "occurred_us": moment}
            for n, session, who, seen_no, moment in walks
        ],
    ) == [
        (2, 10, None, 5, 10, 6, 10), (4, 90, 6, 6, 60, 6, 5), (6, 200, None, 6, 105, None, None)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("policy", "told"),
    [
        ("guarded", [(1, 5, "after_login"), (3, 6, "before_login"), (4, 5, "after_login"),
                     (5, 7, "same_session"), (7, 7, "same_session"), (9, 6, "before_login")]),
        ("nearest", [(1, 5, "after_login"), (2, 5, "after_login"), (3, 6, "before_login"),
                     (4, 5, "after_login"), (5, 6, "before_login"), (6, 5, "after_login"),
                     (7, 5, "after_login"), (8, 5, "after_login"), (9, 5, "after_login")]),
    ],
)  # fmt: skip
def test_a_device_lends_just_so_long_to_the_nearer_of_two(
    policy: str, told: list[tuple[Any, ...]]
) -> None:
    """Device 2 is shared: only within the session of one; device 3 is a kiosk: never."""
    events = [
        *((1, 1, None, 20, 30), (2, 1, None, 21, None), (3, 1, None, None, 30)),
        *((4, 1, None, 10, 10), (5, 1, 7, 9, 8), (6, 2, None, 1, 1), (7, 2, 7, 1, 1)),
        *((8, 3, 7, 1, 1), (9, 1, None, 21, 30)),
    ]
    assert made(
        "lent_events",
        "select event_no, person_no, rule",
        anonymous_walks=[
            {"event_no": n, "device_id_no": device, "session_person": session,
             "person_before": before and 5, "before_us": before, "person_after": after and 6,
             "after_us": after}
            for n, device, session, before, after in events
        ],
        shared_devices=[
            {"device_id_no": 2, "is_shared": True, "is_kiosk": False},
            {"device_id_no": 3, "is_shared": True, "is_kiosk": True},
        ],
        cfg_settings=[{"policy": policy, "lend_after_us": 20, "lend_before_us": 30}],
    ) == told  # fmt: skip


def test_a_device_is_shared_by_persons_just_so_near_and_a_kiosk_of_just_so_many() -> None:
    seen = [
        *((1, 5, 0), (1, 6, 20), (2, 5, 0), (2, 6, 21), (3, 5, 0), (3, 5, 1)),
        *((4, 5, 0), (4, None, 10), (4, 6, 100), (4, 7, 200)),
    ]
    assert made(
        "shared_devices",
        "select device_id_no, people, is_shared, is_kiosk, events, anonymous",
        device_events=[
            {"event_no": n, "device_id_no": device, "person_no": who, "occurred_us": moment}
            for n, (device, who, moment) in enumerate(seen)
        ],
        cfg_settings=[{"shared_within_us": 20, "kiosk_people": 3}],
    ) == [(1, 2, True, False, 2, 0), (2, 2, False, False, 2, 0), (4, 3, False, True, 4, 1)]


# ---- ids -----------------------------------------------------------------------------------------


def test_an_id_is_read_by_its_kind_and_blocked_however_it_is_written() -> None:
    columns = ("user_id", "email", "phone", "crm_id", "account_id", "device_id", "cookie_id")
    ids = ("Bot", "A@X.io", "+49 (30) 12-3.4/5", "Shop 1", "0", "D", "C")
    more = {"email": "me@example.com", "phone": "555-1", "user_id": "555-1"}
    combined = [
        {"identity_key": 1, "events": 1, **dict(zip(columns, ids, strict=True))},
        {"identity_key": 2, "events": 1, **more},
    ]
    found = made(
        "identity_values",
        "select identity_key, kind, value, is_strong, priority, is_blocked",
        identity_combinations=combined,
        cfg_blocked_ids=[
            {"blocked_value": "bot", "blocked_phone": "bot"},
            {"blocked_value": "555 1", "blocked_phone": "5551"},
            {"blocked_value": "shop 1", "blocked_phone": "shop1"},
        ],
    )
    assert found == [
        (1, "account_id", "0", True, 3, True),
        (1, "cookie_id", "C", False, 1, False),
        (1, "crm_id", "Shop 1", True, 4, True),
        (1, "device_id", "D", False, 2, False),
        (1, "email", "a@x.io", True, 2, False),
        (1, "phone", "+493012345", True, 1, False),
        (1, "user_id", "Bot", True, 5, True),
        (2, "email", "me@example.com", True, 2, True),
        (2, "phone", "5551", True, 1, True),
        (2, "user_id", "555-1", True, 5, False),
    ]


def test_a_person_is_called_by_its_first_strong_id_whatever_their_hashes() -> None:
    ids = [(1, True, 30, "a"), (2, True, 20, "b"), (3, False, 10, "c"), (4, False, 5, "d")]
    assert made(
        "identified_people",
        "select person_no, customer_id, ids, is_identified",
        identity_components=[
            {"id_no": n, "person_no": 4 if n == 4 else 1} for n, *_ in ids
        ],
        identity_ids=[
            {"id_no": n, "is_strong": strong, "first_us": first, "id_hash": name}
            for n, strong, first, name in ids
        ],
    ) == [(1, "b", 3, True), (4, "d", 1, False)]  # fmt: skip


def test_the_links_of_two_ids_are_one_from_the_first_event_to_the_last() -> None:
    """A blocked id has none; a declared link has no events, whichever of the two is named first."""
    ids = {1: ("user_id", "u", True), 2: ("email", "m", True), 3: ("device_id", "d", False),
           4: ("cookie_id", "c", False), 5: ("user_id", "0", True)}  # fmt: skip
    carried = [(1, 1, 2, 10, 20), (1, 2, 2, 10, 20), (2, 1, 3, 5, 9), (2, 2, 3, 5, 9),
               (3, 3, 1, 2, 2), (3, 4, 1, 2, 2), (4, 5, 1, 1, 1),
               (4, 3, 1, 1, 1), (2, 3, 3, 5, 9)]  # fmt: skip
    declared = [(4, 1), (2, 1), (3, 3)]
    found = made(
        "identity_pairs",
        "select id_no, other_id_no, rule, is_declared, events, first_us, last_us",
        identity_values=[
            {"identity_key": key, "id_no": n, "is_strong": ids[n][2], "is_blocked": n == 5,
             "events": count, "first_us": first, "last_us": last}
            for key, n, count, first, last in carried
        ],
        identity_ids=[
            {"id_no": n, "kind": kind, "value": value, "is_strong": strong}
            for n, (kind, value, strong) in ids.items()
        ],
        declared_links=[
            {"kind": ids[one][0], "value": ids[one][1], "other_kind": ids[other][0],
             "other_value": ids[other][1]}
            for one, other in declared
        ],
    )  # fmt: skip
    assert found == [
        (1, 2, "merges", True, 5, 5, 20),
        (1, 3, "lends", False, 3, 5, 9),
        (1, 4, "lends", True, 0, None, None),
        (2, 3, "lends", False, 3, 5, 9),
        (3, 4, "neighbours", False, 1, 2, 2),
    ]


def test_a_device_is_listed_with_whom_it_was_seen_and_a_blocked_one_with_nobody() -> None:
    """Device 2 was met with two combinations of ids of one person; 3 is blocked, 4 quarantined."""
    ids = [(1, "user_id", "u", True), (2, "device_id", "d", False),
           (3, "cookie_id", "0", False), (4, "cookie_id", "c", False)]  # fmt: skip
    met = [(10, 1, 5, 1, 9), (10, 2, 2, 2, 3), (11, 2, 1, 5, 7), (10, 3, 2, 2, 3), (11, 4, 1, 5, 7)]
    assert made(
        "identity_map",
        "select kind, value, customer_id, is_strong, events, epoch_us(valid_from), "
        "epoch_us(valid_to)",
        identified_people=[{"person_no": 1, "customer_id": "c"}],
        identity_combination_ids=[
            {"identity_key": key, "strong_id_no": 1, "device_id_no": 2} for key in (10, 11)
        ],
        identity_components=[{"id_no": 1, "person_no": 1}],
        identity_ids=[
            {"id_no": n, "kind": kind, "value": value, "is_strong": is_strong,
             "events": 5, "first_us": 1, "last_us": 9}
            for n, kind, value, is_strong in ids
        ],
        identity_values=[
            {"identity_key": key, "id_no": n, "is_strong": n == 1, "is_blocked": n == 3,
             "events": count, "first_us": first, "last_us": last}
            for key, n, count, first, last in met
        ],
        quarantined_ids=[{"id_no": 4}],
    ) == [
        ("device_id", "d", "c", False, 3, 2, 7), ("user_id", "u", "c", True, 5, 1, 9)
    ]  # fmt: skip


@pytest.mark.parametrize(("most", "cut"), [(2, [(1, 10)]), (3, [])])
def test_the_weakest_link_is_that_of_fewest_events_then_the_oldest_and_never_a_declared_one(
    most: int, cut: list[tuple[int, int]]
) -> None:
    """Three user ids at one e-mail: the declared one stays, and of two as frequent the later."""
    ids = pa.table({"id_no": [1, 2, 3, 10], "kind": ["user_id"] * 3 + ["email"]})
    caps = pa.table({"kind": ["user_id"], "most": [most]})
    setting = pa.table({"policy": ["guarded"]})

    def links(*rows: tuple[int, int, int | None, bool]) -> list[tuple[int, int]]:
        columns = list(zip(*rows, strict=True))
        names = ("id_no", "events", "last_us", "is_declared")
        table = pa.table(dict(zip(names, columns, strict=True)) | {"other_id_no": [10] * len(rows)})
        found = stitch.cut_links(ids, table, caps, setting)
        return list(
            zip(*(found[name].to_pylist() for name in ("id_no", "other_id_no")), strict=True)
        )

    assert links((1, 5, 70, False), (2, 5, 80, False), (3, 0, None, True)) == cut
    assert links((1, 4, 90, False), (2, 5, 80, False), (3, 9, 1, False)) == cut


@pytest.mark.parametrize(
    ("policy", "pairs", "status"),
    [
        ("none", [(1, 2)], ["kept", "unused", "unused", "quarantined", "unused"]),
        ("components", [(1, 2), (1, 3), (2, 4), (5, 6)],
         ["kept", "kept", "kept", "quarantined", "kept"]),
        ("guarded", [(1, 2), (5, 6)], ["kept", "kept", "unused", "quarantined", "kept"]),
        ("nearest", [(1, 2), (5, 6)], ["kept", "kept", "kept", "quarantined", "kept"]),
    ],
)  # fmt: skip
def test_links_that_a_policy_makes_use_of_are_kept_and_a_kiosk_lends_only_unguarded(
    policy: str, pairs: list[tuple[int, int]], status: list[str]
) -> None:
    """The devices 3 and 4, a kiosk, are followed; 7 is quarantined; the first link is declared."""
    links = [(1, 2, "merges"), (1, 3, "lends"), (2, 4, "lends"), (2, 7, "merges"), (5, 6, "merges")]
    kinds = {3: "device_id", 4: "device_id"}
    with Desk(scratch(), [], []) as one:
        one.lay(
            "identity_pairs",
            [
                {
                    "id_no": near,
                    "other_id_no": far,
                    "rule": rule,
                    "is_declared": (near, far) == (1, 2),
                    "events": 1,
                }
                for near, far, rule in links
            ],
        )
        one.lay("cfg_settings", [{"policy": policy}])
        one.lay("quarantined_ids", [{"id_no": 7}])
        one.lay("cut_links", [])
        one.lay("shared_devices", [{"device_id_no": 4, "is_shared": True, "is_kiosk": True}])
        one.lay(
            "identity_combination_ids",
            [{"identity_key": n, "strong_id_no": n, "device_id_no": n + 2} for n in (1, 2)],
        )
        one.lay(
            "identity_values", [{"identity_key": n, "id_no": n, "is_strong": True} for n in (1, 2)]
        )
        one.lay(
            "identity_ids",
            [{"id_no": n, "kind": kinds.get(n, "user_id"), "value": str(n)} for n in range(1, 8)],
        )
        one.make("merge_candidates", "identity_links")
        assert one.rows("select id_no, other_id_no from merge_candidates order by all") == pairs
        told = one.rows("select status from identity_links order by value, other_value")
    assert told == [(one,) for one in status]  # fmt: skip
