"""The command that shows how the headlines move with the definitions."""

from __future__ import annotations

import click
import pandas as pd

from ..project import load_project
from ..sensitivity import SETTINGS, sweep
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


@click.command("sweep")
@click.option(
    "--setting",
    "settings",
    multiple=True,
    metavar="SETTING",
    help=f"Sweep this setting only: {', '.join(SETTINGS)}. May be repeated.",
)
@click.option(
    "--factor",
    "factors",
    multiple=True,
    type=click.FloatRange(0, min_open=True),
    metavar="NUMBER",
    help="Times what the project says; default: 0.5 and 2. May be repeated.",
)
@project_option
@json_option
@memory_option
@threads_option
def sweep_command(
    settings: tuple[str, ...],
    factors: tuple[float, ...],
    project_path: str,
    as_json: bool,
    memory: str | None,
    threads: int | None,
) -> None:
    """Show how each headline moves with the session gap, the silence and the horizon T.

    Each is halved and doubled, the others as they are; the warehouse stays as it is, and exports
    are not read again. The elasticity says by how many percent a figure moves when the setting
    grows by one percent: what hangs on a definition, and what does not.

    \b
    Example:
      squiggle sweep --setting silence
    """
    with progress() as shown:
        found = sweep(
            load_project(project_path),
            settings=settings or SETTINGS,
            factors=factors or (0.5, 2.0),
            memory=memory,
            threads=threads,
            tell=shown.tell,
        )
    if as_json:
        say_json({"figures": plain_rows(found.figures), "sentences": list(found.sentences)})
        return
    show_frame(_beside(found.figures), title="Headlines", most=len(found.figures))
    say("")
    for sentence in found.sentences:
        say(sentence)


def _beside(figures: pd.DataFrame) -> pd.DataFrame:
    """One row per headline, the values of the factors beside each other."""
    keys = ["setting", "map_name", "figure", "item"]
    wide = figures.set_index([*keys, "factor"])["value"].unstack("factor")
    wide.columns = [f"× {factor:g}" for factor in wide.columns]
    order = figures.drop_duplicates(keys)[[*keys, "elasticity"]]
    shown = order.join(wide, on=keys)
    return shown[[*keys, *wide.columns, "elasticity"]]
