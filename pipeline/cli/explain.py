"""The command that says why another tool's funnel differs."""

from __future__ import annotations

from typing import Any

import click
import pandas as pd

from ..funnel import PRESETS, Explanation, explain, side_by_side
from ..project import load_project
from .funnel_options import asked_funnel, funnel_options
from .opening import opened
from .show import json_option, plain_rows, project_option, say, say_json, show_frame, show_rows

ALL = "all"


@click.command("explain")
@funnel_options
@click.option(
    "--as",
    "theirs",
    required=True,
    type=click.Choice([*list(PRESETS), ALL]),
    help="Whose rules to compare with; all: every one beside the others.",
)
@click.option("--customers", is_flag=True, help="List customers whose outcome differs.")
@click.option(
    "--most",
    default=5,
    show_default=True,
    type=click.IntRange(1),
    help="How many of each kind to list.",
)
@project_option
@json_option
def explain_command(
    project_path: str, as_json: bool, theirs: str, customers: bool, most: int, **asked: Any
) -> None:
    """Say why a funnel of these STEPs counts otherwise in another tool.

    The rules are changed one at a time, from ours to theirs, and each customer whose outcome
    differs is laid to the change that made the difference; so the causes add up to the whole of it.

    \b
    Example:
      squiggle explain "Product page" Cart Order --within "7 d" --as posthog
    """
    chosen = asked_funnel(**asked)
    with opened(load_project(project_path)) as built:
        if theirs == ALL:
            table = side_by_side(built, chosen)
            if as_json:
                say_json(plain_rows(table))
            else:
                show_frame(table)
            return
        found = explain(built, chosen, theirs, most=most)
    if as_json:
        frames = ("causes", "outcomes", "customers")
        say_json(
            {
                **{name: plain_rows(getattr(found, name)) for name in frames},
                "ours": plain_rows(found.ours.steps),
                "theirs": plain_rows(found.theirs.steps),
                "repeats": dict(zip(("records", "customers"), found.repeats, strict=True)),
            }
        )
        return
    _show(found, theirs)
    if customers:
        say("")
        show_frame(found.customers, title="Customers whose outcome differs")


def _show(found: Explanation, theirs: str) -> None:
    for name, told in (("here", found.ours), (theirs, found.theirs)):
        last = told.steps.iloc[-1]
        rate = "" if pd.isna(last["naive_rate"]) else f": {last['naive_rate']:.1%}"
        still = int(told.steps["open"].sum())
        open_ = f", {still:,} still open" if still else ""
        say(f"{name}: {last['reached']:,} of {last['entered']:,} convert{rate}{open_}")
    headline = found.ours.steps.iloc[-1]
    if headline["rate"] == headline["rate"]:
        say(
            f"here, open ones counted as long as they were watched: {headline['rate']:.1%} "
            f"[{headline['lo']:.1%}, {headline['hi']:.1%}]"
        )
    say("")
    if not len(found.causes):
        say("The rules are the same.")
        return
    rows = [
        [
            row["cause"],
            f"{row['rule']}: {row['ours']} → {row['theirs']}",
            f"{row['customers']:,}",
            f"{row['more']:,}",
            f"{row['fewer']:,}",
            f"{row['net']:+,}",
        ]
        for row in found.causes.to_dict("records")
    ]
    sums = found.causes[["customers", "more", "fewer", "net"]].sum()
    rows.append(
        [
            "all",
            "",
            *(f"{int(sums[n]):,}" for n in ("customers", "more", "fewer")),
            f"{int(sums['net']):+,}",
        ]
    )
    names = ["cause", "what changes", "customers that differ", "more converted", "fewer", "net"]
    show_rows(names, rows, numbers=[False, False, True, True, True, True])
    records, people = found.repeats
    if records:
        say(
            f"\n{records:,} records of {people:,} customers at these steps were left out as "
            "duplicates; a tool that keeps them may count more."
        )
