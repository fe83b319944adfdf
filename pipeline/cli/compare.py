"""The command that compares two groups of journeys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace

import click

from ..compare import Comparison, GraphDifference, compare, graph_difference, rest_of
from ..project import load_project
from ..questions import Scope
from .opening import opened
from .scope import asked_scope, map_option, matching_option, where_option
from .show import json_option, many, plain_rows, project_option, say, say_json, show_frame

REST = "rest"
MOST = 30
"""Edges of a graph that are printed, if nobody says otherwise."""


@click.command("compare")
@click.option(
    "-a",
    "a",
    multiple=True,
    required=True,
    metavar="SEGMENT=VALUE",
    help="The first group: journeys with this value of a segment, for instance period=2026-02, or "
    "outcome=converted. Several values of a segment: any of them; several segments: all of them.",
)
@click.option(
    "-b",
    "b",
    multiple=True,
    required=True,
    metavar="SEGMENT=VALUE",
    help="The group that it is compared with, written alike; 'rest' is everything else.",
)
@where_option
@matching_option
@map_option
@click.option(
    "--within", metavar="TIME", help='Horizon T of both groups, e.g. "14 d"; default: the map\'s.'
)
@click.option(
    "--warm-up/--no-warm-up",
    default=None,
    help="Count journeys that may have begun before the data, or leave them out. Default: left out "
    "where periods are compared.",
)
@click.option(
    "--draws",
    type=click.IntRange(20),
    help="How often customers are drawn again, for the intervals of medians, by default 400 times; "
    "of a --graph how often labels are changed, by default 999 times.",
)
@click.option(
    "--seed",
    default=0,
    show_default=True,
    type=click.IntRange(0),
    help="Another seed draws others.",
)
@click.option(
    "--graph",
    "level",
    metavar="LEVEL",
    help="Compare the journey graphs instead, at the level touchpoint, stage or channel.",
)
@click.option(
    "--cut",
    default="journey",
    show_default=True,
    help="What a graph walks through in one go: journey, session or customer.",
)
@click.option(
    "--keep",
    multiple=True,
    metavar="NODE",
    help="Of a graph only these nodes; a stage stands for all of its touchpoints.",
)
@click.option("--drop", multiple=True, metavar="NODE", help="A graph without these nodes.")
@click.option(
    "--most",
    default=MOST,
    show_default=True,
    type=click.IntRange(1),
    help="Edges of a graph to print at most.",
)
@project_option
@json_option
def compare_command(
    a: tuple[str, ...],
    b: tuple[str, ...],
    where: tuple[str, ...],
    matching: tuple[str, ...],
    map_name: str | None,
    within: str | None,
    warm_up: bool | None,
    draws: int | None,
    seed: int,
    level: str | None,
    cut: str,
    keep: tuple[str, ...],
    drop: tuple[str, ...],
    most: int,
    project_path: str,
    as_json: bool,
) -> None:
    """Compare two groups of journeys: segments, periods or outcomes.

    Every figure with its difference a − b, the 95 % interval, p and q: p adjusted for the number of
    tests in the table. Both groups are read at the same horizon T (the stop rate is of all visits
    old enough); a figure for which a group was not followed as long has no value and says why.
    Then, for each other segment, how much of the difference is a different mix of its values, and
    how much is inside them.

    With --graph, the moves of the journeys: each edge with its share of the moves out of its node,
    z and interval clustered by customer, and the graphs as a whole against changed labels.

    \b
    Example:
      squiggle compare -a device=mobile -b rest
      squiggle compare -a period=2026-03 -b period=2026-02
      squiggle compare -a outcome=converted -b outcome=dropped -w device=mobile
      squiggle compare -a device=mobile -b rest --graph stage
    """
    given = {"--within": within} if level is not None else {
        "--keep": keep, "--drop": drop, "--cut": None if cut == "journey" else cut,
        "--most": None if most == MOST else most,
    }  # fmt: skip
    idle = [name for name, value in given.items() if value not in (None, ())]
    if idle:
        instead = "" if level is not None else "ask for a --graph, or "
        raise click.UsageError(f"{idle[0]} says nothing here: {instead}leave it out")
    often = {} if draws is None else {"draws": draws}
    with opened(load_project(project_path)) as built:
        common = asked_scope(map_name, where, matching=matching)
        first = _group("-a", a, map_name)
        second = rest_of(built, first) if b == (REST,) else _group("-b", b, map_name)
        one = _within(first, common)
        other = _within(second, common)
        if level is not None:
            drawn = graph_difference(
                built,
                one,
                other,
                level=level,
                cut=cut,
                keep=keep,
                drop=drop,
                warm_up=warm_up,
                seed=seed,
                **often,
            )
            if as_json:
                say_json(_plain_graph(drawn))
            else:
                _tell_graph(drawn, " ".join(a), " ".join(b), most)
            return
        found = compare(built, one, other, within=within, warm_up=warm_up, seed=seed, **often)
    if as_json:
        say_json(_plain(found))
        return
    _tell(found, " ".join(a), " ".join(b))


def _group(option: str, written: Sequence[str], map_name: str | None) -> Scope:
    """The scope that the options name; outcome=… is no segment."""
    outcomes = [one.partition("=")[2] for one in written if one.startswith("outcome=")]
    rest = [one for one in written if not one.startswith("outcome=")]
    return asked_scope(map_name, rest, outcomes, told=option)


def _within(group: Scope, common: Scope) -> Scope:
    twice = sorted(set(group.segments) & set(common.segments))
    if twice:
        raise click.UsageError(f"{twice[0]} is under -w and tells the groups apart; name it once")
    segments = {**common.segments, **group.segments}
    return replace(group, segments=segments, matching=common.matching)


def _plain(found: Comparison) -> dict[str, object]:
    return {
        "map": found.map_name,
        "within_days": found.within_days,
        "tests": found.tests,
        "seed": found.seed,
        "draws": found.draws,
        "figures": plain_rows(found.figures),
        "mix": plain_rows(found.mix),
        "mix_parts": plain_rows(found.mix_parts),
        "notes": list(found.notes),
        "stamp": found.stamp,
    }


def _tell(found: Comparison, a: str, b: str) -> None:
    say(
        f"a: {a}; b: {b}; map {found.map_name!r}, T = {found.within_days:g} days; "
        f"difference = a − b, {many(found.tests, 'test')}, q adjusted by Benjamini and Hochberg"
    )
    shown = found.figures.drop(columns=["detectable"])
    shown["verdict"] = [
        f"{row['verdict']} (a difference of {row['detectable']:.2g} would show)"
        if row["verdict"] == "no significant change"
        else row["verdict"] + (f": {row['reason']}" if row["reason"] else "")
        for row in found.figures.to_dict("records")
    ]
    show_frame(shown.drop(columns=["reason"]), title="Figures")
    if len(found.mix):
        say("")
        show_frame(
            found.mix, title="Of the difference, what the mix of other segments makes, and the rest"
        )
        for row in found.mix[found.mix["is_reversed"]].to_dict("records"):
            named = " ".join(filter(None, (row["figure"], row["item"])))
            say(
                f"Note: {named} moved one way in every value of {row['segment']} that has enough "
                "journeys, and the total another way: read the values, not the total."
            )
    for sentence in found.notes:
        say(f"Note: {sentence}")


def _plain_graph(found: GraphDifference) -> dict[str, object]:
    return {
        "map": found.map_name,
        "level": found.level,
        "cut": found.cut,
        "tests": found.tests,
        "seed": found.seed,
        "divergence": asdict(found.whole),
        "edges": plain_rows(found.edges),
        "nodes": plain_rows(found.nodes),
        "notes": list(found.notes),
        "stamp": found.stamp,
    }


def _tell_graph(found: GraphDifference, a: str, b: str, most: int) -> None:
    whole = found.whole
    say(
        f"a: {a}; b: {b}; map {found.map_name!r}, graph of {found.level}s by {found.cut}; "
        f"difference = a − b, {found.tests} edges tested, q adjusted by Benjamini and Hochberg"
    )
    say(
        f"The graphs as a whole are {whole.bits:.4f} bits apart (0 alike, 1 nothing in common); "
        f"{whole.draws} times changed labels take them {whole.expected_bits:.4f} apart in the "
        f"mean, and as far or farther with p = {whole.p:.3g}"
    )
    edges = found.edges.sort_values(["p", "from_node", "to_node"], kind="stable")
    show_frame(edges.head(most), title="Edges, the surest difference first")
    if len(edges) > most:
        say(f"… {len(edges) - most:,} more; all of them with --json")
    say("")
    nodes = found.nodes.sort_values(["p", "node"], kind="stable")
    show_frame(nodes.head(most), title="Nodes, by their share of all visits")
    for sentence in found.notes:
        say(f"Note: {sentence}")
