"""The words of a path pattern: names, quoted texts and signs, each with its place in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from unicodedata import combining, east_asian_width

from ..errors import DataError, nearest

SELECTORS = ("touchpoint", "stage", "channel")
MOST = 1_000
"""How often a step may be asked for at the most, all repetitions multiplied out."""

Kind = Literal["name", "text", "glob", "selector", "times", "sign", "end"]

_SIGNS = "->", "...", ".", "!", "&", "|", "(", ")", "^", "$"
_NAME = re.compile(r"\w(?:[\w /%#@~]|-(?!>))*")
_TIMES = re.compile(r"\{\s*(\d*)\s*(,?)\s*(\d*)\s*\}")
_QUOTED = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'""", re.DOTALL)


@dataclass(frozen=True)
class Word:
    """A word of a pattern: `text` is what it says, `low` and `high` are those of a quantifier."""

    kind: Kind
    text: str
    place: int
    low: int = 1
    high: int | None = 1


def fault(pattern: str, place: int, told: str) -> DataError:
    """Return the error that points at a character of the pattern and says what is wrong."""
    line = re.sub(r"\s", " ", pattern)
    before = sum(_width(letter) for letter in line[:place])
    return DataError(f"pattern: {told}\n  {line}\n  {' ' * before}^")


def _width(letter: str) -> int:
    """How many columns of a terminal a letter takes."""
    return 0 if combining(letter) else 2 if east_asian_width(letter) in "FW" else 1


def words(pattern: str) -> list[Word]:
    """Return the words of a pattern, with one of kind `end` as the last.

    Raises DataError where a character or a quantifier cannot be read.
    """
    found: list[Word] = []
    place = 0
    while place < len(pattern):
        if pattern[place].isspace():
            place += 1
            continue
        word, place = _next(pattern, place)
        found.append(word)
    return [*found, Word("end", "", len(pattern))]


def _next(pattern: str, place: int) -> tuple[Word, int]:
    """The word that begins at a place, and the place after it."""
    letter = pattern[place]
    if letter in "\"'":
        quoted = _QUOTED.match(pattern, place)
        if quoted is None:
            raise fault(pattern, place, f"this quote is never closed; end the name with {letter}")
        kind: Kind = "glob" if letter == '"' else "text"
        return Word(kind, quoted[0][1:-1], place), quoted.end()
    if letter in "*+?":
        low, high = {"*": (0, None), "+": (1, None), "?": (0, 1)}[letter]
        return Word("times", letter, place, low, high), place + 1
    if letter == "{":
        return _times(pattern, place)
    for sign in _SIGNS:
        if pattern.startswith(sign, place):
            return Word("sign", sign, place), place + len(sign)
    name = _NAME.match(pattern, place)
    if name is None:
        raise fault(pattern, place, f"{letter!r} has no meaning here; put a name that holds it in "
                    "quotes")  # fmt: skip
    text = name[0].rstrip()
    after = name.end()
    if pattern.startswith(":", after):
        if text not in SELECTORS:
            hint = nearest(text, SELECTORS)
            raise fault(pattern, place, f"{text!r} is nothing to choose by; {hint} "
                        "A name that holds ':' stands in quotes")  # fmt: skip
        return Word("selector", text, place), after + 1
    return Word("name", text, place), after


def _times(pattern: str, place: int) -> tuple[Word, int]:
    """The quantifier in braces that begins at a place."""
    found = _TIMES.match(pattern, place)
    if found is None or not (found[1] or found[3]):
        raise fault(pattern, place, "this is no quantifier; write {2}, {2,} or {2,5}")
    low = int(found[1] or 0)
    high = int(found[3]) if found[3] else None if found[2] else low
    if high is not None and high < low:
        raise fault(pattern, place, f"at least {low} and at most {high} cannot be; turn them round")
    if high == 0:
        raise fault(pattern, place, "no times says nothing; leave the step out, or write !step")
    if max(low, high or 0) > MOST:
        raise fault(pattern, place, f"{max(low, high or 0):,} is too often; {MOST:,} is the most")
    return Word("times", found[0], place, low, high), found.end()
