"""The generator knows what is true in closed form; the pipeline must find it again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.project import load_project
from pipeline.run import run
from pipeline.sample import core_truth, write_core_log
from pipeline.warehouse import Warehouse, open_warehouse

SAMPLE = Path(__file__).parent.parent / "data" / "sample"


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    folder = tmp_path_factory.mktemp("core")
    write_core_log(folder, seed=11, customers=6000)
    made = run(load_project(folder))
    with open_warehouse(made.warehouse) as built:
        yield built


def test_the_share_that_progresses_within_twenty_days_is_found_at_every_stage(
    core: Warehouse,
) -> None:
    truth = core_truth()
    found = core.frame("from stage_dropoff order by stage_no")
    for stage_no, true in enumerate(truth.progress_within, start=1):
        row = found.iloc[stage_no - 1]
        se = (row.drop_hi - row.drop_lo) / 3.92
        assert abs(row.progress_rate - true) < 3.5 * se, (stage_no, row.progress_rate, true)


def test_the_squiggle_index_is_found(core: Warehouse) -> None:
    row = core.frame("from squiggle_summary where population = 'closed'").iloc[0]
    assert abs(row.squiggle_index - core_truth().squiggle) < 3.5 * row.squiggle_se


def test_the_share_that_reaches_each_stage_is_found_among_closed_journeys(core: Warehouse) -> None:
    found = core.rows(
        "select stage_no, count(*) from journey_stages join journeys "
        "using (map_no, customer_no, journey_no) where is_closed group by 1 order by 1"
    )
    reached = [count for _, count in found]
    for number, true in enumerate(core_truth().reach):
        share = reached[number] / reached[0]
        assert share == pytest.approx(true, abs=4 * (true * (1 - true) / reached[0]) ** 0.5 + 1e-9)


def test_the_naive_drop_off_misses_the_truth_that_kaplan_meier_finds(core: Warehouse) -> None:
    truth = core_truth().progress_ever
    found = core.frame("from stage_dropoff order by stage_no")
    naive = [
        abs(row.naive_drop_rate - (1 - true))
        for row, true in zip(found.itertuples(), truth, strict=False)
    ]
    timed = [
        abs(row.progress_rate - true)
        for row, true in zip(found.itertuples(), core_truth().progress_within, strict=False)
    ]
    assert sum(naive) > 2 * sum(timed[: len(naive)])


def test_every_record_of_the_sample_ends_where_its_truth_says(sample_warehouse: Path) -> None:
    truth = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))
    with open_warehouse(sample_warehouse) as built:
        found = built.rows(
            "select source, rows_read, rows_loaded, rows_duplicate, rows_rejected "
            "from source_quality"
        )
        assert built.rows("from reconciliation where not is_met") == []
    assert {row[0]: row[1:] for row in found} == {
        name: (one["read"], one["loaded"], one["duplicate"], one["rejected"])
        for name, one in truth["sources"].items()
    }
