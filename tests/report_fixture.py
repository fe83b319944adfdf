"""A small warehouse for the report's tests: made by hand, with the columns of the real one."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from .report_journeys import (
    STAGES,
    TOUCHPOINTS,
    Journey,
    Map,
    dropoff,
    flows,
    moves,
    nodes,
    samples,
    squiggle,
    variants,
    walk,
    wilson,
)

SCHEMA = {
    "run_info": "project text, squiggle_version text, data_fingerprint text, "
    "definitions_fingerprint text",
    "as_of": "as_of_at timestamp, first_at timestamp",
    "cfg_maps": "map_no bigint, map_name text, goal text, closes text, silence_us bigint, "
    "within_us bigint",
    "cfg_map_stages": "map_no bigint, map_name text, stage_no bigint, stage text, is_goal boolean",
    "input_files": "file_no bigint, source text, path text, rows_read bigint, rows_loaded bigint, "
    "rows_duplicate bigint, rows_rejected bigint, first_at timestamp, last_at timestamp, "
    "content_hash text, fault text",
    "reject_reasons": "source text, reason text, column_name text, rows bigint",
    "source_quality": "source text, files bigint, rows_read bigint, rows_loaded bigint, "
    "rows_duplicate bigint, rows_rejected bigint, first_at timestamp, last_at timestamp, "
    "events_after_as_of bigint, unidentified_events bigint, unmapped_events bigint, "
    "tied_events bigint",
    "touchpoints": "touchpoint_no bigint, touchpoint text, stage text, is_mapped boolean, "
    "rule_no bigint, events bigint, customers bigint",
    "touchpoint_rules": "rule_no bigint, touchpoint text, stage text, events bigint, status text",
    "squiggle_summary": "map_name text, population text, journeys bigint, moving_journeys bigint, "
    "total_variation bigint, progress bigint, squiggle_index double, squiggle_se double, "
    "squiggle_lo double, squiggle_hi double, mean_squiggle_index double, detour_ratio double, "
    "straight_journeys bigint, straight_share double, straight_lo double, straight_hi double, "
    "back_share double, skip_share double, returning_journeys bigint, returning_share double",
    "map_summary": "map_name text, customers bigint, journeys bigint, "
    "staged_journeys bigint, converted bigint, dropped_explicit bigint, "
    "dropped_silent bigint, open bigint, left_truncated bigint, "
    "conversion_rate_naive double, conversion_rate double, conversion_lo double, "
    "conversion_hi double, within_days double, median_days_to_goal double, "
    "median_steps_to_goal double, unmapped_share double, off_axis_share double, "
    "tie_share double, left_truncated_share double",
    "stage_dropoff": "map_name text, stage_no bigint, stage text, reached bigint, touched bigint, "
    "skipped bigint, progressed bigint, dropped bigint, open bigint, completed bigint, "
    "ordered bigint, current bigint, naive_drop_rate double, naive_lo double, naive_hi double, "
    "resolved_drop_rate double, resolved_lo double, resolved_hi double, frontier bigint, "
    "within_days double, drop_rate double, drop_lo double, drop_hi double, progress_rate double, "
    "abandon_rate double, median_days_to_next double",
    "transitions": "map_name text, level text, from_node text, to_node text, is_repeat boolean, "
    "transitions bigint, journeys bigint, customers bigint, share_out double, median_s double, "
    "p90_s double",
    "nodes": "map_name text, level text, node text, kind text, node_no bigint, stage_no bigint, "
    "stage text, visits bigint, journeys bigint, customers bigint, moves_in bigint, "
    "moves_out bigint",
    "stage_flows": "map_name text, step_no bigint, from_stage text, to_stage text, outcome text, "
    "direction text, journeys bigint, from_stage_no bigint, to_stage_no bigint",
    "variants": "map_name text, level text, variant_no bigint, path text, steps bigint, "
    "journeys bigint, share double, coverage double, converted bigint, conversion_rate double, "
    "median_days double, squiggle_index double",
    "sample_journeys": "map_name text, journey_id text, role text, step_no bigint, "
    "stage_no bigint, stage text, touchpoint text, elapsed_s double",
    "squiggle_boundaries": "map_name text, boundary_no bigint, from_stage text, to_stage text, "
    "advances bigint, fallbacks bigint, fallback_rate double",
    "customers": "kind text, ids bigint",
    "identity_sensitivity": "policy text, customers bigint, relative double",
    "lent_events": "event_no bigint",
    "shared_devices": "is_shared boolean, is_kiosk boolean",
    "quarantined_ids": "id_no bigint",
    "identity_links": "status text",
    "quality_register": "finding text, subject text, rows bigint, of_rows bigint, share double, "
    "concerns text, map_name text, conversion_share double, conversion_without double, "
    "squiggle_index double, squiggle_without double",
    "reconciliation": "law text, subject text, left_name text, left_count bigint, "
    "right_name text, right_count bigint, is_met boolean",
}

FIRST = datetime(2026, 1, 1)
AS_OF = datetime(2026, 4, 20)


def rows_of(
    maps: list[Map], journeys: dict[str, list[Journey]]
) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of every table of the fixture."""
    made: dict[str, list[tuple[Any, ...]]] = {table: [] for table in SCHEMA}
    day = 86_400_000_000
    events: Counter[str] = Counter()
    stage_of: dict[str, str | None] = {}
    for map_no, one in enumerate(maps, start=1):
        own, name, k = journeys[one.name], one.name, len(one.stages)
        made["cfg_maps"].append((map_no, name, one.stages[-1], "goal", 30 * day, 30 * day))
        for stage_no, stage in enumerate(one.stages, start=1):
            made["cfg_map_stages"].append((map_no, name, stage_no, stage, stage_no == k))
        made["stage_flows"] += flows(name, one.stages, own)
        for level in ("stage", "touchpoint"):
            made["transitions"] += moves(name, one.stages, own, level)
            made["variants"] += variants(name, one.stages, own, level)
        made["nodes"] += nodes(name, one, own)
        made["stage_dropoff"] += dropoff(name, one.stages, own)
        made["sample_journeys"] += samples(name, one.stages, own)
        made["squiggle_summary"] += squiggle(name, own)
        ends = Counter(j.status for j in own)
        rate = wilson(ends["converted"], len(own))
        made["map_summary"].append(
            (name, len(own), len(own), len(own), ends["converted"], ends["dropped_explicit"])
            + (ends["dropped_silent"], ends["open"], 0, rate[0], *rate, 30.0)
            + (4.2 if ends["converted"] else None, 6.0 if ends["converted"] else None)
            + (0.04, 0.02, 0.01, 0.24 if map_no == 2 else 0.0)
        )
        for place in range(k - 1):
            made["squiggle_boundaries"].append(
                (name, place + 1, one.stages[place], one.stages[place + 1], 100, 20, 0.2)
            )
        for stage in one.stages:
            for touchpoint in one.touchpoints[stage]:
                stage_of[touchpoint] = stage
        if map_no == 1:
            events.update(touchpoint for j in own for _, touchpoint, _ in j.contacts)
    if events:
        events["Support call"] = 17
        stage_of["Support call"] = None
    for number, (name, count) in enumerate(sorted(events.items()), start=1):
        stage = stage_of[name]
        row = (number, name, stage, stage is not None, number, count, count)
        made["touchpoints"].append(row)
        made["touchpoint_rules"].append((number, name, stage, count, "fires"))
    total = sum(events.values())
    span = (FIRST, AS_OF) if total else (None, None)
    counts = (total + 5, total, 3, 2)
    made["input_files"].append((1, "web", "exports/web.csv", *counts, *span, "0f" * 8, None))
    made["source_quality"].append(("web", 1, *counts, *span, 0, 4, 17, 6))
    made["reject_reasons"].append(("web", "no time", "occurred_at", 2))
    made["reconciliation"].append(
        ("rows in = rows out", "web", "rows read", total + 5, "loaded + duplicate + rejected")
        + (total + 5, True)
    )
    if total:
        made["customers"] += [("identified", 3), ("anonymous", 1)]
        made["identity_sensitivity"] += [("guarded", 2, 1.0), ("components", 1, 0.5)]
        made["shared_devices"] += [(True, False), (True, True)]
        made["quality_register"] += [
            ("rows out", "web", 2, total + 5, 0.01, "all of them", None, None, None, None, None),
            ("ties", "web", 2, total, 0.02, "their order", "acquisition", 0.5, 0.25, 0.4, None),
        ]
    made["as_of"].append((AS_OF, FIRST) if total else (None, None))
    return made


