"""Pairs of ids that come together: what it costs to join them, beside reading them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from pipeline import stitch

from .processes import Stopwatch


def write_links(path: Path, links: int) -> None:
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


def read_links(path: str, memory: str) -> dict[str, Any]:
    """The floor of the links: read them."""
    watch = Stopwatch()
    with duckdb.connect() as connection:
        connection.execute(f"set memory_limit = '{memory}'")
        connection.execute(f"select sum(hash(columns(*))) from '{path}'").fetchall()
    watch.lap("reading")
    return watch.figures()


def join_links(path: str, memory: str) -> dict[str, Any]:
    """Aggregate the links in SQL, cut what is over the caps, and number the persons."""
    watch = Stopwatch()
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
    watch.lap("joining")
    return {**watch.figures(), "links": len(links), "cut": len(cut), "ids": len(people)}
