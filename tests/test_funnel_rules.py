"""Whose rules: the same lives, counted by the rules of known tools, and why the counts differ."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cli import squiggle
from pipeline.errors import DataError
from pipeline.funnel import Exclusion, Funnel, Step, explain, funnel, load_funnel, side_by_side
from pipeline.funnel.syntax import exactly, is_optional, matches, selectors
from pipeline.warehouse import Warehouse

from .drawing import examples
from .funnel_logs import at, warehouse_of
from .parts import FUNNELS

pytestmark = pytest.mark.tables(*FUNNELS)

DAY = 86_400
FOURTEEN = {
    "u01": "A0 B1 C2",  # straight
    "u02": "B0 A0 C1",  # a tie
    "u03": "A0 A20 B21 C22",  # an entry that expires, then another
    "u04": "A0 C1",  # skips
    "u05": "A0 A1 A2 B3 C4",  # hesitates
    "u06": "A0 B6 C12",  # each step in time, the whole is not
    "u07": "C0 B1 A2",  # backwards
    "u08": "A0 N1 B2 C3",  # something between
    "u09": "A98",  # still open
    "u10": "A0 X1 B2 C3",  # an exclusion
    "u11": "A0 D1",  # D is both B and C
    "u12": "A0 B0.01 C1",  # over two sessions
    "u13": "A0 A1 B2 C7.5",  # only the second entry is in time
    "u14": "A0 B1 C2 A10 B11",  # a second, unfinished try
}
STEPS = ("A", "B|D", "C|D")


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    rows = [
        (who, at(float(event[1:]) * DAY), event[0])
        for who, life in FOURTEEN.items()
        for event in life.split()
    ]
    folder = tmp_path_factory.mktemp("fourteen")
    with warehouse_of(folder, rows, as_of=at(100 * DAY)) as built:
        yield built


def test_the_same_customers_convert_at_rates_that_depend_on_who_counts(
    warehouse: Warehouse,
) -> None:
    """From 6 of 14 to 10 of 14: 43 % to 71 %."""
    asked = Funnel(STEPS, within="7 d", exclusions=["X"])
    told = side_by_side(warehouse, asked).set_index("rules")
    assert told["converted"].to_dict() == {
        "squiggle": 7,
        "strict": 6,
        "posthog": 8,
        "clickhouse": 9,
        "mixpanel": 6,
        "amplitude": 8,
        "ga4": 8,
        "umami": 10,
    }
    assert set(told["entered"]) == {14, 13}
    assert told["open"].to_dict() == dict.fromkeys(told.index, 0) | {"squiggle": 1, "strict": 1}


def test_each_customer_that_differs_is_laid_to_one_cause(warehouse: Warehouse) -> None:
    asked = Funnel(STEPS, within="7 d", exclusions=["X"])
    told = explain(warehouse, asked, "mixpanel", most=20)
    by_cause = told.causes.set_index("cause")
    assert by_cause["customers"].to_dict() == {"tie": 1, "re-entry": 2, "open journey": 1}
    assert by_cause["net"].to_dict() == {"tie": 1, "re-entry": -2, "open journey": 0}
    assert by_cause.loc["tie", ["rule", "ours", "theirs"]].to_list() == [
        "ties, grace",
        "position, 0 s",
        "any, 2 s",
    ]
    assert len(told.customers) == told.causes["customers"].sum()


@examples(5)
@given(
    rules=st.sampled_from(["strict", "posthog", "clickhouse", "ga4", "umami"]),
    within=st.sampled_from([None, "2 d", "7 d"]),
    unit=st.sampled_from([None, "session", "attempt"]),
)
def test_the_causes_add_up_to_the_whole_difference(
    warehouse: Warehouse, rules: str, within: str | None, unit: str | None
) -> None:
    asked = Funnel(STEPS, within=within, exclusions=["X"])
    other = Funnel(STEPS, rules=rules, within=within, exclusions=["X"], unit=unit)
    told = explain(warehouse, asked, other)
    ours, theirs = (
        {
            who
            for (who,) in warehouse.rows(
                "select customer_no from funnel_outcomes where status = 'converted' "
                f"and funnel_no = {number}"
            )
        }
        for number in ("1", "(select max(funnel_no) from asked_funnels)")
    )
    assert told.causes["net"].sum() == len(theirs) - len(ours)
    assert told.causes["more"].sum() == len(theirs - ours)
    assert told.causes["fewer"].sum() == len(ours - theirs)
    assert warehouse.scalar("select count(*) from funnel_flips") == told.causes["customers"].sum()


def test_the_same_rules_leave_nothing_to_explain(warehouse: Warehouse) -> None:
    told = explain(warehouse, Funnel(STEPS), "squiggle")
    assert not len(told.causes)
    assert not len(told.customers)
    with pytest.raises(DataError, match="where their steps are the same"):
        explain(warehouse, Funnel(STEPS), Funnel(["A", "B"]))
    with pytest.raises(DataError, match="did you mean 'posthog'"):
        explain(warehouse, Funnel(STEPS), "postog")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Cart", [[("", "like", "Cart")]]),
        ("Cart*|Check?ut", [[("", "like", "Cart%")], [("", "like", "Check_ut")]]),
        (
            "channel=mail & event != open",
            [[("channel", "like", "mail"), ("event", "unlike", "open")]],
        ),
        (r"50\% \| more\?", [[("", "like", r"50\% | more?")]]),
        (r"a\=b & under_score=x", [[("", "like", "a=b"), ("under_score", "like", "x")]]),
        ("value>=100", [[("value", ">=", 100.0)]]),
    ],
)
def test_a_step_is_read_as_it_is_written(text: str, expected: list[list[tuple[str, ...]]]) -> None:
    read = [
        [
            (one.column, one.comparison, one.number if one.number is not None else one.patterns[0])
            for one in selector
        ]
        for selector in selectors(text)
    ]
    assert read == expected


@given(name=st.text(min_size=1).filter(str.strip))
def test_a_name_can_be_written_whatever_it_holds(name: str) -> None:
    assert matches(exactly(name), name)
    escaped = "".join("\\" + letter for letter in name)
    ((condition,),) = selectors(escaped)
    if not name[:1].isspace() and not name[-1:].isspace():
        assert matches(condition.patterns[0], name)
    assert is_optional(escaped) == (escaped.strip(), False) or escaped != escaped.strip()


def test_a_funnel_can_be_read_from_a_file(warehouse: Warehouse, tmp_path: Path) -> None:
    path = tmp_path / "funnel.toml"
    path.write_text(
        'within = "7 d"\nrules = "posthog"\nreentry = "first"\n'
        '[[step]]\nname = "Start"\nany_of = ["A"]\n'
        '[[step]]\nany_of = [{ touchpoint = ["B", "D"] }]\nwithin = "2 d"\noptional = true\n'
        '[[step]]\nany_of = "C"\n'
        '[[exclude]]\nany_of = "X"\nafter_step = 1\nbefore_step = 3\n',
        encoding="utf-8",
    )
    asked = load_funnel(path)
    assert asked == Funnel(
        [
            Step(["A"], "Start"),
            Step([{"touchpoint": ["B", "D"]}], within="2 d", optional=True),
            Step(["C"]),
        ],
        rules="posthog",
        within="7 d",
        reentry="first",
        exclusions=[Exclusion(["X"], 1, 3)],
    )
    assert funnel(warehouse, asked).steps["step"].iloc[0] == "Start"
    for text, told in (
        ("wihin = '7 d'", "there is no key 'wihin'; did you mean 'within'"),
        ("[[step]]\nany = 'A'", "there is no key 'any'"),
        ("[[step]]\nname = 'A'", "any_of is missing"),
        ("steps = [", "this is no TOML"),
    ):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(DataError, match=told):
            load_funnel(path)
    with pytest.raises(DataError, match="name a file"):
        load_funnel(tmp_path / "none.toml")


def asked(*words: str) -> str:
    found = CliRunner().invoke(squiggle, list(words), catch_exceptions=False)
    assert found.exit_code == 0, found.output
    return found.output


def test_the_command_shows_steps_and_says_what_they_rest_on(small_project: Path) -> None:
    place = ("-p", str(small_project))
    out = asked("funnel", "Awareness", "Loyalty", *place, "--next", "--times", "--customers", "2")
    assert "Funnel of customers, within 30 d; rules: squiggle." in out
    assert "Fewer than 30 customers" in out
    told = json.loads(asked("funnel", "Awareness", "Loyalty", *place, "--by", "period", "--json"))
    assert [step["reached"] for step in told["steps"]] == [1, 1]
    assert {row["part"] for row in told["breakdown"]} == {"2026-01"}
    sql = asked("funnel", "Awareness", "Loyalty", *place, "--customers", "2", "--sql")
    assert sql.startswith("select customer_id, occurred_at")


def test_the_command_explains_a_difference(small_project: Path) -> None:
    place = ("-p", str(small_project))
    out = asked("explain", "Awareness", "Loyalty", *place, "--as", "umami")
    assert "here: 1 of 1 convert: 100.0%" in out
    assert "umami: 0 of 1 convert: 0.0%" in out
    assert "within, window: the map's, total → 1 h, step" in out
    told = json.loads(asked("explain", "Awareness", "Loyalty", *place, "--as", "umami", "--json"))
    assert [row["net"] for row in told["causes"] if row["cause"] == "window"] == [-1]
    assert "clickhouse" in asked("explain", "Awareness", "Loyalty", *place, "--as", "all")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["funnel"], "name the steps in their order"),
        (["funnel", "Awareness", "--step-within", "2=1 h"], "there is no step 2; the funnel has 1"),
        (["funnel", "Awareness", "--step-after", "one"], "write STEP=TIME"),
    ],
)
def test_a_slip_at_the_command_line_is_told(
    small_project: Path, words: list[str], told: str
) -> None:
    found = CliRunner().invoke(squiggle, [*words, "-p", str(small_project)])
    assert found.exit_code == 2
    assert told in found.output


def test_an_entry_of_two_steps_at_once_is_not_passed_over_for_a_later_one_of_one_step(
    tmp_path: Path,
) -> None:
    """A and D at one moment are steps 1 and 2; the later D, too late after A, is step 2 alone."""
    rows = [("u", at(day * DAY), what) for what, day in [("A", 0), ("D", 0), ("D", 1), ("C", 1.5)]]
    steps = [Step(["A", "D"]), Step(["D"], within="12 h"), Step(["C"], within="2 d")]
    with warehouse_of(tmp_path, rows, as_of=at(100 * DAY)) as built:
        told = funnel(built, Funnel(steps, within="7 d", entry="any step", ties="any"))
    assert list(told.steps["reached"]) == [1, 1, 1]
