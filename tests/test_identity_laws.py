"""Laws of identity that hold for any log of few ids."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .conftest import FIVE, Build, warehouse_in, write_csv
from .drawing import examples
from .kpi_desk import made
from .test_identity import HEADER, at, groups, owners, project

pytestmark = pytest.mark.tables("events", "identity_map")

PAIRS = st.lists(
    st.tuples(
        st.sampled_from(["u1", "u2", "u3", "u4", ""]),
        st.sampled_from(["m1", "m2", "m3", ""]),
        st.sampled_from(["d1", "d2", ""]),
    ),
    min_size=1,
    max_size=14,
)


@examples(3)
@given(rows=PAIRS, extra=PAIRS, order=st.randoms(use_true_random=False))
def test_a_link_more_never_makes_more_customers_and_order_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Any], extra: list[Any], order: Any
) -> None:
    """For ids of one event at a time: a later row may only join persons that were apart."""

    def customers(listed: list[Any], name: str) -> tuple[int, list[tuple[Any, ...]]]:
        folder = tmp_path_factory.mktemp(name)
        drawn = [(*ids, at(number), FIVE[0]) for number, ids in listed]
        write_csv(folder / "log.csv", HEADER, drawn)
        with warehouse_in(folder, project("components")) as built:
            return (
                built.scalar("select count(*) from customers"),
                built.rows("select kind, value, customer_id from identity_map order by all"),
            )

    numbered = list(enumerate(rows))
    known = {cell for row in rows for cell in row}
    links = [row for row in extra if set(row) <= known | {""}]
    count, ids = customers(numbered, "one")
    shuffled = list(numbered)
    order.shuffle(shuffled)
    assert customers(shuffled, "two") == (count, ids)
    more, _ = customers([*numbered, *enumerate(links, start=len(rows))], "three")
    assert more <= count


def test_an_id_is_listed_with_each_customer_from_the_first_to_the_last_event_of_both(
    build: Build,
) -> None:
    rows = [
        *(("ann", "", "d", 0), ("ann", "a@x.io", "d", 10), ("ann", "", "d", 20)),
        *(("bob", "", "d", 5000), ("ann", "", "", 900)),
    ]
    drawn = [(user, mail, device, at(minute), FIVE[0]) for user, mail, device, minute in rows]
    found = build(drawn, project(), header=HEADER).rows(
        "select value, is_strong, events, epoch(valid_from - timestamp '2026-03-01') / 60, "
        "epoch(valid_to - timestamp '2026-03-01') / 60 from identity_map order by value, valid_from"
    )
    assert found == [
        ("a@x.io", True, 1, 10, 10),
        ("ann", True, 4, 0, 900),
        ("bob", True, 1, 5000, 5000),
        ("d", False, 3, 0, 20),
        ("d", False, 1, 5000, 5000),
    ]


@examples(3)
@given(rows=PAIRS)
def test_devices_never_move_an_event_that_carries_a_strong_id(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Any]
) -> None:
    """Persons of identified events are the same with the device column and without it."""

    def identified(listed: list[Any]) -> list[int]:
        folder = tmp_path_factory.mktemp("devices")
        drawn = [(*ids, at(number), FIVE[0]) for number, ids in enumerate(listed)]
        write_csv(folder / "log.csv", HEADER, [*drawn, ("zoe", "", "", at(99), FIVE[0])])
        with warehouse_in(folder, project("guarded")) as built:
            found = owners(built)
        return groups([found[n] for n, (user, mail, _) in enumerate(listed) if user or mail])

    assert identified(rows) == identified([(user, mail, "") for user, mail, _ in rows])


def test_a_placeholder_in_quotes_and_the_mail_of_a_test_are_nobodys() -> None:
    """What scripts write where they know nobody, and what people type to try a form."""
    users = ("null", '"null"', "'Undefined'", "nullable", "Test@Test.com", "ann@test.com")
    mails = ("a@example.com", "a@Example.de", "a@my-example.de")
    carried = [*((user, None) for user in users), *((None, mail) for mail in mails)]
    found = made(
        "identity_values",
        "select value",
        "where not is_blocked order by identity_key",
        identity_combinations=[
            {"identity_key": n, "user_id": user, "email": mail}
            for n, (user, mail) in enumerate(carried)
        ],
    )
    assert found == [("nullable",), ("ann@test.com",), ("a@my-example.de",)]
