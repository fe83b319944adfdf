"""Ways into a record: a column, a member of an object, the element of a list that has a key."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

ALTERNATIVES = "\x1f"
"""Parts the ways of a list in the project file; no name of a column holds it."""

_BRACKET = re.compile(r"\[(?:([^\[\]=]+)=([^\[\]]*))?\]")


@dataclass(frozen=True)
class Step:
    """One step inward: a member by name, or the first element of a list whose `key` is `value`.

    Without a key it is the first element. A value that ends in `*` stands for all that begin so.
    """

    name: str | None = None
    key: str | None = None
    value: str = ""


@dataclass(frozen=True)
class Path:
    """A way into a record; `steps` begins with a column.

    `nothing` is a value that stands for none; with `unless`, the value counts only where that other
    way leads nowhere.
    """

    steps: tuple[Step, ...]
    nothing: str | None = None
    unless: Path | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The members that it goes through before the first list."""
        found: list[str] = []
        for step in self.steps:
            if step.name is None:
                break
            found.append(step.name)
        return tuple(found)


def joined(names: str | Sequence[str]) -> str:
    """Return a list of ways as one text."""
    return names if isinstance(names, str) else ALTERNATIVES.join(names)


def told(text: str) -> str:
    """Return the ways of a text as an error shows them.

    >>> told(joined(["a", "b"]))
    "'a' or 'b'"
    """
    return " or ".join(map(repr, text.split(ALTERNATIVES)))


def parsed(text: str) -> list[Path]:
    """Return the ways that a text names; what is no way is the name of a column.

    >>> [step.name or step.value for step in parsed("params[key=page].value.text")[0].steps]
    ['params', 'page', 'value', 'text']
    """
    return [_path(one) for one in text.split(ALTERNATIVES)]


def _path(text: str) -> Path:
    steps: list[Step] = []
    nothing = None
    unless = None
    rest = text
    while rest:
        if rest.startswith("["):
            found = _BRACKET.match(rest)
            if not found or not steps:
                return Path((Step(text),))
            key, value = found[1], found[2] or ""
            if key == "not":
                nothing = value
            elif key == "unless":
                unless = _path(value)
            else:
                steps.append(Step(key=key, value=value))
            rest = rest[found.end() :].removeprefix(".")
        else:
            size = re.match(r"[^.\[]*", rest)
            assert size is not None
            if not size[0]:
                return Path((Step(text),))
            steps.append(Step(size[0]))
            rest = rest[size.end() :].removeprefix(".")
    return Path(tuple(steps) or (Step(text),), nothing, unless)
