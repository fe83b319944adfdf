"""Small groups in the report: folded, not to be found by subtraction, and never lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.report import SECTIONS, write_report
from pipeline.report.answers import ends
from pipeline.report.contents import DATA
from pipeline.report.folding import RULES, fold
from pipeline.report.privacy import OTHER, VIEW, hidden
from pipeline.report.sections import query
from pipeline.warehouse import open_warehouse
from tests import report_fixture
from tests.test_report import data

from .drawing import examples

K = 4
QUERIES = {*DATA, *(name for section in SECTIONS for name in section.queries)}
Frames = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return report_fixture.write(tmp_path_factory.mktemp("private"), extra=f"[privacy]\nk = {K}")


@pytest.fixture(scope="module")
def raw(path: Path) -> Iterator[Frames]:
    with open_warehouse(path) as opened:
        yield {name: opened.frame(query(name)) for name in QUERIES}


@pytest.fixture(scope="module")
def told(raw: Frames) -> Frames:
    return fold(raw, K)


def line(*numbers: int) -> list[bool]:
    cells = pd.Series(numbers)
    return [bool(one) for one in hidden(cells, [pd.Series(0, cells.index)], 5)]


def test_a_small_cell_takes_the_next_smallest_with_it() -> None:
    assert line(9, 7, 2) == [False, True, True]
    assert line(9, 7, 5) == [False, False, False]


def test_hidden_cells_are_enough_together() -> None:
    assert line(9, 8, 2, 2) == [False, True, True, True]
    assert line(9, 8, 3, 3) == [False, False, True, True]


def test_nobody_is_no_secret() -> None:
    assert line(9, 0, 0) == [False, False, False]
    assert line(9, 0, 2) == [True, False, True]


def test_what_is_other_already_is_company() -> None:
    cells, other = pd.Series([9, 2, 8]), pd.Series([False, False, True])
    assert hidden(cells, [pd.Series(0, cells.index)], 5, folded=other).tolist() == [
        False,
        True,
        False,
    ]


@examples(40)
@given(st.lists(st.lists(st.integers(0, 12), min_size=4, max_size=4), min_size=2, max_size=5))
def test_no_row_and_no_column_hides_too_little(table: list[list[int]]) -> None:
    """Who knows all totals and all shown cells is left with several cells, of k or more."""
    cells = pd.DataFrame(table).stack().rename_axis(["row", "column"]).reset_index(name="n")
    unseen = hidden(cells["n"], [cells["row"], cells["column"]], 5)
    assert not ((cells["n"] > 0) & (cells["n"] < 5) & ~unseen).any()
    for side in ("row", "column"):
        for _, rows in cells[cells["n"] > 0].groupby(side):
            gone = rows[unseen[rows.index]]
            whole = len(gone) == len(rows)
            assert gone.empty or whole or (len(gone) > 1 and gone["n"].sum() >= 5)


def test_rules_are_for_queries_that_are_there() -> None:
    assert set(RULES) <= QUERIES


def test_a_query_without_a_rule_loses_its_rows_of_few(raw: Frames) -> None:
    new = pd.DataFrame({"place": ["a", "b", "c"], "customers": [9, 0, 2]})
    assert fold({**raw, "new": new}, K)["new"]["place"].tolist() == ["a", "b"]


def test_without_privacy_nothing_is_folded(raw: Frames) -> None:
    assert fold(raw, 1) is raw


@pytest.mark.parametrize("name", ["flows", "edges", "variants"])
def test_no_cell_of_few_is_told_and_none_is_lost(raw: Frames, told: Frames, name: str) -> None:
    frame, before = told[name], raw[name]
    shown = frame[frame["customers"] > 0] if name == "edges" else frame
    assert len(frame) < len(before)
    whole = shown.groupby([*VIEW, *({"level"} & set(frame.columns))])["customers"].transform("sum")
    assert (shown["customers"][shown["customers"] < whole] >= K).all()
    keys = [*VIEW, *({"level", "step_no"} & set(frame.columns))]
    mine = frame if name != "flows" else frame[frame["direction"] != "beyond"]
    counts = ["journeys", "customers"]
    after = mine.groupby(keys)[counts].sum()
    assert after.equals(before.groupby(keys)[counts].sum().loc[after.index])


def test_flows_through_other_keep_every_column(told: Frames) -> None:
    flows = told["flows"].assign(to=told["flows"]["to_stage"] + told["flows"]["outcome"].fillna(""))
    assert {"between", "beyond", "other"} & set(flows["direction"])
    into = flows[flows["direction"] != "between"].groupby([*VIEW, "step_no", "to"])["journeys"]
    out = flows[flows["direction"] != "beyond"].groupby([*VIEW, "step_no", "from_stage"])
    entered, left = into.sum(), out["journeys"].sum()
    for (*view, step, stage), count in left.items():
        if step > 1 and stage != OTHER:
            assert entered[(*view, step - 1, stage)] == count
    sides = flows.pivot_table(
        index=[*VIEW, "step_no"], columns="direction", values="journeys", aggfunc="sum"
    ).fillna(0)
    assert (sides["between"] == sides["beyond"]).all()


def test_values_and_outcomes_cannot_be_subtracted_from_the_whole(raw: Frames, told: Frames) -> None:
    """Of a link, what all values but one show never leaves that one with fewer than k."""
    item = ["map_name", "level", "from_node", "to_node"]
    before, after = raw["edges"], told["edges"]
    before = before[before["from_node"] != before["to_node"]]
    shown = pd.MultiIndex.from_frame(after[[*item, "segment", "value", "among"]])
    cells = pd.MultiIndex.from_frame(before[[*item, "segment", "value", "among"]])
    before = before.assign(unseen=~cells.isin(shown), n=before["customers"].clip(lower=1), one=1)
    split = before[(before["segment"] != "all") & (before["to_node"] != OTHER)]
    found = split[split["unseen"]].groupby([*item, "segment", "among"])[["n", "one"]].sum()
    wholes = split.groupby([*item, "segment", "among"])["one"].sum().loc[found.index]
    open_ = found[(found["one"] < 2) & (wholes > 1)]
    assert open_.empty, open_


def test_stops_of_few_have_no_rate_that_gives_them_away(raw: Frames, told: Frames) -> None:
    stops = told["dropoff"]
    fates = ["progressed", "open", "dropped", "completed"]
    assert not ((stops[fates] > 0) & (stops[fates] < K)).to_numpy(dtype=bool, na_value=False).any()
    hides = stops[fates].isna().any(axis=1)
    assert hides.any()
    assert (
        stops.loc[hides, ["drop_rate", "naive_drop_rate", "resolved_drop_rate"]]
        .isna()
        .all(axis=None)
    )
    assert (stops[[*fates, "other"]].sum(axis=1) == stops["reached"]).all()
    assert (stops["reached"] >= K).all()
    assert len(stops) <= len(raw["dropoff"])


def test_outcomes_that_are_not_told_are_one_piece_and_none_is_lost(raw: Frames) -> None:
    rows = fold(raw, 9)["answer"].to_dict("records")
    found = [(ends(row, 9), row["staged_journeys"]) for row in rows]
    assert all(sum(count for _, count, _ in pieces) == staged for pieces, staged in found)
    hiding = [pieces for pieces, _ in found if pieces[-1][0] == "other"]
    assert len(found) > len(hiding) > 0
    assert all(count > 0 for pieces in hiding for _, count, _ in pieces)


def test_examples_are_paths_of_enough_customers_without_times(told: Frames, path: Path) -> None:
    assert told["examples"]["elapsed_s"].isna().all()
    with open_warehouse(path) as opened:
        spelled = (
            "select map_no, customer_no, journey_no, "
            "string_agg(touchpoint_no, '>' order by step_no) as path from journey_steps "
            "group by all"
        )
        least = opened.scalar(
            f"with spelled as ({spelled}) select min(customers) from example_journeys "
            "join spelled using (map_no, customer_no, journey_no) join ("
            "select map_no, path, count(distinct customer_no) as customers from spelled "
            "group by all) using (map_no, path)"
        )
    assert least is None or least >= K


def test_the_page_holds_no_cell_of_few(path: Path) -> None:
    with open_warehouse(path) as opened:
        write_report(opened, path.with_name("report.html"))
    report = path.with_name("report.html").read_text(encoding="utf-8")
    assert f"fewer than {K} customers are folded" in report
    for name, table in data(report)["tables"].items():
        columns: dict[str, Any] = {one["name"]: one["values"] for one in table["columns"]}
        for count in ("customers", "first_journeys", "reached", "events", "number"):
            values = np.array([one or 0 for one in columns.get(count, [])])
            small = (values > 0) & (values < K)
            assert not small.any() or name in ("flows", "edges", "variants"), (name, count)
