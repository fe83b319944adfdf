"""SQL of ways into a record that are no plain columns: alternatives, members, list elements."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyarrow as pa

from ..formats import Path, Step, parsed
from ..warehouse import among, literal, quote

TEXT = pa.string()
_WIDE = ("\u00a0", "\u200b", "\ufeff")
_SPACES = " \t\n\r\v\f" + "".join(_WIDE)
_BITS = {2: (42, 21), 3: (41, 12, 10), 4: (33, 10, 10, 10)}
"""Bits of the numbers that are packed into one, the first being the most significant."""


@dataclass(frozen=True)
class Reached:
    """SQL of what a way leads to, and its type; text may hold JSON, in which steps go on."""

    sql: str
    kind: pa.DataType


Texts = Sequence[str]

Column = Callable[[tuple[str, ...]], tuple[Reached, int] | None]
"""The column that names begin with, and how many of them it takes; None where there is none."""


def is_plain(text: str) -> bool:
    """Tell whether a text names a column, or a member of members, and nothing else."""
    first, *others = parsed(text)
    return not others and first == Path(tuple(Step(name) for name in first.names))


def plain_names(text: str) -> list[str]:
    """Return the members of a JSON line that must be at hand for following the ways of a text."""
    paths = parsed(text)
    paths += [path.unless for path in paths if path.unless is not None]
    return [".".join(path.names) for path in paths]


def inked(value: str, blank: Texts) -> str:
    """Return SQL of a text without white space at its ends, NULL where what is left is blank.

    `blank` are the texts that mean nothing. Only what begins or ends with a space or the like is
    trimmed: `trim` costs more than all the rest.
    """
    trimmed = f"trim({value}, {literal(_SPACES)})"
    is_wide = " or ".join(among(f"({value})[{end}]", _WIDE) for end in (1, -1))
    return (
        f"case when {among(value, blank)} then null "
        f"when {value} < '!' or ({value})[-1] < '!' "
        f"or (strlen({value}) > length({value}) and ({is_wide})) then "
        f"case when {among(trimmed, blank)} then null else {trimmed} end "
        f"else {value} end"
    )


def first_of(text: str, column: Column, blank: Texts) -> Reached | None:
    """Return what the first way leads to that is there and finds a value; None: none is there.

    `blank` are the texts that mean nothing.
    """
    found = _found(text, column, blank)
    if len(found) <= 1:
        return found[0] if found else None
    if found[0].kind != TEXT and all(one.kind == found[0].kind for one in found):
        return Reached(f"coalesce({', '.join(one.sql for one in found)})", found[0].kind)
    return Reached(f"coalesce({', '.join(inked(_text(one), blank) for one in found)})", TEXT)


def all_of(text: str, column: Column, blank: Texts) -> Reached | None:
    """Return a whole number that orders records as the numbers of all ways do, one by one.

    A missing number comes before all others. A number that is too large for its bits fills them
    and all that follow: such records may be tied, but are never turned round.
    """
    found = [
        f"try_cast({inked(_text(one), blank)} as bigint)" for one in _found(text, column, blank)
    ]
    if len(found) <= 1:
        return Reached(found[0], pa.int64()) if found else None
    bits = _BITS.get(len(found), (63 // len(found),) * len(found))
    return Reached(_packed(found, bits), pa.int64())


def _packed(numbers: Sequence[str], bits: Sequence[int]) -> str:
    if not numbers:
        return "0"
    number, below = numbers[0], sum(bits[1:])
    most = 2 ** bits[0] - 1
    rest = _packed(numbers[1:], bits[1:])
    return (
        f"case when coalesce({number}, -1) < 0 then {rest} "
        f"when {number} >= {most} then {2 ** (bits[0] + below) - 1} "
        f"else ({number} + 1) * {2**below} + {rest} end"
    )


def _found(text: str, column: Column, blank: Texts) -> list[Reached]:
    reached = (_one(path, column, blank) for path in parsed(text))
    return [one for one in reached if one is not None]


def _one(path: Path, column: Column, blank: Texts) -> Reached | None:
    begun = column(path.names)
    if begun is None:
        return None
    reached, taken = begun
    end = _follow(reached, path.steps[taken:])
    if end is None:
        return None
    if path.nothing is not None:
        end = Reached(f"nullif({_text(end)}, {literal(path.nothing)})", TEXT)
    other = _one(path.unless, column, blank) if path.unless is not None else None
    if other is not None:
        end = Reached(
            f"case when {inked(_text(other), blank)} is null then {end.sql} end", end.kind
        )
    return end


def _follow(reached: Reached, steps: Sequence[Step]) -> Reached | None:
    """What the steps lead to: through structs and lists, and through text that holds JSON."""
    for number, step in enumerate(steps):
        kind = reached.kind
        if pa.types.is_string(kind) or pa.types.is_large_string(kind):
            return Reached(_in_json(reached.sql, steps[number:]), TEXT)
        inside = _inside(reached, step)
        if inside is None:
            return None
        reached = inside
    return reached


def _inside(reached: Reached, step: Step) -> Reached | None:
    kind = reached.kind
    if step.name is not None:
        place = kind.get_field_index(step.name) if pa.types.is_struct(kind) else -1
        if place < 0:
            return None
        member = f"struct_extract({reached.sql}, {literal(step.name)})"
        return Reached(member, kind.field(place).type)
    if not (pa.types.is_list(kind) or pa.types.is_large_list(kind)):
        return None
    if step.key is None:
        return Reached(f"({reached.sql})[1]", kind.value_type)
    inner = _inside(Reached("x", kind.value_type), Step(step.key))
    if inner is None:
        return None
    chosen = f"list_filter({reached.sql}, lambda x: {_is_like(_text(inner), step.value)})[1]"
    return Reached(chosen, kind.value_type)


def _in_json(sql: str, steps: Sequence[Step]) -> str:
    """SQL of what steps lead to in a text that holds JSON; NULL where it does not."""
    names: list[str] = []
    for number, step in enumerate(steps):
        if step.name is not None:
            names.append(step.name)
            continue
        if names:
            sql = _member(sql, names)
        elements = f"try(json_extract({sql}, '$[*]'))"
        if step.key is not None:
            told = f"json_extract_string(x, {literal('$.' + quote(step.key))})"
            elements = f"list_filter({elements}, lambda x: {_is_like(told, step.value)})"
        return _in_json(f"cast({elements}[1] as varchar)", steps[number + 1 :])
    return _member(sql, names) if names else sql


def _member(sql: str, names: Sequence[str]) -> str:
    return f"try(json_extract_string({sql}, {literal('$.' + '.'.join(map(quote, names)))}))"


def _is_like(sql: str, value: str) -> str:
    if value.endswith("*"):
        return f"starts_with({sql}, {literal(value[:-1])})"
    return f"{sql} = {literal(value)}"


def _text(reached: Reached) -> str:
    return reached.sql if reached.kind == TEXT else f"cast({reached.sql} as varchar)"
