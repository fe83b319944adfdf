"""The documents say what the code does: the generated ones are fresh, the examples run."""

from __future__ import annotations

import re
import shlex
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import click
import pytest
from pydantic import BaseModel, TypeAdapter

import pipeline
from pipeline import dictionary, load_models, open_warehouse
from pipeline import project as keys
from pipeline.cli import squiggle
from pipeline.cli.docs import reference
from pipeline.ingest import REASONS
from pipeline.models import read_models
from tests.test_house import FLOORS

ROOT = Path(__file__).parents[1]
PAGES = [
    ROOT / "README.md",
    *(ROOT / "docs" / f"{one}.md" for one in ("project", "figures", "spark")),
]
"""What is written by hand, in the order to read it."""
MANUAL = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
REFERENCE = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
SECTIONS: dict[str, type[BaseModel]] = {
    "Top of the file": keys.Project,
    "`[[source]]`": keys.Source,
    "`[session]`": keys.Session,
    "`[identity]`": keys.Identity,
    "`[[map]]`": keys.Map,
    "`[[touchpoint]]`": keys.Touchpoint,
    "`[[channel]]`": keys.Channel,
    "`[[segment]]`": keys.Segment,
    "`[reporting]`": keys.Report,
    "`[privacy]`": keys.Privacy,
    "`[kpi]`": keys.Kpi,
    "`[engine]`": keys.Engine,
}
SECTION_MODELS = {heading.strip("`[]"): model for heading, model in SECTIONS.items()}
COMMANDS = {name: one for name, one in squiggle.commands.items() if not one.hidden}
ALSO_IN_SHELLS = {".", "cd", "git"}


def blocks(kind: str) -> list[str]:
    """Return the manual's fenced blocks of a kind."""
    return re.findall(rf"(?ms)^```{kind}\n(.*?)^```$", MANUAL)


def each_block(kind: str) -> pytest.MarkDecorator:
    found = blocks(kind)
    assert found, f"the manual has no {kind} block"
    return pytest.mark.parametrize("text", found, ids=[f"{kind}{n}" for n in range(len(found))])


def rows(header: str, *, under: str = "") -> list[list[str]]:
    """Return the rows of the manual's first table with this header, below a heading."""
    start = MANUAL.index(f"\n{under}") if under else 0
    assert f"\n{header}\n" in MANUAL[start:], f"the manual has no table {header!r} under {under!r}"
    table = MANUAL[start:].split(f"\n{header}\n", 1)[1].split("\n\n", 1)[0]
    return [
        [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line.strip("|"))]
        for line in table.splitlines()[1:]
    ]


def names(header: str, *, under: str = "") -> list[str]:
    """Return the first column of a table of the manual, without its backticks."""
    return [row[0].strip("`") for row in rows(header, under=under)]


@pytest.mark.parametrize(
    ("name", "fresh"),
    [("tables.md", dictionary), ("commands.md", lambda: reference(squiggle))],
    ids=["tables", "commands"],
)
def test_a_generated_document_is_not_stale(name: str, fresh: Any) -> None:
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == fresh(), "make docs"


def test_the_dictionary_describes_every_table() -> None:
    text = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
    assert [m.name for m in load_models() if f"### `{m.name}`\n" not in text] == []


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_command_and_its_options_are_explained(name: str) -> None:
    command = COMMANDS[name]
    assert f"## squiggle {name}\n" in REFERENCE
    section = REFERENCE.split(f"## squiggle {name}\n", 1)[1].split("\n## ", 1)[0]
    assert command.help, "the command has no help"
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{parameter.opts[-1]} has no help"
            assert all(option in section for option in parameter.opts)
        else:
            assert str(parameter.name).upper().rstrip("S") in section


