"""How results look on a terminal: tables, progress and messages; JSON where a machine reads."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click
import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table

project_option = click.option(
    "-p",
    "--project",
    "project_path",
    type=click.Path(),
    default=".",
    show_default="squiggle.toml here",
    help="The project file, or the folder that holds it.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for machines.")
memory_option = click.option("--memory", metavar="SIZE", help='Memory limit, e.g. "2GB".')
threads_option = click.option("--threads", type=click.IntRange(1), help="How many threads to use.")


def out() -> Console:
    """Return the console that results go to."""
    return Console(soft_wrap=False, highlight=False)


def complain(message: str) -> None:
    """Print an error."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(
        f"[bold red]squiggle:[/] {escape(message)}"
    )


def say(message: str) -> None:
    """Print a line of text as it is."""
    out().print(escape(message), soft_wrap=True)


def say_json(value: Any) -> None:
    """Print a value as JSON; times as ISO 8601, decimals as text."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, default=str, allow_nan=False))


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """Show a bar on a terminal, nothing elsewhere; yields what tells it how far things are."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda what, done, total: None
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("starting", total=None)

        def tell(what: str, done: int, total: int) -> None:
            bar.update(task, description=escape(what)[:60], completed=done, total=total)

        yield tell


def show_frame(frame: pd.DataFrame, *, title: str | None = None, most: int = 200) -> None:
    """Print a frame as a table, at most `most` rows of it."""
    rows = [[_cell(value) for value in row] for row in frame.head(most).itertuples(index=False)]
    kinds = [pd.api.types.is_numeric_dtype(kind) for kind in frame.dtypes]
    show_rows(list(map(str, frame.columns)), rows, numbers=kinds, title=title)
    if len(frame) > most:
        say(f"… {len(frame) - most:,} more rows")


def show_rows(
    names: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    numbers: Sequence[bool] | None = None,
    title: str | None = None,
) -> None:
    """Print rows of text as a table."""
    table = Table(title=title, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for place, name in enumerate(names):
        right = bool(numbers and numbers[place])
        table.add_column(escape(name), justify="right" if right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(escape(cell) for cell in row))
    out().print(table)


def _cell(value: Any) -> str:
    if value is None or value is pd.NaT or (isinstance(value, float) and pd.isna(value)):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1e6 else f"{value:,.0f}"
    if isinstance(value, int):
        return f"{value}"
    return str(value)


def plain_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a frame as rows that JSON can hold: missing values as null."""
    listed = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return [{str(name): _plain(value) for name, value in row.items()} for row in listed]


def _plain(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value.item() if hasattr(value, "item") else value
