"""Which definitions a figure of a built warehouse rests on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ..errors import DataError, nearest
from ..warehouse import Warehouse
from .card import fingerprint

_PRINTS = """
select
    family,
    map_no,
    map_name,
    coalesce(tables, '') as tables,
    definitions_fingerprint,
    data_fingerprint,
    fingerprint
from figure_fingerprints
order by family, map_no
"""


def definitions(
    warehouse: Warehouse, family: str | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the definition card and the fingerprints: of a family of figures, or of all.

    `family` may also be a table that holds its figures; every setting counts for a table that no
    family names. Raises DataError where there is neither.
    """
    card = warehouse.table("definition_card")
    prints = warehouse.frame(_PRINTS)
    if family is None:
        return card, prints
    held = {
        table.strip(): row.family
        for row in prints.itertuples()
        for table in str(row.tables).split(",")
        if row.tables
    }
    named = held.get(family, family)
    families = set(prints["family"])
    if named not in families and family in warehouse.tables():
        named = "others"
    if named not in families:
        known = [*prints["family"], *held]
        raise DataError(f"{family}: there is no such family of figures; {nearest(family, known)}")
    own = card[[named in decides.split(", ") for decides in card["decides"]]]
    return own.reset_index(drop=True), prints[prints["family"] == named].reset_index(drop=True)


def stamp(
    warehouse: Warehouse, family: str, map_no: int, asked: Mapping[str, Any]
) -> dict[str, str]:
    """Return the fingerprints that an answer carries: those of its family, and of what was asked.

    `fingerprint` stands for both and the data: the same one is the same answer.
    """
    ((definitions_fingerprint, data, whole),) = warehouse.rows(
        "select definitions_fingerprint, data_fingerprint, fingerprint from figure_fingerprints "
        "where family = $family and map_no in (0, $map_no)",
        {"family": family, "map_no": map_no},
    )
    return {
        "family": family,
        "definitions_fingerprint": definitions_fingerprint,
        "data_fingerprint": data,
        "asked_fingerprint": fingerprint(dict(asked)),
        "fingerprint": fingerprint([whole, dict(asked)]),
    }
