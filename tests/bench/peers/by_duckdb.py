"""The work with DuckDB, by hand: strings numbered once, one sort, paths as hashes."""

from __future__ import annotations

from typing import Any

import duckdb

from ..log import FUNNEL
from ..processes import Stopwatch

ORDERED = """
create temp table ordered as
select
    customer_no,
    event_no,
    us,
    us - lag(us) over each as gap_us,
    lag(event_no) over each as previous_no,
    row_number() over each as position
from (
    select customer.no as customer_no, event.no as event_no, epoch_us(log.ts) as us
    from read_parquet($log) as log
    inner join customers as customer on customer.name = log.user_id
    inner join events as event on event.name = log.event
)
window each as (partition by customer_no order by us)
"""
NUMBERED = """
create temp table {0}s as
select name, row_number() over (order by name) as no
from (select distinct {1} as name from read_parquet($log))
"""
MOVES = """
with each_customer as (
    select previous_no, event_no, customer_no, count(*) as moves
    from ordered where previous_no is not null group by all
), counted as (
    select previous_no, event_no, sum(moves) as moves, count(*) as movers
    from each_customer group by all
), timed as (
    select previous_no, event_no, median(gap_us) as median_us
    from ordered where previous_no is not null group by all
)
select count(*), sum(moves), sum(movers), sum(median_us) / 1e6
from counted inner join timed using (previous_no, event_no)
"""
FUNNELED = """
with first_step as (
    select customer_no, min(us) as us from ordered where event_no = $one group by all
), second_step as (
    select customer_no, min(ordered.us) as us
    from ordered inner join first_step using (customer_no)
    where event_no = $two and ordered.us > first_step.us group by all
), third_step as (
    select customer_no, min(ordered.us) as us
    from ordered inner join second_step using (customer_no)
    where event_no = $three and ordered.us > second_step.us group by all
)
select
    (select count(*) from first_step),
    (select count(*) from second_step),
    (select count(*) from third_step)
"""
VARIANTS = """
with paths as (
    select customer_no, sum(hash(position, event_no)) as path from ordered group by all
), counted as (
    select path, count(*) as customers from paths group by all
)
select sum(customers) from (select customers from counted order by customers desc limit 100)
"""


def work(log: str, watch: Stopwatch) -> dict[str, Any]:
    """Do it; every count."""
    connection = duckdb.connect()
    connection.execute("set preserve_insertion_order = false")
    for name, column in (("customer", "user_id"), ("event", "event")):
        connection.execute(NUMBERED.format(name, column), {"log": log})
    connection.execute(ORDERED, {"log": log})
    watch.lap("load")
    sessions = connection.execute(
        "select count(*) from ordered where gap_us is null or gap_us > 1800000000"
    ).fetchall()[0][0]
    watch.lap("sessions")
    edges, moves, movers, medians = connection.execute(MOVES).fetchall()[0]
    watch.lap("transitions")
    numbers = dict(connection.execute("select name, no from events").fetchall())
    steps = dict(zip(("one", "two", "three"), (numbers[step] for step in FUNNEL), strict=True))
    reached = connection.execute(FUNNELED, steps).fetchall()[0]
    watch.lap("funnel")
    top = connection.execute(VARIANTS).fetchall()[0][0]
    watch.lap("variants")
    return {
        "sessions": sessions,
        "edges": edges,
        "moves": int(moves),
        "movers": int(movers),
        "medians_s": float(medians),
        "funnel": list(reached),
        "top_variants": int(top),
    }
