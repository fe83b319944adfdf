"""Names that look alike: written in several ways, and so counted as several."""

from __future__ import annotations

import re
import unicodedata

import pandas as pd

COLUMNS = ["kind", "name", "like_name", "events", "like_events"]


def plain(name: str) -> str:
    r"""Return the name without what only the way of writing adds.

    >>> plain("Add\u200b_To-Cart "), plain("Cafe\u0301") == plain("CAFÉ")
    ('add to cart', True)
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    seen = "".join(one for one in folded if unicodedata.category(one) != "Cf")
    return re.sub(r"[\s_\-\u2010-\u2015]+", " ", seen).strip()


def similar_names(written: pd.DataFrame) -> pd.DataFrame:
    """Return one row per name of `written_names` that looks like a more frequent one.

    Names that become the same touchpoint, or channel, are one already.
    """
    summed = written.groupby(["kind", "name"], as_index=False).agg(
        first_no=("becomes_no", "min"), last_no=("becomes_no", "max"), events=("events", "sum")
    )
    summed["plain"] = [plain(name) for name in summed["name"]]
    ordered = summed.sort_values(["kind", "plain", "events", "name"], ascending=[1, 1, 0, 1])
    leading = ordered.groupby(["kind", "plain"], sort=False).transform("first")
    ordered["like_name"], ordered["like_events"] = leading["name"], leading["events"]
    becomes = ["first_no", "last_no"]
    apart = (ordered[becomes] != leading[becomes]).any(axis=1)
    return ordered.loc[apart, COLUMNS].reset_index(drop=True)
