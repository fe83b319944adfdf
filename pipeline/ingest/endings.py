"""What the name of a file says of its format, and what to do with those that are not read."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, cast

Format = Literal["csv", "jsonl", "parquet"]

_ENDINGS: dict[str, Format] = {
    **dict.fromkeys((".csv", ".tsv"), "csv"),
    **dict.fromkeys((".jsonl", ".ndjson", ".json"), "jsonl"),
    **dict.fromkeys((".parquet", ".pq"), "parquet"),
}
_UNPACK = "an archive that is not read; unpack it, or pack it as .gz or .zst"
_SAVE = "a spreadsheet; save the sheet with the events as CSV"
_EXPORT = "a format that is not read; export it as Parquet, CSV or JSON lines"
_ADVICE = {
    **dict.fromkeys((".zip", ".7z", ".rar", ".tar", ".tgz", ".bz2", ".xz"), _UNPACK),
    **dict.fromkeys((".xlsx", ".xls", ".xlsb", ".ods", ".numbers"), _SAVE),
    **dict.fromkeys((".avro", ".orc", ".feather", ".arrow", ".sqlite", ".xml"), _EXPORT),
}
_FOREIGN = {
    b"PK\x03\x04": "a ZIP archive or a spreadsheet; unpack it, or save its sheet as CSV",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet; save its sheet as CSV",
    b"BZh": "packed as bzip2; unpack it, or pack it as .gz or .zst",
    b"\xfd7zXZ": "packed as xz; unpack it, or pack it as .gz or .zst",
    b"PAR1": "Parquet; rename it to .parquet, or set format = 'parquet'",
}


def format_of(path: Path, declared: str = "auto") -> Format | None:
    """Return the format that is declared, or that the ending tells; None where neither does.

    >>> format_of(Path("web.CSV.gz")), format_of(Path("orders.xlsx"))
    ('csv', None)
    """
    if declared != "auto":
        return cast(Format, declared)
    endings = [ending.lower() for ending in path.suffixes]
    while endings and endings[-1] in (".gz", ".zst"):
        endings.pop()
    return _ENDINGS.get(endings[-1]) if endings else None


def advice(path: Path) -> str | None:
    """Return what to do with a file that holds events and is not read; None: it is none of these.

    >>> advice(Path("orders.xlsx"))
    'a spreadsheet; save the sheet with the events as CSV'
    """
    return _ADVICE.get(path.suffix.lower()) if format_of(path) is None else None


def foreign(path: Path) -> str | None:
    """Return what a file that should be text is by its first bytes and is no text; None: it may be.

    Raises OSError where it cannot be read.
    """
    with path.open("rb") as raw:
        start = raw.read(8)
    return next((told for mark, told in _FOREIGN.items() if start.startswith(mark)), None)
