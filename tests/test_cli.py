"""The command: exit codes, notes, JSON, pipes and terminals."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from rich.console import Console

import pipeline.cli
from pipeline.cli import show

from .commands import asked, exit_of, refused, told
from .conftest import toml


# ---- exit codes --------------------------------------------------------------------------------
def test_an_error_is_one_message_on_stderr_and_exit_code_1(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "log.csv").unlink()
    assert exit_of(monkeypatch, "run", "-p", project) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"squiggle: {project}: exports cannot be found:\n  - [[source]] 'log'")
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--help"], 0),
        (["--version"], 0),
        (["tables"], 0),
        (["tables", "jorneys"], 1),
        (["check", "-p", "/no/such/folder"], 1),
        (["init", "/no/such/folder"], 2),
        (["sql"], 2),
        (["runn"], 2),
        (["run", "--threads", "0"], 2),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, list) else "",
)
def test_exit_codes(
    arguments: list[str], code: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert exit_of(monkeypatch, *arguments) == code


def test_a_bug_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(pipeline.cli.ask, "load_models", broken)
    with pytest.raises(ZeroDivisionError):
        exit_of(monkeypatch, "tables")


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), RuntimeError("Query interrupted")], ids=repr)
def test_an_interrupted_command_says_so(
    stop: BaseException, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted() -> None:
        raise stop

    monkeypatch.setattr(pipeline.cli.ask, "load_models", interrupted)
    assert exit_of(monkeypatch, "tables") == 130
    assert capsys.readouterr().err.strip() == (
        "squiggle: stopped; whatever warehouse is there is whole"
    )


# ---- notes -------------------------------------------------------------------------------------


def test_a_goal_that_no_event_reaches_is_said_plainly_and_the_run_still_builds(
    project: Path,
) -> None:
    (project / "log.csv").write_text(
        "who,at,what\nann,2026-01-01,Awareness\nbob,2026-01-02,Interest\n", encoding="utf-8"
    )
    note = (
        "Note: map 'journey': no event is its goal 'Loyalty', so nobody can reach it and its "
        "figures say nothing; give the goal's stage to an event, or choose another goal\n"
    )
    assert note in told("check", "-p", project)
    assert note in told("run", "-p", project)


def test_a_file_that_could_not_be_read_is_named(project: Path) -> None:
    whole = gzip.compress(b"who,at,what\nann,2026-01-03 10:00:00,Loyalty\n" * 99)
    (project / "more.csv").write_bytes(whole[: len(whole) // 2])
    (project / "none.csv").write_text("who,at,what\n", encoding="utf-8")
    damaged = "more.csv: the archive is damaged or cut short ("
    assert damaged in refused("run", "-p", project)
    (project / "squiggle.toml").write_text(toml(extra="max_rejected = 1.0"), encoding="utf-8")
    out = told("run", "-p", project, "--no-report")
    assert "Note: more.csv could not be read: the archive is damaged or cut short (" in out
    assert "Note: none.csv holds no records\n" in out
    notes = json.loads(told("check", "-p", project, "--json"))["notes"]
    assert [note for note in notes if note.startswith("more.csv could not be read")]


def test_a_log_without_customers_is_said_plainly(project: Path) -> None:
    text = toml(columns='occurred_at = "at"\nevent = "what"')
    (project / "squiggle.toml").write_text(text, encoding="utf-8")
    assert "Note: no event carries the id of a customer, so there are no journeys" in told(
        "run", "-p", project
    )


def test_a_run_ends_by_saying_what_comes_next(project: Path) -> None:
    lines = told("run", "-p", project).splitlines()
    assert lines[:2] == [
        "2 records in 1 file = 2 loaded + 0 duplicate + 0 rejected",
        "1 customer, 1 journey",
    ]
    assert lines[-5:] == [
        f"Warehouse  {project / 'journeys.duckdb'}",
        f"Report     {project / 'report.html'}",
        "Next: open the report in a browser, or ask the warehouse:",
        "  squiggle tables",
        f'  squiggle sql -p {project} "select status, count(*) from journeys group by all"',
    ]


def test_check_changes_nothing(project: Path) -> None:
    def seen() -> dict[str, int]:
        return {str(path): path.stat().st_mtime_ns for path in project.rglob("*")}

    before = seen()
    assert "Nothing was changed." in told("check", "-p", project)
    assert seen() == before


# ---- JSON, pipes, terminals --------------------------------------------------------------------


def test_json_of_a_run(project: Path) -> None:
    found = json.loads(told("run", "-p", project, "--json", "--no-report"))
    assert found["warehouse"] == str(project / "journeys.duckdb")
    assert (found["rows_read"], found["customers"], found["report"]) == (2, 1, None)


def test_json_of_tables() -> None:
    listed = json.loads(told("tables", "--json"))
    assert {"journeys", "transitions"} <= {one["table"] for one in listed}
    (one,) = [one for one in listed if one["table"] == "journeys"]
    assert json.loads(told("tables", "journeys", "--json")) == one


ODD_VALUES = (
    "select 1 as a, null as b, 'nan'::double as c, [1, 2] as d, {'x': null} as e, "
    "timestamp '2026-01-01 10:00:00' as f, 'a'::blob as g, 12345678901234567 as h, "
    "1.5::decimal as i"
)


def test_json_of_a_query_holds_whatever_a_table_holds(small_project: Path) -> None:
    (row,) = json.loads(told("sql", "-p", small_project, "--json", ODD_VALUES))
    assert row == {
        "a": 1, "b": None, "c": None, "d": [1, 2], "e": {"x": None}, "f": "2026-01-01T10:00:00",
        "g": "61", "h": 12345678901234567, "i": 1.5,
    }  # fmt: skip


def test_an_integer_beside_a_null_stays_whole(small_project: Path) -> None:
    query = "select * from (values (9007199254740993), (null)) as t(a)"
    assert json.loads(told("sql", "-p", small_project, "--json", query)) == [
        {"a": 9007199254740993},
        {"a": None},
    ]
    assert told("sql", "-p", small_project, query).splitlines()[1] == "9007199254740993"


def test_a_piped_table_has_whole_lines_and_no_colours(small_project: Path) -> None:
    query = "select " + ", ".join(f"repeat('x', 40) as column_{n}" for n in range(30))
    header, row = told("sql", "-p", small_project, query).splitlines()
    assert header.split() == [f"column_{number}" for number in range(30)]
    assert row.split() == ["x" * 40] * 30
    assert "\x1b" not in header + row


def test_a_piped_command_that_is_quick_shows_no_progress(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.cli.progress.QUIET_S", 3600)
    found = asked("run", "-p", project)
    assert found.stderr == ""
    assert "\x1b" not in found.stdout


def test_data_cannot_speak_to_the_terminal(
    small_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = "select chr(27) || '[31mred' || chr(7) as a, '[bold]b[/] :smile:' as b"
    assert "␛[31mred␇  [bold]b[/] :smile:" in told("sql", "-p", small_project, query)
    terminal = Console(force_terminal=True, width=80, emoji=False)
    monkeypatch.setattr(show, "_console", lambda: terminal)
    with terminal.capture() as captured:
        show.show_rows(["a"], [["\x1b]0;title\x07[bold]b"]])
    assert "␛]0;title␇[bold]b" in captured.get()
