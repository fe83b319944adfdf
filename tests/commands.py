"""The command run inside the tests: what it prints, what it refuses, how it ends."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.cli import main, squiggle
from pipeline.errors import SquiggleError


def asked(*arguments: str | Path) -> Result:
    """Run the command; a fault that a user can mend stays an exception."""
    found = CliRunner().invoke(squiggle, [str(one) for one in arguments])
    if found.exception and not isinstance(found.exception, (SquiggleError, SystemExit)):
        raise found.exception
    return found


def told(*arguments: str | Path) -> str:
    """Return what the command prints; it must end well."""
    found = asked(*arguments)
    assert found.exception is None, found.exception
    return found.stdout


def refused(*arguments: str | Path) -> str:
    """Return the message that the command ends with."""
    found = asked(*arguments)
    assert isinstance(found.exception, SquiggleError), found.output
    assert not found.stdout
    return str(found.exception)


def exit_of(monkeypatch: pytest.MonkeyPatch, *arguments: str | Path) -> int:
    """Return the exit code of the whole command, as a shell sees it."""
    monkeypatch.setattr(sys, "argv", ["squiggle", *map(str, arguments)])
    try:
        main()
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0
