"""How many examples a property is held against: some in `make test`, many more in `make soak`."""

from __future__ import annotations

from typing import Any

from hypothesis import settings

TIMES = settings().max_examples // 100
"""How much longer than in `make test`: 1 there, 20 in `make soak`."""


def examples(count: int, **options: Any) -> settings:
    """Return settings of a property for which `count` examples are enough in `make test`."""
    return settings(max_examples=count * TIMES, **options)
