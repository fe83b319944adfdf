"""The command that draws journeys as a graph: what it counts, what it measures, where it goes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import pandas as pd

from ..flows import journey_graph, measured_edges, measured_nodes
from ..graph import graph_measures, simplify, write_graph
from ..project import load_project
from ..questions import CUTS
from .opening import opened
from .paths import level_option
from .scope import asked_scope, scope_options
from .show import (
    json_option,
    many,
    plain_rows,
    project_option,
    say,
    say_json,
    show_frame,
    show_rows,
)
from .writing import spare

ABOUT = ["map_name", "level", "cut"]
EDGES = [
    *("from_node", "to_node", "transitions", "units", "customers"),
    *("share_out", "share_out_lo", "share_out_hi", "share_in", "share_all"),
    *("bridged", "across_sessions", "n_timed", "median_s", "p90_s"),
]


@click.command("graph")
@level_option
@click.option(
    "--cut",
    default="journey",
    show_default=True,
    help=f"What is walked through in one go, and counted as a unit: {', '.join(CUTS)} (all "
    "journeys of a customer, one after the other).",
)
@scope_options
@click.option(
    "--keep",
    multiple=True,
    metavar="NODE",
    help="Only these nodes; a stage stands for all of its touchpoints. May be repeated.",
)
@click.option("--drop", multiple=True, metavar="NODE", help="Without these nodes.")
@click.option(
    "--bridge/--no-bridge",
    "bridged",
    default=True,
    show_default=True,
    help="Whether moves lead over the steps at other nodes, and count them; if not, these steps "
    "are the node (other), and only true neighbours are linked.",
)
@click.option(
    "--top",
    type=click.IntRange(1),
    metavar="N",
    help="Only the N nodes with the most visits; the others are folded into (other).",
)
@click.option(
    "--coverage",
    type=click.FloatRange(0, 1),
    metavar="SHARE",
    help="Few edges that stand for this share of all moves, for instance 0.8; the others are "
    "folded into (other).",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write it to this file: .graphml, .gexf, .dot, .json or .csv.",
)
@click.option(
    "--rows",
    "most",
    type=click.IntRange(1),
    default=20,
    show_default=True,
    help="How many edges and nodes to print.",
)
@project_option
@json_option
def graph_command(
    level: str,
    cut: str,
    map_name: str | None,
    where: Sequence[str],
    outcomes: Sequence[str],
    matching: Sequence[str],
    keep: Sequence[str],
    drop: Sequence[str],
    bridged: bool,
    top: int | None,
    coverage: float | None,
    out: Path | None,
    most: int,
    project_path: str,
    as_json: bool,
) -> None:
    """Draw journeys as a graph: print its edges, nodes and measures, or write it to a file.

    Nodes and the whole graph are measured before edges are folded for --coverage.

    \b
    Example:
      squiggle graph --level stage -w period=2026-01
      squiggle graph --cut session --drop "E-mail opened" --coverage 0.8 --out moves.dot
    """
    scope = asked_scope(map_name, where, outcomes, matching)
    project = load_project(project_path)
    spare(project, out)
    with opened(project) as built:
        graph = journey_graph(
            *(built, scope),
            level=level,
            cut=cut,
            keep=keep,
            drop=drop,
            top=top,
            bridged=bridged,
        )
    shown = graph if coverage is None else simplify(graph, coverage)
    if out is not None:
        write_graph(shown, out)
    measures, nodes, edges = graph_measures(graph), measured_nodes(graph), measured_edges(shown)
    if as_json:
        say_json(
            {
                "graph": plain_rows(pd.DataFrame([shown.graph]))[0],
                "measures": plain_rows(_told(measures))[0],
                "nodes": plain_rows(_told(nodes)),
                "edges": plain_rows(_told(edges)),
            }
        )
    elif out is not None:
        say(f"Wrote {out}")
    else:
        say(_reckoned(shown.graph))
        show_frame(edges[[name for name in EDGES if name in edges]], most=most, title="\nEdges")
        show_frame(_told(nodes), most=most, title="\nNodes")
        rows = [
            [name, "" if pd.isna(value) else f"{value:g}"]
            for name, value in _told(measures).iloc[0].items()
        ]
        show_rows(["measure", "value"], rows, numbers=[False, True], title="\nWhole graph")


def _told(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.drop(columns=ABOUT, errors="ignore")


def _reckoned(about: dict[str, Any]) -> str:
    """What became of all the moves, in one sentence a line."""
    lines = [
        f"{about['map_name']}: {many(about['units'], about['cut'])} with "
        f"{many(about['steps'], 'step')}; "
        f"all their moves, {about['all_moves']:,}, are accounted for:",
        f"  {about['direct']:,} between neighbours",
    ]
    if about["bridged"]:
        lines.append(
            f"  {about['bridged']:,} that lead over {many(about['led_over'], 'other step')}, and "
            f"stand for {about['bridged'] + about['led_over']:,}"
        )
    if about["units_left_out"]:
        lines.append(
            f"  {about['left_out']:,} of {many(about['units_left_out'], about['cut'])} at none of "
            "the nodes"
        )
    if about["in_no_session"]:
        lines.append(
            f"Besides, {many(about['in_no_session'], 'step')} of passive touchpoints are in no "
            "session."
        )
    if about["folded"]:
        lines.append(f"Of them, {about['folded']:,} are from or to (other).")
    if about.get("coverage") is not None:
        lines.append(
            f"Shown are {about['edges_kept']:,} of {about['edges_all']:,} edges, which stand for "
            f"{about['coverage']:.1%} of the moves; the others go by way of (other), each by two "
            "edges, from and to it: their transitions count it twice."
        )
    return "\n".join(lines)
