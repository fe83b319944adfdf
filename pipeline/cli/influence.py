"""The command about influence."""

from __future__ import annotations

import click
import pandas as pd

from ..errors import DataError, nearest
from ..influence import Influence, influence
from ..project import load_project
from ..statistics import ENOUGH
from .opening import opened
from .scope import asked_scope, map_option, where_option
from .show import json_option, plain_rows, project_option, say, say_json, show_frame, spans


@click.command("influence")
@click.option(
    "--within",
    default="14 d",
    show_default=True,
    metavar="TIME",
    help="L: how long after a touch the goal still counts as what followed it.",
)
@click.option(
    "--touch",
    "touches",
    multiple=True,
    metavar="NAME",
    help="Only this touchpoint, stage or event. Several: each of them. Default: all touchpoints.",
)
@click.option(
    "--alike",
    multiple=True,
    metavar="SEGMENT",
    help="Compare only journeys with the same value of this segment, too.",
)
@click.option(
    "--control",
    metavar="TOUCHPOINT",
    help="One that cannot lead to the goal, such as the imprint: if it stands out, so does chance.",
)
@map_option
@where_option
@project_option
@json_option
def influence_command(
    within: str,
    touches: tuple[str, ...],
    alike: tuple[str, ...],
    control: str | None,
    map_name: str | None,
    where: tuple[str, ...],
    project_path: str,
    as_json: bool,
) -> None:
    """Say after which touchpoints journeys go on to the goal more often, or less.

    Who buys has seen more pages, for who stays longer meets more: journeys with a touchpoint beside
    those without it (naive) make nearly everything look helpful. So touches are compared, not
    journeys: the first touch at a touchpoint, beside touches elsewhere in the same situation, by
    journeys that have not been there. Alike are the stage before, days since the start, touches so
    far, whether a session begins, whether it is a later journey, the channel that it began with,
    and the values of --alike. With it, without it: of how many the goal follows within L. Only
    touches count that were followed as long.

    What is left is an association. e_value: so strong, as a risk ratio, a hidden reason for both
    the touch and the goal would have to be. A touchpoint right before the goal is met by who is
    about to get there. Where a random group was left out, compare that: squiggle compare.

    \b
    Example:
      squiggle influence --within "7 d" --alike device
      squiggle influence --touch "Support ticket" --control Imprint -w period=2026-03
    """
    with opened(load_project(project_path)) as built:
        asked = (*touches, *((control,) if control and touches else ()))
        found = influence(
            built,
            asked_scope(map_name, where),
            within=within,
            touches=asked,
            alike=alike,
        )
    names = list(found.touchpoints["touchpoint"])
    if control is not None and control not in names:
        raise DataError(
            f"--control {control!r}: no touch at one is compared; {nearest(control, names)}"
        )
    if as_json:
        say_json(
            {
                "map": found.map_name,
                "within_days": found.within_days,
                "journeys": found.journeys,
                "seen": found.seen,
                "touches": found.touches,
                "converts": found.converts,
                "touchpoints": plain_rows(found.touchpoints),
                **found.stamp,
            }
        )
        return
    say(
        f"Journeys of {found.map_name!r} seen from their beginning: {found.seen:,} of "
        f"{found.journeys:,}. Touches followed for L = {found.within_days:g} days: "
        f"{found.touches:,}, after {found.converts:,} of which the goal came within L."
    )
    say("")
    show_frame(_table(found))
    say("")
    for sentence in _sentences(found, control):
        say(sentence)


def _table(found: Influence) -> pd.DataFrame:
    """One row per touchpoint: both chances, their difference and ratio, and what is made of it."""
    rows = found.touchpoints
    table = rows[["touchpoint", "stage", "exposed", "compared"]].copy()
    table["with_%"] = (100 * rows["chance"]).round(1)
    table["without_%"] = (100 * rows["chance_without"]).round(1)
    table["points"] = (100 * rows["difference"]).round(1)
    table["95 %"] = spans(100 * rows["difference_lo"], 100 * rows["difference_hi"], 1)
    table["ratio"] = rows["ratio"].round(2)
    table["95 % "] = spans(rows["ratio_lo"], rows["ratio_hi"], 2)
    table["e_value"] = rows["e_value"].round(1)
    table["q"] = rows["q"].round(3)
    table["verdict"] = rows["verdict"]
    table["naive"] = rows["naive_ratio"].round(2)
    return table


def _sentences(found: Influence, control: str | None) -> list[str]:
    rows = found.touchpoints
    said = []
    if not found.touches:
        said.append(
            "No touch lies L or longer before the as-of moment, in a journey seen from its "
            "beginning: ask for a shorter --within, or set recorded_since in the project file."
        )
    if rows["verdict"].eq("too few").any():
        said.append(f"too few: fewer than {ENOUGH} touches compared, or nothing to tell chance by.")
    if control is not None:
        own = rows[rows["touchpoint"] == control].iloc[0]
        told = {
            "more": "more often, so a hidden reason is at work: believe only what is far above it",
            "less": "less often, so a hidden reason is at work: believe only what is far below it",
            "not clear": "no more and no less often for sure, as it should",
            "too few": "too rarely to tell",
        }[own["verdict"]]
        said.append(f"After the control {control!r} the goal follows {told}.")
    said.append("An association, not an effect: only an experiment tells what a touch causes.")
    return said
