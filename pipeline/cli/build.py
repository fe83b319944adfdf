"""Commands that make something: the project file, the warehouse, the report, the sample."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Literal

import click
import pandas as pd

from ..errors import DataError
from ..models import load_questions
from ..project import Project, load_project
from ..questions import read_for
from ..report import SECTIONS, write_pictures, write_report
from ..run import Result, run
from ..sample import SHOP, write_sample
from ..sniff import propose
from ..warehouse import open_warehouse
from .notes import notes, tell_notes
from .opening import opened
from .progress import progress
from .show import (
    in_project,
    json_option,
    many,
    memory_option,
    project_option,
    remark,
    say,
    say_json,
    show_frame,
    threads_option,
)
from .writing import spare

_CAUSES = 5
"""How many of the causes are named."""
_PICTURES = "Also write every figure as {} into this folder; a browser must be there to draw them."


@click.command("init")
@click.argument("exports", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    default=Path("squiggle.toml"),
    show_default=True,
    help="The project file to write.",
)
@click.option("--force", is_flag=True, help="Write over a project file that is there.")
def init_command(exports: tuple[Path, ...], out: Path, force: bool) -> None:
    """Look at EXPORTS and write a commented project file.

    \b
    Example:
      squiggle init exports/
    """
    if out.suffix != ".toml":
        raise DataError(f"{out}: a project file ends in .toml; name it so")
    if out.exists() and not force:
        raise DataError(f"{out}: there is a project file already; give --force to write over it")
    text = propose(list(exports), out.resolve().parent)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text, encoding="utf-8")
    asked = in_project("." if out == Path("squiggle.toml") else out)
    say(f"Wrote {out}. Read it: what is guessed is marked with '?'. Next: squiggle check{asked}")


@click.command("run")
@project_option
@click.option("--no-report", is_flag=True, help="Build the warehouse only.")
@click.option(
    "--profile",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write DuckDB's own profile of every model there, and summary.csv.",
)
@click.option(
    "--engine",
    type=click.Choice(["duckdb", "spark"]),
    help="What builds large tables, instead of what the project file says (duckdb).",
)
@click.option(
    "--master", help="Where Spark is: local[2], a cluster's master, or sc://host of Spark Connect."
)
@click.option("--anew", is_flag=True, help="Make every table, also where nothing has changed.")
@click.option(
    "--only",
    metavar="TABLES",
    default="",
    help="Make only these tables, parted by commas, and what they are made of; no report.",
)
@json_option
@memory_option
@threads_option
def run_command(
    project_path: str,
    no_report: bool,
    profile: Path | None,
    engine: Literal["duckdb", "spark"] | None,
    master: str | None,
    anew: bool,
    only: str,
    as_json: bool,
    memory: str | None,
    threads: int | None,
) -> None:
    """Build the warehouse and the report.

    Tables of which all that decides their rows is as it was in the last run stay as they are. The
    new warehouse is built beside the old one and moved into place when it is whole. While it is at
    work, it says what it does, how far it is and how long it will still take; without a terminal in
    plain lines, now and then. With --only it makes a part of the tables, which takes a part of the
    time; of the others those stay that are as they were, and a whole run makes the rest.

    \b
    Examples:
      squiggle run
      squiggle run --only stage_dropoff,transitions
      squiggle run --memory 2GB --profile profiles/
      squiggle run --engine spark --master 'local[2]'
    """
    project = _on_engine(load_project(project_path), engine, master)
    tables = [name.strip() for name in only.split(",") if name.strip()]
    if only and not tables:
        raise click.UsageError("--only names no table; leave it out for all of them")
    report = None if no_report or tables else project.report_path
    with progress(*(["report"] if report else [])) as shown:
        made = run(
            project,
            memory=memory,
            threads=threads,
            tell=shown.tell,
            profile=profile,
            anew=anew,
            only=_meant(tables) if tables else None,
        )
        with open_warehouse(made.warehouse) as built:
            if report:
                shown.begin("report")
                told = project.reporting
                try:
                    write_report(built, report, title=told.title, locale=told.locale)
                except KeyboardInterrupt:
                    remark(
                        "the warehouse is new, the report is not: write it with 'squiggle report"
                        f"{in_project(project_path)}'"
                    )
                    raise
            noted = notes(built)
    if as_json:
        paths = {"warehouse": str(made.warehouse), "report": str(report) if report else None}
        say_json({**asdict(made), **paths, "notes": noted})
        return
    _tell(made, tables)
    tell_notes(noted)
    if profile:
        show_frame(pd.read_csv(profile / "summary.csv").head(10), title="Where the time went")
        say(f"Profiles   {profile}")
    _tell_next(made.warehouse, report, project_path)


def _on_engine(
    project: Project, name: Literal["duckdb", "spark"] | None, master: str | None
) -> Project:
    """The project with what the command line says of the engine."""
    said = {key: value for key, value in (("name", name), ("master", master)) if value}
    engine = project.engine.model_copy(update=said)
    if master and engine.name != "spark":
        raise click.UsageError("--master is where Spark is: say --engine spark, too")
    return project.model_copy(update={"engine": engine})


def _meant(only: Sequence[str]) -> set[str]:
    """The tables that --only names; `questions` are all that questions are answered from."""
    answering = read_for([model.name for model in load_questions()])
    return {one for name in only for one in (answering if name == "questions" else (name,))}


def _tell(made: Result, only: Sequence[str]) -> None:
    say(
        f"{many(made.rows_read, 'record')} in {many(made.files, 'file')} = "
        f"{made.rows_loaded:,} loaded "
        f"+ {made.rows_duplicate:,} duplicate + {made.rows_rejected:,} rejected"
    )
    say(f"{many(made.customers, 'customer')}, {many(made.journeys, 'journey')}")
    stand = made.tables - made.tables_made
    if only:
        say(f"{many(made.tables_made, 'table')} made for {', '.join(only)}; {stand} as they were")
    elif not made.tables_made:
        say(f"Nothing has changed: all {made.tables} tables stand as they were")
    elif stand and not made.changed:
        say(f"{made.tables_made} of {made.tables} tables made, which were not there")
    elif stand:
        named = ", ".join(made.changed[:_CAUSES]) + (" …" if len(made.changed) > _CAUSES else "")
        say(f"{made.tables_made} of {made.tables} tables made, since this changed: {named}")


def _tell_next(warehouse: Path, report: Path | None, project_path: str) -> None:
    asked = in_project(project_path)
    say(f"Warehouse  {warehouse}")
    if report:
        say(f"Report     {report}")
        say("Next: open the report in a browser, or ask the warehouse:")
    else:
        say("Next: ask the warehouse:")
    say("  squiggle tables")
    say(f'  squiggle sql{asked} "select status, count(*) from journeys group by all"')


@click.command("report")
@project_option
@click.option("-o", "--out", type=click.Path(path_type=Path), help="Where to write the report.")
@click.option("--title", help="What stands over it, instead of the project file's title or name.")
@click.option(
    "--sections",
    metavar="NAMES",
    default="",
    help=f"Only these sections, parted by commas: {', '.join(one.id for one in SECTIONS)}.",
)
@click.option("--png", type=click.Path(path_type=Path), metavar="DIR", help=_PICTURES.format("PNG"))
@click.option("--svg", type=click.Path(path_type=Path), metavar="DIR", help=_PICTURES.format("SVG"))
def report_command(
    project_path: str,
    out: Path | None,
    title: str | None,
    sections: str,
    png: Path | None,
    svg: Path | None,
) -> None:
    """Write the report of the warehouse that is there.

    \b
    Examples:
      squiggle report --sections flows,dropoff --out short.html
      squiggle report --svg pictures/
    """
    project = load_project(project_path)
    named = [name.strip() for name in sections.split(",") if name.strip()]
    if sections and not named:
        raise click.UsageError("--sections names no section; leave it out for all of them")
    with opened(project) as built:
        path = out or project.report_path
        spare(project, path)
        told = project.reporting
        shown = built.scalar("select privacy_k from cfg_settings")
        if shown != project.privacy.k:
            raise DataError(
                f"{project.warehouse_path}: was built with [privacy] k = {shown}, and the project "
                f"file says {project.privacy.k}: run again with 'squiggle run'"
            )
        write_report(built, path, title=title or told.title, sections=named, locale=told.locale)
        say(f"Report     {path}")
        for kind, folder in (("png", png), ("svg", svg)):
            if folder is not None:
                made = write_pictures(built, folder, kind, sections=named)
                say(f"Pictures   {len(made)} in {folder}")


@click.command("sample")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--seed",
    default=7,
    show_default=True,
    type=click.IntRange(0),
    help="Another seed makes other customers.",
)
@click.option(
    "--customers",
    default=2000,
    show_default=True,
    type=click.IntRange(1),
    help="How many persons there are.",
)
def sample_command(folder: Path, seed: int, customers: int) -> None:
    """Write the sample's exports, project file and truth into FOLDER."""
    own = folder / "squiggle.toml"
    if own.exists() and load_project(own).name != SHOP:
        raise DataError(f"{own}: there is another project here; name an empty folder")
    write_sample(folder, seed=seed, customers=customers)
    say(f"Wrote the sample to {folder}. Next: squiggle run{in_project(folder)}")
