"""The order that moves suggest: heights of nodes, and how well they fit the declared stages."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array, csc_array, csr_array, diags_array
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import cg, spsolve

Floats = NDArray[np.float64]

DIGITS = 9
"""Heights and what is made of them are rounded, so that the last bit is the same everywhere."""
DIRECT_NODES = 5_000
"""Of more nodes a direct solution of their heights would fill the memory."""


def heights(weights: csr_array) -> Floats:
    """Return a height per node so that moves climb by 1 as nearly as they can; lowest is 0.

    Solves (diag(in + out) − W − Wᵀ) h = in − out in each weakly connected part. A part of one
    node has height 0. Unlike networkx.trophic_levels it needs no source node.
    Source: MacKay, Johnson & Sansom 2020, "How directed is a directed network?".
    """
    found = np.zeros(weights.shape[0])
    _, part_of = connected_components(weights, directed=True, connection="weak")
    ends = np.cumsum(np.bincount(part_of))
    for members in np.split(np.argsort(part_of, kind="stable"), ends[:-1]):
        if len(members) < 2:
            continue
        w = csr_array(weights[members][:, members])
        inward, outward = w.sum(axis=0), w.sum(axis=1)
        laplacian = (diags_array(inward + outward) - w - w.T).tocsc()
        # Heights are relative: the first node stays at 0, which makes the rest unique.
        own = np.zeros(len(members))
        own[1:] = _solved(laplacian[1:, 1:], (inward - outward)[1:])
        found[members] = own - own.min()
    return found


def _solved(matrix: csc_array, right: Floats) -> Floats:
    """The x of matrix · x = right; of many nodes by conjugate gradients, which fill in nothing."""
    if len(right) <= DIRECT_NODES:
        return np.asarray(spsolve(matrix, right, permc_spec="MMD_AT_PLUS_A"))
    scale = diags_array(1 / matrix.diagonal())
    found, unsolved = cg(matrix, right, rtol=1e-13, maxiter=len(right), M=scale)
    if unsolved:  # long chains of very unequal counts: these fill in little
        found = spsolve(matrix, right, permc_spec="MMD_AT_PLUS_A")
    return np.asarray(found)


def misfit(climbs: Floats, weights: Floats) -> float:
    """Return F0 = Σ W (climb − 1)² / Σ W, the moves' distance from a common direction.

    `climbs` are heights reached less heights left. 0 when every move climbs one level, 1 when
    moves up and down cancel, NaN where nothing moves. Source: MacKay, Johnson & Sansom 2020.
    """
    total = float(weights.sum())
    return float(np.sum(weights * (climbs - 1) ** 2) / total) if total else float("nan")


def rank_correlation(left: Floats, right: Floats) -> float:
    """Return Spearman's rho, ties at their mean rank; NaN below three pairs or without variation.

    >>> rank_correlation(np.array([1.0, 2, 3]), np.array([10.0, 30, 20]))
    0.5
    """
    if len(left) < 3 or np.ptp(left) == 0 or np.ptp(right) == 0:
        return float("nan")
    ranked = [pd.Series(side).rank().to_numpy() for side in (left, right)]
    return round(float(np.corrcoef(*ranked)[0, 1]), DIGITS)


def found_levels(nodes: pd.DataFrame, moves: pd.DataFrame) -> pd.DataFrame:
    """Return map_no, level_no, node_no and trophic_level of every node, NaN where nothing moves.

    `nodes` has one row per map, level and node; `moves` from_no, to_no and transitions between
    two different ones of them.
    """
    parts = []
    for (map_no, level_no), own in nodes.groupby(["map_no", "level_no"], sort=True):
        numbers = np.sort(own["node_no"].to_numpy())
        here = moves[(moves["map_no"] == map_no) & (moves["level_no"] == level_no)]
        source, target = (np.searchsorted(numbers, here[end]) for end in ("from_no", "to_no"))
        weights = here["transitions"].to_numpy(float)
        size = (len(numbers), len(numbers))
        levels = np.round(heights(csr_array(coo_array((weights, (source, target)), size))), DIGITS)
        levels[~np.isin(np.arange(len(numbers)), np.concatenate([source, target]))] = np.nan
        columns = {"map_no": map_no, "level_no": level_no, "node_no": numbers}
        parts.append(pd.DataFrame({**columns, "trophic_level": levels}))
    names = ["map_no", "level_no", "node_no", "trophic_level"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=names)


def largest_part(moves: pd.DataFrame) -> list[int]:
    """Return the nodes of the weakly connected part with the most transitions, the first of equals.

    >>> largest_part(pd.DataFrame({"from_no": [1, 5], "to_no": [2, 7], "transitions": [3, 4]}))
    [5, 7]
    """
    numbers, ends = np.unique(moves[["from_no", "to_no"]].to_numpy(int), return_inverse=True)
    if not len(numbers):
        return []
    source, target = ends.reshape(-1, 2).T
    weights = moves["transitions"].to_numpy(float)
    size = (len(numbers), len(numbers))
    _, part_of = connected_components(coo_array((weights, (source, target)), size), directed=False)
    heaviest = np.bincount(part_of[source], weights).argmax()
    return [int(number) for number in numbers[part_of == heaviest]]


def order_fit(levels: pd.DataFrame, nodes: pd.DataFrame, moves: pd.DataFrame) -> pd.DataFrame:
    """Return how coherent the moves of each map and level are, and how well their order fits.

    moves        between two different nodes
    ordered      nodes that have a height
    compared     of them, those of the largest part that have a stage: heights are relative in each
    rho          Spearman's correlation of height and stage over those
    incoherence  F0: 0 when every move climbs one level, 1 when there is no direction
    """
    keys = ["map_no", "level_no"]
    placed = nodes.merge(levels, on=[*keys, "node_no"])
    rows = []
    for (map_no, level_no), own in placed.groupby(keys, sort=True):
        level_of = own.set_index("node_no")["trophic_level"]
        here = moves[(moves["map_no"] == map_no) & (moves["level_no"] == level_no)]
        climbs = level_of[here["to_no"]].to_numpy() - level_of[here["from_no"]].to_numpy()
        known = own.dropna(subset=["trophic_level", "stage_no"])
        known = known[known["node_no"].isin(largest_part(here))]
        height, stage = (known[name].to_numpy(float) for name in ("trophic_level", "stage_no"))
        rows.append(
            {
                "map_no": map_no,
                "level_no": level_no,
                "moves": int(here["transitions"].sum()),
                "ordered": int(own["trophic_level"].notna().sum()),
                "compared": len(known),
                "rho": rank_correlation(height, stage),
                "incoherence": round(misfit(climbs, here["transitions"].to_numpy(float)), DIGITS),
            }
        )
    names = [*keys, "moves", "ordered", "compared", "rho", "incoherence"]
    return pd.DataFrame(rows, columns=names)
