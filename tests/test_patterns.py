"""Path patterns: what each sign means, faults that point at the character, and Python's re."""

from __future__ import annotations

import re
from math import nan
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import DataError
from pipeline.paths import pattern
from pipeline.paths.pattern import pattern_rows
from pipeline.patterns.grammar import parse
from pipeline.patterns.symbols import Names, express
from pipeline.questions import Scope, answer
from pipeline.statistics import newcombe, wilson

from .drawing import examples
from .parts import QUESTIONS
from .walks import CHANNELS, TOUCHPOINTS, Journey, Walks

pytestmark = pytest.mark.tables(*QUESTIONS)

# One letter a touchpoint, so that a journey is a word; o has no stage.
NAMES = Names(
    touchpoints={"a": 1, "b": 2, "c": 3, "o": 4, "e-mail sent": 5, "50% off!": 6, "a*": 7},
    stages={1: "First", 2: "First", 3: "Last", 4: None, 5: "Last", 6: "Last", 7: "Last"},
    channels={"mail": 1, "web": 2},
    goals=frozenset({2}),
)
WAYS = {"M": 1, "W": 2}


def spans(text: str, word: str) -> list[str]:
    """What a pattern matches in a word of a, b, c and o; M or W before one: its channel."""
    found = express(parse(text), NAMES)
    steps = re.findall(r"([MW]?)(\w)", word)
    spelled = "".join(
        found.symbols[
            found.touchpoints.get(NAMES.touchpoints[letter], 0),
            found.channels.get(WAYS[way or "M"], 0),
        ]
        for way, letter in steps
    )
    letters = "".join(letter for _, letter in steps)
    matches = re.finditer(found.text, spelled)
    return [letters[slice(*one.span())] for one in matches]


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("a -> b", "abcab", ["ab", "ab"]),  # directly
        ("a -> b", "acb", []),
        ("a -> ... -> b", "acob", ["acob"]),  # eventually
        ("a -> .* -> b", "ab", ["ab"]),
        ("a -> . -> b", "acb", ["acb"]),  # exactly one between
        ("a{2,}", "aabaaa", ["aa", "aaa"]),
        ("a{2}", "aaaaa", ["aa", "aa"]),  # matches do not overlap
        ("a{,2} -> b", "aaab", ["aab"]),
        ("a+ -> b?", "aab", ["aab"]),
        ("a -> !b", "abac", ["ac"]),
        ("a -> !b", "a", []),  # there must be a step
        ("a -> !b* -> $", "aba", ["a"]),  # never b again
        ("a -> !b* -> $", "ab", []),
        ("^ a", "aa", ["a"]),
        ("^a", "ba", []),
        ("b $", "ab", ["b"]),
        ("^ -> a* -> $", "aaa", None),
        ("a | b -> c", "acbc", ["ac", "bc"]),  # | binds closer than ->
        ("a | (b -> c)", "abc", ["a", "bc"]),
        ("(a -> b){2}", "ababab", ["abab"]),
        ("!(a | b)", "abc", ["c"]),
        ("stage:First+", "abcab", ["ab", "ab"]),
        ("First+ -> Last", "abc", ["abc"]),  # a stage, where no touchpoint has the name
        ("!stage:'First'", "aob", ["o"]),
        ("channel:mail{2}", "MaMbWaMa", ["ab"]),
        ("a & channel:web", "MaWaWb", ["a"]),
        ('channel:"w*"', "MaWb", ["b"]),
        ("!a & !channel:web", "aWbb", ["b"]),
        ("a & b", None, "no step can be this"),
    ],
)  # fmt: skip
def test_a_sign_means(text: str, word: str | None, expected: list[str] | str | None) -> None:
    if word is None:
        with pytest.raises(DataError, match=str(expected)):
            spans(text, "a")
    elif expected is None:
        with pytest.raises(DataError, match="matches no step at all"):
            spans(text, word)
    else:
        assert spans(text, word) == expected


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("e-mail sent", "touchpoint:'e-mail sent'"),
        ("a->b", "touchpoint:'a' -> touchpoint:'b'"),
        ("'50% off!'", "touchpoint:'50% off!'"),
        ("'a*'", "touchpoint:'a*'"),
        ('"e*"', 'touchpoint:"e*"'),
        ("a|b->c{2,3}", "(touchpoint:'a' | touchpoint:'b') -> touchpoint:'c'{2,3}"),
        ("^...->Last$", "^ .* -> stage:'Last' $"),
        ("(a->b)+", "(touchpoint:'a' -> touchpoint:'b')+"),
    ],
)
def test_a_pattern_is_read_back_in_full_and_can_be_read_again(text: str, meant: str) -> None:
    read = express(parse(text), NAMES)
    assert read.reading == meant
    assert express(parse(meant), NAMES).text == read.text


