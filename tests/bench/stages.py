"""The whole run, the report, and the models of the same work, timed floor by floor."""

from __future__ import annotations

import time
from importlib import import_module
from typing import Any

from pipeline.funnel import Funnel, funnel
from pipeline.ingest import ingest
from pipeline.ingest.store import locked
from pipeline.models import load_models
from pipeline.progress import Agenda, Doing, Meter, Watch
from pipeline.progress.watch import LEARNING
from pipeline.project import load_project
from pipeline.report import write_report
from pipeline.warehouse import Warehouse, open_warehouse

from .log import FUNNEL
from .processes import Stopwatch

running: Any = import_module("pipeline.run")  # `pipeline.run` itself is the function

WORK = ("session_sums", "move_counts", "move_times", "variant_counts", "node_names")
"""The models that hold what the peers count as well."""
_FUNNEL = ("event_details", "journey_segments", "segment_values", "cfg_settings", "channels")


def whole_run(folder: str, memory: str) -> dict[str, Any]:
    """Exports to every table, checked and in place; also how far off the time left was."""
    took = Stopwatch()
    clocks = (time.perf_counter, time.process_time)
    watches = [Watch(clock) for clock in clocks]
    begun = [clock() for clock in clocks]
    guesses: list[list[float]] = [[], []]

    def tell(doing: Doing) -> None:
        for place, watch in enumerate(watches):
            watch.tell(doing)
            now = watch.now()
            if now.share >= LEARNING:
                guesses[place].append(clocks[place]() - begun[place] + now.left_s)

    meter = Meter(tell)
    made = running.run(load_project(folder), memory=memory, tell=meter.tell)
    meter.stop()
    took.lap("run")
    spent = [clock() - start for clock, start in zip(clocks, begun, strict=True)]
    floors = {model.name: model.floor for model in load_models()}
    parts: dict[str, list[float]] = {}
    for step in meter.steps:
        stage = floors[step.name] if step.stage == "building" else step.stage
        part = parts.setdefault(
            {"looking": "ingest", "loading": "ingest"}.get(stage, stage), [0, 0]
        )
        part[0] += step.wall_s
        part[1] += step.cpu_s
    return {
        **took.figures(),
        "parts": parts,
        "dearest": _dearest(meter),
        "rows": made.rows_read,
        "journeys": made.journeys,
        "warehouse_mb": round(made.warehouse.stat().st_size / 1e6),
        "time_left_off": [
            max(abs(guess / whole - 1) for guess in own)
            for own, whole in zip(guesses, spent, strict=True)
        ],
        "steps": _steps(meter),
    }


def ingest_only(folder: str, memory: str) -> dict[str, Any]:
    """Exports to the event store."""
    project = load_project(folder)
    meter = Meter()
    watch = Stopwatch()
    with locked(project.store_path) as store:
        ingest(project, store, memory=memory, agenda=Agenda(meter.tell, ()))
    meter.stop()
    watch.lap("ingest")
    return {**watch.figures(), "steps": _steps(meter)}


def report(folder: str, memory: str) -> dict[str, Any]:
    """The report of the warehouse that is there."""
    project = load_project(folder)
    watch = Stopwatch()
    with open_warehouse(project.warehouse_path) as built:
        write_report(built, project.report_path)
    watch.lap("report")
    return watch.figures()


def _dearest(meter: Meter) -> dict[str, float]:
    steps = sorted(meter.steps, key=lambda step: -step.cpu_s)[:12]
    return {
        step.name if step.stage == "building" else step.stage: round(step.cpu_s, 2)
        for step in steps
    }


def _steps(meter: Meter) -> list[tuple[str, str, float, float]]:
    return [(step.stage, step.name, step.wall_s, step.cpu_s) for step in meter.steps]


def same_work(folder: str, memory: str) -> dict[str, Any]:
    """What the peers do as well, with the models that it takes and no others, and its counts."""
    found: dict[str, Any] = {}

    def read(built: Warehouse, models: Any) -> None:
        found.update(counts(built), models=len(models))

    # The tables are read where a run checks them: afterwards working ones are views.
    running.check = read
    meter, watch = Meter(), Stopwatch()
    made = running.run(load_project(folder), memory=memory, tell=meter.tell, only=(*WORK, *_FUNNEL))
    meter.stop()
    watch.lap("tables")
    with open_warehouse(made.warehouse) as built:
        steps = funnel(built, Funnel(list(FUNNEL), within="none")).steps
    watch.lap("funnel")
    found["funnel"] = [int(count) for count in steps["reached"]]
    return {
        **watch.figures(),
        "models": found.pop("models"),
        "counts": found,
        "dearest": _dearest(meter),
    }


def counts(built: Warehouse) -> dict[str, Any]:
    """Return what the tables hold, in the figures on which every tool must agree."""
    sessions = built.scalar("select count(*) from session_sums")
    edges, moves, movers = built.rows(
        "select count(*), sum(transitions), sum(customers) from move_counts "
        "where level_no = 1 and from_no > 0 and to_no > 0"
    )[0]
    medians = built.scalar("select sum(median_s) from move_times where level_no = 1")
    variants = built.scalar(
        "select sum(journeys) from (select journeys from variant_counts where level_no = 1 "
        "order by variant_no limit 100)"
    )
    return {
        "sessions": int(sessions),
        "edges": int(edges),
        "moves": int(moves),
        "movers": int(movers),
        "medians_s": float(medians),
        "top_variants": int(variants),
    }