def written_commands() -> Iterator[tuple[str, list[str]]]:
    """Yield every command line of the manual's shell blocks and of what `make` prints."""
    for block in blocks("sh"):
        for line in block.splitlines():
            yield line, shlex.split(line, comments=True)
    for line in re.findall(r"\$\(BIN\)/(squiggle [^\"\n]*)", MAKEFILE):
        yield line, shlex.split(line.replace("$(SAMPLE)", "data/sample"))


@pytest.mark.parametrize(
    ("line", "words"), [pytest.param(*found, id=found[0]) for found in written_commands()]
)
def test_a_command_line_names_what_exists(line: str, words: list[str]) -> None:
    if not words or words[0] in ALSO_IN_SHELLS:
        return
    if words[0] == "make":
        targets = set(re.findall(r"(?m)^([a-z]+):.*## ", MAKEFILE))
        assert set(words[1:]) <= targets
        return
    assert words[0] == "squiggle", f"what is {words[0]!r}?"
    assert words[1] in squiggle.commands
    command = squiggle.commands[words[1]]
    known = {option for parameter in command.params for option in parameter.opts}
    given = {word.split("=")[0] for word in words[2:] if word.startswith("-")}
    assert given <= known, f"squiggle {words[1]} has no {sorted(given - known)}"


def test_commands_named_in_a_sentence_exist() -> None:
    named = set(re.findall(r"`squiggle ([a-z]+)", MANUAL))
    assert named <= set(COMMANDS)


@pytest.mark.parametrize(
    ("heading", "model"), [pytest.param(h, m, id=m.__name__) for h, m in SECTIONS.items()]
)
def test_the_table_of_keys_is_the_model(heading: str, model: type[BaseModel]) -> None:
    listed = {
        row[0].strip("`"): row[1]
        for row in rows("| key | default | meaning |", under=f"## {heading}")
    }
    fields = {
        name: field
        for name, field in model.model_fields.items()
        if name != "folder" and not (model is keys.Project and name in SECTION_MODELS)
    }
    assert list(listed) == list(fields)
    for name, field in fields.items():
        if field.is_required():
            assert listed[name] == "required", name
            continue
        default = field.get_default(call_default_factory=True, validated_data={})
        if default is None:
            assert listed[name] == "none", name
            continue
        told = tomllib.loads(f"told = {listed[name].strip('`')}")["told"]
        whole: Any = field.annotation
        for mark in field.metadata:
            whole = Annotated[whole, mark]
        assert TypeAdapter(whole).validate_python(told) == default, name


def test_every_section_of_the_project_file_has_a_table() -> None:
    sections = {
        name
        for name, field in keys.Project.model_fields.items()
        if name in SECTION_MODELS or "pipeline.project." in repr(field.annotation)
    }
    assert sections == set(SECTION_MODELS) - {"Top of the file"}


def test_the_table_of_columns_is_complete() -> None:
    assert sorted(names("| ours | meaning |")) == sorted(keys.COLUMNS)


@each_block("toml")
def test_a_project_file_of_the_manual_is_valid(text: str) -> None:
    raw = tomllib.loads(text)
    if {"name", "source", "map"} <= raw.keys():
        keys.project_from(raw, folder=ROOT)
        return
    for key, value in raw.items():
        for entry in value if isinstance(value, list) else [value]:
            SECTION_MODELS[key].model_validate(entry)


def test_the_reasons_for_rejecting_are_those_of_ingest() -> None:
    listed = {row[0].strip("`"): row[1] for row in rows("| reason | meaning |")}
    whole = listed.pop("unreadable_file")
    assert whole
    assert listed == REASONS


def test_the_outcomes_are_those_of_journeys(sample_warehouse: Path) -> None:
    listed = set(names("| outcome (`journeys.status`) | when |"))
    model = next(one for one in load_models() if one.name == "journeys")
    status = next(column for column in model.columns if column.name == "status")
    assert listed == set(re.findall(r"\w+", status.meaning)) - {"or"}
    with open_warehouse(sample_warehouse) as warehouse:
        assert {s for (s,) in warehouse.rows("select distinct status from journeys")} <= listed


