"""Results as frames, whole numbers exactly as they are, and as Arrow tables."""

from __future__ import annotations

import warnings

import duckdb
import pandas as pd
import pyarrow as pa

_WIDE = ("HUGEINT", "UHUGEINT")


def frame_of(found: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return the frame of a result; sums of whole numbers, which DuckDB's rounds, as objects."""
    sums = [name for name, kind, *_ in found.description or [] if str(kind) in _WIDE]
    if not sums:
        return found.df()
    told = arrow_of(found)
    for place, field in enumerate(told.schema):
        if pa.types.is_decimal(field.type) and field.name not in sums:
            told = told.set_column(place, field.name, told.column(place).cast(pa.float64()))
    frame = told.to_pandas()
    for place, name in enumerate(told.column_names):
        if name in sums:
            whole = [None if one is None else int(one) for one in told.column(place).to_pylist()]
            frame.isetitem(place, pd.Series(whole, dtype=object, index=frame.index))
    return frame


def arrow_of(found: duckdb.DuckDBPyConnection) -> pa.Table:
    """Return the Arrow table of a result."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that rows are copied once more
        told: pa.Table = found.to_arrow_table()
    return told
