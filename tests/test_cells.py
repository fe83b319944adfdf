"""The text of a cell: what is trimmed and what is blank, and that telling it joins nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.ingest import ingest
from pipeline.ingest.store import locked
from pipeline.warehouse import Warehouse

from .conftest import Build, toml
from .test_ingest_corpus import project

EDGES = ("", " ", "\t", "\u00a0", "\u200b", "\ufeff", " \u00a0\t")
BLANK = ["-", "n/a", "none", "?", "(none)", "(not set)", "(not provided)"]
LOG = {
    "csv": "who,at,what\nann,2026-01-05 10:00:00,view\n",
    "jsonl": '{"who": "ann", "at": "2026-01-05 10:00:00", "what": "view"}\n',
}


@pytest.mark.tables("events", "identity_map")
def test_white_space_at_either_end_of_a_cell_says_nothing(build: Build) -> None:
    names = ("ann", "Ann B", "Zoë", "b\u00a0c")
    rows = [
        (f"{before}{name}{after}", f"2026-01-{day + 1:02} 10:00:00", "view")
        for name in names
        for day, (before, after) in enumerate(
            [(edge, "") for edge in EDGES] + [("", edge) for edge in EDGES]
        )
    ]
    built = build(rows, toml(), header=("who", "at", "what"))
    found = built.rows("select value from identity_map order by value")
    assert [value for (value,) in found] == sorted(names)


@pytest.mark.parametrize("kind", LOG)
def test_reading_a_file_joins_nothing_however_many_texts_are_blank(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A join of every cell with a list made reading take eight times as long."""
    plans: list[str] = []
    execute = Warehouse.execute

    def watched(self: Warehouse, sql: str) -> None:
        if sql.startswith("copy (with read"):
            plans.extend(str(plan) for _, plan in self.rows(f"explain {sql}"))
        execute(self, sql)

    monkeypatch.setattr(Warehouse, "execute", watched)
    (tmp_path / f"log.{kind}").write_text(LOG[kind], encoding="utf-8")
    columns = {"user_id": "who", "occurred_at": "at", "event": "what", "campaign": "what"}
    source = {"files": f"log.{kind}", "columns": columns, "blank": BLANK}
    with locked(tmp_path / "store") as store:
        ingest(project(tmp_path, source), store)
    assert len(plans) == 1
    assert "projection" in plans[0].lower()
    assert "join" not in plans[0].lower()
