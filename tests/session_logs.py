"""Small logs of pages, orders and e-mails that are sent, for the rules of sessions."""

from __future__ import annotations

from collections.abc import Sequence

from .conftest import toml

COLUMNS = (
    'user_id = "who"\noccurred_at = "at"\nevent = "what"\ncampaign = "from"\nduration_s = "took"'
)
HEADER = ("who", "at", "what", "from", "took")
NAMES = ("page", "buy", "sent")
RULES = "".join(
    f'\n[[touchpoint]]\nname = "{name}"\n{stage}when = {{ event = "{name}" }}\n'
    for name, stage in zip(NAMES, ('stage = "Look"\n', 'stage = "Buy"\n', ""), strict=True)
)
GAP = 1800
"""Seconds; what the project file says where it says nothing."""

Event = tuple[str, str, str]
"""When, what, and from which campaign."""


def told(*, session: str = "", extra: str = "") -> str:
    """A project whose touchpoints are a page, an order and an e-mail that is sent."""
    return (
        toml(
            stages=("Look", "Buy"), goal="Buy", columns=COLUMNS, extra=extra, rules=False,
            map_extra='silence = "300 d"\ncloses = "silence"',
        )
        + RULES + f"\n[session]\n{session}\n"
    )  # fmt: skip


def log(events: Sequence[Event], who: str = "ann") -> list[tuple[str, ...]]:
    return [(who, at, what, campaign, "") for at, what, campaign in events]


def at(clock: str, what: str = "page", campaign: str = "") -> Event:
    return (f"2026-01-01 {clock}:00", what, campaign)
