"""The work with polars, by hand."""

from __future__ import annotations

from typing import Any

import polars as pl

from ..log import FUNNEL
from ..processes import Stopwatch


def work(log: str, watch: Stopwatch) -> dict[str, Any]:
    """Do it; every count."""
    who, at, what = pl.col("user_id"), pl.col("ts"), pl.col("event")
    events = (
        pl.scan_parquet(log)
        .with_columns(who.cast(pl.Categorical), what.cast(pl.Categorical))
        .with_columns(who.to_physical().alias("user_id"), at.dt.epoch("us").alias("us"))
        .sort("user_id", "us")
        .with_columns(
            previous=pl.when(who == who.shift(1)).then(what.shift(1)),
            gap=pl.when(who == who.shift(1)).then(pl.col("us").diff()),
        )
        .collect()
    )
    watch.lap("load")
    gap = pl.col("gap")
    sessions = events.select((gap.is_null() | (gap > 1_800_000_000)).sum()).item()
    watch.lap("sessions")
    pairs = events.lazy().filter(pl.col("previous").is_not_null())
    edges, moves, movers, medians = (
        pairs.group_by("previous", "event")
        .agg(pl.len().alias("moves"), who.n_unique().alias("movers"), gap.median().alias("median"))
        .select(pl.len(), pl.col("moves").sum(), pl.col("movers").sum(), pl.col("median").sum())
        .collect()
        .row(0)
    )
    watch.lap("transitions")
    reached = []
    last = None
    for step in FUNNEL:
        chosen = events.lazy().filter(what == step).select("user_id", "us")
        if last is not None:
            chosen = chosen.join(last.lazy().rename({"us": "before"}), on="user_id").filter(
                pl.col("us") > pl.col("before")
            )
        last = chosen.group_by("user_id").agg(pl.col("us").min()).collect()
        reached.append(last.height)
    watch.lap("funnel")
    place = pl.int_range(pl.len(), dtype=pl.UInt32).over("user_id")
    top = (
        events.lazy()
        .select("user_id", step=pl.struct(place.alias("place"), what.to_physical()).hash())
        .group_by("user_id")
        .agg(path=pl.col("step").sum())
        .group_by("path")
        .len()
        .top_k(100, by="len")
        .select(pl.col("len").sum())
        .collect()
        .item()
    )
    watch.lap("variants")
    return {
        "sessions": int(sessions),
        "edges": edges,
        "moves": int(moves),
        "movers": int(movers),
        "medians_s": medians / 1e6,
        "funnel": reached,
        "top_variants": int(top),
    }
