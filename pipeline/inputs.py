"""The rows that a run itself fills: settings, the ledger of files, rejects, fingerprints."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from .definitions import card_rows, fingerprint_rows
from .ingest import Part
from .ingest.links import declared_links
from .models import load_models
from .project import Project
from .settings import as_table, setting_rows

PLACES = {"folder", "warehouse", "report", "store", "engine"}
"""Keys of the project file that decide where and how tables are made, and no figure."""


def input_rows(project: Project, parts: list[Part]) -> dict[str, pa.Table]:
    """Return the rows of every table that the run fills: settings, ledger, rejects."""
    models = {model.name: model for model in load_models()}
    rows: dict[str, list[Any]] = dict(setting_rows(project))
    rows["run_info"] = [
        (project.name, squiggle_version(), _data_print(parts), definitions(project))
    ]
    rows["parts"] = [
        (
            *(number, part.file.source_no, part.entry.name, part.entry.content_hash),
            *(part.entry.bytes, part.entry.time_format, part.entry.rows_read),
            *(part.entry.rows_accepted, part.entry.rows_rejected),
            *(part.entry.first_us, part.entry.last_us),
            *(part.entry.dst_gap_rows, part.entry.dst_overlap_rows, part.entry.fault),
        )
        for number, part in enumerate(parts, start=1)
    ]
    tables = {name: as_table(models[name], listed) for name, listed in rows.items()}
    rejects = []
    for number, part in enumerate(parts, start=1):
        found = pq.read_table(part.rejects)
        numbers = pa.array([number] * len(found), pa.int32())
        rejects.append(found.add_column(0, "file_no", numbers))
    tables["rejected_rows"] = pa.concat_tables(rejects)
    tables["declared_links"] = declared_links(project)
    prints = fingerprint_rows(
        project,
        data=_data_print(parts),
        links=tables["declared_links"].to_pylist(),
        version=squiggle_version(),
        key=rows["cfg_pseudonyms"][0][0],
    )
    tables["definition_card"] = as_table(models["definition_card"], card_rows(project))
    tables["figure_fingerprints"] = as_table(models["figure_fingerprints"], prints)
    return tables


def definitions(project: Project) -> str:
    """Return the fingerprint of every setting that decides a figure."""
    settled = project.model_dump(mode="json", exclude=PLACES)
    for key in ("title", "locale"):
        del settled["reporting"][key]
    return hashlib.sha256(json.dumps(settled, sort_keys=True).encode()).hexdigest()[:16]


def _data_print(parts: list[Part]) -> str:
    keys = sorted(part.events.parent.name for part in parts)
    return hashlib.sha256("\n".join(keys).encode()).hexdigest()[:16]


def squiggle_version() -> str:
    """Return the version of the code."""
    try:
        return version("journey-squiggle")
    except PackageNotFoundError:
        return "0.0.0"
