"""XES event logs (IEEE 1849) as JSON lines: an event's attributes beside those of its case."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import IO
from xml.parsers import expat

from .unfolding import LONGEST, Damaged, Unfold

_BLOCK = 1 << 16
_VALUES = {"string", "date", "int", "float", "boolean", "id"}


def lines(stream: IO[bytes]) -> Iterator[str]:
    """Yield each event as a JSON object of texts; attributes of its trace are called `case:…`.

    Attributes inside attributes, lists and the log's defaults are left out.
    """
    reading = _Reading()
    for _ in _fed(stream, reading.start, reading.end):
        yield from reading.ready
        reading.ready.clear()
    yield from reading.ready


def count(stream: IO[bytes]) -> int:
    """Return how many events the log holds."""
    inside: list[str] = []
    found = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal found
        name = tag.rpartition(":")[2]
        found += name == "event" and bool(inside) and inside[-1] in ("trace", "log")
        inside.append(name)

    for _ in _fed(stream, start, lambda tag: inside.pop()):
        pass
    return found


UNFOLD = Unfold(lines, count, is_text=False)


class _Reading:
    """Where the parser stands, and the events that are finished."""

    def __init__(self) -> None:
        self.ready: list[str] = []
        self._inside: list[str] = []
        self._case: dict[str, str] = {}
        self._event: dict[str, str] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        parent = self._inside[-1] if self._inside else ""
        if name == "trace":
            self._case = {}
        elif name == "event":
            self._event = {}
        elif name in _VALUES and "key" in attributes:
            value = attributes.get("value", "")
            if parent == "trace":
                self._case["case:" + attributes["key"]] = value
            elif parent == "event":
                self._event[attributes["key"]] = value
        self._inside.append(name)

    def end(self, tag: str) -> None:
        name = self._inside.pop()
        if name == "event" and self._inside and self._inside[-1] in ("trace", "log"):
            told = {**self._case, **self._event} if self._inside[-1] == "trace" else self._event
            self.ready.append(json.dumps(told, ensure_ascii=False))


def _fed(
    stream: IO[bytes],
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], object],
) -> Iterator[None]:
    """Feed the stream to a parser, block by block; entities are refused, they could explode."""
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise Damaged("it declares a DOCTYPE, which no event log needs")

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    fed = 0
    try:
        while block := stream.read(_BLOCK):
            parser.Parse(block, False)
            fed += len(block)
            if fed - parser.CurrentByteIndex > LONGEST:
                raise Damaged(f"one of its elements is longer than {LONGEST >> 20} MB")
            yield
        if fed:
            parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise Damaged(f"it is no readable XML ({error})") from None
    yield
