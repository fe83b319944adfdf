"""What the report says, sentence by sentence: true at the ends, of one, of none, and of few."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from pipeline.figures import isolated, lasting
from pipeline.figures.naming import shortened
from pipeline.report.findings import LEAST, Finding, cautions, findings, leak
from pipeline.report.headlines import leak_title, paths_title, straight_title
from pipeline.report.locales import written_as
from pipeline.report.page import _environment
from pipeline.report.sections import query
from pipeline.report.tiles import tiles
from pipeline.report.wording import amount, days, percent, points, several

COLUMNS = re.findall(r"(?m)^    (?:.* as )?(?:\w+\.)?(\w+),?$", query("answer"))
ANSWER = dict.fromkeys(COLUMNS) | {
    "journeys": 400,
    "staged_journeys": 400,
    "converted": 100,
    "open": 1,
    "within_days": 30.0,
    "conversion_rate": 0.25,
    "moving_journeys": 400,
    "straight_share": 0.5,
    "squiggle_index": 0.321,
    "squiggle_lo": 0.296,
    "squiggle_hi": 0.346,
}
NONE = pd.DataFrame()


def stops(*rows: tuple[str, int, float | None]) -> pd.DataFrame:
    """Return stages with how many reached them, and the rate of these; the last is the goal."""
    told = [
        {
            "stage_no": number,
            "stage": stage,
            "is_goal": number == len(rows),
            "reached": reached,
            "frontier": reached,
            "within_days": 30.0,
            "drop_rate": rate,
            "drop_lo": None if rate is None else max(rate - 0.05, 0),
            "drop_hi": None if rate is None else rate + 0.05,
        }
        for number, (stage, reached, rate) in enumerate(rows, start=1)
    ]
    return pd.DataFrame(told)


def said(answer: dict[str, Any], dropoff: pd.DataFrame | None = None) -> list[Finding]:
    rows = stops(("A", 400, 0.5), ("B", 100, None)) if dropoff is None else dropoff
    return findings(ANSWER | answer, "B", rows)


def test_the_worst_stage_is_named_with_those_that_it_cannot_be_told_from() -> None:
    found = leak(stops(("A", 400, 0.50), ("B", 400, 0.52), ("C", 400, 0.1), ("D", 0, None)))
    assert found.text.startswith("B holds up the most, though not clearly more than A: 52%")
    assert found.evidence == "95% interval 47.0–57.0%, n\u00a0=\u00a0400"


def test_a_stage_without_a_rate_is_not_said_to_lose_nobody() -> None:
    found = leak(stops(("A", 60, 0.0), ("B", 60, None), ("C", 0, None)))
    assert found.text.startswith("At A no journey was lost: all that get there")
    assert "not followed long enough" in found.evidence
    assert leak(stops(("A", 60, 0.0), ("B", 0, None), ("C", 0, None))).text.startswith(
        "At no stage"
    )
    several_of = leak(stops(("A", 60, 0.4), ("B", 60, 0.1), ("C", 60, None), ("D", 9, None)))
    assert several_of.text.startswith("Of the stages that can be rated, A holds up the most: 40%")
    assert leak_title(stops(("A", 60, 0.4), ("B", 5, None), ("C", 0, None))).startswith(
        "Only A can"
    )


@pytest.mark.parametrize(
    ("share", "sentence", "headline"),
    [
        (1.0, "None of the journeys that move", "No moving journey"),
        (0.0, "All journeys that move", "Every moving journey"),
        (0.9975, "99.8% of journeys that move", "99.8% of moving journeys"),
        (0.002, "0.2% of journeys that move", "0.2% of moving journeys"),
        (0.42, "42 in 100 journeys that move", "42 in 100 moving journeys"),
    ],
)
def test_all_and_none_are_no_others(share: float, sentence: str, headline: str) -> None:
    answer = {"straight_share": share}
    (found,) = [one for one in said(answer) if "turn" in one.text]
    assert found.text.startswith(sentence)
    assert ("the others" in found.text) == (0 < share < 1)
    assert straight_title(ANSWER | answer).startswith(headline)


@pytest.mark.parametrize(
    ("still", "words"),
    [
        (0, "no journey is open"),
        (1, "1 open journey is undecided"),
        (2, "2 open journeys are unde"),
    ],
)
def test_one_open_journey_is_and_two_are(still: int, words: str) -> None:
    assert words in said({"open": still})[0].evidence
    told = said({"open": still, "conversion_rate": None})[0].text
    assert told.endswith(("none are open.", "1 is open.", "2 are open."))


def test_an_index_has_the_interval_of_an_index() -> None:
    assert "squiggle index 0.321, 95% interval 0.296–0.346, " in said({})[-1].evidence


@pytest.mark.parametrize("least", [LEAST / 2, None, 3.2])
def test_what_could_not_be_won_is_no_finding(least: float | None) -> None:
    pains = pd.DataFrame(
        {
            "by_segment": ["all"],
            "kind": "touchpoint",
            "place": "Cart",
            "rate": 0.4,
            "reference_rate": 0.3,
            "excess_lo": 0.053,
            "excess_hi": 0.094,
            "n": 90,
            "reference_n": 900,
            "unit": "goals per month",
            "recoverable_lo": least,
        }
    )
    found = [
        one
        for one in findings(ANSWER, "B", stops(("A", 90, 0.4), ("B", 9, None)), pains)
        if "Cart" in one.text
    ]
    assert len(found) == (least == 3.2)
    for one in found:
        assert one.text.startswith("Of the touchpoints that share a stage with others, Cart costs")
        assert one.evidence.startswith("95% interval of the difference 5.3 to 9.4 points, ")


def test_paths_that_are_all_there_are_are_not_the_most_common() -> None:
    rows = pd.DataFrame({"path": ["A", "A > B"], "journeys": [30, 10], "coverage": [0.75, 1.0]})
    assert paths_title(rows) == "All journeys take one of 2 paths"
    other = pd.DataFrame({"path": ["(other)"], "journeys": [60], "coverage": [1.0]})
    more = pd.concat([rows.assign(coverage=[0.3, 0.4]), other])
    assert paths_title(more) == "The 2 most common paths cover 40% of journeys"


def test_where_silence_cannot_be_told_from_loss_is_a_caution() -> None:
    silences = pd.DataFrame({"stage": ["A", "B"], "within_days": 30.0})
    (found,) = cautions(ANSWER, silences)
    assert found.startswith("Drop-off is not identifiable at A and B: ")
    assert cautions(ANSWER, silences.head(0)) == []


def test_whose_movement_is_told_is_said() -> None:
    few = ANSWER | {"moving_journeys": 0, "straight_share": None}
    words = "that are over and were seen from their beginning"
    assert any(words in one.detail for one in tiles(few, "B"))
    assert any(words in one.text for one in findings(few, "B", stops(("A", 9, None))))


def test_a_name_from_right_to_left_stands_apart_from_the_number_after_it() -> None:
    name = "\u05e8\u05db\u05d9\u05e9\u05d4"
    assert isolated("Cart 2") == "Cart 2"
    found = leak(stops((name, 400, 0.5), ("B", 9, None)))
    assert found.text.startswith(f"At \u2068{name}\u2069, 50% of journeys")


def test_names_of_one_map_stay_different_when_they_are_cut() -> None:
    names = [f"Stage number {number} with a long name" for number in range(1, 13)]
    told = shortened([*names, "Stage"], 15)
    assert len(set(told.values())) == 13
    assert all(len(text) <= 15 for text in told.values())
    assert told["Stage"] == "Stage"
    assert ["1" in told[names[0]], "12" in told[names[11]]] == [True, True]
    nested = shortened(["x" * 30, "x" * 40, "x" * 20 + "y" * 20], 12)
    assert len(set(nested.values())) == 3


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0, "0 seconds"),
        (60.0, "1 minute"),
        (59.8 * 60, "1 hour"),
        (23.99 * 3600, "1 day"),
        (86400.0, "1 day"),
        (1.5 * 86400, "1.5 days"),
        (30 * 86400.0, "30 days"),
        (1234 * 86400.0, "1,234 days"),
    ],
)
def test_a_duration_never_reaches_the_next_unit(seconds: float, words: str) -> None:
    assert lasting(seconds) == words


def test_numbers_are_made_before_they_are_written_as_the_locale_does() -> None:
    with written_as("de-DE"):
        assert several(16.0, "contact") == "16 contacts"
        assert several(1000.0, "contact") == "1.000 contacts"
        assert several(1, "contact") == "1 contact"
        assert several(2.5, "contact") == "2,5 contacts"
        assert percent(0.0004) == "<0,1\u00a0%"
        assert days(1.5) == "1,5 days"


def test_little_is_not_nothing_and_nearly_all_is_not_all() -> None:
    assert [percent(one) for one in (0, 0.0004, 0.0005, 0.9994, 0.9996, 1)] == [
        *("0%", "<0.1%", "0.1%", "99.9%", ">99.9%", "100%")
    ]
    assert [percent(-0.0001), percent(-0.042)] == ["0.0%", "−4.2%"]
    assert [points(-0.0004), points(-0.012)] == ["0.0", "−1.2"]
    assert [amount(one) for one in (0.0342, 0.996, 0.5, 1, 99.4)] == [
        *("0.034", "1.0", "0.50", "1.0", "99.4")
    ]


def rendered(template: str, **told: Any) -> str:
    """Return what one section's template makes of its panel."""
    nothing = dict.fromkeys(("reach", "chip", "meter"), lambda *_: "")
    given = {
        "panel": SimpleNamespace(**told),
        "over": "that are over",
        "terms": (),
        "run": {},
        **nothing,
    }
    return _environment().get_template(template).render(given)


