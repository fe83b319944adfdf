"""One measurement of ours: `python -m tests.bench.measures whole_run folder 2GB told.json`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from . import floors, links, questions, stages
from .processes import tell

MEASURES: dict[str, Callable[..., dict[str, Any]]] = {
    "scan_and_sort": floors.scan_and_sort,
    "read": floors.read,
    "ingest_only": stages.ingest_only,
    "whole_run": stages.whole_run,
    "report": stages.report,
    "same_work": stages.same_work,
    "question": questions.question,
    "read_links": links.read_links,
    "join_links": links.join_links,
}

if __name__ == "__main__":
    name, *arguments, told = sys.argv[1:]
    tell(told, MEASURES[name](*arguments))
