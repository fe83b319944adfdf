"""Attribution as it is asked and told: intervals, ranges, errors, the command."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from pipeline import Attribution, attribution
from pipeline.attribution import Removal
from pipeline.cli import squiggle
from pipeline.credit import _NAMED, OTHER, RULES, _credits, _names
from pipeline.errors import DataError
from pipeline.questions import answering
from pipeline.statistics import wilson
from pipeline.warehouse import Warehouse, scratch

from .conftest import Build
from .test_attribution import HEADER, PROJECT, T3, TABLES, asked, row, walked

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


@pytest.mark.parametrize("back", [-199, -200, -1000, -60])
def test_money_that_returns_outweigh_is_credited_as_conversions_are(
    back: int, build: Build
) -> None:
    """Of -49, a share of 2 and one of -2 were needed; of 0 none was, and money was lost."""
    log = [row("c1", 0, "See", "A"), row("c1", 1, "See", "B"), row("c1", 2, "Buy", "", "", "50")]
    log += [row("c2", 0, "See", "A"), row("c2", 1, "Look", "A", "", str(back))]
    log += [row("c2", 2, "Buy", "", "", "50"), row("c3", 0, "See", "B")]
    log += [row("c3", 2, "Buy", "", "", "50")]
    found = attribution(build(log, PROJECT, header=HEADER), Attribution(touches=["See"]))
    by_rule = found.credits.groupby("rule")["value"].sum()
    assert by_rule.to_list() == pytest.approx([150 + back] * len(RULES))
    markov = found.credits[found.credits["rule"] == "markov"].set_index("name")
    assert markov["value_share"].dropna().between(0, 1).all()
    if back < -100:
        assert found.names["value_removal_effect"].isna().all()
        shares = markov[markov["is_name"]]
        assert (shares["value"] / (150 + back)).to_list() == pytest.approx(
            (shares["conversions"] / 3).to_list()
        )


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


TOTALS = {
    "conversions": 10,
    "value": 100.0,
    "touched_conversions": 8,
    "touched_value": 60.0,
    "dropped": 0,
    "touched_dropped": 0,
    "open_journeys": 0,
}
NAMED = pd.DataFrame(
    {"shown_no": [1, 2, -4], "name": ["a", "b", OTHER], "is_name": [True, True, False]}
).assign(touches=9, conversions=[8, 4, 2])


def removal(conversions: Any, value: Any) -> Removal:
    return Removal(np.array(0.5), np.array(conversions), np.array(value))


def test_a_name_covers_conversions_with_a_touch_and_at_an_end_its_interval_is_of_these() -> None:
    effects = removal([1.0, 0.0, 0.5], [1.0, 0.0, 0.5])
    drawn = removal([[1.0, 0.0, 0.4]] * 9, [[1.0, 0.0, 0.4]] * 9)
    found = _names(NAMED, effects, drawn, TOTALS)
    assert found["coverage"].tolist() == [1, 0.5, 0.25]
    told = found[["removal_lo", "removal_hi"]].values.tolist()
    all_of, none_of = ([float(one) for one in wilson(hits, 8)] for hits in (8, 0))
    assert told == [all_of, none_of, pytest.approx([0.4, 0.4])]


@pytest.mark.parametrize(
    ("of_value", "shares"), [([0.3, 0.1, 0.2], [3, 1, 2]), ([0.3, np.nan, 0.2], [2, 2, 4])]
)
def test_money_goes_by_its_own_shares_unless_one_is_none_and_shares_are_of_all(
    of_value: list[float], shares: list[int]
) -> None:
    """Money of which one name has no share goes where the conversions go."""
    credited = pd.DataFrame({"shown_no": [1], "rule": ["first"], "conversions": 8, "value": 60.0})
    found = _credits(NAMED, credited, removal([0.2, 0.2, 0.4], of_value), TOTALS)
    markov = found[found["rule"] == "markov"].set_index("name")
    parts = [60 * one / sum(shares) for one in shares]
    assert markov["value"].tolist() == pytest.approx([*parts, 40])
    assert markov["value_share"].tolist() == pytest.approx([one / 100 for one in [*parts, 40]])
    assert markov["conversions"].tolist() == pytest.approx([2, 2, 4, 2])


def test_names_stand_by_their_conversions_and_the_others_last() -> None:
    columns = ["shown_no", "touches", "conversions"]
    reach = pd.DataFrame([(-4, 9, 9), (1, 5, 2), (2, 6, 2), (3, 1, 3)], columns=columns)
    with scratch() as desk:
        desk.register("attribution_reach", reach)
        desk.register("attribution_names", pd.DataFrame({"node_no": [1, 2, 3], "name": [*"abc"]}))
        assert [name for _, name, *_ in desk.rows(_NAMED)] == ["c", "b", "a", OTHER]
