"""Commands about identity: why a customer is one customer, and how much the policy matters."""

from __future__ import annotations

import click

from ..project import load_project
from ..sensitivity import policies_compared
from ..why import why
from .opening import opened
from .progress import progress
from .show import (
    json_option,
    memory_option,
    plain_rows,
    project_option,
    say,
    say_json,
    show_frame,
    threads_option,
)


@click.command("why")
@click.argument("customer")
@click.option(
    "--most",
    default=200,
    show_default=True,
    type=click.IntRange(1),
    help="How many events to show at the most.",
)
@project_option
@json_option
def why_command(customer: str, most: int, project_path: str, as_json: bool) -> None:
    """Say how the ids of CUSTOMER came together, and show the timeline.

    CUSTOMER is a customer_id of the warehouse, or any id of the exports.

    \b
    Example:
      squiggle why ana@example.test
    """
    with opened(load_project(project_path)) as built:
        told = why(built, customer, most=most)
    if as_json:
        say_json(
            {
                "customer_id": told.customer_id,
                "kind": told.kind,
                "ids": plain_rows(told.ids),
                "links": plain_rows(told.links),
                "lent": plain_rows(told.lent),
                "timeline": plain_rows(told.timeline),
            }
        )
        return
    for sentence in told.sentences():
        say(sentence)
    say("")
    show_frame(told.timeline.dropna(axis="columns", how="all"), title="Timeline, UTC", most=most)


@click.command("identity")
@project_option
@json_option
@memory_option
@threads_option
def identity_command(
    project_path: str, as_json: bool, memory: str | None, threads: int | None
) -> None:
    """Run every identity policy side by side; the warehouse stays as it is.

    Shows what the customers, the conversion, the drop-off and the squiggle (of all journeys, those
    on their way included) would be under each, and the largest merges that policy components makes
    and the project's does not.
    """
    project = load_project(project_path)
    with progress() as shown:
        figures, merges = policies_compared(
            project, memory=memory, threads=threads, tell=shown.tell
        )
    if as_json:
        say_json({"policies": plain_rows(figures), "merges": plain_rows(merges)})
        return
    show_frame(figures, title=f"Policies (the project's is {project.identity.policy})")
    if len(merges):
        say("")
        show_frame(merges, title="Customers that policy components makes of several")
