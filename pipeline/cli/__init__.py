"""The command line: read arguments, make one call, print."""

from __future__ import annotations

import errno
import io
import re
import signal
import sys
from pathlib import Path
from typing import NoReturn

import click

from ..errors import SquiggleError
from ..ingest.files import is_utf8
from ..inputs import squiggle_version
from .ask import export_command, sql_command, tables_command
from .attribution import attribution_command
from .behind import customers_command
from .build import init_command, report_command, run_command, sample_command
from .check import check_command
from .compare import compare_command
from .definitions import definitions_command
from .docs import docs_command
from .explain import explain_command
from .funnel import funnel_command
from .graph import graph_command
from .influence import influence_command
from .paths import pattern_command, steps_command
from .retention import retention_command
from .show import complain
from .sweep import sweep_command
from .who import identity_command, why_command


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(squiggle_version(), prog_name="squiggle")
def squiggle() -> None:
    """Reconstruct real customer journeys from exported event logs.

    \b
    A first time:
      squiggle init exports/        look at the exports, write squiggle.toml
      squiggle check                say what a run would do; change nothing
      squiggle run                  build the warehouse and the report
      squiggle sql "from journeys"  ask it
    """


for _command in (
    init_command,
    check_command,
    run_command,
    report_command,
    tables_command,
    sql_command,
    export_command,
    graph_command,
    funnel_command,
    explain_command,
    compare_command,
    definitions_command,
    pattern_command,
    steps_command,
    customers_command,
    retention_command,
    attribution_command,
    influence_command,
    why_command,
    identity_command,
    sweep_command,
    sample_command,
    docs_command,
):
    squiggle.add_command(_command)


def main() -> None:
    """Run the command; what a user can mend is one message and exit code 1."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    for ending in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(ending) is signal.SIG_DFL:  # nohup has it ignored
            signal.signal(ending, _ended)  # as by Ctrl-C: what was begun is cleared away
    for argument in sys.argv[1:]:
        if not is_utf8(argument) and not Path(argument).exists():
            complain(f"{argument!r}: this is no UTF-8; write it so, or set a UTF-8 locale")
            sys.exit(2)
    try:
        squiggle(standalone_mode=False)
    except SquiggleError as error:
        complain(str(error))
        sys.exit(1)
    except click.exceptions.Abort:
        _stop()
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        if error.filename is None and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
            complain(f"the output cannot be written: {error.strerror}")
            sys.exit(1)
        if error.filename is None:
            raise
        complain(f"{error.filename}: {error.strerror}; mend the path or its permissions")
        sys.exit(1)
    except Exception as error:
        if isinstance(error, RuntimeError) and str(error).startswith("Symlink loop"):
            complain(f"{error}; mend or remove the link")  # as Python up to 3.12 says it
            sys.exit(1)
        if not re.search("Query interrupted|KeyboardInterrupt", str(error)):
            raise
        _stop()  # what DuckDB makes of Ctrl-C, while it works and while it is read to


def _ended(number: int, _: object) -> NoReturn:
    raise KeyboardInterrupt(number)


def _stop() -> NoReturn:
    complain("stopped; whatever warehouse is there is whole")
    sys.exit(130)
