"""The models of the KPIs on a drawn log, without a run: order and sessions by plain Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from pipeline.makers import MAKERS
from pipeline.models import Model, load_models
from pipeline.warehouse import Warehouse, scratch

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY_US = 86_400_000_000
STAGES = ("Awareness", "Interest", "Consideration", "Purchase", "Loyalty")
MODELS = {model.name: model for model in load_models()}
_KINDS = {
    "VARCHAR": pa.string(),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "UBIGINT": pa.uint64(),
    "DOUBLE": pa.float64(),
    "BOOLEAN": pa.bool_(),
    "TIMESTAMP": pa.timestamp("us"),
    "DECIMAL(18,2)": pa.decimal128(18, 2),
}
# What a run makes of journeys: here there are none.
_EMPTY = (
    *("cfg_maps", "cfg_map_stages", "journey_steps", "journey_facts", "progress_times"),
    *("move_counts", "reach_counts", "stop_counts"),
)


@dataclass(frozen=True)
class Event:
    """A drawn event: who is None for nobody known; `details` are columns of event_details."""

    who: str | None
    what: str
    at: datetime
    details: Mapping[str, Any] = field(default_factory=dict)
    channel: str | None = None
    order: int | None = None


@dataclass
class Desk:
    """A scratch warehouse with the log on it; `make` builds models as a run does."""

    warehouse: Warehouse
    people: list[str]
    names: list[str]
    laid: set[str] = field(default_factory=set)

    def __enter__(self) -> Desk:
        return self

    def __exit__(self, *_: object) -> None:
        self.warehouse.close()

    def lay(self, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Lay rows where a model would be; columns that are left out are NULL."""
        columns = MODELS[name].columns
        arrays = {
            one.name: pa.array([row.get(one.name) for row in rows], _KINDS[one.type])
            for one in columns
            if one.type in _KINDS
        }
        self.warehouse.lay(MODELS[name], pa.table(arrays))
        self.laid.add(name)

    def make(self, *names: str) -> Desk:
        """Build the models that are named, and all that they need and is not laid."""
        for name in names:
            self._make(MODELS[name])
        return self

    def _make(self, model: Model) -> None:
        if model.name in self.laid:
            return
        if model.kind == "input":
            self.lay(model.name, [])
            return
        self.make(*model.reads)
        self.laid.add(model.name)
        if model.kind == "python":
            made = MAKERS[model.name](
                *(self.warehouse.arrow(f"from {name} order by all") for name in model.reads)
            )
            columns = {column.name: column.type for column in model.columns}
            casts = ", ".join(f"{name}::{kind} as {name}" for name, kind in columns.items())
            self.warehouse.register("made_rows", made)
            self.warehouse.execute(
                f"create temp table {model.name} as select {casts} from made_rows"
            )
        else:
            self.warehouse.make(model)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.warehouse.rows(sql)


def made(
    name: str, asked: str, tail: str = "order by all", **laid: Sequence[Mapping[str, Any]]
) -> list[tuple[Any, ...]]:
    """The answer from a model, made of the rows that are laid; what is not laid is empty."""
    with Desk(scratch(), [], []) as one:
        for table, rows in laid.items():
            one.lay(table, rows)
        return one.make(name).rows(f"{asked} from {name} {tail}")


