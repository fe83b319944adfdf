"""What the quality register says of names that are written alike, and of clocks that are coarse."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.likeness import plain, similar_names

from .conftest import Build, toml, write_csv

pytestmark = pytest.mark.tables("quality_register", "similar_names", "source_quality")
CART = '\n[[touchpoint]]\nname = "Cart"\nstage = "Interest"\nwhen = { event = "Add to cart" }\n'
PROJECT = toml(columns='user_id = "who"\noccurred_at = "at"\nevent = "what"\nchannel = "way"')
NAMES = ("Add to cart", "Add to cart", "add_to_cart", "Add-To-Cart", "Add\u200b to cart", "Added")
WAYS = ("web", "web", "WEB", " web", "web", "caf\u00e9", "cafe\u0301", "cafe")


def test_names_that_differ_in_writing_only_are_told_with_the_most_frequent(build: Build) -> None:
    rows = [("ann", f"2026-01-01 10:0{n}:00", name, "") for n, name in enumerate(NAMES)]
    rows += [("bob", f"2026-01-01 11:0{n}:00", "Awareness", way) for n, way in enumerate(WAYS)]
    built = build(rows, PROJECT + CART, header=("who", "at", "what", "way"))
    asked = "select kind, name, like_name, events, like_events from similar_names"
    assert set(built.rows(asked)) == {
        ("event", "add_to_cart", "Add to cart", 1, 2),
        ("event", "Add-To-Cart", "Add to cart", 1, 2),
        ("event", "Add\u200b to cart", "Add to cart", 1, 2),
        ("channel", "WEB", "web", 1, 4),
        ("channel", "caf\u00e9", "cafe\u0301", 1, 1),
    }
    told = built.rows(
        "select subject, rows from quality_register where finding = 'names that are written alike'"
    )
    assert sorted(told) == [("channel", 2), ("event", 3)]


def test_names_that_a_rule_makes_one_are_one(build: Build) -> None:
    rule = CART.replace('"Add to cart" }', '["Add?to?cart", "Add-To-Cart", "add_to_cart"] }')
    rows = [("ann", f"2026-01-01 10:0{n}:00", name, "") for n, name in enumerate(NAMES[:4])]
    built = build(rows, PROJECT + rule, header=("who", "at", "what", "way"))
    assert built.rows("from similar_names") == []


@pytest.mark.parametrize(
    ("one", "other", "coarse"),
    [
        ("10:00:00", "10:00:07", ["one"]),
        ("10:00:05", "10:00:07.250", ["one"]),
        ("10:00:00", "10:00:07.250001", ["one"]),
        ("10:00:00.5", "10:00:07.250001", []),
        ("10:00:05", "10:00:07", []),
        ("10:01:00", "10:00:00", []),
    ],
)
def test_a_clock_that_is_coarser_than_anothers_is_told(
    build: Build, tmp_path: Path, one: str, other: str, coarse: list[str]
) -> None:
    begins, ends = PROJECT.index("[[source]]"), PROJECT.index("\n[[map]]")
    source = PROJECT[begins:ends]
    project = PROJECT[:begins] + PROJECT[ends:]
    for name, at in (("one", one), ("other", other)):
        rows = [("ann", f"2026-01-01 {at}", "Awareness", "web")]
        write_csv(tmp_path / f"{name}.csv", ("who", "at", "what", "way"), rows)
        project += source.replace('"log"', f'"{name}"').replace("*.csv", f"{name}.csv")
    built = build.in_folder(tmp_path, project)  # type: ignore[attr-defined]
    told = built.rows(
        "select subject from quality_register where finding like 'times that are coarser%'"
    )
    assert [name for (name,) in told] == coarse


def test_a_name_that_a_rule_makes_another_only_now_and_then_counts_apart() -> None:
    rows = [("event", "Cart", 1, 9), ("event", "cart", 1, 2), ("event", "cart", 2, 1)]
    rows += [("event", "CART", 1, 1)]
    written = pd.DataFrame(rows, columns=["kind", "name", "becomes_no", "events"])
    assert similar_names(written).to_numpy().tolist() == [["event", "cart", "Cart", 3, 9]]


words = st.text(st.sampled_from("aAb _-\u200b"), min_size=1, max_size=4)


@given(st.dictionaries(words, st.tuples(st.integers(1, 3), st.integers(1, 4)), min_size=1))
def test_each_name_is_held_against_the_most_frequent_that_reads_alike(
    drawn: dict[str, tuple[int, int]],
) -> None:
    written = pd.DataFrame(
        [("event", name, number, events) for name, (number, events) in drawn.items()],
        columns=["kind", "name", "becomes_no", "events"],
    )
    found = similar_names(written)
    expected = set()
    for name, (number, events) in drawn.items():
        alike = [one for one in drawn if plain(one) == plain(name)]
        first = min(alike, key=lambda one: (-drawn[one][1], one))
        if drawn[first][0] != number:
            expected.add(("event", name, first, events, drawn[first][1]))
    assert set(found.itertuples(index=False, name=None)) == expected
