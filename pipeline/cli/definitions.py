"""The command that shows what decides the figures."""

from __future__ import annotations

import click

from ..definitions import definitions
from ..project import load_project
from .opening import opened
from .show import json_option, plain_rows, project_option, say, say_json, show_frame


@click.command("definitions")
@click.argument("family", required=False)
@project_option
@json_option
def definitions_command(family: str | None, project_path: str, as_json: bool) -> None:
    """Show the definition card: every setting that decides figures, and who set it.

    FAMILY is a family of figures, such as drop-off, or a table, such as stage_dropoff: then only
    what decides it is shown. Figures with the same definitions_fingerprint are defined alike, and
    with the same fingerprint they are the same. Keys without a value are left out, but in JSON.

    \b
    Example:
      squiggle definitions drop-off
    """
    with opened(load_project(project_path)) as built:
        card, prints = definitions(built, family)
    if as_json:
        say_json({"definitions": plain_rows(card), "fingerprints": plain_rows(prints)})
        return
    told = card[card["value"].notna() & (card["key"] != "name")].drop(columns="definition_no")
    show_frame(
        told if family is None else told.drop(columns="decides"),
        title="Definitions",
        most=len(told),
    )
    say("")
    shown = prints.drop(columns="map_no")
    show_frame(shown.dropna(axis="columns", how="all"), title="Fingerprints")
