"""The event store as one relation: the SELECT behind the view `loaded_events`."""

from __future__ import annotations

from ..project import ID_COLUMNS, NUMBER_COLUMNS, TEXT_COLUMNS, Project, Source
from ..settings import json_path, kept_rule_columns, number_text, rule_columns
from ..warehouse import literal, quote
from .store import Part
from .typed import written_columns


def loaded_events(project: Project, parts: list[Part]) -> str:
    """Return the SELECT of the view `loaded_events` over the store's Parquet parts."""
    selects = []
    numbers = {id(part): number for number, part in enumerate(parts, start=1)}
    for source_no, source in enumerate(project.source, start=1):
        own = [p for p in parts if p.file.source_no == source_no and p.events.is_file()]
        for run_of in _runs(own, numbers):
            first = numbers[id(run_of[0])]
            files = ", ".join(literal(str(part.events.resolve())) for part in run_of)
            selects.append(_part_select(project, source_no, source.dedupe, first, files))
    return "\nunion all\n".join(selects)


def _runs(parts: list[Part], numbers: dict[int, int]) -> list[list[Part]]:
    """Parts in runs of neighbouring numbers, so that file_no is a sum."""
    runs: list[list[Part]] = []
    for part in parts:
        if runs and numbers[id(part)] == numbers[id(runs[-1][-1])] + 1:
            runs[-1].append(part)
        else:
            runs.append([part])
    return runs


def _part_select(project: Project, source_no: int, dedupe: str, first: int, files: str) -> str:
    kept = set(kept_rule_columns(project))
    values = [
        f"coalesce(attributes ->> {literal(json_path(column))}, '')"
        if column in kept
        else f"coalesce({number_text(column, quote(column))}, '')"
        for column in rule_columns(project)
    ]
    rule_values = " || chr(31) || ".join(values) if values else "cast(null as varchar)"
    key = "cast(null as ubigint)" if dedupe == "none" else "coalesce(event_id_hash, content_hash)"
    signature = (
        f"hash({source_no}, event_key, {rule_values})"
        if values
        else f"hash({source_no}, event_key)"
    )
    ids = ", ".join(ID_COLUMNS)
    texts = [
        name for name in TEXT_COLUMNS if name not in ("event", "event_id", "channel", *ID_COLUMNS)
    ]
    ordered = [
        "session_key",
        "value",
        "currency",
        "order_id",
        "cost",
        "campaign",
        "device",
        "country",
    ]
    ordered += ["direction", "actor", "score_type", "score", "sentiment", "duration_s"]
    assert set(ordered) == {*texts, *NUMBER_COLUMNS}
    return (
        f"select cast(file_index + {first} as bigint) * 1099511627776 + row_no as event_no, "
        f"cast(file_index + {first} as integer) as file_no, row_no, "
        f"cast({source_no} as integer) as source_no, occurred_us, sequence, event, channel, "
        f"{rule_values} as rule_values, "
        f"{signature} as signature_key, "
        f"event_id, {key} as dedupe_key, content_hash, identity_key, identity_check, {ids}, "
        f"{', '.join(ordered)}, attributes "
        f"from (select *, file_index{_nulls(project.source[source_no - 1])} "
        f"from read_parquet([{files}])) where reason is null"
    )


def _nulls(source: Source) -> str:
    """The columns that the source does not map: its parts do not hold them."""
    written = written_columns(source)
    kinds = dict.fromkeys(TEXT_COLUMNS, "varchar") | dict.fromkeys(NUMBER_COLUMNS, "double")
    kinds |= dict.fromkeys(("value", "cost"), "decimal(18, 2)")
    return "".join(
        f", cast(null as {kind}) as {name}" for name, kind in kinds.items() if name not in written
    )
