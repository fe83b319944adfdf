"""Views of the report: every value of a segment and every outcome, counted once and adding up."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import ProjectError
from pipeline.project import load_project
from pipeline.warehouse import Warehouse

from .conftest import FIVE, Build, toml, warehouse_in, write_csv

COLUMNS = 'user_id = "who"\noccurred_at = "at"\nevent = "what"\nchannel = "way"\ndevice = "on"'
HEADER = ("who", "at", "what", "way", "on")
SEGMENTS = """
[[segment]]
name = "way"
column = "channel"

[[segment]]
name = "on"
column = "device"
"""
AMONG = {
    "all": {"converted", "dropped_silent", "dropped_explicit", "open"},
    "converted": {"converted"},
    "dropped": {"dropped_silent", "dropped_explicit"},
    "open": {"open"},
}


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """A log of sixty customers who walk at random, fifteen ways in, two devices."""
    chance = random.Random(5)
    rows = []
    for who in range(60):
        hour = 0
        for _ in range(chance.randrange(1, 12)):
            hour += chance.choice([1, 5, 40, 900])
            stamp = f"2026-{1 + hour // 672:02}-{1 + hour // 24 % 28:02} {hour % 24:02}:00:00"
            what = chance.choice([*FIVE, *(f"page {n}" for n in range(20))])
            way, on = f"way{int(chance.paretovariate(1)) % 15}", chance.choice("ab")
            rows.append((f"c{who}", stamp, what, way, on))
    folder = tmp_path_factory.mktemp("walked")
    write_csv(folder / "log.csv", HEADER, rows)
    text = toml(columns=COLUMNS) + SEGMENTS
    with warehouse_in(folder, text) as opened:
        yield opened


def paths(warehouse: Warehouse, level: str) -> list[dict[str, Any]]:
    """Every journey with its shown values, its status, and the names of its nodes in order."""
    name = "stage.stage" if level == "stage" else "named.touchpoint"
    steps: dict[tuple[int, int], list[str]] = {}
    for customer, journey, node in warehouse.rows(
        f"select step.customer_no, step.journey_no, {name} from journey_steps as step "
        "join touchpoint_names as named using (touchpoint_no) "
        "left join cfg_map_stages as stage on stage.stage_no = step.stage_no "
        f"where {name} is not null order by 1, 2, step.step_no"
    ):
        steps.setdefault((customer, journey), []).append(node)
    shown: dict[tuple[int, int], dict[str, str]] = {}
    for customer, journey, segment, value in warehouse.rows(
        "select customer_no, journey_no, segment, shown from segmented_journeys "
        "join shown_values using (map_no, segment_no, value_no)"
    ):
        shown.setdefault((customer, journey), {})[segment] = value
    staged = set(
        warehouse.rows("select customer_no, journey_no from journey_facts where staged_steps > 0")
    )
    found = []
    for customer, journey, status, closed in warehouse.rows(
        "select customer_no, journey_no, status, is_closed from journey_facts order by 1, 2"
    ):
        key = (customer, journey)
        if key in steps:
            nodes = ["(start)", *steps[key], "(exit)" if closed else "(open)"]
            one = {"customer": customer, "shown": shown[key], "status": status, "nodes": nodes}
            found.append(one | {"is_staged": key in staged})
    return found


@pytest.mark.parametrize("level", ["stage", "touchpoint"])
def test_edges_are_those_of_a_walk_through_the_journeys_by_hand(
    walked: Warehouse, level: str
) -> None:
    drawn = {
        node
        for (node,) in walked.rows(
            "select node from nodes where level = $level and kind = 'real' "
            "qualify $level = 'stage' or row_number() over (order by visits desc, node) <= 16",
            {"level": level},
        )
    }
    expected: Counter[tuple[str, ...]] = Counter()
    journeys = paths(walked, level)
    first: dict[int, int] = {}
    for place, journey in sorted(enumerate(journeys), key=lambda o: not o[1]["is_staged"]):
        first.setdefault(journey["customer"], place)
    for place, journey in enumerate(journeys):
        nodes = [n if n in drawn or n.startswith("(") else "(other)" for n in journey["nodes"]]
        left: set[str] = set()
        for pair in pairwise(nodes):
            leaves = pair[0] != pair[1] and pair[0] not in left
            left |= {pair[0]} if leaves else set()
            for segment, value in journey["shown"].items():
                for among in (name for name, group in AMONG.items() if journey["status"] in group):
                    key = (segment, value, among, *pair)
                    expected[("moves", *key)] += 1
                    expected[("journeys", *key)] += leaves
                    expected[("customers", *key)] += leaves and first[journey["customer"]] == place
    found: Counter[tuple[str, ...]] = Counter()
    for *key, moves, leaving, customers in walked.rows(
        "select segment, value, among, from_node, to_node, transitions, leaving_journeys, "
        "leaving_customers from segment_transitions where level = $level",
        {"level": level},
    ):
        found[("moves", *key)] = moves
        found[("journeys", *key)] = leaving
        found[("customers", *key)] = customers
    assert +found == +expected


def test_rows_of_an_edge_say_of_how_many_they_are(walked: Warehouse) -> None:
    assert sorted(
        walked.rows(
            "select node, visits, journeys from nodes where level = 'stage' and kind = 'real'"
        )
    ) == sorted(
        walked.rows(
            "select distinct from_node, of_transitions, of_journeys from segment_transitions "
            "where level = 'stage' and segment = 'all' and among = 'all' and from_node <> '(start)'"
        )
    )


def test_departures_are_the_moves_to_another_node(walked: Warehouse) -> None:
    told = "select level, segment, value, among, from_node, "
    assert sorted(
        walked.rows(f"{told} any_value(of_departures) from segment_transitions group by all")
    ) == sorted(
        walked.rows(
            f"{told} coalesce(sum(transitions) filter (not is_repeat), 0) "
            "from segment_transitions group by all"
        )
    )


def test_flows_of_everybody_are_the_flows_without_a_segment(walked: Warehouse) -> None:
    columns = "step_no, from_stage, to_stage, direction, outcome, journeys"
    assert walked.rows(
        f"select {columns} from segment_flows where segment = 'all' and among = 'all' order by all"
    ) == walked.rows(f"select {columns} from stage_flows order by all")


def test_paths_add_up_to_the_journeys_of_the_view(walked: Warehouse) -> None:
    assert not walked.rows(
        "select * from (select segment, value, among, sum(journeys) as told, "
        "sum(customers) as persons from segment_variants where level = 'stage' group by all) "
        "join segment_outcomes using (segment, value, among) "
        "where told <> staged_journeys or persons <> staged_customers"
    )
    assert walked.rows(
        "select variant_no, path, journeys from segment_variants "
        "where level = 'stage' and segment = 'all' and among = 'all' and variant_no > 0"
    ) == walked.rows("select variant_no, path, journeys from variants where level = 'stage'")


def test_a_segment_shows_twelve_values_and_the_latest_twelve_periods(walked: Warehouse) -> None:
    found = dict(
        walked.rows(
            "select segment, list(shown order by shown_no) from shown_names "
            "where segment_no > 0 group by all"
        )
    )
    assert len(found["way"]) == 13
    assert found["way"][0] == "(other)"
    periods = walked.rows("select value from segment_values where segment = 'period' order by 1")
    assert found["period"][-12:] == [value for (value,) in periods[-12:]]


@pytest.mark.parametrize(
    ("k", "shown"),
    [
        (2, ["big", "mid", "(other)"]),
        (4, ["big", "(other)"]),
        (9, ["(other)"]),
    ],
)
def test_a_value_of_too_few_customers_is_folded_and_never_alone(
    build: Build, k: int, shown: list[str]
) -> None:
    """One customer came by tiny, two by less: alone, tiny could be found by subtraction."""
    sizes = {"big": 5, "mid": 3, "less": 2, "tiny": 1}
    rows = [
        (f"{way}{n}", "2026-01-01 10:00:00", FIVE[0], way, "a")
        for way, count in sizes.items()
        for n in range(count)
    ]
    project = toml(columns=COLUMNS) + SEGMENTS + f"\n[privacy]\nk = {k}\n"
    found = build(rows, project, header=HEADER).rows(
        "select shown from shown_names where segment = 'way' order by shown_no = 0, shown_no"
    )
    assert [value for (value,) in found] == shown


def test_privacy_of_nobody_is_refused(tmp_path: Path) -> None:
    (tmp_path / "squiggle.toml").write_text(toml() + "\n[privacy]\nk = 0\n", encoding="utf-8")
    with pytest.raises(ProjectError, match="k"):
        load_project(tmp_path)
