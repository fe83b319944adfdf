"""Every hostile file through ingest: each record is loaded, a duplicate or rejected."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipeline.errors import DataError, ProjectError
from pipeline.ingest import REASONS, Part, ingest
from pipeline.ingest.store import locked
from pipeline.project import Project, project_from
from pipeline.warehouse import literal, scratch

from .hostile import Hostile
from .hostile_formats import corpus

CORPUS = list(corpus())
COLUMNS = {"user_id": "who", "occurred_at": "at", "event": "what"}


def project(folder: Path, *sources: dict[str, Any], **settings: Any) -> Project:
    """A project of sources whose files are as drawn; it allows every record to be rejected."""
    stages = ["first", "last"]
    raw = {
        "name": "hostile",
        "max_rejected": 1.0,
        "source": [
            {"name": f"log{no}", "columns": COLUMNS} | one for no, one in enumerate(sources)
        ],
        "map": [{"name": "journey", "stages": stages, "goal": "last"}],
        "touchpoint": [{"name": one, "stage": one, "when": {"event": one}} for one in stages],
    }
    return project_from(raw | settings, folder=folder)


def ingested(folder: Path, *sources: dict[str, Any], **settings: Any) -> list[Part]:
    """The parts of the sources' files, in a store beside them."""
    with locked(folder / ".squiggle") as store:
        return ingest(project(folder, *sources, **settings), store)


def accepted(part: Part) -> list[dict[str, Any]]:
    """The accepted records of a part, in the file's order."""
    if not part.events.is_file():
        return []
    rows = sorted(pq.read_table(part.events).to_pylist(), key=lambda row: row["row_no"])
    return [row for row in rows if row["reason"] is None]


def duplicates(part: Part) -> int:
    """How many accepted records repeat another one, by the key that the build uses."""
    if not part.events.is_file():
        return 0
    with scratch() as desk:
        return int(
            desk.scalar(
                "select count(*) - count(distinct coalesce(event_id_hash, content_hash)) "
                f"from read_parquet({literal(str(part.events))}) where reason is null"
            )
        )


def test_the_corpus_has_at_least_eighty_files_of_different_names() -> None:
    names = [one.name for one in CORPUS]
    assert len(names) >= 80 and len(set(names)) == len(names)


@pytest.mark.parametrize("hostile", CORPUS, ids=lambda one: one.name)
def test_every_record_is_accounted_for(hostile: Hostile, tmp_path: Path) -> None:
    (tmp_path / hostile.name).write_bytes(hostile.data)
    [part] = ingested(tmp_path, {"files": hostile.name} | hostile.source)
    entry = part.entry
    rejects = pq.read_table(part.rejects).to_pylist()
    if hostile.fault is not None:
        assert entry.fault is not None and hostile.fault in entry.fault
        assert [one["reason"] for one in rejects] == ["unreadable_file"]
        assert not part.events.exists()
    else:
        assert entry.fault is None
        reasons = Counter(one["reason"] for one in rejects)
        assert reasons == Counter(hostile.rejected)
        assert reasons.keys() <= REASONS.keys()
        repeated = duplicates(part)
        assert (entry.rows_accepted - repeated, repeated) == (hostile.loaded, hostile.duplicate)
    assert entry.rows_read == entry.rows_accepted + entry.rows_rejected
    numbers = [row["row_no"] for row in accepted(part)] + [
        one["row_no"] for one in rejects if one["row_no"]
    ]
    assert sorted(numbers) == list(range(1, entry.rows_read + 1))


def test_a_rejected_record_is_kept_as_it_stood(tmp_path: Path) -> None:
    text = b'who,at,what\n"u,2026-01-01,x\na,soon,x\na,b,c,d\nv,2026-01-01,x\nw,2026-01-02,x\n'
    (tmp_path / "log.csv").write_bytes(text)
    [part] = ingested(tmp_path, {"files": "log.csv"})
    told = [tuple(one.values()) for one in pq.read_table(part.rejects).to_pylist()]
    assert told == [
        (1, "quote_unclosed", None, None, '"u,2026-01-01,x'),
        (2, "time_unparsable", "occurred_at", "soon", '{"who":"a","at":"soon","what":"x"}'),
        (3, "wrong_column_count", None, None, "a,b,c,d"),
    ]


def test_ids_stay_as_they_were_written(tmp_path: Path) -> None:
    ids = ["00042", "NA", "9223372036854775808", "1.0", "1e5", "=x", "null island"]
    lines = "".join(f"{one},2026-01-01,x\n" for one in ids)
    (tmp_path / "log.csv").write_text("who,at,what\n" + lines, encoding="utf-8")
    [part] = ingested(tmp_path, {"files": "log.csv"})
    assert [row["user_id"] for row in accepted(part)] == ids


def test_numbers_in_json_stay_as_they_were_written(tmp_path: Path) -> None:
    ids = ["12345678901234567890123", "9223372036854775808", "1.0", "-7"]
    lines = "".join(f'{{"who":{one},"at":"2026-01-01","what":"x"}}\n' for one in ids)
    (tmp_path / "log.jsonl").write_text(lines, encoding="utf-8")
    [part] = ingested(tmp_path, {"files": "log.jsonl"})
    assert [row["user_id"] for row in accepted(part)] == ids


def test_columns_may_move_appear_and_go_between_files(tmp_path: Path) -> None:
    (tmp_path / "1.csv").write_text("who,at,what\na,2026-01-01,x\n", encoding="utf-8")
    (tmp_path / "2.csv").write_text("what,new,at,who\nx,1,2026-01-02,b\n", encoding="utf-8")
    (tmp_path / "3.csv").write_text("at,what\n2026-01-03,x\n", encoding="utf-8")
    parts = ingested(tmp_path, {"files": "*.csv"})
    assert [accepted(part)[0]["user_id"] for part in parts] == ["a", "b", None]


def test_a_folder_a_pipe_and_a_dead_link_are_told_apart_from_files(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "real.csv").write_text("who,at,what\na,2026-01-01,x\n", encoding="utf-8")
    (tmp_path / "link.csv").symlink_to("real.csv")
    assert len(ingested(tmp_path, {"files": "*.csv"})) == 1, "a link is the file that it leads to"
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "dead.csv").symlink_to("nowhere.csv")
    with pytest.raises(
        DataError, match=r"(?s)nowhere.csv: this cannot be read.*not a regular file"
    ):
        ingested(tmp_path, {"files": "*.csv"})


def test_a_wrong_delimiter_is_an_error_that_shows_the_header(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("who;at;what\na;2026-01-01;x\n", encoding="utf-8")
    with pytest.raises(ProjectError, match="who;at;what"):
        ingested(tmp_path, {"files": "log.csv", "delimiter": ","})
