"""The built tables keep their promises: grain, laws, and what must never be."""

from __future__ import annotations

from collections.abc import Sequence

from .errors import ModelError
from .models import Model
from .warehouse import Warehouse, quote

_LARGE = frozenset(
    {"ordered_events", "journey_steps", "stage_visits", "path_keys", "loaded_events"}
)
"""Tables with a row per event or visit: their grain is a window's, held by tests, not counted again."""


def check(built: Warehouse, models: Sequence[Model]) -> None:
    """Raise ModelError with every promise that the built tables break."""
    faults = []
    for model in models:
        if model.kind == "check":
            broken = built.rows(f"select * from (\n{model.sql}\n) limit 5")
            shown = "; ".join(", ".join(str(value) for value in row) for row in broken)
            if broken:
                faults.append(f"{model.path.name}: {model.summary} Found: {shown}")
        elif model.kind in ("table", "python") and model.grain and model.name not in _LARGE:
            grain = ", ".join(quote(column) for column in model.grain)
            twice = built.rows(
                f"select {grain} from {quote(model.name)} group by all having count(*) > 1 limit 3"
            )
            if twice:
                faults.append(f"{model.path.name}: more than one row per {grain}: {twice}")
    if faults:
        listed = "\n".join(f"  - {fault}" for fault in faults)
        raise ModelError(
            "the new warehouse breaks its promises and was not put in place; "
            f"the previous one is untouched:\n{listed}"
        )
