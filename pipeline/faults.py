"""The faults of a project file in words: where, what is wrong, what to do."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from .errors import nearest

_KINDS = {
    "string_type": "this must be text in quotes",
    "bool_type": "this must be true or false",
    "bool_parsing": "this must be true or false",
    "tuple_type": "this must be a text or a list of texts",
    "dict_type": "this must be a table of keys, such as { event = 'order' }",
    "model_type": "this must be a table of keys",
    "datetime_type": "this must be a moment such as 2026-01-31T00:00:00Z",
    "int_type": "this must be a whole number",
    "int_from_float": "this must be a whole number",
    "int_parsing": "this must be a whole number",
    "float_type": "this must be a number",
    "float_parsing": "this must be a number",
}


def field_faults(
    found: Mapping[str, Any], raw: Mapping[str, Any], keys: Mapping[str, Sequence[str]]
) -> list[str]:
    """Return one of pydantic's findings as sentences.

    `raw` is the parsed file; `keys` holds the valid keys of each section, "" is the file's top.
    """
    place = [str(part) for part in found["loc"]]
    section = place[0] if place and place[0] in keys else ""
    where = _where(place, raw) if place else "the file"
    kind = str(found["type"])
    if kind == "extra_forbidden":
        return [f"{where}: there is no such key; {nearest(place[-1], keys[section])}"]
    if kind == "missing" and len(place) == 1 and section:
        return [f"there is no [[{section}]]; add one"]
    if kind == "missing":
        return [f"{where}: this is missing; add it"]
    if kind == "tuple_type" and len(place) == 1 and section:
        return [f"{where}: there may be several; write [[{section}]] in double brackets"]
    if kind == "too_short" and len(place) == 1 and raw.get(section):
        return []  # its entries are there, and their own faults are told
    if kind == "string_pattern_mismatch":  # it may be a secret: what was seen is not told
        return [f"{where}: this must be the name of an environment variable"]
    seen = repr(found.get("input"))
    listed = _message(found, kind).splitlines()
    is_told = seen[0] in "({[" or any(seen in message for message in listed)
    return [f"{where}: {message}" + ("" if is_told else f" (seen: {seen})") for message in listed]


def _where(place: Sequence[str], raw: Mapping[str, Any]) -> str:
    """The section and the key, as the file writes them: "[[source]] 'web' columns"."""
    section, rest = place[0], list(place[1:])
    if not rest:
        return section
    if not rest[0].isdigit():
        return f"[{section}] {'.'.join(part for part in rest if not part.isdigit())}"
    number = int(rest.pop(0))
    listed = raw.get(section)
    entry = listed[number] if isinstance(listed, list) else None
    name = entry.get("name") if isinstance(entry, dict) else None
    called = repr(name) if name else f"no. {number + 1}"
    return f"[[{section}]] {called} {'.'.join(part for part in rest if not part.isdigit())}".strip()


def _message(found: Mapping[str, Any], kind: str) -> str:
    limits = found.get("ctx") or {}
    if kind == "literal_error":
        return f"this must be {limits['expected']}"
    if kind in ("too_short", "string_too_short") and limits.get("min_length", 1) == 1:
        return "this is empty; fill it in"
    if kind == "too_short":
        return f"this needs at least {limits['min_length']} entries"
    if kind == "too_long":
        return f"this can have at most {limits['max_length']} entries"
    if kind == "string_too_long":
        return f"this can be at most {limits['max_length']} letter(s) long"
    if kind == "less_than_equal":
        return f"this can be at most {limits['le']:,}"
    if kind == "greater_than_equal":
        return f"this must be at least {limits['ge']:,}"
    if kind == "greater_than":
        return f"this must be more than {limits['gt']}"
    return _KINDS.get(kind, str(found["msg"]).removeprefix("Value error, "))


def cross_faults(
    raw: Mapping[str, Any],
    columns: Collection[str],
    telling: Collection[str],
    presets: Mapping[str, Sequence[str]],
    files: Mapping[str, str],
    roles: Collection[str],
    folder: Path,
) -> list[str]:
    """Return the faults between sections, also where a section has faults of its own.

    `columns` are those that rules can read, `telling` those that segments can, `presets` the stages
    that a map can name as one, `files` the defaults of the paths that a run writes, `roles` the
    keys of [kpi] that name touchpoints and stages, and `folder` where relative paths start.
    """
    return [
        *_same_names(raw),
        *_same_paths(raw, files, folder),
        *_unknown_targets(raw, presets),
        *_unknown_stages(raw, presets),
        *_unknown_columns(raw, columns),
        *_unknown_segments(raw, telling),
        *_unknown_roles(raw, presets, roles),
        *_two_scales(raw),
    ]


def _entries(raw: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    listed = raw.get(key)
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _stages(entry: Mapping[str, Any], presets: Mapping[str, Sequence[str]]) -> list[str]:
    """The stages of a map; of a name that no preset has those that may be meant."""
    stages = entry.get("stages")
    if not isinstance(stages, str):
        return _texts(stages)
    meant = [stages] if stages in presets else get_close_matches(stages, presets, n=1) or [*presets]
    return [stage for name in meant for stage in presets[name]]


def _same_names(raw: Mapping[str, Any]) -> Iterable[str]:
    for key in ("source", "map", "segment"):
        names = [one["name"] for one in _entries(raw, key) if isinstance(one.get("name"), str)]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield f"[[{key}]] {name!r}: this name is used twice; give each {key} its own"


def _two_scales(raw: Mapping[str, Any]) -> Iterable[str]:
    """Touchpoints whose answers would be on two scales, each named itself or by its stage."""
    section = raw.get("kpi")
    kpi = section if isinstance(section, dict) else {}
    scales: dict[str, str] = {}
    for scale in ("nps", "csat", "ces", "emotion"):
        named = set(_texts(kpi.get(scale)))
        held = {
            str(rule.get("name"))
            for rule in _entries(raw, "touchpoint")
            if not named.isdisjoint((str(rule.get("name")), str(rule.get("stage"))))
        }
        for name in sorted(named | held):
            other = scales.setdefault(name, scale)
            if other != scale:
                yield (
                    f"[kpi] {scale}: {name!r} is under {other}, too; an answer is on one scale: "
                    "name it under one, or let the column score_type tell"
                )


def _same_paths(raw: Mapping[str, Any], files: Mapping[str, str], folder: Path) -> Iterable[str]:
    named = {key: raw.get(key, default) for key, default in files.items()}
    places = {key: (folder / str(path)).resolve() for key, path in named.items()}
    for key, path in named.items():
        if "://" in str(path):
            yield (
                f"{key}: {path!r} is an address, but it lies on the machine that runs the command; "
                "name a path here: where Spark keeps events and tables, [engine] lake says"
            )
        others = [other for other in named if other < key and places[other] == places[key]]
        for other in others:
            yield (
                f"{key}: {other} is also {named[other]!r}, and one would overwrite the other; "
                "rename one"
            )


def _unknown_targets(raw: Mapping[str, Any], presets: Mapping[str, Sequence[str]]) -> Iterable[str]:
    """Goals, starts and abandons that nothing can ever be."""
    rules = _entries(raw, "touchpoint")
    touchpoints = {name for rule in rules for name in _texts(rule.get("name"))}
    reached = {stage for rule in rules for stage in _texts(rule.get("stage"))}
    for entry in _entries(raw, "map"):
        own = set(_stages(entry, presets))
        if not own:
            continue
        for role in ("goal", "start", "abandon"):
            for target in _texts(entry.get(role)):
                where = f"[[map]] {entry.get('name')!r} {role}"
                if target not in own and target not in touchpoints:
                    hint = nearest(target, own | touchpoints)
                    yield f"{where}: {target!r} is no stage of this map and no touchpoint; {hint}"
                elif target in own and target not in reached:
                    yield (
                        f"{where}: no [[touchpoint]] has stage = {target!r}, so nothing can ever "
                        f"reach it; give that stage to a touchpoint, or choose another {role}"
                    )


def _unknown_stages(raw: Mapping[str, Any], presets: Mapping[str, Sequence[str]]) -> Iterable[str]:
    """Stages of touchpoints that are in no map, and touchpoints with two stages."""
    known = {stage for entry in _entries(raw, "map") for stage in _stages(entry, presets)}
    seen: dict[str, Any] = {}
    for rule in _entries(raw, "touchpoint"):
        name, stage = rule.get("name"), rule.get("stage")
        if isinstance(stage, str) and known and stage not in known:
            hint = nearest(stage, known)
            yield f"[[touchpoint]] {name!r} stage: {stage!r} is in no map; {hint}"
        if isinstance(name, str) and seen.setdefault(name, stage) != stage:
            yield (
                f"[[touchpoint]] {name!r} stage: {stage!r} here, but {seen[name]!r} in an earlier "
                "rule of this name; give both the same stage, or another name"
            )


def _unknown_columns(raw: Mapping[str, Any], columns: Collection[str]) -> Iterable[str]:
    kept = {name for entry in _entries(raw, "source") for name in _texts(entry.get("keep"))}
    known = {*columns, *kept}
    for section in ("touchpoint", "channel"):
        for rule in _entries(raw, section):
            when = rule.get("when")
            for column in when if isinstance(when, dict) else ():
                if column not in known:
                    yield (
                        f"[[{section}]] {rule.get('name')!r} when: {column!r} is no column that "
                        f"rules can read; {nearest(column, known)} (for a column of the export, "
                        "list it under 'keep' of its [[source]])"
                    )


def _unknown_segments(raw: Mapping[str, Any], columns: Collection[str]) -> Iterable[str]:
    kept = {name for entry in _entries(raw, "source") for name in _texts(entry.get("keep"))}
    known = {*columns, *kept}
    for entry in _entries(raw, "segment"):
        column = entry.get("column")
        if isinstance(column, str) and column not in known:
            yield (
                f"[[segment]] {entry.get('name')!r} column: {column!r} is no column that tells "
                f"journeys apart; {nearest(column, known)} (for a column of the export, list it "
                "under 'keep' of its [[source]])"
            )


def _unknown_roles(
    raw: Mapping[str, Any], presets: Mapping[str, Sequence[str]], roles: Collection[str]
) -> Iterable[str]:
    """What counts for a KPI, or holds no session, and is neither a touchpoint nor a stage."""
    touchpoints = {
        name for rule in _entries(raw, "touchpoint") for name in _texts(rule.get("name"))
    }
    known = touchpoints | {
        stage for entry in _entries(raw, "map") for stage in _stages(entry, presets)
    }
    for section, keys in (("session", {"passive"}), ("kpi", roles)):
        told = raw.get(section)
        for key, value in told.items() if isinstance(told, dict) else ():
            for name in _texts(value) if key in keys else ():
                if name not in known:
                    hint = nearest(name, known)
                    yield f"[{section}] {key}: {name!r} is no touchpoint and no stage; {hint}"
