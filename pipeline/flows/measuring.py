"""What is measured at the nodes and edges of a graph: with counts, and how sure it is."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..graph import Graph, node_measures, units_of
from ..statistics import wilson

COUNTS = ("visits", "units", "customers")
ABOUT = ("map_name", "level")


def measured_nodes(graph: Graph) -> pd.DataFrame:
    """Return one row per real node, the most visited first: counts, then the node measures.

    `reach_lo` and `reach_hi` bound the share of units by Wilson's 95 % interval; its denominator,
    the units of the graph, is `of_units`.
    """
    frame = node_measures(graph)
    counted = pd.DataFrame(
        [[graph.nodes[node][name] for name in COUNTS] for node in frame["node"]],
        columns=list(COUNTS),
        dtype="int64",
    )
    frame = pd.concat([frame, counted], axis=1).assign(of_units=units_of(graph))
    frame["reach_lo"], frame["reach_hi"] = wilson(frame["units"], frame["of_units"])
    first = ["node", *COUNTS, "of_units", "reach", "reach_lo", "reach_hi"]
    rest = [name for name in frame.columns if name not in (*ABOUT, *first)]
    ordered = frame.sort_values(["visits", "node"], ascending=[False, True], ignore_index=True)
    return ordered[[*ABOUT, *first, *rest]]


def measured_edges(graph: Graph) -> pd.DataFrame:
    """Return one row per edge, the most frequent first, with the columns of `graph_edges`.

    `share_out_lo` and `share_out_hi` bound the share of the moves on by a 95 % interval: Wilson's,
    of as many independent moves as the standard error among customers allows (no more than there
    are; as many as customers where all or none go this way). Source: Korn & Graubard 1998.
    """
    place = {node: number for number, node in enumerate(graph)}
    rows = [
        {"from_node": a, "to_node": b, **data, "places": (place[a], place[b])}
        for a, b, data in graph.edges(data=True)
    ]
    rows.sort(key=lambda row: (-row["transitions"], row["places"]))
    frame = pd.DataFrame(rows).drop(columns="places", errors="ignore")
    if frame.empty:
        return frame
    share = frame["share_out"].to_numpy(dtype=float)
    error = frame.get("share_out_se", pd.Series(np.nan, frame.index)).to_numpy(dtype=float)
    moves = np.rint(frame["transitions"].to_numpy(dtype=float) / share)
    people = np.array([graph.nodes[node].get("customers") or np.nan for node in frame["from_node"]])
    with np.errstate(divide="ignore", invalid="ignore"):
        worth = np.where(share < 1, np.minimum(share * (1 - share) / error**2, moves), people)
    lo, hi = wilson(share * worth, worth)
    after = frame.columns.get_loc("share_out") + 1
    frame.insert(after, "share_out_lo", lo)
    frame.insert(after + 1, "share_out_hi", hi)
    return frame
