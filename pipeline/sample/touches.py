"""What the systems could see of a life: visits become touches, with the ids known at the time."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from .people import KIOSKS, Device, Person, kiosk_cookie
from .personas import CONSIDERATION, PURCHASE
from .touchpoints import BY_STAGE, FOLLOW_UPS, TOUCHPOINTS, WITHOUT_MAIL, Touchpoint
from .walk import DAY_S, WINDOW_S, Life, Visit

_KIOSK_SHARE = 0.015
_STAY_LOGGED_IN = 0.85
_ARRIVALS = (("direct", "none", 45), ("google", "organic", 40), ("partner", "referral", 15))


@dataclass(frozen=True)
class Touch:
    """One thing that one system records of one person, before any defect.

    `at` is seconds since the window opened; an id is empty where the system does not learn it.
    """

    at: float
    person_no: int
    key: str
    cookie: str = ""
    user_id: str = ""
    email: str = ""
    device: str = ""
    source: str = ""
    medium: str = ""
    place: str = ""
    value: float | None = None
    reference: str = ""
    country: str = "ES"
    renamed: str = ""

    @property
    def event(self) -> str:
        """The event's name as recorded: the catalogue's, unless a defect renamed it."""
        return self.renamed or self.touchpoint.event

    @property
    def touchpoint(self) -> Touchpoint:
        """The catalogue's entry."""
        return TOUCHPOINTS[self.key]


@dataclass
class _Memory:
    """What the systems know of a person so far, and which cookies are logged in."""

    has_account: bool
    has_mail: bool
    logged_in: set[str] = field(default_factory=set)
    device: Device | None = None


def drawn_touches(rng: random.Random, person: Person, life: Life, seed: int) -> list[Touch]:
    """All touches of a person but survey answers, in time order."""
    memory = _Memory(person.has_account, person.has_account)
    touches: list[Touch] = []
    before = 0.0
    for visit in life.visits:
        if visit.stage == PURCHASE:
            touches += _purchase(rng, person, visit, memory, before, len(touches))
        else:
            touches += _visit(rng, person, visit, memory, before, seed)
        before = visit.at
    inside = [replace(t, country=person.country) for t in touches if 0.0 <= t.at < WINDOW_S]
    return sorted(inside, key=lambda touch: touch.at)


def _visit(
    rng: random.Random, person: Person, visit: Visit, memory: _Memory, before: float, seed: int
) -> list[Touch]:
    chosen = _chosen(rng, person, visit.stage, memory)
    cookie, kind = _browser(rng, person, visit, memory, chosen, seed)
    user_id, new_login = _login(rng, person, memory, cookie)
    source, medium = _arrival(rng, chosen)
    seen = Touch(
        at=visit.at,
        person_no=person.person_no,
        key=chosen.key,
        cookie=cookie,
        device=kind,
        user_id=user_id,
        source=source,
        medium=medium,
        place=_place(rng, chosen),
    )
    touches = [_known(seen, chosen, person, memory)]
    room = min(1500.0, 0.8 * visit.room)
    moments = sorted(rng.uniform(0.0, room) for _ in range(_extras(rng)))
    for moment in moments:
        extra = TOUCHPOINTS[rng.choice(FOLLOW_UPS[visit.stage])]
        touches.append(replace(seen, at=visit.at + moment, key=extra.key, place=_place(rng, extra)))
    if new_login and room > 60:
        login = TOUCHPOINTS["login"]
        at = visit.at + rng.uniform(3.0, 20.0)
        touches.append(replace(seen, at=at, key="login", email=person.email, place=login.place))
    touches += _mails(rng, person, visit, memory, chosen, before)
    if visit.stage == CONSIDERATION and rng.random() < 0.04:
        touches += _ticket(rng, person, visit.at + rng.uniform(0.1, 0.7) * min(visit.room, 9e3))
    return touches


def _purchase(
    rng: random.Random, person: Person, visit: Visit, memory: _Memory, before: float, count: int
) -> list[Touch]:
    memory.has_account = memory.has_mail = True
    order_id = f"O{person.person_no:05d}-{visit.cycle_no:02d}"
    value = round(8 + rng.gammavariate(2.2, person.persona.basket), 2)
    paid = Touch(
        at=visit.at,
        person_no=person.person_no,
        key="order",
        user_id=person.user_id,
        email=person.email,
        value=value,
        reference=order_id,
    )
    touches = [paid]
    if rng.random() < 0.75 and count:
        # Minutes before the order, after all that the visit before left behind: the walk's
        # movement stays as drawn, because the stage lies between its neighbours.
        device = memory.device or person.devices[0]
        at = visit.at - min(rng.uniform(90.0, 480.0), 0.15 * (visit.at - before))
        cookie = device.cookie_at(at)
        memory.logged_in.add(cookie)
        touches.append(
            replace(
                paid,
                at=at,
                key="checkout",
                cookie=cookie,
                device=device.kind,
                source="direct",
                medium="none",
                place="/checkout",
                value=None,
                reference="",
            )
        )
    if rng.random() < 0.05:
        at = visit.at + rng.uniform(3.0, 16.0) * DAY_S
        touches.append(replace(paid, at=at, key="refund", value=-value))
    if rng.random() < 0.13:
        touches += _ticket(rng, person, visit.at + rng.uniform(0.5, 6.0) * DAY_S)
    return touches


