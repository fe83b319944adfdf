"""Notes on events that no figure of journeys sees: without an id, or after the as-of moment."""

from __future__ import annotations

from ..warehouse import Warehouse

_MANY = 0.05
"""The share of the events of a source from which on it is told."""
_UNSEEN = """
select
    source.source,
    source.events_after_as_of,
    source.unidentified_events,
    source.rows_loaded,
    strftime(as_of.as_of_at, '%Y-%m-%d %H:%M'),
    setting.as_of_us is not null
from source_quality as source
cross join as_of
cross join cfg_settings as setting
order by source.source
"""


def unseen(built: Warehouse) -> list[str]:
    """Return the sources of which many events are in no journey, though some events are."""
    found: list[str] = []
    if not built.scalar("select count(*) from customers"):
        return found
    for source, late, nobody, loaded, until, is_set in built.rows(_UNSEEN):
        if late > _MANY * loaded:
            found.append(
                f"source {source!r}: {late:,} of {loaded:,} events lie after the as-of moment, "
                f"{until} UTC, and are in no journey; "
                + (
                    "the project file sets it"
                    if is_set
                    else "set as_of, or required = false for sources that end there"
                )
            )
        if nobody > _MANY * loaded:
            found.append(
                f"source {source!r}: {nobody:,} of {loaded:,} events carry no id of a customer, "
                "and are in no journey"
            )
    return found
