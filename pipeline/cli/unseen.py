"""Notes on events that no figure of journeys sees, and on those that bend all of them."""

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
# Late ones do harm where they set the as-of moment, early ones where nothing says since when.
_STRAYS = """
select
    gap.source,
    gap.is_late,
    max(gap.strays),
    max(source.rows_loaded),
    max_by(gap.days, gap.strays),
    strftime(max(as_of.as_of_at), '%Y-%m-%d'),
    strftime(max(source.first_at), '%Y-%m-%d')
from source_gaps as gap
inner join source_quality as source on source.source = gap.source
inner join cfg_sources as known on known.source = gap.source
cross join cfg_settings as setting
cross join as_of
where
    gap.strays > 0
    and case
        when gap.is_late then source.last_at = as_of.as_of_at and setting.as_of_us is null
        else known.recorded_since_us is null
    end
group by gap.source, gap.is_late
order by gap.source, gap.is_late
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


def strays(built: Warehouse) -> list[str]:
    """Return the sources of which a few events lie far from all others, and bend figures so."""
    found: list[str] = []
    for source, is_late, events, loaded, days, until, since in built.rows(_STRAYS):
        where = "after" if is_late else "before"
        bent = (
            f"they set the as-of moment, {until}, so that whoever came before looks silent; where "
            "their clock is wrong, set plausible_to, or as_of"
            if is_late
            else f"they begin the record, {since}, so that no journey looks left-truncated; where "
            "their clock is wrong, set plausible_from, or recorded_since"
        )
        found.append(
            f"source {source!r}: {events:,} of {loaded:,} events lie {days:,} days {where} all "
            f"others: {bent}"
        )
    return found
