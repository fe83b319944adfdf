"""Google Analytics 4 as exported by BigQuery: nested, as JSON lines or Parquet."""

from __future__ import annotations

from .description import Known

_SESSION = "session_traffic_source_last_click"


def _parameter(key: str, kind: str = "string") -> str:
    return f"event_params[key={key}].value.{kind}_value"


GA4 = Known(
    name="ga4",
    columns={
        "occurred_at": "event_timestamp",
        "sequence": ("batch_page_id", "batch_ordering_id", "batch_event_index"),
        "event": "event_name",
        "user_id": "user_id",
        "device_id": "user_pseudo_id",
        "session_key": _parameter("ga_session_id", "int"),
        "channel": (
            f"{_SESSION}.cross_channel_campaign.default_channel_group",
            f"{_SESSION}.manual_campaign.medium",
            "collected_traffic_source.manual_medium",
            _parameter("medium"),
        ),
        "campaign": (
            f"{_SESSION}.cross_channel_campaign.campaign_name",
            f"{_SESSION}.manual_campaign.campaign_name",
            "collected_traffic_source.manual_campaign_name",
            _parameter("campaign"),
        ),
        "device": "device.category",
        "country": "geo.country",
        "value": "ecommerce.purchase_revenue",
        "currency": _parameter("currency"),
        "order_id": ("ecommerce.transaction_id", _parameter("transaction_id")),
    },
    kept={
        "platform": "platform",
        "page_location": _parameter("page_location"),
        "page_title": _parameter("page_title"),
    },
    blank=("(not set)",),
    time_format="epoch_us",
    provisional="intraday_",
    marks=(("event_timestamp", "event_name", "user_pseudo_id"),),
    about="Google Analytics 4, BigQuery export (JSON lines, Parquet)",
    time="`event_timestamp`, often that of the batch",
    strong="`user_id`",
    weak="`user_pseudo_id`",
    ties="`batch_page_id`, `batch_ordering_id`, `batch_event_index`; events without any come first",
    repeats="the whole record; a day in `events_…` and in `events_intraday_…` is refused",
)
