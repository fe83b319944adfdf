"""What a reader must know before believing the figures: one sentence each, from the tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..warehouse import Warehouse
from .show import say
from .unseen import strays, unseen

_UNREACHED = """
select map_name, goal
from cfg_maps as map
where not exists (
    select *
    from cfg_map_roles as role
    inner join touchpoint_rules as rule
        on role.target = case role.target_kind when 'stage' then rule.stage else rule.touchpoint end
    where role.map_no = map.map_no and role.role = 'goal' and rule.events > 0
)
order by map_no
"""

_EMPTY = """
select map.map_name, as_of.as_of_us < as_of.first_us
from cfg_maps as map
cross join as_of
where
    not exists (select 1 from journey_facts as fact where fact.map_no = map.map_no)
    and exists (select 1 from input_files where rows_loaded > 0)
order by map.map_no
"""

# With few moves, or few touchpoints, the order is chance.
_ILL_ORDERED = """
select map_name, rho, touchpoints
from stage_map_check
where rho < 0.8 and touchpoints >= 5 and moves >= 30
order by map_name
"""

_TRUNCATED = """
select
    map.map_name,
    first.stage,
    count(case when fact.truncated_by = 'window' then 1 end),
    count(case when fact.truncated_by = 'stage' then 1 end)
from cfg_maps as map
inner join cfg_map_stages as first on first.map_no = map.map_no and first.stage_no = 1
left join journey_facts as fact on fact.map_no = map.map_no
group by map.map_name, first.stage
"""

# Where nobody was counted as lost in silence, it does not matter how long a silence is.
_SILENCES = """
select horizon.map_name, horizon.stage, horizon.is_identified, horizon.return_risk,
    horizon.horizon_days, map.within_us / 86400000000.0 as within_days
from silence_horizons as horizon
inner join cfg_maps as map on map.map_no = horizon.map_no
inner join stage_counts as counted
    on counted.map_no = horizon.map_no and counted.stage_no = horizon.stage_no
    and counted.segment_no = 0
where not horizon.is_drop_identified and counted.dropped_silent > 0
order by horizon.map_no, horizon.stage_no
"""

# Where exports say who turned to whom: touchpoints that are always the sender's doing, and whose
# sessions seldom hold anything else.
_SENT = """
select named.touchpoint, begun.sessions
from (
    select first_touchpoint_no as touchpoint_no, count(*) as sessions
    from session_sums
    group by first_touchpoint_no
    having 2 * count(case when events = 1 then 1 end) > count(*)
) as begun
inner join (
    select event.touchpoint_no, count(*) as events
    from event_details as detail
    inner join ordered_events as event on event.event_no = detail.event_no
    where lower(detail.direction) = 'outbound'
    group by event.touchpoint_no
) as sent on sent.touchpoint_no = begun.touchpoint_no
inner join touchpoints as named
    on named.touchpoint_no = begun.touchpoint_no and named.events = sent.events
