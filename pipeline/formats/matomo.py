"""Matomo's visits (`Live.getLastVisitsDetails`) as JSON lines: an action beside its visit."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import IO, Any

from .unfolding import LONGEST, Damaged, Unfold

_BLOCK = 1 << 20
_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|["{}]', re.DOTALL)
_BETWEEN = b"[], \t\r\n"


def lines(stream: IO[bytes]) -> Iterator[str]:
    """Yield each action as `{"visit": …, "action": …, "action_no": …, "action_id": …}`.

    `visit` is the visit without its actions, `action_id` its site, its number and the action's
    place in it. A visit without actions is one line without an action; one that is no JSON object
    is passed on as it stands.
    """
    for record in _records(stream):
        visit = _visit(record)
        if visit is None:
            yield record.decode("utf-8", errors="replace").replace("\n", " ").replace("\r", " ")
            continue
        actions = visit.pop("actionDetails", None) or [None]
        for number, action in enumerate(actions, start=1):
            told = {"visit": visit, "action_no": number}
            if isinstance(action, dict):
                site, visit_id = visit.get("idSite"), visit.get("idVisit")
                told |= {"action": action}
                if visit_id is not None:
                    told["action_id"] = f"{site}-{visit_id}-{number}"
            yield json.dumps(told, ensure_ascii=False)


def count(stream: IO[bytes]) -> int:
    """Return how many lines the visits become."""
    found = 0
    for record in _records(stream):
        visit = _visit(record)
        actions = visit.get("actionDetails") if visit is not None else None
        found += max(1, len(actions or []))
    return found


UNFOLD = Unfold(lines, count, is_text=True)


def _visit(record: bytes) -> dict[str, Any] | None:
    try:
        visit = json.loads(record)
    except (ValueError, RecursionError):
        return None
    actions = visit.get("actionDetails") if isinstance(visit, dict) else None
    is_one = isinstance(visit, dict) and isinstance(actions, list | None)
    return visit if is_one else None


def _records(stream: IO[bytes]) -> Iterator[bytes]:
    """The visits as text: those of one JSON list, or one a line."""
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
            raise Damaged(f"one of its visits is longer than {LONGEST >> 20} MB")
        block = stream.read(_BLOCK)
        is_over = not block
        text += block
    if depth or not text.rstrip().endswith(b"]"):
        raise Damaged("its list of visits has no end: the file is cut short")
    _check(text[begun:])


def _check(between: bytes) -> None:
    if between.strip(_BETWEEN):
        raise Damaged("its list holds something else than visits")
