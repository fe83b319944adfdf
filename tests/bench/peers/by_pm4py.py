"""The work with pm4py: directly-follows graph, its times, and variants; it has no more of it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pm4py

from ..processes import Stopwatch


def work(log: str, watch: Stopwatch) -> dict[str, Any]:
    """Do it; moves, edges and paths."""
    frame = pd.read_parquet(log)
    frame = pm4py.format_dataframe(
        frame, case_id="user_id", activity_key="event", timestamp_key="ts"
    )
    watch.lap("load")
    moves, _, _ = pm4py.discover_dfg(frame)
    watch.lap("transitions")
    times, _, _ = pm4py.discover_performance_dfg(frame)
    watch.lap("times")
    variants = pm4py.get_variants(frame)
    watch.lap("variants")
    assert moves.keys() == times.keys()
    counted = sorted(
        (count if isinstance(count, int) else len(count) for count in variants.values()),
        reverse=True,
    )
    return {
        "edges": len(moves),
        "moves": int(sum(moves.values())),
        "top_variants": int(sum(counted[:100])),
    }
