"""Commands about paths: patterns that journeys match, steps round an anchor."""

from __future__ import annotations

import click
import pandas as pd

from ..paths import Matched, Steps, behind_pattern, pattern, steps
from ..paths.steps import START
from ..project import load_project
from ..questions import CUTS
from ..statistics import ENOUGH
from .opening import opened
from .scope import asked_scope, scope_options
from .show import json_option, plain_rows, project_option, say, say_json, show_frame

level_option = click.option(
    "--level",
    default="touchpoint",
    show_default=True,
    help="What a node is: touchpoint, stage or channel.",
)
cut_option = click.option(
    "--cut",
    default="journey",
    show_default=True,
    help=f"What is walked through in one go, and counted: {', '.join(CUTS)}.",
)
nth_option = click.option(
    "--nth",
    default="first",
    show_default=True,
    metavar="first|last|N",
    help="Which visit to the anchor.",
)
merge_option = click.option(
    "--merge-repeats/--keep-repeats",
    default=None,
    help="Whether a node several times in a row is one step. Default: merged for stages.",
)


@click.command("pattern")
@click.argument("text", metavar="PATTERN")
@scope_options
@click.option(
    "--examples", default=10, show_default=True, type=click.IntRange(0), help="How many to show."
)
@click.option(
    "--sql", "as_sql", is_flag=True, help="Print the SELECT that gives the customers instead."
)
@project_option
@json_option
def pattern_command(
    text: str,
    map_name: str | None,
    where: tuple[str, ...],
    outcomes: tuple[str, ...],
    matching: tuple[str, ...],
    examples: int,
    as_sql: bool,
    project_path: str,
    as_json: bool,
) -> None:
    """Say which journeys match PATTERN, a path of steps, and how they end.

    \b
    Steps:
      Cart  'a name!'  "e-mail*"    a touchpoint, else a stage; * and ? stand for letters in "…"
      stage:Interest  channel:web   by stage or channel; touchpoint:… by touchpoint
      .                             any step
      !Cart                         one step that is not it
      Cart & channel:web            a step that is both
      Cart | 'Product page'         either; | binds closer than ->
    Paths:
      a -> b                        b directly after a
      a -> ... -> b                 b at some time after a; ... is short for .*
      a*  a+  a?  a{2}  a{2,}  a{2,5}
      (a -> b){2,}                  brackets hold several steps together
      ^ a      a $                  at the beginning, at the end of the journey

    A match begins as early as it can and takes as much as it can; matches do not overlap. !Cart is
    a step that is there: "never again" is !Cart* $ at the end.

    \b
    Example:
      squiggle pattern 'Cart -> ... -> "Check*"{2,} -> !Order'
    """
    if as_sql and as_json:
        raise click.UsageError("--sql prints a SELECT, and no JSON: leave out one of them")
    asked = asked_scope(map_name, where, outcomes, matching)
    with opened(load_project(project_path)) as built:
        if as_sql:
            say(behind_pattern(built, text, asked).sql())
            return
        found = pattern(built, text, asked, examples=examples)
    if as_json:
        say_json(
            {
                "reading": found.reading,
                "outcomes": plain_rows(found.outcomes),
                "difference": found.difference,
                "holds_goal": found.holds_goal,
                "to_end": found.to_end,
                "late": found.late,
                "examples": plain_rows(found.examples),
            }
        )
        return
    say(f"Read as: {found.reading}")
    say("")
    show_frame(found.outcomes.drop(columns=["share_lo", "share_hi"]))
    say("")
    for sentence in _sentences(found):
        say(sentence)
    if len(found.examples):
        say("")
        show_frame(found.examples, title="Examples, most matches first")


