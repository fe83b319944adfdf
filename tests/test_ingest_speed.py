"""What accounting for every record costs, against DuckDB copying the same file as it is."""

from __future__ import annotations

import resource
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from pipeline.ingest import ingest
from pipeline.ingest.store import locked

from .test_ingest_corpus import project

ROWS = 1_000_000
COLUMNS = {
    "user_id": "who",
    "device_id": "device",
    "occurred_at": "at",
    "event": "what",
    "channel": "channel",
    "value": "amount",
    "event_id": "id",
}
DRAWN = f"""
select
    case when n % 3 > 0 then 'user-' || hash(n) % 90000 end as who, 'device-' || hash(n) % 200000 as device,
    timestamp '2026-01-01' + to_seconds(cast(hash(n + 1) % 15000000 as bigint)) as at,
    'event_' || hash(n + 2) % 36 as what, 'channel_' || hash(n + 3) % 9 as channel,
    case when n % 20 = 0 then cast(hash(n + 4) % 99999 / 100 as decimal(18, 2)) end as amount, 'e' || n as id
from range({ROWS}) as drawn (n)
"""  # noqa: E501


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds that the work takes, on all threads."""

    def spent() -> float:
        used = resource.getrusage(resource.RUSAGE_SELF)
        return used.ru_utime + used.ru_stime

    before = spent()
    work()
    return spent() - before


@pytest.mark.bench
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_ingest_costs_little_more_than_twice_a_plain_copy(kind: str, tmp_path: Path) -> None:
    """A fifth of it looks for white space at both ends of every cell."""
    file = tmp_path / f"log.{kind}"
    duckdb.execute(f"copy ({DRAWN}) to '{file}' (format {kind})").fetchall()

    def plain() -> None:
        sql = f"copy (select * from read_{kind}('{file}')) to '{tmp_path}/plain.parquet'"
        duckdb.execute(sql).fetchall()

    def ours() -> None:
        with locked(tmp_path / f"store{len(list(tmp_path.iterdir()))}") as store:
            [part] = ingest(project(tmp_path, {"files": file.name, "columns": COLUMNS}), store)
        assert part.entry.rows_accepted == ROWS

    copied = min(seconds(plain) for _ in range(3))
    ingested = min(seconds(ours) for _ in range(3))
    times = ingested / copied
    print(f"{kind}: plain {copied:.2f} s, ingest {ingested:.2f} s CPU: {times:.2f} times")
    assert times <= 2.25
