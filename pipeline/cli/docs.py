"""The generated documents: the data dictionary and the command reference."""

from __future__ import annotations

from pathlib import Path

import click

from ..dictionary import dictionary
from .show import say


@click.command("docs", hidden=True)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.pass_context
def docs_command(context: click.Context, folder: Path) -> None:
    """Write the data dictionary and the command reference into FOLDER."""
    root = context.find_root()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tables.md").write_text(dictionary(), encoding="utf-8")
    (folder / "commands.md").write_text(reference(root.command), encoding="utf-8")
    say(f"Wrote {folder / 'tables.md'} and {folder / 'commands.md'}")


def reference(group: click.Command) -> str:
    """Return the help of every command as Markdown."""
    assert isinstance(group, click.Group)
    parts = ["# Commands\n", "The help of each command. Made by `make docs`; do not edit.\n"]
    for name, command in sorted(group.commands.items()):
        if not command.hidden:
            with click.Context(
                command,
                info_name=f"squiggle {name}",
                max_content_width=90,
                terminal_width=90,
                help_option_names=["-h", "--help"],
            ) as context:
                parts.append(f"## squiggle {name}\n\n```text\n{command.get_help(context)}\n```\n")
    return "\n".join(parts)
