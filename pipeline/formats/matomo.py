"""Matomo's visits (`Live.getLastVisitsDetails`) as JSON lines: an action beside its visit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO, Any

from .listed import as_line, records
from .unfolding import Unfold


def lines(stream: IO[bytes]) -> Iterator[str]:
    """Yield each action as `{"visit": …, "action": …, "action_no": …, "action_id": …}`.

    `visit` is the visit without its actions, `action_id` its site, its number and the action's
    place in it; the money of an abandoned cart is `cartRevenue`, for it was not earned. A visit
    without actions is one line without an action; one that is no JSON object is passed on as it
    stands.
    """
    for record in records(stream):
        visit = _visit(record)
        if visit is None:
            yield as_line(record)
            continue
        actions = visit.pop("actionDetails", None) or [None]
        for number, action in enumerate(actions, start=1):
            told = {"visit": visit, "action_no": number}
            if isinstance(action, dict):
                site, visit_id = visit.get("idSite"), visit.get("idVisit")
                if action.get("type") == "ecommerceAbandonedCart" and "revenue" in action:
                    action["cartRevenue"] = action.pop("revenue")  # nobody has paid it
                told |= {"action": action}
                if visit_id is not None:
                    told["action_id"] = f"{site}-{visit_id}-{number}"
            yield json.dumps(told, ensure_ascii=False)


def count(stream: IO[bytes]) -> int:
    """Return how many lines the visits become."""
    found = 0
    for record in records(stream):
        visit = _visit(record)
        actions = visit.get("actionDetails") if visit is not None else None
        found += max(1, len(actions or []))
    return found


UNFOLD = Unfold(lines, count, is_text=True)


def _visit(record: bytes) -> dict[str, Any] | None:
    try:
        visit = json.loads(record)
    except (ValueError, RecursionError):
        return None
    actions = visit.get("actionDetails") if isinstance(visit, dict) else None
    is_one = isinstance(visit, dict) and isinstance(actions, list | None)
    return visit if is_one else None
