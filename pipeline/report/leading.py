"""Small groups on links from column to column: they are led through (other), and sums stay."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from .privacy import OTHER, VIEW, across, blanked, hidden, line, retotalled, seen, summed, within

COUNTS = ("journeys", "customers")
TOTALS = {f"of_{count}": count for count in COUNTS}


def flows(frame: pd.DataFrame, k: int, gone: pd.MultiIndex) -> pd.DataFrame:
    """Return the links between stages without groups of fewer than k."""
    frame = frame.assign(
        end=frame["to_stage"] + frame["outcome"].fillna(""), is_first=frame["step_no"] == 1
    )
    told = _led(frame, VIEW, k, gone).drop(columns=["end", "is_first"])
    out = [*VIEW, "step_no", "is_beyond", "from_stage"]
    return retotalled(told, out, TOTALS).drop(columns="is_beyond")


def around(frame: pd.DataFrame, k: int, gone: pd.MultiIndex) -> pd.DataFrame:
    """Return the links around each anchor; an anchor that few of a view visit is not told there."""
    met = frame[frame["step_no"] == 0].drop_duplicates([*VIEW, "anchor"]).reset_index(drop=True)
    met = met.assign(customers=met["of_customers"])
    few = hidden(seen(met, gone), across(met, ["anchor"]), k, present=met["of_journeys"] > 0)
    keys = [*VIEW, "anchor"]
    unseen = pd.MultiIndex.from_frame(met.loc[few, keys])
    frame = frame[~within(frame, keys, unseen)].reset_index(drop=True)
    plain = frame.rename(columns={"from_node": "from_stage", "to_node": "to_stage"}).assign(
        outcome=None,
        end=frame["to_node"],
        is_first=(frame["step_no"] == -3) | (frame["from_node"] == "(start)"),
    )
    told = _led(plain, keys, k, gone)
    return told.rename(columns={"from_stage": "from_node", "to_stage": "to_node"}).drop(
        columns=["end", "is_first", "is_beyond", "outcome"]
    )


def _led(frame: pd.DataFrame, keys: Sequence[str], k: int, gone: pd.MultiIndex) -> pd.DataFrame:
    """Small nodes of a column become one; small links are led through (other) between columns.

    A hidden link is told twice, without its other end: `between`, by where it comes from, and
    `beyond`, by where it goes. `is_first` marks links whose source no earlier link enters.
    """
    counts = list(COUNTS)
    first = frame[frame["is_first"]]
    first = first.assign(
        column=first["step_no"],
        node=first["from_stage"],
        is_real=~first["from_stage"].str.startswith("("),
    )
    onward = frame.assign(
        column=frame["step_no"] + 1, node=frame["end"], is_real=~frame["end"].str.startswith("(")
    )
    at = ["column", "node"]
    nodes = pd.concat([first, onward])
    nodes = nodes.groupby([*keys, *at, "is_real"], sort=False, as_index=False)[counts].sum()
    # Those that go on are a cell too, beside those that end: both are lines.
    ways = [line(nodes, [*keys, "column"]), line(nodes, [*keys, "column"], nodes["is_real"])]
    ways += across(nodes, [*keys[len(VIEW) :], *at])
    unseen = hidden(seen(nodes, gone), ways, k, present=nodes["journeys"] > 0)
    small = pd.MultiIndex.from_frame(nodes.loc[unseen, [*keys, *at]])
    left = within(frame, [*keys, "step_no", "from_stage"], small)
    ends = within(frame.assign(column=frame["step_no"] + 1), [*keys, "column", "end"], small)
    # Where fewer than k go on, nobody is followed any further.
    going = frame.groupby([*keys, "step_no"], sort=False)["customers"].transform("sum") >= k
    frame, left, ends = frame[going], left[going], ends[going]
    frame = blanked(frame, left | ends).assign(
        from_stage=frame["from_stage"].mask(left, OTHER),
        to_stage=frame["to_stage"].mask(ends, OTHER),
        end=frame["end"].mask(ends, OTHER),
        outcome=frame["outcome"].mask(ends, None),
        direction=frame["direction"].mask(left | ends, "other"),
    )
    link = ["step_no", "from_stage", "to_stage", "end", "outcome", "direction"]
    frame = summed(frame, [*keys, *link], counts)
    ways = [line(frame, [*keys, "step_no", side]) for side in ("from_stage", "end")]
    ways += across(frame, [*keys[len(VIEW) :], "step_no", "from_stage", "end"])
    unseen = hidden(seen(frame, gone), ways, k, present=frame["journeys"] > 0)
    into = frame[unseen].assign(to_stage=OTHER, end=OTHER, outcome=None, direction="between")
    onward = frame[unseen].assign(from_stage=OTHER, direction="beyond")
    bundle = [
        summed(blanked(part, unseen[unseen]), [*keys, *link], counts) for part in (into, onward)
    ]
    told = pd.concat([frame[~unseen], *bundle])
    told["is_beyond"] = told["direction"] == "beyond"
    order = [*keys, "step_no", "is_beyond"]
    return told.sort_values(order, kind="stable").reset_index(drop=True)
