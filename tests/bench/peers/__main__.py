"""One tool does the work: `python -m tests.bench.peers polars log.parquet told.json`."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.metadata import version

from ..processes import Stopwatch, tell

name, log, told = sys.argv[1:]
work = import_module(f".by_{name}", __package__).work
watch = Stopwatch()
counts = work(log, watch)
tell(told, {**watch.figures(), "counts": counts, "version": version(name)})