def _sentences(found: Matched) -> list[str]:
    """What the outcomes say, in words."""
    row = found.outcomes.iloc[0]
    said = []
    if found.outcomes["journeys"].sum():
        said.append(
            f"{row['share']:.1%} of the journeys match, 95 % interval {row['share_lo']:.1%} to "
            f"{row['share_hi']:.1%}."
        )
    if found.difference is not None:
        more, low, high = (100 * part for part in found.difference)
        said.append(
            f"They convert {more:+.1f} points from the others ({low:+.1f} to {high:+.1f}; open "
            "journeys are left out). That is an association: it says who converts, not why. Who "
            "stays longer meets more; squiggle influence compares touches in the same situation."
        )
    if found.holds_goal:
        said.append(
            "Whoever matches has met the goal, so how many convert is compared with nobody; leave "
            "the goal out to see who goes on to it."
        )
    elif found.to_end:
        said.append(
            "Whoever matches ends there, so how many convert is compared with nobody; leave $ out "
            "to see who goes on."
        )
    elif found.late:
        said.append(
            f"Of those that match and convert, {found.late:,} had met the goal before the match "
            "was over, so conversion is compared with nobody; begin the pattern with "
            "'^ !GOAL* ->' to see who matches first."
        )
    if 0 < row["journeys"] - row["open"] < ENOUGH:
        said.append(f"Fewer than {ENOUGH} of them are over: too few to compare.")
    return said


@click.command("steps")
@click.option(
    "--anchor",
    default=START,
    show_default=True,
    metavar="NODE",
    help="The node that steps are counted from; (start) or (end) of the journeys too.",
)
@nth_option
@click.option("--back", default=0, show_default=True, help="How many steps before it.")
@click.option("--forward", default=5, show_default=True, help="How many steps after it.")
@level_option
@cut_option
@merge_option
@click.option(
    "--top",
    default=12,
    show_default=True,
    type=click.IntRange(0),
    help="So many nodes; others are (other). 0: all.",
)
@click.option("--drop", multiple=True, metavar="NODE", help="Lead over this node's steps.")
@click.option("--links", is_flag=True, help="Print the links from step to step instead.")
@scope_options
@project_option
@json_option
def steps_command(
    anchor: str,
    nth: str,
    back: int,
    forward: int,
    level: str,
    cut: str,
    merge_repeats: bool | None,
    top: int,
    drop: tuple[str, ...],
    links: bool,
    map_name: str | None,
    where: tuple[str, ...],
    outcomes: tuple[str, ...],
    matching: tuple[str, ...],
    project_path: str,
    as_json: bool,
) -> None:
    """Show where journeys are before and after an anchor, step by step.

    A cell is the share of the journeys with the anchor that are at the node then, so every column
    adds up to 1: before its first step a journey is at (start), after its last at (exit) or, if it
    may go on, at (open); in the outer columns (more) has further steps.

    Paths as PostHog counts them: --cut session --merge-repeats --forward 4 --links

    \b
    Example:
      squiggle steps --anchor Cart --back 3 --forward 3
      squiggle steps --anchor Interest --nth last --level stage --outcome dropped --links
    """
    asked = asked_scope(map_name, where, outcomes, matching)
    with opened(load_project(project_path)) as built:
        found = steps(
            built, anchor, asked, level=level, cut=cut, back=back, forward=forward, nth=nth,
            merge_repeats=merge_repeats, most=top, drop=drop,
        )  # fmt: skip
    if as_json:
        say_json(
            {
                "units": found.units,
                "anchored": found.anchored,
                "share": [found.share, found.share_lo, found.share_hi] if found.units else None,
                "nodes": plain_rows(found.nodes),
                "links": plain_rows(found.links),
            }
        )
        return
    said = f"{anchor} ({nth}): {found.anchored:,} of {found.units:,} {cut}s have it"
    if found.units:
        said += f" ({found.share:.1%}, {found.share_lo:.1%} to {found.share_hi:.1%})"
    say(said)
    show_frame(found.links if links else matrix(found))


def matrix(found: Steps) -> pd.DataFrame:
    """Return the shares of the nodes as a table, a column a step."""
    nodes = found.nodes
    table = nodes.pivot(index="node", columns="step", values="share")
    # Real nodes first, by how many are there in all; the SELECT has them in this order.
    real = nodes.groupby("node")["units"].sum().sort_values(ascending=False, kind="stable").index
    ordered = sorted(real, key=lambda node: node.startswith("(") and node.endswith(")"))
    table = table.reindex(ordered)
    table.columns = [f"{step:+d}" if step else "0" for step in table.columns]
    return table.reset_index()
