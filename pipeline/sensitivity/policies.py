"""How much the figures depend on the identity policy: every policy run side by side."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pandas as pd

from ..models import tables_read
from ..progress import Told
from ..project import Identity, Project
from ..temporary import temporary_folder
from ..warehouse import Warehouse, literal, open_warehouse
from .beside import run_beside

POLICIES: tuple[str, ...] = get_args(Identity.model_fields["policy"].annotation)

_FIGURES = """
select
    summary.map_name,
    (select count(*) from customers) as customers,
    (select count(*) from customers where kind = 'identified') as identified,
    summary.journeys,
    summary.converted,
    summary.conversion_rate,
    squiggle.squiggle_index,
    squiggle.straight_share,
    dropped.stage as worst_stage,
    dropped.drop_rate as worst_drop_rate
from map_summary as summary
left join squiggle_summary as squiggle
    on squiggle.map_name = summary.map_name and squiggle.population = 'all'
left join (
    select map_name, stage, drop_rate
    from stage_dropoff
    where drop_rate is not null and not is_small
    qualify row_number() over (
        partition by map_name order by drop_rate desc, stage_no
    ) = 1
) as dropped on dropped.map_name = summary.map_name
order by summary.map_name
"""

_MERGES = """
with ours as (
    select event_no, customer_id from events
),
theirs as (
    select event_no, customer_id from other.main.events
),
met as (
    select theirs.customer_id as merged_customer, ours.customer_id, count(*) as events
    from theirs
    inner join ours using (event_no)
    group by all
)
select
    merged_customer,
    count(*) as customers_merged,
    sum(events) as events
from met
group by merged_customer
having count(*) > 1
order by customers_merged desc, events desc, merged_customer
limit $most
"""


def policies_compared(
    project: Project,
    *,
    memory: str | None = None,
    threads: int | None = None,
    tell: Told | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Run every policy and return its figures, and the merges that the project's own does not make.

    The first frame has one row per policy and map; its worst stage is one of those that are ranked,
    on 30 journeys or more, or none. The second has one row per customer of policy
    components that holds several customers of the project's own policy, the largest first. The
    project's warehouse is not touched; exports that are in its store are not read again.
    """
    figures = []
    only = {
        name for read in tables_read({"": _FIGURES, "merges": _MERGES}).values() for name in read
    }
    with temporary_folder("policies") as folder:
        places = {}
        for policy in dict.fromkeys((project.identity.policy, *POLICIES)):
            chosen = project.identity.model_copy(update={"policy": policy})
            desk = project.model_copy(update={"identity": chosen})
            path = folder / f"{policy}.duckdb"
            run_beside(desk, path, only, memory=memory, threads=threads, tell=tell)
            places[policy] = path
            with open_warehouse(path) as built:
                found = built.frame(_FIGURES)
            found.insert(0, "policy", policy)
            figures.append(found)
        merges = pd.DataFrame(columns=["merged_customer", "customers_merged", "events"])
        if "components" in places and project.identity.policy != "components":
            with open_warehouse(places[project.identity.policy]) as built:
                merges = _merges(built, places["components"])
    return pd.concat(figures, ignore_index=True), merges


def _merges(built: Warehouse, other: Path) -> pd.DataFrame:
    built.execute(f"attach {literal(str(other))} as other (read_only)")
    return built.frame(_MERGES, {"most": 20})
