"""A plain second way to count a funnel: every chain of events is tried, one customer at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

SECOND = 1_000_000


class Happening(NamedTuple):
    """An event as a funnel sees it."""

    position: int
    us: int
    name: str
    campaign: str
    session: int


@dataclass(frozen=True)
class Asked:
    """A funnel in plain numbers: names that a step takes, times in microseconds."""

    steps: tuple[str, ...]
    optional: tuple[bool, ...]
    shortest: tuple[int, ...]
    longest: tuple[int | None, ...]
    order: str = "ordered"
    anchored: bool = False
    entry: str = "first step"
    ties: str = "position"
    grace: int = 0
    shared: bool = False
    reentry: str = "best"
    within: int | None = None
    holds: bool = False
    since: int | None = None
    until: int | None = None
    exclusions: tuple[tuple[str, int, int], ...] = ()


class Found(NamedTuple):
    """Furthest step, what became of it, and when its best chain was entered."""

    step_no: int
    status: str
    start_us: int


Chain = list[tuple[int, Happening]]


def attempted(events: Sequence[Happening], asked: Asked, as_of: int) -> list[Found]:
    """Return how far each attempt of the customer gets, one after the other."""
    found: list[Found] = []
    campaigns = {event.campaign for event in events} if asked.holds else {None}
    for campaign in campaigns:
        own = [
            event
            for event in events
            if campaign in (None, event.campaign) or _is_exclusion(event, asked)
        ]
        entries = [e for _, e in _entries(own, asked) if campaign in (None, e.campaign)]
        opened = sorted({(_place(entry, asked), entry.us) for entry in entries})
        while opened:
            (place, us), *_ = opened
            after = _after(own, asked, (place, us), opened)
            life = [e for e in own if not after or _place(e, asked) < after[0][0]]
            starting = replace(asked, reentry="first", since=None, until=None)
            result = counted([e for e in life if _place(e, asked) >= place], starting, as_of)
            assert result is not None
            found.append(result)
            opened = after
    return sorted(found)


def _is_exclusion(event: Happening, asked: Asked) -> bool:
    return any(event.name in names for names, _, _ in asked.exclusions)


def _after(
    events: Sequence[Happening],
    asked: Asked,
    start: tuple[int, int],
    opened: Sequence[tuple[int, int]],
) -> list[tuple[int, int]]:
    """The entries that come when the attempt which began at the first of them is over."""
    place, us = start
    entries = [one for one in _entries(events, asked) if _place(one[1], asked) == place]
    chains = [chain for entry in entries for chain in _walked([entry], events, asked)]
    done = [_place(c[-1][1], asked) for c in chains if c[-1][0] == len(asked.steps)]
    if done:
        return [one for one in opened if one[0] > min(done)]
    whole = all(first == 1 and last == len(asked.steps) for _, first, last in asked.exclusions)
    ends = [
        _place(e, asked) for e in events if _is_exclusion(e, asked) and _place(e, asked) > place
    ]
    return [
        one
        for one in opened
        if (asked.within is not None and one[1] > us + asked.within)
        or (whole and ends and one[0] > min(ends))
    ]


def counted(events: Sequence[Happening], asked: Asked, as_of: int) -> Found | None:
    """Return how far the customer gets, by trying everything; None: never enters."""
    if asked.order == "any":
        return _gathered(events, asked)
    chains = [
        chain for entry in _entries(events, asked) for chain in _walked([entry], events, asked)
    ]
    if not chains:
        return None
    furthest = max(chain[-1][0] for chain in chains)
    rivals = [chain for chain in chains if chain[-1][0] == furthest]
    best = min(rivals, key=lambda chain: _rank(chain, asked))
    step_no, start_us = best[-1][0], best[0][1].us
    if step_no == len(asked.steps):
        return Found(step_no, "converted", start_us)
    if any(_may_go_on(chain, events, asked, as_of) for chain in chains):
        return Found(step_no, "open", start_us)
    ends = _ending(best[-1], events, asked)
    ended = ends is not None and (asked.within is None or ends - start_us <= asked.within)
    return Found(step_no, "excluded" if ended else "dropped", start_us)


def _place(event: Happening, asked: Asked) -> int:
    return event.position if asked.ties == "position" else event.us


def _rank(chain: Chain, asked: Asked) -> tuple[int, int, int]:
    fullest = -len(chain) if asked.entry == "any step" else 0
    return fullest, _place(chain[-1][1], asked), -chain[0][1].us


def _in_range(event: Happening, asked: Asked) -> bool:
    return (asked.since is None or event.us >= asked.since) and (
        asked.until is None or event.us < asked.until
    )


def _entries(events: Sequence[Happening], asked: Asked) -> list[tuple[int, Happening]]:
    found = [
        (number, event)
        for number, names in enumerate(asked.steps, start=1)
        for event in events
        if event.name in names
        and _in_range(event, asked)
        and (all(asked.optional[: number - 1]) or asked.entry == "any step")
    ]
    if asked.reentry == "first" and found:
        first = min(_place(event, asked) for _, event in found)
        found = [one for one in found if _place(one[1], asked) == first]
    return found


def _walked(chain: Chain, events: Sequence[Happening], asked: Asked) -> Iterator[Chain]:
    yield chain
    step, _ = chain[-1]
    for number in range(step + 1, len(asked.steps) + 1):
        if all(asked.optional[step : number - 1]):
            for event in events:
                if _may_follow(chain, number, event, events, asked):
                    yield from _walked([*chain, (number, event)], events, asked)


def _may_follow(
    chain: Chain, number: int, event: Happening, events: Sequence[Happening], asked: Asked
) -> bool:
    step, before = chain[-1]
    waited = event.us - before.us
    shortest, longest = asked.shortest[number - 1], asked.longest[number - 1]
    if event.name not in asked.steps[number - 1] or (
        asked.holds and event.campaign != before.campaign
    ):
        return False
    if (shortest and waited < shortest) or (longest is not None and waited > longest):
        return False
    if asked.within is not None and event.us - chain[0][1].us > asked.within:
        return False
    if asked.ties == "any":
        follows = waited >= -asked.grace and (asked.shared or all(event != one for _, one in chain))
    elif asked.ties == "increasing":
        follows = waited > 0
    else:
        follows = event.position > before.position or (asked.shared and event == before)
    between = [
        one for one in events if _place(before, asked) < _place(one, asked) < _place(event, asked)
    ]
    if not follows or (asked.order == "strict" and between):
        return False
    return not any(_excludes(one, step, asked) for one in between)


def _excludes(event: Happening, step: int, asked: Asked) -> bool:
    return any(
        event.name in names and first <= step < last for names, first, last in asked.exclusions
    )


def _ending(
    reached: tuple[int, Happening], events: Sequence[Happening], asked: Asked
) -> int | None:
    step, event = reached
    later = [one for one in events if _place(one, asked) > _place(event, asked)]
    if asked.order == "strict":
        next_place = min((_place(one, asked) for one in later), default=None)
        later = [one for one in later if _place(one, asked) == next_place]
    return min((one.us for one in later if _excludes(one, step, asked)), default=None)


def _may_go_on(chain: Chain, events: Sequence[Happening], asked: Asked, as_of: int) -> bool:
    step, event = chain[-1]
    if asked.within is not None and chain[0][1].us + asked.within <= as_of:
        return False
    if _ending(chain[-1], events, asked) is not None:
        return False
    if asked.order == "strict" and any(_place(one, asked) > _place(event, asked) for one in events):
        return False
    return any(
        asked.longest[number - 1] is None or event.us + (asked.longest[number - 1] or 0) > as_of
        for number in range(step + 1, len(asked.steps) + 1)
        if all(asked.optional[step : number - 1])
    )


def _gathered(events: Sequence[Happening], asked: Asked) -> Found | None:
    hits = [event for event in events if any(event.name in names for names in asked.steps)]
    entries = [
        event
        for event in hits
        if _in_range(event, asked) and (not asked.anchored or event.name in asked.steps[0])
    ]
    found = []
    for first in entries[: 1 if asked.reentry == "first" else None]:
        for last in (event for event in hits if event.position >= first.position):
            span = (_place(first, asked), _place(last, asked))
            within = asked.within is None or last.us - first.us <= asked.within
            held = not asked.holds or last.campaign == first.campaign
            ended = any(
                _excludes(one, 1, asked) and span[0] < _place(one, asked) < span[1]
                for one in events
            )
            if within and held and not ended:
                found.append((_done(hits, first, last, asked), span[1], -first.us))
    if not found:
        return None
    most = max(done for done, _, _ in found)
    _, start = min((place, start) for done, place, start in found if done == most)
    return Found(most, "converted" if most == len(asked.steps) else "", -start)


def _done(hits: Sequence[Happening], first: Happening, last: Happening, asked: Asked) -> int:
    inside = [
        event
        for event in hits
        if first.position <= event.position <= last.position
        and (not asked.holds or event.campaign == first.campaign)
    ]
    if asked.anchored:
        return 1 + _served([one for one in inside if one != first], asked.steps[1:], asked.shared)
    return _served(inside, asked.steps, asked.shared)


def _served(events: Sequence[Happening], steps: Sequence[str], shared: bool) -> int:
    """The most steps that the events can be, one event a step unless events are shared."""
    if not steps:
        return 0
    without = _served(events, steps[1:], shared)
    fitting = [event for event in events if event.name in steps[0]]
    if shared:
        return without + bool(fitting)
    return max(
        [without]
        + [
            1 + _served([one for one in events if one != event], steps[1:], shared)
            for event in fitting
        ]
    )
