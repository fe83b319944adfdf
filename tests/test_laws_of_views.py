"""What the views of the report must say: flows, edges, paths, examples, each model alone."""

from __future__ import annotations

from itertools import pairwise

import pytest

from .kpi_desk import made
from .laid import MAPS, WAYS, Rows, keyed

CONVERTED, DROPPED, OPEN = 1, 2, 3
ADS, MAIL = 1 * 4 * 16, 2 * 4 * 16
"""Classes of journeys: an outcome, and four times sixteen times the value of the first segment."""


def views() -> dict[str, Rows]:
    """Three journeys: ads that converts, mail of the same customer, ads that goes to and fro."""
    journeys = [
        (1, 1, ADS + CONVERTED, True, "converted", True),
        (1, 2, MAIL + OPEN, False, "open", False),
        (2, 1, ADS + DROPPED, True, "dropped_silent", True),
    ]
    columns = "customer_no journey_no class_no is_first status is_closed"
    rows = keyed(columns, journeys, staged_steps=1)
    stages = [{"map_no": 1, "stage_no": no, "stage": name} for no, name in ((1, "One"), (2, "Two"))]
    return {"journey_classes": rows, "journey_facts": rows, "cfg_maps": MAPS,
            "cfg_map_stages": stages, "shown_values": WAYS, "shown_names": WAYS}  # fmt: skip


def named(customer_no: int, journey_no: int) -> int:
    return customer_no * 2**32 + journey_no


def test_a_flow_is_of_the_journeys_of_its_view_and_its_customers_are_their_first() -> None:
    """The twelfth column is the last: what goes on from there goes to (more)."""
    walks = {(1, 1): [1, 2], (1, 2): [1], (2, 1): [1, 2] * 7}
    visits = [
        (*who, place, stage, walk[place] if place < len(walk) else None)
        for who, walk in walks.items()
        for place, stage in enumerate(walk, 1)
    ]
    found = made(
        "segment_flows",
        "select value, among, step_no, from_stage, to_stage, to_stage_no, direction, outcome, "
        "journeys, customers, example",
        "where segment = 'way' and step_no in (1, 2, 12) order by all",
        stage_visits=keyed("customer_no journey_no visit_no stage_no next_stage_no", visits),
        **views(),
    )
    first, second = named(1, 1), named(2, 1)
    left = (2, "Two", "(exit)", None, "goal", "converted", 1, 1, first)
    back = (2, "Two", "One", 1, "back", None, 1, 1, second)
    more = (12, "Two", "(more)", None, "more", None, 1, 1, second)
    still = (1, "One", "(open)", None, "open", "open", 1, 0, named(1, 2))
    assert found == [
        ("ads", "all", 1, "One", "Two", 2, "forward", None, 2, 2, first),
        ("ads", "all", *left),
        ("ads", "all", *back),
        ("ads", "all", *more),
        ("ads", "converted", 1, "One", "Two", 2, "forward", None, 1, 1, first),
        ("ads", "converted", *left),
        ("ads", "dropped", 1, "One", "Two", 2, "forward", None, 1, 1, second),
        ("ads", "dropped", *back),
        ("ads", "dropped", *more),
        ("mail", "all", *still),
        ("mail", "open", *still),
    ]


def test_an_edge_says_of_how_many_it_is_in_its_own_view() -> None:
    ads = [(1, 1, 5, 0, 0), (1, 2, 4, 3, 2), (1, -2, 2, 1, 1), (2, 1, 8, 8, 8)]
    columns = "from_no to_no transitions leaving_journeys leaving_customers"
    view = {"level_no": 1, "segment_no": 2, "among_no": 0}
    counted = keyed(columns, ads, **view, shown_no=1)
    counted += keyed(columns, [(1, 2, 7, 6, 4)], **view, shown_no=2)
    times = [(1, 2, 30.0, 90.0), (2, 1, 50.0, 70.0)]
    found = made(
        "segment_transitions",
        "select value, to_node, of_transitions, of_journeys, of_customers, of_departures, median_s",
        "where from_node = 'one' order by all",
        segment_moves=counted,
        move_times=keyed("from_no to_no median_s p90_s", times, level_no=1),
        node_names=keyed("node_no node", [(1, "one"), (2, "two"), (-2, "(exit)")], level_no=1),
        cfg_maps=MAPS,
        shown_names=WAYS,
    )
    assert found == [
        ("ads", "(exit)", 11, 4, 3, 6, None),
        ("ads", "one", 11, 4, 3, 6, None),
        ("ads", "two", 11, 4, 3, 6, 30),
        ("mail", "two", 7, 6, 4, 7, 30),
    ]


