"""A part of the tables: each as in a whole run, with all that it is made of and nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pipeline.cli import squiggle
from pipeline.cli.check import _CHECKED
from pipeline.cli.notes import NOTED, TOLD
from pipeline.errors import DataError
from pipeline.models import behind, load_models, tables_read
from pipeline.project import load_project
from pipeline.reuse import plan, prints, wanted
from pipeline.run import Result, run
from pipeline.sample import write_sample
from pipeline.warehouse import Warehouse, open_warehouse

from .content import contents

NAMED = {model.name: model for model in load_models()}
DEAR = {"loops", "squiggle_sums", "progress_curves", "pain_points"}
"""What a run spends most on."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small sample that has been run whole."""
    folder = tmp_path_factory.mktemp("whole")
    write_sample(folder, seed=5, customers=80)
    run(load_project(folder))
    return folder


@pytest.fixture
def shop(whole: Path, tmp_path: Path) -> Path:
    """Return the same sample, never run."""
    folder = tmp_path / "shop"
    shutil.copytree(whole, folder, ignore=shutil.ignore_patterns("journeys.*", ".squiggle"))
    return folder


@pytest.fixture(scope="module")
def edited_shop(whole: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of the same sample, for the edits of one test after another."""
    folder = tmp_path_factory.mktemp("edited") / "shop"
    shutil.copytree(whole, folder, ignore=shutil.ignore_patterns("journeys.*", ".squiggle"))
    return folder


@pytest.fixture
def ran(edited_shop: Path) -> Path:
    """Return that folder when a whole run has just ended there."""
    run(load_project(edited_shop))
    return edited_shop


def only(folder: Path, *names: str) -> Result:
    return run(load_project(folder), only=names)


def said(folder: Path) -> dict[str, str]:
    """The rows of every table and view that is there."""
    with open_warehouse(folder / "journeys.duckdb") as built:
        there = set(built.tables())
        return contents(
            built,
            with_lineage=True,
            models=[model for name, model in NAMED.items() if name in there],
        )


def edited(folder: Path, old: str, new: str) -> None:
    path = folder / "squiggle.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def asked(folder: Path, *words: str) -> str:
    found = CliRunner().invoke(squiggle, [*words, "-p", str(folder)])
    assert found.exit_code == 0, (words, found.output, found.exception)
    return found.output


@pytest.mark.parametrize(
    "name",
    [
        "variants",
        *(
            pytest.param(name, marks=pytest.mark.soak)
            for name in ("events", "transitions", "stage_dropoff", "loops", "quality_register")
        ),
    ],
)
def test_a_table_asked_for_alone_is_as_in_a_whole_run_and_so_is_all_that_it_is_made_of(
    name: str, shop: Path, whole: Path
) -> None:
    only(shop, name)
    found, expected = said(shop), said(whole)
    assert name in found
    for model in behind([name], load_models()):
        assert model.name in found or model.kind == "working"
    different = {one for one, rows in found.items() if rows != expected[one]}
    assert different <= {"run_info", "loaded_events"}


def test_what_was_not_asked_for_is_not_there_and_who_reads_it_is_told(shop: Path) -> None:
    only(shop, "stage_dropoff")
    assert DEAR.isdisjoint(said(shop))
    place = shop / "journeys.duckdb"
    told = f"{place}: the table 'loops' is not in this warehouse: --only asked for others"
    with open_warehouse(place) as built:
        with pytest.raises(DataError, match="name it in --only as well") as error:
            built.table("loops")
        assert str(error.value).startswith(told)
        with pytest.raises(DataError, match="not in this warehouse") as error:
            built.frame("select * from loops")
        assert str(error.value).startswith(told)
        with pytest.raises(DataError, match="not in this warehouse"):
            built.export("loops", shop / "loops.csv")
    with open_warehouse(place) as built, pytest.raises(DataError, match="not in this warehouse"):
        built.ask("select * from loops")
    with open_warehouse(place) as built, pytest.raises(DataError, match="there is no table 'lops'"):
        built.table("lops")


def test_a_whole_run_makes_what_is_lacking_and_nothing_else(shop: Path, whole: Path) -> None:
    part = only(shop, "stage_dropoff", "transitions")
    rest = run(load_project(shop))
    assert part.tables_made + rest.tables_made == rest.tables
    assert rest.changed == ()
    found, expected = said(shop), said(whole)
    assert found.keys() == expected.keys()
    different = {one for one, rows in found.items() if rows != expected[one]}
    assert different <= {"run_info", "loaded_events"}


def test_where_the_tables_are_there_the_file_is_not_touched(shop: Path) -> None:
    first = only(shop, "stage_dropoff")
    before = first.warehouse.stat().st_mtime_ns
    again = only(shop, "stage_dropoff", "journeys")
    assert (again.tables_made, again.tables) == (0, first.tables)
    assert first.warehouse.stat().st_mtime_ns == before


@pytest.mark.soak
def test_of_the_others_those_stay_that_are_as_they_were(ran: Path) -> None:
    before = said(ran)
    edited(ran, 'within = "90 d"', 'within = "60 d"')
    made = only(ran, "variants")
    found = said(ran)
    assert "cfg_maps" in made.changed
    assert {"variants", "transitions", "loops", "journeys"} <= found.keys()
    assert found["transitions"] == before["transitions"]
    assert {"stage_dropoff", "progress_curves"}.isdisjoint(found)  # they would be others
    run(load_project(ran))
    assert said(ran)["stage_dropoff"] != before["stage_dropoff"]


@pytest.mark.soak
def test_new_events_leave_only_what_is_asked_for(ran: Path) -> None:
    survey = ran / "survey" / "nps.csv"
    lines = survey.read_text(encoding="utf-8").splitlines(keepends=True)
    survey.write_text("".join(lines[:-1]), encoding="utf-8")
    only(ran, "transitions")
    assert "transitions" in said(ran)
    assert DEAR.isdisjoint(said(ran))


def test_which_ids_have_changed_hands_is_told_across_a_run_of_a_part(ran: Path) -> None:
    edited(ran, "[identity]\n", '[identity]\npolicy = "none"\n')
    only(ran, "transitions")
    with open_warehouse(ran / "journeys.duckdb") as built:
        assert built.scalar("select count(*) from identity_map") > 0
        assert built.scalar("select count(*) from identity_changes") > 0


def test_a_table_that_there_is_not_is_named(shop: Path) -> None:
    with pytest.raises(DataError, match=r"'stage_drop': there is no such table.*stage_dropoff"):
        only(shop, "stage_drop")
    with pytest.raises(DataError, match="'rates_are_shares': there is no such table"):
        only(shop, "rates_are_shares")  # a check
    assert not (shop / "journeys.duckdb").exists()


def test_checks_that_read_nothing_else_are_run() -> None:
    models = load_models()
    for name in ("customers", "stage_dropoff", "quality_register"):
        found = wanted(models, [name])
        for model in models:
            if model.kind == "check":
                assert (model.name in found) == found.issuperset(model.reads)
    assert "rates_are_shares" in wanted(models, None)
    assert wanted(models, None) == NAMED.keys()


def test_a_check_that_was_not_run_is_run_when_its_tables_are_all_there() -> None:
    models = load_models()
    now = prints(models, {}, {})
    first = plan(models, now, {}, only=["customers"])
    ran = {model.name for model in first.models if model.kind == "check"}
    more = plan(models, now, {name: now[name] for name in first.there}, only=["touchpoints"])
    ran |= {model.name for model in more.models if model.kind == "check"}
    rest = plan(models, now, {name: now[name] for name in more.there})
    checks = {model.name for model in models if model.kind == "check"}
    assert {model.name for model in rest.models if model.kind == "check"} == checks - ran
    assert rest.there == NAMED.keys()


@pytest.mark.parametrize("tell", TOLD, ids=lambda tell: tell.__name__)
def test_a_note_is_read_from_the_tables_that_are_listed_for_it(
    tell: Callable[[Warehouse], list[str]], whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_for: list[str] = []
    run_it = Warehouse._run

    def noted(built: Warehouse, sql: str, parameters: Any) -> Any:
        asked_for.append(sql)
        return run_it(built, sql, parameters)

    with open_warehouse(whole / "journeys.duckdb") as built:
        monkeypatch.setattr(Warehouse, "_run", noted)
        tell(built)
    read = tables_read({str(place): sql for place, sql in enumerate(asked_for)})
    assert {name for names in read.values() for name in names} == set(TOLD[tell])


def test_check_makes_what_it_tells_and_leaves_the_dearest_tables_out() -> None:
    asked_for = NOTED.union(*tables_read(_CHECKED).values())
    assert DEAR.isdisjoint(wanted(load_models(), asked_for))


QUESTIONS = {
    "funnel": ("funnel", "Product page", "Order", "--by", "channel"),
    "explain": ("explain", "Product page", "Order", "--as", "posthog"),
    "compare": ("compare", "-a", "device=mobile", "-b", "device=desktop"),
    "pattern": ("pattern", "Product page -> ... -> Order"),
    "steps": ("steps", "--anchor", "Order", "--back", "2"),
    "customers behind an edge": ("customers", "--edge", "Product page", "Home page"),
    "customers behind a step": ("customers", "--step", "1", "Order", "--anchor", "Product page"),
    "retention": ("retention",),
    "attribution": ("attribution",),
    "graph": ("graph", "--level", "stage"),
}


@pytest.fixture(scope="module")
def answering(whole: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the sample with the tables that questions are answered from."""
    folder = tmp_path_factory.mktemp("part") / "shop"
    shutil.copytree(whole, folder, ignore=shutil.ignore_patterns("journeys.*", ".squiggle"))
    told = asked(folder, "run", "--only", "questions")
    assert "made for questions; 0 as they were" in told
    assert "Report" not in told
    return folder


@pytest.mark.parametrize("question", QUESTIONS)
def test_with_the_tables_for_questions_each_has_the_answer_of_a_whole_run(
    question: str, answering: Path, whole: Path
) -> None:
    assert asked(answering, *QUESTIONS[question]) == asked(whole, *QUESTIONS[question])


def test_the_tables_for_questions_leave_the_dearest_out(answering: Path) -> None:
    assert DEAR.isdisjoint(said(answering))
