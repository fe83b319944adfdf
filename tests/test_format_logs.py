"""Exports whose files nest, and those of desks: Matomo, XES, CRM and help desk."""

from __future__ import annotations

import gzip
import json
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest

from pipeline.formats import matomo

from . import format_fixtures as made
from . import format_logs as logs
from .conftest import Build
from .format_loading import accounted, load, told, walked

pytestmark = pytest.mark.tables("events", "loaded_events", "duplicate_rows", "source_quality")

TEN = datetime(2026, 1, 5, 10)


@pytest.mark.tables()
@pytest.mark.parametrize("shape", ["list", "lines"])
def test_matomo_has_one_record_an_action(build: Build, tmp_path: Path, shape: str) -> None:
    whole = json.dumps(logs.MATOMO, indent=1).encode()
    content = whole if shape == "list" else made.jsonl(logs.MATOMO)
    built = load(build, tmp_path, "matomo", {"visits.json": content})
    assert accounted(built) == (4, 3, 0, 1)
    assert built.rows("select row_no, reason from rejected_rows") == [(4, "time_missing")]
    assert walked(built, "touchpoint, occurred_at, channel, campaign, value::text, order_id") == [
        ("action", TEN, "campaign", "winter", None, None),
        ("event", TEN, "campaign", "winter", None, None),
        ("ecommerceOrder", TEN, "campaign", "winter", "39.90", "T1"),
    ]
    assert told(built, "event_id, user_id, device_id, sequence")[2] == ("1-101-3", "u1", "aaaa", 3)


def test_the_money_of_an_abandoned_cart_is_not_earned() -> None:
    kinds = ("ecommerceAbandonedCart", "ecommerceOrder")
    actions = [{"type": kind, "revenue": 80.0} for kind in kinds]
    visit = {"idVisit": 1, "idSite": 1, "actionDetails": actions}
    found = [
        json.loads(line)["action"] for line in matomo.lines(BytesIO(json.dumps([visit]).encode()))
    ]
    assert [action.get("revenue") for action in found] == [None, 80.0]
    assert found[0]["cartRevenue"] == 80.0


def test_matomo_rejects_a_line_and_a_list_without_end(build: Build, tmp_path: Path) -> None:
    lines = made.jsonl(logs.MATOMO[:1]) + b'{"idVisit": "9", "actionDetails": [{"type"\n'
    built = load(build, tmp_path, "matomo", {"visits.jsonl": lines})
    assert accounted(built) == (4, 3, 0, 1)
    assert built.scalar("select reason from rejected_rows") == "json_malformed"
    cut = json.dumps(logs.MATOMO).encode()[:-40]
    more = {
        "visits*.json": b"",
        "visits1.json": json.dumps(logs.MATOMO).encode(),
        "visits2.json": cut,
    }
    built = load(build, tmp_path, "matomo", more)
    assert built.rows(
        "select path, fault like '%cut short%' from input_files where fault is not null"
    ) == [("exports/visits2.json", True)]


@pytest.mark.parametrize("name", ["log.xes", "log.xes.gz"])
def test_xes_is_read_event_by_event(build: Build, tmp_path: Path, name: str) -> None:
    content = logs.XES.encode()
    built = load(
        build, tmp_path, "xes", {name: gzip.compress(content) if name.endswith("gz") else content}
    )
    assert accounted(built) == (5, 4, 0, 1)
    assert told(built, "user_id, event, make_timestamp(occurred_us), cost::text") == [
        ("case <1>", "register", TEN - timedelta(hours=1), "12.50"),
        *[("case <1>", "decide", TEN - timedelta(hours=1), None)] * 2,
        ("case 2", "register", TEN + timedelta(days=1), None),
    ]
    assert json.loads(told(built, "attributes")[0][0])["org:resource"] == "Zoë"


@pytest.mark.parametrize(
    ("content", "reason"),
    [(logs.BOMB, "DOCTYPE"), (logs.XES[:900], "no readable XML"), ("", None)],
    ids=["bomb", "truncated", "empty"],
)
def test_a_damaged_event_log_is_rejected_as_a_whole(
    build: Build, tmp_path: Path, content: str, reason: str | None
) -> None:
    files = {"good.xes": logs.XES.encode(), "odd.xes": content.encode()}
    built = load(build, tmp_path, "xes", files)
    assert built.scalar("select count(*) from loaded_events") == 4
    faults = built.rows("select fault from input_files where path like '%odd.xes'")
    assert (reason or "") in str(faults[0][0]) and (faults[0][0] is None) == (reason is None)


def test_crm_and_helpdesk_find_their_columns(build: Build, tmp_path: Path) -> None:
    built = load(build, tmp_path, "crm", {"activities.csv": logs.CRM.encode()})
    assert accounted(built) == (3, 2, 1, 0)
    assert told(built, "event_id, crm_id, email, direction, value::text")[1] == (
        "00043",
        "C-1",
        "ann@example.org",
        "Outbound",
        "1200.00",
    )
    built = load(
        build,
        tmp_path,
        "helpdesk",
        {"tickets.csv": logs.HELPDESK.encode()},
        'timezone = "Europe/Madrid"',
    )
    assert walked(built)[0] == ("opened", TEN - timedelta(hours=1))
    assert told(built, "session_key, channel, actor, score")[2] == ("T-7", "email", "customer", 5.0)
