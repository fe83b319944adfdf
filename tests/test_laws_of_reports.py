"""What the report says at the edges of its rules, and what it must not tell of few."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from pipeline.report.findings import cautions, findings, leak
from pipeline.report.folding import RULES, fold
from pipeline.report.headlines import paths_title, straight_title
from pipeline.report.privacy import VIEW, hidden
from pipeline.report.wording import signed

from .test_report_words import ANSWER, NONE, said, stops

K = 4
NOBODY = pd.MultiIndex.from_frame(pd.DataFrame(columns=VIEW, dtype=str))


def folded(name: str, frame: pd.DataFrame, gone: pd.MultiIndex = NOBODY) -> pd.DataFrame:
    rule = RULES[name]
    assert rule is not None
    return rule(frame, K, gone)


def test_thirty_are_enough_to_say_so_and_one_less_is_not() -> None:
    thirty, less = ({"moving_journeys": many, "staged_journeys": many} for many in (30, 29))
    assert straight_title(ANSWER | thirty) == "50 in 100 moving journeys never turn back"
    assert straight_title(ANSWER | less) == "How straight is the path?"
    assert [one.is_weak for one in said(thirty)] == [False] * 4
    assert [one.is_weak for one in said(less)] == [True, False, True]
    assert leak(stops(("A", 30, 0.5), ("B", 9, None))).text.startswith("At A, 50%")
    assert leak(stops(("A", 29, 0.5), ("B", 9, None))).is_weak
    paths = pd.DataFrame({"path": ["A", "B"], "journeys": [20, 10], "coverage": [0.6, 1.0]})
    assert paths_title(paths) == "All journeys take one of 2 paths"
    assert paths_title(paths.assign(journeys=[20, 9])) == "Which paths are the most common?"


def test_one_path_beside_others_is_not_the_only_one() -> None:
    paths = pd.DataFrame({"path": ["A", "(other)"], "journeys": [60, 40], "coverage": [0.6, 1.0]})
    assert paths_title(paths) == "The most common path covers 60% of journeys"
    assert paths_title(paths.head(1)) == "There is one path, and every journey takes it"


def test_of_stages_that_lose_alike_the_first_is_named_and_the_others_are_not_clearly_less() -> None:
    """B's interval reaches that of A, though not the rate of A; that of C does not."""
    rows = [("A", 90, 0.5), ("B", 90, 0.41), ("C", 90, 0.39), ("D", 90, 0.5), ("E", 9, None)]
    found = leak(stops(*rows)).text
    assert found.startswith("A holds up the most, though not clearly more than B or D: 50%")


def test_the_dearest_place_is_a_touchpoint_of_all_journeys() -> None:
    """What a stage costs, or a group of journeys, is dearer here, and said elsewhere."""
    columns = ["by_segment", "kind", "place", "recoverable_lo"]
    rows = [("way", "touchpoint", "Ad", 9), ("all", "stage", "See", 8)]
    rows += [("all", "touchpoint", "Cart", 7), ("all", "touchpoint", "Page", 6)]
    pains = pd.DataFrame(rows, columns=columns).assign(
        unit="goals per month", rate=0.4, reference_rate=0.3, excess_lo=0.05, excess_hi=0.1,
        n=90, reference_n=900,
    )  # fmt: skip
    told = findings(ANSWER, "B", stops(("A", 90, 0.4), ("B", 9, None)), pains)
    (found,) = [one for one in told if "costs the most" in one.text]
    assert "Cart costs the most" in found.text
    assert found.evidence.endswith("at least 7.0 goals per month if it were no more")


def test_a_caution_is_given_above_its_limit_and_names_the_longest_horizon() -> None:
    limits = {"unmapped_share": 0.1, "left_truncated_share": 0.2, "tie_share": 0.05}
    assert cautions(ANSWER | limits, NONE) == []
    above = {name: limit + 0.01 for name, limit in limits.items()}
    assert [one.split(" of ")[0] for one in cautions(ANSWER | above, NONE)] == [
        "11%",
        "21%",
        "6.0%",
    ]
    silences = pd.DataFrame({"stage": ["A", "B"], "within_days": [7.0, 30.0]})
    assert cautions(ANSWER, silences)[0].endswith("within 30 days.")


def returned(*cohorts: tuple[str, Sequence[int]]) -> pd.DataFrame:
    """Return how many of each cohort were active, period by period; the first are all of it."""
    told = [
        (cohort, False, since, False, active[0], count, *[count / active[0]] * 4)
        for cohort, active in cohorts
        for since, count in enumerate(active)
    ]
    columns = ["cohort", "may_predate", "periods_since", "is_partial", "customers", "active"]
    columns += ["retention_rate", "retention_lo", "retention_hi", "rolling_rate"]
    return pd.DataFrame(told, columns=columns)


def actives(frame: pd.DataFrame) -> dict[tuple[str, int], Any]:
    told = folded("retention", frame)
    assert (told["active"].isna() == told["retention_rate"].isna()).all()
    return {
        (one.cohort, one.periods_since): None if pd.isna(one.active) else one.active
        for one in told.itertuples()
    }


