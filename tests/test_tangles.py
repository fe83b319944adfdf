"""What makes the tangle: moves back by edge, deviations by kind, and what goes along with them."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from pipeline.alignment import path_fits
from pipeline.statistics import newcombe, ratio, wilson
from pipeline.warehouse import Warehouse

from .conftest import FIVE, Build, toml
from .crooked import START

KINDS = ["skipped", "inserted", "repeated", "backward"]


def moves_back(crooked: Warehouse, level: str, population: str, segment: str) -> pd.DataFrame:
    """Return one row per move back between steps that have a stage, the plain way."""
    steps = crooked.frame(
        "select customer_no, journey_no, touchpoint, own.stage, stage_no from journey_steps "
        "join touchpoint_names using (touchpoint_no) "
        "join cfg_map_stages as own using (map_no, stage_no) "
        "join journey_populations using (map_no, customer_no, journey_no) "
        "join segmented_journeys using (map_no, customer_no, journey_no) "
        f"where population = '{population}' and {segment} "
        "order by customer_no, journey_no, step_no"
    )
    node = steps["touchpoint" if level == "touchpoint" else "stage"]
    before = steps.groupby(["customer_no", "journey_no"])
    found = steps.assign(
        to_node=node,
        from_node=node.groupby([steps["customer_no"], steps["journey_no"]]).shift(),
        distance=before["stage_no"].shift() - steps["stage_no"],
    )
    return found[found["distance"] > 0]


@pytest.mark.parametrize("level", ["stage", "touchpoint"])
@pytest.mark.parametrize(
    ("population", "segment"),
    [
        ("all", "segment_no = 0"),
        ("headline", "segment_no = 0"),
        ("closed", "segment_no = 2 and value_no = 1"),
    ],
)
def test_a_tangle_is_the_share_of_all_movement_back_that_an_edge_makes(
    crooked: Warehouse, level: str, population: str, segment: str
) -> None:
    table = crooked.frame(
        f"from segment_tangles where level = '{level}' and population = '{population}' "
        f"and {segment} order by tangle_no"
    )
    moved = moves_back(crooked, level, population, segment)
    customers = crooked.frame(
        "select distinct customer_no from journey_populations "
        "join segmented_journeys using (map_no, customer_no, journey_no) "
        f"where population = '{population}' and {segment}"
    )["customer_no"]
    total = moved.groupby("customer_no")["distance"].sum().reindex(customers, fill_value=0)
    grouped = moved.groupby(["from_node", "to_node"])
    expected = grouped["distance"].agg(["sum", "count"])
    if len(expected) <= 20:
        assert len(table) == len(expected)
    assert table["back_distance"].is_monotonic_decreasing
    for row in table.to_dict("records"):
        own = grouped.get_group((row["from_node"], row["to_node"]))
        assert (row["back_distance"], row["moves"]) == (own["distance"].sum(), len(own))
        assert row["journeys"] == len(own.groupby(["customer_no", "journey_no"]))
        assert row["customers"] == own["customer_no"].nunique()
        share = ratio(
            own.groupby("customer_no")["distance"].sum().reindex(customers, fill_value=0), total
        )
        assert row["share"] == pytest.approx(share.value)
        low, high = max(share.lower, 0), min(share.upper, 1)
        assert [row["share_lo"], row["share_hi"]] == pytest.approx([low, high], abs=1e-6)
    np.testing.assert_allclose(table["coverage"], table["share"].cumsum())
    assert table["coverage"].iloc[-1] == pytest.approx(1) or len(table) == 20


def test_touchpoints_and_stages_make_the_same_movement_back(crooked: Warehouse) -> None:
    found = crooked.rows(
        "select level, sum(back_distance), max(all_back_distance), max(coverage) "
        "from squiggle_tangles where population = 'all' group by level order by level"
    )
    (_, stages, whole, covered), (_, touchpoints, _, _) = found
    assert stages == touchpoints == whole
    assert covered == pytest.approx(1)
    laws = crooked.rows("select is_met from reconciliation where law like '%tangles'")
    assert laws == [(True,), (True,)]


def test_the_boundaries_share_all_movement_back(crooked: Warehouse) -> None:
    rows = crooked.rows(
        "select back_share, fallbacks from squiggle_boundaries order by boundary_no"
    )
    whole = crooked.scalar("select sum(back_distance) from journey_facts")
    assert [share for share, _ in rows] == pytest.approx([count / whole for _, count in rows])
    assert sum(share for share, _ in rows) == pytest.approx(1)


def deviating(crooked: Warehouse) -> pd.DataFrame:
    """Return the fit of every journey's own path, one row per journey and stage."""
    visits = crooked.frame(
        "select 1 as map_no, customer_no * 100000 + journey_no as path_no, visit_no, stage_no "
        "from stage_visits"
    )
    steps = crooked.frame("from intended_steps")
    return path_fits(visits, steps)


