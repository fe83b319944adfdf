"""The work with pandas, by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ..log import FUNNEL
from ..processes import Stopwatch


def work(log: str, watch: Stopwatch) -> dict[str, Any]:
    """Do it; every count."""
    frame = pd.read_parquet(log)
    frame["who"] = pd.factorize(frame["user_id"])[0]
    codes, names = pd.factorize(frame["event"])
    frame["what"] = codes
    frame["us"] = frame["ts"].astype("datetime64[us]").astype("int64")
    frame = frame[["who", "what", "us"]].sort_values(["who", "us"], ignore_index=True)
    is_same = frame["who"].eq(frame["who"].shift(1))
    frame["gap"] = frame["us"].diff().where(is_same)
    frame["previous"] = frame["what"].shift(1).where(is_same)
    watch.lap("load")
    sessions = int((frame["gap"].isna() | (frame["gap"] > 1_800_000_000)).sum())
    watch.lap("sessions")
    pairs = frame[is_same]
    grouped = pairs.groupby(["previous", "what"], sort=False)
    sizes, movers, medians = grouped.size(), grouped["who"].nunique(), grouped["gap"].median()
    watch.lap("transitions")
    reached = []
    last: pd.Series | None = None
    number = {name: code for code, name in enumerate(names)}
    for step in FUNNEL:
        chosen = frame.loc[frame["what"] == number[step], ["who", "us"]]
        if last is not None:
            before = chosen["who"].map(last)
            chosen = chosen[chosen["us"] > before]
        last = chosen.groupby("who")["us"].min()
        reached.append(len(last))
    watch.lap("funnel")
    place = frame.groupby("who").cumcount().to_numpy(dtype=np.uint64)
    # An order-aware hash: the sum of a mixed hash of place and event.
    mixed = pd.util.hash_array(place * np.uint64(64) + frame["what"].to_numpy(dtype=np.uint64))
    paths = pd.Series(mixed).groupby(frame["who"].to_numpy()).sum()
    top = int(paths.value_counts().head(100).sum())
    watch.lap("variants")
    return {
        "sessions": sessions,
        "edges": len(sizes),
        "moves": int(sizes.sum()),
        "movers": int(movers.sum()),
        "medians_s": float(medians.sum() / 1e6),
        "funnel": reached,
        "top_variants": top,
    }
