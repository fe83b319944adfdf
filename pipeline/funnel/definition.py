"""What a funnel is: its steps, its rules, what ends it, whose events it sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any

from ..errors import DataError, nearest
from ..questions import Scope
from .presets import CHOICES, PRESETS, STOPS, Rules
from .syntax import is_optional

Conditions = Mapping[str, str | Sequence[str]]
"""Column = pattern, or several; as in a touchpoint rule of the project file."""


@dataclass(frozen=True)
class Step:
    """A step in full: any of some selectors, each of which is column = pattern, all of them met.

    `within` and `after` are the longest and shortest time since the step before, both inclusive.
    """

    any_of: Sequence[Conditions | str]
    name: str | None = None
    optional: bool = False
    within: str | None = None
    after: str | None = None


@dataclass(frozen=True)
class Exclusion:
    """Events that must not happen after one step and before another; None: the whole funnel."""

    any_of: Sequence[Conditions | str]
    after_step: int | None = None
    before_step: int | None = None


@dataclass(frozen=True)
class Funnel:
    """The steps of a funnel and its rules; a rule left out is that of the preset `rules`.

    A step is text, such as "Cart|Checkout" or "channel=mail* & event=open?", or a `Step`.
    `within` is the time that the whole funnel may take, "none" for no limit. `by` breaks it down,
    by a segment or a column; `attribution` says which value of a column counts: that at the first
    step, at the last one reached, or at the step with a number. `since` and `until` are days, or
    moments, of the entry. `may_miss`: a name that no event has is a step that nobody reaches, not a
    fault. An example: `Funnel(["Product page", "Cart|Checkout", "Order"], within="7 d")`.
    """

    steps: Sequence[Step | str]
    rules: str = "squiggle"
    order: str | None = None
    anchored: bool = False
    entry: str | None = None
    ties: str | None = None
    grace: str | None = None
    shared: bool | None = None
    reentry: str | None = None
    unit: str | None = None
    within: str | None = None
    window: str | None = None
    hold: str | None = None
    exclusions: Sequence[Exclusion | str] = ()
    exclusion: str | None = None
    stops: Sequence[str] | None = None
    range: str | None = None
    since: str | date | datetime | None = None
    until: str | date | datetime | None = None
    unfinished: str | None = None
    may_miss: bool = False
    by: str | None = None
    attribution: str | int = "first"
    scope: Scope = field(default_factory=Scope)

    def settled(self) -> Rules:
        """Return the rules that hold: those of the preset, with what the funnel says itself.

        Raises DataError for a preset or a choice that does not exist.
        """
        if self.rules not in PRESETS:
            raise DataError(
                f"{self.rules!r}: there are no such funnel rules; {nearest(self.rules, PRESETS)}"
            )
        own: dict[str, Any] = {}
        for one in fields(Rules):
            said = getattr(self, one.name)
            if said is None:
                continue
            if one.name in CHOICES and said not in CHOICES[one.name]:
                hint = nearest(str(said), CHOICES[one.name])
                raise DataError(f"{one.name} {said!r}: there is no such choice; {hint}")
            for what in said if one.name == "stops" else ():
                if what not in STOPS:
                    raise DataError(f"stops {what!r}: nothing does; {nearest(what, STOPS)}")
            own[one.name] = tuple(said) if one.name == "stops" else said
        return replace(PRESETS[self.rules].rules, **own)

    def written(self) -> list[Step]:
        """Return the steps in full, each with its name; raises DataError where there is none."""
        if not self.steps or isinstance(self.steps, str):
            raise DataError("a funnel has steps; name at least one, in their order")
        found = []
        for step in self.steps:
            if isinstance(step, str):
                text, optional = is_optional(step)
                found.append(Step([text], text, optional))
            else:
                found.append(replace(step, name=step.name or " | ".join(map(str, step.any_of))))
        return found
