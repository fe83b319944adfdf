"""How each headline moves with the session gap, the silence that ends journeys, the horizon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..definitions import duration
from ..errors import DataError, nearest
from ..models import tables_read
from ..progress import Told
from ..project import Project
from ..questions import Scope, answer, read_for, scope_rows
from ..temporary import temporary_folder
from ..warehouse import Warehouse, open_warehouse
from .beside import run_beside

SETTINGS = ("gap", "silence", "within")
FACTORS = (0.5, 1.0, 2.0)
COLUMNS = ["setting", "map_name", "factor", "set_to", "figure", "item", "unit", "value"]
COLUMNS += ["change", "elasticity"]
_KEYS = ["setting", "map_name", "figure", "item"]
_LEAST, _MOST = 0.001, 1000.0
_STILL = 0.01
"""A headline that moves by less than this share of itself stands still."""

_COUNTS = """
select '' as map_name, 'customers' as figure, '' as item, 'count' as unit, count(*) as value
from customers
union all
select '', 'sessions', '', 'count', coalesce(sum(sessions), 0)
from customers
union all
select map_name, 'journeys', '', 'count', journeys
from map_summary
union all
select map_name, 'squiggle_index', '', 'share', squiggle_index
from squiggle_summary
where population = 'headline'
union all
select map_name, 'straight_share', '', 'share', straight_share
from squiggle_summary
where population = 'headline'
"""
_RATES = """
select
    case rated.stage_no when 0 then 'conversion_rate' else 'drop_rate' end as figure,
    coalesce(stage.stage, '') as item,
    'share' as unit,
    case
        when not rated.is_watched then null
        when rated.stage_no = 0 then rated.progress_rate
        else 1 - rated.progress_rate
    end as value
