"""What the bytes of a file say, in one pass and independently of the parser that loads it."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from .endings import foreign
from .files import InputFile
from .header import Header
from .streams import LONGEST_RECORD, Unmarked, open_countable
from .unfolded import count_events, unfold_of

_BLOCK = 4 << 20
WIDEST_RECORD = 200
"""Lines that a quoted record may span, in a damaged file and in one of a single column.

Elsewhere lines that look like records tell a quote that was never closed from a long text.
"""

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Profile:
    """What one pass over a file found.

    `records` counts what stands between line ends outside quotes, without blank lines and with the
    header; for Parquet it is what the footer says. `lines` counts line ends alone. `is_orderly`:
    each quote opens at the start of a cell and closes at its end, so that every parser finds the
    same records; otherwise the file is split line by line. `fault`: why it cannot be read at all.
    """

    content_hash: str
    bytes: int
    records: int = 0
    lines: int = 0
    longest: int = 0
    is_utf8: bool = True
    is_orderly: bool = True
    fault: str | None = None


def profile(file: InputFile, head: Header | None) -> Profile:
    """Read a file once and return its hash, its record count and what is wrong with it.

    `head` is the header of a CSV file; None for the other formats.
    """
    digest = hashlib.sha256()
    size = 0
    try:
        with file.path.open("rb") as raw:
            while block := raw.read(_BLOCK):
                digest.update(block)
                size += len(block)
    except OSError as error:
        return Profile(digest.hexdigest(), size, fault=f"the file cannot be read ({error})")
    if file.format == "parquet":
        return _parquet(file, digest.hexdigest(), size)
    if (told := foreign(file.path)) is not None:
        return Profile(digest.hexdigest(), size, fault=f"this is {told}")
    if (unfold := unfold_of(file)) is not None:
        events, fault = count_events(file, unfold)
        return Profile(digest.hexdigest(), size, events, fault=fault)
    counter = _Counter(head)
    fault = None
    try:
        with open_countable(file.path, file.source.encoding) as plain:
            for lines in _whole_lines(plain, counter):
                counter.add(lines)
        counter.finish()
    except Unmarked as error:
        fault = str(error)
    except (EOFError, zlib.error, gzip.BadGzipFile, OSError) as error:
        fault = f"the archive is damaged or cut short ({error})"
    return Profile(
        digest.hexdigest(),
        size,
        counter.records,
        counter.lines,
        counter.longest,
        counter.is_utf8,
        counter.is_orderly,
        fault,
    )


def _parquet(file: InputFile, digest: str, size: int) -> Profile:
    try:
        return Profile(digest, size, pq.read_metadata(file.path).num_rows)
    except (pa.ArrowException, OSError) as error:
        reason = str(error).splitlines()[0]
        return Profile(digest, size, fault=f"this is no readable Parquet file ({reason})")


def _whole_lines(plain: IO[bytes], counter: _Counter) -> Iterator[bytes]:
    """Yield the stream in pieces that end at line ends; a line that is too long is cut out."""
    rest = plain.read(3).removeprefix(codecs.BOM_UTF8)
    while block := plain.read(_BLOCK):
        rest += block
        cut = max(rest.rfind(b"\n"), rest.rfind(b"\r", 0, -1)) + 1
        if cut:
            yield rest[:cut]
            rest = rest[cut:]
        elif len(rest) > LONGEST_RECORD:
            counter.is_orderly = False
            rest = rest[-1:]
    if rest:
        yield rest


class _Counter:
    """Counts lines and records by line ends and quotes, without looking at columns."""

    def __init__(self, head: Header | None) -> None:
        self._quoted = head is not None and head.is_quoted
        self._is_json = head is None
        delimiter = head.delimiter.encode() if head else b","
        self._delimiter = delimiter[0] if len(delimiter) == 1 else None
        self._columns = len(head.names) if head else 0
        self._utf8 = codecs.getincrementaldecoder("utf-8")()
        self._in_quotes = False
        self._open_lines = 0
        self._open_bytes = 0
        self.is_utf8 = True
        self.is_orderly = self._delimiter is not None
        self.records = 0
        self.lines = 0
        self.longest = 0

    def add(self, lines: bytes) -> None:
        """Count a piece of the file that begins and ends at line ends."""
        data: Bytes = np.frombuffer(lines, dtype=np.uint8)
        if self.is_utf8 and data.max() >= 128:
            try:
                self._utf8.decode(lines)
            except UnicodeDecodeError:
                self.is_utf8 = False
        ends = _line_ends(lines, data)
        self.lines += len(ends)
        if self._quoted and (b'"' in lines or self._in_quotes):
            ends = self._outside(data, ends)
        starts = np.concatenate(([0], ends[:-1] + 1)) if len(ends) else ends
        widths = ends - starts
        if len(widths):
            widths[0] += self._open_bytes
            self.longest = max(self.longest, int(widths.max()))
            self._open_bytes = 0
        last = int(ends[-1]) + 1 if len(ends) else 0
        self._open_bytes += len(data) - last
        self.longest = max(self.longest, self._open_bytes)
        self.is_orderly &= self.longest <= LONGEST_RECORD
        self.records += len(ends) - self._blank(lines, data, starts, widths)

    def _blank(self, lines: bytes, data: Bytes, starts: Places, widths: Places) -> int:
        """How many of the lines are empty; for JSON, how many hold nothing but white space."""
        if not len(widths):
            return 0
        first = data[np.minimum(starts, len(data) - 1)]
        blank = (widths == 0) | ((widths == 1) & (first == 13))
        found = int(np.count_nonzero(blank))
        if self._is_json:
            inked = ~blank & ((first == 32) | (first == 9))
            for place in np.flatnonzero(inked):
                start = int(starts[place])
                found += not lines[start : start + int(widths[place])].strip()
        return found

    def _outside(self, data: Bytes, ends: Places) -> Places:
        """The line ends outside quotes; notes what a parser could stumble over on the way."""
        quotes = np.flatnonzero(data == 34)
        first = int(self._in_quotes)
        opening, closing = quotes[first::2], quotes[1 - first :: 2]
        before = data[np.maximum(opening - 1, 0)]
        before = np.where(opening == 0, 10, before)
        after = data[np.minimum(closing + 1, len(data) - 1)]
        after = np.where(closing == len(data) - 1, 10, after)
        for beside in (before, after):
            fine = (beside == self._delimiter) | (beside == 34) | (beside == 10) | (beside == 13)
            self.is_orderly = self.is_orderly and bool(fine.all())
        inside = (np.searchsorted(quotes, ends) + first) % 2 == 1
        if inside.any():
            self._look_inside(data, ends, inside)
        else:
            self._open_lines = 0
        self._in_quotes = bool((len(quotes) + first) % 2)
        outside: Places = ends[~inside]
        return outside

    def _look_inside(self, data: Bytes, ends: Places, inside: npt.NDArray[np.bool_]) -> None:
        """Suspect quoted records that span many lines, or lines that look like whole records."""
        breaks = np.flatnonzero(~inside)
        spans = np.diff(np.concatenate(([-1 - self._open_lines], breaks, [len(inside)])))
        if int(spans.max()) > WIDEST_RECORD and self._columns <= 1:
            self.is_orderly = False
        self._open_lines = int(spans[-1]) - 1
        within = inside & np.concatenate(([self._in_quotes], inside[:-1]))
        if within.any() and self._columns > 1 and self.is_orderly:
            starts = np.concatenate(([0], ends[:-1] + 1))
            cuts = np.flatnonzero(data == self._delimiter)
            counts = np.searchsorted(cuts, ends) - np.searchsorted(cuts, starts)
            if bool((counts[within] == self._columns - 1).any()):
                self.is_orderly = False

    def finish(self) -> None:
        """Count what stands after the last line end."""
        self.is_orderly &= not self._in_quotes
        if self.is_utf8:
            try:
                self._utf8.decode(b"", True)
            except UnicodeDecodeError:
                self.is_utf8 = False


def _line_ends(lines: bytes, data: Bytes) -> Places:
    """Places of the last byte of each line end: LF, CR LF, or CR alone; the end of the file too."""
    ends: Places = np.flatnonzero(data == 10)
    if b"\r" in lines:
        returns = np.flatnonzero(data == 13)
        following = data[np.minimum(returns + 1, len(data) - 1)]
        alone = returns[(following != 10) | (returns == len(data) - 1)]
        if len(alone):
            ends = np.sort(np.concatenate((ends, alone)))
    if not len(ends) or int(ends[-1]) != len(data) - 1:
        ends = np.append(ends, len(data))
    return ends
