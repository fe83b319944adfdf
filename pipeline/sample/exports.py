"""The systems' export shapes: how each writes a touch, and how each of its lines can break."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from .breakers import BAD_JSON
from .defects import Line
from .generate import START
from .touches import Touch

_SUMMER = datetime(2026, 3, 29, 1, tzinfo=UTC)  # when clocks in Madrid go forward
_COSTS = {"google": "0.42", "bing": "0.31", "instagram": "0.27", "tiktok": "0.18"}


def moment(at: float) -> datetime:
    """The UTC moment of a second of the window, to the millisecond."""
    return START + timedelta(milliseconds=round(at * 1000))


def madrid(at: float) -> datetime:
    """The same moment on Madrid's clocks."""
    utc = moment(at)
    return utc.astimezone(timezone(timedelta(hours=2 if utc >= _SUMMER else 1)))


def _web(touch: Touch, number: int) -> list[str]:
    return [
        f"w{number:06d}",
        f"{moment(touch.at):%Y-%m-%dT%H:%M:%S}.{round(touch.at * 1000) % 1000:03d}Z",
        touch.cookie,
        touch.user_id,
        touch.email,
        touch.event,
        touch.place,
        touch.source,
        touch.medium,
        touch.device,
        touch.country,
    ]


def _email(touch: Touch, number: int) -> dict[str, object]:
    return {
        "id": f"m{number:05d}",
        "type": touch.event,
        "ts": round(moment(touch.at).timestamp() * 1000),
        "direction": "inbound" if touch.event == "click" else "outbound",
        "recipient": {"email": touch.email},
        "campaign": {"name": touch.place, "language": "es"},
        "context": {"cookie": touch.cookie or None, "device": touch.device or None},
    }


def _ads(touch: Touch, number: int) -> list[str]:
    clicked = f"{madrid(touch.at):%d/%m/%Y %H:%M:%S}"
    cost = _COSTS[touch.source]
    return [clicked, touch.cookie, touch.source, touch.place, touch.device, cost]


def _shop(touch: Touch, number: int) -> dict[str, object]:
    return {
        "order_id": touch.reference,
        "changed_at": moment(touch.at),
        "customer_ref": touch.user_id,
        "email": touch.email,
        "status": touch.event,
        "value": touch.value,
        "currency": "EUR",
    }


def _support(touch: Touch, number: int) -> list[str]:
    return [
        f"h{number:04d}",
        touch.reference,
        f"{madrid(touch.at).isoformat(timespec='seconds')}",
        touch.email,
        touch.user_id,
        touch.source,
        touch.place,
        touch.event,
        _satisfaction(touch),
        _mood(touch),
    ]


def _satisfaction(touch: Touch) -> str:
    """What the customer says of a solved ticket, 1 to 5; every third says nothing."""
    told = int(touch.reference[-5:])
    if touch.key != "ticket_solved" or told % 3 == 0:
        return ""
    return "5554433215"[told % 10]


def _mood(touch: Touch) -> str:
    """What the help desk makes of an opened ticket's words, -1 to 1."""
    if touch.key != "ticket_opened":
        return ""
    return f"{max(-1.0, (int(touch.reference[-5:]) // 10 % 21 - 12) / 10):.1f}"


def _survey(touch: Touch, number: int) -> list[str]:
    score = int(touch.value or 0)
    comments = {
        0: "",
        1: 'Said "tomorrow", came a week later',
        2: "Sizes, colours, price: all fine",
        3: "Todo perfecto, ¡gracias!",
    }
    comment = comments[0] if number % 3 else comments[1 if score < 7 else 2 if score < 9 else 3]
    answered = f"{madrid(touch.at):%Y-%m-%d %H:%M}"
    return [f"s{number:04d}", answered, touch.email, "nps", str(score), comment]


CONTENTS: dict[str, Callable[[Touch, int], Any]] = {
    "web": _web,
    "email": _email,
    "ads": _ads,
    "shop": _shop,
    "support": _support,
    "survey": _survey,
}
_WEB_COLUMNS = (
    *("event_id", "ts", "cookie", "user_id", "email", "action", "page"),
    *("utm_source", "utm_medium", "device", "country"),
)
_SUPPORT_COLUMNS = (
    *("event_id", "ticket_id", "logged_at", "requester", "customer_ref"),
    *("contact", "topic", "action", "satisfaction", "mood"),
)
_TABLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "web": (",", _WEB_COLUMNS),
    "ads": (";", ("click_time", "cookie", "network", "campaign", "device", "cost_eur")),
    "support": ("\t", _SUPPORT_COLUMNS),
    "survey": (",", ("response_id", "answered", "email", "survey", "score", "comment")),
}
# What a system keeps of a moment, in seconds; lines are in the order of what they keep.
KEEPS_S = {"web": 0.001, "email": 0.001, "ads": 1.0, "shop": 0.001, "support": 1.0, "survey": 60.0}
_ORDERS = pa.schema(
    [
        ("order_id", pa.string()),
        ("changed_at", pa.timestamp("us", tz="UTC")),
        ("customer_ref", pa.string()),
        ("email", pa.string()),
        ("status", pa.string()),
        ("value", pa.float64()),
        ("currency", pa.string()),
    ]
)


def write_export(path: Path, system: str, lines: Sequence[Line]) -> None:
    """Writes one file in its system's shape; the same lines give the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if system == "shop":
        table = pa.Table.from_pylist([line.content for line in lines], schema=_ORDERS)
        pq.write_table(table, path, compression="zstd")
        return
    text = _json_text(lines) if system == "email" else _table_text(system, lines)
    data = text.encode("utf-8")
    if path.suffix == ".gz":
        # No file name and no clock in the header.
        data = gzip.compress(data, compresslevel=9, mtime=0)
    path.write_bytes(data)


def _json_text(lines: Sequence[Line]) -> str:
    texts = []
    for line in lines:
        text = json.dumps(line.content, ensure_ascii=False, separators=(",", ":"))
        texts.append(text[: len(text) // 2] if line.kind == BAD_JSON else text)
    return "".join(f"{text}\n" for text in texts)


def _table_text(system: str, lines: Sequence[Line]) -> str:
    delimiter, columns = _TABLES[system]
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(line.content for line in lines)
    return buffer.getvalue()
