"""Numbers in patterns: 10 is 10, however the export, the rule or the question writes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.funnel import Funnel, funnel
from pipeline.settings import as_number
from pipeline.warehouse import Warehouse

from .conftest import FIVE, toml, warehouse_in, write_csv
from .parts import QUESTIONS

pytestmark = pytest.mark.tables(*QUESTIONS)

COLUMNS = (
    'user_id = "who"\noccurred_at = "at"\nevent = "what"\nscore = "score"\nvalue = "money"\n'
    'duration_s = "took"'
)
LOG = [
    ("10", "100", "0.5"), ("10.0", "100.00", "30"), ("9", "20.5", "1e3"), ("1", "20.50", "0"),
    ("100", "0", ""), ("", "-5", "-2.250"), ("1e20", "", "1e15"),
]  # fmt: skip
RULES = {
    "Ten": ("score", "10.0"),
    "Nine": ("score", "9"),
    "One": ("score", "?"),
    "More": ("score", "1*"),
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    folder = tmp_path_factory.mktemp("numbers")
    rows = [(f"c{n}", "2026-01-05", "rated", *cells) for n, cells in enumerate(LOG)]
    rows += [("zoe", "2026-01-05", FIVE[0], "", "", "")]
    write_csv(folder / "log.csv", ("who", "at", "what", "score", "money", "took"), rows)
    rules = "".join(
        f'\n[[touchpoint]]\nname = "{name}"\nwhen = {{ {column} = "{pattern}" }}\n'
        for name, (column, pattern) in RULES.items()
    )
    with warehouse_in(folder, toml(columns=COLUMNS) + rules) as warehouse:
        yield warehouse


def test_a_rule_on_a_number_fires_as_the_export_writes_it(built: Warehouse) -> None:
    told = dict(built.rows("select touchpoint, events from touchpoint_rules"))
    assert {name: told[name] for name in RULES} == {"Ten": 2, "Nine": 1, "One": 1, "More": 2}


@pytest.mark.parametrize(
    ("step", "customers"),
    [
        ("score=10", 2), ("score=10.0", 2), ("score=1e1", 2), ("score=1*", 5),
        ("score=9|score=1", 2),
        ("value=100", 2), ("value=100.00", 2), ("value=20.5", 2), ("value=2*", 2), ("value=0", 1),
        ("value=-5", 1), ("duration_s=30", 1), ("duration_s=1000", 1), ("duration_s=0.50", 1),
        ("duration_s=-2.25", 1), ("score>=10 & score<=10", 2),
    ],
)  # fmt: skip
def test_a_number_that_is_asked_for_is_compared_as_one(
    step: str, customers: int, built: Warehouse
) -> None:
    assert funnel(built, Funnel([step])).steps["reached"].to_list() == [customers]


def test_a_number_that_nobody_would_write_out_stays_a_pattern() -> None:
    assert as_number("score", "1e999999999") == "1e999999999"
    assert as_number("campaign", "10.0") == "10.0"


def test_not_this_number_is_every_other_and_none(built: Warehouse) -> None:
    assert funnel(built, Funnel(["score!=10"])).steps["reached"].to_list() == [6]


def test_a_sum_of_whole_numbers_is_exact(built: Warehouse) -> None:
    frame = built.ask(
        "select sum(9007199254740993::bigint) as s, sum(event_no) as n, 1.5::decimal(9, 1) as d, "
        "cast(null as hugeint) as none from (values (1), (2)) as t(event_no)"
    )
    assert frame.iloc[0].to_list() == [18014398509481986, 3, 1.5, None]


def test_a_channel_cannot_call_itself_what_stands_for_none(tmp_path: Path) -> None:
    columns = 'user_id = "who"\noccurred_at = "at"\nevent = "what"\nchannel = "way"'
    rows = [("ann", "2026-01-05", FIVE[0], "(no touch)")]
    write_csv(tmp_path / "log.csv", ("who", "at", "what", "way"), rows)
    with warehouse_in(tmp_path, toml(columns=columns)) as built:
        named = built.rows("select channel from channels where channel_no > 0")
        assert named == [("(no touch) [channel]",)]