def test_the_tables_to_start_from_exist() -> None:
    assert set(names("| table | one row per |")) <= {model.name for model in load_models()}


def test_the_tables_that_hold_raw_ids_are_named() -> None:
    columns = {model.name: {column.name for column in model.columns} for model in load_models()}
    raw = {
        name
        for name, own in columns.items()
        if own & set(keys.ID_COLUMNS) or {"kind", "value"} <= own or "raw" in own
    }
    assert set(names("| raw ids stand in | why |")) == raw


def test_the_names_of_the_package_are_listed() -> None:
    assert sorted(names("| name | what it is |")) == sorted(pipeline.__all__)


def test_the_figure_of_the_house_has_every_room() -> None:
    listed = {
        int(floor): set(re.findall(r"`(\w+)`", rooms))
        for floor, rooms, _ in rows("| floor | rooms | what they do |")
    }
    built = {path.stem for path in (ROOT / "pipeline").iterdir()}
    floors = {n: rooms & built for n, rooms in enumerate(FLOORS) if rooms & built}
    assert listed == {n: rooms for n, rooms in floors.items() if rooms != {"__main__"}}


def anchors(page: Path) -> set[str]:
    """Return what a link to a heading of a page may end in."""
    text = re.sub(r"(?ms)^```.*?^```$", "", page.read_text(encoding="utf-8"))
    headings = [line.lstrip("# ").lower() for line in text.splitlines() if line.startswith("#")]
    return {re.sub(r"[^\w -]", "", one).replace(" ", "-") for one in headings}


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)]+)\)", text):
        path, _, anchor = target.partition("#")
        led = page.parent / path if path else page
        assert led.is_file(), target
        assert not anchor or anchor in anchors(led), target
    for path in re.findall(r"`((?:notebooks|data|sql)/[\w./]+)`", text):
        assert (ROOT / path).exists(), path


def test_no_heading_of_a_page_is_there_twice() -> None:
    for page in PAGES:
        headings = re.findall(r"(?m)^#+ (.*)$", re.sub(r"(?ms)^```.*?^```$", "", page.read_text()))
        assert len(headings) == len(set(headings)), page


@each_block("sql")
def test_a_query_of_the_manual_answers(text: str, sample_warehouse: Path) -> None:
    with open_warehouse(sample_warehouse) as warehouse:
        assert len(warehouse.ask(text)) > 0


def test_the_model_of_the_manual_keeps_its_promise(sample_warehouse: Path, tmp_path: Path) -> None:
    (text,) = (block for block in blocks("sql") if block.startswith("-- "))
    path = tmp_path / "5_kpi" / "journey_starts.sql"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    model = read_models([path])[0]
    with open_warehouse(sample_warehouse) as warehouse:
        found = [row[:2] for row in warehouse.rows(f"describe ({model.sql})")]
    assert found == [(column.name, column.type) for column in model.columns]
    assert model.reads == ("journeys",)


def test_the_sum_of_the_manual_is_that_of_the_sample(sample_warehouse: Path) -> None:
    with open_warehouse(sample_warehouse) as warehouse:
        files, read, loaded, duplicate, rejected = warehouse.rows(
            "select count(*), sum(rows_read), sum(rows_loaded), sum(rows_duplicate), "
            "sum(rows_rejected) from input_files"
        )[0]
    assert (
        f"\n{read:,} records in {files} files = {loaded:,} loaded + {duplicate:,} duplicate "
        f"+ {rejected:,} rejected\n"
    ) in MANUAL


@each_block("python")
def test_an_example_in_python_runs(
    text: str, sample_warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(sample_warehouse.parent, tmp_path / "data" / "sample")
    monkeypatch.chdir(tmp_path)
    exec(compile(text, "manual", "exec"), {})
    assert (tmp_path / "dropoff.html").is_file()