from compare_rates as rated
left join cfg_map_stages as stage on stage.map_no = $map_no and stage.stage_no = rated.stage_no
order by rated.stage_no
"""


@dataclass(frozen=True)
class Sweep:
    """What the sweep found.

    `figures` has one row per setting, map, factor and headline: its value, the change against the
    project's own setting, and the elasticity: by how many percent the headline moves when the
    setting grows by one percent, between the smallest and the largest factor. `sentences` say it.
    """

    figures: pd.DataFrame
    sentences: tuple[str, ...]


def sweep(
    project: Project,
    *,
    settings: Sequence[str] = SETTINGS,
    factors: Sequence[float] = FACTORS,
    memory: str | None = None,
    threads: int | None = None,
    tell: Told | None = None,
) -> Sweep:
    """Run the project with each setting times each factor, the others as they are.

    Settings are gap (of sessions), silence and within (of every map). The project's warehouse is
    not touched, and exports that are in its store are not read again; for `within`, which cuts no
    journey, nothing is even built again. Raises DataError for another setting, and
    for a factor that is none, or out of all proportion.
    """
    for name in settings:
        if name not in SETTINGS:
            raise DataError(
                f"{name!r}: there is no such setting to sweep; {nearest(name, SETTINGS)}"
            )
    for factor in factors:
        if not _LEAST <= factor <= _MOST:
            raise DataError(
                f"factor {factor:g}: from {_LEAST} to {_MOST} times a setting are tried"
            )
    steps = sorted({1.0, *factors})
    found: list[pd.DataFrame] = []
    only = {*tables_read({"": _COUNTS})[""], *read_for(["compare_rates"])}
    with temporary_folder("sweep") as folder:

        def measured(setting: str, factor: float, horizons: Sequence[float]) -> list[pd.DataFrame]:
            path = folder / "swept.duckdb"
            desk = _changed(project, setting, factor)
            with open_warehouse(
                run_beside(desk, path, only, memory=memory, threads=threads, tell=tell)
            ) as built:
                frames = [headlines(built, desk, horizon) for horizon in horizons]
            path.unlink()
            return frames

        by_horizon = dict(zip(steps, measured("within", 1.0, steps), strict=True))
        for name in settings:
            for factor in steps:
                if name == "within":
                    frame = by_horizon[factor]
                elif factor == 1:
                    frame = by_horizon[1.0]
                else:
                    (frame,) = measured(name, factor, [1.0])
                found.append(frame.assign(setting=name, factor=factor))
    figures = _compared(pd.concat(found, ignore_index=True), project)
    return Sweep(figures, sentences(figures))


def headlines(built: Warehouse, project: Project, horizon: float) -> pd.DataFrame:
    """Return every headline of a warehouse, its rates at `horizon` times that of their map."""
    frames = [built.frame(_COUNTS)]
    for map_no, one in enumerate(project.map, start=1):
        rows = dict(scope_rows(built, Scope(one.name)))
        rows["asked_comparison"] = [(round(one.within * horizon), True, 0, 1)]
        answer(built, ["compare_rates"], rows)
        frames.append(built.frame(_RATES, {"map_no": map_no}).assign(map_name=one.name))
    return pd.concat(frames, ignore_index=True)


def _changed(project: Project, setting: str, factor: float) -> Project:
    """The project with a setting times a factor; the horizon is asked, not set."""
    if setting == "gap":
        gap = round(project.session.gap * factor)
        return project.model_copy(
            update={"session": project.session.model_copy(update={"gap": gap})}
        )
    if setting == "silence":
        maps = tuple(
            one.model_copy(update={"silence": round(one.silence * factor)}) for one in project.map
        )
        return project.model_copy(update={"map": maps})
    return project


def _compared(found: pd.DataFrame, project: Project) -> pd.DataFrame:
    found["value"] = found["value"].astype(float)
    own = {one.name: one for one in project.map}
    found = found[
        (found["setting"] != "within") | found["figure"].isin(["conversion_rate", "drop_rate"])
    ]
    found = found.assign(set_to=[_set_to(row, project, own) for row in found.itertuples()])
    base = found[found["factor"] == 1].set_index(_KEYS)["value"]
    found = found.join(base.rename("base"), on=_KEYS)
    found["change"] = found["value"] - found["base"]
    ends = found.sort_values("factor").groupby(_KEYS, sort=False)
    slopes = ends.apply(_elasticity, include_groups=False).rename("elasticity")
    return found.join(slopes, on=_KEYS)[COLUMNS].reset_index(drop=True)


def _set_to(row: object, project: Project, maps: Mapping[str, object]) -> str:
    setting, factor, name = (getattr(row, key) for key in ("setting", "factor", "map_name"))
    if setting == "gap":
        return duration(round(project.session.gap * factor))
    of = [maps[name]] if name else list(maps.values())
    return " / ".join(dict.fromkeys(duration(round(getattr(one, setting) * factor)) for one in of))


def _elasticity(own: pd.DataFrame) -> float:
    """Percent of the figure per percent of the setting, from the smallest to the largest."""
    known = own[own["value"] > 0]
    if len(known) < len(own) or len(known) < 2:
        return float("nan")
    first, last = known.iloc[0], known.iloc[-1]
    return float(np.log(last["value"] / first["value"]) / np.log(last["factor"] / first["factor"]))


def sentences(figures: pd.DataFrame) -> tuple[str, ...]:
    """Return for each setting and map what of its figures moves with it, and at which pace."""
    names = {"gap": "session gap", "silence": "silence", "within": "horizon T"}
    told = []
    for (setting, map_name), own in figures.groupby(["setting", "map_name"], sort=False):
        ends = own["factor"].min(), own["factor"].max()
        first, last = (own[own["factor"] == end]["set_to"].iloc[0] for end in ends)
        where = f"map {map_name!r}, " if map_name else ""
        told.append(f"{where}{names[str(setting)]} from {first} to {last}: {_moves(own, ends)}.")
    return tuple(told)


def _moves(own: pd.DataFrame, ends: tuple[float, float]) -> str:
    """What moves between the ends, what stands still, and what is not known."""
    moved, still, unknown = [], [], []
    for (figure, item), one in own.groupby(["figure", "item"], sort=False):
        name = f"{figure} at {item}" if item else str(figure)
        keyed = one.set_index("factor")
        if one["value"].isna().any() or len(one) < own["factor"].nunique():
            unknown.append(name)
            continue
        low, high = (float(keyed.loc[end, "value"]) for end in ends)
        if one["change"].abs().max() <= _STILL * abs(float(keyed.loc[1.0, "value"])):
            still.append(name)
        else:
            slope = float(one["elasticity"].iloc[0])
            pace = "" if np.isnan(slope) else f" ({slope:+.2f} % for each 1 %)"
            moved.append(f"{name} {_plain(low)} to {_plain(high)}{pace}")
    parts = moved
    if still:
        told = "by less than 1 %" if moved else "nothing moves by more than 1 %"
        parts.append(f"{told}: {', '.join(still)}")
    if unknown:
        parts.append(f"not known at every step: {', '.join(unknown)}")
    return "; ".join(parts)


def _plain(value: float) -> str:
    return f"{value:,.0f}" if value >= 2 and value.is_integer() else f"{value:.3f}"
