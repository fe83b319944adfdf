"""The options that say which journeys a question is about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import click

from ..questions import Scope

map_option = click.option("--map", "map_name", help="Map of the journeys; default: the first.")
where_option = click.option(
    "-w",
    "--where",
    "where",
    multiple=True,
    metavar="SEGMENT=VALUE",
    help="Only journeys with this value of a segment, for instance period=2026-01. Several values "
    "of a segment: any of them; several segments: all of them.",
)
outcome_option = click.option(
    "--outcome",
    "outcomes",
    multiple=True,
    metavar="OUTCOME",
    help="Only journeys with this outcome: converted, dropped, dropped_explicit, dropped_silent or "
    "open. Several: any of them.",
)
matching_option = click.option(
    "--matching",
    multiple=True,
    metavar="PATTERN",
    help="Only journeys that match this path, written as for squiggle pattern. Several: all of "
    "them.",
)


def scope_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --map, --where, --outcome and --matching to a command."""
    return map_option(where_option(outcome_option(matching_option(command))))


def asked_scope(
    map_name: str | None,
    where: Sequence[str],
    outcomes: Sequence[str] = (),
    matching: Sequence[str] = (),
    *,
    told: str = "-w",
) -> Scope:
    """Return the scope that the options name; `told` is the option as an error calls it."""
    segments: dict[str, list[str]] = {}
    for one in where:
        segment, equals, value = one.partition("=")
        if not equals:
            raise click.UsageError(f"{told} {one!r}: write SEGMENT=VALUE, such as period=2026-01")
        segments.setdefault(segment, []).append(value)
    return Scope(map_name, segments, tuple(outcomes), tuple(matching))
