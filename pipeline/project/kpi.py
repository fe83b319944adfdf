"""The section [kpi] of the project file: what counts for which KPI."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from ..values import DAY_US
from .kinds import MOST_DAYS, Microseconds, Strict, Texts, Whole


class Kpi(Strict):
    """Which touchpoints, or stages, count for which KPI, and what the KPIs are cut at."""

    orders: Texts = ()
    order_rows: Literal["order", "line"] = "order"
    refunds: Texts = ()
    interactions: Texts = ()
    attendees: Texts = ()
    joins: Texts = ()
    cancels: Texts = ()
    support: Texts = ()
    complaints: Texts = ()
    nps: Texts = ()
    nps_sends: Texts = ()
    csat: Texts = ()
    csat_sends: Texts = ()
    ces: Texts = ()
    ces_sends: Texts = ()
    emotion: Texts = ()
    emotion_sends: Texts = ()
    response: Literal["latest", "first"] = "latest"
    answer_within: Microseconds = 30 * DAY_US
    new_after: Microseconds = 30 * DAY_US
    rfm_days: Whole = Field(default=365, ge=1, le=MOST_DAYS)
    inactive_days: Whole = Field(default=90, ge=1, le=MOST_DAYS)
    lost_days: Whole = Field(default=365, ge=1, le=MOST_DAYS)

    @model_validator(mode="after")
    def _in_order(self) -> Kpi:
        if self.lost_days <= self.inactive_days:
            raise ValueError(
                f"lost_days ({self.lost_days}) must be more than inactive_days "
                f"({self.inactive_days}); a customer is inactive first, then lost"
            )
        return self


KPI_ROLES = tuple(name for name, field in Kpi.model_fields.items() if field.default == ())
"""The keys of [kpi] that name touchpoints and stages."""
