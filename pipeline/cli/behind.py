"""The command that says who is behind a figure."""

from __future__ import annotations

from pathlib import Path

import click

from ..errors import DataError
from ..paths import (
    Behind,
    behind_edge,
    behind_loop,
    behind_node,
    behind_pattern,
    behind_step,
    behind_variant,
)
from ..paths.steps import START
from ..project import load_project
from ..questions import Scope
from ..warehouse import Warehouse
from .opening import opened
from .paths import cut_option, level_option, merge_option, nth_option
from .scope import asked_scope, scope_options
from .show import in_project, json_option, plain_rows, project_option, say, say_json, show_frame
from .writing import spare


@click.command("customers")
@click.option("--edge", nargs=2, metavar="FROM TO", help="Who moves from one node to another.")
@click.option("--node", metavar="NODE", help="Who is at a node; (start), (exit) and (open) too.")
@click.option("--variant", type=int, metavar="N", help="Who takes path N of the table variants.")
@click.option("--loop", metavar="LOOP", help="Who walks a loop, by its name in the table loops.")
@click.option(
    "--step",
    nargs=2,
    type=(int, str),
    metavar="N NODE",
    help="Who is at a node N steps after the anchor; below zero before it.",
)
@click.option("--pattern", metavar="PATTERN", help="Who matches a path, see squiggle pattern.")
@click.option(
    "--anchor", default=START, show_default=True, metavar="NODE", help="Anchor of --step."
)
@nth_option
@merge_option
@level_option
@cut_option
@scope_options
@click.option(
    "--by", type=click.Choice(["customer", "unit"]), default="customer", show_default=True,
    help="A row per customer, or per journey (or session, by the cut).",
)  # fmt: skip
@click.option("--sql", "as_sql", is_flag=True, help="Print the SELECT that gives them instead.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write them to a .csv file.",
)
@project_option
@json_option
def customers_command(
    edge: tuple[str, str] | None,
    node: str | None,
    variant: int | None,
    loop: str | None,
    step: tuple[int, str] | None,
    pattern: str | None,
    anchor: str,
    nth: str,
    merge_repeats: bool | None,
    level: str,
    cut: str,
    map_name: str | None,
    where: tuple[str, ...],
    outcomes: tuple[str, ...],
    matching: tuple[str, ...],
    by: str,
    as_sql: bool,
    out: Path | None,
    project_path: str,
    as_json: bool,
) -> None:
    """List the customers behind a figure, as pseudonyms: how often, when, and how it ended.

    They are as many as the table or the command says that the figure comes from. --sql prints a
    SELECT for a DuckDB shell on the warehouse that gives the same.

    \b
    Example:
      squiggle customers --edge Cart "Home page" -w device=mobile
      squiggle customers --step 1 "(exit)" --anchor Cart --nth last --sql
      squiggle customers --loop "Awareness > Interest > Awareness" --level stage --out loop.csv
    """
    asked = asked_scope(map_name, where, outcomes, matching)
    sought = [
        name
        for name, value in {
            "--edge": edge, "--node": node, "--variant": variant, "--loop": loop, "--step": step,
            "--pattern": pattern,
        }.items()
        if value is not None
    ]  # fmt: skip
    if len(sought) != 1:
        raise click.UsageError(
            "name one of --edge, --node, --variant, --loop, --step and --pattern"
            + (f", not {' and '.join(sought)}" if sought else "")
        )
    idle = [("--anchor", anchor != START), ("--nth", nth != "first")]
    for name, is_said in idle:
        if is_said and step is None:
            raise click.UsageError(f"{name} belongs to --step; leave it out, or ask for a step")
    if as_sql and (as_json or out is not None):
        raise click.UsageError("--sql prints a SELECT, and no rows: leave out --json and --out")
    if out is not None and out.suffix.lower() != ".csv":
        raise DataError(f"{out}: customers are written as .csv; end the name in it")
    project = load_project(project_path)
    spare(project, out)
    with opened(project) as built:
        if edge is not None:
            behind = behind_edge(built, *edge, asked, level=level, cut=cut)
        elif node is not None:
            behind = behind_node(built, node, asked, level=level, cut=cut)
        elif step is not None:
            behind = behind_step(
                built, *step, anchor, asked, level=level, cut=cut, nth=nth,
                merge_repeats=merge_repeats,
            )  # fmt: skip
        else:
            behind = _of_journeys(built, asked, variant, loop, pattern, level, cut)
        if as_sql:
            say(behind.sql())
            return
        frame = behind.customers(built) if by == "customer" else behind.units(built)
    if out is not None:
        if not out.parent.is_dir():
            raise DataError(f"{out.parent}: there is no such folder; make it, or name another")
        frame.to_csv(out, index=False)
        say(f"Wrote {out}: {len(frame):,} rows")
    elif as_json:
        say_json(plain_rows(frame))
    else:
        say(f"Behind {behind.told}: {frame['customer_id'].nunique():,} customers")
        show_frame(frame)
        if len(frame):
            one = frame["customer_id"].iloc[0]
            say(f"\nOne of them: squiggle why {one}{in_project(project_path)}")


def _of_journeys(
    built: Warehouse,
    asked: Scope,
    variant: int | None,
    loop: str | None,
    pattern: str | None,
    level: str,
    cut: str,
) -> Behind:
    """Who is behind what is counted by journey only."""
    if cut != "journey":
        raise click.UsageError("variants, loops and patterns are of journeys; leave --cut out")
    if variant is not None:
        return behind_variant(built, variant, asked, level=level)
    if loop is not None:
        return behind_loop(built, loop, asked, level=level)
    return behind_pattern(built, pattern or "", asked)
