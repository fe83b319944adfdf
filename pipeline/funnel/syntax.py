"""A step as text: selectors parted by |, conditions by &, column=pattern, ? if optional."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..errors import DataError
from ..settings import as_number, like_pattern

BARE = ""
"""The column of a name that stands alone: a touchpoint, else a stage, else an event."""

_OPERATOR = re.compile(r"!=|>=|<=|=|>|<")


@dataclass(frozen=True)
class Condition:
    """A column, how it is compared, and with what: LIKE patterns, or a number."""

    column: str
    comparison: str
    patterns: tuple[str, ...]
    number: float | None
    text: str


Selector = tuple[Condition, ...]


def is_optional(text: str) -> tuple[str, bool]:
    r"""Return the step without its mark, and whether it is marked as optional.

    >>> is_optional("Cart ?")
    ('Cart', True)
    """
    bare = text.strip()
    if bare.endswith("?") and not bare.endswith("\\?") and len(bare) > 1:
        return bare[:-1].strip(), True
    return bare, False


def selectors(text: str) -> tuple[Selector, ...]:
    r"""Return what the text of a step chooses. Raises DataError, which names the place.

    A backslash takes the meaning from the character behind it: "Cart \| basket" is one name.

    >>> [[one.column for one in each] for each in selectors("Cart|channel=mail* & value>=100")]
    [[''], ['channel', 'value']]
    """
    return tuple(
        tuple(_condition(condition, text) for condition in _parts(selector, "&"))
        for selector in _parts(text, "|")
    )


def _condition(text: str, step: str) -> Condition:
    found = next((m for m in _OPERATOR.finditer(text) if not _escaped(text, m.start())), None)
    column, operator, value = (
        (BARE, "=", text)
        if found is None
        else (text[: found.start()], found[0], text[found.end() :])
    )
    column, value = _plain(column.strip()), value.strip()
    if not value or (found is not None and not column):
        raise DataError(
            f"step {step!r}: {text.strip()!r} is no condition; write a name, or COLUMN=PATTERN"
        )
    if operator in ("=", "!="):
        kind = "like" if operator == "=" else "unlike"
        return Condition(column, kind, (like(as_number(column, value)),), None, text.strip())
    try:
        return Condition(column, operator, (), float(value), text.strip())
    except ValueError:
        raise DataError(
            f"step {step!r}: {value!r} is no number; write {column}{operator}100"
        ) from None


def _parts(text: str, mark: str) -> Iterator[str]:
    start = 0
    for place, letter in enumerate(text):
        if letter == mark and not _escaped(text, place):
            yield text[start:place]
            start = place + 1
    yield text[start:]


def _escaped(text: str, place: int) -> bool:
    before = text[:place]
    return (len(before) - len(before.rstrip("\\"))) % 2 == 1


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def like(glob: str) -> str:
    r"""Return the LIKE pattern of a glob in which a backslash makes the next character plain.

    >>> like(r"50\% off\?*")
    '50\\% off?%'
    """
    return "".join(
        _literal(found[1]) if found[1] else like_pattern(found[0])
        for found in re.finditer(r"\\(.)|[^\\]+|\\", glob, re.DOTALL)
    )


def exactly(name: str) -> str:
    r"""Return the LIKE pattern that matches nothing but the name.

    >>> exactly("50%?")
    '50\\%?'
    """
    return "".join(map(_literal, name))


def _literal(letter: str) -> str:
    return "\\" + letter if letter in "\\%_" else letter


def matches(pattern: str, text: str) -> bool:
    r"""Return whether a LIKE pattern (escape character \) matches the whole text.

    >>> matches("Cart%", "Cart page")
    True
    """
    parts = re.findall(r"\\.|[^\\]", pattern, re.DOTALL)
    wild = {"%": ".*", "_": "."}
    regex = "".join(wild.get(part, re.escape(part[-1])) for part in parts)
    return re.fullmatch(regex, text, re.DOTALL) is not None