@pytest.mark.parametrize(
    ("text", "place", "told"),
    [
        ("", 0, "the pattern ends; expected a step"),
        ("a ->", 4, "the pattern ends; expected a step"),
        ("-> a", 0, "this is '->'; expected a step"),
        ("a -> -> b", 5, "this is '->'; expected a step"),
        ("a -> * -> b", 5, "a quantifier follows the step that it repeats"),
        ("a -> b**", 7, "a step takes one quantifier"),
        ("a{3,2}", 1, "at least 3 and at most 2 cannot be"),
        ("a{0}", 1, "no times says nothing"),
        ("a{x}", 1, "this is no quantifier; write .2., .2,. or"),
        ("a{2000}", 1, "2,000 is too often; 1,000 is the most"),
        ("(a{100} -> b){20}", 13, "this is 2,020 steps, multiplied out"),
        ("(a -> b", 0, "this bracket is never closed"),
        ("a -> b)", 6, "this bracket was never opened"),
        ("a -> ^b", 5, "\\^ is the beginning of a journey"),
        ("a $ -> b", 2, "\\$ is the end of a journey"),
        ("a 'b'", 2, "this is 'b'; expected -> and the next step, or the end"),
        ("a -> 'b", 5, "this quote is never closed"),
        ("a = b", 2, "'=' has no meaning here"),
        ("a -> !(b -> c)", 6, "! is a step that is not this one, and this is several"),
        ("a & (a -> b)", 0, "& joins what is said of one step"),
        ("(a?)+", 0, "what may be no step at all cannot be repeated"),
        ("a? -> b*", 0, "this matches no step at all"),
        ("kanal:mail", 0, "'kanal' is nothing to choose by; .*channel"),
        ("stage:", 6, "the pattern ends; expected the name of a stage"),
        ("a -> e-mail snt", 5, "there is no touchpoint or stage .*; did you mean 'e-mail sent'"),
        ("stage:Frist", 6, "there is no stage 'Frist'; did you mean 'First'"),
        ('a -> "zz*"', 5, "no touchpoint or stage is like 'zz\\*'"),
        ("日本 -> ?", 6, "a quantifier follows"),
    ],
)
def test_a_fault_points_at_the_character(text: str, place: int, told: str) -> None:
    with pytest.raises(DataError, match=told) as caught:
        express(parse(text), NAMES)
    _, line, caret = str(caught.value).split("\n")
    assert line == "  " + text
    wide = sum(letter in "日本" for letter in text[:place])
    assert caret == "  " + " " * (place + wide) + "^"


@given(st.text(alphabet="ab->.*+?{}!()|&^$\"' 1,:\\", max_size=12))
@examples(300)
def test_any_text_is_a_pattern_or_a_fault_that_points(text: str) -> None:
    try:
        read = express(parse(text), NAMES)
    except DataError as error:
        assert str(error).startswith("pattern: ")
        assert str(error).endswith("^")
    else:
        re.compile(read.text)
        assert express(parse(read.reading), NAMES).text == read.text


# The same walks for Python's re: every touchpoint with every channel is a letter of its own.
KINDS = [(touchpoint, channel) for touchpoint in TOUCHPOINTS for channel in (*CHANNELS[:2], "")]
LETTER = {kind: chr(ord("a") + place) for place, kind in enumerate(KINDS)}
Both = tuple[str, str]


def word_of(journey: Journey) -> str:
    return "".join(
        LETTER[step.touchpoint, step.channel if step.channel in CHANNELS else ""]
        for step in journey.steps
    )


def step(written: str, fits: list[bool]) -> Both:
    letters = [letter for letter, one in zip(LETTER.values(), fits, strict=True) if one]
    return written, f"[{''.join(letters)}]"


STEPS = (
    [step(f"'{name}'", [own == name for own, _ in KINDS]) for name in TOUCHPOINTS]
    + [step(f"!'{name}'", [own != name for own, _ in KINDS]) for name in TOUCHPOINTS[:2]]
    + [
        step("stage:One", [own in ("Ad", "Home page") for own, _ in KINDS]),
        step('"*a*"', [own in ("Cart", "Home page") for own, _ in KINDS]),
        step("channel:mail", [way == "mail" for _, way in KINDS]),
        step("Cart & !channel:web", [own == "Cart" and way != "web" for own, way in KINDS]),
        step(".", [True for _ in KINDS]),
    ]
)


