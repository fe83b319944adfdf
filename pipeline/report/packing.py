"""Packing: frames as columns that the page reads by view, text that only this page may run."""

from __future__ import annotations

import gzip
import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

import pandas as pd

from . import wording

KEYS = ("map_name", "level", "segment", "value", "among", "anchor")
"""Columns of a query by which the reader chooses; every other column is shown."""

ROWS = 500  # of a table without keys; more are said to be more, and stay in the warehouse

_SHARES = ("_share", "_rate", "_lo", "_hi")
_OTHER_SHARES = {
    *("share", "coverage", "rate", "excess", "conversion_rate_naive"),
    *("conversion_with", "conversion_without", "conversion_difference"),
}
_NO_SHARES = {"recoverable_lo", "returns_lo", "returns_hi", "squiggle_lo", "squiggle_hi"}
"""Ends of intervals of money, of numbers per hundred, and of an index, written as these are."""


def packed(text: str) -> str:
    """Return text, compressed and as letters; the same text gives the same letters."""
    return b64encode(gzip.compress(text.encode("utf-8"), 9, mtime=0)).decode("ascii")


def fingerprint(script: str) -> str:
    """Return the source expression that lets a policy run exactly this script and no other."""
    return f"'sha256-{b64encode(sha256(script.encode('utf-8')).digest()).decode('ascii')}'"


def as_json(value: Any) -> str:
    """Return JSON without spaces; numbers that are none are refused."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def table(frame: pd.DataFrame, *, by_view: bool = True) -> dict[str, Any]:
    """Return a frame as columns, text as codes of words, and where each view's rows are.

    Rows that share all keys are put together, each group in the order of the query. Where a table
    is not read `by_view`, it has no keys.
    """
    keys = [key for key in KEYS if by_view and key in frame.columns]
    shown = frame.head(ROWS)
    if keys:
        order = frame.groupby(keys, sort=False, dropna=False).ngroup()
        shown = frame.iloc[order.argsort(kind="stable")]
    listed = [_column(str(name), shown[name]) for name in shown.columns]
    places = {one["name"]: place for place, one in enumerate(listed)}
    return {
        "keys": keys,
        "columns": listed,
        "places": places,
        "length": len(shown),
        "total": len(frame),
        "groups": _groups([listed[places[key]]["values"] for key in keys]),
        "levels": listed[places["level"]]["words"] if "level" in keys else None,
    }


def kind(name: str, values: pd.Series) -> str:
    """Return how a column is written: as text, count, number, share, moment or flag."""
    if name in _OTHER_SHARES or (name.endswith(_SHARES) and name not in _NO_SHARES):
        return "share"
    if pd.api.types.is_bool_dtype(values):
        return "flag"
    if pd.api.types.is_datetime64_any_dtype(values):
        return "moment"
    if pd.api.types.is_integer_dtype(values):
        return "count"
    return "number" if pd.api.types.is_numeric_dtype(values) else "text"


def _column(name: str, values: pd.Series) -> dict[str, Any]:
    told = kind(name, values)
    if told == "text" or name in KEYS:
        codes, words = pd.factorize(values, use_na_sentinel=True)
        return {
            "name": name,
            "kind": told,
            "words": [str(word) for word in words],
            "values": codes.tolist(),
        }
    return {"name": name, "kind": told, "values": _cells(values, told)}


def _cells(values: pd.Series, told: str) -> list[Any]:
    if told == "count" and not values.hasnans:
        return list(values.astype("int64").tolist())
    found = [wording.cell(value) for value in values]
    return [float(f"{one:.7g}") if isinstance(one, float) else one for one in found]


def _groups(codes: Sequence[Sequence[int]]) -> Mapping[str, list[int]]:
    """Return the first row and the row after the last one of each combination of codes."""
    groups: dict[str, list[int]] = {}
    for place, row in enumerate(zip(*codes, strict=True)):
        groups.setdefault(".".join(map(str, row)), [place, place])[1] = place + 1
    return groups
