"""The project file: every fault is told at once, with the place, the value and what to do."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ProjectError
from pipeline.ingest.times import EPOCH_UNITS
from pipeline.project import load_project, project_from
from pipeline.values import TIME_FORMATS, microseconds

WHOLE = """
name = "shop"

[[source]]
name = "web"
files = "*.csv"

[source.columns]
user_id = "who"
occurred_at = "at"
event = "what"

[session]
gap = "30 min"

[[map]]
name = "acquisition"
stages = ["Awareness", "Purchase"]
goal = "Purchase"

[[touchpoint]]
name = "Ad"
stage = "Awareness"
when = { event = "ad" }

[[touchpoint]]
name = "Order"
stage = "Purchase"
when = { event = "order" }
"""


def faults(text: str) -> list[str]:
    """Return the faults that the text is refused with."""
    with pytest.raises(ProjectError) as refused:
        project_from(tomllib.loads(text), folder=Path())
    first, *listed = str(refused.value).splitlines()
    assert first == (f"squiggle.toml: {len(listed)} fault{'s' if len(listed) > 1 else ''} to mend:")
    return [one.removeprefix("  - ") for one in listed]


def test_a_whole_file_loads() -> None:
    loaded = project_from(tomllib.loads(WHOLE), folder=Path("there"))
    assert loaded.warehouse_path == Path("there/journeys.duckdb")
    assert loaded.map[0].goal == "Purchase"


def test_five_faults_are_told_at_once() -> None:
    text = (
        WHOLE.replace('name = "shop"', 'name = "shop"\ntimezone = "Europe/Madird"')
        .replace('occurred_at = "at"', 'ocurred_at = "at"')
        .replace('gap = "30 min"', 'gap = "30 mn"')
        .replace('goal = "Purchase"', 'goal = "Purchse"')
    )
    assert faults(text) == [
        "timezone: 'Europe/Madird' is not a time zone; did you mean 'Europe/Madrid'?",
        "[[source]] 'web' columns: 'ocurred_at' is no column of ours; did you mean 'occurred_at'?",
        "[[source]] 'web' columns: 'occurred_at' is missing; name the column that holds the time",
        "[session] gap: '30 mn' is not a length of time; write for instance '30 min' or '14 d'",
        "[[map]] 'acquisition' goal: 'Purchse' is no stage of this map and no touchpoint; "
        "did you mean 'Purchase'?",
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            '["Awareness", "Purchase"]',
            '"fife stages"',
            "[[map]] 'acquisition' stages: 'fife stages': no such stages are known; list them in "
            "order, or did you mean 'five stages'?",
        ),
        ("[session]\ngap", "[session]\ngpa", "[session] gpa: there is no such key; did you mean"),
        ("[session]", '[privacy]\nkey_form = "KEY"\n[session]', "[privacy] key_form: there is"),
        ('name = "shop"', "", "name: this is missing; add it"),
        ('name = "shop"', 'name = ""', "name: this is empty; fill it in (seen: '')"),
        ('name = "shop"', "name = 3", "name: this must be text in quotes (seen: 3)"),
        ('"*.csv"', "[]", "[[source]] 'web' files: this is empty; fill it in"),
        ('"*.csv"', "3", "[[source]] 'web' files: this must be a text or a list of texts (seen: 3"),
        (
            'files = "*.csv"',
            'files = "*.csv"\ndedupe = "never"',
            "[[source]] 'web' dedupe: this must be 'auto' or 'none' (seen: 'never')",
        ),
        (
            'files = "*.csv"',
            'files = "*.csv"\nencoding = "utf9"',
            "[[source]] 'web' encoding: 'utf9' is no encoding; write for instance 'utf-8', ",
        ),
        (
            'files = "*.csv"',
            'files = "*.csv"\ntime_format = "YYYY-MM-DD"',
            "[[source]] 'web' time_format: 'YYYY-MM-DD' is no way of writing times; write 'iso', ",
        ),
        (
            'files = "*.csv"',
            'files = "*.csv"\ntime_format = "%d/%m/%Q"',
            "[[source]] 'web' time_format: '%d/%m/%Q' is no way of writing times; write 'iso', ",
        ),
        (
            'files = "*.csv"',
            'files = "*.csv"\nrecorded_since = "last May"',
            "[[source]] 'web' recorded_since: 'last May' is no moment; write for instance 2026-01",
        ),
        (
            'event = "what"',
            "",
            "[[source]] 'web': nothing says what its events are called; map 'event' to a column, "
            "or set event = 'a name' for all its rows",
        ),
        (
            'gap = "30 min"',
            'gap = "30 min"\n[privacy]\nk = 99999999999999999999',
            "[privacy] k: this can be at most 2,000,000,000",
        ),
        ('gap = "30 min"', 'gap = "9e9 d"', "[session] gap: '9e9 d' is not a length of time; "),
        ('gap = "30 min"', 'gap = "400000 d"', "[session] gap: '400000 d' is longer than a thous"),
        (
            'goal = "Purchase"',
            'goal = "Purchase"\ncloses = "never"',
            "[[map]] 'acquisition' closes: this must be 'goal' or 'silence' (seen: 'never')",
        ),
        (
            '["Awareness", "Purchase"]',
            '["Awareness", "(exit)", "Purchase"]',
            "[[map]] 'acquisition' stages: '(exit)' is no name for a stage; virtual nodes are",
        ),
        (
            '["Awareness", "Purchase"]',
            '["Awareness", "Purchase", "Awareness"]',
            "[[map]] 'acquisition' stages: stage 'Awareness' is listed twice; name each stage once",
        ),
        (
            'goal = "Purchase"',
            'goal = "Purchase"\npath = ["Awarenes?", "Purchase"]',
            "[[map]] 'acquisition' path: 'Awarenes?' is no stage of this map; did you mean 'Aware",
        ),
        (
            'goal = "Purchase"',
            'goal = "Purchase"\npath = ["Awareness", "Awareness+", "Purchase"]',
            "[[map]] 'acquisition' path: stage 'Awareness' stands there twice in a row; write",
        ),
        (
            '["Awareness", "Purchase"]',
            str(["Awareness", "Purchase", *(f"Stage {number}" for number in range(59))]),
            "[[map]] 'acquisition' stages: this can have at most 60 entries",
        ),
        (
            'goal = "Purchase"',
            'goal = "Purchase"\npath = "find"',
            "[[map]] 'acquisition' path: 'find' is no path; list its stages in order, or write",
        ),
        (
            'stage = "Awareness"',
            'stage = "Awarenes"',
            "[[touchpoint]] 'Ad' stage: 'Awarenes' is in no map; did you mean 'Awareness'?",
        ),
        (
            'event = "ad" }',
            'evnt = "ad" }',
            "[[touchpoint]] 'Ad' when: 'evnt' is no column that rules can read; did you mean 'even",
        ),
        ("[[map]]", "[map]", "map: there may be several; write [[map]] in double brackets"),
        (
            'name = "shop"',
            'name = "shop"\nreport = "journeys.duckdb"',
            "warehouse: report is also 'journeys.duckdb', and one would overwrite the other; ",
        ),
    ],
)  # fmt: skip
def test_a_fault_has_a_place_and_a_remedy(old: str, new: str, told: str) -> None:
    assert old in WHOLE
    listed = faults(WHOLE.replace(old, new, 1))
    assert any(one.startswith(told) for one in listed), listed


def test_a_goal_that_no_touchpoint_can_reach_is_refused() -> None:
    text = WHOLE.replace('name = "Order"\nstage = "Purchase"', 'name = "Order"')
    assert faults(text) == [
        "[[map]] 'acquisition' goal: no [[touchpoint]] has stage = 'Purchase', so nothing can ever "
        "reach it; give that stage to a touchpoint, or choose another goal"
    ]


def test_a_touchpoint_may_be_the_goal() -> None:
    text = WHOLE.replace('goal = "Purchase"', 'goal = "Order"')
    assert project_from(tomllib.loads(text), folder=Path()).map[0].goal == "Order"


def test_two_rules_of_one_touchpoint_agree_on_its_stage() -> None:
    text = WHOLE + '[[touchpoint]]\nname = "Ad"\nstage = "Purchase"\nwhen = { event = "banner" }\n'
    assert faults(text) == [
        "[[touchpoint]] 'Ad' stage: 'Purchase' here, but 'Awareness' in an earlier rule of this "
        "name; give both the same stage, or another name"
    ]


def test_names_of_sources_and_maps_differ() -> None:
    second = WHOLE[WHOLE.index("[[source]]") : WHOLE.index("[session]")]
    assert faults(WHOLE + second) == [
        "[[source]] 'web': this name is used twice; give each source its own"
    ]


def test_what_is_no_project_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "squiggle.toml"
    with pytest.raises(ProjectError) as refused:
        load_project(tmp_path)
    assert str(refused.value) == (
        f"{path}: there is no such project file; make one with 'squiggle init EXPORTS…'"
    )
    path.write_text('name = "shop\n', encoding="utf-8")
    with pytest.raises(ProjectError, match=r"this is not valid TOML: .*line 1"):
        load_project(path)
    path.write_bytes(b'name = "caf\xe9"\n')
    with pytest.raises(ProjectError, match="this is not valid TOML"):
        load_project(path)


def test_the_ways_of_writing_times_are_those_of_ingest() -> None:
    assert set(TIME_FORMATS) == {"iso", *EPOCH_UNITS}


@pytest.mark.parametrize(
    ("text", "length"), [("1 us", 1), ("1.5 h", 5_400_000_000), ("2 weeks", 1_209_600_000_000)]
)
def test_a_length_of_time_is_read(text: str, length: int) -> None:
    assert microseconds(text) == length


ODD: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


@given(st.data())
def test_whatever_stands_in_the_file_is_a_fault_and_no_crash(data: st.DataObject) -> None:
    raw = tomllib.loads(WHOLE)
    spots: list[tuple[Any, Any]] = [(raw, key) for key in raw]
    for key in ("source", "map", "touchpoint"):
        spots += [(raw[key], 0), *((raw[key][0], inner) for inner in raw[key][0])]
    for holder, key in data.draw(st.lists(st.sampled_from(spots), min_size=1, max_size=3)):
        holder[key] = data.draw(ODD)
    try:
        project_from(raw, folder=Path())
    except ProjectError as refused:
        assert "to mend:\n  - " in str(refused)
