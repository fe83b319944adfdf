"""The grammar of path patterns: text → a tree of steps, sequences, alternatives and repetitions.

    pattern     [^] sequence [$]
    sequence    choice -> choice -> …              one directly after the other
    choice      piece | piece | …                  binds closer than ->
    piece       both [* + ? {m} {m,} {m,n}]
    both        step & step & …                    the same step is both
    step        name, 'name', "glob*", stage:…, channel:…, touchpoint:…, . (any), !step, (sequence)

`...` stands for `.*`: any steps, or none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeGuard

from ..errors import DataError
from .words import MOST, Word, fault, words


@dataclass(frozen=True)
class Selector:
    """Steps by name: of their touchpoint, stage or channel; `by` is empty where it is not said."""

    by: str
    text: str
    is_glob: bool
    place: int


@dataclass(frozen=True)
class AnyStep:
    """Any one step."""


@dataclass(frozen=True)
class NotStep:
    """Any one step but these."""

    step: Step


@dataclass(frozen=True)
class BothSteps:
    """A step that is each of these."""

    steps: tuple[Step, ...]


@dataclass(frozen=True)
class OneOf:
    """A step that is one of these."""

    steps: tuple[Step, ...]


Step = Selector | AnyStep | NotStep | BothSteps | OneOf


@dataclass(frozen=True)
class Chain:
    """Parts that follow each other directly."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True)
