"""The shape of journeys: the published figures, a plain walk, and what the index is and is not."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.warehouse import Warehouse

from . import plain_walks as plain
from .conftest import FIVE, Build, toml, warehouse_in, write_csv
from .drawing import examples

START = datetime(2026, 1, 1)
Walk = tuple[int, ...]

# walk: TV, D, SI, back share, discordance, LNDS deviation, straight cost, straight worst
PUBLISHED: dict[Walk, tuple[float | None, ...]] = {
    (1, 2, 3, 4, 5): (4, 4, 0, 0, 0, 0, 0, 10),
    (1, 5): (4, 4, 0, 0, 0, 0, 3, 7),
    (1, 5, 3): (6, 4, 1 / 3, 1 / 2, 2 / 3, 1 / 3, 4, 8),
    (1, 2, 1, 2, 3): (4, 2, 1 / 2, 1 / 4, 1 / 4, 1 / 5, 1, 8),
    (1, 1, 1, 2, 2): (1, 1, 0, 0, 0, 0, 0, 4),
    (1,): (0, 0, None, None, None, 0, 0, 2),
    (3, 2, 1): (2, 0, 1, 1, 2, 2 / 3, 2, 4),
    (1, 2, 3, 1, 2, 3, 4, 5): (8, 4, 1 / 2, 1 / 7, 6 / 25, 1 / 4, 2, 13),
    (1, 2, 1, 2, 1, 2): (5, 1, 4 / 5, 2 / 5, 2 / 3, 1 / 3, 2, 8),
    (2, 1, 4): (4, 2, 1 / 2, 1 / 2, 2 / 3, 1 / 3, 2, 6),
}
NAMED = ("total_variation", "progress", "squiggle_index", "back_share", "discordance")


def log(walks: Sequence[Walk]) -> list[tuple[str, str, str]]:
    """Return a customer per walk, whose events are a minute apart."""
    return [
        (f"c{number}", (START + timedelta(minutes=minute)).isoformat() + "Z", FIVE[stage - 1])
        for number, walk in enumerate(walks)
        for minute, stage in enumerate(walk)
    ]


def drawn() -> list[Walk]:
    """Return the walks that Hypothesis draws, all of them for one build."""
    found: dict[Walk, None] = {}

    @examples(120)
    @given(st.lists(st.integers(1, 5), min_size=1, max_size=12).map(tuple))
    def draw(walk: Walk) -> None:
        found[walk] = None

    draw()
    return list(found)


def related(walk: Walk) -> dict[str, Walk]:
    """Return walks that stand in a known relation to the walk."""
    top = max(walk)
    jump = next((n for n in range(1, len(walk)) if abs(walk[n] - walk[n - 1]) > 1), None)
    found = {
        "stuttered": tuple(stage for stage in walk for _ in range(2)),
        "went on": (*walk, top, min(top + 1, 5)),
        "looped": (*walk[:1], walk[0], top, walk[0], *walk[1:]),
        "cut short": walk[: (len(walk) + 1) // 2],
    }
    if walk[-1] > 1:
        found["went back"] = (*walk, walk[-1] - 1)
    if jump:
        between = (walk[jump] + walk[jump - 1]) // 2
        found["one more stage on the way"] = (*walk[:jump], between, *walk[jump:])
    if top <= 3:
        found["twice as far apart"] = tuple(2 * stage - 1 for stage in walk)
    return found


WALKS = list(
    dict.fromkeys(
        [
            *PUBLISHED,
            *((1, 3, 1, 3), (1, 3, 1, 2, 3, 1, 2, 3), (1, 2, 3, 2, 3), (1, 1, 2, 1, 2)),
            *((1, 2, 2, 2, 2), (5, 3)),
            *(one for walk in drawn() for one in (walk, *related(walk).values())),
        ]
    )
)
PROJECT = toml(
    map_extra='closes = "silence"',
    extra='as_of = "2026-06-01"',
    source_extra='recorded_since = "2025-01-01"',
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """All the walks as customers of one warehouse."""
    folder = tmp_path_factory.mktemp("walks")
    write_csv(folder / "log.csv", ("who", "at", "what"), log(WALKS))
    with warehouse_in(folder, PROJECT) as warehouse:
        yield warehouse


@pytest.fixture(scope="module")
def shapes(built: Warehouse) -> dict[Walk, dict[str, float | None]]:
    """The row of journey_shapes of each walk."""
    frame = built.frame(
        "select ids.value as who, shape.* from journey_shapes as shape "
        "join journeys using (journey_id) "
        "join identity_map as ids using (customer_id) where kind = 'user_id'"
    )
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return {WALKS[int(row["who"].removeprefix("c"))]: row for row in rows}


Shapes = dict[Walk, dict[str, float | None]]


@pytest.mark.parametrize("walk", PUBLISHED, ids=lambda walk: "".join(map(str, walk)))
def test_a_journey_has_the_published_shape(shapes: Shapes, walk: Walk) -> None:
    row, expected = shapes[walk], PUBLISHED[walk]
    assert [row[name] for name in NAMED] == pytest.approx(expected[:5])
    assert row["lnds_deviation"] == pytest.approx(expected[5])
    assert row["straight_misfit"] == pytest.approx(expected[6] / expected[7])  # type: ignore[operator]


def test_every_column_is_that_of_a_plain_walk(shapes: Shapes) -> None:
    assert len(shapes) == len(WALKS) > 500
    for name, measure in plain.MEASURES.items():
        expected = [measure(walk) for walk in WALKS]
        assert [shapes[walk][name] for walk in WALKS] == pytest.approx(expected, abs=1e-12), name


def test_the_default_path_is_the_stages_in_order(shapes: Shapes, built: Warehouse) -> None:
    plan = tuple(plain.Step(stage) for stage in range(1, 6))
    assert built.rows("select distinct origin, is_repeatable from intended_path") == [
        ("default", True)
    ]
    for walk in WALKS[:200]:
        cost, worst = plain.path_cost(walk, plan)
        row = shapes[walk]
        assert row["path_misfit"] == pytest.approx(cost / worst), walk
        assert row["is_on_path"] == (plain.merged(walk) == tuple(range(1, max(walk) + 1))), walk
        assert row["follows_path"] == (plain.merged(walk) == (1, 2, 3, 4, 5)), walk


def pairs(relation: str) -> list[tuple[Walk, Walk]]:
    found = [(walk, related(walk)[relation]) for walk in drawn() if relation in related(walk)]
    assert len(found) > 20
    return found


def index(shapes: Shapes, walk: Walk) -> float:
    value = shapes[walk]["squiggle_index"]
    return float("nan") if value is None else value


def test_the_index_is_a_share_and_zero_for_a_walk_that_never_goes_back(shapes: Shapes) -> None:
    for walk in WALKS:
        if len(set(walk)) > 1:
            assert 0 <= index(shapes, walk) <= 1
            assert (index(shapes, walk) == 0) == (list(walk) == sorted(walk)), walk
            assert shapes[walk]["is_straight"] == (list(walk) == sorted(walk))


@pytest.mark.parametrize(
    "relation", ["stuttered", "one more stage on the way", "twice as far apart"]
)
def test_the_index_does_not_depend_on_how_finely_one_looks(shapes: Shapes, relation: str) -> None:
    for walk, other in pairs(relation):
        assert index(shapes, other) == pytest.approx(index(shapes, walk), nan_ok=True), walk


def test_a_loop_or_a_step_back_raises_the_index(shapes: Shapes) -> None:
    for relation in ("looped", "went back"):
        for walk, other in pairs(relation):
            if plain.progress(walk) > 0:
                assert index(shapes, other) > index(shapes, walk), (walk, other)


def test_going_beyond_the_furthest_stage_lowers_the_index_or_leaves_it(shapes: Shapes) -> None:
    for walk, other in pairs("went on"):
        straight_on = plain.variation(other) - plain.variation(walk)
        if plain.progress(other) - plain.progress(walk) == straight_on > 0 and len(set(walk)) > 1:
            assert index(shapes, other) <= index(shapes, walk) + 1e-12, walk


def test_what_a_straight_journey_begins_with_is_straight(shapes: Shapes) -> None:
    for walk, other in pairs("cut short"):
        if list(walk) == sorted(walk) and len(set(other)) > 1:
            assert index(shapes, other) == 0


def test_the_index_of_many_lies_between_those_of_its_parts(
    shapes: Shapes, built: Warehouse
) -> None:
    row = built.frame("from squiggle_summary where population = 'all'").iloc[0]
    moving = [walk for walk in WALKS if len(set(walk)) > 1]
    assert row.squiggle_index == pytest.approx(
        sum(plain.variation(walk) * index(shapes, walk) for walk in moving)
        / sum(map(plain.variation, moving))
    )
    assert min(index(shapes, w) for w in moving) < row.squiggle_index
    assert row.squiggle_index < max(index(shapes, w) for w in moving)


def test_what_the_index_does_not_promise(shapes: Shapes) -> None:
    """Merged stages may raise or lower it; without its beginning a journey may lose its advance."""
    assert index(shapes, (1, 2, 3, 2, 3)) == pytest.approx(1 / 2)
    assert index(shapes, (1, 1, 2, 1, 2)) == pytest.approx(2 / 3)  # 1 and 2 merged
    assert index(shapes, (1, 2, 2, 2, 2)) == 0  # 2 and 3 merged
    assert index(shapes, (1, 5, 3)) == pytest.approx(1 / 3)
    assert index(shapes, (5, 3)) == 1
    # The longer tangle has the smaller share of moves back, but not the smaller index.
    tangle, longer = (1, 3, 1, 3), (1, 3, 1, 2, 3, 1, 2, 3)
    assert shapes[tangle]["back_share"] == pytest.approx(1 / 3)
    assert shapes[longer]["back_share"] == pytest.approx(2 / 7)
    assert index(shapes, tangle) < index(shapes, longer)


def test_journeys_of_one_path_share_its_number(built: Warehouse) -> None:
    paths = {plain.merged(walk) for walk in WALKS}
    found = built.frame("from stage_paths")
    assert len(found) == len(paths)
    assert found["journeys"].sum() == len(WALKS)
    spelled = built.frame("from path_visits").sort_values(["path_no", "visit_no"])
    assert {tuple(p) for p in spelled.groupby("path_no")["stage_no"].agg(list)} == paths


MAPS = {
    "declared": 'goal = "Purchase"\npath = ["Awareness", "Interest?", "Purchase+"]',
    "found": 'goal = "Loyalty"\npath = "found"',
    "to the goal": 'goal = "Purchase"',
    "never": 'goal = "Other"\npath = "found"\ncloses = "silence"',
}


def test_the_intended_path_is_declared_found_or_the_stages_in_order(build: Build) -> None:
    walks: list[Walk] = [(1, 2, 4), (1, 4), (1, 5), (1, 5), (1, 2, 3, 5), (4, 1), (1, 2, 3, 4)]
    listed = ", ".join(f'"{stage}"' for stage in FIVE)
    others = "".join(
        f'[[map]]\nname = "{name}"\nstages = [{listed}]\n{keys}\n' for name, keys in MAPS.items()
    )
    rule = '[[touchpoint]]\nname = "Other"\nwhen = { event = "other" }\n'
    built = build(log(walks), PROJECT + others + rule)
    frame = built.frame("from intended_path").astype({"stage_no": str})
    frame["step"] = frame["stage_no"] + frame["is_optional"].map({True: "?", False: ""})
    frame["step"] += frame["is_repeatable"].map({True: "+", False: ""})
    spelled = frame.groupby(["map_name", "origin"])["step"].agg(" ".join).to_dict()
    assert spelled == {
        ("journey", "default"): "1+ 2+ 3+ 4+ 5+",
        ("declared", "declared"): "1 2? 4+",
        ("found", "found"): "1 5",
        ("to the goal", "default"): "1+ 2+ 3+ 4+",
        ("never", "default"): "1+ 2+ 3+ 4+ 5+",
    }
    followed = built.rows(
        "select map.map_name, cast(identity_map.value[2:] as int) from journey_shapes as shape "
        "join journeys as map using (journey_id) join identity_map using (customer_id) "
        "where follows_path and map.map_name <> 'journey' order by all"
    )
    assert [(name, walks[number]) for name, number in followed] == [
        ("declared", (1, 2, 4)),
        ("declared", (1, 4)),
        ("found", (1, 5)),
        ("found", (1, 5)),
        ("to the goal", (1, 2, 3, 4)),
    ]


def test_ranges_of_customers_are_measured_as_if_they_were_read_at_once(
    built: Warehouse, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["pipeline.run"], "RANGE_EVENTS", 1_000)
    in_ranges = build(log(WALKS), PROJECT)
    for name in ("stage_paths", "path_fits", "squiggle_summary"):
        query = f"from {name} order by all"
        assert in_ranges.rows(query) == built.rows(query)
