"""The benchmark: what stands in the README was measured, the log is seeded, counts must agree."""

from __future__ import annotations

import json
import math
import sys
import tomllib
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.models import load_models
from pipeline.reuse import wanted

from .bench.comparing import PEERS, Differs, compared, held
from .bench.costs import cost_rows
from .bench.log import FUNNEL, write_log, write_project
from .bench.processes import Failed, measured
from .bench.stages import WORK
from .bench.table import BEGIN, END, put, slope, tables
from .conftest import ROOT

MEASURED = ROOT / "docs" / "bench.json"


def read() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(MEASURED.read_text(encoding="utf-8"))
    return found


def test_the_tables_of_the_readme_are_what_was_measured() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert put(readme, read()) == readme, "make bench"


def test_what_was_measured_says_where_and_has_every_row() -> None:
    found = read()
    assert {"cpu", "cores", "memory_gb", "python", "duckdb", "date"} <= found["machine"].keys()
    told = tables(found)
    for row in ("the floor: scan and sort", "**whole run**", "peak memory", "ask: funnel"):
        assert f"| {row}" in told
    for size in found["sizes"]:
        assert f"{size['events']:,} events" in told
        assert size["run"]["cpu_s"] > size["floor"]["cpu_s"] > 0
        assert math.isclose(
            sum(part[1] for part in size["run"]["parts"].values()),
            size["run"]["cpu_s"],
            rel_tol=0.1,
        )
    widths = {line.count("|") for line in told.split("\n\n")[1].splitlines()}
    assert widths == {len(found["sizes"]) + 2}


def test_the_slope_is_the_power_of_the_events() -> None:
    sizes = [{"events": 10**n, "run": {"cpu_s": 3.0 * 10 ** (1.2 * n)}} for n in (6, 7)]
    assert slope(sizes, "run") == pytest.approx(1.2)
    assert slope(sizes[:1], "run") is None


def test_the_tables_stand_between_the_markers() -> None:
    written = put(f"above\n{BEGIN}\nwhat stood here\n{END}\nbelow", read())
    assert written.startswith(f"above\n{BEGIN}\n\n") and written.endswith(f"\n\n{END}\nbelow")
    assert "what stood here" not in written


@pytest.mark.parametrize("kind", ["parquet", "csv", "jsonl"])
def test_a_log_is_the_same_for_the_same_seed(tmp_path: Path, kind: str) -> None:
    one, two, other = (tmp_path / f"{name}.{kind}" for name in ("one", "two", "other"))
    write_log(one, 500)
    write_log(two, 500)
    write_log(other, 500, seed=8)
    assert one.read_bytes() == two.read_bytes() != other.read_bytes()


def test_a_log_has_what_makes_logs_hard(tmp_path: Path) -> None:
    write_log(tmp_path / "log.parquet", 20_000)
    write_log(tmp_path / "sorted.parquet", 20_000, order="sorted")
    log, ordered = (f"'{tmp_path / name}.parquet'" for name in ("log", "sorted"))
    rows, ids, anonymous, late, soon, top = duckdb.sql(
        f"""
        with log as (from {log}),
        ordered as (select ts < lag(ts) over () as is_late from {ordered})
        select
            (select count(*) from log),
            (select count(distinct event_id) from log),
            (select count(*) filter (user_id is null) / count(*) from log),
            (select avg(cast(is_late as integer)) from ordered),
            (select avg(cast(ts < before as integer)) from (
                select ts, lag(ts) over () as before from log)),
            (select max(events) / sum(events) from (
                select count(*) as events from log group by event))
        """
    ).fetchall()[0]
    assert (rows, ids) == (20_000, 19_800)
    assert 0.3 < anonymous < 0.8
    assert 0 < late < 0.03 and 0.4 < soon < 0.6
    assert top > 0.1, "the first of forty touchpoints has more than a fortieth"


def test_the_plain_log_has_no_ties(tmp_path: Path) -> None:
    write_log(tmp_path / "plain.parquet", 20_000, plain=True)
    rows, distinct = duckdb.sql(
        f"select count(*), count(distinct (user_id, ts)) from '{tmp_path / 'plain.parquet'}'"
    ).fetchall()[0]
    assert rows == distinct == 20_000


def test_the_same_work_takes_some_of_the_models() -> None:
    models = load_models()
    chosen = wanted(models, WORK)
    assert set(WORK) <= chosen
    assert all(set(model.reads) <= chosen for model in models if model.name in chosen)
    assert len(chosen) < len(models) / 2


def test_ours_and_a_peer_count_alike(tmp_path: Path) -> None:
    log = tmp_path / "plain.parquet"
    write_log(log, 3_000, plain=True)
    write_project(tmp_path, log, plain=True)
    ours = measured(
        [sys.executable, "-m", "tests.bench.measures", "same_work", str(tmp_path), "1GB"]
    )
    found = compared(sys.executable, log, ours, ["duckdb"])
    assert found["duckdb"]["counts"].keys() == ours["counts"].keys()
    assert found["duckdb"]["peak_mb"] > 0
    assert set(found) == {"squiggle", "duckdb"}
    assert len(ours["counts"]["funnel"]) == len(FUNNEL)


def test_a_tool_that_counts_otherwise_is_refused() -> None:
    ours = {"sessions": 5, "medians_s": 1.0}
    held("one", {"medians_s": 1.0 + 1e-9}, ours)
    with pytest.raises(Differs, match="sessions is 6"):
        held("other", {"sessions": 6}, ours)


def test_a_tool_that_is_not_there_is_skipped_and_a_failure_says_why() -> None:
    ours = {"counts": {}, "wall_s": 1.0, "cpu_s": 1.0, "peak_mb": 1}
    found = compared("/no/such/python", Path("log.parquet"), ours)
    assert all("skipped" in found[name] for name in PEERS)
    with pytest.raises(Failed, match="KeyError"):
        measured([sys.executable, "-c", "{}['nothing']"])


def test_costs_are_those_of_the_small_run_and_what_larger_ones_take_more() -> None:
    def ran(rows: int, cpu: float) -> dict[str, Any]:
        step = ("building", "journeys", 0.0, cpu)
        return {
            "rows": rows,
            "run": {"steps": [step, ("loading", "log.csv", 0.0, 9.0)]},
            "report": {"cpu_s": 1.0},
            "formats": {"csv": {"ingest": {"steps": [("loading", "log.csv", 0.0, cpu)]}}},
            "bytes": {"csv": 100 * rows},
        }

    rows = cost_rows([ran(0, 0.5), ran(0, 0.7)], [ran(10**6, 2.4), ran(10**7, 19.5)])
    found = {(step, units): seconds for step, units, seconds in rows}
    assert found["journeys", 0] == 0.5
    assert found["journeys", 10**6] == pytest.approx(1.5)
    assert found["journeys", 10**7] == pytest.approx(10.5)
    assert found["loading csv", 10**8] == pytest.approx(1.5)
    assert found["report", 10**7] == 1.0


def test_the_peers_are_in_no_lock_and_the_package_imports_none() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    assert any(line.startswith("pm4py") for line in extras["bench"])
    assert not any(line.startswith(("pm4py", "retentioneering")) for line in extras["dev"])
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "pm4py" not in text and "retentioneering" not in text
