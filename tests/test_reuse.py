"""What did not change is not made again, and the tables are those of a run that makes them all."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from pipeline.models import Model, load_models, through_views
from pipeline.project import load_project
from pipeline.reuse import NOTES, plan, prints, remember, remembered
from pipeline.run import Result, run
from pipeline.sample import write_sample
from pipeline.settings import as_table
from pipeline.warehouse import open_warehouse

from .content import contents

NAMED = {model.name: model for model in load_models()}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small sample, with every kind of setting, that has been run once."""
    folder = tmp_path_factory.mktemp("shop")
    write_sample(folder, seed=3, customers=60)
    ran(folder)
    return folder


def ran(folder: Path, **options: bool) -> Result:
    return run(load_project(folder), **options)


def said(path: Path) -> dict[str, str]:
    with open_warehouse(path) as built:
        found = contents(built, with_lineage=True)
        comments = "select table_name, column_name, comment from duckdb_columns() order by all"
        return {**found, "comments": str(hash(str(built.rows(comments))))}


def edited(folder: Path, old: str, new: str) -> None:
    path = folder / "squiggle.toml"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1, old
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


# One after the other: each run begins with what the one before has left.
EDITS = {
    "what counts for a KPI": (0.3, [('orders = "Order"\n', 'orders = ["Order", "Club"]\n')]),
    "the horizon of a map": (0.5, [('within = "90 d"', 'within = "60 d"')]),
    "what tells journeys apart": (
        0.9,
        [
            ('take = "most"\n', ""),
            ("[kpi]\n", '[[segment]]\nname = "land"\ncolumn = "country"\n\n[kpi]\n'),
        ],
    ),
    "the silence that ends a journey": (0.9, [('silence = "30 d"', 'silence = "20 d"')]),
    "the stage of a touchpoint": (
        0.95,
        [
            (
                'name = "Home page"\nstage = "Awareness"',
                'name = "Home page"\nstage = "Interest"',
            )
        ],
    ),
    "an id that is nobody's": (1, [('"guest", ', '"guest", "u3", ')]),
}


SOON = ("what tells journeys apart",)


@pytest.mark.parametrize(
    "edit",
    [pytest.param(one, marks=[] if one in SOON else pytest.mark.soak) for one in EDITS],
)
def test_after_an_edit_every_table_is_that_of_a_run_anew(edit: str, shop: Path) -> None:
    most, replaced = EDITS[edit]
    for old, new in replaced:
        edited(shop, old, new)
    made = ran(shop)
    assert made.changed
    assert 0 < made.tables_made <= most * made.tables
    beside = load_project(shop).model_copy(update={"warehouse": "anew.duckdb"})
    assert run(beside, anew=True).tables_made == made.tables
    assert said(shop / "journeys.duckdb") == said(shop / "anew.duckdb")
    sizes = [(shop / name).stat().st_size for name in ("journeys.duckdb", "anew.duckdb")]
    assert sizes[0] <= 2 * sizes[1]  # what is free is used again


def test_where_nothing_changed_the_file_is_not_touched(shop: Path) -> None:
    ran(shop)
    path = shop / "journeys.duckdb"
    before = (path.stat().st_mtime_ns, path.read_bytes())
    made = ran(shop)
    assert (made.tables_made, made.changed) == (0, ())
    assert (path.stat().st_mtime_ns, path.read_bytes()) == before
    assert made == replace(ran(shop, anew=True), tables_made=0)


@pytest.mark.soak
def test_a_warehouse_that_somebody_wrote_into_is_made_anew(shop: Path) -> None:
    ran(shop)
    whole = said(shop / "journeys.duckdb")
    with duckdb.connect(str(shop / "journeys.duckdb")) as opened:
        opened.execute("update journey_facts set status = 'converted'")
    made = ran(shop)
    assert (made.tables_made, made.changed) == (made.tables, ())
    assert said(shop / "journeys.duckdb") == whole


