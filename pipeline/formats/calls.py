"""Segment and RudderStack: calls as JSON lines, or the warehouse's tables of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from .description import Known, Ways

_COLUMNS: Mapping[str, Ways] = {
    "occurred_at": "timestamp",
    "event_id": ("messageId", "id"),
    "user_id": ("userId", "user_id"),
    "email": ("traits.email", "context.traits.email", "email", "context_traits_email"),
    "device_id": ("anonymousId", "anonymous_id"),
    "session_key": ("context.sessionId", "context_session_id"),
    "channel": ("context.campaign.medium", "context_campaign_medium"),
    "campaign": ("context.campaign.name", "context_campaign_name"),
    "device": ("context.device.type", "context_device_type"),
    "country": ("context.location.country", "context_location_country"),
    "value": ("properties.revenue", "revenue"),
    "currency": ("properties.currency", "currency"),
    "order_id": ("properties.order_id", "order_id"),
}
_TRACKS = Known(
    name="segment",
    columns={**_COLUMNS, "event": ("event_text", "event", "type")},
    kept={
        "page_name": ("name", "properties.name"),
        "page_path": ("properties.path", "context.page.path", "path", "context_page_path"),
        "source_medium": ("context.campaign.source", "context_campaign_source"),
    },
    time_format="iso",
    about="Segment, calls as JSON lines, or table `tracks` (CSV, Parquet)",
    time="`timestamp`, corrected for the client's clock",
    strong="`userId`, `traits.email`",
    weak="`anonymousId`",
    repeats="`messageId`, in tables `id`",
)


def _table(name: str, event: str, table: str) -> Known:
    return replace(
        _TRACKS,
        name=f"{name}_{table}",
        columns=_COLUMNS,
        event=event,
        about=f"table `{table}`; its events are called `{event}`",
        strong="`user_id`, `email`",
        weak="`anonymous_id`",
        repeats="`id`",
    )


_CALL = ("messageId", "anonymousId", "timestamp", "type")
_MARKS = {
    "Segment": (_CALL, ("anonymous_id", "event_text", "timestamp")),
    "RudderStack": ((*_CALL, "rudderId"),),
}
CALLS = tuple(
    known
    for tool, marks in _MARKS.items()
    for known in (
        replace(
            _TRACKS,
            name=tool.lower(),
            marks=marks,
            about=_TRACKS.about.replace("Segment", tool),
        ),
        _table(tool.lower(), "page", "pages"),
        _table(tool.lower(), "identify", "identifies"),
    )
)