def test_few_who_came_back_are_not_what_all_came_back_less_the_other_cohorts() -> None:
    rows = returned(("(all)", [40, 22]), ("a", [20, 2]), ("b", [10, 10]), ("c", [10, 10]))
    assert actives(rows) == {
        ("(all)", 0): 40, ("(all)", 1): 22, ("a", 0): 20, ("a", 1): None,
        ("b", 0): 10, ("b", 1): None, ("c", 0): 10, ("c", 1): 10,
    }  # fmt: skip


def test_few_who_stayed_away_are_not_told_either() -> None:
    found = actives(returned(("a", [20, 18, 16, 4, 0])))
    assert list(found.values()) == [20, None, 16, 4, 0]


def test_a_cohort_of_few_is_not_what_all_are_less_the_other_cohorts() -> None:
    rows = returned(("(all)", [22, 12]), ("a", [20, 10]), ("b", [2, 2]))
    assert actives(rows) == {("a", 0): 20, ("a", 1): 10}
    for reason in ("may_predate", "is_partial"):
        apart = rows.assign(**{reason: rows["cohort"] == "b"})
        assert ("(all)", 1) in actives(apart), "one that is not added up in it is no part of it"


def test_who_was_active_for_the_last_time_is_not_told() -> None:
    told = folded("retention", returned(("a", [20, 10])).assign(rolling_rate=[1.0, 0.95]))
    assert told["rolling_rate"].isna().all()


def reached(*values: tuple[str, int, int]) -> pd.DataFrame:
    """Return a stage of all and of each value: so many reached it, so many of these went on."""
    rows = [
        ("m", "all" if value == "all" else "way", value, 1, many, on, 0, many - on, 0)
        for value, many, on in values
    ]
    columns = ["map_name", "segment", "value", "stage_no", "reached", "progressed", "open"]
    none = ["touched", "skipped", "frontier", "median_days_to_next"]
    frame = pd.DataFrame(rows, columns=[*columns, "dropped", "completed"])
    return frame.assign(drop_rate=0.5, **dict.fromkeys(none, 1))


def test_few_who_reach_a_stage_are_not_what_all_are_less_the_other_values() -> None:
    """Mail is the next smallest, and company enough for what became of the few: web is whole."""
    rows = reached(("all", 44, 15), ("ads", 2, 1), ("mail", 20, 10), ("web", 22, 4))
    told = folded("dropoff", rows)
    assert told[["value", "progressed"]].values.tolist() == [["all", 15], ["web", 4]]
    whole = folded("dropoff", rows[rows["value"] != "ads"])
    assert whole["value"].tolist() == ["all", "mail", "web"]


def test_groups_tell_no_more_of_a_view_than_its_answer() -> None:
    """Two of ads are open, and its rate is left out; few of web are straight; few have a fax."""
    values = ["ads", "mail", "web", "fax", "tv"]
    keys = {"map_name": "m", "segment": "way", "value": values}
    answer = pd.DataFrame(keys).assign(
        journeys=40, staged_journeys=40, customers=40, converted=20, dropped_explicit=0,
        dropped_silent=[18, 12, 12, 12, 12], open=[2, 8, 8, 8, 8], left_truncated=0,
        moving_journeys=20, straight_journeys=[10, 10, 2, 10, 10], straight_share=0.5,
        squiggle_index=0.3, conversion_rate=0.5, conversion_lo=0.4, conversion_hi=0.6,
        median_days_to_goal=3.0,
    )  # fmt: skip
    few = [("ads", "open", 2), ("fax", "all", 2), ("tv", "all", 9), ("mail", "all", 40)]
    few += [("web", "all", 40)]
    views = pd.DataFrame(few, columns=["value", "among", "journeys"])
    views = views.assign(map_name="m", segment="way", first_journeys=views["journeys"])
    shown = ["conversion_rate", "conversion_lo", "median_days_to_goal", "squiggle_index"]
    groups = answer.rename(columns={"segment": "by_segment", "value": "of_value"}).assign(
        squiggle_lo=0.2, squiggle_hi=0.4
    )
    groups = groups[["map_name", "by_segment", "of_value", "journeys", *shown, "squiggle_hi"]]
    told = fold({"outcomes": views, "answer": answer, "compared": groups}, K)["compared"]
    assert told["of_value"].tolist() == ["ads", "mail", "web"]
    known = told.set_index("of_value")[[*shown, "squiggle_hi"]].notna()
    assert known.loc["mail"].all()
    assert known.loc["ads"].tolist() == [False, False, False, True, True]
    assert known.loc["web"].tolist() == [True, True, True, False, False]


def cells(numbers: list[int], *, others: tuple[int, ...] = (), gone: tuple[int, ...] = ()) -> Any:
    """Which cells of a line are hidden, where some are (other) and some not shown in any case."""
    told = pd.Series(numbers)
    marks = [pd.Series(told.index.isin(places)) for places in (others, gone)]
    found = hidden(told, [pd.Series(0, told.index)], K, folded=marks[0], gone=marks[1])
    return [place for place, unseen in found.items() if unseen]


