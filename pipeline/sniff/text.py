"""The proposed project file as text: every guess is marked with '?', every name is quoted."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from ..project import VIRTUAL_NODES
from .look import Event, Export
from .roles import id_columns
from .stages import GOAL, LATER, STAGES, guessed_stages, is_passive, stage_of

_MOST = 40
_OF_DAY = re.compile(r"(.*[ _])?(time|hour|uhrzeit|hora|heure)", re.IGNORECASE)
_LONGEST = 100


def project_text(exports: Sequence[Export], left_out: Sequence[tuple[str, str]]) -> str:
    """Return a project file that loads and runs as it is, with comments for who reads it."""
    events = [event for export in exports for event in export.events]
    stages, goal = guessed_stages(events)
    listed = [event for event in events if _is_listed(event, exports, stages)]
    names = _names(listed)
    lines = [
        "# Proposed by 'squiggle init' after a look at the exports. It runs as it is, but read",
        "# every line: what is guessed is marked with '?'. All keys: docs/project.md.",
        "",
        'name = "journeys"',
        'timezone = "UTC"                 # ? of times that carry none, and of days in reports',
        *(line for export in exports for line in ("", *_source(export, exports))),
        *([""] if left_out else []),
        *(f"# left out: {_comment(name)}: {_comment(reason)}" for name, reason in left_out),
        "",
        "[session]",
        'gap = "30 min"                   # a longer silence starts a new session',
        *_passive([names[event] for event in listed if is_passive(event.name)]),
        *_maps([stages[event] for event in listed if event in stages], goal, _are_cases(exports)),
        "",
        "# Touchpoints: the first rule that matches an event names it. Give each a stage where it",
        "# has one, and leave out what you do not need. * stands for any letters, ? for any one.",
    ]
    for event in listed:
        lines += ["", *_touchpoint(event, names[event], stages.get(event))]
    more = len(events) - len(listed)
    lines += ["", f"# {more:,} rarer events are not listed."] if more else []
    return "\n".join(lines) + "\n"


def _is_listed(event: Event, exports: Sequence[Export], stages: dict[Event, str]) -> bool:
    own = next(export.events for export in exports if export.name == event.source)
    return event in own[:_MOST] or (event in stages and event in own[: 5 * _MOST])


def _source(one: Export, exports: Sequence[Export]) -> Iterable[str]:
    files = [_quoted(path) for path in one.files]
    yield "[[source]]"
    yield f"name = {_quoted(one.name)}"
    if one.known is not None:
        about = one.known.about.split(",")[0].split(" (")[0]
        yield f"format = {_quoted(one.known.name)}   # ? the columns are those of {_comment(about)}"
    yield f"files = {files[0] if len(files) == 1 else '[' + ', '.join(files) + ']'}"
    if one.encoding != "utf-8":
        yield f"encoding = {_quoted(one.encoding)}   # ? its bytes are no UTF-8"
    if one.time_formats and one.known is None:
        others = [_quoted(name) for name in one.time_formats[1:]]
        doubt = f"? or {' or '.join(others)}: " if others else ""
        example = _comment(one.time_example)
        yield f"time_format = {_quoted(one.time_formats[0])}   # {doubt}such as {example}"
    hour = next((name for name in one.other_columns if _OF_DAY.fullmatch(name.strip())), None)
    if hour is not None and one.known is None and re.fullmatch(r"[^:T]{6,10}", one.time_example):
        yield f"# ? every event is at midnight: the time of day is in {_comment(hour)}; join both"
    if one.is_naive and (one.known is None or one.known.timezone is None):
        zones = sorted({zone for other in exports for zone in other.offsets})
        hint = f"; elsewhere times carry {', '.join(zones[:3])}" if zones else ""
        yield f'# timezone = "Europe/Madrid"     # ? these times carry no zone{hint}'
    if one.known is not None:
        return
    if "event" not in one.columns:
        yield f"event = {_quoted(one.name)}   # ? no column names the event: every row is one"
    yield ""
    yield "[source.columns]                 # ours = yours"
    for ours, theirs in one.columns.items():
        is_state = ours == "event" and theirs.strip().lower() == "status"
        doubt = "   # ? a status may be of later than its time" if is_state else ""
        yield f"{ours} = {_quoted(theirs)}{doubt}"
    if not id_columns(one.columns):
        yield '# user_id = "?"                  # ? no column looks like the id of a customer'
    if one.other_columns:
        shown = ", ".join(one.other_columns[:30])
        yield f"# not used: {_comment(shown)}{', …' if len(one.other_columns) > 30 else ''}"


def _passive(names: Sequence[str]) -> Iterable[str]:
    """A key to be thought about: a wrong guess would hide what customers do."""
    if names:
        yield f"# passive = {_list(dict.fromkeys(names))}   # ? no visits: they start no session"


def _are_cases(exports: Sequence[Export]) -> bool:
    """Whether a customer is a case: it is over once, and begins no second journey at its goal."""
    return all(one.known is not None and one.known.name == "xes" for one in exports)


def _maps(reached: Sequence[str], goal: str, are_cases: bool) -> Iterable[str]:
    """The maps: up to the goal, and where events come after it, the whole relation."""
    before = [stage for stage in STAGES if stage in reached and stage != LATER]
    if len(before) < 2:
        before = [stage for stage in STAGES if stage != LATER]
    hint = "reaching it" if goal == GOAL else "no event sounds like a purchase; reaching this"
    ends = "counts" if are_cases else "closes the journey"
    yield from ("", "[[map]]                          # what is asked of the journeys")
    yield 'name = "acquisition"'
    yield f"stages = {_list(before)}   # ? in their intended order"
    yield f"goal = {_quoted(goal)}   # ? {hint} {ends} as converted"
    if are_cases:
        yield 'closes = "silence"               # ? what follows the goal is of the same case'
    yield 'silence = "30 d"                 # ? so long without an event: the journey is dropped'
    yield 'horizon = "found"                # where the data tell how long, they decide'
    yield 'within = "30 d"                  # drop-off is read so long after a stage was reached'
    if LATER in reached:
        yield from ("", "[[map]]                          # ? the whole relation with a customer")
        yield 'name = "lifecycle"'
        yield f"stages = {_list([*before, LATER])}"
        yield f"goal = {_quoted(LATER)}"
        yield 'closes = "silence"               # the goal is noted, the journey goes on'
        yield 'silence = "90 d"                 # ?'
        yield 'horizon = "found"'


def _touchpoint(event: Event, name: str, stage: str | None) -> Iterable[str]:
    yield "[[touchpoint]]"
    yield f"name = {_quoted(name)}"
    if stage is None:
        yield '# stage = "Interest"'
    elif stage == stage_of(event.name):
        yield f"stage = {_quoted(stage)}   # ?"
    else:
        where = "last" if stage == GOAL else "first"
        named = stage_of(event.name)
        hint = f"the name suggests {named}, and no one {stage}" if named else "no name suggests it"
        yield f"stage = {_quoted(stage)}   # ? {hint}; this event comes {where}"
    when = f"source = {_quoted(event.source)}, event = {_quoted(_glob(event.name))}"
    yield f"when = {{ {when} }}   # {event.rows:,} of the rows looked at"


def _names(events: Sequence[Event]) -> dict[Event, str]:
    """A name for each touchpoint: the event's, with its source where two have the same."""
    short = {
        event: event.name if len(event.name) <= _LONGEST else event.name[: _LONGEST - 1] + "…"
        for event in events
    }
    short |= {e: f"{name} [event]" for e, name in short.items() if name in VIRTUAL_NODES}
    times = Counter(short.values())
    named = {e: n if times[n] == 1 else f"{n} ({e.source})" for e, n in short.items()}
    times = Counter(named.values())
    return {
        event: name if times[name] == 1 else f"{name} {number}"
        for number, (event, name) in enumerate(named.items(), start=1)
    }


def _glob(event: str) -> str:
    """A glob that matches the event; what TOML or a glob cannot hold becomes any one letter."""
    long = len(event) > 2 * _LONGEST
    return re.sub(r"[*\ud800-\udfff]", "?", event[: 2 * _LONGEST]) + ("*" if long else "")


def _quoted(text: str) -> str:
    """A TOML string: as in JSON, but for the one control character that JSON leaves as it is."""
    whole = re.sub(r"[\ud800-\udfff]", "\ufffd", text)
    return json.dumps(whole, ensure_ascii=False).replace("\x7f", "\\u007f")


def _list(texts: Iterable[str]) -> str:
    return "[" + ", ".join(map(_quoted, texts)) + "]"


def _comment(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f\x85\u2028\u2029\ud800-\udfff]", " ", text)[:500]
