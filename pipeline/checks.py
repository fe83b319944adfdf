"""The built tables keep their promises: grain, laws, and what must never be."""

from __future__ import annotations

from collections.abc import Sequence

from .errors import ModelError
from .models import Model
from .warehouse import Warehouse, quote

_MOST_KEYS = 200_000
"""Of a larger table only so many keys are looked at, chosen by their hash."""


def check(built: Warehouse, models: Sequence[Model]) -> None:
    """Raise ModelError with every promise that the built tables break."""
    faults = []
    for model in models:
        if model.kind == "check":
            broken = built.rows(f"select * from (\n{model.sql}\n) limit 5")
            shown = "; ".join(", ".join(str(value) for value in row) for row in broken)
            if broken:
                faults.append(f"{model.path.name}: {model.summary} Found: {shown}")
        elif model.kind in ("table", "python") and model.grain and model.ranges is None:
            twice = _repeated(built, model)
            if twice:
                faults.append(f"{model.path.name}: more than one row per {model.grain}: {twice}")
    if faults:
        listed = "\n".join(f"  - {fault}" for fault in faults)
        raise ModelError(
            "the new warehouse breaks its promises and was not put in place; "
            f"the previous one is untouched:\n{listed}"
        )


def _repeated(built: Warehouse, model: Model) -> list[tuple[object, ...]]:
    grain = ", ".join(quote(column) for column in model.grain)
    rows = built.scalar(f"select count(*) from {quote(model.name)}")
    share = rows // _MOST_KEYS + 1
    some = f"where hash({quote(model.grain[-1])}) % {share} = 0" if share > 1 else ""
    return built.rows(
        f"select {grain} from {quote(model.name)} {some} group by all having count(*) > 1 limit 3"
    )
