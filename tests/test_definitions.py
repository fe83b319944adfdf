"""What decides a figure is in its fingerprint, and what does not is not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.definitions import FAMILIES, card_rows, definitions, fingerprint_rows
from pipeline.errors import DataError
from pipeline.project import Project, load_project
from pipeline.run import run
from pipeline.warehouse import Warehouse, open_warehouse

from .commands import refused, told
from .conftest import toml, write_csv

HEADER = ("who", "box", "at", "what", "way")
ROWS = [
    ("ann", "b1", "2026-01-01 10:00", "Look", "ads"),
    ("", "b1", "2026-01-01 11:00", "Like", "ads"),
    ("", "b1", "2026-01-20 23:30", "Like", "mail"),
    ("", "b1", "2026-01-26 10:00", "Buy", "mail"),
    ("bob", "b2", "2026-01-05 10:00", "Look", "mail"),
    ("bob", "b2", "2026-01-13 10:00", "Like", "ads"),
    ("bob", "b2", "2026-01-13 10:40", "Buy", "ads"),
    ("cat", "b3", "2026-02-01 10:00", "Like", ""),
    ("cat", "b3", "2026-03-01 10:00", "Look", "ads"),
]
TEXT = (
    toml(
        stages=("Look", "Like", "Buy"),
        goal="Buy",
        columns='user_id = "who"\ncookie_id = "box"\noccurred_at = "at"\nevent = "what"\n'
        'channel = "way"',
        source_extra='time_format = "%Y-%m-%d %H:%M"\nrecorded_since = "2025-01-01"',
        map_extra='silence = "10 d"\nwithin = "10 d"',
    )
    + '\n[[map]]\nname = "other"\nstages = ["Look", "Buy"]\ngoal = "Buy"\nsilence = "30 d"\n'
    + '\n[[segment]]\nname = "way"\ncolumn = "channel"\n'
    + '\n[session]\ngap = "30 min"\n\n[identity]\npolicy = "guarded"\nlend_after = "2 d"\n'
    + '\n[reporting]\nperiod = "month"\ntitle = "Ours"\n'
)
OF_JOURNEYS = {family.name for family in FAMILIES[4:]}
OF_CUSTOMERS = {family.name for family in FAMILIES[1:]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made: Path = tmp_path_factory.mktemp("defined")
    write_csv(made / "log.csv", HEADER, ROWS)
    (made / "squiggle.toml").write_text(TEXT, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def built(folder: Path) -> Iterator[Warehouse]:
    with open_warehouse(run(load_project(folder)).warehouse) as warehouse:
        yield warehouse


def changed_to(folder: Path, old: str, new: str) -> Project:
    assert old in TEXT
    other = folder / "other.toml"
    other.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    return load_project(other)


def prints(project: Project) -> dict[tuple[str, int], str]:
    rows = fingerprint_rows(project, data="same", links=[], version="1")
    return {(row[0], row[1]): row[4] for row in rows}


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ('gap = "30 min"', 'gap = "1 h"', OF_CUSTOMERS),
        ('gap = "30 min"', 'gap = "1800 s"', set()),
        ('title = "Ours"', 'title = "Theirs"', set()),
        ('name = "drawn"', 'name = "painted"', set()),
        ('name = "journey"', 'name = "way to buy"', set()),
        ('files = "*.csv"', 'files = "log.csv"', set()),
        ('within = "10 d"', 'within = "9 d"', {"conversion", "drop-off", "comparisons", "others"}),
        ('silence = "10 d"', 'silence = "9 d"', OF_JOURNEYS),
        ('period = "month"', 'period = "week"', {"segments", "comparisons", "others"}),
        ('column = "channel"', 'column = "source"', {"segments", "comparisons", "others"}),
        ('lend_after = "2 d"', 'lend_after = "3 d"', OF_CUSTOMERS),
        ('stage = "Like"', 'stage = "Look"', OF_JOURNEYS | {"touchpoints", "events"}),
        ('when = { event = "Like" }', 'when = { event = "L*" }',
         {family.name for family in FAMILIES}),
        ('title = "Ours"\n', 'title = "Ours"\n[kpi]\norder_rows = "line"\n',
         {"journeys", "comparisons", "others"}),
        ('within = "10 d"', 'within = "10 d"\npath = ["Look", "Buy"]',
         {"intended path", "squiggle", "comparisons", "others"}),
        (
            'recorded_since = "2025-01-01"',
            'recorded_since = "2026-01-01"',
            {"journeys", "conversion", "squiggle", "intended path", "segments", "comparisons",
             "others"},
        ),
        ('name = "drawn"', 'name = "drawn"\ntimezone = "Europe/Madrid"',
         {family.name for family in FAMILIES}),
        ('name = "drawn"', 'name = "drawn"\nas_of = "2026-04-01"', OF_JOURNEYS | {"events"}),
    ],
)  # fmt: skip
def test_a_setting_changes_the_fingerprints_of_what_it_decides_alone(
    folder: Path, old: str, new: str, changed: set[str]
) -> None:
    before, after = prints(load_project(folder)), prints(changed_to(folder, old, new))
    assert {family for family, _ in before if before[family, _] != after[family, _]} == changed


def test_a_setting_of_one_map_leaves_the_figures_of_the_other_alone(folder: Path) -> None:
    before = prints(load_project(folder))
    after = prints(changed_to(folder, 'silence = "10 d"', 'silence = "9 d"'))
    assert before["squiggle", 1] != after["squiggle", 1]
    assert before["squiggle", 2] == after["squiggle", 2]
    assert before["comparisons", 2] != after["comparisons", 2]  # rare values are those of all maps


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[session]", '[session]\npassive = "Look"'),
        ("[session]", '[[channel]]\nname = "other"\nwhen = { channel = "mail" }\n[session]'),
    ],
)
def test_a_table_that_an_edit_changes_has_another_fingerprint(
    old: str, new: str, folder: Path, built: Warehouse
) -> None:
    edited = changed_to(folder, old, new).model_copy(update={"warehouse": "edited.duckdb"})
    before, after = prints(load_project(folder)), prints(edited)
    decided = {
        family for family, number in before if before[family, number] != after[family, number]
    }
    with open_warehouse(run(edited).warehouse) as other:
        changed = {
            family.name
            for family in FAMILIES
            for table in family.tables
            if built.rows(f"from {table} order by all") != other.rows(f"from {table} order by all")
        }
    assert changed
    assert changed <= decided
    assert not {"squiggle", "drop-off"} & decided


def test_under_another_policy_the_gap_decides_nobodys_events_but_how_they_are_cut(
    folder: Path,
) -> None:
    text = TEXT.replace('"guarded"', '"none"')
    found = []
    for gap, lend in (("30 min", "2 d"), ("1 h", "3 d")):
        path = folder / "none.toml"
        changed = text.replace('gap = "30 min"', f'gap = "{gap}"').replace('"2 d"', f'"{lend}"')
        path.write_text(changed, encoding="utf-8")
        found.append(prints(load_project(path)))
    differing = {family for family, _ in found[0] if found[0][family, _] != found[1][family, _]}
    assert differing == {
        *("customers", "sessions", "journeys", "graph", "comparisons", "others"),
    }


def test_other_data_or_code_leave_the_definitions_as_they_are(folder: Path) -> None:
    project = load_project(folder)
    one, data, code = (
        fingerprint_rows(project, data=data, links=[], version=version)
        for data, version in (("a", "1"), ("b", "1"), ("a", "2"))
    )
    for first, second, third in zip(one, data, code, strict=True):
        assert first[4] == second[4] == third[4]
        assert len({first[6], second[6], third[6]}) == 3


def contents(warehouse: Warehouse) -> dict[tuple[str, str, int], list[tuple[str, ...]]]:
    """The rows of the tables of each family, told apart by map where they are by map."""
    found = {}
    names = dict(warehouse.rows("select map_name, map_no from cfg_maps"))
    for family in FAMILIES:
        for table in family.tables:
            frame = warehouse.table(table)
            for name, map_no in names.items() if family.is_by_map else [(None, 0)]:
                own = frame[frame["map_name"] == name] if name else frame
                rows = own.sort_values(list(own)).itertuples(index=False)
                found[family.name, table, map_no] = [tuple(map(str, row)) for row in rows]
    return found


def test_where_a_figure_changes_its_fingerprint_does(folder: Path, built: Warehouse) -> None:
    """The other way round, a change may be without effect on data as few as these."""
    other = folder / "changed.toml"
    text = TEXT.replace('silence = "10 d"', 'silence = "5 d"').replace('"month"', '"day"')
    other.write_text(text, encoding="utf-8")
    project = load_project(other)
    desk = project.model_copy(update={"warehouse": "changed.duckdb"})
    with open_warehouse(run(desk).warehouse) as changed:
        after = contents(changed)
        second = {
            (family, map_no): found
            for family, map_no, found in changed.rows(
                "select family, map_no, definitions_fingerprint from figure_fingerprints"
            )
        }
    assert second == prints(project)
    before, first = contents(built), prints(load_project(folder))
    differing = {(family, map_no) for family, table, map_no in before
                 if before[family, table, map_no] != after[family, table, map_no]}  # fmt: skip
    assert {("journeys", 1), ("drop-off", 1), ("segments", 0)} <= differing
    assert [key for key in sorted(differing) if first[key] == second[key]] == []
    assert not {("squiggle", 2), ("customers", 0), ("sessions", 0)} & differing


def test_the_card_says_what_is_set_by_whom(folder: Path, built: Warehouse) -> None:
    card = {(row[1], row[2], row[3]): (row[4], row[5]) for row in card_rows(load_project(folder))}
    assert card["session", None, "gap"] == ("30 min", "project file")
    assert card["map", "other", "within"] == ("30 d", "default")
    assert card["project", None, "as_of"][1] == "data"
    assert card["source", "log", "dedupe"] == ("auto", "default")
    assert card["touchpoint", "Like", "when"] == ("event = Like", "project file")
    assert not {"files", "title", "store"} & {key for _, _, key in card}
    stored = built.table("definition_card")
    assert len(stored) == len(card)
    decides = stored.query("section == 'session'").set_index("key")["decides"]
    assert decides["gap"].startswith("customers, sessions, touchpoints, journeys")
    assert decides["longest"].startswith(
        "customers, sessions, journeys"
    )  # devices know the gap alone


def test_the_definitions_of_a_table_are_those_of_its_family(folder: Path, built: Warehouse) -> None:
    card, own = definitions(built, "stage_dropoff")
    assert set(own["family"]) == {"drop-off"}
    assert "recorded_since" not in set(card["key"])
    assert {"within", "gap", "dedupe"} <= set(card["key"])
    assert set(definitions(built, "churn_rates")[1]["family"]) == {"others"}
    with pytest.raises(DataError, match="did you mean 'squiggle'"):
        definitions(built, "squigle")
    asked = json.loads(told("definitions", "-p", folder, "drop-off", "--json"))
    assert [one["map_name"] for one in asked["fingerprints"]] == ["journey", "other"]
    text = told("definitions", "-p", folder)
    assert "30 min" in text and "customers, identity_map" in text
    assert "no such family" in refused("definitions", "-p", folder, "funels")
