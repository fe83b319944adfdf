"""The command that asks for a funnel."""

from __future__ import annotations

from typing import Any

import click
import pandas as pd

from ..funnel import PRESETS, Funnel, FunnelResult, funnel
from ..project import load_project
from .funnel_options import asked_funnel, funnel_options
from .opening import opened
from .show import json_option, many, plain_rows, project_option, say, say_json, show_rows


@click.command("funnel")
@funnel_options
@click.option(
    "--as", "rules", type=click.Choice(list(PRESETS)), help="Whose rules hold where none is said."
)
@click.option("--by", metavar="NAME", help="Break it down by a segment or a column.")
@click.option(
    "--attribution",
    metavar="STEP",
    help="Which value of a column counts: that at the first step, at the last one reached, or at "
    "the step with this number.",
)
@click.option("--next", "shows_next", is_flag=True, help="Show what came next for who left.")
@click.option("--times", is_flag=True, help="Show how long it took, as a histogram.")
@click.option(
    "--customers", type=click.IntRange(1), metavar="STEP", help="List customers who got this far."
)
@click.option("--sql", is_flag=True, help="With --customers: print the query for their events.")
@click.option(
    "--most",
    default=10,
    show_default=True,
    type=click.IntRange(1),
    help="How many customers to list.",
)
@project_option
@json_option
def funnel_command(
    project_path: str,
    as_json: bool,
    shows_next: bool,
    times: bool,
    customers: int | None,
    sql: bool,
    most: int,
    **asked: Any,
) -> None:
    """Count who gets how far through the STEPs, in which time, and who may still.

    A STEP is the name of a touchpoint, a stage or an event: "Cart". Globs: "Cart*". One of several:
    "Cart|Checkout". Conditions on columns: "channel=mail* & value>=100". Optional: "Coupon ?".
    A backslash makes the next character plain.

    \b
    Example:
      squiggle funnel "Product page" "Cart|Checkout" Order --within "7 d" --by period
    """
    chosen = asked_funnel(**asked)
    with opened(load_project(project_path)) as built:
        found = funnel(built, chosen, most=most)
    if sql:
        say(found.query(customers or 1))
    elif as_json:
        say_json(_as_json(found))
    else:
        _show(found, chosen)
        _show_more(found, shows_next=shows_next, times=times, customers=customers)


def _as_json(found: FunnelResult) -> dict[str, Any]:
    frames = ("steps", "breakdown", "histogram", "curves", "departures", "customers")
    facts = ("window_s", "outsiders", "left_truncated", "in_no_session", "dropped_from_all")
    return {
        **{name: getattr(found, name) for name in facts},
        **{name: plain_rows(getattr(found, name)) for name in frames},
    }


def _show(found: FunnelResult, asked: Funnel) -> None:
    rules = asked.settled()
    units = f"{rules.unit}s"
    within = (
        "without a limit of time" if found.window_s is None else f"within {_time(found.window_s)}"
    )
    say(f"Funnel of {units}, {within}; rules: {asked.rules}.")
    say("")
    _show_steps(found.steps, units)
    for part, own in found.breakdown.groupby("part", sort=False):
        say("")
        _show_steps(own, units, title=str(part))
    if found.dropped_from_all:
        say(f"\n{found.dropped_from_all:,} {units} met an exclusion and are in no step.")
    if found.outsiders:
        say(
            "\nCustomers who did a later step but never entered, and are not counted: "
            f"{found.outsiders:,}. First seen so early that they may have entered before the data "
            f"begin: {found.left_truncated:,}."
        )
    if found.in_no_session:
        say(
            f"\nBesides, {many(found.in_no_session, 'event')} of its steps or exclusions are in no "
            "session: their touchpoints are passive."
        )
    few = found.steps["entered"].max() < 30 if len(found.steps) else True
    if few:
        say(f"\nFewer than 30 {units}: the intervals say how little that tells.")


def _show_steps(steps: pd.DataFrame, units: str, *, title: str | None = None) -> None:
    names = [
        "step",
        units,
        "dropped",
        "open",
        "excluded",
        "of step before",
        "of entered",
        "naive",
        "median",
    ]
    rows = [
        [
            f"{row['step_no']} {row['step']}" + (" (optional)" if row["is_optional"] else ""),
            f"{row['reached']:,}",
            f"{row['dropped']:,}",
            f"{row['open']:,}",
            f"{row['excluded']:,}",
            _rate(row, "step_rate", "step_lo", "step_hi"),
            _rate(row, "rate", "lo", "hi"),
            _rate(row, "naive_rate", "naive_lo", "naive_hi"),
            _time(row["median_s"]),
        ]
        for row in steps.to_dict("records")
    ]
    show_rows(names, rows, numbers=[False, *[True] * 8], title=title)


def _show_more(
    found: FunnelResult, *, shows_next: bool, times: bool, customers: int | None
) -> None:
    if shows_next:
        say("")
        top = found.departures.groupby("step_no").head(5)
        rows = [
            [f"{r['step_no']} {r['step']}", r["next"], f"{r['units']:,}", f"{r['share']:.1%}"]
            for r in top.to_dict("records")
        ]
        show_rows(
            ["left at", "came next", "units", "share"], rows, numbers=[False, False, True, True]
        )
    if times:
        say("")
        own = found.histogram.query("part_no == 0 and since == 'step'")
        rows = [
            [str(r["step_no"]), _time(r["from_s"]), _time(r["to_s"]), f"{r['units']:,}"]
            for r in own.to_dict("records")
        ]
        show_rows(["to step", "from", "to", "units"], rows, numbers=[False, True, True, True])
    if customers is not None:
        say("")
        own = found.customers[found.customers["step_no"] == customers]
        rows = [
            [
                r["customer_id"],
                r["status"],
                f"{r['entered_at']:%Y-%m-%d %H:%M:%S}",
                f"{r['reached_at']:%Y-%m-%d %H:%M:%S}",
            ]
            for r in own.to_dict("records")
        ]
        show_rows(["customer", "status", "entered at, UTC", "got here at, UTC"], rows)


def _rate(row: dict[Any, Any], rate: str, low: str, high: str) -> str:
    if row[rate] is None or row[rate] != row[rate]:
        return ""
    return f"{row[rate]:.1%} [{row[low]:.1%}, {row[high]:.1%}]"


def _time(seconds: float) -> str:
    if seconds is None or seconds != seconds:
        return ""
    if seconds == float("inf"):
        return "∞"
    for name, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= size:
            return f"{seconds / size:.3g} {name}"
    return f"{seconds:.3g} s"
