"""What a run costs, as a ratio to the floor: `python -m tests.bench --events 10000000`.

The floor is what DuckDB needs to scan the same rows and sort them by customer and time, with every
column carried along. Floor and pipeline run one after the other in the same call, each in a
process of its own; peak memory is the operating system's figure for that process.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

START = datetime(2026, 1, 1)
STAGES = ("Awareness", "Interest", "Consideration", "Purchase", "Loyalty")


def generate(path: Path, events: int) -> None:
    """Write a seeded log as Parquet, its rows in no order of time.

    Few customers have most events, 30 % of the events are anonymous, 1 % are duplicates; sessions
    are bursts on one of twelve days; times have ties.
    """
    people = max(events // 20, 10)
    single = int(events * 0.99)
    drawn = f"""
        select
            i,
            cast(floor({people} * pow((hash(i) % 1000003) / 1000003.0, 2.0)) as bigint) as person,
            hash(i, 1) as day, hash(i, 2) as kind, hash(i, 3) as known, hash(i, 4) as way
        from range({single}) as t(i)
    """
    row = """
        select
            case when known % 100 < 70 then 'user-' || person end as user_id,
            'device-' || person || '-' || (way % 2) as device_id,
            timestamp '2026-01-01' + to_seconds(cast(hash(person, day % 12) % 10368000 as bigint))
                + to_seconds(cast(kind % 1500 as bigint)) as ts,
            'event_' || cast(floor(40 * pow((kind % 1009) / 1009.0, 1.5)) as integer) as event,
            'channel_' || (way % 12) as channel,
            case when kind % 50 = 0 then cast((known % 20000) / 100.0 as decimal(18, 2)) end
                as value,
            'e' || i as event_id
        from drawn
    """
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (with drawn as ({drawn}) {row} union all {row} where i < {events - single}) "
            f"to '{path}' (format parquet)"
        )


def project(folder: Path, log: Path) -> None:
    """Write the project file: 36 of 40 touchpoints on five stages."""
    rules = "".join(
        f'[[touchpoint]]\nname = "Touchpoint {number:02}"\n'
        f'stage = "{STAGES[min(number // 8, 4)]}"\n'
        f'when = {{ event = "event_{number}" }}\n'
        for number in range(36)
    )
    stages = ", ".join(f'"{stage}"' for stage in STAGES)
    (folder / "squiggle.toml").write_text(
        f'name = "bench"\n[[source]]\nname = "log"\nfiles = "{log}"\n[source.columns]\n'
        'user_id = "user_id"\ndevice_id = "device_id"\noccurred_at = "ts"\nevent = "event"\n'
        'channel = "channel"\nvalue = "value"\nevent_id = "event_id"\n'
        f'[[map]]\nname = "journey"\nstages = [{stages}]\ngoal = "Loyalty"\n{rules}',
        encoding="utf-8",
    )


def floor(log: str, memory: str) -> dict[str, Any]:
    """Scan and sort: every column, by customer and time."""
    connection = duckdb.connect()
    connection.execute("set preserve_insertion_order = false")
    connection.execute(f"set memory_limit = '{memory}'")
    begun = time.perf_counter()
    connection.execute(
        f"create temp table sorted as select * from '{log}' "
        "order by coalesce(user_id, device_id), ts"
    )
    return {"seconds": time.perf_counter() - begun}


def pipeline(folder: str, memory: str) -> dict[str, Any]:
    """The whole run, and how long each part of it took."""
    from pipeline.progress import Meter
    from pipeline.project import load_project
    from pipeline.run import run

    meter = Meter()
    begun = time.perf_counter()
    made = run(load_project(folder), memory=memory, tell=meter.tell)
    seconds = time.perf_counter() - begun
    meter.stop()
    parts: dict[str, float] = {}
    for step in meter.steps:
        name = f"{step.stage} {step.name}" if step.stage == "building" else step.stage
        parts[name] = parts.get(name, 0.0) + step.wall_s
    slowest = dict(sorted(parts.items(), key=lambda one: -one[1])[:12])
    return {"seconds": seconds, "rows": made.rows_read, "journeys": made.journeys, "parts": slowest}


def generate_links(path: Path, links: int) -> None:
    """Write pairs of ids that come together: persons of up to three users and two e-mails.

    One link in a thousand joins two persons who are strangers.
    """
    people = links // 8
    with duckdb.connect() as connection:
        connection.execute(
            f"""
            copy (
                select
                    person * 3 + cast(hash(i, 1) % 3 as bigint) as id_no,
                    {people * 3} + other * 2 + cast(hash(i, 2) % 2 as bigint) as other_id_no,
                    cast(i as bigint) as occurred_us
                from (
                    select
                        i,
                        cast(hash(i, 3) % {people} as bigint) as person,
                        cast(
                            case when hash(i, 4) % 1000 = 0 then hash(i, 5) else hash(i, 3) end
                            % {people} as bigint
                        ) as other
                    from range({links}) as t(i)
                )
            ) to '{path}' (format parquet)
            """
        )


def reading_links(path: str, memory: str) -> dict[str, Any]:
    """The floor of the links: read them."""
    begun = time.perf_counter()
    with duckdb.connect() as connection:
        connection.execute(f"set memory_limit = '{memory}'")
        connection.execute(f"select sum(hash(columns(*))) from '{path}'").fetchall()
    return {"seconds": time.perf_counter() - begun}


def joining_links(path: str, memory: str) -> dict[str, Any]:
    """Aggregate the links in SQL, cut what is over the caps, and number the persons."""
    import pyarrow as pa

    from pipeline import stitch

    begun = time.perf_counter()
    with duckdb.connect() as connection:
        connection.execute(f"set memory_limit = '{memory}'")
        links = connection.sql(
            "select id_no, other_id_no, count(*) as events, max(occurred_us) as last_us, "
            f"false as is_declared from '{path}' group by id_no, other_id_no"
        ).to_arrow_table()
        ids = connection.sql(
            "select id_no, 'user_id' as kind from links "
            "union select other_id_no, 'email' from links"
        ).to_arrow_table()
    caps = pa.table({"kind": ["user_id", "email"], "most": [3, 5]})
    cut = stitch.cut_links(ids, links, caps, pa.table({"policy": ["guarded"]}))
    people = stitch.components(ids, links, cut)
    return {
        "seconds": time.perf_counter() - begun,
        "links": len(links),
        "cut": len(cut),
        "ids": len(people),
    }


def measured(what: str, *arguments: str) -> dict[str, Any]:
    """Run one measurement in a process of its own."""
    command = [sys.executable, "-m", "tests.bench", "--measure", what, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


MEASURES = {
    "floor": floor,
    "pipeline": pipeline,
    "reading_links": reading_links,
    "joining_links": joining_links,
}


def bench_links(links: int, memory: str) -> None:
    """Print what it costs to join links, and to read them."""
    with tempfile.TemporaryDirectory(prefix="squiggle-bench-") as name:
        path = Path(name) / "links.parquet"
        generate_links(path, links)
        least = measured("reading_links", str(path), memory)
        whole = measured("joining_links", str(path), memory)
    print(
        f"{links:>11,} links: reading {least['seconds']:.1f} s, {least['peak_mb']:,} MB; joining "
        f"{whole['links']:,} pairs of {whole['ids']:,} ids, {whole['cut']:,} cut: "
        f"{whole['seconds']:.1f} s, {whole['peak_mb']:,} MB; "
        f"ratio {whole['seconds'] / least['seconds']:.1f}"
    )


def main() -> None:
    """Generate, measure, print; write JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument("--memory", default="2GB", help="DuckDB's limit, for floor and pipeline")
    parser.add_argument("--links", type=int, help="measure the joining of so many links instead")
    parser.add_argument("--out", type=Path, help="also write the figures as JSON")
    parser.add_argument("--measure", choices=sorted(MEASURES), help=argparse.SUPPRESS)
    parser.add_argument("arguments", nargs="*", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        found = MEASURES[given.measure](*given.arguments)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps(found | {"peak_mb": round(peak)}))
        return
    if given.links:
        bench_links(given.links, given.memory)
        return
    figures = []
    for events in given.events:
        with tempfile.TemporaryDirectory(prefix="squiggle-bench-") as name:
            folder = Path(name)
            log = folder / "log.parquet"
            generate(log, events)
            project(folder, log)
            least = measured("floor", str(log), given.memory)
            whole = measured("pipeline", str(folder), given.memory)
        ratio = whole["seconds"] / least["seconds"]
        figures.append({"events": events, "ratio": ratio, "floor": least, "pipeline": whole})
        print(
            f"{events:>11,} events: floor {least['seconds']:.1f} s, {least['peak_mb']:,} MB; "
            f"run {whole['seconds']:.1f} s, {whole['peak_mb']:,} MB; ratio {ratio:.1f}"
        )
        for part, seconds in whole["parts"].items():
            print(f"{seconds:>14.1f} s  {part}")
    if given.out:
        given.out.write_text(json.dumps(figures, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
