"""Ids that belong together: links in, persons out. Pure: frame → frame."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Numbers = NDArray[np.int64]
_NEVER = np.iinfo(np.int64).min


def components(ids: pa.Table, links: pa.Table, cut: pa.Table) -> pa.Table:
    """Return one row per id with the person it belongs to.

    `ids` has `id_no`; `links` and `cut` have `id_no` and `other_id_no`. Links that are not cut join
    ids; the person's number is the smallest `id_no` of its ids, so the order of rows is free.
    """
    numbers = np.sort(_column(ids, "id_no"))
    left, right = _pairs(links, numbers)
    if len(cut):
        gone = _packed(*_pairs(cut, numbers), len(numbers))
        kept = ~np.isin(_packed(left, right, len(numbers)), gone)
        left, right = left[kept], right[kept]
    labels = _labels(left, right, len(numbers))
    people = numbers[_first_of(labels)] if len(numbers) else numbers
    return pa.table(
        {"id_no": pa.array(numbers, pa.int64()), "person_no": pa.array(people, pa.int64())}
    )


def joined_customers(ids: pa.Table, links: pa.Table) -> pa.Table:
    """Return one row: into how many components all `links` join all `ids`."""
    numbers = np.sort(_column(ids, "id_no"))
    labels = _labels(*_pairs(links, numbers), len(numbers))
    count = int(labels.max()) + 1 if len(labels) else 0
    return pa.table({"customers": pa.array([count], pa.int64())})


def cut_links(ids: pa.Table, links: pa.Table, caps: pa.Table, setting: pa.Table) -> pa.Table:
    """Return one row per link that would give a person more ids of a kind than the caps allow.

    `ids` has `id_no` and `kind`; `links` has `id_no`, `other_id_no`, `events`, `last_us` and
    `is_declared`; `caps` has `kind` and `most`; `setting` has the `policy`. Only components over a
    cap are looked at: their links are taken from the strongest to the weakest, and a link
    that would join two sides with too many ids of a kind between them is cut.
    """
    most = dict(zip(caps["kind"].to_pylist(), caps["most"].to_pylist(), strict=True))
    found: list[tuple[int, int, str]] = []
    if setting["policy"][0].as_py() == "guarded" and len(links):
        found = _over_cap(ids, links, most)
    columns = list(zip(*sorted(found), strict=True)) if found else [(), (), ()]
    return pa.table(
        {
            "id_no": pa.array(columns[0], pa.int64()),
            "other_id_no": pa.array(columns[1], pa.int64()),
            "kind": pa.array(columns[2], pa.string()),
        }
    )


def _over_cap(ids: pa.Table, links: pa.Table, most: dict[str, int]) -> list[tuple[int, int, str]]:
    order = np.argsort(_column(ids, "id_no"))
    numbers = _column(ids, "id_no")[order]
    kinds = np.asarray(ids["kind"].to_numpy(zero_copy_only=False), dtype=object)[order]
    left, right = _pairs(links, numbers)
    labels = _labels(left, right, len(numbers))
    too_large = np.zeros(labels.max() + 1, dtype=bool)
    for kind, cap in most.items():
        too_large |= np.bincount(labels[kinds == kind], minlength=len(too_large)) > cap
    chosen = np.flatnonzero(too_large[labels[left]])
    events = _column(links, "events")[chosen]
    last = _column(links, "last_us", _NEVER)[chosen]
    declared = links["is_declared"].to_numpy(zero_copy_only=False)[chosen].astype(bool)
    strongest = np.lexsort((right[chosen], left[chosen], -last, -events, ~declared))
    parent: dict[int, int] = {}
    counts: dict[int, Counter[str]] = {}

    def root(node: int) -> int:
        while parent.setdefault(node, node) != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    found = []
    for link in chosen[strongest]:
        one, other = root(int(left[link])), root(int(right[link]))
        if one == other:
            continue
        sides = [counts.setdefault(side, Counter({str(kinds[side]): 1})) for side in (one, other)]
        together = sides[0] + sides[1]
        over = sorted(kind for kind, cap in most.items() if together[kind] > cap)
        if over:
            found.append((int(numbers[left[link]]), int(numbers[right[link]]), over[0]))
        else:
            parent[other] = one
            counts[one] = together
    return found


def _column(table: pa.Table, name: str, missing: int = 0) -> Numbers:
    values = table[name].combine_chunks()
    return np.asarray(values.fill_null(missing).to_numpy(zero_copy_only=False), dtype=np.int64)


def _pairs(links: pa.Table, numbers: Numbers) -> tuple[Numbers, Numbers]:
    left = np.searchsorted(numbers, _column(links, "id_no"))
    right = np.searchsorted(numbers, _column(links, "other_id_no"))
    return left, right


def _packed(left: Numbers, right: Numbers, size: int) -> Numbers:
    return left * np.int64(size) + right


def _labels(left: Numbers, right: Numbers, size: int) -> NDArray[np.int32]:
    ones = np.ones(len(left), dtype=np.int8)
    graph = coo_array((ones, (left, right)), shape=(size, size))
    return np.asarray(connected_components(graph, directed=False)[1])


def _first_of(labels: NDArray[np.int32]) -> Numbers:
    """For each place the first place that has the same label."""
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    return np.asarray(first[inverse], dtype=np.int64)
