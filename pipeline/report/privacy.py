"""Privacy: cells of fewer than k customers are hidden, and none can be found by subtraction.

A line is a set of cells whose total is shown: the row of a table, the values of a segment, the
outcomes of a view. Where a line hides a single cell, or cells that are fewer than k customers
together, its next smallest is hidden too, until no line does. What is hidden is told as (other).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

OTHER = "(other)"
VIEW = ["map_name", "segment", "value", "among"]


def hidden(
    customers: pd.Series,
    ways: Sequence[pd.Series],
    k: int,
    *,
    shared: Sequence[pd.Series] = (),
    folded: pd.Series | None = None,
    present: pd.Series | None = None,
    gone: pd.Series | None = None,
) -> pd.Series:
    """Return which cells are not shown; an empty cell is never hidden.

    Each of `ways` names the line of every cell in one direction, null where it is in none; in a
    line of `shared` a customer may be in several cells, so there the largest counts, not the sum.
    `folded` marks cells that are (other) already: they are company for what is hidden. `present`
    says which cells are not empty, where they may hold something and yet no customer counts there;
    `gone` are cells that are not shown in any case.

    >>> cells = pd.Series([9, 7, 2])
    >>> hidden(cells, [pd.Series(0, cells.index)], k=5).tolist()
    [False, True, True]
    """
    other = pd.Series(False, customers.index) if folded is None else folded
    ways, shared = ([way for way in some if way.notna().any()] for some in (ways, shared))
    there = customers > 0 if present is None else present
    told = there & (customers < k) & ~other
    if gone is not None:
        told |= there & gone
    while True:
        more: set[int] = set()
        for way, how in [(way, "sum") for way in ways] + [(way, "max") for way in shared]:
            unseen = told | (other & there)
            cells = pd.DataFrame({"unseen": unseen, "n": customers.where(unseen, 0), "told": told})
            sums = cells.groupby(way)[["unseen", "told"]].transform("sum").fillna(0)
            n = cells.groupby(way)["n"].transform(how).fillna(0)
            lone = (sums["unseen"] == 1) & (sums["told"] == 1)
            lacks = (sums["unseen"] > 0) & ((n < k) | lone)
            free = lacks & ~unseen & there
            more.update(customers[free].groupby(way[free]).idxmin())
        if not more:
            return told
        told[list(more)] = True


def line(frame: pd.DataFrame, keys: Sequence[str], where: pd.Series | None = None) -> pd.Series:
    """Return the line of each row: rows that share the keys are one; null outside of `where`."""
    named = frame.groupby(list(keys), sort=False, dropna=False).ngroup().astype("float")
    return named if where is None else named.where(where)


def across(frame: pd.DataFrame, item: Sequence[str]) -> list[pd.Series]:
    """Return the lines of a cell across the values of its segment, and across the outcomes."""
    found = []
    for key, rest in (
        ("segment", ("map_name", "level", "segment", "among")),
        ("among", ("map_name", "level", "segment", "value")),
    ):
        if key in frame.columns:
            keys = [one for one in rest if one in frame.columns]
            found.append(line(frame, [*keys, *item], frame[key] != "all"))
    return found


def within(frame: pd.DataFrame, keys: Sequence[str], known: pd.MultiIndex) -> pd.Series:
    """Return which rows have keys that are known."""
    return pd.Series(pd.MultiIndex.from_frame(frame[list(keys)]).isin(known), frame.index)


def seen(frame: pd.DataFrame, gone: pd.MultiIndex) -> pd.Series:
    """Return the customers of each cell; none where the whole view is gone."""
    return frame["customers"].mask(within(frame, VIEW, gone), 0)


def summed(frame: pd.DataFrame, keys: Sequence[str], counts: Sequence[str]) -> pd.DataFrame:
    """Return rows that became alike as one, in the order in which the first of them stood."""
    rest = [name for name in frame.columns if name not in (*keys, *counts)]
    how = {**dict.fromkeys(counts, "sum"), **dict.fromkeys(rest, "first")}
    made = frame.groupby(list(keys), sort=False, dropna=False, as_index=False).agg(how)
    return made[list(frame.columns)]


def retotalled(frame: pd.DataFrame, keys: Sequence[str], pairs: Mapping[str, str]) -> pd.DataFrame:
    """Return the frame with the totals of its lines summed anew."""
    sums = frame.groupby(list(keys), sort=False, dropna=False)
    return frame.assign(**{whole: sums[part].transform("sum") for whole, part in pairs.items()})


def blanked(frame: pd.DataFrame, rows: pd.Series) -> pd.DataFrame:
    """Return the frame without times, shares across sessions and examples of the rows."""
    told = {"median_s": np.nan, "median_days": np.nan, "across_share": np.nan, "example_no": pd.NA}
    if "example_no" in frame:
        frame = frame.assign(example_no=frame["example_no"].astype("Int64"))
    return frame.assign(
        **{name: frame[name].mask(rows, none) for name, none in told.items() if name in frame}
    )
