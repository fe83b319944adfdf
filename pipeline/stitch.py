"""Ids that belong together: links in, persons out. Pure: frame → frame."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


def components(ids: pa.Table, links: pa.Table) -> pa.Table:
    """Return one row per strong id with the person it belongs to.

    `ids` has `id_no`, `is_strong`; `links` has `id_no`, `other_id_no` and `rule`. Only links that
    merge make persons; the person's number is the smallest `id_no` of its ids, so the order of rows
    does not matter.
    """
    strong = ids["id_no"].to_numpy()[ids["is_strong"].to_numpy(zero_copy_only=False)]
    strong = np.sort(strong)
    if not len(strong):
        return _people(strong, strong)
    merges = np.asarray(links["rule"].to_numpy(zero_copy_only=False) == "merges", dtype=bool)
    left = np.searchsorted(strong, links["id_no"].to_numpy()[merges])
    right = np.searchsorted(strong, links["other_id_no"].to_numpy()[merges])
    size = len(strong)
    graph = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(size, size))
    _, labels = connected_components(graph, directed=False)
    smallest = np.full(labels.max() + 1, np.iinfo(np.int64).max, dtype=np.int64)
    np.minimum.at(smallest, labels, strong)
    return _people(strong, smallest[labels])


def _people(ids: np.ndarray, people: np.ndarray) -> pa.Table:
    return pa.table({"id_no": pa.array(ids, pa.int64()), "person_no": pa.array(people, pa.int64())})