def test_what_is_other_is_not_hidden_and_is_company_only_where_it_is_enough() -> None:
    assert cells([9, 8, 20], others=(2,)) == []
    assert cells([9, 8, 2], others=(2,)) == [1]
    assert cells([9, 2, 8], others=(2,)) == [1]


def test_nobody_is_no_secret_even_where_the_rest_is_gone() -> None:
    assert cells([9, 8, 0], gone=(2,)) == []
    assert cells([9, 8, 7], gone=(2,)) == [1, 2]


def test_of_paths_neither_few_who_convert_nor_few_who_do_not_are_told() -> None:
    view = {"map_name": "m", "segment": "all", "value": "all", "among": "all", "level": "stage"}
    paths = pd.DataFrame({"path": [*"abcde"], "converted": [3, 4, 16, 17, 20]}).assign(
        **view, journeys=20, customers=20, of_journeys=100, median_days=1.0, example_no=1
    )
    told = folded("variants", paths)
    assert told["converted"].fillna(-1).tolist() == [-1, 4, 16, -1, 20]
    few = folded("variants", paths.assign(journeys=[20, 20, 20, 20, 3], customers=[20] * 4 + [3]))
    assert few["path"].tolist() == [*"bcd", "(other)"]
    assert few.iloc[-1][["median_days", "example_no"]].isna().all()


def test_counts_of_few_take_the_shares_that_tell_them_along() -> None:
    rows = pd.DataFrame({"advances": [9, 9, 3], "fallbacks": [9, 3, 9], "fallback_rate": 0.5})
    told = folded("boundaries", rows)
    known = told.notna().to_numpy().tolist()
    assert known == [[True] * 3, [False] * 3, [False] * 3]
    laws = pd.DataFrame({"law": "a", "is_met": [True, True, False], "subject": [*"xyz"]})
    laws = folded("laws", laws.assign(left_count=1, right_count=2))
    assert laws["is_met"].tolist() == [True, False]
    assert laws[["left_count", "right_count"]].isna().all(axis=None)


def test_rows_that_rest_on_few_of_any_kind_are_left_out_and_empty_ones_are_not() -> None:
    views = pd.DataFrame(columns=[*VIEW, "journeys", "first_journeys"])
    rows = pd.DataFrame({"n": [9, 9, 3, 0, 4], "respondents": [9, 3, 9, 0, 4], "place": [*"abcde"]})
    assert fold({"outcomes": views, "pains": rows}, K)["pains"]["place"].tolist() == ["a", "d", "e"]


def test_a_difference_has_a_sign_and_nothing_has_none() -> None:
    assert [signed(one) for one in (2.44, -2.44, -0.04)] == ["+2.4", "−2.4", "0.0"]


def test_where_some_stages_cannot_be_rated_no_loss_is_told_of_those_that_can() -> None:
    found = leak(stops(("A", 60, 0.0), ("B", 60, 0.0), ("C", 60, None), ("D", 9, None))).text
    assert found.startswith("At A and B no journey was lost")


def test_what_would_tell_a_hidden_fate_is_left_out_with_it() -> None:
    """Two of twenty drop at the stage, so who went on is told as little, nor who stood there."""
    (told,) = folded("dropoff", reached(("all", 20, 18))).to_dict("records")
    hides = ["progressed", "dropped", "drop_rate", "touched", "skipped", "frontier"]
    assert all(pd.isna(told[name]) for name in [*hides, "median_days_to_next"])
    assert (told["reached"], told["open"], told["other"]) == (20, 0, 20)


def test_that_nobody_has_the_other_outcomes_would_tell_the_hidden_one() -> None:
    """Two are open and none converted; one journey of twenty is not straight."""
    view = {"map_name": "m", "segment": "all", "value": "all"}
    counts = {"staged_journeys": 40, "dropped_silent": 38, "dropped_explicit": 0, "open": 2}
    counts |= {"converted": 0, "left_truncated": 3, "moving_journeys": 20, "straight_journeys": 19}
    row = pd.DataFrame([view | counts]).assign(conversion_rate=0.0, straight_share=0.95)
    few = pd.MultiIndex.from_frame(pd.DataFrame([view | {"among": "open"}]))
    (told,) = folded("answer", row, few).to_dict("records")
    hides = ["converted", "open", "conversion_rate", "left_truncated", "straight_share"]
    assert all(pd.isna(told[name]) for name in [*hides, "straight_journeys"])
    assert (told["dropped_silent"], told["other"]) == (38, 2)


def test_a_view_of_many_journeys_of_few_customers_is_gone_and_so_is_what_would_tell_of_it() -> None:
    """Nobody is in the last one: it is neither gone nor company."""
    columns = ["value", "first_journeys", "journeys"]
    rows = [("a", 30, 30), ("b", 1, 40), ("c", 6, 9), ("d", 0, 0)]
    views = pd.DataFrame(rows, columns=columns).assign(map_name="m", segment="way", among="all")
    assert fold({"outcomes": views}, K)["outcomes"]["value"].tolist() == ["a", "d"]