def test_a_path_is_converted_where_its_journeys_are_and_what_is_not_listed_is_other() -> None:
    paths = [(1, 1, 11, 12, 2), (1, 2, 11, 12, 2), (2, 1, 11, 13, 2)]
    found = made(
        "segment_variants",
        "select segment, value, among, path, journeys, of_journeys, customers, converted, example",
        "where among in ('all', 'dropped') order by all",
        path_keys=keyed(
            "customer_no journey_no path_key other_key nodes", paths, level_no=1
        ),
        variant_counts=keyed("variant_no customer_no journey_no", [(1, 1, 2)], level_no=1),
        variant_paths=keyed("variant_no path", [(1, "a > b")], level_no=1),
        **views(),
    )  # fmt: skip
    assert found == [
        ("all", "all", "all", "(other)", 1, 3, 1, 0, named(2, 1)),
        ("all", "all", "all", "a > b", 2, 3, 1, 1, named(1, 1)),
        ("all", "all", "dropped", "(other)", 1, 1, 1, 0, named(2, 1)),
        ("way", "ads", "all", "(other)", 1, 2, 1, 0, named(2, 1)),
        ("way", "ads", "all", "a > b", 1, 2, 1, 1, named(1, 1)),
        ("way", "ads", "dropped", "(other)", 1, 1, 1, 0, named(2, 1)),
        ("way", "mail", "all", "a > b", 1, 1, 0, 0, named(1, 2)),
    ]


@pytest.mark.parametrize(("k", "shown"), [(1, [1, 2, 3, 4]), (2, [1, 3, 4])])
def test_an_example_takes_a_path_that_customers_enough_take(k: int, shown: list[int]) -> None:
    """The most used are first; a customer who takes a path twice is one."""
    paths = [(1, 1, 7), (2, 1, 8), (2, 2, 8), (3, 1, 9), (4, 1, 7), (5, 1, 9)]
    moves = [named(4, 1), named(4, 1), named(2, 2), None]
    flows = [(1, named(1, 1)), (7, named(3, 1)), (8, named(5, 1))]
    found = made(
        "example_journeys",
        "select customer_no, journey_no",
        "order by example_no",
        segment_moves=[{"map_no": 1, "example": one} for one in moves],
        segment_flows=[{"map_name": "m", "step_no": step, "example": one} for step, one in flows],
        path_keys=keyed("customer_no journey_no path_key", paths, level_no=1, other_key=0, nodes=1),
        cfg_settings=[{"privacy_k": k}],
        cfg_maps=MAPS,
    )
    assert [who for who, _ in found] == [4, *(who for who in shown if who != 4)]


def drawn(walks: list[tuple[int, int, str, int]]) -> dict[str, list[int]]:
    """Customers by role, of journeys with so many contacts, turns back, a status and moves."""
    columns = "customer_no steps_to_goal back_moves status moves"
    rows = [(no, *walk) for no, walk in enumerate(walks, 1)]
    facts = keyed(columns, rows, journey_no=1, started_us=0, goal_us=1_000_000)
    who = [{"customer_no": no, "customer_id": f"c{no:03}"} for no, *_ in rows]
    found: dict[str, list[int]] = {}
    for role, customer_no in made(
        "sampled_journeys", "select role, customer_no", journey_facts=facts, numbered_customers=who
    ):
        found.setdefault(role, []).append(customer_no)
    return found


