"""Which stage an event probably belongs to: a guess by its name, to be read by a person."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .look import Event

STAGES = ("Awareness", "Interest", "Consideration", "Purchase", "Loyalty")
GOAL, LATER = "Purchase", "Loyalty"

# The first line with a word that the name holds decides. "_" stands for: no stage.
_WORDS: tuple[tuple[str, str], ...] = (
    ("_", "cancel* refund* return* fail* error* bug abandon* unsubscribe* declin* reject* expir*"),
    ("_", "remove* bounce* logout login"),
    ("Consideration", "add cart basket wishlist compar* quote* trial* begin checkout demo"),
    ("Consideration", "shipping delivery"),
    ("Loyalty", "review* referral* refer* invit* loyalty repeat* renew* club repurchase*"),
    ("Purchase", "order* purchase* paid payment* pay transaction* subscribe* subscription*"),
    ("Purchase", "bought buy sale sold"),
    ("Interest", "search* product* category newsletter* catalog* item* signup"),
    ("Awareness", "ad ads click* impression* campaign* visit* home landing banner* promo*"),
    ("Interest", "view* browse* read"),
)
# A page or a form about it is not the thing itself: reading reviews comes before the order.
_ABOUT = {"page", "read", "view", "details", "info", "form"}
_NONE = "_"
_MATTER = {"Loyalty", "Purchase"}
_PASSIVE = {"sent", "delivered", "bounced", "bounce", "deferred", "heartbeat", "ping"}


def stage_of(name: str) -> str | None:
    """Return the stage that the name of an event suggests; None: none.

    >>> stage_of("addToCart"), stage_of("order_paid"), stage_of("read_reviews")
    ('Consideration', 'Purchase', 'Consideration')
    """
    found = _told(name)
    return None if found == _NONE else found


def _told(name: str) -> str | None:
    """The stage that a name suggests, or that it has none; None: it says nothing."""
    words = _words(name)
    for stage, listed in _WORDS:
        if any(_is_one(word, listed.split()) for word in words):
            return "Consideration" if stage in _MATTER and _ABOUT & set(words) else stage
    return None


def is_passive(name: str) -> bool:
    """Return whether an event sounds like one that the customer has no part in.

    >>> is_passive("emailDelivered"), is_passive("resend_requested"), is_passive("email_open")
    (True, False, False)
    """
    return not _PASSIVE.isdisjoint(_words(name))


def _words(name: str) -> list[str]:
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name)
    return re.findall(r"[a-z]+", spaced.lower())


def _is_one(word: str, listed: Sequence[str]) -> bool:
    return any(word.startswith(one[:-1]) if one.endswith("*") else word == one for one in listed)


def guessed_stages(events: Sequence[Event]) -> tuple[dict[Event, str], str]:
    """Return the guessed stages of events, and the stage that is the goal: one that events reach.

    Stages are guessed by name; the goal is Purchase, or where no name suggests it, the furthest
    stage before it. Where names suggest fewer than two stages, the event that comes last on average
    is taken for Purchase, and the one that comes first for Awareness.
    """
    found = {event: stage for event in events if (stage := stage_of(event.name))}
    before = [stage for stage in STAGES[: STAGES.index(GOAL) + 1] if stage in found.values()]
    if len(before) > 1 or GOAL in before:
        goal = before[-1]
    else:
        found[_usual(_unsaid(events) or events, -1)] = goal = GOAL
    if set(found.values()) == {goal}:
        free = [event for event in _unsaid(events) if event not in found]
        found |= {_usual(free, 0): STAGES[0]} if free else {}
    return found, goal


def _unsaid(events: Sequence[Event]) -> list[Event]:
    """Events whose names say nothing of a stage, not even that they have none."""
    return [event for event in events if _told(event.name) is None]


def _usual(events: Sequence[Event], place: int) -> Event:
    usual = [event for event in events if event.share >= 0.05] or list(events)
    return sorted(usual, key=lambda one: (one.place, -one.rows, one.source, one.name))[place]
