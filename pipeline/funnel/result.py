"""What a funnel finds, as frames: counts, rates with intervals, times, who left and where to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..statistics import (
    Estimate,
    aalen_johansen,
    effective_number,
    incidence_at,
    median_duration,
    score_interval,
    score_number,
    wilson,
)
from ..warehouse import Warehouse

_US = 1_000_000
BOUNDS_S = (
    *(0, 1, 10, 60, 300, 900, 1_800, 3_600, 3 * 3_600, 6 * 3_600, 12 * 3_600),
    *(days * 86_400 for days in (1, 2, 3, 5, 7, 14, 21, 30, 60, 90, 180, 365)),
)
"""Where the bars of a histogram of times begin, seconds."""

_KEY = ["part_no", "step_no", "since"]
_COUNTS = "select * from funnel_counts where funnel_no = $funnel_no order by part_no, step_no"
_SPELLS = """
select part_no, step_no, since, outcome, duration_us, is_whole, units
from funnel_spells
where funnel_no = $funnel_no
order by all
"""
_DEPARTURES = """
select
    departure.step_no,
    step.step,
    case departure.to_no
        when -2 then '(exit)'
        when -3 then '(open)'
        else name.touchpoint
    end as next,
    departure.units,
    departure.customers,
    departure.units
    / cast(sum(departure.units) over (partition by departure.step_no) as double) as share
from funnel_departures as departure
inner join asked_funnel_steps as step
    on step.funnel_no = departure.funnel_no and step.step_no = departure.step_no
left join touchpoint_names as name on name.touchpoint_no = departure.to_no
where departure.funnel_no = $funnel_no
order by departure.step_no, departure.units desc, next
"""
_CUSTOMERS = """
select
    ranked.step_no,
    ranked.status,
    customer.customer_id,
    make_timestamp(ranked.start_us) as entered_at,
    make_timestamp(ranked.occurred_us) as reached_at
