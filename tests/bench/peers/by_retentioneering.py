"""The work with retentioneering: sessions, transition graph, step matrix, funnel."""

from __future__ import annotations

from typing import Any

import pandas as pd
from retentioneering.eventstream import Eventstream

from ..log import FUNNEL
from ..processes import Stopwatch


def work(log: str, watch: Stopwatch) -> dict[str, Any]:
    """Do it; all but paths, and the step matrix besides. Its medians are not in seconds here."""
    frame = pd.read_parquet(log)
    schema = {"path_cols": ["user_id"], "event_col": "event", "timestamp_col": "ts"}
    stream = Eventstream(frame, schema)
    watch.lap("load")
    split = stream.split_sessions(timeout="30m")
    sessions = split.df["session_id"].nunique()
    watch.lap("sessions")
    graph = {
        weight: _real(stream.transition_graph_data(edge_weight=weight))
        for weight in ("count", "unique_paths", "time_median")
    }
    watch.lap("transitions")
    stream.step_matrix_data(max_steps=10)
    watch.lap("step matrix")
    steps = stream.funnel_data(steps=list(FUNNEL))["steps"]
    watch.lap("funnel")
    return {
        "sessions": int(sessions),
        "edges": int((graph["count"] > 0).to_numpy().sum()),
        "moves": int(graph["count"].to_numpy().sum()),
        "movers": int(graph["unique_paths"].fillna(0).to_numpy().sum()),
        "funnel": [int(step["unique_paths"]) for step in steps],
    }


def _real(matrix: pd.DataFrame) -> pd.DataFrame:
    """Without the virtual beginning and end."""
    rows = [name for name in matrix.index if str(name).startswith("event_")]
    columns = [name for name in matrix.columns if str(name).startswith("event_")]
    return matrix.loc[rows, columns]
