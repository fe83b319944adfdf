"""NPS, CSAT and the like: one valid answer of each customer, joined only to what came before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from .conftest import shared
from .kpi_desk import Desk, Event, at, desk


def answer(
    who: str | None, when: datetime, score: float, kind: str | None = "nps", what: str = "answer"
) -> Event:
    return Event(who, what, when, {"score_type": kind, "score": score})


def answers(scores: Sequence[float], kind: str | None = "nps") -> list[Event]:
    noon = at("2026-01-05")
    return [
        answer(f"{kind}{n}", noon + timedelta(minutes=n), score, kind)
        for n, score in enumerate(scores)
    ]


def surveyed(
    events: Sequence[Event], roles: Mapping[str, Sequence[str]] | None = None, **kpi: Any
) -> Desk:
    return desk(events, roles=roles, **kpi).make("survey_kpis")


def whole(laid: Desk, score_type: str, columns: str) -> tuple[Any, ...]:
    return laid.rows(
        f"select {columns} from survey_kpis where score_type = '{score_type}' and period = '(all)'"
    )[0]


def test_nps_is_promoters_less_detractors_with_its_standard_error() -> None:
    """100 (8 − 6) / 20; Wald's interval around it."""
    scores = [10] * 5 + [9] * 3 + [8] * 4 + [7] * 2 + [6] * 3 + [3] * 3
    with surveyed(answers(scores)) as laid:
        found = whole(laid, "nps", "respondents, promoters, detractors, value, se, lo, hi")
    assert found[:3] == (20, 8, 6)
    assert found[3:] == pytest.approx((10.0, 18.574, -26.405, 46.405), abs=1e-3)


def test_what_is_off_the_scale_is_counted_and_not_used() -> None:
    log = answers([10, 11, -1, 9.5, 0], "NPS") + answers([5, 4, 3, 0, 6], "csat score")
    log += answers([7, 5, 4, 8], "CES") + answers([-2, 1, 3], "emotion") + answers([3], "stars")
    with surveyed(log) as laid:
        columns = "responses, invalid, respondents, value"
        assert whole(laid, "nps", columns) == (5, 3, 2, 0.0)
        assert whole(laid, "csat", columns) == (5, 2, 3, pytest.approx(2 / 3))
        assert whole(laid, "ces", columns) == (4, 1, 3, pytest.approx(2 / 3))
        assert whole(laid, "emotion", columns) == (3, 1, 2, -0.5)
        assert whole(laid, "csat", "lo, hi") == pytest.approx((0.2077, 0.9385), abs=1e-4)


def test_a_scale_from_1_to_5_is_not_taken_for_nps() -> None:
    with surveyed(answers([5, 4, 4] * 10)) as laid:
        value, reason = whole(laid, "nps", "value, reason")
        assert value is None
        assert reason.startswith("no score above 5")
        laid.make("kpi_status")
        status = "select status, reason from kpi_status where kpi = 'NPS'"
        assert laid.rows(status) == [("insufficient", reason)]


@pytest.mark.parametrize(("response", "value"), [("latest", 0.0), ("first", -100.0)])
def test_of_a_customer_the_first_or_the_latest_answer_counts(response: str, value: float) -> None:
    """Overall and in each month; answers of nobody known count for themselves."""
    log = [
        answer("ann", at("2026-01-05"), 2),
        answer("ann", at("2026-01-06"), 7),
        answer("ann", at("2026-02-06"), 8),
    ]
    with surveyed(log, response=response) as laid:
        monthly = laid.rows(
            "select period, responses, respondents, value from survey_kpis "
            "where score_type = 'nps' order by period"
        )
    assert monthly == [("(all)", 3, 1, value), ("2026-01", 2, 1, value), ("2026-02", 1, 1, 0.0)]
    nobody = [answer(None, at(f"2026-01-0{n}"), 9) for n in (1, 2, 3)]
    with surveyed([*log, *nobody]) as laid:
        found = whole(laid, "nps", "responses, unidentified, respondents, value")
    assert found == (6, 3, 4, 75.0)


@pytest.mark.parametrize(
    ("scores", "lo", "hi"),
    [([9, 10, 9], -12.30, 100), ([0, 1, 6], -100, 12.30), ([7, 8, 7], -56.15, 56.15)],
)
def test_answers_that_are_all_alike_still_have_an_interval(
    scores: list[float], lo: float, hi: float
) -> None:
    """Wilson's for 3 of 3 begins at 0.4385; the rest may be at the other end."""
    with surveyed(answers(scores)) as laid:
        assert whole(laid, "nps", "lo, hi") == pytest.approx((lo, hi), abs=0.01)


