"""What repeats a record, which rule names an event where two could, and which id is too common.

Each model alone, on rows that are laid for it.
"""

from __future__ import annotations

import pytest

from pipeline.warehouse import scratch

from .conftest import Build, toml
from .kpi_desk import Desk, made


def test_a_record_repeats_another_of_its_source_alone() -> None:
    """An id is one whatever the time; without one, a record of another time is another.

    Two that have one hash by chance, but not one id, are two.
    """
    records = [
        *((1, 7, "a", 10, 100), (1, 7, "a", 20, 101), (2, 7, "a", 10, 100), (1, 7, "b", 10, 100)),
        *((1, 8, None, 10, 200), (1, 8, None, 10, 200), (1, 8, None, 11, 200)),
        *((1, None, None, 10, 300), (1, None, None, 10, 300), (1, 7, "a", 10, 100)),
        (2, 7, "a", 10, 100),
    ]
    loaded = [
        {"event_no": n, "file_no": 1, "row_no": n, "source_no": source, "dedupe_key": key,
         "event_id": name, "occurred_us": moment, "content_hash": content}
        for n, (source, key, name, moment, content) in enumerate(records, start=1)
    ]  # fmt: skip
    found = made(
        "duplicate_rows",
        "select event_no, duplicate_of, original_row_no, reason, is_conflict",
        loaded_events=loaded,
    )
    assert found == [
        (2, 1, 1, "same_id", True),
        (6, 5, 5, "same_record", False),
        (10, 1, 1, "same_id", False),
        (11, 3, 3, "same_id", False),
    ]


@pytest.mark.tables("duplicate_rows")
def test_a_repeated_id_is_a_conflict_where_anything_that_is_loaded_differs(build: Build) -> None:
    """What nobody mapped cannot contradict; nor does money that is written otherwise."""
    plain = {"who": "ann", "at": "2026-01-05 10:00:00", "what": "A", "way": "web", "from": "mail",
             "value": "1.50", "score": "7", "plan": "free", "n": "3", "rest": "x"}  # fmt: skip
    others = {"who": "bob", "at": "2026-01-05 10:00:01", "what": "B", "way": "app", "from": "ads",
              "value": "1.51", "score": "8", "plan": "paid", "n": "4", "rest": "y"}  # fmt: skip
    pairs = [(plain, plain | {name: other}) for name, other in others.items()]
    pairs += [(plain, plain), (plain, plain | {"value": "1.5"})]
    log = [(f"id{n}", *one.values()) for n, pair in enumerate(pairs) for one in pair]
    columns = {"event_id": "id", "user_id": "who", "occurred_at": "at", "event": "what",
               "channel": "way", "campaign": "from", "value": "value", "score": "score",
               "sequence": "n"}  # fmt: skip
    listed = "\n".join(f'{ours} = "{theirs}"' for ours, theirs in columns.items())
    project = toml(stages=("A", "B"), goal="B", columns=listed, source_extra='keep = ["plan"]')
    built = build(log, project, header=("id", *plain))
    found = built.rows("select is_conflict from duplicate_rows order by row_no")
    assert [is_so for (is_so,) in found] == [name != "rest" for name in others] + [False, False]


def test_an_event_has_the_first_rule_of_each_kind_that_it_meets_in_all_conditions() -> None:
    """Two patterns of one condition are one; what names nothing is marked where a rule is so."""
    signed = [
        {"signature_key": 1, "source_no": 1, "event": "click", "channel": "ads"},
        {"signature_key": 2, "source_no": 1, "event": "Page", "channel": "(other)"},
        {"signature_key": 3, "source_no": 2, "event": "(start)", "channel": None},
        {"signature_key": 4, "source_no": 2, "event": "click", "channel": "mail"},
    ]
    conditions = [
        *(("touchpoint", 1, 1, "event", "cl%"), ("touchpoint", 1, 1, "event", "%ck")),
        *(("touchpoint", 1, 2, "channel", "a%"), ("touchpoint", 2, 1, "event", "click")),
        *(("channel", 2, 1, "source", "web"), ("channel", 3, 1, "channel", "ads")),
    ]
    names = ("rule_kind", "rule_no", "condition_no", "column_name", "like_pattern")
    with Desk(scratch(), [], []) as one:
        one.lay("signed_events", signed)
        one.lay(
            "cfg_sources", [{"source_no": n, "source": name} for n, name in ((1, "web"), (2, "s"))]
        )
        one.lay("cfg_rule_conditions", [dict(zip(names, row, strict=True)) for row in conditions])
        one.lay("cfg_touchpoints", [
            {"rule_no": 1, "touchpoint": "Ad", "stage": "One", "conditions": 2},
            {"rule_no": 2, "touchpoint": "Page", "conditions": 1},
        ])  # fmt: skip
        one.lay("cfg_channels", [
            {"rule_no": 2, "channel": "Web", "conditions": 1},
            {"rule_no": 3, "channel": "Paid", "conditions": 1},
        ])  # fmt: skip
        one.lay("signature_counts", [{"signature_key": n, "events": 10**n} for n in (1, 2, 3, 4)])
        one.make("event_signatures", "rule_uses")
        found = one.rows(
            "select signature_key, touchpoint, stage, matching_rules, channel, channel_no "
            "from event_signatures order by all"
        )
        used = one.rows("select rule_kind, rule_no, events from rule_uses order by all")
    assert found == [
        (1, "Ad", "One", 2, "Web", 1),
        (2, "Page [unmapped]", None, 0, "Web", 1),
        (3, "(start) [event]", None, 0, None, 0),
        (4, "Page", None, 1, "mail", 2),
    ]
    assert used == [
        *(("channel", 2, 110), ("channel", 3, 0), ("touchpoint", 1, 10)),
        ("touchpoint", 2, 10_000),
    ]


@pytest.mark.parametrize(("policy", "found"), [("guarded", [(1, 3)]), ("nearest", [])])
def test_an_id_is_quarantined_for_strong_ids_beyond_the_most_and_not_for_devices(
    policy: str, found: list[tuple[int, int]]
) -> None:
    """1 comes with three strong ids, 5 with two of them and with two devices."""
    pairs = [
        *((1, 2, "merges"), (1, 3, "merges"), (1, 4, "merges"), (2, 5, "merges"), (3, 5, "merges")),
        *((5, 8, "lends"), (5, 9, "lends"), (8, 9, "neighbours")),
    ]
    assert made(
        "quarantined_ids",
        "select id_no, neighbours",
        identity_pairs=[{"id_no": n, "other_id_no": m, "rule": rule} for n, m, rule in pairs],
        identity_ids=[{"id_no": n, "kind": "user_id", "value": str(n)} for n in range(1, 10)],
        cfg_settings=[{"policy": policy, "most_neighbours": 2}],
    ) == found  # fmt: skip
