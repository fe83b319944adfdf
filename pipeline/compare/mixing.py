"""Why a rate differs: because the groups are mixed otherwise, or because the same parts differ."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..statistics import is_reversed, kitagawa

SUMMED = ["figure", "item", "segment", "values", "followed_a", "followed_b", "rate_a", "rate_b"]
SUMMED += ["difference", "mix", "rate", "is_reversed"]
PARTS = ["figure", "item", "segment", "value", "followed_a", "followed_b", "weight_a", "weight_b"]
PARTS += ["rate_a", "rate_b", "mix", "rate"]


def mixes(
    counted: pd.DataFrame, stages: pd.DataFrame, *, least: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return how far mix and rate explain each difference, in sum and value by value.

    Takes `compare_mixes` with the names segment and value, and one row per stage (stage_no, figure,
    item, is_drop). Rates are of the journeys that were followed for T, so that those of the values
    add up to the group's; mix + rate = difference. `is_reversed` is Simpson's alarm: each value
    with `least` journeys in both groups moved one way, the total another.
    """
    totals, parts = [], []
    for stage in stages.itertuples():
        own = counted[counted["stage_no"] == stage.stage_no]
        for segment, rows in own.groupby("segment", sort=False):
            sides = [_side(rows, group_no, bool(stage.is_drop)) for group_no in (1, 2)]
            values = rows.drop_duplicates("value_no").sort_values("value_no")["value"].tolist()
            (n_a, r_a), (n_b, r_b) = (
                (one.reindex(values, fill_value=0) for one in s) for s in sides
            )
            if not n_a.sum() or not n_b.sum():
                continue
            w_a, w_b = n_a / n_a.sum(), n_b / n_b.sum()
            r_a, r_b = r_a.where(n_a > 0), r_b.where(n_b > 0)
            found = kitagawa(w_a, r_a, w_b, r_b)
            total_a, total_b = (
                float((w_a * r_a.fillna(0)).sum()),
                float((w_b * r_b.fillna(0)).sum()),
            )
            alarm = is_reversed(found.total, r_a, r_b, n_a, n_b, least=least)
            head = (stage.figure, stage.item, segment)
            totals.append(
                (*head, len(values), n_a.sum(), n_b.sum(), total_a, total_b)
                + (found.total, found.mix, found.rate, alarm)
            )
            columns = (n_a, n_b, w_a, w_b, r_a, r_b, found.mix_parts, found.rate_parts)
            parts += [(*head, *row) for row in zip(values, *columns, strict=True)]
    return pd.DataFrame(totals, columns=SUMMED), pd.DataFrame(parts, columns=PARTS)


def _side(rows: pd.DataFrame, group_no: int, is_drop: bool) -> tuple[pd.Series, pd.Series]:
    own = rows[rows["group_no"] == group_no].set_index("value")
    share = own["progressed"] / own["followed"].replace(0, np.nan)
    return own["followed"], 1 - share if is_drop else share
