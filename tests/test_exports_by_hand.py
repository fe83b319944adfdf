"""Exports as people save them: a spreadsheet's CSV, a list of JSON, what is no export at all."""

from __future__ import annotations

import gzip
import json
import tomllib
from pathlib import Path

import pytest

from pipeline.errors import DataError
from pipeline.project import load_project
from pipeline.run import run
from pipeline.sniff import propose
from pipeline.warehouse import open_warehouse

from .conftest import FIVE, toml

pytestmark = pytest.mark.tables("events", "rejected_rows", "input_files")
RECORDS = [
    {"who": "ann", "at": "2026-01-05T10:00:00Z", "what": FIVE[0], "at home": {"[": "}{"}},
    {"who": "bob", "at": "2026-01-05T11:00:00Z", "what": FIVE[1], "note": 'say "}"\n\\'},
    {"who": "cem", "at": "2026-01-05T12:00:00Z", "what": FIVE[0]},
]


def project(folder: Path, files: str, **more: str) -> None:
    text = toml(files=files, **more)
    (folder / "squiggle.toml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_json_list_is_its_records(indent: int | None, encoding: str, tmp_path: Path) -> None:
    """As interfaces answer; line by line, all but the last would be no JSON."""
    (tmp_path / "log.json").write_text(json.dumps(RECORDS, indent=indent), encoding=encoding)
    project(tmp_path, "log.json")
    made = run(load_project(tmp_path))
    assert (made.rows_read, made.rows_loaded) == (3, 3)
    with open_warehouse(made.warehouse) as built:
        found = built.rows("select value from identity_map order by value")
        assert found == [("ann",), ("bob",), ("cem",)]


def test_a_json_list_may_be_packed_and_one_of_its_records_broken(tmp_path: Path) -> None:
    listed = [json.dumps(record) for record in RECORDS]
    listed[1] = listed[1].replace('"at"', "at")
    (tmp_path / "log.json.gz").write_bytes(gzip.compress(f"[{','.join(listed)}]\n".encode()))
    project(tmp_path, "log.json.gz", extra="max_rejected = 1.0")
    made = run(load_project(tmp_path))
    assert (made.rows_read, made.rows_loaded, made.rows_rejected) == (3, 2, 1)
    with open_warehouse(made.warehouse) as built:
        assert built.rows("select row_no, reason from rejected_rows") == [(2, "json_malformed")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[{"who": "ann"}, {"who": "b', "its list has no end: the file is cut short"),
        ('[{"who": "ann"}, 5]', "its list holds something else than records"),
    ],
)
def test_a_json_list_that_is_damaged_is_told(text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "log.json").write_text(text, encoding="utf-8")
    project(tmp_path, "log.json")
    with pytest.raises(DataError, match=f"log.json: its content is damaged: {told}"):
        run(load_project(tmp_path))


@pytest.mark.parametrize("mark", ["sep=;", '"sep=;"', "SEP=;"])
def test_a_line_above_the_header_may_tell_the_delimiter(mark: str, tmp_path: Path) -> None:
    """As spreadsheets write it; the commas in the header are letters."""
    text = f"{mark}\r\nwho;at;what;a,b,c,d,e\r\nann;2026-01-05 10:00:00;{FIVE[0]};1\r\n"
    (tmp_path / "log.csv").write_bytes(text.encode())
    (source,) = tomllib.loads(propose([tmp_path], tmp_path))["source"]
    assert source["columns"]["occurred_at"] == "at"
    project(tmp_path, "log.csv")
    made = run(load_project(tmp_path))
    assert (made.rows_read, made.rows_loaded) == (1, 1)


def test_a_proposal_finds_the_header_below_a_title_and_columns_as_people_name_them(
    tmp_path: Path,
) -> None:
    rows = "Customer ID,Event Name,Date,Time\n" + "a,view,2026-01-05,10:00\n" * 3
    (tmp_path / "log.csv").write_text(f"Report of events\n\n{rows}", encoding="utf-8")
    (tmp_path / "odd.csv").write_text("a,b\n1,2,\n3,4,\n", encoding="utf-8")
    proposal = propose([tmp_path], tmp_path)
    (source,) = tomllib.loads(proposal)["source"]
    columns = {"occurred_at": "Date", "event": "Event Name", "user_id": "Customer ID"}
    assert source["columns"] == columns
    assert "# ? every event is at midnight: the time of day is in Time; join both" in proposal
    assert "# left out: odd.csv: holds no rows that fit its header" in proposal


def test_files_of_one_source_may_write_their_times_in_two_ways(tmp_path: Path) -> None:
    for name, at in (("a", "2024-01-15 10:00:00"), ("b", "1/25/2024 10:00:00")):
        text = f"user_id,event,time\n1,home,{at}\n2,cart,{at}\n"
        (tmp_path / f"web_{name}.csv").write_text(text, encoding="utf-8")
    proposal = propose([tmp_path], tmp_path)
    assert len(tomllib.loads(proposal)["source"]) == 2


def test_a_proposal_reads_a_json_list_and_names_encodings(tmp_path: Path) -> None:
    rows = "wer,Zeit,was\njörg,05.01.2026 10:00,käufe\njörg,25.01.2026 11:00,käufe\n"
    (tmp_path / "west.csv").write_text(rows.replace("wer", "customer"), encoding="cp1252")
    (tmp_path / "wide.csv").write_text(rows.replace("wer", "client"), encoding="utf-16-le")
    (tmp_path / "log.json").write_text(json.dumps(RECORDS, indent=1), encoding="utf-8")
    proposal = propose([tmp_path], tmp_path)
    found = {source["files"]: source for source in tomllib.loads(proposal)["source"]}
    assert found["west.csv"]["encoding"] == "cp1252"
    assert found["wide.csv"]["encoding"] == "utf-16-le"
    assert "encoding" not in found["log.json"]
    assert found["west.csv"]["columns"]["occurred_at"] == "Zeit"
    (tmp_path / "squiggle.toml").write_text(proposal, encoding="utf-8")
    assert run(load_project(tmp_path)).rows_loaded == 7


def test_what_is_not_read_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(f"who,at,what\nann,2026-01-05 10:00,{FIVE[0]}\n")
    for name in ("orders.xlsx", "web.csv.zip", "disguised.csv"):
        (tmp_path / name).write_bytes(b"PK\x03\x04...")
    proposal = propose([tmp_path], tmp_path)
    assert "# left out: orders.xlsx: this is a spreadsheet; save the sheet with" in proposal
    assert "# left out: web.csv.zip: this is an archive that is not read; unpack it" in proposal
    assert "# left out: disguised.csv: this is a ZIP archive or a spreadsheet; unpack" in proposal
    with pytest.raises(DataError, match=r"orders\.xlsx: this is a spreadsheet; save the sheet"):
        propose([tmp_path / "orders.xlsx"], tmp_path)
    for name, told in (
        ("orders.xlsx", "a spreadsheet; save the sheet with the events as CSV"),
        ("disguised.csv", "a ZIP archive or a spreadsheet; unpack it, or save its sheet as CSV"),
    ):
        project(tmp_path, name)
        with pytest.raises(DataError, match=f"{name}: this is {told}"):
            run(load_project(tmp_path))
