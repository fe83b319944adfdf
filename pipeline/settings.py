"""The project file as rows: the `cfg_*` tables that the models join, so that settings are data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import pyarrow as pa

from .models import Model
from .project import (
    COLUMNS,
    FOUND,
    KPI_ROLES,
    NUMBER_COLUMNS,
    PHONE_SEPARATORS,
    SEGMENT_COLUMNS,
    Project,
)
from .pseudonyms import pseudonym_key

FIXED_RULE_COLUMNS = ("source", "event", "channel")
"""Columns that rules read and every signature carries; others travel in `rule_values`."""


def rule_columns(project: Project) -> list[str]:
    """Return the columns that rules read besides source, event and channel, sorted."""
    named = {column for _, _, when in _rules(project) for column in when}
    return sorted(named - set(FIXED_RULE_COLUMNS))


def kept_rule_columns(project: Project) -> list[str]:
    """Return those rule columns that are no column of ours but kept ones of the exports."""
    return [column for column in rule_columns(project) if column not in COLUMNS]


def like_pattern(glob: str) -> str:
    r"""Return the LIKE pattern (escape character \) that matches what the glob matches.

    >>> like_pattern("ad_*")
    'ad\\_%'
    """
    escaped = glob.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return escaped.replace("*", "%").replace("?", "_")


def as_number(column: str, pattern: str) -> str:
    """Return the pattern; that of a number, for a column of numbers, as `number_text` writes it.

    >>> as_number("score", "10.0"), as_number("value", "100.50"), as_number("score", "1*")
    ('10', '100.5', '1*')
    """
    if column not in NUMBER_COLUMNS:
        return pattern
    try:
        number = Decimal(pattern)
    except InvalidOperation:
        return pattern
    is_written_out = number.is_finite() and abs(number.adjusted()) < 20
    return f"{number.normalize():f}" if is_written_out else pattern


def number_text(column: str, sql: str) -> str:
    """Return SQL of what patterns see of a column's value: 10 and 20.5, not 10.0 and 20.50.

    Questions see the same: event_values.
    """
    text = f"cast({sql} as varchar)"
    if column in ("value", "cost"):
        return f"rtrim(rtrim({text}, '0'), '.')"
    if column not in NUMBER_COLUMNS:
        return text
    whole = f"cast({sql} as double)"
    return (
        f"case when {whole} = floor({whole}) and abs({whole}) < 1e15 "
        f"then cast(cast({whole} as bigint) as varchar) else {text} end"
    )


def json_path(column: str) -> str:
    """Return the path of a kept column in the JSON of the attributes.

    >>> json_path("utm_medium")
    '$."utm_medium"'
    """
    return '$."' + column.replace("\\", "\\\\").replace('"', '\\"') + '"'


def setting_rows(project: Project) -> dict[str, list[Sequence[Any]]]:
    """Return the rows of every `cfg_*` table, in the order of the columns of its header."""
    listed: dict[str, list[Sequence[Any]]] = {
        "cfg_settings": [_settings(project)],
        "cfg_sources": [
            (
                number,
                source.name,
                source.timezone or project.timezone,
                source.required,
                _us(source.recorded_since),
            )
            for number, source in enumerate(project.source, start=1)
        ],
        "cfg_pseudonyms": [(pseudonym_key(project.privacy.key_from),)],
        "cfg_identity_caps": [
            ("user_id", project.identity.most_users),
            ("email", project.identity.most_emails),
            ("crm_id", project.identity.most_crm_ids),
        ],
        "cfg_blocked_ids": [
            (value.strip().lower(), re.sub(PHONE_SEPARATORS, "", value.strip().lower()))
            for value in project.identity.blocked
        ],
        "cfg_touchpoints": [
            (number, rule.name, rule.stage, len(rule.when))
            for number, rule in enumerate(project.touchpoint, start=1)
        ],
        "cfg_channels": [
            (number, rule.name, len(rule.when))
            for number, rule in enumerate(project.channel, start=1)
        ],
        "cfg_rule_conditions": list(_conditions(project)),
        "cfg_maps": [
            (
                *(number, one.name, one.goal, one.closes),
                *(one.silence, one.within, one.horizon, bool(one.start)),
            )
            for number, one in enumerate(project.map, start=1)
        ],
        "cfg_map_stages": [
            (number, one.name, stage_no, stage, stage == one.goal)
            for number, one in enumerate(project.map, start=1)
            for stage_no, stage in enumerate(one.stages, start=1)
        ],
        "cfg_path_steps": list(_path_steps(project)),
        "cfg_segments": [
            (
                number,
                segment.name,
                segment.column,
                None if segment.column in SEGMENT_COLUMNS else json_path(segment.column),
                segment.take,
                segment.of == "customer",
                segment.most,
            )
            for number, segment in enumerate(project.segment, start=2)
        ],
        "cfg_passive": list(_targets(project, project.session.passive)),
        "cfg_kpi": [_kpi(project)],
        "cfg_kpi_roles": list(_kpi_roles(project)),
        "cfg_map_roles": [
            (number, role, "stage" if target in one.stages else "touchpoint", target)
            for number, one in enumerate(project.map, start=1)
            for role, targets in (
                ("goal", (one.goal,)),
                ("start", one.start),
                ("abandon", one.abandon),
            )
            for target in targets
        ],
    }
    return listed


def _settings(project: Project) -> Sequence[Any]:
    return (
        project.name,
        project.timezone,
        *_session(project),
        _us(project.as_of),
        project.identity.policy,
        project.identity.lend_before,
        project.identity.lend_after,
        project.identity.shared_within,
        project.identity.kiosk_people,
        project.identity.most_neighbours,
        project.reporting.period,
        project.privacy.k,
    )


def _session(project: Project) -> Sequence[Any]:
    one = project.session
    return one.gap, "day" in one.split, "campaign" in one.split, one.longest, one.has_rules


def _path_steps(project: Project) -> Iterable[Sequence[Any]]:
    for map_no, one in enumerate(project.map, start=1):
        origin = FOUND if one.path == FOUND else "declared" if one.path else "default"
        for number, step in enumerate(one.steps, start=1):
            place = one.stages.index(step.stage) + 1
            yield map_no, number, place, step.is_optional, step.is_repeatable, origin


def _kpi(project: Project) -> Sequence[Any]:
    kpi = project.kpi
    return (
        *(kpi.response, kpi.order_rows, kpi.answer_within),
        *(kpi.rfm_days, kpi.inactive_days, kpi.lost_days, kpi.new_after),
    )


def _kpi_roles(project: Project) -> Iterable[Sequence[Any]]:
    for role in KPI_ROLES:
        for kind, target in _targets(project, getattr(project.kpi, role)):
            yield role, kind, target


def _targets(project: Project, targets: Iterable[str]) -> Iterable[tuple[str, str]]:
    stages = {stage for one in project.map for stage in one.stages}
    for target in dict.fromkeys(targets):
        yield "stage" if target in stages else "touchpoint", target


def _conditions(project: Project) -> Iterable[Sequence[Any]]:
    places = {column: place for place, column in enumerate(rule_columns(project), start=1)}
    for kind, rule_no, when in _rules(project):
        for condition_no, (column, globs) in enumerate(when.items(), start=1):
            for glob in globs:
                place = places.get(column)
                pattern = like_pattern(as_number(column, glob))
                yield kind, rule_no, condition_no, column, place, pattern


def _rules(project: Project) -> Iterable[tuple[str, int, dict[str, tuple[str, ...]]]]:
    """Every rule: its kind, its number among those of its kind, and what it looks at."""
    for number, touchpoint in enumerate(project.touchpoint, start=1):
        yield "touchpoint", number, touchpoint.when
    for number, channel in enumerate(project.channel, start=1):
        yield "channel", number, channel.when


def _us(moment: datetime | None) -> int | None:
    if moment is None:
        return None
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


_ARROW = {
    "VARCHAR": pa.string(),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "BOOLEAN": pa.bool_(),
    "DOUBLE": pa.float64(),
    "TIMESTAMP": pa.timestamp("us"),
}


def as_table(model: Model, rows: Sequence[Sequence[Any]]) -> pa.Table:
    """Return rows of Python values as an Arrow table with the columns of the model's header."""
    fields = [(column.name, _ARROW[column.type]) for column in model.columns]
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(fields)
    arrays = [pa.array(values, kind) for values, (_, kind) in zip(columns, fields, strict=True)]
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))
