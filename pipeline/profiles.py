"""DuckDB's own profile of every model, and a summary of what each step took."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from .errors import DataError
from .models import Model
from .progress import Meter, Told
from .warehouse import Warehouse, quote

COLUMNS = (
    "step",
    "name",
    "cpu_s",
    "wall_s",
    "rows",
    "statements",
    "peak_memory_mb",
    "peak_spill_mb",
    "profile",
)
"""Columns of `summary.csv`; what only DuckDB knows is empty for steps that are no model."""


def _unsaid(profile: Any) -> Any:
    """A profile without the values that DuckDB filtered by: among them are ids."""
    if isinstance(profile, dict):
        return {
            key: _unsaid(value)
            for key, value in profile.items()
            if key not in ("Dynamic Filters", "Filters")
        }
    return [_unsaid(one) for one in profile] if isinstance(profile, list) else profile


class Profiles:
    """Profiles of a run, in a folder; without a folder it does nothing but pass on what is told."""

    def __init__(self, folder: Path | None, tell: Told | None) -> None:
        self._folder = folder
        self._meter = Meter(tell)
        self._found: dict[str, dict[str, Any]] = {}
        self.tell = self._meter.tell
        if folder is not None:
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise DataError(
                    f"{folder}: profiles cannot be written there ({error.strerror}); "
                    "name another folder"
                ) from None

    def begin(self, built: Warehouse) -> None:
        """Have the warehouse keep the profiles of what it does."""
        if self._folder is not None:
            built.profile()

    def take(self, built: Warehouse, number: int, model: Model) -> None:
        """Write the profile of a model that has just been made; views have none."""
        taken = built.profiles() if self._folder is not None else []
        if self._folder is None or not taken:
            return
        name = f"{number:03}_{model.name}.json"
        (self._folder / name).write_text(json.dumps(_unsaid(taken), indent=1), encoding="utf-8")
        system = [one.get("system", {}) for one in taken]
        self._found[model.name] = {
            "rows": built.scalar(f"select count(*) from {quote(model.name)}"),
            "statements": len(taken),
            "peak_memory_mb": _megabytes(system, "peak_buffer_memory"),
            "peak_spill_mb": _megabytes(system, "peak_temp_dir_size"),
            "profile": name,
        }

    def write(self) -> None:
        """Write `summary.csv`: a row per step, those that took most of the processors first."""
        self._meter.stop()
        if self._folder is None:
            return
        rows = [
            {
                "step": step.stage,
                "name": step.name,
                "cpu_s": f"{step.cpu_s:.4f}",
                "wall_s": f"{step.wall_s:.4f}",
                **(self._found.get(step.name, {}) if step.stage == "building" else {}),
            }
            for step in sorted(self._meter.steps, key=lambda step: -step.cpu_s)
        ]
        with (self._folder / "summary.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def _megabytes(system: list[dict[str, Any]], name: str) -> str:
    return f"{max(one.get(name, 0) for one in system) / 1e6:.1f}"
