"""What a graph, its loops and the steps around a touchpoint must say of a few laid rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.graph import dominators, order_fit

from .drawing import examples
from .kpi_desk import made
from .laid import ALL, MAPS, keyed
from .test_graph import graph_of

CONVERTED = 1

# ---- loops ---------------------------------------------------------------------------------------


def test_the_chance_of_a_cycle_of_four_is_the_product_of_its_four_moves() -> None:
    """Leaving is a way on; staying, and an end that is open, are none."""
    moves = [(1, 2, 3), (1, -2, 1), (2, 3, 1), (2, 4, 1), (3, 4, 1), (3, 3, 9), (3, -3, 5)]
    moves += [(3, 2, 1), (4, 1, 1), (4, 2, 2)]
    counts = keyed("from_no to_no transitions", moves, level_no=1)
    cycles = [(4, 1, 1, 2, 3, 4), (3, 1, 2, 3, 4, 0), (2, 1, 2, 4, 0, 0)]
    listed = keyed("moves loop_no node_1 node_2 node_3 node_4", cycles, level_no=1)
    found = made(
        "loop_chances", "select moves, chain_chance", listed_loops=listed, move_counts=counts
    )
    assert found == [
        (2, pytest.approx(1 / 2 * 2 / 3)),
        (3, pytest.approx(1 / 2 * 1 / 2 * 2 / 3)),
        (4, pytest.approx(3 / 4 * 1 / 2 * 1 / 2 * 1 / 3)),
    ]


@pytest.mark.parametrize(
    ("walk", "cycle"), [([3, 4, 1, 2] * 2, (1, 2, 3, 4)), ([2, 3, 1] * 2, (1, 2, 3, None))]
)
def test_every_turn_of_a_walk_round_a_cycle_has_its_name_and_only_the_first_begins_it(
    walk: list[int], cycle: tuple[int | None, ...]
) -> None:
    steps = [
        {"map_no": 1, "customer_no": 1, "journey_no": 1, "step_no": place, "touchpoint_no": node,
         "previous_touchpoint_no": walk[place - 2] if place > 1 else None, "occurred_us": place}
        for place, node in enumerate(walk, 1)
    ]  # fmt: skip
    asked = "select visit_no, node_1, node_2, node_3, node_4, begins_run, duration_us"
    length, facts = len(walk) // 2, [steps[0] | {"steps": len(walk), "back_moves": 0}]
    assert made("node_returns", asked, journey_steps=steps, journey_facts=facts) == [
        (length + turn, *cycle, turn == 1, length) for turn in range(1, length + 1)
    ]


def test_of_more_than_a_hundred_loops_the_rarest_are_one() -> None:
    walked = keyed(
        "customer_no journey_no node_1 returns",
        [(who, 1, node, 1 + (node > 2)) for who in (1, 2) for node in range(1, 103)],
        level_no=1, moves=1, node_2=0, node_3=0, node_4=0,
    )  # fmt: skip
    names = keyed("node_no node", [(no, f"t{no}") for no in range(1, 103)], level_no=1)
    found = made(
        "loop_names", "select loop_no, form, loop, node", journey_loops=walked, node_names=names
    )
    assert found[:2] == [(0, "repeat", "(other)", None), (1, "repeat", "t3 > t3", "t3")]
    assert found[-1] == (100, "repeat", "t102 > t102", "t102")
    assert len(found) == 101


@pytest.mark.parametrize(("customers", "each", "of"), [(2, 1, 5), (7, 2, 5), (39, 7, 5), (9, 1, 3)])
def test_of_customers_who_are_all_alike_no_share_has_an_interval(
    customers: int, each: int, of: int
) -> None:
    """Sums of squares that cancel out leave a hair, and that is no error."""
    n, group = customers, {"map_no": 1, "segment_no": 0, "value_no": 0, "customers": customers}
    returns = {
        "returns": n * each,
        "squared_returns": n * each**2,
        "returns_journeys": n * each * of,
    }
    size = {"journeys": n * of, "squared_journeys": n * of**2, "level_no": 1}
    loop = {"level_no": 1, "moves": 1, "loop_no": 1, "runs": 0, "open_journeys": 0, "converted": 0}
    parts, sizes = [group | loop | returns | {"journeys": n}], [group | size]
    asked = "select returns, all_journeys, returns_se"
    found = made("loop_counts", asked, loop_count_parts=parts, segment_sizes=sizes)
    assert found == [(n * each, n * of, None)]

    edge = {"level_no": 2, "population": "all", "from_no": 2, "to_no": 1, "moves": n * each,
            "journeys": n, "back_distance": n * each, "distance_squared": n * each**2,
            "distance_back": n * each * of}  # fmt: skip
    whole = {
        "cut": "journey",
        "population": "all",
        "back_distance": n * of,
        "back_squared": n * of**2,
    }
    found = made(
        "segment_tangles",
        "select share, share_lo, share_hi",
        tangle_parts=[group | edge],
        squiggle_sums=[group | whole],
        segment_values=[group | {"segment": "all", "value": "all"}],
        node_names=keyed("node_no node stage_no", [(1, "One", 1), (2, "Two", 2)], level_no=2),
        cfg_maps=MAPS,
    )
    assert found == [(each / of, None, None)]


# ---- the steps around a touchpoint ---------------------------------------------------------------


def test_steps_are_drawn_around_the_twelve_touchpoints_that_most_journeys_visit() -> None:
    """Of as many journeys the name decides; neither visits nor customers do, nor what is folded."""
    real = [(no, f"t{no:02}", "real") for no in range(1, 15)]
    drawn = keyed("node_no drawn kind", [*real, (90, "(other)", "other")], level_no=1)
    journeys = {**{no: 30 - no for no in range(1, 15)}, 1: 5, 3: 28, 90: 99}
    counts = keyed(
        "node_no journeys customers visits",
        [(no, many, no * 7 % 15, no * 9) for no, many in journeys.items()],
        level_no=1,
    )
    found = made(
        "anchors", "select anchor", "order by anchor_no", drawn_nodes=drawn, node_counts=counts
    )
    assert [anchor for (anchor,) in found] == [f"t{no:02}" for no in range(2, 14)]


def test_at_a_step_the_five_commonest_stand_by_themselves_and_the_rest_together() -> None:
    """And (exit), however common, takes no place of theirs."""
    moves = [(0, 9, no, 10 - no) for no in range(1, 8)] + [(0, 9, -2, 40), (-1, -1, 9, 82)]
    parts = keyed("step_no from_no to_no journeys", moves, anchor_no=1, class_no=1)
    names = [(-4, "(other)"), (-2, "(exit)"), (-1, "(start)")]
    names += [(no, f"t{no}") for no in range(1, 10)]
    found = made(
        "anchor_nodes",
        "select step_no, node_no, shown, journeys",
        anchor_move_parts=parts,
        node_names=keyed("node_no node", names, level_no=1),
    )
    own = [(1, no, f"t{no}" if no <= 5 else "(other)", 10 - no) for no in range(1, 8)]
    assert found == [(-1, -1, "(start)", 82), (0, 9, "t9", 82), (1, -2, "(exit)", 40), *own]


def test_a_step_leads_forward_back_or_neither_in_from_the_start_or_out() -> None:
    stages = {1: 1, 2: 2, 4: 2}
    names = {1: "one", 2: "two", 3: "help", 4: "also two"}
    names |= {-1: "(start)", -2: "(exit)", -3: "(open)", -4: "(other)"}
    ways = {(1, 2): "forward", (2, 1): "back", (2, 4): "level", (1, 3): "level", (3, 2): "level",
            (-1, 1): "start", (1, -2): "exit", (2, -3): "open", (-4, -4): "level"}  # fmt: skip
    parts = [(0, a, b, no + 1, no) for no, (a, b) in enumerate(ways)]
    nodes = [(step, no, no, name, stages.get(no)) for step in (0, 1) for no, name in names.items()]
    found = made(
        "segment_steps",
        "select from_node, to_node, direction, journeys, customers",
        anchor_move_parts=keyed(
            "step_no from_no to_no journeys customers", parts, anchor_no=1, class_no=CONVERTED
        ),
        anchor_nodes=keyed("step_no node_no shown_no shown stage_no", nodes, anchor_no=1),
        class_values=[{"class_no": CONVERTED, "segment_no": 0, "shown_no": 0, "among_no": 0}],
        anchors=[{"map_no": 1, "anchor_no": 1, "touchpoint_no": 1, "anchor": "one"}],
        shown_names=ALL,
        cfg_maps=MAPS,
    )
    assert found == sorted(
        (names[a], names[b], way, no + 1, no) for no, ((a, b), way) in enumerate(ways.items())
    )


# ---- the graph -----------------------------------------------------------------------------------


def test_a_way_that_one_in_two_hundred_goes_to_and_fro_leads_round_nothing() -> None:
    edges = {("a", "b"): 200, ("a", "c"): 50, ("c", "b"): 50}
    graph = graph_of({("(start)", "a"): 200, **edges})
    graph.nodes["(start)"]["kind"] = "start"
    for a, b, data in graph.edges(data=True):
        data["journeys"] = 1 if "c" in (a, b) else 200
    before, _ = dominators(graph, ["b"])
    assert before == {"a": "(start)", "b": "a"}


def test_the_order_fits_the_stages_of_the_largest_part_alone() -> None:
    """Heights are relative in each part: what is lowest in one is not below the other."""
    keys = {"map_no": 1, "level_no": 1}
    stages = [(1, 1), (2, 2), (3, 3), (4, 3), (5, 2), (6, 1)]
    nodes = pd.DataFrame(keyed("node_no stage_no", stages, **keys))
    heights = enumerate([0.0, 1, 2, 0, 1, 2], 1)
    levels = pd.DataFrame(keyed("node_no trophic_level", list(heights), **keys))
    ways = [(1, 2, 9), (2, 3, 9), (4, 5, 1), (5, 6, 1)]
    moves = pd.DataFrame(keyed("from_no to_no transitions", ways, **keys))
    (found,) = order_fit(levels, nodes, moves).to_dict("records")
    assert (found["ordered"], found["compared"], found["rho"]) == (6, 3, 1)


def test_nodes_of_one_height_share_a_place_and_what_does_not_move_has_none() -> None:
    heights = [(1, 1.0), (2, 0.0), (3, 1.0), (4, 2.0), (5, None)]
    keys = {"level_no": 1}
    found = made(
        "found_order",
        "select node, place",
        "order by node",
        found_levels=keyed("node_no trophic_level", heights, **keys),
        order_nodes=keyed("node_no visits", [(no, 9) for no, _ in heights], **keys),
        node_names=keyed("node_no node", [(no, f"t{no}") for no, _ in heights], **keys),
        cfg_maps=MAPS,
    )
    assert found == [("t1", 2), ("t2", 1), ("t3", 2), ("t4", 4), ("t5", None)]


@pytest.mark.parametrize(
    ("paths", "best"),
    [
        ([[1, 3], [1, 2, 3], [1, 2, 3]], [1, 2, 3]),  # the most frequent
        ([[1, 2, 3], [2, 3]], [2, 3]),  # of equally frequent ones the shorter
        ([[2, 3], [1, 3]], [1, 3]),  # then the earlier stage where they part
        ([[1, 2] * 5 + [2, 3], [1, 2] * 5 + [1, 3]], [1, 2] * 5 + [1, 3]),
        ([], [9]),
    ],
)
def test_the_path_that_is_found_is_of_whole_journeys_that_converted(
    paths: list[list[int]], best: list[int]
) -> None:
    """Four who dropped, and four whose beginning was not seen, went another way."""
    other = [[3, 1]]
    known = [list(one) for one in dict.fromkeys(map(tuple, [*other, *paths]))]
    lived = [(path, "converted", None) for path in paths]
    lived += [([3, 1], "dropped_silent", None), ([3, 1], "converted", "start")] * 4
    facts = [(no, 1, status, cut, len(path)) for no, (path, status, cut) in enumerate(lived)]
    found = made(
        "intended_steps",
        "select stage_no, origin",
        "order by step_no",
        cfg_path_steps=keyed("step_no stage_no origin", [(1, 9, "found")]),
        path_visits=keyed(
            "path_no visit_no stage_no",
            [(no, *one) for no, path in enumerate(known) for one in enumerate(path, 1)],
        ),
        journey_paths=keyed(
            "customer_no journey_no path_no",
            [(no, 1, known.index(path)) for no, (path, *_) in enumerate(lived)],
        ),
        journey_facts=keyed("customer_no journey_no status truncated_by moves", facts),
    )
    assert found == [(stage, "found" if paths else "default") for stage in best]


# ---- how long moves take -------------------------------------------------------------------------


@examples(8)
@given(st.lists(st.integers(0, 400), min_size=1, max_size=40), st.integers(0, 400))
def test_the_times_of_an_edge_are_the_quantiles_of_its_moves_with_nothing_between(
    gaps: list[int], between: int
) -> None:
    """Seconds, of which many are alike; times to and from virtual nodes are none."""
    told = [(7, 1_000_000 * gap, False) for gap in gaps]
    told += [(7, 1_000_000 * between, True)] * 5 + [(7, None, False), (8, 5_000_000, False)]
    moves = keyed("to_no gap_us is_bridged", told, level_no=1, from_no=6)
    (timed, _) = made(
        "move_times", "select n_timed, median_s, p90_s", "order by to_no", journey_moves=moves
    )
    median, p90 = np.quantile(gaps, [0.5, 0.9])
    assert timed == (len(gaps), pytest.approx(median), pytest.approx(p90, abs=1e-6))
