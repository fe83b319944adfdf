"""Work for Spark's tasks that goes wrong: in a module of its own, which workers load quickly."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from pipeline.errors import DataError


def dies_once(folder: Path, place: int) -> tuple[int, int]:
    """Die at the first try, as a machine does that is lost; return what the second one is told."""
    seen = folder / str(place)
    tries = len(list(folder.glob(f"{place}*")))
    seen.with_name(f"{place}-{tries}").touch()
    if place == 1 and tries == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return place, tries


def dies_after(folder: Path, work: Callable[[Any], Any], given: Any) -> Any:
    """Do the work; whoever is the first to have done it here dies before it can say so."""
    made = work(given)
    with suppress(FileExistsError):
        folder.mkdir()
        os.kill(os.getpid(), signal.SIGKILL)
    return made


def refuses(place: int) -> int:
    """Return the place, unless it is none of the first."""
    if place:
        raise DataError(f"file {place}: this is wrong; mend it")
    return place


def dies_loading(folder: Path, load: Callable[..., Any], making: Path, given: Any) -> Any:
    """Load a file; whoever is the first to have done it here dies before it can say so."""
    return dies_after(folder, partial(load, making), given)
