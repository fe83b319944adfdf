"""NPS, CSAT and the like: one valid answer of each customer, joined only to what came before it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from pipeline.warehouse import Warehouse

from .conftest import Build, shared, toml, write_csv

COLUMNS = (
    'user_id = "who"\noccurred_at = "at"\nevent = "what"\nscore_type = "type"\nscore = "score"\n'
    'sentiment = "mood"'
)
HEADER = ("who", "at", "what", "type", "score", "mood")
Row = tuple[Any, ...]


def answers(scores: Sequence[float], kind: str = "nps") -> list[Row]:
    return [
        (f"c{n}", f"2026-01-05 10:{n:02}:00", "answer", kind, score, "")
        for n, score in enumerate(scores)
    ]


def drawn(build: Build, rows: Sequence[Row], kpi: str = "", extra: str = "") -> Warehouse:
    return build(rows, toml(columns=COLUMNS, extra=extra) + f"\n[kpi]\n{kpi}\n", header=HEADER)


def whole(warehouse: Warehouse, score_type: str, columns: str) -> tuple[Any, ...]:
    return warehouse.rows(
        f"select {columns} from survey_kpis where score_type = $one and period = '(all)'",
        {"one": score_type},
    )[0]


def test_nps_is_promoters_less_detractors_with_its_standard_error(build: Build) -> None:
    """100 (8 − 6) / 20; Wald's interval around it."""
    scores = [10] * 5 + [9] * 3 + [8] * 4 + [7] * 2 + [6] * 3 + [3] * 3
    found = whole(
        drawn(build, answers(scores)),
        "nps",
        "respondents, promoters, detractors, value, se, lo, hi",
    )
    assert found[:3] == (20, 8, 6)
    assert found[3:] == pytest.approx((10.0, 18.574, -26.405, 46.405), abs=1e-3)


def test_what_is_off_the_scale_is_counted_and_not_used(build: Build) -> None:
    rows = answers([10, 11, -1, 9.5, 0], "NPS") + answers([5, 4, 3, 0, 6], "csat score")
    warehouse = drawn(build, rows)
    columns = "responses, invalid, respondents, value"
    assert whole(warehouse, "nps", columns) == (5, 3, 2, 0.0)
    assert whole(warehouse, "csat", columns) == (5, 2, 3, pytest.approx(2 / 3))


def test_a_scale_from_1_to_5_is_not_taken_for_nps(build: Build) -> None:
    warehouse = drawn(build, answers([5, 4, 4] * 10))
    value, reason = whole(warehouse, "nps", "value, reason")
    assert value is None
    assert reason.startswith("no score above 5")
    status = "select status from kpi_status where kpi = 'NPS'"
    assert warehouse.scalar(status) == "insufficient"


@pytest.mark.parametrize(("response", "value"), [("latest", 0.0), ("first", -100.0)])
def test_of_a_customer_the_first_or_the_latest_answer_counts(
    build: Build, response: str, value: float
) -> None:
    """Overall and in each month; answers of nobody known count for themselves."""
    rows = [
        ("ann", "2026-01-05 10:00:00", "answer", "nps", 2, ""),
        ("ann", "2026-01-06 10:00:00", "answer", "nps", 7, ""),
        ("ann", "2026-02-06 10:00:00", "answer", "nps", 8, ""),
    ]
    warehouse = drawn(build, rows, f'response = "{response}"')
    monthly = warehouse.rows(
        "select period, responses, respondents, value from survey_kpis "
        "where score_type = 'nps' order by period"
    )
    assert monthly == [
        ("(all)", 3, 1, value),
        ("2026-01", 2, 1, value),
        ("2026-02", 1, 1, 0.0),
    ]
    nobody = [("", f"2026-01-0{n} 10:00:00", "answer", "nps", 9, "") for n in (1, 2, 3)]
    found = whole(drawn(build, rows + nobody), "nps", "responses, unidentified, respondents, value")
    assert found == (6, 3, 4, 75.0)


def test_answers_that_are_all_alike_still_have_an_interval(build: Build) -> None:
    value, lo, hi = whole(drawn(build, answers([9, 10, 9])), "nps", "value, lo, hi")
    assert (value, hi) == (100, 100)
    assert lo == pytest.approx(100 * (2 * 0.438503 - 1), abs=1e-3)


def test_a_touchpoint_that_is_declared_needs_no_type(build: Build) -> None:
    rows = [(*row[:3], "", *row[4:]) for row in answers([5, 1, 4, 2])]
    project = (
        toml(columns=COLUMNS)
        + '\n[[touchpoint]]\nname = "Survey"\nwhen = { event = "answer" }\n[kpi]\ncsat = "Survey"\n'
    )
    warehouse = build(rows, project, header=HEADER)
    assert whole(warehouse, "csat", "respondents, value") == (4, 0.5)
    assert whole(warehouse, "nps", "respondents, value, reason") == (0, None, "no answer")