class Choice:
    """One of several parts, the first that leads on."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True)
class Repeated:
    """A part several times, as often as leads on; `high` None: without end."""

    part: Tree
    low: int
    high: int | None


Tree = Step | Chain | Choice | Repeated


@dataclass(frozen=True)
class Pattern:
    """A pattern as it was read: the tree, and whether it is held at either end of the journey."""

    text: str
    tree: Tree
    from_start: bool
    to_end: bool


def parse(pattern: str) -> Pattern:
    """Return the tree of a pattern.

    Raises DataError that points at the character where it cannot be read, or where it would match
    a journey without any of its steps.
    """
    reading = _Reading(pattern)
    from_start = reading.takes("^")
    if from_start:
        reading.takes("->")
    try:
        tree = reading.sequence()
    except RecursionError:
        raise DataError("the pattern has too many brackets within brackets; write fewer") from None
    held = reading.word.place
    to_end = reading.takes("$")
    if to_end and reading.word.kind != "end":
        told = "$ is the end of a journey and stands at the end of the pattern"
        raise fault(pattern, held, told)
    reading.ends()
    if is_empty(tree):
        raise fault(pattern, 0, "this matches no step at all, so every journey would; "
                    "ask for one step or more")  # fmt: skip
    if steps_of(tree) > MOST:
        told = f"this is {steps_of(tree):,} steps, multiplied out; {MOST:,} is the most"
        raise fault(pattern, 0, told)
    return Pattern(pattern, tree, from_start, to_end)


def is_step(tree: Tree) -> TypeGuard[Step]:
    """Return whether a tree is one step."""
    return isinstance(tree, Selector | AnyStep | NotStep | BothSteps | OneOf)


def is_empty(tree: Tree) -> bool:
    """Return whether a tree also matches no step at all."""
    if isinstance(tree, Chain):
        return all(map(is_empty, tree.parts))
    if isinstance(tree, Choice):
        return any(map(is_empty, tree.parts))
    return isinstance(tree, Repeated) and (tree.low == 0 or is_empty(tree.part))


def steps_of(tree: Tree) -> int:
    """Return how many steps a tree has, with all its repetitions multiplied out."""
    if isinstance(tree, Chain | Choice):
        return sum(map(steps_of, tree.parts))
    if isinstance(tree, Repeated):
        return steps_of(tree.part) * max(tree.low, tree.high or tree.low + 1)
    return 1


class _Reading:
    """A pattern that is being read, word by word."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.words = words(pattern)
        self.at = 0

    @property
    def word(self) -> Word:
        return self.words[self.at]

    def takes(self, sign: str) -> bool:
        """Go on past a sign, if it stands here."""
        found = self.word.kind == "sign" and self.word.text == sign
        self.at += found
        return found

    def expected(self, what: str) -> Exception:
        seen = "the pattern ends" if self.word.kind == "end" else f"this is {self.word.text!r}"
        return fault(self.pattern, self.word.place, f"{seen}; expected {what}")

    def ends(self) -> None:
        """Refuse whatever is left over."""
        word = self.word
        if word.kind == "end":
            return
        if word.kind == "times":
            told = "a step takes one quantifier; put the step and its own in brackets"
            raise fault(self.pattern, word.place, told)
        self.held()
        if word.text == ")":
            raise fault(self.pattern, word.place, "this bracket was never opened; take it out")
        raise self.expected("-> and the next step, or the end")

    def held(self) -> None:
        """Refuse an end of the journey that stands inside the pattern."""
        word = self.word
        if word.kind == "sign" and word.text in "^$":
            side = "beginning" if word.text == "^" else "end"
            told = f"{word.text} is the {side} of a journey and stands at the {side} of the pattern"
            raise fault(self.pattern, word.place, told)

    def sequence(self) -> Tree:
        parts = [self.choice()]
        while self.takes("->"):
            if self.word.text == "$" and self.words[self.at + 1].kind == "end":
                break
            parts.append(self.choice())
        return parts[0] if len(parts) == 1 else Chain(tuple(parts))

    def choice(self) -> Tree:
        parts = [self.piece()]
        while self.takes("|"):
            parts.append(self.piece())
        if len(parts) == 1:
            return parts[0]
        single = tuple(part for part in parts if is_step(part))
        return OneOf(single) if len(single) == len(parts) else Choice(tuple(parts))

    def piece(self) -> Tree:
        begun = self.word.place
        if self.takes("..."):
            return Repeated(AnyStep(), 0, None)
        part = self.both()
        word = self.word
        if word.kind != "times":
            return part
        self.at += 1
        if is_empty(part):
            told = "what may be no step at all cannot be repeated; make its inside one step or more"
            raise fault(self.pattern, begun, told)
        repeated = Repeated(part, word.low, word.high)
        if steps_of(repeated) > MOST:
            told = f"this is {steps_of(repeated):,} steps, multiplied out; {MOST:,} is the most"
            raise fault(self.pattern, word.place, told)
        return repeated

    def both(self) -> Tree:
        begun = self.word.place
        parts = [self.step()]
        while self.takes("&"):
            parts.append(self.step())
        if len(parts) == 1:
            return parts[0]
        single = tuple(part for part in parts if is_step(part))
        if len(single) < len(parts):
            raise fault(self.pattern, begun, "& joins what is said of one step, not several steps")
        return BothSteps(single)

    def step(self) -> Tree:
        word = self.word
        if self.takes("!"):
            place = self.word.place
            part = self.step()
            if not is_step(part):
                told = "! is a step that is not this one, and this is several; write !(a | b)"
                raise fault(self.pattern, place, told)
            return NotStep(part)
        if self.takes("("):
            part = self.sequence()
            if not self.takes(")"):
                if self.word.kind == "end":
                    raise fault(self.pattern, word.place, "this bracket is never closed; add )")
                self.ends()
            return part
        if self.takes("."):
            return AnyStep()
        by = ""
        if word.kind == "selector":
            by = word.text
            self.at += 1
        named = self.word
        if named.kind in ("name", "text", "glob"):
            self.at += 1
            return Selector(by, *_spelled(named), named.place)
        if named.kind == "times":
            told = "a quantifier follows the step that it repeats; . is any step"
            raise fault(self.pattern, named.place, told)
        self.held()
        raise self.expected(f"the name of a {by}" if by else "a step: a name, ., !step or (")


def _spelled(word: Word) -> tuple[str, bool]:
    """The name that a word says, and whether it is a glob."""
    if word.kind == "name":
        return word.text, False
    text = re.sub(r"\\(.)", r"\1", word.text, flags=re.DOTALL)
    return text, word.kind == "glob" and bool(set(text) & {"*", "?"})
