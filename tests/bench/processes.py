"""A measurement in a process of its own: what it says, its peak memory, and its spill."""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


class Failed(Exception):
    """The process ended with an error; its last words are the message."""


def measured(
    command: list[str], *, spills: Path | None = None, limit_s: float | None = None
) -> dict[str, Any]:
    """Run a command, which writes its figures as JSON into the file that is its last argument.

    `spilled_mb` is added to them: the most that lay under `spills` in folders that are called so.
    """
    with tempfile.TemporaryDirectory(prefix="squiggle-bench-") as name:
        told, words = Path(name) / "told.json", Path(name) / "words.txt"
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "RETENTIONEERING_NO_TRACK": "1"}
        with words.open("wb") as out:
            process = subprocess.Popen(
                [*command, str(told)], cwd=ROOT, stdout=out, stderr=out, env=environment
            )
        most = [0]
        over = threading.Event()
        watching = threading.Thread(target=_watch, args=(spills, most, over, process, limit_s))
        watching.start()
        process.wait()
        over.set()
        watching.join()
        if process.returncode or not told.is_file():
            said = words.read_text(encoding="utf-8", errors="replace").strip().splitlines()
            raise Failed(said[-1] if said else f"ended with {process.returncode}")
        found: dict[str, Any] = json.loads(told.read_text(encoding="utf-8"))
    return {**found, "spilled_mb": round(most[0] / 1e6)}


def tell(path: str, figures: dict[str, Any]) -> None:
    """Write a process's figures, and its peak memory, where `measured` reads them."""
    Path(path).write_text(json.dumps({**figures, "peak_mb": _peak()}), encoding="utf-8")


def _peak() -> int:
    """The most memory that this process held, MB; not what the one held that began it."""
    status = Path("/proc/self/status")
    if status.is_file():
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="utf-8"))
        if found:
            return round(int(found[1]) * 1024 / 1e6)
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6)  # macOS: bytes


def _watch(
    spills: Path | None,
    most: list[int],
    over: threading.Event,
    process: subprocess.Popen[bytes],
    limit_s: float | None,
) -> None:
    begun = time.monotonic()
    while not over.wait(0.1):
        if spills is not None:
            most[0] = max(most[0], _spilled(spills))
        if limit_s is not None and time.monotonic() - begun > limit_s:
            process.kill()


def _spilled(folder: Path) -> int:
    found = 0
    for path in folder.rglob("*spill*/*"):
        try:
            found += path.stat().st_size
        except FileNotFoundError:
            continue
    return found


class Stopwatch:
    """Seconds by the clock and of the processors, in parts that follow one another."""

    def __init__(self) -> None:
        self.parts: dict[str, list[float]] = {}
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def lap(self, name: str) -> None:
        """Count what has passed since the last lap to this part."""
        wall, cpu = time.perf_counter(), time.process_time()
        part = self.parts.setdefault(name, [0.0, 0.0])
        part[0] += wall - self._wall
        part[1] += cpu - self._cpu
        self._wall, self._cpu = wall, cpu

    def figures(self) -> dict[str, Any]:
        """Return the sums and the parts, each as [seconds by the clock, of the processors]."""
        wall, cpu = (sum(part[place] for part in self.parts.values()) for place in (0, 1))
        return {"wall_s": wall, "cpu_s": cpu, "parts": self.parts}
