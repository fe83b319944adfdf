"""The sections of the report, as data: what each asks, reads and draws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from .. import figures
from . import findings

QUERIES = Path(__file__).parent / "queries"


@dataclass(frozen=True)
class Picture:
    """One figure: the function that draws it, its caption, and its words for who cannot see it."""

    draw: Callable[[pd.DataFrame, pd.DataFrame], go.Figure]
    description: str
    caption: str = ""


@dataclass(frozen=True)
class Section:
    """One section: its title is a question, or a finding made of its map's numbers."""

    id: str
    question: str
    how: str
    queries: tuple[str, ...]
    pictures: tuple[Picture, ...] = ()
    title: Callable[[dict[str, Any], pd.DataFrame], str] | None = None
    keys: tuple[tuple[str, str], ...] = field(default=())
    per_map: bool = True
    absent: str = "There is nothing to show yet."


def query(name: str) -> str:
    """Return the text of a query, as it runs and as the report shows it."""
    return (QUERIES / f"{name}.sql").read_text(encoding="utf-8").strip()


SECTIONS = (
    Section(
        id="answer",
        question="The answer in words",
        how="Each sentence says how sure it is and on how many journeys it rests.",
        queries=("answer",),
    ),
    Section(
        id="squiggle",
        question="Perception against reality",
        title=lambda answer, _: findings.straight_title(answer),
        how="Every line is one real journey that reached the goal, never an average. The dotted "
        "line is the path as planned; grey are up to 70 others. Down is a step back; "
        "touchpoints of one stage lie side by side in its lane, so repeats show as waves. A line "
        "ends with its journey, at the latest at contact 40.",
        queries=("squiggle", "boundaries"),
        pictures=(
            Picture(
                figures.squiggle_picture,
                "Lines of single journeys over stage lanes: planned, typical, one in ten, others.",
            ),
        ),
        keys=(
            ("planned", "as planned"),
            ("forward", "typical journey"),
            ("back", "one in ten winds this much, or more"),
            ("crowd", "others"),
        ),
        absent="No journey has reached the goal yet, so there is no real path to draw.",
    ),
    Section(
        id="flows",
        question="Where do journeys go, step by step?",
        how="Each column is the next change of stage; contacts that stay in a stage are merged. "
        "Stages keep their lane, so up is forward and down is back. Heights are to one scale, "
        "and every journey is in the picture until it leaves, is still open, or reaches the "
        "goal; what goes on after seven changes ends in the last column.",
        queries=("flows",),
        pictures=(
            Picture(
                figures.stage_sankey,
                "Sankey diagram of journeys from stage to stage, one column per change of stage.",
            ),
        ),
        keys=(
            ("forward_flow", "forward"),
            ("goal_flow", "to the goal"),
            ("back_flow", "back"),
            ("leave_flow", "leaves"),
            ("open_flow", "still open"),
        ),
        absent="No journey has a stage yet, so there is no flow to draw.",
    ),
    Section(
        id="arcs",
        question="How much goes forward, how much back?",
        how="Of all that leaves a stage, the share that moves to another stage next. Forward "
        "above, back below; the width is the number of moves. Contacts that stay in the "
        "stage are merged, and journeys that are still open count among what leaves.",
        queries=("arcs",),
        pictures=(
            Picture(
                figures.back_and_forth,
                "Stages on a line with arcs between them: forward above, back below.",
            ),
        ),
        keys=(("forward_flow", "forward"), ("back_flow", "back")),
        absent="No journey has moved from one stage to another yet.",
    ),
    Section(
        id="dropoff",
        question="Where do they stop?",
        title=lambda _, dropoff: findings.leak_title(dropoff),
        how="Bars: what became of those that reached a stage. Points: the share that goes no "
        "further in time, estimated so that open journeys are neither lost nor won; the band is "
        "its 95% interval. The hollow diamond is the naive ratio, which calls everybody lost "
        "who is not further today, of all who reached the stage or passed over it.",
        queries=("dropoff",),
        pictures=(
            Picture(
                figures.reach_bars,
                "Bars of the journeys that reached each stage, by what became of them.",
                "What became of those that reached a stage",
            ),
            Picture(
                figures.dropoff_intervals,
                "Points with intervals: the drop-off rate of each stage, and the naive ratio.",
                "Share that goes no further, 0 to 100%",
            ),
        ),
        keys=(
            ("forward", "went on"),
            ("open", "still open"),
            ("leave", "dropped off"),
            ("back", "drop-off rate with interval"),
            ("hollow", "naive ratio"),
        ),
        absent="No journey has reached a stage yet.",
    ),
    Section(
        id="heatmap",
        question="What follows what?",
        how="Of every 100 times that the row's touchpoint was visited, how often the column's came "
        "next; a row adds up to 100. Rows run in the order of the stages. The diagonal is "
        "the same touchpoint again. Beyond 16 touchpoints the rest is folded into (other).",
        queries=("heatmap",),
        pictures=(
            Picture(
                lambda frame, _: figures.transition_heatmap(frame),
                "Heat-map of touchpoints: percentage of each row that is followed by each column.",
            ),
        ),
        absent="No touchpoint has been visited in a journey yet.",
    ),
    Section(
        id="paths",
        question="Which paths are the most common?",
        title=lambda _, variants: findings.paths_title(variants),
        how="Stages in the order in which they were visited, repeats merged; an orange arrow goes "
        "back. The bar is the number of journeys that took exactly this path.",
        queries=("variants",),
        absent="There is no path yet.",
    ),
    Section(
        id="touchpoints",
        question="Where do customers meet us?",
        how="All touchpoints, most frequent first. One without a stage is kept and counted, but "
        "takes no part in stages and drop-off.",
        queries=("touchpoints", "rules"),
        per_map=False,
        absent="No event has been loaded yet.",
    ),
    Section(
        id="identity",
        question="Whose events are they?",
        how="Customers are made of ids. The policy of the project decides what joins them; the two "
        "extremes beside it show how much the count of customers depends on that.",
        queries=("policies", "identity"),
        per_map=False,
        absent="No event has an id yet.",
    ),
    Section(
        id="quality",
        question="What limits the figures?",
        how="Each line is something in the data that no figure can undo, and what it bears on.",
        queries=("quality",),
        per_map=False,
        absent="Nothing was found that limits the figures.",
    ),
    Section(
        id="ledger",
        question="Is every row accounted for?",
        how="Each row that was read ended as loaded, as a duplicate, or rejected with a reason. "
        "Counts that must be equal are held against each other, from the files to the figures.",
        queries=("laws", "sources", "files", "rejects"),
        per_map=False,
        absent="No file has been read yet.",
    ),
    Section(
        id="definitions",
        question="What do the words mean?",
        how="The maps as the project file defines them, and the terms of this page.",
        queries=("maps", "stages", "run"),
        per_map=False,
    ),
)

