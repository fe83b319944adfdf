"""The command about retention."""

from __future__ import annotations

from datetime import datetime

import click
import pandas as pd

from ..project import load_project
from ..retention import LENGTHS, MOST_PERIODS, Cohorts, all_cohorts, retention
from .opening import opened
from .show import json_option, plain_rows, project_option, say, say_json, show_frame


@click.command("retention")
@click.option(
    "--start",
    "start",
    multiple=True,
    metavar="NAME",
    help="Touchpoint, stage or event that puts a customer into a cohort; default: any event. "
    "Several: any of them.",
)
@click.option(
    "--return",
    "returns",
    multiple=True,
    metavar="NAME",
    help="Touchpoint, stage or event that counts as coming back; default: any event. Several: any "
    "of them.",
)
@click.option(
    "--cohorts",
    type=click.Choice(["first", "recurring"]),
    default="first",
    show_default=True,
    help="first: a customer is in the cohort of the first start ever; recurring: in that of every "
    "period with a start.",
)
@click.option(
    "--period",
    "length",
    type=click.Choice(LENGTHS),
    help="Length of the periods; default: that of [reporting].",
)
@click.option(
    "--periods",
    default=12,
    show_default=True,
    type=click.IntRange(1, MOST_PERIODS),
    help="How many periods to look at.",
)
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]),
    metavar="DATE",
    help="A moment in the first period, by the project's clock; weeks then begin on its weekday. "
    "Default: the last periods up to the as-of moment.",
)
@click.option(
    "--rolling", is_flag=True, help="Show who came back in a period or any later one instead."
)
@project_option
@json_option
def retention_command(
    start: tuple[str, ...],
    returns: tuple[str, ...],
    cohorts: str,
    length: str | None,
    periods: int,
    since: datetime | None,
    rolling: bool,
    project_path: str,
    as_json: bool,
) -> None:
    """Say who comes back after a start, by cohorts.

    A row is a cohort, a column the number of periods since: of the cohort, the share in percent
    that came back in that very period; column 0 is the cohort itself, all of it. A period that is
    not over is blank, and so is what lies after the as-of moment. (all) adds up, in each column,
    the cohorts that were followed so long, but those that may be older than the log. The JSON has
    counts, both kinds of retention and their 95 % intervals, cohort by cohort.

    \b
    Example:
      squiggle retention --start Order --return Order --period month
      squiggle retention --cohorts recurring --period week --since 2026-03-02 --periods 8
    """
    asked = Cohorts(start, returns, cohorts == "recurring", length, periods, since)
    with opened(load_project(project_path)) as built:
        cells = retention(built, asked)
    if as_json:
        say_json(plain_rows(cells))
        return
    if cells.empty:
        say("Nobody started in these periods: ask for other ones by --since and --periods")
        return
    show_frame(_triangle(cells, "rolling_rate" if rolling else "retention_rate"))
    if cells["may_predate"].any():
        say("")
        say("* these customers may be older than the log: the cohort begins soon after it")


def _triangle(cells: pd.DataFrame, rate: str) -> pd.DataFrame:
    """One row per cohort, below that of all; one column per number of periods since, in percent."""
    cells = pd.concat([all_cohorts(cells).assign(may_predate=False), cells])
    own = cells[cells["periods_since"] == 0].set_index("cohort")
    shares = (100 * cells.set_index(["cohort", "periods_since"])[rate]).round(1).unstack()
    table = shares.reindex(own.index).reset_index()
    table["cohort"] += ["*" if old else "" for old in own["may_predate"]]
    table.insert(1, "customers", own["customers"].to_numpy())
    return table
