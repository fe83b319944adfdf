"""The built tables keep their promises: grain, laws, and what must never be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

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
    for model, twice in _repeated(built, models):
        faults.append(f"{model.path.name}: more than one row per {model.grain}: {twice}")
    if faults:
        listed = "\n".join(f"  - {fault}" for fault in faults)
        raise ModelError(
            "the new warehouse breaks its promises and was not put in place; "
            f"the previous one is untouched:\n{listed}"
        )


def _repeated(
    built: Warehouse, models: Sequence[Model]
) -> Iterator[tuple[Model, list[tuple[object, ...]]]]:
    """The models whose grain is not one, with some of the keys that stand twice."""
    grained = [model for model in models if model.kind in ("table", "python") and model.grain]
    if not grained:
        return
    # One query for all: most tables are small, and a query costs more than they do.
    counts = dict(
        built.rows(
            _all(
                f"select {number}, count(*) from {quote(model.name)}"
                for number, model in enumerate(grained)
            )
        )
    )
    keys = []
    for number, model in enumerate(grained):
        grain = ", ".join(quote(column) for column in model.grain)
        share = counts[number] // _MOST_KEYS + 1
        some = f"where hash({grain}) % {share} = 0" if share > 1 else ""
        keys.append(
            f"select {grain} from {quote(model.name)} {some} "
            "group by all having count(*) > 1 limit 3"
        )
    found = built.rows(
        _all(f"select {number} where exists ({key})" for number, key in enumerate(keys))
    )
    for (number,) in found:
        yield grained[number], built.rows(keys[number])


def _all(queries: Iterable[str]) -> str:
    return "\nunion all\n".join(queries)
