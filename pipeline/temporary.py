"""Folders for what lasts no longer than a command; what a killed one left is cleared away."""

from __future__ import annotations

import fcntl
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LOCK = ".squiggle-lock"
_NAME = re.compile(r"squiggle-[a-z]+-[a-z0-9_]{8}")
"""What our own folders are called; no other is touched."""


@contextmanager
def temporary_folder(mark: str) -> Iterator[Path]:
    """Make a folder that is gone when the block ends; first clear away what a killed command left.

    Whoever uses a folder holds its lock, which ends with the process, however that ends.
    """
    prefix = f"squiggle-{mark}-"
    for left in Path(tempfile.gettempdir()).glob("squiggle-*"):
        if _NAME.fullmatch(left.name):
            _clear(left)
    with tempfile.TemporaryDirectory(prefix=prefix) as name, (Path(name) / "new").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        Path(lock.name).rename(Path(name) / _LOCK)  # so that none is ever seen that nobody holds
        yield Path(name)


def _clear(left: Path) -> None:
    try:
        with (left / _LOCK).open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(left, ignore_errors=True)
    except OSError:
        return  # somebody is at work, or it is somebody else's
