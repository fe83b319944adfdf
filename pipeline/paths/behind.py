"""Who is behind a figure: its customers, when and how often, and the SELECT that gives them."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ..questions import Rows, Scope, answer, ready_sql
from ..warehouse import Warehouse
from .pattern import pattern_rows

_CUSTOMERS = """
select
    customer.customer_id,
    count(*) as {units},
    cast(sum(behind.times) as bigint) as times,
    make_timestamp(min(behind.first_us)) as first_at,
    make_timestamp(max(behind.last_us)) as last_at,
    count(case when behind.status = 'converted' then 1 end) as converted,
    count(case when behind.status in ('dropped_silent', 'dropped_explicit') then 1 end) as dropped,
    count(case when behind.status = 'open' then 1 end) as open
from {behind} as behind
inner join numbered_customers as customer on customer.customer_no = behind.customer_no
group by customer.customer_id
order by times desc, customer.customer_id
"""
_JOURNEYS = """
select
    customer.customer_id,
    customer.customer_id || '-' || behind.map_no || '-' || behind.unit_no as journey_id,
    behind.times,
    make_timestamp(behind.first_us) as first_at,
    make_timestamp(behind.last_us) as last_at,
    behind.status
from {behind} as behind
inner join numbered_customers as customer on customer.customer_no = behind.customer_no
order by behind.times desc, customer.customer_id, behind.unit_no
"""


@dataclass(frozen=True)
class Behind:
    """A figure that customers are behind: the model that lists them, and what it is asked with.

    `told` says in words which figure it is.
    """

    model: str
    rows: Rows
    told: str
    cut: str = "journey"

    def customers(self, warehouse: Warehouse) -> pd.DataFrame:
        """Return one row per customer.

        How many journeys, how many times, first_at and last_at of it, and how the journeys ended.
        """
        answer(warehouse, [self.model], self.rows)
        return warehouse.frame(self._select(_CUSTOMERS))

    def journeys(self, warehouse: Warehouse) -> pd.DataFrame:
        """Return one row per journey: whose, how many times, first_at, last_at, outcome."""
        answer(warehouse, [self.model], self.rows)
        return warehouse.frame(self._select(_JOURNEYS))

    def sql(self) -> str:
        """Return the SELECT that gives the customers, for a DuckDB shell on the warehouse."""
        told = " ".join(self.told.split())
        return f"-- Customers behind {told}\n" + ready_sql(
            [self.model], self.rows, self._select(_CUSTOMERS)
        )

    def _select(self, written: str) -> str:
        return written.format(behind=self.model, units=f"{self.cut}s")


def behind_pattern(warehouse: Warehouse, text: str, scope: Scope | None = None) -> Behind:
    """Return the journeys that a path pattern matches."""
    expression, rows = pattern_rows(warehouse, text, scope or Scope())
    return Behind("behind_pattern", rows, f"the pattern {expression.reading}")
