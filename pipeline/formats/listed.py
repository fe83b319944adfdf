"""Records of JSON, those of one list or one a line: exports of interfaces write the list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

from .unfolding import LONGEST, Damaged, Unfold

_BLOCK = 1 << 20
_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|["{}]', re.DOTALL)
_LIST = re.compile(rb"\s*\[\s*\{")
_BETWEEN = b"[], \t\r\n"


def is_list(start: bytes) -> bool:
    """Whether a text that begins so is one JSON list of objects.

    >>> is_list(b'[\\n  {"id": 1},'), is_list(b'{"id": 1}'), is_list(b"[1, 2]")
    (True, False, False)
    """
    return _LIST.match(start) is not None


def lines(stream: IO[bytes]) -> Iterator[str]:
    """Yield each record as text without line ends; one that is no JSON as it stands."""
    yield from map(as_line, records(stream))


def as_line(record: bytes) -> str:
    """Return a record as one line."""
    return record.decode("utf-8", errors="replace").replace("\n", " ").replace("\r", " ")


def count(stream: IO[bytes]) -> int:
    """Return how many records there are."""
    return sum(1 for _ in records(stream))


UNFOLD = Unfold(lines, count, is_text=True)


def records(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield each record as text: those of one JSON list, or one a line."""
    start = b""
    while not start.strip() and (block := stream.read(_BLOCK)):
        start = block
    if start.lstrip().startswith(b"["):
        yield from _listed(stream, start)
    else:
        yield from _lined(stream, start)


def _lined(stream: IO[bytes], rest: bytes) -> Iterator[bytes]:
    while True:
        *whole, rest = rest.split(b"\n")
        yield from (line.strip() for line in whole if line.strip())
        if len(rest) > LONGEST:
            raise Damaged(f"one of its lines is longer than {LONGEST >> 20} MB")
        block = stream.read(_BLOCK)
        if not block:
            break
        rest += block
    if rest.strip():
        yield rest.strip()


def _listed(stream: IO[bytes], text: bytes) -> Iterator[bytes]:
    """The objects of a JSON list, found by their braces: the list itself may be endless."""
    depth = begun = seen = 0
    is_over = False
    while True:
        for token in _TOKEN.finditer(text, seen):
            if token[0] == b'"':
                break  # a string that goes on in the next block
            seen = token.end()
            if token[0] == b"{":
                if depth == 0:
                    _check(text[begun : token.start()])
                    begun = token.start()
                depth += 1
            elif token[0] == b"}":
                depth -= 1
                if depth < 0:
                    raise Damaged("a brace is closed that was never opened")
                if depth == 0:
                    yield text[begun:seen]
                    begun = seen
        else:
            seen = len(text)
        if is_over:
            break
        text, seen, begun = text[begun:], seen - begun, 0
        if len(text) > LONGEST:
            raise Damaged(f"one of its records is longer than {LONGEST >> 20} MB")
        block = stream.read(_BLOCK)
        is_over = not block
        text += block
    if depth or not text.rstrip().endswith(b"]"):
        raise Damaged("its list has no end: the file is cut short")
    _check(text[begun:])


def _check(between: bytes) -> None:
    if between.strip(_BETWEEN):
        raise Damaged("its list holds something else than records")
