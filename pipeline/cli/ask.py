"""Commands that ask a built warehouse: its dictionary, its tables, its graphs."""

from __future__ import annotations

from pathlib import Path

import click

from ..dictionary import describe
from ..errors import DataError, nearest
from ..graph import transition_graph, write_graph
from ..models import Model, load_models
from ..project import load_project
from ..questions import chosen_map
from ..warehouse import Warehouse
from .opening import opened
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


@click.command("tables")
@click.argument("name", required=False)
@json_option
def tables_command(name: str | None, as_json: bool) -> None:
    """List the tables of the warehouse, or the columns of table NAME."""
    models = [model for model in load_models() if model.kind != "check"]
    if name is not None:
        model = _model(name)
        if as_json:
            say_json(_columns(model))
            return
        say(describe(model))
        return
    if as_json:
        say_json([_columns(model) for model in models])
        return
    rows = [
        [model.floor, model.name, model.summary]
        for model in sorted(models, key=lambda one: (one.floor, one.name))
    ]
    show_rows(["floor", "table", "what a row is"], rows)


def _columns(model: Model) -> dict[str, object]:
    listed = [
        {"name": column.name, "type": column.type, "meaning": column.meaning}
        for column in model.columns
    ]
    return {
        "table": model.name,
        "summary": model.summary,
        "grain": list(model.grain),
        "columns": listed,
    }


def _model(name: str) -> Model:
    models = {model.name: model for model in load_models()}
    if name not in models:
        raise DataError(f"{name}: there is no such table; {nearest(name, models)}")
    return models[name]


@click.command("sql")
@click.argument("query", required=False)
@click.option("--model", metavar="NAME", help="Print the SELECT that makes a table instead.")
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the answer to this file: .csv, .parquet or .json.",
)
@project_option
@json_option
def sql_command(
    query: str | None, model: str | None, out: Path | None, project_path: str, as_json: bool
) -> None:
    """Run QUERY on the warehouse, read-only, or print a model.

    \b
    Example:
      squiggle sql "select status, count(*) from journeys group by all"
      squiggle sql "from events where touchpoint = 'Order'" --out orders.csv
    """
    if out is not None and (model is not None or as_json):
        raise click.UsageError("--out writes the answer to a query: leave out --model and --json")
    if model is not None and query is not None:
        raise click.UsageError("give a query, or --model NAME, not both")
    if model is not None:
        found = _model(model)
        say(found.path.read_text(encoding="utf-8").rstrip())
        return
    if query is None:
        raise click.UsageError("give a query, or --model NAME")
    project = load_project(project_path)
    spare(project, out)
    with opened(project) as built:
        if out is not None:
            say(f"Wrote {out}: {many(built.export_answer(query, out), 'row')}")
            return
        frame = built.ask(query)
    if as_json:
        say_json(plain_rows(frame))
    else:
        show_frame(frame)


@click.command("export")
@click.argument("what")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--map", "map_name", help="Map of a graph; default: the first.")
@project_option
def export_command(what: str, out: Path, map_name: str | None, project_path: str) -> None:
    """Write a table, or a graph, to a file.

    WHAT is a table (.csv, .parquet or .json) or touchpoint-graph, stage-graph or channel-graph
    (.graphml, .gexf, .dot, .json or .csv; 'squiggle graph' asks for more).

    \b
    Example:
      squiggle export journeys journeys.parquet
      squiggle export stage-graph squiggle.graphml
    """
    if map_name is not None and not what.endswith("-graph"):
        raise click.UsageError(
            "--map chooses a graph's map; a table has all of them: write a part of it with "
            "'squiggle sql … --out'"
        )
    spare(load_project(project_path), out)
    with _warehouse(project_path) as built:
        if what.endswith("-graph"):
            _export_graph(built, what.removesuffix("-graph"), map_name, out)
        else:
            built.export(what, out)
    say(f"Wrote {out}")


def _export_graph(built: Warehouse, level: str, map_name: str | None, out: Path) -> None:
    levels = [name for (name,) in built.rows("select level from levels")]
    if level not in levels:
        raise DataError(f"{level}-graph: there is no such graph; {nearest(level, levels)}")
    where = "where map_name = $map_name and level = $level"
    parameters = {"map_name": chosen_map(built, map_name)[1], "level": level}
    graph = transition_graph(
        built.frame(f"from transitions {where}", parameters),
        built.frame(f"from nodes {where}", parameters),
    )
    write_graph(graph, out)


def _warehouse(project_path: str) -> Warehouse:
    return opened(load_project(project_path))
