"""The comparison of two groups of journeys, at the same horizon."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from ..definitions import stamp
from ..errors import DataError
from ..questions import OUTCOMES, Rows, Scope, answer, at_least, chosen_map, length, scope_rows
from ..statistics import BLOCKS, ENOUGH
from ..values import DAY_US
from ..warehouse import Warehouse
from .figures import rate_rows, ratio_rows, table
from .medians import median_errors
from .mixing import mixes
from .notes import notes

_STAGES = """
select 0 as stage_no, 'conversion_rate' as figure, '' as item, false as is_drop
union all
select stage_no, 'drop_rate', stage, true
from cfg_map_stages
where
    map_no = $map_no
    and stage_no < (
        select coalesce(min(case when is_goal then stage_no end), max(stage_no) + 1)
        from cfg_map_stages
        where map_no = $map_no
    )
order by stage_no
"""
_MIXES = """
select
    mix.group_no,
    mix.stage_no,
    mix.value_no,
    named.segment,
    named.value,
    mix.followed,
    mix.progressed
from compare_mixes as mix
inner join segment_values as named
    on named.segment_no = mix.segment_no and named.value_no = mix.value_no
order by mix.stage_no, mix.segment_no, mix.value_no, mix.group_no
"""
_MODELS = ("compare_populations", "compare_rates", "compare_ratios", "compare_mixes")


@dataclass(frozen=True)
class Comparison:
    """What the comparison of the groups a and b found.

    `figures` has one row per figure: its values, n, difference a − b with 95 % interval, p, q (the
    adjusted p of Benjamini and Hochberg over the `tests` of the table), the smallest difference
    that would have been seen four times out of five, verdict, and why, where there is none.
    `mix` has one row per rate and other segment, `mix_parts` one per value of it. `stamp` holds the
    fingerprints: the same one is the same comparison.
    """

    map_name: str
    within_days: float
    figures: pd.DataFrame
    mix: pd.DataFrame
    mix_parts: pd.DataFrame
    notes: tuple[str, ...]
    tests: int
    seed: int
    draws: int
    stamp: dict[str, str]


def compare(
    warehouse: Warehouse,
    a: Scope,
    b: Scope,
    *,
    within: str | None = None,
    warm_up: bool | None = None,
    seed: int = 0,
    draws: int = 400,
) -> Comparison:
    """Return every figure of the journeys of a beside that of the journeys of b.

    Both are read at the same horizon T, `within` (for instance "14 d"; None: that of the map):
    rates by Aalen–Johansen, the stop rate of all visits old enough, everything else over the first
    T of journeys that were followed as long. A figure that a group was not followed for is NULL,
    with the reason. `warm_up` says whether journeys count that may have begun before the data;
    None: unless the groups are told apart by period, where one side would hold most of them.
    Medians are drawn `draws` times, from `seed`. Raises DataError where a journey is in
    both groups, or a group does not exist.
    """
    at_least(20, draws, "draws")
    at_least(0, seed, "seed")
    asked = asked_comparison(warehouse, a, b, within=within, warm_up=warm_up, seed=seed)
    told = None
    if a.outcomes or b.outcomes:
        told = "the groups are told apart by their outcome"
    elif a.matching != b.matching:
        told = "the groups are told apart by their path"
    answer(warehouse, _MODELS if told else (*_MODELS, "compare_durations"), asked.rows)
    populations = warehouse.frame("from compare_populations order by group_no")
    refuse_what_cannot_be(populations)
    stages = warehouse.frame(_STAGES, {"map_no": asked.map_no})
    rates = warehouse.frame("from compare_rates")
    errors = {} if told else _median_errors(warehouse, asked, draws=draws, seed=seed)
    watched = tuple(bool(followed) for followed in populations["followed"])
    rows = rate_rows(rates, stages, errors, told)
    rows += ratio_rows(warehouse.frame("from compare_ratios"), (watched[0], watched[1]), told)
    figures = table(rows)
    counted = warehouse.frame(_MIXES)
    if told:
        counted = counted.iloc[:0]
    counted = counted[~counted["segment"].isin({*a.segments, *b.segments})]
    mix, mix_parts = mixes(counted, stages, least=ENOUGH)
    return Comparison(
        asked.map_name,
        asked.within_us / DAY_US,
        figures,
        mix,
        mix_parts,
        notes(warehouse, a, b, populations),
        int(figures["p"].notna().sum()),
        seed,
        draws,
        stamp(warehouse, "comparisons", asked.map_no, {**asked.rows, "draws": draws}),
    )


@dataclass(frozen=True)
class Asked:
    """The rows that a comparison lays before its models, and which map and horizon they mean."""

    rows: Rows
    map_no: int
    map_name: str
    within_us: int


def asked_comparison(
    warehouse: Warehouse,
    a: Scope,
    b: Scope,
    *,
    within: str | None,
    warm_up: bool | None,
    seed: int,
) -> Asked:
    """Return what is asked; raises DataError for a length of time or a group that is none."""
    map_no, map_name = chosen_map(warehouse, a.map_name)
    if chosen_map(warehouse, b.map_name)[0] != map_no:
        raise DataError(f"{a.map_name!r} and {b.map_name!r}: two maps; compare groups of one map")
    within_us = length(within, "within")
    if within_us is None:
        one = "select within_us from cfg_maps where map_no = $map_no"
        within_us = int(warehouse.scalar(one, {"map_no": map_no}))
    if warm_up is None:
        warm_up = "period" not in a.segments and "period" not in b.segments
    rows = dict(scope_rows(warehouse, a, b))
    rows["asked_comparison"] = [(within_us, warm_up, seed, BLOCKS)]
    return Asked(rows, map_no, map_name, within_us)


def rest_of(warehouse: Warehouse, group: Scope) -> Scope:
    """Return the scope of all other journeys: those with the other values, or the other outcomes.

    Raises DataError where the group is told apart by more than one segment.
    """
    if len(group.segments) + bool(group.outcomes) != 1:
        raise DataError(
            "the rest of a group is what has other values of one segment; name one segment or one "
            "outcome under -a, what both groups share under -w, or write -b out"
        )
    if group.outcomes:
        named = {"dropped_explicit", "dropped_silent"} if "dropped" in group.outcomes else set()
        left = [one for one in OUTCOMES if one not in {*group.outcomes, *named}]
        if not left:
            raise DataError("the outcomes named are all there are; there is no rest")
        return replace(group, outcomes=tuple(left))
    ((segment, listed),) = group.segments.items()
    scope_rows(warehouse, group)  # refuses what does not exist
    found = warehouse.rows(
        "select value from segment_values where segment = $segment order by value_no",
        {"segment": segment},
    )
    others = [value for (value,) in found if value not in listed]
    if not others:
        raise DataError(f"{segment}: the values named are all there are; there is no rest")
    return replace(group, segments={segment: others})


def _median_errors(
    warehouse: Warehouse, asked: Asked, *, draws: int, seed: int
) -> dict[str, float]:
    blocks = warehouse.frame(
        "select kind_no, max(block_no) + 1 as blocks from compare_blocks group by kind_no"
    )
    durations = warehouse.frame("from compare_durations")
    return median_errors(durations, blocks, draws=draws, seed=seed, horizon_us=asked.within_us)


def refuse_what_cannot_be(populations: pd.DataFrame) -> None:
    """Raise DataError where a group is empty, or a journey is in both."""
    for letter, row in zip("ab", populations.to_dict("records"), strict=True):
        if not row["journeys"] and row["left_out"]:
            raise DataError(
                f"{letter}: all of its {row['left_out']:,} journeys may have begun before the "
                "data; set recorded_since in the project file, or count them with a warm-up"
            )
        if not row["journeys"]:
            raise DataError(f"{letter}: no journey with a stage is in it; name another group")
    shared = int(populations["shared_journeys"].max())
    if shared:
        raise DataError(
            f"{shared:,} journeys are in both groups; compare groups that have none in common, for "
            "instance with -b rest"
        )
