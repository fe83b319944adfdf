"""The work with chdb, ClickHouse in the process: `windowFunnel`, window functions, hashes."""

from __future__ import annotations

import json
from typing import Any

from chdb import session

from ..log import FUNNEL
from ..processes import Stopwatch

ORDERED = """
create table ordered engine = Memory as
select
    who,
    what,
    us,
    lagInFrame(toNullable(what)) over each as previous,
    us - lagInFrame(toNullable(us)) over each as gap,
    row_number() over each as place
from (
    select
        cityHash64(assumeNotNull(user_id)) as who,
        toUInt16(splitByChar('_', assumeNotNull(event))[2]) as what,
        toUnixTimestamp64Micro(assumeNotNull(ts)) as us
    from file('{log}', Parquet)
)
window each as (partition by who order by us rows between unbounded preceding and current row)
"""
MOVES = """
select count() as edges, sum(moves) as moves, sum(movers) as movers, sum(median_us) / 1e6 as medians
from (
    select previous, what, count() as moves, uniqExact(who) as movers,
        quantileExactInclusive(0.5)(gap) as median_us
    from ordered where previous is not null group by previous, what
)
"""
FUNNELED = """
select countIf(level >= 1) as one, countIf(level >= 2) as two, countIf(level >= 3) as three
from (
    select who, windowFunnel(100000000000000)(toUInt64(us), {steps}) as level
    from ordered group by who
)
"""
VARIANTS = """
select sum(customers) as top from (
    select path, count() as customers
    from (select who, sum(cityHash64(place, what)) as path from ordered group by who)
    group by path order by customers desc limit 100
)
"""


def work(log: str, watch: Stopwatch) -> dict[str, Any]:
    """Do it; every count."""
    open_session = session.Session()

    def one(sql: str) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(str(open_session.query(sql, "JSONEachRow")))
        return told

    open_session.query("create database if not exists bench")
    open_session.query("use bench")
    open_session.query(ORDERED.format(log=log))
    watch.lap("load")
    sessions = one("select countIf(gap is null or gap > 1800000000) as n from ordered")["n"]
    watch.lap("sessions")
    moved = one(MOVES)
    watch.lap("transitions")
    steps = ", ".join(f"what = {step.split('_')[1]}" for step in FUNNEL)
    reached = one(FUNNELED.format(steps=steps))
    watch.lap("funnel")
    top = one(VARIANTS)["top"]
    watch.lap("variants")
    return {
        "sessions": int(sessions),
        "edges": int(moved["edges"]),
        "moves": int(moved["moves"]),
        "movers": int(moved["movers"]),
        "medians_s": float(moved["medians"]),
        "funnel": [int(reached[name]) for name in ("one", "two", "three")],
        "top_variants": int(top),
    }