def _touched(notes: Path, warehouse: Path) -> None:
    os.utime(warehouse, ns=(1, 1))


def _longer(notes: Path, warehouse: Path) -> None:
    stamp = warehouse.stat().st_mtime_ns
    warehouse.write_bytes(warehouse.read_bytes() + b" ")
    os.utime(warehouse, ns=(stamp, stamp))


def _gone(notes: Path, warehouse: Path) -> None:
    notes.unlink()


def _torn(notes: Path, warehouse: Path) -> None:
    notes.write_text(notes.read_text(encoding="utf-8")[:20], encoding="utf-8")


@pytest.mark.parametrize("spoil", [_touched, _longer, _gone, _torn])
def test_prints_are_of_the_file_that_the_run_left_and_of_no_other(
    spoil: Callable[[Path, Path], None], tmp_path: Path
) -> None:
    warehouse = tmp_path / "journeys.duckdb"
    warehouse.write_bytes(b"whole")
    remember(tmp_path, warehouse, {"journeys": "as they are"})
    assert remembered(tmp_path, warehouse) == {"journeys": "as they are"}
    spoil(tmp_path / NOTES, warehouse)
    assert remembered(tmp_path, warehouse) == {}


def test_other_events_make_every_table_in_a_file_of_its_own(shop: Path) -> None:
    ran(shop)
    survey = shop / "survey" / "nps.csv"
    lines = survey.read_text(encoding="utf-8").splitlines(keepends=True)
    survey.write_text("".join(lines[:-1]), encoding="utf-8")
    made = ran(shop)
    assert (made.tables_made, made.changed) == (made.tables, ())


def inputs(**rows: list[tuple[object, ...]]) -> dict[str, pa.Table]:
    """The rows of inputs, those that are not named without any."""
    return {
        model.name: as_table(model, rows.get(model.name, []))
        for model in load_models()
        if model.kind == "input" and model.name not in ("loaded_events", "identity_changes")
    }


def told(**rows: list[tuple[object, ...]]) -> dict[str, str]:
    return prints(load_models(), inputs(**rows), {})


def test_a_model_depends_on_those_columns_of_a_setting_that_its_select_names() -> None:
    names = [column.name for column in NAMED["cfg_maps"].columns]
    first = tuple({"integer": 1, "bigint": 5, "boolean": True}.get(one.type.lower(), "x")
                  for one in NAMED["cfg_maps"].columns)  # fmt: skip
    other = tuple(
        9 if name == "within_us" else value for name, value in zip(names, first, strict=True)
    )
    one, two = told(cfg_maps=[first]), told(cfg_maps=[other])
    changed = {name for name in one if one[name] != two[name]}
    assert {"cfg_maps", "progress_watches", "stage_dropoff"} <= changed
    assert changed.isdisjoint({"ordered_events", "journey_steps", "journeys", "transitions"})


def test_of_working_tables_only_those_are_made_that_something_reads() -> None:
    models = load_models()
    before = told()
    now = {**before, "stage_dropoff": "other"}
    planned = plan(models, now, before)
    kinds = {model.name: model.kind for model in planned.models}
    assert "stage_dropoff" in kinds
    assert "stage_dropoff" not in planned.kept
    assert "journey_steps" in planned.kept
    for name, kind in kinds.items():
        if kind == "working":
            readers = [model for model in planned.models if name in _through(model)]
            assert readers, f"{name} is made and nobody reads it"
    assert plan(models, before, before).models == ()
    assert planned.causes == ("stage_dropoff",)


def test_a_view_of_another_select_is_laid_anew_though_no_table_is_made() -> None:
    before = told()
    planned = plan(load_models(), {**before, "journeys": "other"}, before)
    assert NAMED["journeys"].kind == "view"
    assert [model.name for model in planned.models] == ["loaded_events"]
    assert planned.made == 0


def _through(model: Model) -> set[str]:
    return set(through_views(model, NAMED))
