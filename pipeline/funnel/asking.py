"""Funnels as rows: what the models under `sql/questions` are asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ..errors import DataError
from ..questions import Scope, answer, chosen_map, length, scope_rows
from ..questions.answering import Rows
from ..values import moment
from ..warehouse import Warehouse
from .choosing import Choosing
from .definition import Exclusion, Funnel, Step
from .moves import MOST_AT_ONCE, MOST_STEPS, Row, ordered_moves, subsets
from .presets import STOPS, Rules

MOST_VALUES = 20
_ENTERED = -1  # the step whose value counts is the one entered at
_CONTESTED = """
select distinct one.item_no, other.item_no
from funnel_touchpoints as one
inner join funnel_touchpoints as other on other.touchpoint_no = one.touchpoint_no
"""


def funnel_rows(warehouse: Warehouse, funnels: Sequence[Funnel]) -> Rows:
    """Return the rows of every asked model behind the funnels, which are numbered from 1.

    Raises DataError for a step, a rule or a scope that makes no sense here.
    """
    choosing = Choosing(warehouse)
    items: dict[str, int] = {}
    roles = [_roles(funnel, items, choosing) for funnel in funnels]
    chosen: Rows = {
        "asked_selectors": choosing.selector_rows,
        "asked_conditions": choosing.condition_rows,
        "asked_properties": choosing.property_rows(),
    }
    answer(warehouse, ["funnel_touchpoints"], chosen)
    meeting = set(warehouse.rows(_CONTESTED))
    asked: dict[str, list[Row]] = {
        name: []
        for name in (
            *(
                "asked_funnels",
                "asked_funnel_steps",
                "asked_funnel_roles",
                "asked_funnel_breakdowns",
            ),
            *("asked_funnel_moves", "asked_funnel_taken", "asked_funnel_sets"),
        )
    }
    scopes: list[Scope] = []
    for funnel_no, (funnel, own_roles) in enumerate(zip(funnels, roles, strict=True), start=1):
        own_items = [item_no for item_no, is_exclusion, *_ in own_roles if not is_exclusion]
        contested = any(
            (one, other) in meeting
            for place, one in enumerate(own_items)
            for other in own_items[place + 1 :]
        )
        told = _told(warehouse, funnel, choosing, _group(funnel.scope, scopes), contested)
        for name, rows in {**told, "asked_funnel_roles": own_roles}.items():
            asked[name] += [(funnel_no, *row) for row in rows]
    return {
        **asked,
        **scope_rows(warehouse, *scopes),
        **chosen,
        "asked_properties": choosing.property_rows(),
        "asked_event_names": choosing.event_names(),
    }


def _roles(funnel: Funnel, items: dict[str, int], choosing: Choosing) -> list[Row]:
    """What the sets of selectors are to the funnel; each set is asked once for all funnels."""
    steps, rules = funnel.written(), funnel.settled()
    _check(steps, rules)
    found: list[Row] = []
    for number, step in enumerate(steps, start=1):
        item_no = _item(items, choosing, step.any_of, f"step {number} {step.name!r}", funnel)
        found.append((item_no, False, number, number))
    for one in funnel.exclusions:
        exclusion = _exclusion(one, len(steps))
        last = len(steps) + 1 if rules.order == "any" else exclusion.before_step or len(steps)
        if rules.order == "any" and (exclusion.after_step or exclusion.before_step):
            raise DataError(
                f"exclusion {exclusion.any_of}: in any order there is no step before or after; "
                "let it hold for the whole funnel"
            )
        item_no = _item(items, choosing, exclusion.any_of, f"exclusion {one!r}", funnel)
        found.append((item_no, True, exclusion.after_step or 1, last))
    return found


def _item(
    items: dict[str, int], choosing: Choosing, any_of: Any, where: str, funnel: Funnel
) -> int:
    key = f"{where} {any_of!r}"
    if key not in items:
        items[key] = len(items) + 1
        choosing.add(items[key], any_of, where, may_miss=funnel.may_miss)
    return items[key]


def _exclusion(one: Exclusion | str, steps: int) -> Exclusion:
    if isinstance(one, str):
        found = re.fullmatch(r"(.*?)\s*\[(\d+)-(\d+)\]", one.strip(), re.DOTALL)
        one = Exclusion([found[1]], int(found[2]), int(found[3])) if found else Exclusion([one])
    first, last = one.after_step or 1, one.before_step or steps
    if not 1 <= first < last <= steps:
        if steps == 1:
            raise DataError(
                f"exclusion {one.any_of}: a funnel of one step has nothing in between; leave it out"
            )
        raise DataError(
            f"exclusion {one.any_of}: between steps {first} and {last} there is nothing; "
            f"name two steps of 1 to {steps}, the first one first"
        )
    return one


def _check(steps: Sequence[Step], rules: Rules) -> None:
    if len(steps) > MOST_STEPS:
        raise DataError(f"{len(steps)} steps: a funnel has {MOST_STEPS} at the most")
    if steps[-1].optional:
        raise DataError(f"step {len(steps)} {steps[-1].name!r}: the last step is never optional")
    if rules.order != "any":
        return
    for number, step in enumerate(steps, start=1):
        if step.optional or step.within or step.after:
            raise DataError(
                f"step {number} {step.name!r}: in any order a step is neither optional nor has a "
                "time of its own; ask for order 'ordered', or leave that out"
            )
    if rules.window == "step" or rules.entry == "any step":
        raise DataError(
            "in any order there is no step before: ask for window 'total' and entry 'first step'"
        )
    if rules.unit == "attempt":
        raise DataError("in any order there are no attempts: ask for unit 'customer' or 'session'")


def _group(scope: Scope, scopes: list[Scope]) -> int:
    """The number of the scope among those that narrow; 0 where it narrows nothing."""
    if scope.is_whole:
        return 0
    if scope not in scopes:
        scopes.append(scope)
    return scopes.index(scope) + 1


def _told(
    warehouse: Warehouse, funnel: Funnel, choosing: Choosing, group_no: int, contested: bool
) -> dict[str, list[Row]]:
    """The rows of one funnel, without its number."""
    steps, rules = funnel.written(), funnel.settled()
    zone = ZoneInfo(str(warehouse.scalar("select timezone from cfg_settings")))
    since, until = _since(funnel.since, "from", zone), _since(funnel.until, "to", zone, end=True)
    written = isinstance(funnel.since, str) and isinstance(funnel.until, str)
    if written and since is not None and until is not None and since >= until:
        raise DataError(f"from {funnel.since} to {funnel.until}: the end is before the beginning")
    within = _within(warehouse, funnel.scope, rules)
    hold_no = None
    if funnel.hold is not None:
        hold_no = choosing.property_no(funnel.hold, "hold", everywhere=True)
    own: Row = (
        group_no,
        len(steps),
        rules.order,
        funnel.anchored,
        rules.entry == "any step",
        contested,
        rules.ties,
        length(rules.grace, "grace") if rules.ties == "any" else 0,
        rules.shared,
        rules.reentry,
        rules.unit,
        within if rules.window == "total" else None,
        since,
        until,
        rules.range == "events",
        hold_no,
        rules.exclusion == "drops",
        *(what in rules.stops for what in STOPS),
        rules.unfinished == "open",
    )
    told: dict[str, list[Row]] = {"asked_funnels": [own]}
    each_within = within if rules.window == "step" else None
    moves: list[Row] = []
    if rules.order != "any":
        found = ordered_moves(steps, rules, each_within, contested=contested)
        moves = found.moves
        told |= {
            "asked_funnel_moves": moves,
            "asked_funnel_taken": found.taken,
            "asked_funnel_sets": found.sets,
        }
    elif contested and not rules.shared:
        told["asked_funnel_sets"] = _any_sets(steps, funnel.anchored)
    told["asked_funnel_steps"] = [
        (number, name, step.optional, *_around(number, steps, moves))
        for number, (name, step) in enumerate(
            zip(_row_names(steps, rules, funnel), steps, strict=True), start=1
        )
    ]
    if funnel.by is not None:
        told["asked_funnel_breakdowns"] = [_breakdown(warehouse, funnel, len(steps), choosing)]
    return told


def _row_names(steps: Sequence[Step], rules: Rules, funnel: Funnel) -> list[str]:
    """What rows are called: by their steps, but in any order by how many of them are done."""
    names = [str(step.name) for step in steps]
    if rules.order != "any" or len(names) == 1:
        return names
    last, others = f"all {len(names)}", len(names) - 1
    if not funnel.anchored:
        return [*(f"any {number} of {len(names)}" for number in range(1, len(names))), last]
    return [names[0], *(f"{names[0]} and any {no} of {others}" for no in range(1, others)), last]


def _any_sets(steps: Sequence[Step], anchored: bool) -> list[Row]:
    free = range(2 if anchored else 1, len(steps) + 1)
    if len(free) > MOST_AT_ONCE:
        raise DataError(
            f"{len(free)} steps in any order of which some choose the same events: more than "
            f"{MOST_AT_ONCE} cannot be told apart; ask for fewer, or let events be shared"
        )
    return [(0, 0, number, len(each), one) for number, each in subsets(free) for one in each]


def _around(
    number: int, steps: Sequence[Step], moves: Sequence[Row]
) -> tuple[int | None, int | None]:
    """The last needed step before one, and the longest time that a step may take from it."""
    before = [one for one in range(1, number) if not steps[one - 1].optional]
    longest = [move[6] for move in moves if move[0] == number]
    leave = None if not longest or None in longest else max(longest)
    return (before[-1] if before else None, leave)


def _within(warehouse: Warehouse, scope: Scope, rules: Rules) -> int | None:
    if rules.within != "map":
        return length(rules.within, "within")
    map_no, _ = chosen_map(warehouse, scope.map_name)
    query = "select within_us from cfg_maps where map_no = $map_no"
    found: int = warehouse.scalar(query, {"map_no": map_no})
    return found


def _breakdown(warehouse: Warehouse, funnel: Funnel, steps: int, choosing: Choosing) -> Row:
    """Whose value counts: that of a segment, else that of a column, at which step."""
    taken = {"first": _ENTERED, "last": 0}.get(str(funnel.attribution))
    if taken is None:
        text = str(funnel.attribution)
        if not text.isdigit() or not 1 <= int(text) <= steps:
            raise DataError(
                f"attribution {text!r}: write first, last, or the number of a step, 1 to {steps}"
            )
        taken = int(text)
    query = "select segment_no from segment_values where segment = $segment limit 1"
    segment_no = warehouse.scalar(query, {"segment": funnel.by})
    map_no, _ = chosen_map(warehouse, funnel.scope.map_name)
    property_no, where = None, "by"
    if segment_no is not None and taken != _ENTERED:
        segment_no = None
        where = "by: a segment has the value of the journey entered, so attribution is of columns"
    if segment_no is None:
        property_no = choosing.property_no(str(funnel.by), where, everywhere=True)
    return map_no, segment_no, property_no, taken, MOST_VALUES


def _since(value: Any, where: str, zone: ZoneInfo, *, end: bool = False) -> int | None:
    """The moment in microseconds; an end is the first moment that no longer counts."""
    if value is None:
        return None
    try:
        found = moment(value, zone)  # by the clock of the periods
    except ValueError as error:
        raise DataError(f"{where}: {error}") from None
    assert isinstance(found, datetime)
    whole_day = (isinstance(value, date) and not isinstance(value, datetime)) or (
        isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value.strip())
    )
    if end:
        found += timedelta(days=1) if whole_day else timedelta(microseconds=1)
    return (found - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
