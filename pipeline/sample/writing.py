"""The sample on disk: exports of six systems, the project file that reads them, the truth."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path

from .breakers import BREAKERS, Breaker
from .defects import Line, broken_lines, displaced_lines, repeated_lines, spoiled_touches
from .exports import CONTENTS, KEEPS_S, moment, write_export
from .generate import generate
from .project_text import PROJECT
from .sample_truth import sample_truth
from .touches import Touch
from .walk import DAY_S, WINDOW_S

PATHS = {
    "email": "email/sends.jsonl",
    "ads": "ads/clicks.csv",
    "shop": "shop/orders.parquet",
    "support": "support/tickets.tsv",
    "survey": "survey/nps.csv",
}
# The help desk's export lags: its last days are not there yet.
LATE_DAYS = {"support": 12}
_OVERLAP = 0.003

SHOP = "linen-and-loop"
"""The name of the sample's project."""


def write_sample(directory: Path, *, seed: int = 7, customers: int = 2000) -> None:
    """Writes the exports, `squiggle.toml` and `truth.json`; the same seed gives the same bytes."""
    sample = generate(seed, customers)
    touches = spoiled_touches(random.Random(f"{seed}/defects"), sample.touches)
    files: dict[str, dict[str, list[Line]]] = {}
    withheld: dict[str, int] = {}
    for system in CONTENTS:
        rng = random.Random(f"{seed}/lines/{system}")
        recorded = [touch for touch in touches if touch.touchpoint.system == system]
        seen = [t for t in recorded if t.at < WINDOW_S - LATE_DAYS.get(system, 0) * DAY_S]
        withheld[system] = len(recorded) - len(seen)
        files[system] = _files(rng, system, _lines(system, seen))
        for path, lines in files[system].items():
            write_export(directory / path, system, lines)
    (directory / "squiggle.toml").write_text(PROJECT, encoding="utf-8", newline="\n")
    truth = sample_truth(sample, touches, files, withheld)
    (directory / "truth.json").write_text(_compact(truth), encoding="utf-8", newline="\n")


def _lines(system: str, touches: Sequence[Touch]) -> list[Line]:
    ordered = sorted(touches, key=lambda touch: (touch.at, touch.person_no, touch.key))
    kept = KEEPS_S[system]
    return [
        Line(touch.at if kept < 1 else touch.at // kept * kept, CONTENTS[system](touch, number))
        for number, touch in enumerate(ordered, start=1)
    ]


def _files(rng: random.Random, system: str, lines: list[Line]) -> dict[str, list[Line]]:
    if system != "web":
        return {PATHS[system]: _spoiled(rng, lines, BREAKERS[system])}
    months: dict[str, list[Line]] = {}
    for line in lines:
        months.setdefault(f"web/clicks-{moment(line.at):%Y-%m}.csv.gz", []).append(line)
    files: dict[str, list[Line]] = {}
    broken = list(BREAKERS[system])
    overlap: list[Line] = []
    for number, (path, month) in enumerate(sorted(months.items())):
        breakers = broken[number :: len(months)]
        # Each export starts with the last lines of the one before.
        files[path] = overlap + _spoiled(rng, month, breakers)
        last = month[-max(1, round(_OVERLAP * len(month))) :]
        overlap = [Line(line.at, line.content, "duplicate") for line in last]
    return files


def _spoiled(rng: random.Random, lines: list[Line], breakers: Sequence[Breaker]) -> list[Line]:
    repeated = repeated_lines(rng, displaced_lines(rng, lines))
    return broken_lines(rng, repeated, breakers)


def _compact(truth: dict[str, object]) -> str:
    """JSON with one line per top-level key and one per person: small, and readable in a diff."""
    parts = []
    for key, value in truth.items():
        if isinstance(value, list):
            rows = ",\n".join(json.dumps(row, separators=(",", ":")) for row in value)
            parts.append(f'"{key}":[\n{rows}\n]')
        else:
            parts.append(f'"{key}":{json.dumps(value, separators=(",", ":"))}')
    return "{\n" + ",\n".join(parts) + "\n}\n"
