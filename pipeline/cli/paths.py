"""Commands about paths: patterns that journeys match."""

from __future__ import annotations

import click

from ..paths import Matched, behind_pattern, pattern
from ..project import load_project
from ..warehouse import open_warehouse
from .scope import asked_scope, scope_options
from .show import json_option, plain_rows, project_option, say, say_json, show_frame

FEW = 30

sql_option = click.option(
    "--sql", "as_sql", is_flag=True, help="Print the SELECT that gives the customers instead."
)


@click.command("pattern")
@click.argument("text", metavar="PATTERN")
@scope_options
@click.option(
    "--examples", default=10, show_default=True, type=click.IntRange(0), help="How many to show."
)
@sql_option
@project_option
@json_option
def pattern_command(
    text: str,
    map_name: str | None,
    where: tuple[str, ...],
    outcomes: tuple[str, ...],
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
      squiggle pattern 'Cart -> ... -> "Payment*"{2,} -> !Order'
    """
    asked = asked_scope(map_name, where, outcomes)
    with open_warehouse(load_project(project_path).warehouse_path) as built:
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
            "journeys are left out). That is an association: it says who converts, not why."
        )
    if 0 < row["journeys"] - row["open"] < FEW:
        said.append(f"Fewer than {FEW} of them are over: too few to compare.")
    return said
