"""What a user can mend: three kinds of error, because there are three things to mend."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class SquiggleError(Exception):
    """The base of every error that is shown as one message and without a traceback."""


class ProjectError(SquiggleError):
    """The project file must be mended."""


class DataError(SquiggleError):
    """The exported data, or where they are, must be mended."""


class ModelError(SquiggleError):
    """A model under sql/ must be mended: the fault is ours."""


def nearest(word: str, words: Iterable[str]) -> str:
    """Say which of `words` was probably meant, or list them all.

    >>> nearest("zone", ["timezone", "name"])
    "did you mean 'timezone'?"
    """
    choices = sorted(set(words))
    close = get_close_matches(word.lower(), [choice.lower() for choice in choices], n=1, cutoff=0.6)
    if close:
        found = next(choice for choice in choices if choice.lower() == close[0])
        return f"did you mean {found!r}?"
    shown = ", ".join(choices[:40]) + (", …" if len(choices) > 40 else "")
    return f"choose one of: {shown}" if choices else "there is nothing to choose from"
