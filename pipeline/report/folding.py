"""What small groups become in each of the report's tables, where the project asks for privacy."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from .leading import around, flows
from .privacy import (
    OTHER,
    VIEW,
    across,
    blanked,
    hidden,
    line,
    retotalled,
    seen,
    summed,
    within,
)

Frames = dict[str, pd.DataFrame]
Rule = Callable[[pd.DataFrame, int, pd.MultiIndex], pd.DataFrame]

LEVELLED = [*VIEW, "level"]
COUNTS = ("customers", "journeys", "following_journeys", "respondents", "n")


def fold(frames: Frames, k: int) -> Frames:
    """Return the frames of the report's queries as they may be shown; with k = 1 as they are.

    Customers count by their first journey, so a cell is never taken for larger than it is; what
    counts only journeys or moves is held to k of these. Views of fewer than k customers are gone.
    """
    if k <= 1:
        return frames
    views = frames["outcomes"]
    unseen = hidden(views["first_journeys"], across(views, []), k, present=views["journeys"] > 0)
    gone = pd.MultiIndex.from_frame(views.loc[unseen, VIEW])
    found = {}
    for name, frame in frames.items():
        rule = RULES.get(name, _whole_rows)
        told = frame if rule is None else rule(frame, k, gone)
        if set(VIEW) <= set(told.columns):
            told = told[~within(told, VIEW, gone)].reset_index(drop=True)
        found[name] = told
    if "compared" in found:
        found["compared"] = _compared(found["compared"], found["answer"])
    return found


def _compared(frame: pd.DataFrame, answer: pd.DataFrame) -> pd.DataFrame:
    """The figures of a group are those of its view: what is left out there is left out here."""
    keys = ["map_name", "segment", "value"]
    views = frame.rename(columns={"by_segment": "segment", "of_value": "value"})[keys]
    same = views.merge(answer, on=keys, how="left", indicator="met").set_index(frame.index)
    ends = {"squiggle_lo": "squiggle_index", "squiggle_hi": "squiggle_index"}
    rates = [
        name for name in frame.columns if name.startswith(("conversion", "median", "squiggle"))
    ]
    told = {name: frame[name].where(same[ends.get(name, name)].notna()) for name in rates}
    return frame.assign(**told)[same["met"] == "both"].reset_index(drop=True)


def _edges(frame: pd.DataFrame, k: int, gone: pd.MultiIndex) -> pd.DataFrame:
    counts = ["transitions", "journeys", "customers"]
    ends = ["from_node", "to_node"]
    nodes = frame.drop_duplicates([*LEVELLED, "from_node"]).reset_index(drop=True)
    nodes = nodes.assign(customers=nodes["of_customers"])
    unseen = hidden(
        seen(nodes, gone),
        across(nodes, ["from_node"]),
        k,
        shared=[line(nodes, LEVELLED)],
        folded=nodes["from_node"] == OTHER,
        present=nodes["of_transitions"] > 0,
    )
    at = [*LEVELLED, "from_node"]
    small = within(frame, at, pd.MultiIndex.from_frame(nodes.loc[unseen, at]))
    # First cell by cell, for a cell of a small node is one of its line across the values too;
    # then what the small nodes have become together.
    for is_small in (small, None):
        unseen = hidden(
            seen(frame, gone),
            [line(frame, [*LEVELLED, "from_node"]), *across(frame, ends)],
            k,
            shared=[line(frame, [*LEVELLED, "to_node"])],
            folded=frame["to_node"] == OTHER,
            present=frame["transitions"] > 0,
            gone=is_small,
        )
        folds = unseen if is_small is None else unseen & ~is_small
        frame = blanked(frame, unseen).assign(to_node=frame["to_node"].mask(folds, OTHER))
        if is_small is not None:
            frame["from_node"] = frame["from_node"].mask(is_small, OTHER)
        frame = summed(frame, [*LEVELLED, *ends], counts)
    frame["away"] = frame["transitions"].mask(frame["from_node"] == frame["to_node"], 0)
    wholes = {f"of_{count}": count for count in counts} | {"of_departures": "away"}
    return retotalled(frame, [*LEVELLED, "from_node"], wholes).drop(columns="away")


def _variants(frame: pd.DataFrame, k: int, gone: pd.MultiIndex) -> pd.DataFrame:
    counts = ["journeys", "customers", "converted"]
    other = frame["path"] == OTHER
    ways = [line(frame, LEVELLED), *across(frame, ["path"])]
    there = frame["journeys"] > 0
    unseen = hidden(seen(frame, gone), ways, k, folded=other, present=there)
    frame = blanked(frame, unseen).assign(path=frame["path"].mask(unseen, OTHER))
    frame = summed(frame, [*LEVELLED, "path"], counts)
    last = (frame["path"] == OTHER).rename("last")
    frame = frame.iloc[last.argsort(kind="stable")].reset_index(drop=True)
    so_far = frame.groupby(LEVELLED, sort=False)["journeys"].cumsum()
    few = frame["converted"].between(1, k - 1)
    few |= (frame["journeys"] - frame["converted"]).between(1, k - 1)
    return frame.assign(
        coverage=so_far / frame["of_journeys"],
        converted=frame["converted"].mask(few).astype("Int64"),
    )


def _dropoff(frame: pd.DataFrame, k: int, gone: pd.MultiIndex) -> pd.DataFrame:
    """Of a stage, what became of few is (other); rates that would give it away are left out.

    A stage that few reach is not told, nor what would tell it across the values of its segment.
    """
    if frame.empty:
        return frame.assign(other=pd.Series(dtype="Int64"))
    fates = ["progressed", "open", "dropped", "completed"]
    stage = ["map_name", "segment", "value", "stage_no"]
    few = hidden(frame["reached"], across(frame, ["stage_no"]), k)
    cells = frame.assign(few=few).melt([*stage, "few"], fates, "fate", "customers")
    ways = [line(cells, stage), *across(cells, ["stage_no", "fate"])]
    cells["unseen"] = hidden(cells["customers"], ways, k, gone=cells["few"])
    seen = cells.pivot(index=stage, columns="fate", values="unseen")
    unseen = pd.DataFrame(seen.loc[pd.MultiIndex.from_frame(frame[stage])].reset_index(drop=True))
    told = frame.copy()
    for fate in fates:
        told[fate] = frame[fate].mask(unseen[fate].to_numpy()).astype("Int64")
    hides = unseen[fates].any(axis=1).to_numpy()
    told["other"] = (frame["reached"] - told[fates].sum(axis=1)).astype("Int64")
    rest = [name for name in frame.columns if name.endswith(("_rate", "_lo", "_hi"))]
    rest += ["touched", "skipped", "frontier", "median_days_to_next"]
    for name in rest:
        told[name] = frame[name].mask(hides)
    return told[(frame["reached"] >= k) & ~few]


def _answer(frame: pd.DataFrame, k: int, gone: pd.MultiIndex) -> pd.DataFrame:
    """Both ways to drop are one; outcomes of few, and all that tells them, are left out.

    `other` is how many journeys ended in one of the outcomes that are not told.
    """
    frame = frame.assign(
        dropped_silent=frame["dropped_silent"] + frame["dropped_explicit"], dropped_explicit=0
    )
    ends = {"converted": "converted", "dropped_silent": "dropped", "open": "open"}
    hides = pd.Series(False, frame.index)
    for column, among in ends.items():
        unseen = within(frame.assign(among=among), VIEW, gone) & (frame[column] > 0)
        frame[column] = frame[column].mask(unseen).astype("Int64")
        hides |= unseen
    for column in ends:  # that nobody is in the others would tell the one
        frame[column] = frame[column].mask(hides & (frame[column] == 0))
    left = frame["staged_journeys"] - frame[list(ends)].sum(axis=1)
    frame["other"] = left.where(hides, 0).astype("Int64")
    rates = [name for name in frame.columns if name.startswith(("conversion", "median"))]
    few = frame["straight_journeys"].between(1, k - 1)
    few |= (frame["moving_journeys"] - frame["straight_journeys"]).between(1, k - 1)
    straight = [
        name for name in frame.columns if name.startswith(("straight", "turning", "squiggle"))
    ]
    frame = frame.assign(**{name: frame[name].mask(hides) for name in rates})
    frame = frame.assign(**{name: frame[name].mask(few) for name in straight})
    frame["left_truncated"] = frame["left_truncated"].mask(
        frame["left_truncated"].between(1, k - 1)
    )
    views = frame.assign(among="all")
    return frame[~within(views, VIEW, gone)].reset_index(drop=True)


def _touchpoints(frame: pd.DataFrame, k: int, _: pd.MultiIndex) -> pd.DataFrame:
    other = frame["touchpoint"] == OTHER
    frame = frame.astype({"customers": "Int64", "is_mapped": "boolean"})
    customers = frame["customers"].fillna(k).astype("int64")
    unseen = hidden(customers, [], k, shared=[pd.Series(0, frame.index)], folded=other) | other
    blank = {name: frame[name].mask(unseen) for name in ("stage", "is_mapped", "customers")}
    frame = frame.assign(touchpoint=frame["touchpoint"].mask(unseen, OTHER), **blank)
    return summed(frame, ["touchpoint"], ["events", "touchpoints"])


def _least(*names: str) -> Rule:
    """Return the rule that leaves out counts below k of some columns, row by row."""

    def rule(frame: pd.DataFrame, k: int, _: pd.MultiIndex) -> pd.DataFrame:
        few = pd.concat([frame[name].between(1, k - 1) for name in names], axis=1).any(axis=1)
        also = [name for name in frame.columns if name.endswith(("share", "rate"))]
        return frame.assign(**{name: frame[name].mask(few) for name in (*names, *also)})

    return rule


def _whole_rows(frame: pd.DataFrame, k: int, _: pd.MultiIndex) -> pd.DataFrame:
    """Return the rows without those that rest on fewer than k: what no other rule is given for."""
    counts = frame[[name for name in COUNTS if name in frame.columns]]
    return frame[~((counts > 0) & (counts < k)).any(axis=1)].reset_index(drop=True)


def _detours(frame: pd.DataFrame, k: int, gone: pd.MultiIndex) -> pd.DataFrame:
    """What goes along with a detour is left out where few of a side convert, or few do not."""
    frame = _whole_rows(frame, k, gone)
    few = pd.Series(False, frame.index)
    for side in ("with", "without"):
        journeys, converted = frame[f"journeys_{side}"], frame[f"converted_{side}"]
        few |= converted.between(1, k - 1) | (journeys - converted).between(1, k - 1)
    costs = ("conver", "difference", "extra", "journeys_with")
    told = [name for name in frame.columns if name.startswith(costs)]
    return frame.assign(**{name: frame[name].mask(few) for name in told})


def _retention(frame: pd.DataFrame, k: int, _: pd.MultiIndex) -> pd.DataFrame:
    """Who came back and who did not are two cells of a cohort, each one of (all) as well.

    (all) is told where all cohorts in it are. Rolling rates are left out: what they lose from one
    period to the next is those who were active for the last time.
    """
    is_all = frame["cohort"] == "(all)"
    added = ~is_all & ~frame["is_partial"].astype(bool) & ~frame["may_predate"].astype(bool)
    few = frame["customers"] < k
    told = ~few & ~(is_all & (few & added).any())
    frame, added = frame[told].reset_index(drop=True), added[told].reset_index(drop=True)
    cells = frame.assign(is_added=added, away=frame["customers"] - frame["active"])
    cells = cells.melt(["periods_since", "is_added"], ["active", "away"], "fate", "cell")
    ways = [line(cells, ["periods_since", "fate"], cells["is_added"])]
    unseen = hidden(cells["cell"], ways, k).to_numpy().reshape(2, -1).any(axis=0)
    rates = [name for name in frame.columns if name.startswith("retention")]
    frame = frame.assign(**{name: frame[name].mask(unseen) for name in ("active", *rates)})
    return frame.assign(rolling_rate=float("nan"))


def _laws(frame: pd.DataFrame, *_: object) -> pd.DataFrame:
    """Return one row per law: counts of single nodes would tell of few."""
    told = frame.assign(left_count=pd.NA, right_count=pd.NA, subject="all subjects")
    return told.drop_duplicates(["law", "is_met"]).reset_index(drop=True)


def _views(frame: pd.DataFrame, _: int, gone: pd.MultiIndex) -> pd.DataFrame:
    return frame[~within(frame.assign(among="all"), VIEW, gone)].reset_index(drop=True)


RULES: Mapping[str, Rule | None] = {
    "answer": _answer,
    "around": around,
    "boundaries": _least("advances", "fallbacks"),
    "detours": _detours,
    "dropoff": _dropoff,
    "edges": _edges,
    "flows": flows,
    "identity": _least("number"),
    "laws": _laws,
    "policies": _least("customers"),
    "quality": _least("rows"),
    "retention": _retention,
    "rules": _least("events"),
    "touchpoints": _touchpoints,
    "variants": _variants,
    "views": _views,
    # Views of few are taken out of it, as out of every table that has the keys of a view.
    "outcomes": None,
    # Journeys of few customers' paths are left out by the query itself.
    "squiggle": None,
    "examples": None,
    "example_values": None,
    # Names, settings, and rows of files: nobody is counted.
    "anchors": None,
    "files": None,
    "maps": None,
    "nodes": None,
    "path_names": None,
    "rejects": None,
    "run": None,
    "silences": None,
    "sources": None,
    "stages": None,
}
"""What is done with the rows of a query; None where they tell of nobody. Others lose whole rows."""
