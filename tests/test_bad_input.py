"""Bad input: one clear message, and the previous warehouse left as it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from .commands import refused
from .conftest import toml


def without_the_file(folder: Path) -> None:
    (folder / "log.csv").unlink()


def with_an_unknown_column(folder: Path) -> None:
    text = toml(columns='user_id = "whom"\noccurred_at = "at"\nevent = "what"')
    (folder / "squiggle.toml").write_text(text, encoding="utf-8")


def with_times_of_no_kind(folder: Path) -> None:
    (folder / "log.csv").write_text(
        "who,at,what\nann,first of May,Awareness\nann,later,Loyalty\n", encoding="utf-8"
    )


def with_day_or_month(folder: Path) -> None:
    (folder / "log.csv").write_text("who,at,what\nann,01/02/2026,Awareness\n", encoding="utf-8")


def with_nothing_in_it(folder: Path) -> None:
    (folder / "log.csv").write_text("", encoding="utf-8")


def with_a_header_only(folder: Path) -> None:
    (folder / "log.csv").write_text("who,at,what\n", encoding="utf-8")


def with_five_faults(folder: Path) -> None:
    text = (
        toml(extra='timezone = "Europe/Madird"\nreprot = "x.html"', goal="Loyality")
        .replace("[source.columns]", 'dedupe = "never"\n[source.columns]')
        .replace('occurred_at = "at"', 'occured_at = "at"')
    )
    (folder / "squiggle.toml").write_text(text, encoding="utf-8")


BAD: list[tuple[Callable[[Path], None], str]] = [
    (
        without_the_file,
        "{folder}: exports cannot be found:\n"
        "  - [[source]] 'log' files: '*.csv' matches no file",
    ),
    (
        with_an_unknown_column,
        "{folder}/squiggle.toml: columns to mend:\n"
        "  - [[source]] 'log' columns: user_id = 'whom' is in none of its 1 file(s); "
        "did you mean 'who'?",
    ),
    (
        with_times_of_no_kind,
        "[[source]] 'log' occurred_at = 'at': no known way of writing times fits all values (for "
        "instance 'first of May', 'later'); set time_format in its [[source]]: 'iso', 'epoch_s', "
        "'epoch_ms', 'epoch_us', 'epoch_ns' or a pattern such as '%d/%m/%Y %H:%M'",
    ),
    (
        with_day_or_month,
        "[[source]] 'log' occurred_at = 'at': day and month cannot be told apart (for instance "
        "'01/02/2026'); set time_format = '%d/%m/%Y' or '%m/%d/%Y' in its [[source]]",
    ),
    (
        with_nothing_in_it,
        "{folder}: not one event could be loaded, so there is nothing to build:"
        "\n  - log.csv: 0 records read, 0 rejected",
    ),
    (
        with_a_header_only,
        "{folder}: not one event could be loaded, so there is nothing to build:"
        "\n  - log.csv: 0 records read, 0 rejected",
    ),
    (
        with_five_faults,
        "{folder}/squiggle.toml: 6 faults to mend:\n"
        "  - timezone: 'Europe/Madird' is not a time zone; did you mean 'Europe/Madrid'?\n"
        "  - [[source]] 'log' columns: 'occured_at' is no column of ours; did you mean "
        "'occurred_at'?\n"
        "  - [[source]] 'log' columns: 'occurred_at' is missing; name the column that holds the "
        "time\n"
        "  - [[source]] 'log' dedupe: this must be 'auto' or 'none' (seen: 'never')\n"
        "  - reprot: there is no such key; did you mean 'report'?\n"
        "  - [[map]] 'journey' goal: 'Loyality' is no stage of this map and no touchpoint; did you "
        "mean 'Loyalty'?",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("broken", "message"), BAD, ids=lambda one: getattr(one, "__name__", ""))
def test_bad_input_is_one_message_and_leaves_the_warehouse_untouched(
    broken: Callable[[Path], None], message: str, project: Path
) -> None:
    before = {name: (project / name).read_bytes() for name in ("journeys.duckdb", "report.html")}
    broken(project)
    for command in ("check", "run"):
        assert refused(command, "-p", project) == message.format(folder=project)
    assert {name: (project / name).read_bytes() for name in before} == before
    assert not list(project.glob("*.part*"))
