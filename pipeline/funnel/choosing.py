"""What steps choose, resolved against a warehouse: names that exist, columns that exist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pyarrow as pa

from ..errors import DataError, nearest
from ..project import COLUMNS
from ..settings import as_number, json_path, like_pattern
from ..warehouse import Warehouse
from .definition import Conditions
from .syntax import BARE, Condition, Selector, exactly, matches, selectors

NAMED = ("touchpoint", "stage", "channel", "source", "event")
DETAILS = (
    "session_key",
    "value",
    "currency",
    "order_id",
    "cost",
    "campaign",
    "device",
    "country",
    "direction",
    "actor",
    "score_type",
    "score",
    "sentiment",
    "duration_s",
)
_NAMES = """
select loaded.event_no, loaded.event
from loaded_events as loaded
inner join event_signatures as signature on signature.signature_key = loaded.signature_key
where signature.touchpoint_no in (select unnest($touchpoints))
"""


@dataclass
class Choosing:
    """The selectors of a question, as rows, and the properties that they look at."""

    warehouse: Warehouse
    properties: dict[str, int] = field(default_factory=dict)
    selector_rows: list[tuple[int, int, int, int]] = field(default_factory=list)
    condition_rows: list[tuple[object, ...]] = field(default_factory=list)
    unclear: set[int] = field(default_factory=set)
    read: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.names: dict[str, list[str]] = {
            "touchpoint": self._listed(
                "select touchpoint from touchpoint_names "
                "union select touchpoint from cfg_touchpoints"
            ),
            "stage": self._listed(
                "select stage from touchpoint_names union select stage from cfg_touchpoints"
            ),
            "channel": self._listed("select channel from channels where channel_no > 0"),
            "source": self._listed("select source from cfg_sources"),
            "event": self._listed("select distinct event from event_signatures"),
        }
        self.events: dict[tuple[int, str], set[str]] = {}
        for number, name, event in self.warehouse.rows(
            "select distinct touchpoint_no, touchpoint, event from event_signatures"
        ):
            self.events.setdefault((number, name), set()).add(event)

    def _listed(self, query: str) -> list[str]:
        return sorted(name for (name,) in self.warehouse.rows(query) if name is not None)

    def add(
        self,
        item_no: int,
        any_of: Sequence[Conditions | str],
        where: str,
        *,
        may_miss: bool = False,
    ) -> None:
        """Add the rows of a step or an exclusion; `where` is what an error calls it."""
        self.may_miss = may_miss
        found: list[Selector] = []
        for one in any_of:
            found += self._written(one, where)
        if not found:
            raise DataError(f"{where}: it chooses nothing; name a touchpoint, a stage or an event")
        for selector_no, selector in enumerate(found, start=1):
            resolved = [one for each in selector for one in self._resolved(each, where)]
            on_names = sum(one.column in ("touchpoint", "stage") for one in resolved)
            self.selector_rows.append((item_no, selector_no, len(resolved), on_names))
            for condition_no, condition in enumerate(resolved, start=1):
                read = condition.column not in ("touchpoint", "stage")
                property_no = self.property_no(condition.column, where, read=read)
                key = (item_no, selector_no, condition_no, property_no, condition.comparison)
                for pattern in condition.patterns or (None,):
                    self.condition_rows.append((*key, pattern, condition.number))

    def _written(self, one: Conditions | str, where: str) -> Sequence[Selector]:
        if isinstance(one, str):
            known = {*self.names["touchpoint"], *self.names["stage"], *self.names["event"]}
            if one in known:
                return [(Condition(BARE, "like", (exactly(one),), None, one),)]
            try:
                return selectors(one)
            except DataError as error:
                raise DataError(f"{where}: {error}") from None
        return [
            tuple(
                Condition(
                    column,
                    "like",
                    tuple(
                        like_pattern(as_number(column, glob))
                        for glob in ([globs] if isinstance(globs, str) else globs)
                    ),
                    None,
                    f"{column}={globs}",
                )
                for column, globs in one.items()
            )
        ]

    def _resolved(self, condition: Condition, where: str) -> list[Condition]:
        if condition.column == BARE:
            kinds = ("touchpoint", "stage", "event")
            kind = next((kind for kind in kinds if self._any(condition, kind)), None)
            if kind is None and self.may_miss:
                kind = "touchpoint"
            if kind is None:
                names = [name for each in kinds for name in self.names[each]]
                raise DataError(
                    f"{where}: there is no touchpoint, stage or event {condition.text!r}; "
                    f"{nearest(condition.text, names)}"
                )
            condition = replace(condition, column=kind)
        elif (
            condition.column in NAMED
            and condition.comparison == "like"
            and not self.may_miss
            and not self._any(condition, condition.column)
        ):
            hint = nearest(condition.text.partition("=")[2].strip(), self.names[condition.column])
            raise DataError(f"{where}: nothing has {condition.text}; {hint}")
        return self._on_touchpoints(condition) if condition.column == "event" else [condition]

    def _any(self, condition: Condition, kind: str) -> bool:
        return any(matches(p, name) for p in condition.patterns for name in self.names[kind])

    def _on_touchpoints(self, condition: Condition) -> list[Condition]:
        """An event is told by its touchpoint, unless that has events of other names too."""
        wanted = condition.comparison == "like"
        chosen = {
            key: found
            for key, events in self.events.items()
            if (
                found := {
                    e for e in events if any(matches(p, e) for p in condition.patterns) == wanted
                }
            )
        }
        patterns = tuple(exactly(name) for _, name in sorted(chosen))
        told = replace(condition, column="touchpoint", comparison="like", patterns=patterns)
        if all(found == self.events[key] for key, found in chosen.items()):
            return [told]
        self.unclear |= {number for number, _ in chosen}
        return [told, condition]

    def property_no(
        self, column: str, where: str, *, everywhere: bool = False, read: bool = True
    ) -> int:
        """Return the number of a column; raises DataError where no event has it.

        `everywhere`: its value is needed of any event; `read`: of some, else of touchpoints alone.
        """
        if read:
            self.read.add(column)
        if column not in self.properties:
            if column == "event" and everywhere:
                self.unclear = {number for number, _ in self.events}
            if column not in (*NAMED, *DETAILS) and not self._is_kept(column):
                known = [*NAMED, *DETAILS, *self._kept()]
                raise DataError(f"{where}: there is no column {column!r}; {nearest(column, known)}")
            self.properties[column] = len(self.properties) + 1
        return self.properties[column]

    def _is_kept(self, column: str) -> bool:
        if column in COLUMNS:
            return False
        query = (
            "select 1 from event_details "
            "where json_extract_string(attributes, $path) is not null limit 1"
        )
        return self.warehouse.scalar(query, {"path": json_path(column)}) is not None

    def _kept(self) -> list[str]:
        return self._listed(
            "select distinct unnest(json_keys(attributes)) from "
            "(select attributes from event_details where attributes is not null limit 10000)"
        )

    def property_rows(self) -> list[tuple[int, str, str | None, bool]]:
        """Return the rows of `asked_properties`."""
        return [
            (
                number,
                column,
                None if column in (*NAMED, *DETAILS) else json_path(column),
                column in self.read,
            )
            for column, number in self.properties.items()
        ]

    def event_names(self) -> pa.Table | list[tuple[int, str]]:
        """Return the names of the events whose touchpoint does not tell them."""
        if not self.unclear:
            return []
        return self.warehouse.arrow(_NAMES, {"touchpoints": sorted(self.unclear)})
