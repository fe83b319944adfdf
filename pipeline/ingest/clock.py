"""Times of the usual ISO shapes read batch by batch, many times faster than with patterns."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

COLUMNS = ("local_fast", "utc_fast")
"""Microseconds without a zone, and in UTC; both NULL where SQL has to look at the text."""


def fast_times(texts: pa.StringArray) -> list[pa.Array]:
    """Return the columns `COLUMNS` for a column of ISO times.

    All values of a batch are read here or none: `2026-01-31`, `2026-01-31 10:00`,
    `2026-01-31T10:00:00`, and with `Z` at the end, with fractions or without. One that is written
    otherwise, or is no time, leaves the whole batch to SQL, so that no value depends on its batch.
    """
    nothing = pa.nulls(len(texts), pa.int64())
    if not len(texts):
        return [nothing, nothing]
    offsets = np.frombuffer(texts.buffers()[1], dtype=np.int32)
    offsets = offsets[texts.offset : texts.offset + len(texts) + 1]
    lengths = np.diff(offsets)
    shortest, longest = int(lengths.min()), int(lengths.max())
    if shortest < 10 or (shortest < 19 and shortest != longest):
        return [nothing, nothing]
    data = np.frombuffer(texts.buffers()[2], dtype=np.uint8)
    starts = offsets[:-1]
    if shortest >= 19 and not ((data[starts + 13] == 58) & (data[starts + 16] == 58)).all():
        return [nothing, nothing]
    if 10 < shortest < 19 and (shortest != 16 or not (data[starts + 13] == 58).all()):
        return [nothing, nothing]
    is_zoned = data[offsets[1:] - 1] == 90
    try:
        if is_zoned.all():
            read = pc.cast(texts, pa.timestamp("us", "UTC"))
            return [nothing, read.view(pa.int64())]
        read = pc.cast(texts, pa.timestamp("us"))
        return [read.view(pa.int64()), nothing]
    except pa.ArrowInvalid:
        return [nothing, nothing]
