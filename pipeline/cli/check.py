"""The command that reads everything, changes nothing, and says what a run would do."""

from __future__ import annotations

import click

from ..ingest.limits import is_too_many, is_too_much
from ..models import tables_read
from ..project import Project, load_project
from ..run import run
from ..temporary import temporary_folder
from ..warehouse import Warehouse, open_warehouse
from .notes import NOTED, notes, tell_notes
from .progress import progress
from .show import (
    in_project,
    json_option,
    memory_option,
    plain_rows,
    project_option,
    say,
    say_json,
    show_frame,
    threads_option,
)

_CHECKED = {
    "files": "select source, path, rows_read, rows_loaded, rows_duplicate, rows_rejected, "
    "first_at, last_at, time_format, fault from input_files",
    "rejected": "from reject_reasons",
    "rules": "select touchpoint, stage, events, status from touchpoint_rules",
    "channels": "select channel, events, status from channel_rules",
    "unmapped": "select touchpoint, events, customers from touchpoints "
    "where not is_mapped order by events desc, touchpoint limit 20",
    "journeys": "select map_name, customers, journeys, staged_journeys, converted, "
    "dropped_explicit, dropped_silent, open, unmapped_share, left_truncated_share, tie_share "
    "from map_summary",
}
_TITLES = {
    "files": "Files",
    "rejected": "Records that would be rejected",
    "rules": "Touchpoint rules",
    "channels": "Channel rules",
    "unmapped": "Events that no rule matches (the most frequent twenty)",
    "journeys": "Journeys",
}


@click.command("check")
@project_option
@json_option
@memory_option
@threads_option
def check_command(
    project_path: str, as_json: bool, memory: str | None, threads: int | None
) -> None:
    """Read everything, change nothing, and say what a run would do."""
    project = load_project(project_path)
    with temporary_folder("check") as folder:
        desk = {"store": f"{folder}/store", "warehouse": f"{folder}/journeys.duckdb"}
        lake = project.engine.lake
        engine = project.engine.model_copy(update={"lake": lake and f"{lake}/check"})
        with progress() as shown:
            run(
                project.model_copy(update={**desk, "engine": engine, "max_rejected": 1.0}),
                memory=memory,
                threads=threads,
                tell=shown.tell,
                keep=False,
                only=NOTED.union(*tables_read(_CHECKED).values()),
            )
        with open_warehouse(folder / "journeys.duckdb") as built:
            frames = {name: built.frame(sql) for name, sql in _CHECKED.items()}
            refused = _refused(project, built)
            noted = refused + notes(built)
    if as_json:
        rows = {name: plain_rows(frame) for name, frame in frames.items()}
        say_json({**rows, "notes": noted})
        return
    for name, frame in frames.items():
        if len(frame):
            show_frame(frame.dropna(axis="columns", how="all"), title=_TITLES[name])
            say("")
    tell_notes(noted)
    asked = in_project(project_path)
    if refused:
        say("Nothing was changed. A run would be refused until this is mended.")
    else:
        say(f"Nothing was changed. To build the warehouse and the report: squiggle run{asked}")


def _refused(project: Project, built: Warehouse) -> list[str]:
    """What a run would refuse: sources that lose too many of their records."""
    found = []
    for source, rejected, read, lost, size in built.rows(
        "select source, sum(rows_rejected), sum(rows_read), "
        "sum(case when fault is not null then bytes else 0 end), sum(bytes) "
        "from input_files group by source order by source"
    ):
        if is_too_much(project, int(lost), int(size)):
            found.append(
                f"a run refuses source {source!r}: files that cannot be read hold more of its "
                f"bytes than max_rejected = {project.max_rejected:g}; export them again"
            )
        if is_too_many(project, int(rejected), int(read)):
            found.append(
                f"a run refuses source {source!r}: {rejected:,} of {read:,} records would be "
                f"rejected, more than max_rejected = {project.max_rejected:g}; mend the files or "
                "their [[source]]"
            )
    return found
