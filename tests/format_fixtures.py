"""Small exports of the real shape, one for each known format, written out by hand."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.formats import FORMATS

Row = dict[str, Any]


def jsonl(rows: Iterable[Row]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def table(rows: list[Row]) -> bytes:
    """Rows as CSV, with the columns of all of them."""
    text = io.StringIO(newline="")
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(text, names, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def parquet(rows: list[Row]) -> bytes:
    """Rows as Parquet; a column has the type that its values tell."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = {name: pa.array([row.get(name) for row in rows]) for name in names}
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink)
    return sink.getvalue()


def _ga4_parameter(key: str, **value: Any) -> Row:
    kinds = ("string_value", "int_value", "float_value", "double_value")
    return {"key": key, "value": {kind: value.get(kind) for kind in kinds}}


def _ga4(name: str, batch: tuple[int, int, int] | None, **more: Any) -> Row:
    page, ordering, index = batch or (None, None, None)
    return {
        "event_date": "20260105",
        "event_timestamp": 1_767_600_000_000_000,
        "event_name": name,
        "event_params": [
            _ga4_parameter("page_location", string_value="https://shop.example/a"),
            _ga4_parameter("ga_session_id", int_value=1_767_599_990),
            *more.pop("params", []),
        ],
        "user_id": None,
        "user_pseudo_id": "111.222",
        "device": {"category": "mobile", "operating_system": "iOS"},
        "geo": {"country": "Spain"},
        "platform": "WEB",
        "ecommerce": {"purchase_revenue": None, "transaction_id": "(not set)"},
        "collected_traffic_source": {"manual_medium": "cpc", "manual_campaign_name": "winter"},
        "batch_page_id": page,
        "batch_ordering_id": ordering,
        "batch_event_index": index,
        **more,
    }


GA4 = [
    _ga4(
        "purchase",
        (1_767_599_999_000, 10, 0),
        user_id="u1",
        ecommerce={"purchase_revenue": 39.9, "transaction_id": "T1"},
        params=[_ga4_parameter("currency", string_value="EUR")],
    ),
    _ga4("add_to_cart", (1_767_599_999_000, 9, 2)),
    _ga4("view_item", (1_767_599_999_000, 9, 1)),
    _ga4("page_view", (1_767_599_000_000, 77, 5)),
    _ga4("session_start", None),
]
"""One batch time for all: only page, ordering id and event index tell the order."""


def without_nulls(value: Any) -> Any:
    """A row as BigQuery writes it to JSON: whole numbers as texts, nulls left out."""
    if isinstance(value, dict):
        return {key: without_nulls(one) for key, one in value.items() if one is not None}
    if isinstance(value, list):
        return [without_nulls(one) for one in value]
    return str(value) if isinstance(value, int) else value


def snowplow_tsv(rows: Iterable[Mapping[str, str]]) -> bytes:
    fields = FORMATS["snowplow"].header
    return gzip.compress(
        "".join("\t".join(row.get(name, "") for name in fields) + "\n" for row in rows).encode()
    )


def _snowplow(event_id: str, name: str, second: int, **more: str) -> dict[str, str]:
    return {
        "app_id": "shop",
        "platform": "web",
        "collector_tstamp": f"2026-01-05 10:00:{second + 1:02}.000",
        "derived_tstamp": f"2026-01-05 10:00:{second:02}.250",
        "event": name,
        "event_name": name,
        "event_id": event_id,
        "domain_userid": "d1",
        "domain_sessionid": "s1",
        "mkt_medium": "cpc",
        "event_fingerprint": "f-" + event_id,
        "page_title": '"Best" shoes, 10" tall',
        **more,
    }


_MOBILE = {
    "schema": "iglu:com.snowplowanalytics.snowplow/contexts/jsonschema/1-0-1",
    "data": [
        {"schema": "iglu:org.example/other/jsonschema/1-0-0", "data": {"userId": "wrong"}},
        {
            "schema": "iglu:com.snowplowanalytics.snowplow/client_session/jsonschema/1-0-2",
            "data": {"userId": "m1", "sessionId": "ms1", "eventIndex": 7},
        },
    ],
}
SNOWPLOW = [
    _snowplow("e1", "page_view", 1),
    _snowplow("e2", "add_to_cart", 2, user_id="u1"),
    _snowplow("e2", "add_to_cart", 2, user_id="u1"),
    _snowplow("e2", "add_to_cart", 2, user_id="u1", event_fingerprint="f-other"),
    _snowplow("e3", "transaction", 9, derived_tstamp="", tr_total="12.5", tr_orderid="T1"),
    _snowplow("e4", "screen_view", 20, domain_userid="", domain_sessionid="", mkt_medium="")
    | {"contexts": json.dumps(_MOBILE), "platform": "mob"},
]


