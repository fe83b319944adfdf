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
    """Return one hash per table over its rows, in no order: of all tables, or of these models."""
    found = {}
    for model in load_models() if models is None else models:
        if model.kind == "check" or (not with_lineage and model.name in LEDGER):
            continue
        if model.name == "reconciliation" and not with_lineage:
            continue
        columns = [
            quote(column.name)
            for column in model.columns
            if with_lineage or column.name not in LINEAGE
        ]
        rows = ", ".join(f"coalesce(cast({column} as varchar), '∅')" for column in columns)
        found[model.name] = str(
            built.rows(
                f"select count(*), sum(hash(concat_ws('|', {rows}))) from {quote(model.name)}"
            )[0]
        )
    return found
