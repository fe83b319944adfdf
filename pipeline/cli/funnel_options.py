"""The options that say what a funnel is: its steps and its rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import click

from ..funnel import CHOICES, STOPS, Funnel, Step, load_funnel
from .scope import asked_scope, scope_options

_OPTIONS = (
    click.argument("steps", nargs=-1, metavar="STEP..."),
    click.option(
        "--file", "path", type=click.Path(dir_okay=False), help="Read the funnel from a TOML file."
    ),
    click.option(
        "--order",
        type=click.Choice(CHOICES["order"]),
        help="Others may come between the steps, nothing may, or the steps come in any order.",
    ),
    click.option("--anchored", is_flag=True, help="In any order: the first step comes first."),
    click.option(
        "--entry",
        type=click.Choice(CHOICES["entry"]),
        help="Where the funnel may be entered.",
    ),
    click.option(
        "--within", metavar="TIME", help='Time for the whole funnel, e.g. "7 d", or none.'
    ),
    click.option(
        "--window",
        type=click.Choice(CHOICES["window"]),
        help="Whether --within counts from the entry, or from step to step.",
    ),
    click.option(
        "--step-within",
        multiple=True,
        metavar="STEP=TIME",
        help="Longest time from the step before to the step with this number.",
    ),
    click.option(
        "--step-after",
        multiple=True,
        metavar="STEP=TIME",
        help="Shortest time from the step before to the step with this number.",
    ),
    click.option("--unit", type=click.Choice(CHOICES["unit"]), help="What is counted."),
    click.option(
        "--reentry",
        type=click.Choice(CHOICES["reentry"]),
        help="Which entry counts: the one that leads furthest, or the first.",
    ),
    click.option(
        "--ties",
        type=click.Choice(CHOICES["ties"]),
        help="Which event comes first at equal times: by position, none, or any.",
    ),
    click.option(
        "--grace", metavar="TIME", help="With --ties any: so far apart, events still tie."
    ),
    click.option(
        "--shared/--not-shared", default=None, help="Whether one event may be several steps."
    ),
    click.option(
        "--exclude",
        multiple=True,
        metavar="STEP",
        help='What must not happen in between; "Refund[2-3]": only between steps 2 and 3.',
    ),
    click.option(
        "--exclusion",
        type=click.Choice(CHOICES["exclusion"]),
        help="Whether an exclusion ends the attempt, or drops who met it from every step.",
    ),
    click.option(
        "--stop",
        "stops",
        multiple=True,
        type=click.Choice(STOPS),
        help="What stops who has entered for good: an event that is no step, a step before its "
        "turn, or one that was done already.",
    ),
    click.option("--hold", metavar="COLUMN", help="Column that has one value at all steps."),
    click.option(
        "--from",
        "since",
        metavar="DAY",
        help="First day, or moment, of the entry, by the project's clock.",
    ),
    click.option(
        "--to",
        "until",
        metavar="DAY",
        help="Last day, or moment, of the entry, by the project's clock.",
    ),
    click.option(
        "--range",
        "dates",
        type=click.Choice(CHOICES["range"]),
        help="Whether the dates are those of the entry, or of all events.",
    ),
    click.option(
        "--unfinished",
        type=click.Choice(CHOICES["unfinished"]),
        help="Whether who may still go on counts as open, or as dropped.",
    ),
)


def funnel_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add STEP... and the rules of a funnel to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return scope_options(command)


def asked_funnel(
    steps: tuple[str, ...],
    path: str | None,
    step_within: tuple[str, ...],
    step_after: tuple[str, ...],
    exclude: tuple[str, ...],
    dates: str | None,
    anchored: bool,
    map_name: str | None,
    where: tuple[str, ...],
    outcomes: tuple[str, ...],
    matching: tuple[str, ...],
    **rules: Any,
) -> Funnel:
    """Return the funnel that the options name; what they say wins over the file."""
    if bool(steps) == bool(path):
        raise click.UsageError("name the steps in their order, or --file FUNNEL.toml")
    asked = load_funnel(path) if path else Funnel(steps)
    said = {
        name: value for name, value in {**rules, "range": dates}.items() if value not in (None, ())
    }
    asked = replace(asked, **said)
    if "attribution" in said and asked.by is None:
        raise click.UsageError("--attribution says whose value counts: give --by, or leave it out")
    if anchored:
        asked = replace(asked, anchored=True)
    if exclude:
        asked = replace(asked, exclusions=(*asked.exclusions, *exclude))
    if map_name or where or outcomes or matching or not path:
        asked = replace(asked, scope=asked_scope(map_name, where, outcomes, matching))
    limits = [("within", one) for one in step_within] + [("after", one) for one in step_after]
    for key, text in limits:
        asked = replace(asked, steps=_limited(asked, key, text))
    return asked


def _limited(asked: Funnel, key: str, text: str) -> list[Step]:
    number, equals, time = text.partition("=")
    if not equals or not number.strip().isdigit():
        raise click.UsageError(f"--step-{key} {text!r}: write STEP=TIME, such as 2={time or '1 h'}")
    if not 1 <= int(number) <= len(asked.steps):
        raise click.UsageError(
            f"--step-{key} {text!r}: there is no step {number.strip()}; the funnel has "
            f"{len(asked.steps)}"
        )
    return [
        _limit(step, key, time.strip()) if place == int(number) else step
        for place, step in enumerate(asked.written(), start=1)
    ]


def _limit(step: Step, key: str, time: str) -> Step:
    return replace(step, within=time) if key == "within" else replace(step, after=time)