def snowplow_typed() -> list[Row]:
    """The same as a loader writes it to Parquet: times, nulls, a column for each context."""
    context = "contexts_com_snowplowanalytics_snowplow_client_session_1"
    typed: list[Row] = []
    for row in map(dict, SNOWPLOW):
        session = _MOBILE["data"][1]["data"] if row.pop("contexts", None) else None  # type: ignore[index]
        typed.append(
            {key: value or None for key, value in row.items()}
            | {
                key: datetime.fromisoformat(row[key] + "+00:00") if row[key] else None
                for key in ("derived_tstamp", "collector_tstamp")
            }
            | {
                context: session
                and [
                    {
                        "user_id": session["userId"],
                        "session_id": session["sessionId"],
                        "event_index": session["eventIndex"],
                    }
                ]
            }
        )
    return typed


def _call(kind: str, second: int, **more: Any) -> Row:
    return {
        "type": kind,
        "messageId": f"m{second}",
        "anonymousId": "a1",
        "userId": None,
        "timestamp": f"2026-01-05T10:00:{second:02}.000Z",
        "sentAt": "2026-01-05T11:00:00.000Z",
        "context": {"campaign": {"medium": "email", "name": "winter"}},
        **more,
    }


CALLS = [
    _call("page", 1, name="Home", properties={"path": "/"}),
    _call("identify", 2, userId="u1", traits={"email": "Ann@example.org"}),
    _call(
        "track",
        3,
        userId="u1",
        event="Order Completed",
        properties={"revenue": 20.5, "currency": "EUR", "order_id": "T1"},
    ),
]


def _warehouse_row(number: int, **more: str) -> Row:
    return {
        "id": f"m{number}",
        "anonymous_id": "a1",
        "timestamp": f"2026-01-05 10:00:{number:02}.000",
        "context_campaign_medium": "email",
        "context_campaign_name": "winter",
        **more,
    }


TABLES = {
    "pages": [_warehouse_row(1, name="Home", path="/")],
    "identifies": [_warehouse_row(2, user_id="u1", email="ann@example.org")],
    "tracks": [
        _warehouse_row(3, user_id="u1", event="order_completed", event_text="Order Completed")
    ],
}


def _mixpanel(name: str, number: int, **more: Any) -> Row:
    own = {
        "time": 1_767_607_200,
        "distinct_id": "$device:d1",
        "$device_id": "d1",
        "$insert_id": f"i{number}",
        "mp_processing_time_ms": 1_767_607_300_000 + number,
        "mp_country_code": "ES",
        "utm_campaign": "winter",
    }
    return {"event": name, "properties": own | more}


MIXPANEL = [
    _mixpanel("Purchase", 3, **{"$user_id": "u1", "distinct_id": "u1"}),
    _mixpanel("Cart", 2),
    _mixpanel("Cart", 2),
    _mixpanel("Home", 1),
    {
        "event": "Invoice",
        "properties": {"time": 1_767_607_900, "distinct_id": "u1", "$insert_id": "i9"},
    },
]


def _amplitude(name: str, number: int, **more: Any) -> Row:
    return {
        "$insert_id": f"i{number}",
        "uuid": f"uu{number}",
        "event_id": number,
        "event_type": name,
        "event_time": "2026-01-05 10:00:00.123000",
        "user_id": None,
        "device_id": "d1",
        "amplitude_id": 42,
        "session_id": 1_767_607_200_123,
        "platform": "iOS",
        "country": "Spain",
        "event_properties": {},
        "user_properties": {"utm_campaign": "winter"},
        **more,
    }


AMPLITUDE = [
    _amplitude(
        "Purchase", 12, user_id="user-1", event_properties={"$revenue": 5.25, "currency": "EUR"}
    ),
    _amplitude("Home", 2),
    _amplitude("Push Received", 11, session_id=-1),
    _amplitude("Home", 2),
]


def _posthog(name: str, second: int, distinct: str, **properties: Any) -> Row:
    return {
        "uuid": f"0190-{second}",
        "event": name,
        "distinct_id": distinct,
        "person_id": "p1",
        "timestamp": f"2026-01-05T10:00:{second:02}.500000+00:00",
        "properties": {"$session_id": "s1", "$device_type": "Desktop", **properties},
    }


POSTHOG = [
    _posthog("$pageview", 1, "d1", **{"$device_id": "d1", "utm_medium": "cpc"}),
    _posthog(
        "$identify", 2, "u1", **{"$device_id": "d1", "$user_id": "u1", "$anon_distinct_id": "d1"}
    ),
    _posthog("order paid", 3, "u1", revenue=12.5),
]


def posthog_typed() -> list[Row]:
    """The same as columns of Parquet: properties as text, times as times."""
    return [
        row
        | {
            "properties": json.dumps(row["properties"]),
            "timestamp": datetime.fromisoformat(row["timestamp"]),
        }
        for row in POSTHOG
    ]