POLICIES = {
    "guarded": "two strong ids on one event; devices lend anonymous events, within limits",
    "components": "any two ids on one event, devices included",
    "last_user": "a device belongs to its last user",
    "first_user": "a device belongs to its first user",
    "nearest": "a device lends anonymous events to its nearest user, however far in time",
    "none": "nothing: each id is a customer",
}

TERMS = (
    (
        "Journey",
        "All that one customer does between the first touchpoint after the last journey "
        "closed and the goal, an explicit end, or a long silence.",
    ),
    (
        "Converted, dropped, open",
        "A journey that reached the goal; one that ended without it, by an "
        "explicit end or by silence; and one that may still go on. Open is never counted as lost.",
    ),
    (
        "Squiggle index",
        "1 − progress ÷ movement, summed over journeys: the share of all movement between stages "
        "that was detour. 0 is straight, towards 1 a tangle. Skipping a stage is not a detour.",
    ),
    (
        "Straight path",
        "A journey that moves between stages and never turns back.",
    ),
    (
        "Drop-off rate",
        "1 − the probability to progress within the time given, by Kaplan–Meier, or "
        "Aalen–Johansen where journeys can end explicitly, with its 95% interval.",
    ),
    (
        "Naive ratio",
        "Those not further today ÷ those that reached the stage or passed over it. It calls open "
        "journeys lost and depends on the day of the export; it is shown for comparison only.",
    ),
    (
        "n below 30",
        "Too little for a rate: shown muted, never ranked, never a headline.",
    ),
)