def test_a_touchpoint_that_is_declared_needs_no_type() -> None:
    with surveyed(answers([5, 1, 4, 2], None), {"csat": ["answer"]}) as laid:
        assert whole(laid, "csat", "respondents, value") == (4, 0.5)
        assert whole(laid, "nps", "respondents, value, reason") == (0, None, "no answer")


def test_the_response_rate_is_of_sendings_that_could_have_been_answered() -> None:
    """Ann answers the first one and not the second, bob too late; cat's is too young to tell."""
    log = [
        Event("ann", "invite", at("2026-01-01")),
        answer("ann", at("2026-01-03"), 9),
        Event("ann", "invite", at("2026-02-01")),
        Event("bob", "invite", at("2026-01-01")),
        answer("bob", at("2026-02-20"), 2),
        Event("cat", "invite", at("2026-03-01")),
        Event("dan", "visit", at("2026-03-10")),
    ]
    with surveyed(log, {"nps_sends": ["invite"]}) as laid:
        columns = "sends, answered, response_rate, respondent_events, other_events"
        assert whole(laid, "nps", columns) == (3, 1, pytest.approx(1 / 3), 2.5, 1.0)
    with surveyed(log).make("kpi_status") as laid:
        assert whole(laid, "nps", "sends, response_rate") == (None, None)
        (reason,) = laid.rows("select reason from kpi_status where kpi = 'survey response rate'")
        assert reason[0].startswith("no touchpoint counts as the sending of a survey")


def test_a_score_is_joined_only_to_what_came_at_most_7_days_before_it() -> None:
    log = [
        Event("ann", "Interest", at("2026-01-01")),
        Event("ann", "help", at("2026-01-02")),
        answer("ann", at("2026-01-03"), 9),
        Event("ann", "Purchase", at("2026-01-03 13:00:00")),
        Event("bob", "Awareness", at("2026-01-01")),
        answer("bob", at("2026-01-08 12:00:01"), 0),
        Event("cat", "Awareness", at("2026-01-01")),
        answer("cat", at("2026-01-08"), 0),
    ]
    with desk(log) as laid:
        laid.lay("cfg_maps", [{"map_no": 1, "map_name": "journey"}])
        laid.lay("cfg_map_stages", [
            {"map_no": 1, "stage_no": n, "stage": stage}
            for n, stage in ((1, "Awareness"), (2, "Interest"))
        ])  # fmt: skip
        laid.make("score_by_touchpoint")
        found = laid.rows(
            "select level, map_name, place, respondents, value from score_by_touchpoint "
            "order by all"
        )
    assert found == [
        ("stage", "journey", "Awareness", 1, -100.0),
        ("stage", "journey", "Interest", 1, 100.0),
        ("touchpoint", "", "Awareness", 1, -100.0),
        ("touchpoint", "", "help", 1, 100.0),
    ]


def test_sentiment_is_a_mean_over_customers_and_never_inferred() -> None:
    moods = [("ann", 1, -0.5), ("bob", 1, 1.0), ("bob", 2, 0.0), ("cat", 2, 2.0)]
    log = [Event(who, "t", at(f"2026-01-0{day}"), {"sentiment": mood}) for who, day, mood in moods]
    with surveyed(log) as laid:
        found = whole(laid, "sentiment", "responses, invalid, respondents, value")
    assert found == (4, 1, 2, -0.25)


def test_the_published_survey_has_its_published_score() -> None:
    case = shared("oracles", "nps_01_sudzilla")
    lines = (case / "events.csv").read_text(encoding="utf-8").splitlines()[1:]
    log = [
        answer(who, at(moment), float(score))
        for who, moment, score in (line.split(",") for line in lines)
    ]
    with surveyed(log) as laid:
        found = whole(laid, "nps", "promoters, detractors, respondents, round(value, 1)")
    assert found == (8, 22, 39, -35.9)


def test_real_reviews_keep_to_the_scale() -> None:
    """Stars from 0 to 5: the zeros are off the scale; of each reviewer the latest counts."""
    path = shared("data", "reviews_csat", "reviews_first_5000.csv")
    lines = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    log = [answer(who, at(date), float(stars), "csat") for who, _, stars, date in lines]
    latest: dict[str, tuple[datetime, float]] = {}
    for event in log:
        score = event.details["score"]
        if score:
            who = str(event.who)
            latest[who] = max(latest.get(who, (event.at, 0.0)), (event.at, score))
    happy = sum(score >= 4 for _, score in latest.values())
    with surveyed(log) as laid:
        found = whole(laid, "csat", "responses, invalid, respondents, value")
    zeros = sum(stars == "0" for _, _, stars, _ in lines)
    assert found == (len(log), zeros, len(latest), pytest.approx(happy / len(latest)))