def test_the_squiggle_is_drawn_from_the_middle_the_winding_and_others_that_converted() -> None:
    """Who is at the goal at once, or never, is none of them; each is drawn once."""
    walks = [(no + 1, 1, "converted", 1) for no in range(1, 12)]
    found = drawn([*walks, (1, 0, "converted", 0), (6, 1, "open", 1)])
    assert (found["typical"], found["one_in_ten"]) == ([6], [10])
    assert found["crowd"] == [no for no in range(1, 12) if no not in (6, 10)]
    turns = [(4, no // 2, "converted", 1) for no in range(1, 12)]
    found = drawn(turns)
    assert (found["typical"], found["one_in_ten"]) == ([6], [10])


def test_of_many_about_seventy_are_drawn_evenly() -> None:
    crowd = drawn([(4, 1, "converted", 1)] * 140)["crowd"]
    assert len(crowd) in (69, 70)
    assert {b - a for a, b in pairwise(crowd)} == {2}


def folded(met: dict[int, list[int]], *, k: int = 1, segment_no: int = 2) -> list[int]:
    """Values that (other) stands for, of a segment whose values have these customers.

    Each customer has one journey of a value; each value is a period that is cut, and two in one.
    """
    way = {"segment_no": segment_no}
    own = [(customer, value, value) for value, customers in met.items() for customer in customers]
    sizes = [(value, len(customers), len(customers)) for value, customers in met.items()]
    names = [(value, "way", f"v{value}", True, 2) for value in met]
    found = made(
        "shown_values",
        "select value_no, shown_no, shown, is_partial, values",
        "order by value_no",
        journey_segments=keyed("customer_no journey_no value_no", own, **way),
        segment_sizes=keyed("value_no journeys customers", sizes, level_no=1, **way),
        segment_values=keyed("value_no segment value is_partial values", names, **way),
        cfg_settings=[{"privacy_k": k}],
    )
    others = [value for value, _, shown, *_ in found if shown == "(other)"]
    apart = [value for value in sorted(met) if value not in others]
    told = {value: (no, f"v{value}", True, 2) for no, value in enumerate(apart, 1)}
    told |= dict.fromkeys(others, (0, "(other)", False, 2 * len(others)))
    assert {value: tuple(rest) for value, *rest in found} == told or segment_no == 0
    return others


MANY = [*range(1, 9)]


@pytest.mark.parametrize(
    ("k", "met", "others"),
    [
        (1, {1: MANY, 2: [8], 3: [9]}, []),
        (2, {1: MANY, 2: MANY[:3], 3: [8, 9]}, []),
        (2, {1: MANY, 2: MANY[:3], 3: MANY[:2], 4: [9]}, [3, 4]),
        (2, {1: MANY, 2: MANY[:3], 3: MANY[:3], 4: [9]}, [2, 4]),
        (2, {1: MANY, 2: MANY[:3], 3: [8], 4: [9]}, [3, 4]),
        (2, {1: MANY, 2: MANY[:3], 3: [9], 4: [9]}, [2, 3, 4]),
        (3, {1: MANY, 2: MANY[:3], 3: [8, 9], 4: [9]}, [2, 3, 4]),
        (3, {1: MANY, 2: MANY[:3], 3: [8, 9], 4: [7]}, [3, 4]),
    ],
)
def test_other_is_of_two_values_and_of_customers_enough(
    k: int, met: dict[int, list[int]], others: list[int]
) -> None:
    """The rarest value joins those that are too rare; whoever has two of these is one customer."""
    assert folded(met, k=k) == others


def test_of_many_values_the_twelve_most_frequent_are_shown_of_periods_the_latest() -> None:
    met = {value: [1, 2] for value in range(1, 14)}
    assert folded(met) == folded(met, k=2) == [13]
    assert folded(met, segment_no=1) == [1]
    assert folded(met | {13: [1, 2, 3]}) == [12]
    assert folded(met | {4: [9]}, k=2) == [1, 4]
    assert folded(met | {4: [9], 14: [1, 2]}, k=2) == [4, 14]
    assert folded(met | {4: [9], 13: [9]}, k=2) == [1, 4, 13]
    assert folded({value: [1, 2] for value in range(3)}) == [0]
    assert folded({0: [1]}, k=2, segment_no=0) == []


def test_the_unrolled_journey_goes_on_beyond_the_twelfth_column_and_ends_as_it_is() -> None:
    """The goal is one where the journey is over; where it goes on, it is open, reached or not."""
    ends = [("converted", True), ("converted", False), ("dropped_silent", True), ("open", False)]
    facts = [(1, no, *end) for no, end in enumerate(ends, 1)]
    visits = [(1, no, 1, 1, None) for no, _ in enumerate(ends, 1)]
    walk = [1, 2] * 7
    long = zip(range(1, 15), walk, [*walk[1:], None], strict=True)
    visits += [(2, 1, *one) for one in long]
    stages = keyed("stage_no stage", [(1, "One"), (2, "Two")])
    found = made(
        "stage_flows",
        "select step_no, from_stage, to_stage, to_stage_no, direction, outcome, journeys",
        "where step_no in (1, 11, 12) order by all",
        stage_visits=keyed("customer_no journey_no visit_no stage_no next_stage_no", visits),
        journey_facts=keyed("customer_no journey_no status is_closed", facts),
        cfg_maps=MAPS,
        cfg_map_stages=stages,
    )
    assert found == [
        (1, "One", "(exit)", None, "exit", "dropped_silent", 1),
        (1, "One", "(exit)", None, "goal", "converted", 1),
        (1, "One", "(open)", None, "open", "converted", 1),
        (1, "One", "(open)", None, "open", "open", 1),
        (1, "One", "Two", 2, "forward", None, 1),
        (11, "One", "Two", 2, "forward", None, 1),
        (12, "Two", "(more)", None, "more", None, 1),
    ]
