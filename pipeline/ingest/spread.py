"""Work on one file after the other, or on many at once wherever an engine has hands for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol, TypeVar

from ..progress import Agenda

Given = TypeVar("Given")
Made = TypeVar("Made")


class Spread(Protocol):
    """Does the same work for each of many things, and yields what was made in their order.

    The work is a function of a module, or a `partial` of one, and what it is given and makes can be
    pickled: it may be done in another process, and again where that process dies.
    """

    def __call__(
        self, work: Callable[[Given], Made], listed: Sequence[Given], /
    ) -> Iterable[Made]: ...


def one_by_one(work: Callable[[Given], Made], listed: Sequence[Given], /) -> Iterable[Made]:
    """Do the work here, each when what it makes is asked for."""
    return map(work, listed)


def told(agenda: Agenda, stage: str, names: Sequence[str], made: Iterable[Made]) -> Iterator[Made]:
    """Yield what was made, and tell before each of what is worked on."""
    waiting = iter(made)
    for name in names:
        agenda.begin(stage, name)
        yield next(waiting)
