"""What is told of identity: why ids are one customer's or not, and how much the policy matters."""

from __future__ import annotations

from itertools import pairwise

import pytest

from pipeline.sensitivity.policies import _FIGURES, _MERGES
from pipeline.warehouse import scratch
from pipeline.why import why

from .conftest import Build, toml
from .kpi_desk import Desk
from .test_identity import HEADER, at, project

pytestmark = pytest.mark.tables(
    *("customers", "events", "identity_links", "identity_sensitivity", "quarantined_ids")
)
LENT = "the person was identified on the device"
LENDS = f"{LENT}, which may lend its anonymous events"


def shared(minutes: int, *users: str) -> list[tuple[str, str, str, str, str]]:
    """Each user logs in on device d, then one anonymous event comes there."""
    rows = [(who, "", "d", at(minutes * n), "Awareness") for n, who in enumerate(users)]
    return [*rows, ("", "", "d", at(minutes * len(users)), "Interest")]


@pytest.mark.parametrize(
    ("users", "policy", "told"),
    [
        ("ann", "guarded", ("kept", LENDS)),
        ("ann bob", "guarded", ("kept", f"{LENT}, which others share: it lends within a session "
                                "of one person")),
        ("ann bob cid dan eve", "guarded", ("unused", "a kiosk, on which too many persons were "
                                            "identified, lends nothing")),
        ("ann bob cid dan eve", "last_user", ("kept", "by policy last_user all of the device is "
                                              "its last user's")),
        ("ann bob cid dan eve", "nearest", ("kept", LENDS)),
        ("ann bob", "none", ("unused", "policy none makes no use of it")),
    ],
)  # fmt: skip
def test_what_a_device_does_for_its_users_is_told_as_it_is(
    users: str, policy: str, told: tuple[str, str], build: Build
) -> None:
    named = users.split()
    built = build(shared(2000, *named), project(policy=policy), header=HEADER)
    links = built.rows("select status, why from identity_links where rule = 'lends'")
    assert links == [told] * len(named)
    assert any(told[1] in sentence for sentence in why(built, "ann").sentences())


def test_policy_none_counts_an_id_that_guarded_puts_aside(build: Build) -> None:
    """Seven users of one e-mail address, seven addresses of one user: by guarded nobody's."""
    rows = [(f"u{n}", "all@x.io", "", at(n), "Awareness") for n in range(7)]
    rows += [("", "all@x.io", "", at(10 + n), "Interest") for n in range(3)]
    rows += [("hub", f"{n}@x.io", "", at(n), "Awareness") for n in range(7)]
    asked = "select customers from identity_sensitivity where policy = 'none'"
    guarded = build(rows, project(), header=HEADER)
    assert guarded.rows("select kind from quarantined_ids") == [("email",), ("user_id",)]
    apart = build(rows, project(policy="none"), header=HEADER)
    assert guarded.scalar(asked) == apart.scalar("select count(*) from customers") == 9


KINDS = ("user_id", "crm_id", "account_id", "email", "phone", "device_id", "cookie_id")


@pytest.mark.tables("events")
def test_of_the_ids_of_an_event_the_first_kind_decides_where_none_is_joined(build: Build) -> None:
    """One id of the deciding kind is one customer, whatever else differs, and the reverse."""
    named = [f'{kind} = "{kind}"' for kind in KINDS]
    written = toml(columns="\n".join([*named, 'occurred_at = "at"', 'event = "what"']))
    drawn = [
        {one: f"{one}-{mine}", other: f"{one}-{theirs}"}
        for one, other in pairwise(KINDS)
        for mine, theirs in (("a1", "b1"), ("a1", "b2"), ("a2", "b2"))
    ]
    rows = [
        (*(ids.get(kind, "") for kind in KINDS), at(n), "Awareness") for n, ids in enumerate(drawn)
    ]
    built = build(rows, written + '\n[identity]\npolicy = "none"\n', header=(*KINDS, "at", "what"))
    found = [who for (who,) in built.rows("select customer_id from events order by occurred_at")]
    assert len(found) == 3 * 6
    for first in range(0, len(found), 3):
        assert found[first] == found[first + 1] != found[first + 2], KINDS[first // 3]


def test_of_policies_the_worst_stage_is_a_ranked_one_and_the_index_of_all_journeys() -> None:
    """Stages of fewer than 30 journeys, and those at which nobody drops off, are not ranked."""
    squiggle = [{"map_name": "m", "population": "all", "squiggle_index": 0.5},
                {"map_name": "m", "population": "headline", "squiggle_index": 0.1},
                {"map_name": "none", "population": "all"}]  # fmt: skip
    rates = [("m", 1, 0.2), ("m", 2, 0.6), ("m", 3, 0.6), ("m", 4, None), ("none", 1, None)]
    stages = [
        {"map_name": name, "stage_no": no, "stage": f"S{no}", "drop_rate": rate, "is_small": False}
        for name, no, rate in rates
    ]
    stages += [stages[0] | {"stage": "few", "drop_rate": 1.0, "is_small": True}]
    with Desk(scratch(), [], []) as desk:
        desk.lay("map_summary", [{"map_name": name, "journeys": 9} for name in ("none", "m")])
        desk.lay("stage_dropoff", stages)
        desk.lay("squiggle_summary", squiggle)
        desk.lay("customers", [{"kind": kind} for kind in ("identified", "anonymous", "anonymous")])
        asked = f"select * exclude (converted, conversion_rate, straight_share) from ({_FIGURES})"
        assert desk.rows(f"{asked} order by map_name") == [
            ("m", 3, 1, 9, 0.5, "S2", 0.6),
            ("none", 3, 1, 9, None, None, None),
        ]


def test_a_merge_is_told_where_a_customer_is_several_by_the_own_policy() -> None:
    """The largest first; of equal ones that of more events. One of one is none."""
    ours = ["ann", "ann", "bob", "cid", "dan", "eve", "fay", "fay", "gus", "hal", "ida"]
    theirs = ["z", "z", "z", "c", "c", "c", "f", "f", "a", "a", "h"]
    with Desk(scratch(), [], []) as desk:
        desk.lay("events", [{"event_no": no, "customer_id": who} for no, who in enumerate(ours)])
        desk.warehouse.execute("attach ':memory:' as other")
        desk.warehouse.execute("create table other.main.events (event_no bigint, customer_id text)")
        listed = ", ".join(f"({no}, '{who}')" for no, who in enumerate(theirs))
        desk.warehouse.execute(f"insert into other.main.events values {listed}")
        found = desk.warehouse.rows(_MERGES, {"most": 20})
    assert found == [("c", 3, 3), ("z", 2, 3), ("a", 2, 2)]
