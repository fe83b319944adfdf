"""Which pure function makes which model: frames, or Arrow tables, in and out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd
import pyarrow as pa

from . import alignment, estimates, graph, likeness, pains, stitch

LONGEST_PATH = 60
"""Nodes of a path that are spelled out."""
Makers = Mapping[str, Callable[..., pa.Table]]


def _paths(nodes: pa.Table) -> pa.Table:
    """The nodes of each path joined to one text."""
    keys = ["map_no", "level_no", "variant_no"]
    frame = nodes.to_pandas().sort_values([*keys, "place"])
    shown = frame[frame["place"] <= LONGEST_PATH].groupby(keys, sort=True)
    spelled = shown.agg(path=("node", " > ".join))
    spelled["places"] = frame.groupby(keys, sort=True)["place"].max()
    spelled["path"] += spelled["places"].gt(LONGEST_PATH).map({True: " > …", False: ""})
    return pa.Table.from_pandas(spelled.reset_index(), preserve_index=False)


def _of_frames(make: Callable[..., pd.DataFrame]) -> Callable[..., pa.Table]:
    """The function of frames as one of Arrow tables; NaN becomes NULL."""

    def made(*tables: pa.Table) -> pa.Table:
        found = make(*(table.to_pandas() for table in tables))
        return pa.Table.from_pandas(found, preserve_index=False)

    return made


MAKERS: Makers = {
    "cut_links": stitch.cut_links,
    "found_levels": _of_frames(graph.found_levels),
    "identity_components": stitch.components,
    "outcome_intervals": _of_frames(estimates.shares),
    "path_intervals": _of_frames(estimates.shares),
    "walk_intervals": _of_frames(estimates.shares),
    "kpi_share_intervals": _of_frames(estimates.shares),
    "kpi_ratio_intervals": _of_frames(estimates.ratios),
    "kpi_chances": _of_frames(estimates.chances),
    "return_curves": _of_frames(estimates.return_curves),
    "pain_estimates": _of_frames(pains.pains),
    "joined_customers": stitch.joined_customers,
    "detour_intervals": _of_frames(estimates.detours),
    "path_fits": _of_frames(alignment.path_fits),
    "path_shapes": _of_frames(alignment.path_shapes),
    "order_fit": _of_frames(graph.order_fit),
    "similar_names": _of_frames(likeness.similar_names),
    "variant_paths": _paths,
}
"""The models that a pure function makes, from the tables that their headers say they read."""
