"""Whatever the bytes: every record read is accepted or rejected, and nothing crashes."""

from __future__ import annotations

import csv
import gzip
import io
import tempfile
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import SquiggleError
from pipeline.ingest.store import Entry

from .test_ingest_corpus import accepted, ingested

HEAD = b"who,at,what\n"
pieces = st.sampled_from(
    [
        b'"',
        b",",
        b"\n",
        b"\r",
        b"\r\n",
        b'""',
        b'",',
        b',"',
        b"2026-01-01",
        b"u,2026-01-01,x\n",
        b'"u,2026-01-01,x\n',
        b" ",
        b"\0",
        b"\xff",
        "é".encode(),
        b"\xef\xbb\xbf",
        b"x",
        b"\t",
        b";",
    ]
)
damaged = st.lists(st.one_of(pieces, st.binary(max_size=4)), max_size=40).map(b"".join)


MANY = settings().max_examples // 3
"""Examples of a test: half of the profile's, for each goes through the whole of ingest."""


def accounted(name: str, data: bytes) -> tuple[Entry, list[dict[str, Any]]] | None:
    """Ingest one file, hold its account, and return it with the records; None: refused in words."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / name).write_bytes(data)
        try:
            [part] = ingested(place, {"files": name})
        except SquiggleError as error:
            assert ": " in str(error)
            return None
        entry = part.entry
        rejects = pq.read_table(part.rejects).to_pylist()
        assert entry.rows_read == entry.rows_accepted + entry.rows_rejected
        assert entry.fault or len(rejects) == entry.rows_rejected
        rows = accepted(part)
        numbers = [row["row_no"] for row in [*rows, *rejects] if row["row_no"]]
        assert sorted(numbers) == list(range(1, entry.rows_read + 1))
        return entry, rows


@given(damaged)
@settings(max_examples=MANY)
def test_a_csv_file_of_any_bytes_is_accounted_for(body: bytes) -> None:
    accounted("log.csv", HEAD + body)


@given(damaged)
@settings(max_examples=MANY // 2)
def test_a_header_of_any_bytes_is_read_or_refused_in_words(start: bytes) -> None:
    accounted("log.csv", start + HEAD + b"u,2026-01-01,x\n")


@given(
    st.lists(
        st.one_of(pieces, st.sampled_from([b'{"at":"2026-01-01","what":"x"}\n', b'{"at":', b"}"])),
        max_size=30,
    ).map(b"".join)
)
@settings(max_examples=MANY)
def test_a_json_file_of_any_bytes_is_accounted_for(body: bytes) -> None:
    accounted("log.jsonl", b'{"at":"2026-01-01","what":"x"}\n' * 3 + body)


@given(st.integers(0, 10_000), st.integers(1, 255))
@settings(max_examples=MANY // 2)
def test_an_archive_with_a_flipped_byte_is_refused_or_read_as_a_whole(
    place: int, flip: int
) -> None:
    whole = HEAD + b"".join(b"u%d,2026-01-01,x\n" % number for number in range(200))
    packed = bytearray(gzip.compress(whole, mtime=0))
    packed[place % len(packed)] ^= flip
    told = accounted("log.csv.gz", bytes(packed))
    assert told is None or told[0].fault or told[0].rows_accepted == 200


BLANK = " \t\n\r\v\f\u00a0\u200b\ufeff"
cells = st.text(st.characters(exclude_categories=("Cs", "Co"), exclude_characters="\r"), max_size=8)


@given(st.lists(st.tuples(cells, cells), max_size=20), st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=MANY // 2)
def test_what_the_standard_library_writes_is_loaded_cell_by_cell(
    rows: list[tuple[str, str]], line_end: str
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=line_end)
    writer.writerow(("who", "at", "what"))
    for who, note in rows:
        writer.writerow((who, "2026-01-01 10:00:00", f"x{note}"))
    told = accounted("log.csv", out.getvalue().encode())
    assert told is not None
    assert [row["event"] for row in told[1]] == [f"x{note}".strip(BLANK) for _, note in rows]
