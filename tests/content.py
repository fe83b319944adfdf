"""What a warehouse says, whatever file it came from: a hash over the rows of each table."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.models import Model, load_models
from pipeline.warehouse import Warehouse, quote

LINEAGE = {
    *("event_no", "file_no", "row_no", "first_event_no", "duplicate_of", "path", "content_hash"),
    *(
        "original_file_no",
        "original_row_no",
        "bytes",
        "data_fingerprint",
        "fingerprint",
        "time_format",
        "signature_key",
    ),
    *("identity_key", "identity_check", "dedupe_key"),
}
"""Columns that tell where a record stood; they change when files are split or shuffled."""
LEDGER = {
    "parts",
    "input_files",
    "loaded_events",
    "clean_events",
    "rejected_rows",
    "duplicate_rows",
    "source_quality",
}
"""Tables whose rows are files and records."""


def contents(
    built: Warehouse, *, with_lineage: bool = False, models: Iterable[Model] | None = None
) -> dict[str, str]:
    """Return one hash per table over its rows, in no order: of all tables, or of these models.

    Working tables are left out: a built file has only their SELECT, which reads the others.
    """
    found = {}
    for model in load_models() if models is None else models:
        if model.kind in ("check", "working") or (not with_lineage and model.name in LEDGER):
            continue
        if model.name == "reconciliation" and not with_lineage:
            continue
        columns = ", ".join(
            quote(column.name)
            for column in model.columns
            if with_lineage or column.name not in LINEAGE
        )
        rows = f"select {columns} from {quote(model.name)}"
        found[model.name] = str(
            built.rows(f"select count(*), sum(hash(said)) from ({rows}) as said")[0]
        )
    return found
