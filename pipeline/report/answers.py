"""What is said of each view: tiles, findings and headlines, made with the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from . import findings
from .packing import as_json
from .sections import Row, Section
from .tiles import tiles
from .wording import is_known

Frames = dict[str, pd.DataFrame]

VIEW = ("map_name", "segment", "value")
ENDS = (
    ("goal", "converted", "converted"),
    ("open", "open", "open"),
    ("leave", "dropped_silent", "fell silent"),
    ("back", "dropped_explicit", "ended explicitly"),
)
FOLDED_ENDS = (
    *ENDS[:2],
    ("leave", "dropped_silent", "dropped"),
    ("other", "other", "(other): too few to tell apart"),
)
"""Where few customers are not to be told apart, both ways to drop are one, and some are hidden."""


def answers(frames: Frames, k: int = 1) -> dict[str, Any]:
    """Return tiles, findings and outcomes of every map and value of a segment, by their key."""
    goals = dict(zip(frames["maps"]["map_name"], frames["maps"]["goal"], strict=True))
    stops = dict(_views(frames["dropoff"], VIEW))
    pains = dict(_views(frames["pains"], VIEW[:1]))
    found = {}
    for view, answer in _answers(frames).items():
        goal = str(goals[view[0]])
        found[as_json(view)] = {
            "tiles": [
                [one.label, one.value, one.detail, one.is_weak] for one in tiles(answer, goal)
            ],
            "findings": [
                [one.text, one.evidence, one.is_weak]
                for one in findings.findings(
                    answer,
                    goal,
                    stops.get(view, frames["dropoff"].head(0)),
                    pains.get(view[:1]) if view[1] == "all" else None,
                )
            ],
            "ends": ends(answer, k),
        }
    return found


def ends(answer: Row, k: int) -> list[tuple[str, int, str]]:
    """Return how the journeys of a view ended: role, how many, in words; what is hidden is (other).

    They add up to the journeys with a stage.
    """
    return [
        (role, int(answer[column]), words)
        for role, column, words in (ENDS if k == 1 else FOLDED_ENDS)
        if is_known(answer.get(column)) and (answer[column] or column != "other")
    ]


def titles(frames: Frames, sections: Sequence[Section]) -> dict[str, dict[str, str]]:
    """Return the headline of each section that has one, for every view that its rows know."""
    told = _answers(frames)
    blank = findings.row_of(frames["answer"].head(0))
    found: dict[str, dict[str, str]] = {}
    for section in sections:
        if section.title is not None:
            frame = frames[section.queries[0]]
            keys = [key for key in (*VIEW, "among", "level") if key in frame.columns]
            found[section.id] = {
                as_json(view): section.title(
                    told.get((*view, "all", "all")[:3] if len(view) < 3 else view[:3], blank), rows
                )
                for view, rows in _views(frame, keys)
            }
    return found


def _answers(frames: Frames) -> Mapping[tuple[str, ...], Row]:
    return {
        tuple(str(row[key]) for key in VIEW): row for row in frames["answer"].to_dict("records")
    }


def _views(
    frame: pd.DataFrame, keys: Sequence[str]
) -> Iterator[tuple[tuple[str, ...], pd.DataFrame]]:
    for view, rows in frame.groupby(list(keys), sort=False):
        yield tuple(str(value) for value in view), rows