def test_deviations_are_counted_by_kind_and_stage(crooked: Warehouse) -> None:
    fits = deviating(crooked)
    members = crooked.frame(
        "select population, customer_no * 100000 + journey_no as path_no from journey_populations"
    )
    joined = fits.merge(members, on="path_no")
    table = crooked.frame("from path_deviations").set_index(["population", "kind", "stage_no"])
    for kind in KINDS:
        own = joined[joined[kind] > 0].groupby(["population", "stage_no"])[kind]
        for (population, stage), counts in own.agg(["count", "sum"]).iterrows():
            row = table.loc[(population, kind, stage)]
            size = (members["population"] == population).sum()
            assert (row["journeys"], row["occurrences"]) == (counts["count"], counts["sum"])
            assert row["all_journeys"] == size
            assert row["journey_share"] == pytest.approx(counts["count"] / size)
            ends = [float(end) for end in wilson(counts["count"], size)]
            assert [row["journey_lo"], row["journey_hi"]] == pytest.approx(ends)
    assert len(table) == sum(
        len(joined[joined[kind] > 0].groupby(["population", "stage_no"])) for kind in KINDS
    )


def test_a_detour_is_compared_with_journeys_that_could_have_made_it(crooked: Warehouse) -> None:
    """Watched alike: the beginning was seen, at least T ago, and the goal counts within T."""
    journeys = crooked.frame(
        "select customer_no * 100000 + journey_no as path_no, "
        "(goal_us - started_us) / 86400e6 as days, moves from journey_facts cross join as_of "
        "where truncated_by is null and staged_steps > 0 "
        "and as_of_us - started_us >= 30 * 86400000000"
    )
    journeys["days"] = journeys["days"].where(journeys["days"] <= 30)
    fits = deviating(crooked)
    table = crooked.frame("from detour_costs")
    assert len(table) > 5
    for row in table.to_dict("records"):
        kind = row["kind"]
        at = fits[fits["stage_no"] == row["stage_no"]]
        having = set(at.loc[at[kind] > 0, "path_no"])
        could = {
            "skipped": set(at.loc[at["is_passed"] & (at["owed"] > 0), "path_no"]),
            "backward": set(at.loc[at["is_passed"], "path_no"]),
            "repeated": set(at.loc[at["fitting"] > 0, "path_no"]),
            "inserted": set(journeys.loc[journeys["moves"] > 0, "path_no"]),
        }[kind]
        one = journeys[journeys["path_no"].isin(having)]["days"]
        other = journeys[journeys["path_no"].isin(could - having)]["days"]
        assert (row["journeys_with"], row["journeys_without"]) == (len(one), len(other))
        counts = (one.notna().sum(), len(one), other.notna().sum(), len(other))
        assert (row["converted_with"], row["converted_without"]) == (counts[0], counts[2])
        assert row["days_with"] == pytest.approx(one.median(), nan_ok=True)
        assert row["extra_days"] == pytest.approx(one.median() - other.median(), nan_ok=True)
        low, high = newcombe(*counts)
        assert [row["difference_lo"], row["difference_hi"]] == pytest.approx(
            [float(low), float(high)], nan_ok=True
        )
        assert row["is_small"] == (min(len(one), len(other)) < 30)
        assert row["note"] == "association, not cause"


def test_three_moves_make_the_tangle(build: Build) -> None:
    """Two go back one stage, one goes back three: the rarer move is the larger tangle."""
    walks = {"ann": (1, 2, 1, 2, 5), "bob": (1, 2, 1, 3), "cat": (1, 4, 1), "dan": (1, 2, 3, 4, 5)}
    log = [
        (who, (START + timedelta(hours=hour)).isoformat() + "Z", FIVE[stage - 1])
        for who, walk in walks.items()
        for hour, stage in enumerate(walk)
    ]
    project = toml(
        extra='as_of = "2026-06-01"',
        source_extra='recorded_since = "2025-06-01"',
        map_extra='path = ["Awareness", "Interest", "Consideration?", "Loyalty"]',
    )
    built = build(log, project)
    tangles = built.rows(
        "select tangle_no, from_node, to_node, moves, back_distance, share, coverage, journeys "
        "from squiggle_tangles where level = 'stage' and population = 'headline'"
    )
    assert tangles == [
        (1, FIVE[3], FIVE[0], 1, 3, 3 / 5, 3 / 5, 1),
        (2, FIVE[1], FIVE[0], 2, 2, 2 / 5, 1.0, 2),
    ]
    deviations = built.rows(
        "select kind, stage_no, journeys, occurrences from path_deviations "
        "where population = 'headline' order by all"
    )
    assert deviations == [
        ("backward", 1, 2, 2),
        ("inserted", 4, 2, 2),
        ("repeated", 1, 1, 1),
        ("repeated", 2, 1, 1),
    ]
