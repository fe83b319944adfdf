"""Names in a question: the touchpoints that they mean."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from ..errors import DataError, nearest
from ..warehouse import Warehouse


def named_touchpoints(warehouse: Warehouse, names: Iterable[str]) -> list[int]:
    """Return the touchpoints that the names mean, sorted; raises DataError for an unknown name.

    A name is that of a touchpoint, else of a stage, else of an event of the exports that is alone
    in its touchpoints.
    """
    touchpoints: dict[str, set[int]] = {}
    stages: dict[str, set[int]] = {}
    for number, touchpoint, stage in warehouse.rows(
        "select touchpoint_no, touchpoint, stage from touchpoint_names order by all"
    ):
        touchpoints.setdefault(touchpoint, set()).add(number)
        stages.setdefault(stage, set()).add(number)
    events: dict[str, set[int]] = {}
    others: dict[int, set[str]] = {}
    for event, number in warehouse.rows(
        "select distinct event, touchpoint_no from event_signatures order by all"
    ):
        events.setdefault(event, set()).add(number)
        others.setdefault(number, set()).add(event)
    found: set[int] = set()
    for name in names:
        numbers = touchpoints.get(name) or stages.get(name) or events.get(name)
        if numbers is None:
            known = {*touchpoints, *(stage for stage in stages if stage), *events}
            hint = nearest(name, known)
            if name in unmet_names(warehouse):
                raise DataError(f"{name!r}: no event is one, so it tells nothing; {hint}")
            raise DataError(f"{name!r} is no touchpoint, stage or event; {hint}")
        is_event = name not in touchpoints and name not in stages
        mixed = [one for one in sorted(numbers) if is_event and len(others[one]) > 1]
        if mixed:
            called = next(key for key, held in touchpoints.items() if mixed[0] in held)
            raise DataError(
                f"{name!r}: events of this name are in touchpoint {called!r} together with others; "
                "ask for the touchpoint, or give the event a touchpoint of its own"
            )
        found |= numbers
    return sorted(found)


def unmet_names(warehouse: Warehouse) -> frozenset[str]:
    """Touchpoints that the project file declares and no event is of, and the stages of these."""
    asked = """
        select unnest([touchpoint, stage]) from cfg_touchpoints
        except
        select unnest([touchpoint, stage]) from touchpoint_names
    """
    with suppress(DataError):  # of a warehouse that holds some of the tables only
        return frozenset(name for (name,) in warehouse.rows(asked) if name is not None)
    return frozenset()
