"""Patterns over the steps of a map: each kind of step a symbol, the pattern an expression on them.

Steps that no name of the pattern tells apart are one kind. So a journey is a text of as many
letters as it has steps, whatever its names hold, and no name ever stands in an expression.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import translate
from itertools import product
from re import compile as compiled

from ..errors import nearest
from .grammar import (
    AnyStep,
    BothSteps,
    Chain,
    Choice,
    NotStep,
    OneOf,
    Pattern,
    Repeated,
    Selector,
    Step,
    Tree,
    is_step,
)
from .words import fault

MOST_MUSTS = 8
"""So many touchpoints that a match must meet are looked for, the rarest sets first."""
LETTERS = string.ascii_letters + string.digits + "".join(map(chr, range(0x4E00, 0x4E00 + 2_000)))


@dataclass(frozen=True)
class Names:
    """What steps of a map may be called: numbers by name, and the stage of each touchpoint.

    `goals` are the touchpoints at which its goal is met, `unmet` the names of touchpoints, and of
    their stages, that the project file declares and no event is of.
    """

    touchpoints: Mapping[str, int]
    stages: Mapping[int, str | None]
    channels: Mapping[str, int]
    goals: frozenset[int]
    unmet: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Expression:
    """A pattern as an expression over symbols.

    `to_end` says that a match has to be the end of a journey. `touchpoints` and `channels` give the
    class of each that a name of the pattern means, all others are in class 0; `symbols` gives the
    letter of each two classes. A journey that matches has a step at one touchpoint of each of the
    sets `musts`, and has met the goal where the pattern `holds_goal`.
    """

    text: str
    to_end: bool
    reading: str
    touchpoints: Mapping[int, int]
    channels: Mapping[int, int]
    symbols: Mapping[tuple[int, int], str]
    musts: Sequence[frozenset[int]]
    holds_goal: bool


def express(pattern: Pattern, names: Names) -> Expression:
    """Return the expression of a pattern on the steps of a map.

    Raises DataError that points at the name that no touchpoint, stage or channel has.
    """
    meant = {one: _meant(pattern, one, names) for one in _selectors(pattern.tree)}
    of_channel = [own for one, (by, own) in meant.items() if by == "channel"]
    of_touchpoint = [own for one, (by, own) in meant.items() if by != "channel"]
    touchpoints = _classes(sorted(names.stages), of_touchpoint)
    channels = _classes(sorted(names.channels.values()), of_channel)
    # One touchpoint and one channel stand for all of their class.
    pairs = sorted(product(_first_of(touchpoints).items(), _first_of(channels).items()))
    if len(pairs) > len(LETTERS):
        told = f"this tells {len(pairs):,} kinds of steps apart; {len(LETTERS):,} is the most"
        raise fault(pattern.text, 0, told)
    symbols, steps = {}, {}
    for letter, ((own, touchpoint), (way, channel)) in zip(LETTERS, pairs, strict=False):
        symbols[own, way] = letter
        steps[letter] = (touchpoint, channel)

    def letters_in(step: Step) -> str:
        return "".join(letter for letter, one in steps.items() if _is(step, meant, one[0], one[1]))

    def letters_of(step: Step) -> str:
        found = letters_in(step)
        if not found:
            unmet = [one for one in _selectors(step) if not meant[one][1]]
            place = next((one.place for one in (*unmet, *_selectors(step))), 0)
            why = f"no event is {unmet[0].text!r}, so " if unmet else ""
            raise fault(pattern.text, place, f"{why}no step can be this; loosen it")
        return "." if len(found) == len(steps) else f"[{found}]"

    def touchpoints_of(step: Step) -> frozenset[int]:
        met = {touchpoints[steps[one][0]] for one in letters_in(step)}
        return frozenset(number for number, own in touchpoints.items() if own in met)

    inner = f"(?:{_written(pattern.tree, letters_of)})"
    return Expression(
        text=("^" if pattern.from_start else "") + inner + ("$" if pattern.to_end else ""),
        to_end=pattern.to_end,
        reading=_reading(pattern, {one: by for one, (by, _) in meant.items()}),
        touchpoints={number: own for number, own in touchpoints.items() if own},
        channels={number: own for number, own in channels.items() if own},
        symbols=symbols,
        musts=_musts(pattern.tree, touchpoints_of, len(touchpoints)),
        holds_goal=_has(pattern.tree, lambda step: touchpoints_of(step) <= names.goals),
    )


def _musts(
    tree: Tree, touchpoints_of: Callable[[Step], frozenset[int]], of_all: int
) -> list[frozenset[int]]:
    """The touchpoints of each step that no match does without; where any will do, none is told."""
    found = dict.fromkeys(map(touchpoints_of, _needed(tree)))
    told = (own for own in found if len(own) < of_all)
    return sorted(told, key=lambda own: (len(own), sorted(own)))[:MOST_MUSTS]


def _needed(tree: Tree) -> Iterator[Step]:
    """The steps that every match of a tree has."""
    if is_step(tree):
        yield tree
    elif isinstance(tree, Chain):
        for part in tree.parts:
            yield from _needed(part)
    elif isinstance(tree, Repeated) and tree.low:
        yield from _needed(tree.part)


def _has(tree: Tree, is_one: Callable[[Step], bool]) -> bool:
    """Whether every match of a tree has a step that is one, whichever way it takes."""
    if is_step(tree):
        return is_one(tree)
    if isinstance(tree, Chain):
        return any(_has(part, is_one) for part in tree.parts)
    if isinstance(tree, Choice):
        return all(_has(part, is_one) for part in tree.parts)
    assert isinstance(tree, Repeated)
    return tree.low > 0 and _has(tree.part, is_one)


Meant = Mapping[Selector, tuple[str, frozenset[int]]]


def _meant(pattern: Pattern, one: Selector, names: Names) -> tuple[str, frozenset[int]]:
    """What a name is the name of, and the touchpoints or channels that it means."""
    stages: dict[str, set[int]] = {}
    for number, stage in names.stages.items():
        if stage is not None:
            stages.setdefault(stage, set()).add(number)
    known = {
        "touchpoint": {name: {number} for name, number in names.touchpoints.items()},
        "stage": stages,
        "channel": {name: {number} for name, number in names.channels.items()},
    }
    sought = (one.by,) if one.by else ("touchpoint", "stage")
    # A name without a star means itself, whatever letters it has.
    fits = (
        compiled(translate(one.text.replace("[", "[[]"))).match if one.is_glob else one.text.__eq__
    )
    for by in sought:
        found = [numbers for name, numbers in known[by].items() if fits(name)]
        if found:
            return by, frozenset().union(*found)
    if sought != ("channel",) and not one.is_glob and one.text in names.unmet:
        return sought[0], frozenset()
    listed = " or ".join(sought)
    if one.is_glob:
        raise fault(pattern.text, one.place, f"no {listed} is like {one.text!r}")
    hint = nearest(one.text, [name for by in sought for name in known[by]])
    raise fault(pattern.text, one.place, f"there is no {listed} {one.text!r}; {hint}")


def _selectors(tree: Tree) -> Iterator[Selector]:
    """The names in a tree, from left to right."""
    if isinstance(tree, Selector):
        yield tree
    elif isinstance(tree, NotStep):
        yield from _selectors(tree.step)
    elif isinstance(tree, Repeated):
        yield from _selectors(tree.part)
    elif isinstance(tree, BothSteps | OneOf):
        for step in tree.steps:
            yield from _selectors(step)
    elif isinstance(tree, Chain | Choice):
        for part in tree.parts:
            yield from _selectors(part)


def _classes(numbers: Sequence[int], told: Sequence[frozenset[int]]) -> dict[int, int]:
    """The class of each number: those that no set tells apart are in one, those in none in 0."""
    marks = {number: tuple(number in one for one in told) for number in numbers}
    nothing = (False,) * len(told)
    ordered = {mark: place for place, mark in enumerate(sorted({nothing, *marks.values()}))}
    return {number: ordered[mark] for number, mark in marks.items()}


def _first_of(classes: Mapping[int, int]) -> dict[int, int]:
    """For each class its lowest number."""
    return {place: number for number, place in sorted(classes.items(), reverse=True)}


def _is(step: Step, meant: Meant, touchpoint: int, channel: int) -> bool:
    """Whether a step at a touchpoint, by a channel, is this one."""
    if isinstance(step, Selector):
        by, numbers = meant[step]
        return (channel if by == "channel" else touchpoint) in numbers
    if isinstance(step, NotStep):
        return not _is(step.step, meant, touchpoint, channel)
    if isinstance(step, BothSteps):
        return all(_is(one, meant, touchpoint, channel) for one in step.steps)
    if isinstance(step, OneOf):
        return any(_is(one, meant, touchpoint, channel) for one in step.steps)
    return True


def _written(tree: Tree, letters_of: Callable[[Step], str]) -> str:
    """The tree as an expression over symbols."""
    if is_step(tree):
        return letters_of(tree)
    if isinstance(tree, Chain):
        return "".join(_written(part, letters_of) for part in tree.parts)
    if isinstance(tree, Choice):
        return "(?:" + "|".join(_written(part, letters_of) for part in tree.parts) + ")"
    assert isinstance(tree, Repeated)
    inner = _written(tree.part, letters_of)
    return (inner if is_step(tree.part) else f"(?:{inner})") + _often(tree)


def _often(tree: Repeated) -> str:
    short = {(0, None): "*", (1, None): "+", (0, 1): "?"}.get((tree.low, tree.high))
    if short is not None:
        return short
    if tree.low == tree.high:
        return f"{{{tree.low}}}"
    return f"{{{tree.low},{'' if tree.high is None else tree.high}}}"


def _reading(pattern: Pattern, by: Mapping[Selector, str]) -> str:
    """The pattern with every name's kind said and every bracket shown."""

    def told(tree: Tree, inner: bool) -> str:
        if isinstance(tree, Selector):
            mark = '"' if tree.is_glob else "'"
            text = tree.text.replace("\\", "\\\\").replace(mark, "\\" + mark)
            return f"{by[tree]}:{mark}{text}{mark}"
        if isinstance(tree, AnyStep):
            return "."
        if isinstance(tree, NotStep):
            return "!" + told(tree.step, True)
        if isinstance(tree, Repeated):
            return told(tree.part, True) + _often(tree)
        sign, parts = {
            BothSteps: (" & ", getattr(tree, "steps", ())),
            OneOf: (" | ", getattr(tree, "steps", ())),
            Choice: (" | ", getattr(tree, "parts", ())),
            Chain: (" -> ", getattr(tree, "parts", ())),
        }[type(tree)]
        text = sign.join(told(part, True) for part in parts)
        return f"({text})" if inner else text

    begun, ended = "^ " if pattern.from_start else "", " $" if pattern.to_end else ""
    return begun + told(pattern.tree, False) + ended
