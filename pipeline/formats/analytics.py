"""Product analytics: the raw exports of Mixpanel, Amplitude and PostHog."""

from __future__ import annotations

from .description import Known

MIXPANEL = Known(
    name="mixpanel",
    columns={
        "occurred_at": "properties.time",
        "sequence": "properties.mp_processing_time_ms",
        "event": "event",
        "event_id": "properties.$insert_id",
        "user_id": (
            "properties.$user_id",
            "properties.distinct_id[unless=properties.$device_id]",
        ),
        "email": "properties.$email",
        "device_id": "properties.$device_id",
        "channel": "properties.utm_medium",
        "campaign": "properties.utm_campaign",
        "device": ("properties.$device", "properties.$os"),
        "country": "properties.mp_country_code",
    },
    kept={"distinct_id": "properties.distinct_id", "current_url": "properties.$current_url"},
    marks=(("event", "properties.time", "properties.distinct_id"),),
    about="Mixpanel, raw event export (JSON lines)",
    time="`time`, in seconds or milliseconds",
    strong="`$user_id`, else `distinct_id` where there is no `$device_id`; `$email`",
    weak="`$device_id`",
    ties="`mp_processing_time_ms`",
    repeats="`$insert_id`",
)

AMPLITUDE = Known(
    name="amplitude",
    columns={
        "occurred_at": "event_time",
        "sequence": "event_id",
        "event": "event_type",
        "event_id": ("uuid", "$insert_id"),
        "user_id": "user_id",
        "device_id": "device_id",
        "session_key": "session_id[not=-1]",
        "channel": ("event_properties.utm_medium", "user_properties.utm_medium"),
        "campaign": ("event_properties.utm_campaign", "user_properties.utm_campaign"),
        "device": "platform",
        "country": "country",
        "value": ("event_properties.$revenue", "event_properties.revenue"),
        "currency": ("event_properties.$currency", "event_properties.currency"),
    },
    kept={"amplitude_id": "amplitude_id", "device_type": "device_type"},
    time_format="iso",
    marks=(("event_type", "event_time", "amplitude_id"),),
    about="Amplitude, Export API (JSON lines)",
    time="`event_time`, UTC, corrected for the client's clock",
    strong="`user_id`",
    weak="`device_id`",
    ties="`event_id`, a counter of the device",
    repeats="`uuid`, else `$insert_id`",
)

POSTHOG = Known(
    name="posthog",
    columns={
        "occurred_at": "timestamp",
        "event": "event",
        "event_id": "uuid",
        "user_id": ("properties.$user_id", "distinct_id[unless=properties.$device_id]"),
        "device_id": ("properties.$device_id", "properties.$anon_distinct_id"),
        "session_key": "properties.$session_id",
        "channel": "properties.utm_medium",
        "campaign": "properties.utm_campaign",
        "device": "properties.$device_type",
        "country": "properties.$geoip_country_code",
        "value": "properties.revenue",
        "currency": "properties.currency",
    },
    kept={
        "person_id": "person_id",
        "distinct_id": "distinct_id",
        "current_url": "properties.$current_url",
    },
    time_format="iso",
    marks=(("uuid", "event", "distinct_id", "timestamp", "properties"),),
    about="PostHog, batch export of events (JSON lines, Parquet)",
    time="`timestamp`",
    strong="`$user_id`, else `distinct_id` where there is no `$device_id`",
    weak="`$device_id`, else `$anon_distinct_id`",
    repeats="`uuid`",
)
