"""Which answers count, on which scale, of which sending, and what they are about."""

from __future__ import annotations

import pytest

from .kpi_desk import Event, at, desk
from .test_kpi_surveys import answer, answers, surveyed, whole


def test_of_answers_at_one_time_the_order_of_the_export_counts() -> None:
    log = [
        Event("ann", "answer", at("2026-01-05"), {"score_type": "nps", "score": score}, order=order)
        for score, order in ((9, 1), (10, 3), (2, 2), (8, None))
    ]
    for response, score in (("first", 9), ("latest", 8)):
        with surveyed(log, response=response) as laid:
            assert whole(laid, "nps", "respondents, mean_score") == (1, score)
            monthly = laid.rows(
                "select mean_score from survey_kpis where score_type = 'nps' and period <> '(all)'"
            )
            assert monthly == [(score,)]


def test_an_answer_off_the_scale_takes_no_valid_one_away() -> None:
    """Neither overall nor in its month, be it earlier or later."""
    log = [answer("ann", at(f"2026-01-0{day}"), score) for day, score in ((4, 99), (5, 9), (6, 11))]
    for response in ("first", "latest"):
        with surveyed(log, response=response) as laid:
            found = laid.rows(
                "select responses, invalid, respondents, value, mean_score from survey_kpis "
                "where score_type = 'nps'"
            )
        assert found == [(3, 2, 1, 100, 9)] * 2


def test_a_score_that_does_not_count_is_in_no_mean() -> None:
    log = [answer("ann", at(f"2026-01-0{day}"), score) for day, score in ((5, 2), (6, 8))]
    with surveyed(log) as laid:
        assert whole(laid, "nps", "respondents, mean_score") == (1, 8)


def test_a_promoter_of_nobody_known_is_one() -> None:
    log = [answer(None, at("2026-01-05"), 9), answer("ann", at("2026-01-05"), 2)]
    with surveyed(log) as laid:
        assert whole(laid, "nps", "respondents, promoters, detractors, value") == (2, 1, 1, 0)


def test_an_interval_does_not_leave_the_scale() -> None:
    with surveyed(answers([9, 9, 9, 8])) as laid:
        assert whole(laid, "nps", "value, hi") == (75, 100)
    with surveyed(answers([0, 0, 0, 8])) as laid:
        assert whole(laid, "nps", "value, lo") == (-75, -100)
    with surveyed(answers([2, 2, 2, 1], "mood")) as laid:
        assert whole(laid, "emotion", "value, hi") == (1.75, 2)


@pytest.mark.parametrize(
    ("kind", "scores"), [(None, (1, 1)), ("stars", (1, 1)), ("sentiment", (0, 1))]
)
def test_an_answer_may_have_a_score_and_a_sentiment(
    kind: str | None, scores: tuple[int, int]
) -> None:
    """A score that is a sentiment itself leaves no room for the other."""
    details = {"score_type": kind, "score": 1.0, "sentiment": 0.5}
    with surveyed([Event("ann", "answer", at("2026-01-05"), details)]) as laid:
        found = dict(laid.rows(
            "select score_type, count(*) from responses group by score_type"
        ))  # fmt: skip
        assert found == ({"other": 1, "sentiment": 1} if scores[0] else {"sentiment": 1})
        assert whole(laid, "sentiment", "responses, value") == (1, 0.5 if scores[0] else 1.0)


def test_an_answer_belongs_to_the_last_sending_before_it_and_to_none_of_another_survey() -> None:
    """The answer comes as the second one is sent; what is sent to nobody known cannot be told."""
    log = [
        Event("ann", "invite", at("2026-01-01")),
        Event("ann", "ask", at("2026-01-02")),
        Event("ann", "invite", at("2026-01-04")),
        answer("ann", at("2026-01-04"), 9),
        Event(None, "invite", at("2026-01-05")),
        Event("bob", "invite", at("2026-01-06")),
        Event("bob", "ask", at("2026-01-07")),
        answer("bob", at("2026-01-08"), 9),
        Event("cat", "invite", at("2026-01-09")),
        Event("dan", "invite", at("2026-01-09 12:00:01")),
    ]
    roles = {"nps_sends": ["invite"], "csat_sends": ["ask"]}
    with surveyed(log, roles, as_of=at("2026-02-08")) as laid:
        assert whole(laid, "nps", "sends, answered") == (4, 2), "cat's is thirty days old"
        assert whole(laid, "csat", "sends, answered") == (2, 0)


def test_what_is_more_than_an_invitation_is_a_touch_and_may_be_what_an_answer_is_about() -> None:
    log = [
        Event("ann", "visit", at("2026-01-01")),
        Event("ann", "call", at("2026-01-02")),
        Event("ann", "invite", at("2026-01-03")),
        answer("ann", at("2026-01-04"), 9),
    ]
    roles = {"nps_sends": ["invite", "call"], "support": ["call"]}
    with desk(log, roles=roles).make("score_by_touchpoint") as laid:
        assert laid.rows("select place from score_by_touchpoint where level = 'touchpoint'") == [
            ("call",)
        ]


def test_only_an_answer_that_counts_has_a_place_before_it() -> None:
    """Ann's first one does not; where her sentiment is told, she is not surveyed."""
    log = [
        Event("ann", "Interest", at("2026-01-01")),
        answer("ann", at("2026-01-02"), 2),
        Event("ann", "chat", at("2026-01-03"), {"sentiment": 0.5}),
        answer("ann", at("2026-01-04"), 9),
        Event("bob", "Awareness", at("2026-01-01")),
        answer("bob", at("2026-01-02"), 99),
    ]
    with desk(log).make("score_by_touchpoint") as laid:
        found = laid.rows(
            "select place, respondents, value from score_by_touchpoint "
            "where score_type = 'nps' and level = 'touchpoint'"
        )
    assert found == [("chat", 1, 100)]


def test_who_answers_off_the_scale_is_no_respondent() -> None:
    log = [
        *(Event("ann", "visit", at(f"2026-01-0{day}")) for day in (1, 2)),
        answer("ann", at("2026-01-03"), 9),
        answer("bob", at("2026-01-03"), 99),
    ]
    with surveyed(log) as laid:
        assert whole(laid, "nps", "respondent_events, other_events") == (3, 1)