def longer(inner: st.SearchStrategy[Both]) -> st.SearchStrategy[Both]:
    chains = st.lists(inner, min_size=2, max_size=3).map(
        lambda parts: (
            "(" + " -> ".join(one for one, _ in parts) + ")",
            "(?:" + "".join(two for _, two in parts) + ")",
        )
    )
    choices = st.lists(inner, min_size=2, max_size=3).map(
        lambda parts: (
            "(" + " | ".join(f"({one})" for one, _ in parts) + ")",
            "(?:" + "|".join(two for _, two in parts) + ")",
        )
    )
    times = st.tuples(
        inner.filter(lambda part: not re.fullmatch(part[1], "")),
        st.sampled_from(["*", "+", "?", "{2}", "{2,}", "{1,3}"]),
    ).map(lambda both: (f"({both[0][0]}){both[1]}", f"(?:{both[0][1]}){both[1]}"))
    return st.one_of(chains, choices, times)


patterns = st.tuples(
    st.sampled_from(["", "", "^ "]),
    st.recursive(st.sampled_from(STEPS), longer, max_leaves=6),
    st.sampled_from(["", "", " $"]),
).map(
    lambda parts: (
        parts[0] + parts[1][0] + parts[2],
        (r"\A" if parts[0] else "") + f"(?:{parts[1][1]})" + (r"\Z" if parts[2] else ""),
    )
)


@given(patterns.filter(lambda both: not re.fullmatch(both[1], "")))
@examples(40)
def test_a_pattern_matches_what_it_matches_in_python(walks: Walks, both: Both) -> None:
    text, plain = both
    _, rows = pattern_rows(walks.warehouse, text, Scope())
    answer(walks.warehouse, ["pattern_spans"], rows)
    found = {
        (customer, journey): counts
        for customer, journey, *counts in walks.warehouse.rows(
            "select customer_no, journey_no, matches, first_step, last_step from pattern_spans"
        )
    }
    for journey in walks.journeys:
        matches = [one.span() for one in re.finditer(plain, word_of(journey))]
        expected = [len(matches), matches[0][0] + 1, matches[0][1]] if matches else None
        assert found.get((journey.customer_no, journey.journey_no)) == expected, text


def test_the_outcomes_are_those_of_the_journeys_that_match_and_of_the_others(walks: Walks) -> None:
    found = pattern(walks.warehouse, "Cart -> ... -> 'Home page'", examples=3)
    pairs = [(bool(re.search("(d|e|f).*(g|h|i)", word_of(one))), one) for one in walks.journeys]
    known = []
    for row, answered in zip(found.outcomes.to_dict("records"), (True, False), strict=True):
        own = [one for matches, one in pairs if matches == answered]
        still_open = sum(one.status == "open" for one in own)
        won = sum(one.status == "converted" for one in own)
        known.append((won, len(own) - still_open))
        assert row["is_match"] == answered
        assert (row["journeys"], row["open"], row["converted"]) == (len(own), still_open, won)
        assert row["dropped"] == len(own) - still_open - won
        assert row["customers"] == len({one.customer_no for one in own})
        spans = [re.search("(d|e|f).*(g|h|i)", word_of(one)) for one in own]
        lasting = [
            one.steps[match.end() - 1].occurred_us - one.steps[match.start()].occurred_us
            for one, match in zip(own, spans, strict=True)
            if match
        ]
        assert row["median_s"] == pytest.approx(
            median(lasting) / 1e6 if answered else nan, nan_ok=True
        )
        low, high = wilson(len(own), len(pairs))
        assert (row["share_lo"], row["share_hi"]) == pytest.approx((low, high))
    low, high = newcombe(*known[0], *known[1])
    rates = [won / of for won, of in known]
    assert found.difference == pytest.approx((rates[0] - rates[1], low, high))
    assert len(found.examples) == 3


def test_a_scope_narrows_what_a_pattern_is_held_against(walks: Walks) -> None:
    found = pattern(walks.warehouse, "Cart", Scope(outcomes=["converted"])).outcomes
    assert found["journeys"].sum() == sum(one.status == "converted" for one in walks.journeys)
    nobody = pattern(walks.warehouse, "Order", Scope(outcomes=["dropped"]))
    assert nobody.outcomes["journeys"].to_list()[0] == 0
    assert nobody.difference is None


def test_brackets_beyond_count_are_told() -> None:
    with pytest.raises(DataError, match="too many brackets within brackets"):
        parse("(" * 5_000 + "a" + ")" * 5_000)