def drawn(template: str, **told: Any) -> str:
    """Return the words of one section's template, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", rendered(template, **told)).split())


@pytest.mark.parametrize(
    ("sends", "rate", "words"),
    [
        (None, None, "no sending declared"),
        (0, None, "nobody asked long enough ago"),
        (float("nan"), None, "no sending declared"),
        (9, 0.5, "50%"),
    ],
)
def test_a_sending_that_is_young_is_declared(
    sends: float | None, rate: float | None, words: str
) -> None:
    row = {
        "score_type": "nps",
        "unit": "-100 to 100",
        "period": "(all)",
        "is_partial": False,
        "lo": None,
        "hi": None,
        "figure": 40.0,
        "respondents": 50,
        "sends": sends,
        "response_rate": rate,
    }
    assert drawn("surveys.html.j2", rows=[row]).endswith(words)


def test_contacts_are_written_as_the_locale_does_and_one_is_one() -> None:
    real = {"turning_share": 0.4, "turning_lo": 0.3, "turning_hi": 0.5, "moving_journeys": 90}
    for contacts, words in ((16.0, "need 16 contacts"), (1.0, "need 1 contact or")):
        answer = real | {"goal": "B", "median_steps_to_goal": contacts}
        with written_as("de-DE"):
            assert words in drawn("squiggle.html.j2", answer=answer, frames={"following": []})


def test_who_has_no_journey_was_not_watched_too_short() -> None:
    rows = [
        {
            "by_segment": "way",
            "of_value": "x",
            "journeys": journeys,
            "within_days": 30.0,
            **dict.fromkeys(("conversion_rate", "conversion_lo", "conversion_hi")),
            **dict.fromkeys(("squiggle_index", "squiggle_lo", "is_squiggle_small")),
            **dict.fromkeys(("is_small", "is_partial")),
        }
        for journeys in (0, 3)
    ]
    told = drawn("compared.html.j2", rows=rows)
    assert "0 no journey with a stage" in told
    assert "3 not watched that long" in told