def _chosen(rng: random.Random, person: Person, stage: int, memory: _Memory) -> Touchpoint:
    options = BY_STAGE[stage]
    tastes = person.persona.tastes
    chosen = rng.choices(options, [t.weight * tastes.get(t.key, 1.0) for t in options])[0]
    if chosen.system == "email" and not memory.has_mail:
        return TOUCHPOINTS[WITHOUT_MAIL[chosen.key]]
    return chosen


def _browser(
    rng: random.Random,
    person: Person,
    visit: Visit,
    memory: _Memory,
    chosen: Touchpoint,
    seed: int,
) -> tuple[str, str]:
    if chosen.system == "web" and rng.random() < _KIOSK_SHARE:
        return kiosk_cookie(seed, rng.randrange(KIOSKS)), "kiosk"
    weights = (1.0, 0.35, 0.15)[: len(person.devices)]
    device = rng.choices(person.devices, weights)[0]
    memory.device = device
    return device.cookie_at(visit.at), device.kind


def _login(rng: random.Random, person: Person, memory: _Memory, cookie: str) -> tuple[str, bool]:
    if cookie in memory.logged_in:
        return (person.user_id, False) if rng.random() < _STAY_LOGGED_IN else ("", False)
    if memory.has_account and rng.random() < person.persona.login:
        memory.logged_in.add(cookie)
        return person.user_id, True
    return "", False


def _known(touch: Touch, chosen: Touchpoint, person: Person, memory: _Memory) -> Touch:
    if chosen.key == "newsletter_signup":
        memory.has_mail = True
    elif chosen.system != "email" and not (chosen.key == "checkout" and touch.user_id):
        # An ad platform never learns who is logged in.
        return replace(touch, user_id="") if chosen.system == "ads" else touch
    return replace(touch, email=person.email)


def _arrival(rng: random.Random, chosen: Touchpoint) -> tuple[str, str]:
    if chosen.system == "ads":
        return chosen.network, "cpc"
    if chosen.system == "email":
        return "email", "email"
    source, medium, _ = rng.choices(_ARRIVALS, [weight for *_, weight in _ARRIVALS])[0]
    return source, medium


def _extras(rng: random.Random) -> int:
    """How many more pages the visit holds: geometric with mean 1.5, at most 8."""
    count = 0
    while count < 8 and rng.random() < 0.6:
        count += 1
    return count


def _mails(
    rng: random.Random,
    person: Person,
    visit: Visit,
    memory: _Memory,
    chosen: Touchpoint,
    before: float,
) -> Sequence[Touch]:
    mail = Touch(visit.at, person.person_no, "mail_sent", email=person.email, source="email")
    if chosen.system == "email":
        sent = visit.at - min(rng.uniform(300.0, 40_000.0), 0.1 * max(visit.at - before, 60.0))
        return [
            replace(mail, at=sent, place=chosen.place),
            replace(mail, at=visit.at - 20.0, key="mail_open", place=chosen.place),
        ]
    if visit.stage == CONSIDERATION and memory.has_mail and visit.room > 1.5 * DAY_S:
        reminder = replace(mail, at=visit.at + DAY_S, place="cart-reminder")
        opened = replace(reminder, at=reminder.at + rng.uniform(600.0, 20_000.0), key="mail_open")
        return [reminder, opened] if rng.random() < 0.4 else [reminder]
    return []


def _ticket(rng: random.Random, person: Person, at: float) -> list[Touch]:
    opened = Touch(
        at=at,
        person_no=person.person_no,
        key="ticket_opened",
        email=person.email,
        user_id=person.user_id if rng.random() < 0.5 else "",
        source=rng.choices(("phone", "chat", "mail"), (3, 4, 3))[0],
        place=rng.choice(("Delivery", "Size and fit", "Payment", "Devolución", "Voucher")),
        reference=f"T{person.person_no:05d}-{int(at) % 100_000:05d}",
    )
    hours = rng.gammavariate(1.5, 8.0)
    return [opened, replace(opened, at=at + hours * 3600, key="ticket_solved")]


def _place(rng: random.Random, chosen: Touchpoint) -> str:
    """The page or campaign seen; open-ended addresses get one of a few names."""
    if chosen.place == "/blog/":
        return "/blog/" + rng.choice(("spring-outfits", "linen-care", "capsule-wardrobe"))
    if chosen.place == "/c/":
        return "/c/" + rng.choice(("dresses", "shirts", "shoes", "bags", "sale"))
    if chosen.place == "/p/":
        return f"/p/{rng.randrange(100, 160)}"
    return chosen.place
