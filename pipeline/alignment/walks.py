"""Many paths laid end to end in one array, and running figures that begin anew in each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Walks:
    """Paths laid end to end: the stage of each visit, and where each path begins and ends."""

    stages: Ints
    starts: Ints
    ends: Ints
    """Place after the last visit of each path."""

    @classmethod
    def of(cls, stages: Ints, path_nos: Ints) -> Walks:
        """Return the walks of visits that stand together by path, each in its order."""
        is_first = np.diff(path_nos, prepend=path_nos[:1] - 1) != 0
        starts = np.flatnonzero(is_first)
        return cls(stages, starts, np.append(starts[1:], len(stages)))

    @property
    def lengths(self) -> Ints:
        """Visits of each path."""
        return self.ends - self.starts

    def spread(self, values: Ints) -> Ints:
        """Return a value per path as a value per visit."""
        return np.repeat(values, self.lengths)

    def summed(self, values: NDArray[np.generic]) -> Ints:
        """Return the sum of a value per visit, per path."""
        return np.add.reduceat(values.astype(np.int64), self.starts)

    def counted(self, marks: Bools) -> Ints:
        """Return how many marked visits each path has had, this one included."""
        total = np.cumsum(marks)
        return total - self.spread(total[self.starts] - marks[self.starts])

    def highest(self, values: Ints, among: Bools | None = None) -> tuple[Ints, Ints]:
        """Return the highest value in the path so far, and the first place where it stands.

        With `among` only marked visits count; before the first of them the place is -1. Values lie
        between minus and twice the length of the path.
        """
        here = np.arange(len(values))
        # Each path's values lie above all of the path before: so the running maximum begins anew.
        floor = self.spread(4 * self.starts + self.lengths)
        keys = (values + floor) * len(values) + (len(values) - 1 - here)
        if among is not None:
            keys = np.where(among, keys, -1)
        top = np.maximum.accumulate(keys)
        place = len(values) - 1 - top % len(values)
        found = (top >= 0) & (place >= self.spread(self.starts))
        return np.where(found, top // len(values) - floor, 0), np.where(found, place, -1)

    def parts(self, most: int) -> list[slice]:
        """Return slices of the paths with about `most` visits each, and a path at least."""
        slices, first = [], 0
        while first < len(self.starts):
            beyond = np.searchsorted(self.ends, self.starts[first] + most, side="right")
            slices.append(slice(first, max(int(beyond), first + 1)))
            first = slices[-1].stop
        return slices

    def part(self, paths: slice) -> Walks:
        """Return some of the paths as walks of their own."""
        begin, end = self.starts[paths][0], self.ends[paths][-1]
        return Walks(self.stages[begin:end], self.starts[paths] - begin, self.ends[paths] - begin)
