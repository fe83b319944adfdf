"""The command line of the benchmark: what to measure, and where the figures go."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from .comparing import compared
from .costs import cost_rows, write_costs
from .links import write_links
from .log import write_again, write_log, write_project
from .machine import machine
from .processes import ROOT, measured
from .questions import QUESTIONS
from .table import tables, write_readme

OURS = [sys.executable, "-m", "tests.bench.measures"]
FEW = 10_000


def numbers(text: str) -> list[int]:
    """Return the numbers of a list that is parted by commas."""
    return [int(one) for one in text.replace("_", "").split(",")]


def main() -> None:
    """Generate, measure, print; write JSON and the README where asked."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--events", type=numbers, default=[1_000_000, 10_000_000])
    parser.add_argument("--order", choices=["shuffled", "sorted"], default="shuffled")
    parser.add_argument("--formats", default="parquet,csv,jsonl", help="read beside the run")
    parser.add_argument("--memory", default="1GB", help="DuckDB's limit, for floor and run")
    parser.add_argument("--peers", metavar="PYTHON", help="that of the environment of `bench`")
    parser.add_argument("--most-for-peers", type=int, default=10_000_000)
    parser.add_argument("--links", type=int, help="also the joining of so many links")
    parser.add_argument("--desk", type=Path, help="a folder for logs and warehouses, kept")
    parser.add_argument("--out", type=Path, help="write the figures as JSON")
    parser.add_argument("--readme", action="store_true", help="write the tables into README.md")
    parser.add_argument(
        "--costs", action="store_true", help="measure only what the progress expects"
    )
    given = parser.parse_args()
    desk = given.desk or Path(tempfile.mkdtemp(prefix="squiggle-bench-"))
    try:
        if given.costs:
            small = [run_at(FEW, given, desk) for _ in range(3)]
            write_costs(cost_rows(small, [run_at(one, given, desk) for one in given.events]))
            return
        found = {
            "machine": machine(),
            "memory": given.memory,
            "order": given.order,
            "sizes": [sized(events, given, desk) for events in given.events],
        }
        if given.links:
            found["links"] = linked(given.links, given.memory, desk)
    finally:
        if given.desk is None:
            shutil.rmtree(desk)
    for size in found["sizes"]:
        for one in (size["run"], *(part["ingest"] for part in size["formats"].values())):
            one.pop("steps", None)
    print(f"\n{tables(found)}\n")
    if given.out:
        text = json.dumps(found, indent=1, ensure_ascii=False)
        given.out.write_text(text + "\n", encoding="utf-8")
    if given.readme:
        write_readme(ROOT / "README.md", found)


def sized(events: int, given: argparse.Namespace, desk: Path) -> dict[str, Any]:
    """Measure everything at one size, one after the other."""
    folder = desk / str(events)
    log = drawn(folder / "log.parquet", events, order=given.order)
    floor = told("floor", "scan_and_sort", str(log), given.memory, str(folder))
    found = {"events": events, "floor": floor, **run_at(events, given, desk)}
    place = folder / "run"
    found["questions"] = {
        name: told(f"ask: {name}", "question", name, str(place), given.memory, spills=place)
        for name in QUESTIONS
    }
    for kind, one in found["formats"].items():
        own = str(folder / f"log.{kind}")
        one["read"] = told(f"{kind}: read", "read", own, given.memory, str(folder))
    if given.peers and events <= given.most_for_peers:
        plain = drawn(folder / "plain.parquet", events, plain=True)
        work = fresh(folder / "same_work", plain, plain=True)
        ours = told("same work: squiggle", "same_work", str(work), given.memory, spills=work)
        found["peers"] = compared(given.peers, plain, ours)
    return found


def run_at(events: int, given: argparse.Namespace, desk: Path) -> dict[str, Any]:
    """Measure the run, the report, and the ingest of each format."""
    folder = desk / str(events)
    log = drawn(folder / "log.parquet", events, order=given.order)
    place = fresh(folder / "run", log)
    run = told("run", "whole_run", str(place), given.memory, spills=place)
    found: dict[str, Any] = {"rows": run["rows"], "run": run, "bytes": {}, "formats": {}}
    found["report"] = told("report", "report", str(place), given.memory)
    for kind in given.formats.split(","):
        own = folder / f"log.{kind}"
        if not own.is_file():
            write_again(own, log)
        found["bytes"][kind] = own.stat().st_size
        ingested = str(fresh(folder / kind, own))
        ingest = told(f"{kind}: ingest", "ingest_only", ingested, given.memory)
        found["formats"][kind] = {"ingest": ingest}
    return found


def drawn(path: Path, events: int, **how: Any) -> Path:
    """Return the log: the one that is there, or a new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.is_file():
        write_log(path, events, **how)
    return path


def fresh(folder: Path, log: Path, *, plain: bool = False) -> Path:
    """Return an empty folder with a project file for the log."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    write_project(folder, log, plain=plain)
    return folder


def told(name: str, what: str, *arguments: str, spills: Path | None = None) -> dict[str, Any]:
    """Measure one thing, and say what it was."""
    found = measured([*OURS, what, *arguments], spills=spills)
    print(
        f"{name:>24}  {found['wall_s']:8.2f} s  {found['cpu_s']:8.2f} s of processors  "
        f"{found['peak_mb']:6,} MB  {found['spilled_mb']:6,} MB spilled",
        flush=True,
    )
    return found


def linked(links: int, memory: str, desk: Path) -> dict[str, Any]:
    """Measure what it costs to join links, and to read them."""
    path = desk / f"links-{links}.parquet"
    if not path.is_file():
        write_links(path, links)
    return {
        "links": links,
        "read": told("links: read", "read_links", str(path), memory),
        "join": told("links: join", "join_links", str(path), memory),
    }


if __name__ == "__main__":
    main()
