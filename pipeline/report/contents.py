"""The sections of the report in their order: what each asks, reads and draws."""

from __future__ import annotations

from .. import figures
from . import headlines
from .sections import Picture, Section

SECTIONS = (
    Section(
        id="answer",
        question="The answer in words",
        how="Each sentence says how sure it is and on how many journeys it rests.",
        queries=("answer", "silences"),
    ),
    Section(
        id="squiggle",
        question="Perception against reality",
        title=lambda answer, _: headlines.straight_title(answer),
        how="Every line is one real journey that reached the goal and changed stage on the way, "
        "never an average. The dotted line is the path as planned; grey are up to 70 others. Down "
        "is a step back; touchpoints of one stage lie side by side in its lane, so repeats show "
        "as waves. A line that reaches the right edge goes on beyond it.",
        queries=("squiggle", "following", "boundaries"),
        pictures=(
            Picture(
                draw=figures.squiggle_picture,
                description="Lines of single journeys over stage lanes: planned, typical, "
                "one in ten, others.",
            ),
        ),
        keys=(
            ("planned", "as planned"),
            ("forward", "typical journey"),
            ("back", "one in ten winds this much, or more"),
            ("crowd", "others"),
        ),
        roles={"forward": "typical", "back": "one_in_ten", "crowd": "crowd"},
        absent="There is no real path to draw: no journey has changed stage on its way to the "
        "goal, or too few customers go the same way to be shown.",
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
                live="flows",
                still=figures.stage_sankey,
                description="Flows of journeys from stage to stage, one column per change of "
                "stage.",
            ),
        ),
        keys=(
            ("forward_flow", "forward"),
            ("goal_flow", "to the goal"),
            ("back_flow", "back"),
            ("leave_flow", "leaves"),
            ("open_flow", "still open"),
            ("more_flow", "goes on"),
        ),
        absent="No journey has a stage here, so there is no flow to draw.",
    ),
    Section(
        id="arcs",
        question="How much goes forward, how much back?",
        how="Of all that leaves a stage, the share that goes to another stage next. Forward "
        "above, back below; the width is how many. Contacts that stay in the stage are merged, "
        "and journeys that are still open count among what leaves. Counted by journeys, each "
        "counts once for a stage, by where it goes the first time.",
        queries=("edges",),
        pictures=(
            Picture(
                live="arcs",
                still=figures.back_and_forth,
                counts="moves",
                level="stage",
                description="Stages on a line with arcs between them: forward above, back below.",
            ),
        ),
        keys=(("forward_flow", "forward"), ("back_flow", "back")),
        absent="No journey has moved from one stage to another here.",
    ),
    Section(
        id="dropoff",
        question="Where do they stop?",
        title=lambda _, dropoff: headlines.leak_title(dropoff),
        how="Bars: what became of those that reached a stage. Points: the share that goes no "
        "further in time, estimated so that open journeys are neither lost nor won; the band is "
        "its 95% interval. The hollow diamond is the naive ratio, which calls everybody lost "
        "who is not further today, of all who reached the stage or passed over it.",
        queries=("dropoff",),
        pictures=(
            Picture(
                live="dropoff",
                still=figures.dropoff_intervals,
                description="For each stage: a bar of what became of the journeys that reached "
                "it, and the drop-off rate with its interval beside the naive ratio.",
            ),
        ),
        keys=(
            ("forward", "went on"),
            ("open", "still open"),
            ("leave", "dropped off"),
            ("goal", "end here"),
            ("back", "drop-off rate with interval"),
            ("hollow", "naive ratio"),
        ),
        absent="No journey has reached a stage here, or these values have no rates of their own.",
    ),
    Section(
        id="pains",
        question="What holds customers back?",
        how="Stages and touchpoints where more stop than among the rest, and what it would bring "
        "if no more stopped there than elsewhere.",
        queries=("pains",),
        absent="Nowhere do clearly more journeys stop than elsewhere, or there are too few to say.",
    ),
    Section(
        id="detours",
        question="Who leaves the intended path?",
        how="Journeys that are over and whose beginning was seen, laid on the path as planned.",
        queries=("detours", "following"),
        absent="No journey leaves the intended path, or none that is over was seen from its "
        "beginning.",
    ),
    Section(
        id="heatmap",
        question="What follows what?",
        how="Of every 100 times that the row was left, or stayed at, how often the column came "
        "next; a row adds up to 100. Rows run in the order of the stages. Counted by moves, the "
        "diagonal is the same again; counted by journeys, each counts once for a row, by where "
        "it goes the first time. Beyond 16 names the rest is folded into (other).",
        queries=("edges",),
        pictures=(
            Picture(
                live="heatmap",
                still=lambda cells, _: figures.transition_heatmap(cells, cells.attrs["order"]),
                counts="moves",
                suits="touchpoint",
                description="Table of shares: of each row, the percentage that goes on to each "
                "column.",
            ),
        ),
        absent="Nothing has been visited in a journey here.",
    ),
    Section(
        id="around",
        question="What comes before and after?",
        how="Journeys that meet the touchpoint, three steps either way of the first time that they "
        "do; repeats of a touchpoint are one step. Heights are to one scale: whoever arrives at a "
        "step goes on, leaves, or is still open, and whoever has no step before it begins there. "
        "Beyond the five most common of a step the rest is (other).",
        queries=("around",),
        pictures=(
            Picture(
                live="around",
                still=lambda steps, _: figures.anchor_flows(steps),
                description="Flows of journeys from touchpoint to touchpoint, three steps before "
                "and three after the one that is chosen.",
            ),
        ),
        keys=(
            ("forward_flow", "to a later stage"),
            ("back_flow", "to an earlier one"),
            ("other_flow", "neither"),
            ("leave_flow", "begins or leaves"),
            ("open_flow", "still open"),
        ),
        absent="No journey here meets a touchpoint.",
    ),
    Section(
        id="paths",
        question="Which paths are the most common?",
        title=lambda _, variants: headlines.paths_title(variants),
        how="Stages in the order in which they were visited, repeats merged, or the touchpoints "
        "themselves; an orange arrow goes back. The bar is how many took exactly this path. The "
        "paths are taken from the hundred most common of the map.",
        queries=("variants",),
        pictures=(
            Picture(
                live="paths",
                still=lambda variants, _: figures.variant_bars(variants),
                suits="stage",
                description="Table of paths with the number of journeys that took each.",
            ),
        ),
        absent="There is no path here.",
    ),
    Section(
        id="tangles",
        question="Which moves make the tangle?",
        how="Every move back to an earlier stage, by how much of all movement back it makes; and "
        "the loops in which customers go round. They are of all journeys: also of those that are "
        "still open, and of those whose beginning was not seen.",
        queries=("tangles", "loops"),
        absent="No journey has gone back to an earlier stage.",
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
        id="retention",
        question="Do they come back?",
        how="Of the customers who were first active in a period, the share that was active again "
        "so many periods later. A period that is not over has no share but “…”.",
        queries=("retention",),
        per_map=False,
        absent="No customer has been watched long enough.",
    ),
    Section(
        id="surveys",
        question="What do they say?",
        how="One answer of each customer counts. Who does not answer may think otherwise.",
        queries=("surveys",),
        per_map=False,
        absent="The exports hold no survey score.",
    ),
    Section(
        id="compared",
        question="Who differs?",
        how="The same figures for each period and each group, all followed equally long. Intervals "
        "that overlap widely say that the groups may well be alike; “squiggle compare” tests it.",
        queries=("compared",),
        absent="No segment tells the journeys apart.",
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

DATA = ("views", "anchors", "outcomes", "nodes", "path_names", "examples", "example_values")
"""Queries that no section shows, but the page needs to offer views and examples."""