SENDINGS = [
    # ann answers the first sending and not the second, bob none; cat's is too young to tell.
    ("ann", "2026-01-01 10:00:00", "invite", "", "", ""),
    ("ann", "2026-01-03 10:00:00", "answer", "nps", 9, ""),
    ("ann", "2026-02-01 10:00:00", "invite", "", "", ""),
    ("bob", "2026-01-01 10:00:00", "invite", "", "", ""),
    ("bob", "2026-02-20 10:00:00", "answer", "nps", 2, ""),
    ("cat", "2026-03-01 10:00:00", "invite", "", "", ""),
    ("dan", "2026-03-10 10:00:00", "Awareness", "", "", ""),
]
INVITES = '[[touchpoint]]\nname = "Invitation"\nwhen = { event = "invite" }\n'


def test_the_response_rate_is_of_sendings_that_could_have_been_answered(build: Build) -> None:
    project = toml(columns=COLUMNS) + INVITES + '[kpi]\nsurvey_sends = "Invitation"\n'
    warehouse = build(SENDINGS, project, header=HEADER)
    columns = "sends, answered, response_rate, respondent_events, other_events"
    assert whole(warehouse, "nps", columns) == (3, 1, pytest.approx(1 / 3), 2.5, 1.0)
    without = build(SENDINGS, toml(columns=COLUMNS) + INVITES, header=HEADER)
    assert whole(without, "nps", "sends, response_rate") == (None, None)
    reason = without.scalar("select reason from kpi_status where kpi = 'survey response rate'")
    assert reason.startswith("no touchpoint counts as the sending of a survey")


def test_a_score_is_joined_only_to_what_came_at_most_7_days_before_it(build: Build) -> None:
    rows = [
        ("ann", "2026-01-01 10:00:00", "Interest", "", "", ""),
        ("ann", "2026-01-02 10:00:00", "help", "", "", ""),
        ("ann", "2026-01-03 10:00:00", "answer", "nps", 9, ""),
        ("ann", "2026-01-03 11:00:00", "Purchase", "", "", ""),
        ("bob", "2026-01-01 10:00:00", "Awareness", "", "", ""),
        ("bob", "2026-01-08 10:00:01", "answer", "nps", 0, ""),
        ("cat", "2026-01-01 10:00:00", "Awareness", "", "", ""),
        ("cat", "2026-01-08 10:00:00", "answer", "nps", 0, ""),
    ]
    found = drawn(build, rows).rows(
        "select level, place, respondents, value from score_by_touchpoint order by all"
    )
    assert found == [
        ("stage", "Awareness", 1, -100.0),
        ("stage", "Interest", 1, 100.0),
        ("touchpoint", "Awareness", 1, -100.0),
        ("touchpoint", "help", 1, 100.0),
    ]


def test_sentiment_is_a_mean_over_customers_and_never_inferred(build: Build) -> None:
    rows = [
        ("ann", "2026-01-01 10:00:00", "ticket", "", "", -0.5),
        ("bob", "2026-01-01 10:00:00", "ticket", "", "", 1),
        ("bob", "2026-01-02 10:00:00", "ticket", "", "", 0),
        ("cat", "2026-01-02 10:00:00", "ticket", "", "", 2),
    ]
    found = whole(drawn(build, rows), "sentiment", "responses, invalid, respondents, value")
    assert found == (4, 1, 2, -0.25)


def test_the_published_survey_has_its_published_score(build: Build) -> None:
    case = shared("oracles", "nps_01_sudzilla")
    lines = (case / "events.csv").read_text(encoding="utf-8").splitlines()[1:]
    rows = [
        (who, at, "answer", "nps", score, "") for who, at, score in (x.split(",") for x in lines)
    ]
    found = whole(drawn(build, rows), "nps", "promoters, detractors, respondents, round(value, 1)")
    assert found == (8, 22, 39, -35.9)


def test_real_reviews_keep_to_the_scale(build: Build, tmp_path: Any) -> None:
    """Stars from 0 to 5: the zeros are off the scale; of each reviewer the latest counts."""
    lines = shared("data", "reviews_csat", "reviews_first_5000.csv").read_text().splitlines()[1:]
    rows = [(*row, "csat") for row in (line.split(",") for line in lines)]
    write_csv(tmp_path / "log.csv", ("reviewer", "vendor", "rating", "date", "type"), rows)
    columns = 'user_id = "reviewer"\noccurred_at = "date"\nscore = "rating"\nscore_type = "type"'
    project = toml(columns=columns, source_extra='event = "review"\ndedupe = "none"')
    warehouse = build.in_folder(tmp_path, project)  # type: ignore[attr-defined]
    latest: dict[str, tuple[str, int, int]] = {}
    for place, (reviewer, _, rating, date, _) in enumerate(rows):
        if 1 <= int(rating) <= 5:
            latest[reviewer] = max(latest.get(reviewer, ("", 0, 0)), (date, place, int(rating)))
    happy = sum(rating >= 4 for *_, rating in latest.values())
    found = whole(warehouse, "csat", "responses, invalid, respondents, value")
    invalid = sum(row[2] == "0" for row in rows)
    assert found == (len(rows), invalid, len(latest), pytest.approx(happy / len(latest)))
