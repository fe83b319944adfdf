"""What tells journeys apart: each has one value in every segment, and questions narrow by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import compare
from pipeline.errors import DataError, ModelError, ProjectError
from pipeline.funnel import Funnel, funnel
from pipeline.funnel.asked import TABLES
from pipeline.models import load_questions, read_models
from pipeline.questions import Scope, answer, read_for, scope_rows
from pipeline.warehouse import Warehouse

from .conftest import FIVE, Build, toml

pytestmark = pytest.mark.tables("journey_segments", "segment_values", "segmented_journeys")

COLUMNS = 'user_id = "who"\noccurred_at = "at"\nevent = "what"\nchannel = "way"\ndevice = "on"'
HEADER = ("who", "at", "what", "way", "on", "plan")
ROWS = [
    ("ann", "2026-01-31 23:30:00", "Awareness", "mail", "phone", "free"),
    ("ann", "2026-02-01 10:00:00", "Interest", "ads", "desk", "paid"),
    ("ann", "2026-02-01 10:05:00", "Interest", "ads", "desk", "paid"),
    ("bob", "2026-02-10 10:00:00", "Awareness", "", "phone", ""),
    ("cat", "2026-03-01 10:00:00", "Awareness", "ads", "", "(other)"),
]


def drawn(build: Build, segments: str, extra: str = "") -> Warehouse:
    project = toml(columns=COLUMNS, source_extra='keep = ["plan"]', extra=extra) + segments
    return build(ROWS, project, header=HEADER)


def values(warehouse: Warehouse, segment: str) -> dict[str, str]:
    return dict(
        warehouse.rows(
            "select ids.value, named.value from journey_segments as own "
            "join segment_values as named using (segment_no, value_no) "
            "join numbered_customers as customer using (customer_no) "
            "join identity_map as ids using (customer_id) "
            "where named.segment = $segment",
            {"segment": segment},
        )
    )


def declared(column: str, **keys: str) -> str:
    listed = "".join(f'{key} = "{value}"\n' for key, value in keys.items())
    return f'\n[[segment]]\nname = "own"\ncolumn = "{column}"\n{listed}'


@pytest.mark.parametrize(
    ("column", "take", "expected"),
    [
        ("channel", "first", {"ann": "mail", "bob": "(none)", "cat": "ads"}),
        ("channel", "last", {"ann": "ads", "bob": "(none)", "cat": "ads"}),
        ("device", "most", {"ann": "desk", "bob": "phone", "cat": "(none)"}),
        ("plan", "first", {"ann": "free", "bob": "(none)", "cat": "(other) [value]"}),
        ("touchpoint", "last", {"ann": "Interest", "bob": "Awareness", "cat": "Awareness"}),
        ("source", "last", {"ann": "log", "bob": "log", "cat": "log"}),
    ],
)
def test_a_journey_has_the_value_that_the_segment_takes(
    build: Build, column: str, take: str, expected: dict[str, str]
) -> None:
    assert values(drawn(build, declared(column, take=take)), "own") == expected


def test_of_values_as_frequent_as_each_other_the_earlier_is_taken(build: Build) -> None:
    ways = [("b", "a", "c", "a", "b"), ("a", "b", "c", "b", "a"), ("c", "c", "b", "b", "a", "a")]
    log = [
        (f"c{who}", f"2026-02-01 1{step}:00:00", "Awareness", way, "", "")
        for who, walk in enumerate(ways)
        for step, way in enumerate(walk)
    ]
    project = toml(columns=COLUMNS) + declared("channel", take="most")
    assert values(build(log, project, header=HEADER), "own") == {"c0": "b", "c1": "a", "c2": "c"}


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("day", {"ann": "2026-02-01", "bob": "2026-02-10", "cat": "2026-03-01"}),
        ("week", {"ann": "2026-W05", "bob": "2026-W07", "cat": "2026-W09"}),
        ("month", {"ann": "2026-02", "bob": "2026-02", "cat": "2026-03"}),
        ("quarter", {"ann": "2026-Q1", "bob": "2026-Q1", "cat": "2026-Q1"}),
        ("year", {"ann": "2026", "bob": "2026", "cat": "2026"}),
    ],
)
def test_a_journey_belongs_to_the_local_period_in_which_it_began(
    build: Build, period: str, expected: dict[str, str]
) -> None:
    """23:30 UTC is the next day in Madrid."""
    extra = f'timezone = "Europe/Madrid"\nreporting = {{ period = "{period}" }}'
    warehouse = build(ROWS, toml(columns=COLUMNS, extra=extra, source_extra='timezone = "UTC"'),
                      header=HEADER)  # fmt: skip
    assert values(warehouse, "period") == expected


def test_a_period_in_which_the_data_begin_or_end_is_marked(build: Build) -> None:
    rows = [(f"{who}{n}", f"2026-0{n}-05 10:00:00", "Awareness") for n in (1, 2, 3) for who in "ab"]
    found = build(rows, toml()).rows(
        "select value, is_partial, journeys from segment_values where segment = 'period' order by 1"
    )
    assert found == [("2026-01", True, 2), ("2026-02", False, 2), ("2026-03", True, 2)]


@pytest.mark.parametrize(
    ("extra", "since", "partial"),
    [
        ("", 'recorded_since = "2025-11-15"', ["2026-03"]),  # and it ends with its last event
        ('as_of = "2026-05-10"', "", ["2026-01"]),
        ('as_of = "2026-02-10"', "", ["2026-01", "2026-02"]),
    ],
)
def test_a_period_that_was_observed_whole_is_not_marked(
    extra: str, since: str, partial: list[str], build: Build
) -> None:
    """However few journeys begin before or after it."""
    rows = [(f"{who}{n}", f"2026-0{n}-05 10:00:00", "Awareness") for n in (1, 2, 3) for who in "ab"]
    built = build(rows, toml(extra=extra, source_extra=since))
    asked = "select value from segment_values where segment = 'period' and is_partial order by 1"
    assert [value for (value,) in built.rows(asked)] == partial
    told = "select period from local_periods where is_partial and has_event order by 1"
    assert [period for (period,) in built.rows(told)] == partial


def test_a_value_that_is_written_like_a_period_is_none(build: Build) -> None:
    rows = [("ann", "2026-01-05 10:00:00", "Awareness", "2026-01")]
    columns = COLUMNS.removesuffix('\ndevice = "on"')
    project = toml(columns=columns) + '\n[[segment]]\nname = "own"\ncolumn = "channel"\n'
    built = build(rows, project, header=HEADER[:4])
    found = built.rows("select segment, value, is_partial from segment_values order by 1")
    assert found == [
        ("all", "all", False), ("own", "2026-01", False), ("period", "2026-01", True)
    ]  # fmt: skip


@pytest.mark.tables()
def test_a_comparison_says_which_of_its_periods_were_not_observed_whole(build: Build) -> None:
    rows = [(f"{who}{n}", f"2026-0{n}-05 10:00:00", "Awareness") for n in (1, 2, 3) for who in "ab"]
    built = build(rows, toml(source_extra='recorded_since = "2025-11-15"'))
    one, two, three = (Scope(segments={"period": [f"2026-0{n}"]}) for n in (1, 2, 3))
    assert "The data begin or end" not in " ".join(compare(built, two, one).notes)
    assert "The data begin or end in 2026-03: not" in " ".join(compare(built, three, two).notes)


def test_rare_values_are_folded_and_every_journey_stays(build: Build) -> None:
    rows = [(f"c{n}", "2026-01-05 10:00:00", "Awareness", f"way{n % 7}") for n in range(40)]
    columns = COLUMNS.removesuffix('\ndevice = "on"')
    project = toml(columns=columns) + '\n[[segment]]\nname = "own"\ncolumn = "channel"\nmost = 2\n'
    warehouse = build(rows, project, header=HEADER[:4])
    found = warehouse.rows(
        "select value_no, value, journeys, \"values\" from segment_values where segment = 'own' "
        "order by 1"
    )
    assert found == [(0, "(other)", 28, 5), (1, "way0", 6, 1), (2, "way1", 6, 1)]
    counted = warehouse.rows("select segment_no, count(*) from segmented_journeys group by 1")
    assert sorted(counted) == [(0, 40), (1, 40), (2, 40)]


@pytest.mark.tables(*read_for(TABLES), "segment_values", "cfg_touchpoints", "event_details")
@pytest.mark.parametrize("most", [2, 20, 24])
def test_a_funnel_by_a_segment_has_its_values_and_the_others_once(most: int, build: Build) -> None:
    """Of 25 ways the n-th has n customers; a funnel shows 20 values by themselves."""
    rows = [
        (f"c{n}-{who}", "2026-01-05 10:00:00", what, f"way{n}")
        for n in range(1, 26) for who in range(n) for what in FIVE[:2]
    ]  # fmt: skip
    columns = COLUMNS.removesuffix('\ndevice = "on"')
    project = toml(columns=columns)
    project += f'\n[[segment]]\nname = "own"\ncolumn = "channel"\nmost = {most}\n'
    built = build(rows, project, header=HEADER[:4])
    told = funnel(built, Funnel(list(FIVE[:2]), by="own")).breakdown
    entered = told[told["step_no"] == 1].set_index("part")["entered"]
    named = min(most, 20)
    assert entered.to_dict() == {
        **{f"way{n}": n for n in range(25, 25 - named, -1)},
        "(other)": sum(range(1, 26 - named)),
    }
    assert entered.index[-1] == "(other)"


def test_a_column_that_tells_nothing_is_refused(build: Build) -> None:
    with pytest.raises(ProjectError, match="'chanel' is no column that tells journeys apart"):
        drawn(build, declared("chanel"))
    with pytest.raises(ProjectError, match="'period' is there already"):
        drawn(build, '\n[[segment]]\nname = "period"\ncolumn = "channel"\n')


def scoped(warehouse: Warehouse, *groups: Scope) -> list[tuple[int, int]]:
    answer(warehouse, ["scoped_journeys"], scope_rows(warehouse, *groups))
    return warehouse.rows("select group_no, count(*) from scoped_journeys group by 1 order by 1")


def test_a_question_is_about_the_journeys_that_fit_all_its_segments_and_one_outcome(
    build: Build,
) -> None:
    warehouse = drawn(build, declared("channel", take="first"))
    assert scoped(warehouse, Scope()) == [(1, 3)]
    assert scoped(warehouse, Scope(segments={"own": ["mail", "ads"]})) == [(1, 2)]
    both = {"own": ["mail", "ads"], "period": ["2026-03"]}
    assert scoped(warehouse, Scope(segments=both), Scope(segments={"all": ["all"]})) == [
        (1, 1),
        (2, 3),
    ]
    assert scoped(warehouse, Scope(outcomes=["open"])) == [(1, 3)]
    assert scoped(warehouse, Scope(outcomes=["converted"])) == []


@pytest.mark.parametrize(
    ("scope", "told"),
    [
        (Scope("journy"), "there is no such map"),
        (Scope(segments={"perod": ["2026-01"]}), "there is no such segment"),
        (Scope(segments={"period": ["2026-13"]}), "period=2026-13: there is no such value"),
        (Scope(outcomes=["won"]), "there is no such outcome"),
    ],
)
def test_a_scope_that_does_not_exist_is_told(build: Build, scope: Scope, told: str) -> None:
    with pytest.raises(DataError, match=told):
        scope_rows(build(ROWS, toml(), header=HEADER), scope)


def test_a_question_without_its_rows_is_a_fault_of_ours(build: Build) -> None:
    with pytest.raises(ModelError, match="its rows are not asked"):
        answer(build(ROWS, toml(), header=HEADER), ["scoped_journeys"], {})


def test_an_asked_model_is_filled_by_its_question_alone() -> None:
    assert all(not model.sql for model in load_questions() if model.kind == "asked")


def test_a_table_that_needs_an_empty_one_is_empty(build: Build) -> None:
    warehouse = build(ROWS, toml(columns=COLUMNS), header=HEADER)
    assert warehouse.rows("select * from cfg_segments") == []
    assert {no for (no,) in warehouse.rows("select segment_no from journey_segments")} == {1}


def test_a_model_needs_only_what_it_reads(tmp_path: Path) -> None:
    folder = tmp_path / "5_kpi"
    folder.mkdir()
    (folder / "one.sql").write_text(
        "-- One row.\n--\n-- needs:    other\n-- grain:    one\n-- columns:\n"
        "--   one  integer  it\nselect 1 as one\n",
        encoding="utf-8",
    )
    with pytest.raises(ModelError, match="needs 'other', which it does not read"):
        read_models([folder / "one.sql"])


def test_the_first_journeys_of_a_view_are_its_customers(crooked: Warehouse) -> None:
    """Groups of few are hidden by them: where each journey counted, too little would be."""
    found = crooked.scalar(
        "select first_journeys from segment_outcomes where segment = 'all' and among = 'all'"
    )
    customers, journeys = crooked.rows(
        "select count(distinct customer_no), count(*) from journey_facts"
    )[0]
    assert found == customers < journeys
