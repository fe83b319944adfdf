"""Logs whose files nest: Matomo's visits with their actions, XES traces with their events."""

from __future__ import annotations

from .description import Known

MATOMO = Known(
    name="matomo",
    columns={
        "occurred_at": "action.timestamp",
        "sequence": "action_no",
        "event": "action.type",
        "event_id": "action_id",
        "user_id": "visit.userId",
        "device_id": "visit.visitorId",
        "session_key": "visit.idVisit",
        "channel": "visit.referrerType",
        "campaign": ("visit.campaignName", "visit.referrerName"),
        "device": "visit.deviceType",
        "country": "visit.country",
        "value": "action.revenue",
        "currency": "visit.siteCurrency",
        "order_id": "action.orderId",
    },
    kept={
        "url": "action.url",
        "page_title": "action.pageTitle",
        "goal": "action.goalName",
        "event_category": "action.eventCategory",
        "event_action": "action.eventAction",
    },
    unfold="matomo",
    unfolds=(".json", ".jsonl", ".ndjson"),
    time_format="epoch_s",
    marks=(("visit.idVisit", "visit.visitorId", "action.type"),),
    about="Matomo, `Live.getLastVisitsDetails` (JSON); a record is an action of a visit",
    time="`timestamp` of the action",
    strong="`userId`",
    weak="`visitorId`",
    ties="place of the action in its visit",
    repeats="site, visit and place in it",
)

XES = Known(
    name="xes",
    columns={
        "occurred_at": "time:timestamp",
        "event": "concept:name",
        "event_id": "identity:id",
        "user_id": "case:concept:name",
        "cost": "cost:total",
        "currency": "cost:currency",
    },
    kept={name: name for name in ("lifecycle:transition", "org:resource", "org:role", "org:group")},
    unfold="xes",
    unfolds=(".xes", ".xml"),
    timezone=None,
    time_format="iso",
    dedupe="none",
    marks=(("case:concept:name", "concept:name", "time:timestamp"),),
    about="XES event logs (`.xes`), or CSV and Parquet with their names (`case:concept:name`, …)",
    time="`time:timestamp`",
    strong="`case:concept:name`: a case is a customer",
    weak="none",
    ties="place in the file, which is the order of the trace",
    repeats="none are looked for: a trace may repeat an event",
)
