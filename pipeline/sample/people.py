"""Who is behind the ids: accounts, addresses, devices, cookies that are reset or shared."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass

from .personas import PERSONAS, Persona

KIOSKS = 2
_HOUSEHOLD_SHARE = 0.10
_COOKIE_LIFE_DAYS = 80.0
_KINDS = ("mobile", "desktop", "tablet")
_FIRST = (
    *("ana", "bea", "carla", "david", "elena", "fran", "gema", "hugo", "ines", "javi", "laura"),
    *("marc", "nuria", "oscar", "pau", "rosa", "sara", "teo", "vera", "yago", "zoe", "lucia"),
)
_LAST = (
    *("alonso", "blanco", "castro", "diaz", "esteban", "ferrer", "gil", "herrera", "ibarra"),
    *("leon", "marin", "navarro", "ortega", "perez", "ramos", "sanz", "torres", "vidal", "vega"),
)


@dataclass(frozen=True)
class Device:
    """A browser of a person; `cookies` are (from second, id), renewed when the person clears them.

    A device of a household is owned by one of its two persons and used by both.
    """

    kind: str
    cookies: tuple[tuple[float, str], ...]

    def cookie_at(self, second: float) -> str:
        """The cookie that the device carries at that second of the window."""
        return [cookie for since, cookie in self.cookies if since <= second][-1]


@dataclass(frozen=True)
class Person:
    """One true person. The id and the address exist from birth; systems learn them by and by."""

    person_no: int
    persona_no: int
    user_id: str
    email: str
    country: str
    has_account: bool
    entered: float
    devices: tuple[Device, ...]
    shares_home: bool

    @property
    def persona(self) -> Persona:
        """The persona that the person is drawn from."""
        return PERSONAS[self.persona_no - 1]


def drawn_people(seed: int, customers: int, window_s: float) -> tuple[Person, ...]:
    """People 1 to `customers`; each draws from its own stream, so more customers change nobody."""
    people: list[Person] = []
    for person_no in range(1, customers + 1):
        rng = random.Random(f"{seed}/person/{person_no}")
        people.append(_person(rng, seed, person_no, people, window_s))
    return tuple(people)


def kiosk_cookie(seed: int, number: int) -> str:
    """The cookie of an in-store tablet, which anybody uses."""
    return _token(seed, "kiosk", number)


def _person(
    rng: random.Random, seed: int, person_no: int, people: Sequence[Person], window_s: float
) -> Person:
    shares = [persona.share for persona in PERSONAS]
    persona_no = rng.choices(range(1, len(PERSONAS) + 1), shares)[0]
    first, last = rng.choice(_FIRST), rng.choice(_LAST)
    devices = []
    for number, kind in enumerate(rng.sample(_KINDS, rng.choices((1, 2, 3), (50, 38, 12))[0])):
        cookies: list[tuple[float, str]] = []
        since = 0.0
        while since < window_s:
            cookies.append((since, _token(seed, person_no, number, len(cookies))))
            since += rng.expovariate(1 / (_COOKIE_LIFE_DAYS * 86_400))
        devices.append(Device(kind, tuple(cookies)))
    # The even one of two neighbours may live with the odd one, and use the same computer first.
    shares_home = person_no % 2 == 0 and rng.random() < _HOUSEHOLD_SHARE
    if shares_home:
        devices[0] = people[-1].devices[0]
    return Person(
        person_no=person_no,
        persona_no=persona_no,
        user_id=f"u{40_000 + person_no * 7}",
        email=f"{first}.{last}{person_no}@correo.test",
        country=rng.choices(("ES", "PT", "FR"), (86, 9, 5))[0],
        has_account=rng.random() < PERSONAS[persona_no - 1].account,
        entered=rng.uniform(0.0, window_s),
        devices=tuple(devices),
        shares_home=shares_home,
    )


def _token(*parts: object) -> str:
    text = "/".join(str(part) for part in parts)
    return "c" + hashlib.sha256(text.encode("utf-8")).hexdigest()[:11]
