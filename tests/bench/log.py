"""A seeded log: few customers and touchpoints make most of it; sessions, log-ins, disorder."""

from __future__ import annotations

from pathlib import Path

import duckdb

STAGES = ("Awareness", "Interest", "Consideration", "Purchase", "Loyalty")
TOUCHPOINTS = 40
MAPPED = 36
FORMATS = {"parquet": "parquet", "csv": "csv, header", "jsonl": "json"}
FUNNEL = ("event_1", "event_5", "event_12")
"""The steps of the funnel that is asked everywhere."""

# The n-th person has events in proportion to n^-1/2, the n-th touchpoint to n^-1. There are at
# most 1,000,003 persons, so beyond ten million events each has more of them. A person's events are
# bursts on up to twelve days, most on the first; who logs in does so within the first quarter of
# an hour, and is anonymous before. A hundredth of the events come twice.
_DRAWN = """
    select
        i,
        cast(floor({people} * pow((hash(i, {seed}) % 1000003) / 1000003.0, 2.0)) as bigint)
            as person,
        cast(floor(12 * pow((hash(i, {seed}, 1) % 10007) / 10007.0, 3.0)) as integer) as day,
        hash(i, {seed}, 2) as kind, hash(i, {seed}, 3) as known,
        hash(i, {seed}, 4) as way
    from range({single}) as t(i)
"""
_PLACED = """
    select
        *,
        hash(person, day, {seed}, 5) as visit,
        kind % 1500 as second
    from drawn
"""
_ROWS = """
    select
        i,
        case when visit % 10 < 7 and second >= visit % 900 then 'user-' || person end as user_id,
        'device-' || person || '-' || (visit % 2) as device_id,
        timestamp '2026-01-01' + to_seconds(cast(hash(person, day, {seed}) % 10368000 as bigint))
            + to_seconds(cast(second as bigint)) as ts,
        'event_' || (cast(floor(pow({touchpoints} + 0.999, (kind % 100003) / 100003.0)) as integer)
            - 1) as event,
        'channel_' || (way % 12) as channel,
        case when kind % 50 = 0 then cast((known % 20000) / 100.0 as decimal(18, 2)) end as value,
        'e' || i as event_id,
        way % 100 as fate
    from placed
"""
# One id, no two events of a customer at the same time, none twice: what every tool can count alike.
_PLAIN = """
    select
        'user-' || person as user_id,
        timestamp '2026-01-01' + to_seconds(cast(hash(person, day, {seed}) % 10368000 as bigint))
            + to_seconds(cast(second as bigint)) + to_microseconds(i) as ts,
        'event_' || (cast(floor(pow({touchpoints} + 0.999, (kind % 100003) / 100003.0)) as integer)
            - 1) as event
    from placed
"""
_ORDERS = {
    # Sorted but for a hundredth, which comes up to a day late.
    "sorted": "ts + to_seconds(cast(case when fate = 0 then i % 86400 else 0 end as bigint)), i",
    "shuffled": "hash(i, 9), i",
}


def write_log(
    path: Path, events: int, *, order: str = "shuffled", plain: bool = False, seed: int = 7
) -> None:
    """Write a log; the ending of the path says in which format.

    `plain` is the log that the peers get: one id for each customer, no ties and no duplicates.
    """
    single = events if plain else max(1, int(events * 0.99))
    facts = {
        "people": max(events // 10, 10),
        "single": single,
        "seed": seed,
        "touchpoints": TOUCHPOINTS,
    }
    steps = f"drawn as ({_DRAWN.format(**facts)}), placed as ({_PLACED.format(**facts)})"
    if plain:
        select = f"with {steps} {_PLAIN.format(**facts)}"
    else:
        rows = _ROWS.format(**facts)
        select = (
            f"with {steps}, single as ({rows}), "
            f"doubled as (from single union all from single where i < {events - single}) "
            f"select * exclude (i, fate) from doubled order by {_ORDERS[order]}"
        )
    _copy(select, path)


def write_again(path: Path, log: Path) -> None:
    """Write the same rows in the same order in the format that the ending of `path` says."""
    _copy(f"from '{log}'", path)


def _copy(select: str, path: Path) -> None:
    part = path.with_name(f"{path.name}.part")
    with duckdb.connect() as connection:
        connection.execute("set preserve_insertion_order = true")
        connection.execute("set memory_limit = '4GB'")
        connection.execute(f"set temp_directory = '{path.parent / 'drawing'}'")
        kind = FORMATS[path.suffix.removeprefix(".")]
        connection.execute(f"copy ({select}) to '{part}' (format {kind})")
    part.rename(path)


def write_project(folder: Path, log: Path, *, plain: bool = False) -> None:
    """Write the project file: 36 of 40 touchpoints on five stages.

    For the plain log a journey is all that a customer does, as it is for the peers.
    """
    rules = "".join(
        f'[[touchpoint]]\nname = "event_{number}"\n'
        f'stage = "{STAGES[min(number // 8, 4)]}"\n'
        f'when = {{ event = "event_{number}" }}\n'
        for number in range(MAPPED)
    )
    stages = ", ".join(f'"{stage}"' for stage in STAGES)
    columns = {"user_id": "user_id", "occurred_at": "ts", "event": "event"}
    if not plain:
        columns |= {name: name for name in ("device_id", "channel", "value", "event_id")}
    listed = "\n".join(f'{ours} = "{theirs}"' for ours, theirs in columns.items())
    whole = 'closes = "silence"\nsilence = "3000 d"\n' if plain else ""
    dedupe = 'dedupe = "none"\n' if plain else ""
    (folder / "squiggle.toml").write_text(
        f'name = "bench"\n[[source]]\nname = "log"\nfiles = "{log}"\n{dedupe}'
        f"[source.columns]\n{listed}\n"
        f'[[map]]\nname = "journey"\nstages = [{stages}]\ngoal = "Loyalty"\n{whole}{rules}',
        encoding="utf-8",
    )