def write(
    path: Path,
    *,
    journeys: int = 900,
    project: str = "web shop",
    names: dict[str, str] | None = None,
) -> Path:
    """Write the fixture's warehouse to `path` and return it; `names` replaces names by others."""
    other = names or {}
    stages = tuple(other.get(stage, stage) for stage in STAGES)
    touchpoints = {
        other.get(stage, stage): tuple(other.get(name, name) for name in found)
        for stage, found in TOUCHPOINTS.items()
    }
    maps = [
        Map(other.get("acquisition", "acquisition"), stages[:4], touchpoints),
        Map(other.get("lifecycle", "lifecycle"), stages, touchpoints),
    ]
    walks = {one.name: walk(journeys, one, seed) for seed, one in enumerate(maps, start=3)}
    made = rows_of(maps, walks)
    made["run_info"] = [(project, "0.1.0", "d" * 16, "c" * 16)]
    connection = duckdb.connect(str(path))
    for table, columns in SCHEMA.items():
        connection.execute(f"create table {table} ({columns})")
        if made[table]:
            names = [column.split()[0] for column in columns.split(", ")]
            rows = pd.DataFrame(made[table], columns=names, dtype=object)
            connection.register("rows", rows)
            connection.execute(f"insert into {table} select * from rows")
            connection.unregister("rows")
    connection.close()
    return path


def empty(path: Path) -> Path:
    """Write a warehouse in which nothing has happened yet."""
    return write(path, journeys=0)
