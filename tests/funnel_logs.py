"""Logs for funnels: many drawn cases in one warehouse, and a plain second way to count a funnel."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline.funnel import Exclusion, Funnel, Step
from pipeline.warehouse import Warehouse

from .conftest import toml, warehouse_in, write_csv

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
HEADER = ("who", "at", "what", "campaign")


def at(seconds: float) -> str:
    """The moment so many seconds after the first of January."""
    return (EPOCH + timedelta(seconds=seconds)).isoformat()


def warehouse_of(
    folder: Path, rows: Iterable[Sequence[Any]], *, as_of: str | None = None
) -> Warehouse:
    """Return the warehouse of a log in which every event is a touchpoint of its own name."""
    write_csv(folder / "log.csv", HEADER, [(*row, "")[:4] for row in rows])
    declared = f'as_of = "{as_of}"' if as_of else ""
    columns = 'user_id = "who"\noccurred_at = "at"\nevent = "what"\ncampaign = "campaign"'
    project = toml(extra=declared, source_extra='dedupe = "none"', columns=columns)
    return warehouse_in(folder, project)


@dataclass(frozen=True)
class Case:
    """A published case: events in, counts out."""

    name: str
    question: Mapping[str, Any]
    expected: Mapping[str, Any]
    events: Sequence[tuple[str, str, str | int]]

    def rows(self) -> Iterator[tuple[str, str, str]]:
        """Its events; names carry the case's own, so that many cases share a warehouse."""
        same = self.question.get("identity_map", {})
        for customer, event, moment in self.events:
            time = at(moment) if isinstance(moment, int) else moment
            yield f"{self.name}/{same.get(customer, customer)}", time, f"{self.name}/{event}"

    def funnel(self) -> Funnel:
        """The question as a funnel."""
        names = [f"{self.name}/{step}" for step in self.question["steps"]]
        steps = [Step([{"touchpoint": name}]) for name in names]
        if self.question["kind"] == "windowFunnel":
            own = MODES[tuple(self.question["modes"])]
            return Funnel(
                steps,
                rules="clickhouse",
                may_miss=True,
                within=f"{self.question['window']} s",
                **own,
            )
        order = {"unordered": "any"}.get(self.question["order"], self.question["order"])
        exclusions = [
            Exclusion([{"touchpoint": f"{self.name}/{x['event']}"}], x["from"] + 1, x["to"] + 1)
            for x in self.question.get("exclusions", [])
        ]
        return Funnel(
            steps,
            rules="posthog",
            may_miss=True,
            order=order,
            within=f"{self.question['window_seconds']} s",
            exclusions=exclusions,
        )


MODES: dict[tuple[str, ...], dict[str, Any]] = {
    (): {},
    ("strict_increase",): {"ties": "increasing"},
    ("strict_once",): {"shared": False},
    ("strict_order",): {"stops": ("foreign", "early")},
    ("strict_order", "allow_reentry"): {"stops": ("foreign",)},
    ("strict_deduplication",): {"stops": ("repeat",)},
}


def carried_cases() -> list[Case]:
    """Return the published cases whose facts are carried here."""
    path = Path(__file__).with_name("funnel_cases.json")
    return [
        Case(**{**told, "events": [tuple(event) for event in told["events"]]})
        for told in json.loads(path.read_text(encoding="utf-8"))
    ]


def cases_in(folder: Path) -> list[Case]:
    """Return the published cases of a folder."""
    found = []
    for path in sorted([*folder.glob("ph_funnel_*"), *folder.glob("ch_wf_*")]):
        with (path / "events.csv").open(encoding="utf-8", newline="") as file:
            events = [
                (row["customer_id"], row["event"], row.get("timestamp") or int(row["ts"]))
                for row in csv.DictReader(file)
            ]
        question, expected = (
            json.loads((path / name).read_text(encoding="utf-8"))
            for name in ("question.json", "expected.json")
        )
        found.append(Case(path.name, question, expected, events))
    return found
