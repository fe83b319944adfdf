"""The command about attribution."""

from __future__ import annotations

import click
import pandas as pd

from ..credit import (
    CREDITED,
    MOST_NAMES,
    REPEATS,
    RULES,
    Attribution,
    Credits,
    attribution,
)
from ..project import load_project
from ..statistics import ENOUGH
from .opening import opened
from .scope import asked_scope, map_option, where_option
from .show import json_option, plain_rows, project_option, say, say_json, show_frame, spans


@click.command("attribution")
@click.option(
    "--by",
    type=click.Choice(CREDITED),
    default="channel",
    show_default=True,
    help="What a touch is credited by.",
)
@click.option(
    "--touch",
    "touches",
    multiple=True,
    metavar="NAME",
    help="Touchpoint, stage or event that can be a touch; default: any. Several: any of them.",
)
@click.option(
    "--takes-goal",
    is_flag=True,
    help="Let the event that reaches the goal be a touch, too: for logs in which the click that "
    "converts is the conversion.",
)
@click.option(
    "--lookback",
    default="30 d",
    show_default=True,
    metavar="TIME",
    help="How long before a conversion a touch still counts for it, or none: however long.",
)
@click.option(
    "--repeats",
    type=click.Choice(REPEATS),
    default="keep",
    show_default=True,
    help="Touches of the same name on a path: keep counts all, merge those in a row as one, first "
    "only the first.",
)
@click.option(
    "--half-life",
    default="7 d",
    show_default=True,
    metavar="TIME",
    help="For time_decay: so long before the last touch, one weighs half as much.",
)
@click.option(
    "--direct",
    "direct",
    multiple=True,
    metavar="NAME",
    help="Name that last_non_direct passes over; default: those called direct, or none.",
)
@click.option(
    "--most",
    default=30,
    show_default=True,
    type=click.IntRange(1, MOST_NAMES),
    help="So many names, those of most touches, stand by themselves; the others are (other).",
)
@click.option(
    "--show",
    "shown",
    type=click.Choice(["conversions", "value", "share"]),
    default="conversions",
    show_default=True,
    help="What the columns of the rules hold: conversions, their money, or the share of the "
    "conversions in percent.",
)
@map_option
@where_option
@project_option
@json_option
def attribution_command(
    by: str,
    touches: tuple[str, ...],
    takes_goal: bool,
    lookback: str,
    repeats: str,
    half_life: str,
    direct: tuple[str, ...],
    most: int,
    shown: str,
    map_name: str | None,
    where: tuple[str, ...],
    project_path: str,
    as_json: bool,
) -> None:
    """Say which channels, campaigns or touchpoints conversions are credited to, rule by rule.

    A touch is an event with a name to credit, where a session or a journey begins, or the name
    changes. It counts for the customer's next conversion, and for one only. Every rule credits each
    conversion once:
    first, last, last_non_direct, linear (all touches alike), linear_unique (all names alike:
    Shapley's value), position_based (40 % first, 40 % last), time_decay, and markov (in proportion
    to removal_%: the conversions that would be lost without the name, if journeys went as
    a Markov chain of first order). What no touch led to is (no touch). Open journeys are left
    aside: they have not failed.

    \b
    Example:
      squiggle attribution --touch "Search ad" --touch "Social ad" --touch "E-mail opened"
      squiggle attribution --by campaign --lookback "90 d" --show share
    """
    chosen = Attribution(
        by,
        touches,
        takes_goal,
        lookback,
        repeats,
        half_life,
        direct or None,
        most,
    )
    with opened(load_project(project_path)) as built:
        found = attribution(built, chosen, asked_scope(map_name, where))
    if as_json:
        say_json(
            {
                "map": found.map_name,
                "totals": found.totals,
                "names": plain_rows(found.names),
                "credits": plain_rows(found.credits),
                "bits": [None if one != one else one for one in found.bits],
                "order": found.order,
                "direct": list(found.direct),
                "seed": found.seed,
                "draws": found.draws,
                **found.stamp,
            }
        )
        return
    _tell(found, lookback)
    show_frame(_table(found, by, shown))
    say("")
    for sentence in _sentences(found):
        say(sentence)


def _tell(found: Credits, lookback: str) -> None:
    totals = {name: f"{number:,.0f}" for name, number in found.totals.items()}
    within = "before it" if lookback == "none" else f"less than {lookback} before it"
    say(
        f"Conversions of {found.map_name!r}: {totals['conversions']}, "
        f"{totals['touched_conversions']} of them with a touch {within}"
    )
    say(
        f"Dropped journeys: {totals['dropped']}, {totals['touched_dropped']} of them with a touch "
        f"that led to no conversion; open, and left aside: {totals['open_journeys']}"
    )
    say("")


def _table(found: Credits, by: str, shown: str) -> pd.DataFrame:
    """One row per name, (no touch) last: its touches and effect, and what each rule credits."""
    column, factor = ("conversions_share", 100) if shown == "share" else (shown, 1)
    names = found.names
    rows = found.credits.iloc[:: len(RULES)]
    table = pd.DataFrame({by: rows["name"].to_numpy()})
    table["touches"] = [*names["touches"], 0]
    table["converted"] = [*names["conversions"], 0]
    table["removal_%"] = [*(100 * names["removal_effect"]).round(1), None]
    table["95 %"] = [*spans(100 * names["removal_lo"], 100 * names["removal_hi"], 1), ""]
    credited = (found.credits[column].to_numpy() * factor).reshape(-1, len(RULES)).round(1)
    for place, rule in enumerate(RULES):
        table[rule] = credited[:, place]
    return table


def _sentences(found: Credits) -> list[str]:
    said = []
    named = ", ".join(found.direct) or "no name; it is the same as last (see --direct)"
    said.append(f"Direct, for last_non_direct: {named}.")
    if 0 < found.totals["touched_conversions"] < ENOUGH:
        said.append(f"Fewer than {ENOUGH} conversions with a touch: read the effects as hints.")
    if not found.totals["touched_dropped"] and found.totals["touched_conversions"]:
        said.append("No touched journey was dropped: a removal effect is then mere coverage.")
    if found.order is not None and found.order > 1:
        better = 1 - found.bits[found.order] / found.bits[1]
        said.append(
            f"A touch hangs on more than the one before it: {found.order} touches tell the next of "
            f"held-out customers {better:.0%} better. Removal effects are those of a chain that "
            "forgets: read them beside converted."
        )
    said.append(
        "Credit is a share of what happened. What a touch causes, only an experiment tells."
    )
    return said
