"""What is damaged, older than today, or left by a killed run: healed, or told in one message."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.errors import DataError
from pipeline.profiles import _unsaid
from pipeline.project import load_project
from pipeline.report.packing import kind
from pipeline.report.privacy import hidden
from pipeline.run import run
from pipeline.warehouse import open_warehouse

from .commands import refused, told
from .conftest import FIVE, Build, toml, write_csv

pytestmark = pytest.mark.tables("journeys", "customers", "input_files")
EVENTS, REJECTS, ENTRY = "events.parquet", "rejects.parquet", "entry.json"

# ---- the event store -----------------------------------------------------------------------------

BROKEN: dict[str, tuple[str, Callable[[bytes], bytes | None]]] = {
    "an empty entry": (ENTRY, lambda _: b""),
    "an entry of something else": (ENTRY, lambda _: b'{"a": 1}'),
    "events cut in half": (EVENTS, lambda had: had[: len(had) // 2]),
    "rejects cut in half": (REJECTS, lambda had: had[: len(had) // 2]),
    "no rejects": (REJECTS, lambda _: None),
    "no events": (EVENTS, lambda _: None),
}


@pytest.mark.parametrize("damage", BROKEN)
def test_a_part_that_is_not_as_it_was_written_is_loaded_again(damage: str, project: Path) -> None:
    name, broken = BROKEN[damage]
    (path,) = (project / ".squiggle" / "parts").glob(f"*/{name}")
    after = broken(path.read_bytes())
    path.unlink() if after is None else path.write_bytes(after)
    assert run(load_project(project), anew=True).rows_loaded == 2
    (healed,) = (project / ".squiggle" / "parts").glob(f"*/{ENTRY}")
    sizes = json.loads(healed.read_text(encoding="utf-8"))["sizes"]
    assert sizes == {one: (healed.parent / one).stat().st_size for one in sizes}


def spoil_footer(path: Path) -> None:
    """Put a zero where Arrow still tells the columns of the file, and DuckDB does not."""
    whole = path.read_bytes()
    for place in range(len(whole) - 9, 4, -1):
        path.write_bytes(whole[:place] + b"\0" + whole[place + 1 :])
        try:
            names = pq.read_schema(path).names
            duckdb.sql(f"from read_parquet('{path}') limit 0")
        except duckdb.Error:
            if names == ["who", "at", "what"]:
                return
        except (pa.ArrowException, OSError):
            continue
    raise AssertionError("both read the same footers")


def test_parquet_that_duckdb_cannot_open_is_told_without_names_and_values(tmp_path: Path) -> None:
    cells = pa.array([b"mary@acme.org"] * 20 + ["josé@acme.org".encode("latin-1")], pa.binary())
    who = pa.Array.from_buffers(pa.string(), 21, cells.buffers())
    rest = {"at": ["2026-01-01"] * 21, "what": [FIVE[0]] * 21}
    folder = tmp_path / "in"
    folder.mkdir()
    pq.write_table(pa.table({"who": who, **rest}), folder / "bad.parquet")
    footer = folder / "footer.parquet"
    pq.write_table(
        pa.table({"who": ["ann"] * 3, "at": ["2026-01-01"] * 3, "what": ["x"] * 3}), footer
    )
    spoil_footer(footer)
    write_csv(folder / "log.csv", ("who", "at", "what"), [("ann", "2026-01-01", FIVE[0])])
    (tmp_path / "squiggle.toml").write_text(toml(files="in", extra="max_rejected = 1.0"))
    with open_warehouse(run(load_project(tmp_path)).warehouse) as built:
        faults = dict(built.rows("select path, fault from input_files"))
    assert faults.pop("in/log.csv") is None
    assert "its data are damaged (" in faults["in/bad.parquet"]
    assert "its data are damaged (" in faults["in/footer.parquet"]
    assert not [one for one in faults.values() if "acme" in one or ".parquet" in one]


# ---- warehouses ----------------------------------------------------------------------------------


def test_a_column_that_an_older_squiggle_did_not_make_is_told_and_one_of_nobody_is_not(
    project: Path,
) -> None:
    with duckdb.connect(str(project / "journeys.duckdb")) as built:
        built.execute("alter table cfg_maps rename column within_us to within_was")
    assert "a column 'within_us' is not in this warehouse: an older" in refused(
        "funnel", FIVE[0], FIVE[-1], "-p", project
    )
    wrong = refused("sql", "-p", project, "select nobody from cfg_maps")
    assert wrong.startswith("the query cannot be answered")
    assert "older" not in wrong


def test_a_damaged_page_and_events_that_are_gone_are_told(project: Path) -> None:
    path = project / "journeys.duckdb"
    whole = path.read_bytes()
    path.write_bytes(whole[:12288] + bytes(255 - one for one in whole[12288:]))
    assert "make it again with 'squiggle run'" in refused("graph", "-p", project)
    path.unlink()
    run(load_project(project), anew=True)
    shutil.rmtree(project / ".squiggle" / "parts")
    gone = refused("export", "loaded_events", project / "all.csv", "-p", project)
    assert "is damaged or gone" in gone


def test_what_a_killed_run_left_goes_also_where_nothing_has_changed(project: Path) -> None:
    """Its exports may since have been cleared of somebody."""
    run(load_project(project))
    for name in ("journeys.duckdb.part", "journeys.duckdb.part.wal"):
        (project / name).write_text("mary@acme.org")
    (project / "journeys.duckdb.spill").mkdir()
    (project / "journeys.duckdb.spill" / "left.tmp").touch()
    assert run(load_project(project)).tables_made == 0
    assert not list(project.glob("journeys.duckdb.*"))


@pytest.mark.tables()
def test_a_run_beside_leaves_the_store_to_the_warehouse_that_reads_it(project: Path) -> None:
    run(load_project(project))
    (project / "log.csv").write_text(
        (project / "log.csv").read_text() + f"bob,2026-01-05,{FIVE[0]}\n"
    )
    told("sweep", "--setting", "gap", "--factor", "2", "-p", project)
    with open_warehouse(project / "journeys.duckdb") as built:
        assert built.rows("select count(*) from loaded_events") == [(2,)]


@pytest.mark.parametrize("lost", ["records", "a file"])
@pytest.mark.tables()
def test_check_says_what_a_run_refuses(lost: str, project: Path) -> None:
    if lost == "records":
        rows = [("ann", "2026-01-05" if n % 2 else "soon", FIVE[0]) for n in range(40)]
        write_csv(project / "log.csv", ("who", "at", "what"), rows)
        named = "'log': 20 of 40 records would be rejected"
    else:
        (project / "bad.csv").write_bytes(b"PK\x03\x04" * 99)
        named = "'log': files that cannot be read"
    said = told("check", "-p", project)
    assert f"a run refuses source {named}" in said.replace("\n", " ")
    assert "A run would be refused until this is mended" in said
    with pytest.raises(DataError, match="more than max_rejected"):
        run(load_project(project))


# ---- files of others -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ("export", "journeys", "log.csv"),
        ("customers", "--node", FIVE[0], "--out", "log.csv"),
        ("graph", "--out", "log.csv"),
        ("report", "--out", "log.csv"),
    ],
)
def test_no_command_writes_over_an_export(words: tuple[str, ...], project: Path) -> None:
    before = (project / "log.csv").read_bytes()
    said = refused(*(project / one if one == "log.csv" else one for one in words), "-p", project)
    assert "is an export that the project reads" in said
    assert (project / "log.csv").read_bytes() == before


def test_a_report_shows_no_smaller_groups_than_the_project_file_allows(project: Path) -> None:
    toml_path = project / "squiggle.toml"
    toml_path.write_text(toml_path.read_text() + "\n[privacy]\nk = 3\n", encoding="utf-8")
    assert "was built with [privacy] k = 1, and the project file says 3" in refused(
        "report", "-p", project
    )
    assert "this is a folder" in refused("report", "--out", project / "..", "-p", _at_1(project))


def _at_1(project: Path) -> Path:
    path = project / "squiggle.toml"
    path.write_text(path.read_text().replace("k = 3", "k = 1"), encoding="utf-8")
    return project


# ---- ids -----------------------------------------------------------------------------------------

IDS = 'email = "mail"\nphone = "phone"\nuser_id = "who"\noccurred_at = "at"\nevent = "what"'


@pytest.mark.tables("identity_map", "customers")
def test_links_and_blocked_ids_are_read_as_those_of_events(tmp_path: Path, build: Build) -> None:
    links = [
        ("email", "Anna@Shop.de ", "user_id", "u9"),
        ("phone", "+49 (171) 2-22", "user_id", "u8"),
    ]
    write_csv(tmp_path / "links.csv", ("kind", "value", "other_kind", "other_value"), links)
    rows = [
        ("2026-01-01", FIVE[0], "anna@shop.de", "", ""),
        ("2026-01-01", FIVE[0], "", "+49171222", ""),
        *(("2026-01-01", FIVE[0], "", "", who) for who in ("u9", "u8")),
        *(
            ("2026-01-02", FIVE[0], "", "+49 30 1234", who)
            for who in ("p1", "p2\u00a0", "p2\t", "p2")
        ),
    ]
    blocked = 'blocked = ["+49 (30) 12-34"]'
    project = toml(columns=IDS) + f'\n[identity]\nlinks = "{tmp_path}/links.csv"\n{blocked}\n'
    built = build(rows, project, header=("at", "what", "mail", "phone", "who"))
    found = built.rows(
        "select string_agg(value, ' ' order by value) from identity_map "
        "group by customer_id order by 1"
    )
    assert found == [("+49171222 u8",), ("anna@shop.de u9",), ("p1",), ("p2",)]


# ---- pieces --------------------------------------------------------------------------------------


def test_a_way_that_holds_no_cell_hides_none() -> None:
    cells = pd.Series([9, 7, 2])
    nowhere = pd.Series([None] * 3, dtype="float")
    everywhere = pd.Series(0, cells.index)
    assert hidden(cells, [nowhere, everywhere], k=5).tolist() == [False, True, True]
    assert hidden(cells, [nowhere], k=5).tolist() == [False, False, True]


def test_ends_of_money_and_of_numbers_per_hundred_are_no_shares() -> None:
    values = pd.Series([0.5])
    names = ("recoverable_lo", "returns_lo", "returns_hi", "drop_lo", "conversion_rate")
    assert [kind(name, values) for name in names] == ["number"] * 3 + ["share"] * 2


def test_a_profile_holds_no_values_that_were_filtered_by() -> None:
    profile = [{"operator": {"extra_info": {"Filters": "value >= 'a@b.c'", "Rows": 1}}}]
    assert _unsaid(profile) == [{"operator": {"extra_info": {"Rows": 1}}}]


@pytest.mark.tables("identity_changes", "customers")
def test_a_warehouse_that_somebody_writes_to_is_told_and_a_broken_one_replaced(
    project: Path,
) -> None:
    (project / "log.csv").write_text(f"who,at,what\nbob,2026-01-05,{FIVE[0]}\n", encoding="utf-8")
    path = project / "journeys.duckdb"
    code = f"import duckdb, sys; c = duckdb.connect({str(path)!r}); print(1, flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        with pytest.raises(DataError, match="another process holds it for writing"):
            run(load_project(project))
        with pytest.raises(DataError, match="close that process and try again"):
            open_warehouse(path)
        writer.communicate(b"\n")
    path.write_bytes(b"no warehouse")
    assert run(load_project(project)).rows_loaded == 1