order by begun.sessions desc, named.touchpoint
"""


_REJECTED = """
select files.path, files.rows_rejected, files.rows_read, told.reason, told.column_name
from input_files as files
inner join (
    select
        file_no,
        reason,
        column_name,
        row_number() over (
            partition by file_no order by count(*) desc, reason, column_name
        ) as place
    from rejected_rows
    where row_no > 0
    group by file_no, reason, column_name
) as told on told.file_no = files.file_no and told.place = 1
where files.rows_rejected > 0.1 * files.rows_read and files.fault is null
order by files.path
"""


def _files(built: Warehouse) -> list[str]:
    found = [
        f"{path} could not be read: {fault}; "
        + ("mend its permissions" if "Permission denied" in fault else "export it again")
        for path, fault in built.rows(
            "select path, fault from input_files where fault is not null order by path"
        )
    ]
    for path, rejected, read, reason, column in built.rows(_REJECTED):
        where = f" in {column}" if column else ""
        found.append(
            f"{path}: {rejected:,} of {read:,} records were rejected, most often for "
            f"{reason}{where}; a run keeps them in rejected_rows, and counts them in reject_reasons"
        )
    empty = "select path from input_files where rows_read = 0 and fault is null order by path"
    return found + [f"{path} holds no records" for (path,) in built.rows(empty)]


def _links(built: Warehouse) -> list[str]:
    unmet, links = built.rows(
        "select count(case when near.id_no is null or far.id_no is null then 1 end), count(*) "
        "from declared_links as declared "
        "left join identity_ids as near "
        "on near.kind = declared.kind and near.value = declared.value "
        "left join identity_ids as far "
        "on far.kind = declared.other_kind and far.value = declared.other_value"
    )[0]
    if not unmet:
        return []
    return [
        f"{unmet:,} of {links:,} declared links name an id that no event carries, or that links "
        "nobody; they join nothing"
    ]


def _maps(built: Warehouse) -> list[str]:
    unreached = dict(built.rows(_UNREACHED))
    found = [
        f"map {name!r}: there is no journey, though there are events: "
        + (
            "all lie after the as-of moment"
            if late
            else "none of a known customer is where its journeys start"
        )
        for name, late in built.rows(_EMPTY)
    ]
    found += [
        f"map {name!r}: no event is its goal {goal!r}, so nobody can reach it and its figures "
        "say nothing; give the goal's stage to an event, or choose another goal"
        for name, goal in unreached.items()
    ]
    remedies = _remedies(built)
    for row in built.frame("from map_summary").to_dict("records"):
        where = f"map {row['map_name']!r}"
        if row["map_name"] not in unreached and not row["converted"]:
            found.append(f"{where}: no journey reaches the goal")
        if row["unmapped_share"] and row["unmapped_share"] > 0.1:
            found.append(
                f"{where}: {row['unmapped_share']:.0%} of the steps match no touchpoint rule; "
                "'squiggle check' lists their events"
            )
        if row["left_truncated_share"] and row["left_truncated_share"] > 0.2:
            found.append(
                f"{where}: {row['left_truncated_share']:.0%} of the journeys may have begun before "
                f"the data; {remedies[row['map_name']]}"
            )
    for name, rho, touchpoints in built.rows(_ILL_ORDERED):
        found.append(
            f"map {name!r}: customers do not move in the order of its stages (rank correlation "
            f"{rho:.2f} over {touchpoints} touchpoints, 0.8 is expected); compare the order of the "
            "stages with the table found_order"
        )
    return found


def _remedies(built: Warehouse) -> dict[str, str]:
    """What can be done in each map where beginnings may be missing: it depends on why."""
    return {
        name: "set recorded_since where you know better"
        if window >= stage
        else f"most of them are first seen beyond {first!r}: are the sources of that stage there?"
        for name, first, window, stage in built.rows(_TRUNCATED)
    }


def _silences(built: Warehouse) -> list[str]:
    unknown: dict[tuple[str, float], list[str]] = {}
    early = []
    for name, stage, identified, risk, days, within in built.rows(_SILENCES):
        if identified and risk is not None:
            early.append(
                f"map {name!r}: at {stage!r}, {risk:.0%} of those silent for {days:g} days still "
                'come back; declare a longer silence, or set horizon = "found"'
            )
        else:
            unknown.setdefault((name, within), []).append(stage)
    return early + [
        f"map {name!r}: drop-off is not identifiable at {', '.join(map(repr, stages))}, only "
        f"progress within {within:g} {'day' if within == 1 else 'days'}: the data do not tell "
        "silence from loss there (table silence_horizons)"
        for (name, within), stages in unknown.items()
    ]


def _rules(built: Warehouse) -> list[str]:
    listed = (
        "select touchpoint from touchpoint_rules where status = $status "
        "union all select channel from channel_rules where status = $status"
    )
    silent = [name for (name,) in built.rows(listed, {"status": "never fires"})]
    shadowed = [name for (name,) in built.rows(listed, {"status": "shadowed"})]
    found = []
    if silent:
        found.append("rules that never fire: " + ", ".join(map(repr, silent)))
    if shadowed:
        found.append("rules that earlier ones leave nothing to: " + ", ".join(map(repr, shadowed)))
    return found


def _sessions(built: Warehouse) -> list[str]:
    sent = built.rows(_SENT)
    begun = sum(sessions for _, sessions in sent)
    counted = built.scalar("select count(*) from session_sums")
    if not counted or begun <= 0.01 * counted:
        return []
    names = ", ".join(repr(name) for name, _ in sent)
    return [
        f"{begun:,} of {counted:,} sessions begin with what the export calls outbound, and most of "
        f"them hold nothing else ({names}); where the customer has no part in it, list it as "
        "passive under [session]"
    ]


def _customers(built: Warehouse) -> list[str]:
    found = []
    if not built.scalar("select count(*) from customers"):
        found.append(
            "no event carries the id of a customer, so there are no journeys; map user_id, email "
            "or another id under [source.columns]"
        )
    return found


def _ties(built: Warehouse) -> list[str]:
    tied = built.scalar("select max(tie_share) from map_summary")
    if not tied or tied <= 0.05:
        return []
    return [f"{tied:.0%} of the events share their time with another of the customer"]


TOLD: Mapping[Callable[[Warehouse], list[str]], tuple[str, ...]] = {
    _files: ("input_files", "rejected_rows"),
    _links: ("declared_links", "identity_ids"),
    _maps: (
        *("as_of", "cfg_map_roles", "cfg_map_stages", "cfg_maps", "input_files", "journey_facts"),
        *("map_summary", "stage_map_check", "touchpoint_rules"),
    ),
    _silences: ("cfg_maps", "silence_horizons", "stage_counts"),
    _rules: ("channel_rules", "touchpoint_rules"),
    _sessions: ("event_details", "ordered_events", "session_sums", "touchpoints"),
    unseen: ("as_of", "cfg_settings", "customers", "source_quality"),
    strays: ("as_of", "cfg_settings", "cfg_sources", "source_gaps", "source_quality"),
    _customers: ("customers",),
    _ties: ("map_summary",),
}
"""What is told, and the tables that it is read from."""

NOTED = frozenset(name for read in TOLD.values() for name in read)
"""The tables that notes are read from."""


def notes(built: Warehouse) -> list[str]:
    """Return what stands between the data and the figures: files, goals, rules, ids, ties.

    Of a warehouse that does not hold every table, as far as its tables tell.
    """
    there = set(built.tables())
    return [one for tell, read in TOLD.items() if there.issuperset(read) for one in tell(built)]


def tell_notes(noted: list[str]) -> None:
    """Say each note on a line."""
    for sentence in noted:
        say(f"Note: {sentence}")
