"""A damaged file cut into records line by line: after a quote that never closes, it goes on."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from .profile import WIDEST_RECORD
from .streams import LONGEST_RECORD

_BLOCK = 1 << 20
_SHOWN = 1_000


@dataclass(frozen=True)
class Record:
    """One record: its cells, or the reason why it has none; `lines` it takes in the file."""

    cells: list[bytes] | None
    reason: str | None
    raw: bytes
    lines: int


def split_lines(stream: IO[bytes]) -> Iterator[Record]:
    """Yield each line as a record of one cell; blank lines have neither cell nor reason."""
    for line in _lines(stream):
        body = line.rstrip(b"\r\n")
        if len(body) > LONGEST_RECORD:
            yield Record(None, "record_too_long", body[:_SHOWN], 1)
        elif not body or (body[:1] in b" \t" and not body.strip()):
            yield Record(None, None, b"", 1)
        else:
            yield Record([body], None, body, 1)


def split_records(
    stream: IO[bytes], *, delimiter: bytes, columns: int, time_place: int | None
) -> Iterator[Record]:
    """Yield the records of a CSV stream; blank lines have neither cells nor reason.

    A quote opens a cell only at its start; anywhere else it is a letter. A quoted cell that finds
    no end, or whose lines look like records of their own, is a quote that was never closed: its
    first line is rejected, and the next line is read as if nothing had happened. `time_place` is
    the column of the time: a line that has a time there looks like a record.
    """
    ahead: deque[bytes] = deque()
    lines = _lines(stream)

    def peek(place: int) -> bytes | None:
        while len(ahead) <= place:
            line = next(lines, None)
            if line is None:
                return None
            ahead.append(line)
        return ahead[place]

    def looks_whole(line: bytes) -> bool:
        cells = _cells(line, delimiter) if line.count(b'"') % 2 == 0 else None
        if cells is None or len(cells) != columns or time_place is None:
            return False
        return sum(letter in b"0123456789" for letter in cells[time_place]) >= 6

    while (line := ahead.popleft() if ahead else next(lines, None)) is not None:
        body = line.rstrip(b"\r\n")
        if not body:
            yield Record(None, None, b"", 1)
        elif len(body) > LONGEST_RECORD:
            yield Record(None, "record_too_long", body[:_SHOWN], 1)
        elif b'"' not in body:
            cells = body.split(delimiter)
            reason = None if len(cells) == columns else "wrong_column_count"
            yield Record(None if reason else cells, reason, body, 1)
        else:
            text, used = line, 0
            found = _cells(text, delimiter)
            while found is None and used < WIDEST_RECORD and len(text) <= LONGEST_RECORD:
                following = peek(used)
                if following is None or len(following) > LONGEST_RECORD or looks_whole(following):
                    break
                text += following
                used += 1
                found = _cells(text, delimiter) if b'"' in following else None
            if found is None or (used and len(found) != columns):
                yield Record(None, "quote_unclosed", body, 1)
                continue
            for _ in range(used):
                ahead.popleft()
            raw = text.rstrip(b"\r\n")
            reason = None if len(found) == columns else "wrong_column_count"
            yield Record(None if reason else found, reason, raw, used + 1)


def _cells(text: bytes, delimiter: bytes) -> list[bytes] | None:
    """The cells of a record; None where a quoted cell has no end in it, or has it on a line
    where text goes on behind the quote."""
    whole = text.rstrip(b"\r\n")
    cells: list[bytes] = []
    place = 0
    while True:
        if whole[place : place + 1] == b'"':
            end = _closing(whole, place + 1, delimiter)
            if end is None:
                return None
            cells.append(whole[place + 1 : end].replace(b'""', b'"'))
            place = end + 1
        else:
            end = whole.find(delimiter, place)
            end = len(whole) if end < 0 else end
            cells.append(whole[place:end])
            place = end
        if place >= len(whole):
            return cells
        place += len(delimiter)


def _closing(whole: bytes, start: int, delimiter: bytes) -> int | None:
    """The place of the quote that closes a cell; a quote inside its first line may be a letter."""
    place = whole.find(b'"', start)
    while place >= 0:
        after = place + 1
        if after == len(whole) or whole.startswith(delimiter, after):
            return place
        if whole[after : after + 1] == b'"':
            place = whole.find(b'"', after + 1)
            continue
        if b"\n" in whole[start:place] or b"\r" in whole[start:place]:
            return None
        place = whole.find(b'"', after)
    return None


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield lines with their ends; of a line that is too long, only as much as shows it."""
    rest = b""
    is_skipping = False
    while block := stream.read(_BLOCK):
        rest += block
        lines = rest.splitlines(keepends=True)
        # The last line may go on in the next block, and so may a CR that is half of a CR LF.
        rest = lines.pop() if lines else b""
        for line in lines:
            if not is_skipping:
                yield line
            is_skipping = False
        if is_skipping:
            rest = rest[-1:]
        elif len(rest) > LONGEST_RECORD + 2:
            yield rest
            rest, is_skipping = rest[-1:], True
    if rest and not is_skipping:
        yield rest