from (
    select
        step_no,
        status,
        customer_no,
        start_us,
        occurred_us,
        row_number() over (partition by step_no, status order by customer_no, unit_no) as place
    from funnel_units
    where funnel_no = $funnel_no
) as ranked
inner join numbered_customers as customer on customer.customer_no = ranked.customer_no
where ranked.place <= $most
order by ranked.step_no, ranked.status, ranked.place
"""


@dataclass(frozen=True)
class FunnelResult:
    """What a funnel finds. All rates carry 95 % intervals in `…_lo` and `…_hi`.

    steps: one row per step. `entered` units enter the funnel; `before` reach the needed step
    before, `reached` this one; of these `dropped`, `open` and `excluded` get no further. `rate` is
    the chance to be here within the window after the entry (Aalen–Johansen: who is open counts as
    long as it was watched), `step_rate` that of those at the needed step before: the one divided
    by the other, or with entry at any step a curve from that step on; `naive_rate` is
    reached / entered, `naive_step_rate` is reached_after / before: open ones count as lost there.
    `median_s` and `p90_s` are times of those who got here since the needed step before, `entry_…`
    since the entry; `curve_median_s` is that of all who may. breakdown: the same per value.
    histogram, curves: times to a step, since the entry or since the step before. departures: what
    came next for who left at a step. customers: some of each step and status. `in_no_session`:
    events of steps and exclusions that are in no session, where sessions are counted.
    """

    steps: pd.DataFrame
    breakdown: pd.DataFrame
    histogram: pd.DataFrame
    curves: pd.DataFrame
    departures: pd.DataFrame
    customers: pd.DataFrame
    window_s: float | None
    outsiders: int
    left_truncated: int
    in_no_session: int
    dropped_from_all: int

    def query(self, step_no: int, status: str | None = None) -> str:
        """Return SQL that shows the events of the customers listed at a step, ready to run."""
        chosen = self.customers[self.customers["step_no"] == step_no]
        if status is not None:
            chosen = chosen[chosen["status"] == status]
        listed = ", ".join(f"'{one}'" for one in sorted(set(chosen["customer_id"])))
        return (
            "select customer_id, occurred_at, touchpoint, stage, channel\nfrom events\n"
            f"where customer_id in ({listed or 'null'})\norder by customer_id, position"
        )


@dataclass(frozen=True)
class _Asked:
    """What was asked, as far as rates depend on it: the window, and the needed step before each."""

    within_us: int | None
    is_open: bool
    before: Mapping[int, int | None]


def read_result(warehouse: Warehouse, funnel_no: int, *, most: int = 100) -> FunnelResult:
    """Return what the tables of an answered question say of one funnel."""
    one = {"funnel_no": funnel_no}
    within_us, is_open = warehouse.rows(
        "select within_us, is_open from asked_funnels where funnel_no = $funnel_no", one
    )[0]
    before = dict(
        warehouse.rows(
            "select step_no, before_no from asked_funnel_steps where funnel_no = $funnel_no", one
        )
    )
    counts = warehouse.frame(_COUNTS, one).drop(columns="funnel_no")
    spells = warehouse.frame(_SPELLS, one)
    curves = _curves(spells)
    told = _with_rates(counts, spells, curves, _Asked(within_us, is_open, before))
    parted = told["part_no"] > 0
    outsiders, truncated, loose = warehouse.rows(
        "select outsiders, left_truncated, in_no_session from funnel_outsiders "
        "where funnel_no = $funnel_no",
        one,
    )[0]
    return FunnelResult(
        steps=told[~parted].drop(columns=["part_no", "part"]).reset_index(drop=True),
        breakdown=told[parted].drop(columns="part_no").reset_index(drop=True),
        histogram=_histogram(spells),
        curves=curves.rename(columns={"duration": "duration_s", "incidence": "rate"}),
        departures=warehouse.frame(_DEPARTURES, one),
        customers=warehouse.frame(_CUSTOMERS, {**one, "most": most}),
        window_s=None if within_us is None else within_us / _US,
        outsiders=outsiders,
        left_truncated=truncated,
        in_no_session=loose,
        dropped_from_all=warehouse.scalar(
            "select count(*) from funnel_units where funnel_no = $funnel_no and step_no = 0", one
        ),
    )


def _with_rates(
    counts: pd.DataFrame, spells: pd.DataFrame, curves: pd.DataFrame, asked: _Asked
) -> pd.DataFrame:
    own_spells = dict(iter(spells.groupby(_KEY)))
    own_curves = dict(iter(curves.groupby(_KEY)))
    rows = []
    found: dict[tuple[int, int], Estimate | None] = {}
    for row in counts.to_dict("records"):
        part_no, step_no = row["part_no"], row["step_no"]
        step, entry = ((part_no, step_no, since) for since in ("step", "entry"))
        chance = found[part_no, step_no] = _chance(own_spells.get(entry), asked)
        before = asked.before[step_no]
        after = (
            _chance(own_spells.get(step), asked)
            if asked.is_open or before is None
            else _after(chance, found[part_no, before], is_entry=asked.before[before] is None)
        )
        rows.append(
            {
                **{name: row[name] for name in counts.columns if not name.endswith("_us")},
                **_named("step_rate", after),
                **_named("rate", chance),
                **_share("naive_step_rate", row["reached_after"], row["before"]),
                **_share(
                    "naive_rate", row["reached"], row["entered"] if row["step_no"] > 1 else None
                ),
                "median_s": _seconds(row["median_us"]),
                "p90_s": _seconds(row["p90_us"]),
                "curve_median_s": _curve_median(own_curves.get(step)),
                "entry_median_s": _seconds(row["entry_median_us"]),
                "entry_p90_s": _seconds(row["entry_p90_us"]),
                "entry_curve_median_s": _curve_median(own_curves.get(entry)),
            }
        )
    return pd.DataFrame(rows)


def _chance(spells: pd.DataFrame | None, asked: _Asked) -> Estimate | None:
    """The chance to be there within the window; None without one, or where none was watched."""
    if asked.within_us is None or spells is None:
        return None
    possible = spells["duration_us"].where(~spells["is_whole"], asked.within_us)
    return incidence_at(
        *(spells["duration_us"], spells["outcome"], asked.within_us),
        counts=spells["units"],
        possible=possible,
    )


def _after(chance: Estimate | None, before: Estimate | None, *, is_entry: bool) -> Estimate | None:
    """The chance of a step for those at the needed step before: the one divided by the other.

    A curve that begins at the step before would lose, while the log is young, those of whom the
    window is still open, and keep the others: it would be too high. The interval is Wilson's for
    as many as the chance from the entry on rests on, and have got to the step before.
    """
    if is_entry or chance is None or before is None:
        return chance if is_entry else None
    if before.value == 0:
        return None
    units = (
        effective_number(chance.value, chance.standard_error, chance.n)
        if 0 < chance.value < 1
        else score_number(chance.value, chance.lower, chance.upper)
    )
    value = min(chance.value / before.value, 1.0)
    lower, upper = score_interval(value, units * before.value)
    return Estimate(value, float(lower), float(upper), float("nan"), before.n)


def _named(name: str, found: Estimate | None) -> dict[str, float]:
    stem = name.removesuffix("rate")
    ends = (np.nan,) * 3 if found is None else (found.value, found.lower, found.upper)
    return dict(zip((name, f"{stem}lo", f"{stem}hi"), ends, strict=True))


def _share(name: str, hits: float, trials: float | None) -> dict[str, float]:
    stem = name.removesuffix("rate")
    if trials is None or not trials > 0:
        return {name: np.nan, f"{stem}lo": np.nan, f"{stem}hi": np.nan}
    lower, upper = wilson(hits, trials)
    return {name: hits / trials, f"{stem}lo": float(lower), f"{stem}hi": float(upper)}


def _seconds(us: float | None) -> float:
    return float("nan") if us is None else us / _US


def _curve_median(curve: pd.DataFrame | None) -> float:
    return float("nan") if curve is None else median_duration(curve)


def _curves(spells: pd.DataFrame) -> pd.DataFrame:
    """The curves of all parts and steps, in seconds."""
    found = [
        aalen_johansen(own["duration_us"] / _US, own["outcome"], counts=own["units"]).assign(
            **dict(zip(_KEY, key, strict=True))
        )
        for key, own in spells.groupby(_KEY)
    ]
    names = [*_KEY, "duration", "at_risk", "incidence", "lower", "upper"]
    return pd.concat(found, ignore_index=True)[names] if found else pd.DataFrame(columns=names)


def _histogram(spells: pd.DataFrame) -> pd.DataFrame:
    reached = spells[spells["outcome"] == 1]
    starts = np.array(BOUNDS_S, dtype=float)
    bar = np.searchsorted(starts, reached["duration_us"] / _US, side="right") - 1
    ends = np.append(starts[1:], np.inf)
    return (
        reached.assign(from_s=starts[bar], to_s=ends[bar])
        .groupby(["part_no", "step_no", "since", "from_s", "to_s"], as_index=False)["units"]
        .sum()
    )