def us(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


def at(text: str) -> datetime:
    """A moment, UTC: '2026-01-05' is its noon."""
    found = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return found if len(text) > 10 else found.replace(hour=12)


def desk(
    events: Iterable[Event],
    *,
    zone: str = "UTC",
    period: str = "month",
    as_of: datetime | None = None,
    since: datetime | None = None,
    roles: Mapping[str, Sequence[str]] | None = None,
    abandons: Sequence[str] = (),
    **kpi: Any,
) -> Desk:
    """Return a desk with the log on it; `roles` are the lists of [kpi], `kpi` its other keys.

    `abandons` are the touchpoints at which a map's journeys end without the goal. Events whose
    name is a stage are at it. Sessions end after 30 minutes of silence.
    """
    log = list(events)
    people = sorted({event.who for event in log if event.who is not None})
    names = sorted({*(event.what for event in log), *STAGES})
    ways = sorted({event.channel for event in log if event.channel})
    made = Desk(scratch(), people, names)
    moments = [us(event.at) for event in log]
    settled = {
        "response": "latest",
        "order_rows": "order",
        "answer_within_us": 30 * DAY_US,
        "rfm_days": 365,
        "inactive_days": 90,
        "lost_days": 365,
        "new_after_us": 0,
    }
    made.lay("cfg_kpi", [{**settled, **kpi}])
    made.lay(
        "cfg_settings", [{"timezone": zone, "period": period, "session_gap_us": 1_800_000_000}]
    )
    made.lay("cfg_sources", [{"source_no": 1, "recorded_since_us": us(since) if since else None}])
    made.lay("parts", [{"source_no": 1, "first_us": min(moments), "last_us": max(moments)}])
    ending = us(as_of) if as_of else max(moments)
    made.lay("as_of", [{"as_of_us": ending, "first_us": min(moments)}])
    listed = [
        {"role": role, "target_kind": "touchpoint", "target": name}
        for role, named in (roles or {}).items()
        for name in named
    ]
    made.lay("cfg_kpi_roles", listed)
    made.lay(
        "cfg_map_roles",
        [
            {"map_no": 1, "role": "abandon", "target_kind": "touchpoint", "target": name}
            for name in abandons
        ],
    )
    touchpoints = [
        {"touchpoint_no": n, "touchpoint": name, "stage": name if name in STAGES else None}
        for n, name in enumerate(names, start=1)
    ]
    made.lay("touchpoint_names", touchpoints)
    stage_nos = {name: n for n, name in enumerate(STAGES, start=1)}
    in_map = [
        {
            "map_no": 1,
            "stage_no": stage_nos.get(one["touchpoint"]),
            "is_abandon": one["touchpoint"] in abandons,
            **one,
        }
        for one in touchpoints
    ]
    made.lay("touchpoint_roles", in_map)
    channels = [{"channel_no": n, "channel": way} for n, way in enumerate(ways, start=1)]
    made.lay("channels", [{"channel_no": 0, "channel": "(no channel)"}, *channels])
    signed = [
        {"signature_key": one["touchpoint_no"], "event": one["touchpoint"]} for one in touchpoints
    ]
    made.lay(
        "event_signatures",
        [{**one, "touchpoint_no": one["signature_key"]} for one in signed],
    )
    records = [
        {
            "event_no": n,
            "occurred_us": moment,
            "signature_key": names.index(event.what) + 1,
            "source_no": 1,
            "sequence": event.order,
        }
        for n, (event, moment) in enumerate(zip(log, moments, strict=True), start=1)
    ]
    made.lay("loaded_events", records)
    made.lay("clean_events", records)
    details = [
        {**event.details, "event_no": n} for n, event in enumerate(log, start=1) if event.details
    ]
    made.lay("event_details", details)
    owned = _owned(log, moments, people, names, ways)
    made.lay("ordered_events", owned)
    made.lay(
        "numbered_customers",
        [{"customer_no": n, "customer_id": who} for n, who in enumerate(people, start=1)],
    )
    made.lay(
        "customers",
        [
            {
                "customer_no": n,
                "customer_id": who,
                "events": sum(one["customer_no"] == n for one in owned),
            }
            for n, who in enumerate(people, start=1)
        ],
    )
    for name in _EMPTY:
        made.lay(name, [])
    return made


def _owned(
    log: Sequence[Event],
    moments: Sequence[int],
    people: Sequence[str],
    names: Sequence[str],
    ways: Sequence[str],
) -> list[dict[str, Any]]:
    """The events of customers, in their order."""
    owned: list[dict[str, Any]] = []
    for who in people:
        mine = sorted((moments[n], n) for n, event in enumerate(log) if event.who == who)
        session, before = 1, None
        for position, (moment, n) in enumerate(mine, start=1):
            gap = None if before is None else moment - before[0]
            session += gap is not None and gap > 1_800_000_000
            channel = log[n].channel
            owned.append(
                {
                    "customer_no": people.index(who) + 1,
                    "position": position,
                    "event_no": n + 1,
                    "occurred_us": moment,
                    "gap_us": gap,
                    "session_no": session,
                    "touchpoint_no": names.index(log[n].what) + 1,
                    "previous_touchpoint_no": before and before[1],
                    "channel_no": ways.index(channel) + 1 if channel else 0,
                }
            )
            before = (moment, names.index(log[n].what) + 1)
    return owned
