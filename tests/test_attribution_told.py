"""Attribution as it is asked and told: intervals, ranges, errors, the command."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

import pytest
from click.testing import CliRunner

from pipeline import attribution
from pipeline.cli import squiggle
from pipeline.credit import RULES
from pipeline.errors import DataError
from pipeline.questions import answering
from pipeline.warehouse import Warehouse

from .conftest import Build
from .test_attribution import HEADER, PROJECT, T3, TABLES, asked, walked

pytestmark = pytest.mark.tables(*TABLES)


def test_the_interval_is_of_customers_and_the_same_each_time(build: Build) -> None:
    warehouse = build(T3 * 1, PROJECT, header=HEADER)
    one, other, third = (attribution(warehouse, seed=seed) for seed in (3, 3, 4))
    assert one.names.equals(other.names)
    assert one.stamp == other.stamp
    assert not one.names.equals(third.names)
    assert one.stamp != third.stamp
    held = one.names.dropna()
    assert (held["removal_lo"] < held["removal_effect"]).all()
    assert (held["removal_effect"] < held["removal_hi"]).all()


def test_customers_in_ranges_give_what_all_of_them_do(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse = build(T3, PROJECT, header=HEADER)
    whole = attribution(warehouse)
    monkeypatch.setattr(answering, "RANGE_EVENTS", 3)
    parted = attribution(warehouse)
    assert parted.names.equals(whole.names)
    assert parted.credits.equals(whole.credits)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"by": "chanel"}, "by 'chanel': there is no such choice; did you mean 'channel'"),
        ({"repeats": "fist"}, "repeats 'fist': there is no such choice; did you mean 'first'"),
        ({"lookback": "3"}, "lookback: '3' is not a length of time"),
        ({"half_life": "0 d"}, "half-life '0 d': must be longer than nothing"),
        ({"most": 0}, "most = 0: from 1 to 100 names"),
        ({"direct": ["a"]}, "'a': there is no such channel; did you mean 'A'"),
        ({"touches": ["Se"]}, "'Se' is no touchpoint, stage or event; did you mean 'See'"),
    ],
)
def test_what_cannot_be_asked_is_said(build: Build, options: dict[str, Any], told: str) -> None:
    with pytest.raises(DataError, match=told.replace("'", ".")):
        asked(build, walked(("A", True)), **options)


def test_the_command_shows_a_column_per_rule(build: Build) -> None:
    warehouse: Warehouse = build(T3, PROJECT, header=HEADER)
    folder = str(warehouse.path.parent)
    told = CliRunner().invoke(squiggle, ["attribution", "-p", folder], catch_exceptions=False)
    lines = told.output.splitlines()
    assert lines[0] == (
        "Conversions of 'journey': 4, 4 of them with a touch less than 30 d before it"
    )
    table = {line.split()[0]: line.split() for line in lines if line}
    assert table["channel"][-len(RULES) :] == list(RULES)
    assert table["A"][-len(RULES) :] == ["2", "1", "1", "1.3", "1", "1.4", "1.3", "1.4"]
    assert "Fewer than 30 conversions with a touch: read the effects as hints." in lines
    shares = CliRunner().invoke(squiggle, ["attribution", "-p", folder, "--show", "share"])
    table = {line.split()[0]: line.split() for line in shares.output.splitlines() if line}
    assert table["A"][-len(RULES) :][0] == "50"
    as_json = CliRunner().invoke(squiggle, ["attribution", "-p", folder, "--json"])
    sums: dict[str, float] = defaultdict(float)
    for one in json.loads(as_json.output)["credits"]:
        sums[one["rule"]] += one["conversions"]
    assert sums == pytest.approx(dict.fromkeys(RULES, 4))
