"""What goes wrong on the way to an export: in the values of touches, and in the lines of files."""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from .breakers import Breaker
from .touches import Touch

JUNK_IDS = ("null", "guest", "0", "undefined")
UNMAPPED_EVENTS = ("scroll_depth", "tooltip_open", "evt_117")
_MISSING_STAGE, _JUNK, _NO_ID, _TIES, _SKEWED_COOKIES = 0.02, 0.01, 0.01, 0.01, 0.01
_DUPLICATES, _DISPLACED = 0.01, 0.01


@dataclass(frozen=True)
class Line:
    """One line of an export: its content, its moment in seconds, and what it is.

    `kind` is 'row', 'duplicate' or the reason for which the line must be refused.
    """

    at: float
    content: Any
    kind: str = "row"


def spoiled_touches(rng: random.Random, touches: Sequence[Touch]) -> list[Touch]:
    """The web touches as recorded: some unmapped, without ids, with junk ids, skewed or tied.

    Touches of other systems pass untouched. Order and number stay.
    """
    cookies = sorted({t.cookie for t in touches if t.touchpoint.system == "web"})
    skewed = rng.sample(cookies, max(1, round(_SKEWED_COOKIES * len(cookies))))
    skews = {cookie: rng.choice((-1, 1)) * rng.uniform(180.0, 2400.0) for cookie in skewed}
    spoiled: list[Touch] = []
    for touch in touches:
        if touch.touchpoint.system == "web":
            at = round(touch.at + skews.get(touch.cookie, 0.0), 3)
            touch = _spoiled(rng, replace(touch, at=at), spoiled[-1] if spoiled else None)
        spoiled.append(touch)
    return spoiled


def _spoiled(rng: random.Random, touch: Touch, before: Touch | None) -> Touch:
    draw = rng.random()
    if touch.touchpoint.stage and draw < _MISSING_STAGE:
        return replace(touch, renamed=rng.choice(UNMAPPED_EVENTS))
    draw = rng.random()
    if draw < _JUNK:
        return replace(touch, user_id=rng.choice(JUNK_IDS))
    if draw < _JUNK + _NO_ID and not touch.user_id and not touch.email:
        return replace(touch, cookie="")
    # Twice the share, because about half of the touches follow another of the same page visit.
    if draw > 1 - 2 * _TIES and before is not None and _is_same_visit(touch, before):
        return replace(touch, at=before.at)
    return touch


def _is_same_visit(touch: Touch, before: Touch) -> bool:
    return (
        before.touchpoint.system == "web"
        and before.person_no == touch.person_no
        and before.cookie == touch.cookie
        and before.touchpoint.stage == touch.touchpoint.stage
        and abs(touch.at - before.at) < 1800
    )


def repeated_lines(rng: random.Random, lines: Sequence[Line]) -> list[Line]:
    """The lines with one in a hundred repeated, a few lines further down."""
    return _with_more(rng, lines, [replace(line, kind="duplicate") for line in _few(rng, lines)])


def displaced_lines(rng: random.Random, lines: Sequence[Line]) -> list[Line]:
    """The lines with one in a hundred moved down, as if it had arrived late."""
    moved = {id(line) for line in _few(rng, lines, _DISPLACED)}
    kept = [line for line in lines if id(line) not in moved]
    return _with_more(rng, kept, [line for line in lines if id(line) in moved])


def broken_lines(
    rng: random.Random,
    lines: Sequence[Line],
    breakers: Sequence[Breaker],
) -> list[Line]:
    """The lines and one more for each breaker, while they last: a good line, broken."""
    rows = [line for line in lines if line.kind == "row"]
    chosen = rng.sample(rows, min(len(rows), len(breakers)))
    broken = [
        Line(line.at, breaker(line.content), reason)
        for line, (reason, breaker) in zip(chosen, breakers, strict=False)
    ]
    return _with_more(rng, lines, broken)


def out_of_order(lines: Sequence[Line]) -> int:
    """How many good lines come after a later one of the same file."""
    count, latest = 0, float("-inf")
    for line in lines:
        if line.kind in ("row", "duplicate"):
            count += line.at < latest
            latest = max(latest, line.at)
    return count


def _few(rng: random.Random, lines: Sequence[Line], share: float = _DUPLICATES) -> list[Line]:
    count = min(len(lines), max(1, round(share * len(lines))))
    return [lines[place] for place in sorted(rng.sample(range(len(lines)), count))]


def _with_more(rng: random.Random, lines: Sequence[Line], more: Sequence[Line]) -> list[Line]:
    """Inserts each further line somewhere after the place that its time gives it."""
    keyed = [(float(place), 0, line) for place, line in enumerate(lines)]
    times = sorted(line.at for line in lines)
    for number, line in enumerate(more, start=1):
        place = bisect_right(times, line.at) + rng.randrange(2, 60)
        keyed.append((place - 0.5, number, line))
    return [line for *_, line in sorted(keyed, key=lambda entry: entry[:2])]
