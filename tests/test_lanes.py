"""Ranges side by side: what each makes, in order; all that there is; an end for all at an error."""

from __future__ import annotations

import threading
import time

import duckdb
import pytest

from pipeline.warehouse import Warehouse, scratch, side_by_side
from pipeline.warehouse.lanes import WITHOUT

FOREVER = "select count(*) from range(100000000000) as a(i) where i % 7 = 8"
RANGES = [(low, low + 9) for low in range(1, 101, 10)]


def total(lane: Warehouse, low: int, high: int) -> int:
    time.sleep(0.05 if low == 1 else 0)  # the first is done last
    lane.execute(
        f"create or replace temp view shown as from numbers where i between {low} and {high}"
    )
    return int(lane.scalar("select sum(i) from shown"))


def test_what_is_made_of_each_range_comes_in_their_order() -> None:
    with scratch(threads=2) as built:
        built.execute("create table numbers as select i from range(1, 101) as t(i)")
        assert side_by_side(built, RANGES, total) == [
            sum(range(low, high + 1)) for low, high in RANGES
        ]


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_as_many_threads_work_as_may_and_as_many_may_afterwards(threads: int) -> None:
    asked, at_once = "select current_setting('threads')", set[str]()

    def work(lane: Warehouse, low: int, high: int) -> int:
        at_once.add(threading.current_thread().name)
        return int(lane.scalar(asked))

    with scratch(threads=threads) as built:
        beside = set(side_by_side(built, RANGES, work))
        assert beside == {max(1, threads - 1)}, "and those that ask, which work too"
        assert len(at_once) <= min(2, threads)
        assert built.scalar(asked) == threads


def test_a_range_is_planned_as_it_is_written_and_what_follows_as_duckdb_likes() -> None:
    asked = "select current_setting('disabled_optimizers')"
    with scratch(threads=2) as built:
        before = built.scalar(asked)
        within = side_by_side(built, RANGES, lambda lane, low, high: lane.scalar(asked))
        assert {frozenset(one.split(",")) for one in within} == {frozenset(WITHOUT.split(","))}
        assert built.scalar(asked) == before


def test_lanes_count_in_utc_and_see_what_the_warehouse_sees() -> None:
    with scratch(threads=2) as built:
        built.execute("set global TimeZone = 'Asia/Tokyo'")  # as where the machine stands
        built.execute("attach ':memory:' as other")
        built.execute("create table other.main.found as select 7 as i")
        built.execute("set search_path = 'memory.main,other.main'")
        asked = "select current_setting('TimeZone') || ' ' || (select i from found)"
        assert side_by_side(built, RANGES, lambda lane, low, high: lane.scalar(asked)) == (
            ["UTC 7"] * len(RANGES)
        )


def test_at_an_error_the_ranges_beside_it_end_and_the_last_never_begins() -> None:
    begun = []
    runs = threading.Event()

    def work(lane: Warehouse, low: int, high: int) -> None:
        begun.append(low)
        if low == 11:
            runs.wait()
            lane.execute("from no_such_table")
        runs.set()
        lane.execute(FOREVER)

    with scratch(threads=2) as built, pytest.raises(duckdb.CatalogException, match="no_such_table"):
        side_by_side(built, RANGES, work)
    assert {1, 11} <= set(begun) <= {1, 11, 21}


def test_every_statement_of_every_lane_is_profiled() -> None:
    with scratch(threads=2) as built:
        built.execute("create table numbers as select i from range(1, 101) as t(i)")
        built.execute("create table sums (i bigint)")
        built.profile()

        def add(lane: Warehouse, low: int, high: int) -> None:
            lane.execute(
                f"insert into sums select sum(i) from numbers where i between {low} and {high}"
            )

        side_by_side(built, RANGES, add)
        assert len(built.profiles()) == len(RANGES)
        assert built.scalar("select sum(i) from sums") == 5050
