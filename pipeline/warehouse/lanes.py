"""Ranges gone through side by side, each on a connection and a thread of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from queue import SimpleQueue
from time import sleep
from typing import TypeVar

from .asking import Warehouse

LANES = 2
"""Ranges that are gone through at once: more of them would hold more rows in memory."""

WITHOUT = "partitioned_execution,build_side_probe_side"
"""What DuckDB leaves to us there.

A range is a part already, which it need not part again. And of a join on several columns it
expects a few rows: of the joins that follow it would hash the side that has the many.
"""

Made = TypeVar("Made")


def side_by_side(
    built: Warehouse,
    ranges: Sequence[tuple[int, int]],
    work: Callable[[Warehouse, int, int], Made],
) -> list[Made]:
    """Return what `work` makes of each range, in their order.

    It gets a connection to the same tables, with temporary views of its own, and the range. One
    thread that sorts and groups a range alone has nothing to put together with what others found:
    two ranges at once, on a thread each, take less than one after the other on both. If one fails,
    or is interrupted, so are the others. The only range there is has `built` itself, and all
    threads. DuckDB plans each range as it is written, see WITHOUT.
    """
    if len(ranges) == 1:
        return [work(built, *ranges[0])]
    threads = int(built.scalar("select current_setting('threads')"))
    count = min(LANES, threads, len(ranges))
    free: SimpleQueue[Warehouse] = SimpleQueue()

    def one(low: int, high: int) -> Made:
        lane = free.get()
        try:
            return work(lane, low, high)
        finally:
            free.put(lane)

    with ExitStack() as stack:
        lanes = [stack.enter_context(built.lane()) for _ in range(count)]
        for lane in lanes:
            free.put(lane)
        built.execute(f"set threads = {threads - count + 1}")  # beside those that ask
        stack.callback(built.execute, f"set threads = {threads}")
        built.execute(f"set disabled_optimizers = '{WITHOUT}'")
        stack.callback(built.execute, "reset disabled_optimizers")
        pool = stack.enter_context(ThreadPoolExecutor(count))
        futures = [pool.submit(one, low, high) for low, high in ranges]
        try:
            made = _results(futures)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            while not all(future.done() for future in futures):
                for lane in lanes:
                    lane.interrupt()
                sleep(0.05)  # what began after that is ended the next time
            raise
        for lane in lanes:
            built.take_profiles(lane)
    return made


def _results(futures: Sequence[Future[Made]]) -> list[Made]:
    """What they return, or the error of the first that fails, at once."""
    done, _ = wait(futures, return_when=FIRST_EXCEPTION)
    for future in done:
        future.result()
    return [future.result() for future in futures]
