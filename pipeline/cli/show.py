"""How results look on a terminal: tables and messages; JSON where a machine reads."""

from __future__ import annotations

import codecs
import json
import math
import re
import shlex
import sys
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ..warehouse import scratch

NEWLINES = "\n\t"

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


def _size(_: click.Context, __: click.Parameter, memory: str | None) -> str | None:
    """A memory limit as it is, once DuckDB has understood it: before any work is begun."""
    if memory is not None:
        scratch(memory=memory).close()
    return memory


memory_option = click.option(
    "--memory", metavar="SIZE", callback=_size, help='Memory limit, e.g. "2GB".'
)
threads_option = click.option("--threads", type=click.IntRange(1), help="How many threads to use.")


_WIDE = 1_000_000
_OBEYED = re.compile(r"[\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_CONTROLS = {code: chr(0x2400 + code) for code in range(0x20)} | {0x7F: "\u2421"}


def visible(text: str, *, keep: str = "") -> str:
    """Return text without control characters, so that data cannot speak to the terminal.

    >>> visible("a\\x1b[31m")
    'a␛[31m'
    """
    shown = text.translate({code: to for code, to in _CONTROLS.items() if chr(code) not in keep})
    return re.sub(r"[\x80-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", "\ufffd", shown)


def many(count: int, what: str) -> str:
    """Return a count with its noun.

    >>> many(1, "journey"), many(1200, "journey")
    ('1 journey', '1,200 journeys')
    """
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _console() -> Console:
    """The console that results go to; what reads a pipe gets whole lines without colours."""
    console = Console(highlight=False, emoji=False)
    if not console.is_terminal:
        console = Console(highlight=False, emoji=False, width=_WIDE, color_system=None)
    return console


def complain(message: str) -> None:
    """Print an error."""
    Console(stderr=True, highlight=False, emoji=False, soft_wrap=True).print(
        f"[bold red]squiggle:[/] {escape(visible(message, keep=NEWLINES))}"
    )


def remark(message: str) -> None:
    """Print a note beside the results."""
    Console(stderr=True, highlight=False, emoji=False, soft_wrap=True).print(
        f"Note: {escape(visible(message, keep=NEWLINES))}"
    )


def say(message: str) -> None:
    """Print a message as it is."""
    text = visible(message, keep=NEWLINES)
    _console().print(text, soft_wrap=True, markup=False)


def say_json(value: Any) -> None:
    """Print a value as JSON; times as ISO 8601. What a terminal would obey is escaped."""
    is_utf8 = codecs.lookup(getattr(sys.stdout, "encoding", None) or "ascii").name == "utf-8"
    text = json.dumps(value, indent=2, ensure_ascii=not is_utf8, default=str, allow_nan=False)
    click.echo(_OBEYED.sub(lambda one: f"\\u{ord(one[0]):04x}", text))


def in_project(path: str | Path) -> str:
    """Return the option by which a command that is proposed finds the project; none where it is.

    >>> in_project("."), in_project("my shop")
    ('', " -p 'my shop'")
    """
    return "" if str(path) == "." else f" -p {shlex.quote(str(path))}"


def spans(low: pd.Series, high: pd.Series, digits: int) -> list[str]:
    """Return the ends of intervals as texts; none where there is none.

    >>> spans(pd.Series([0.5, None]), pd.Series([1.25, None]), 1)
    ['0.5 to 1.2', '']
    """
    return [
        "" if pd.isna(one) else f"{one:.{digits}f} to {other:.{digits}f}"
        for one, other in zip(low, high, strict=True)
    ]


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
    console = _console()
    told = escape(visible(title, keep="\n")) if title is not None else None
    table = Table(title=told, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for place, name in enumerate(names):
        right = bool(numbers and numbers[place])
        table.add_column(
            escape(visible(name)), justify="right" if right else "left", overflow="fold"
        )
    for row in rows:
        table.add_row(*(escape(visible(cell)) for cell in row))
    if console.is_terminal:
        console.print(table)
        return
    with console.capture() as captured:
        console.print(table)
    click.echo("\n".join(line.rstrip() for line in captured.get().splitlines()))


def _cell(value: Any) -> str:
    value = _plain(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e15:
            return f"{value:.0f}"
        return f"{value:.2f}" if abs(value) >= 100 else f"{value:.4g}"
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def plain_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a frame as rows that JSON can hold: what is missing or no number as null."""
    names = [str(name) for name in frame.columns]
    columns = [frame.iloc[:, place].astype(object) for place in range(len(names))]
    return [
        {name: _plain(value) for name, value in zip(names, row, strict=True)}
        for row in zip(*columns, strict=True)
    ]


def _plain(value: Any) -> Any:
    """A value as JSON has it; times and lengths of time as ISO 8601, bytes in hexadecimal."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if hasattr(value, "tolist") and getattr(value, "ndim", None):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, (bytes, bytearray)):
        return value.hex()
    if isinstance(value, timedelta):
        value = pd.Timedelta(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, (bool, int, float)) else str(value)
