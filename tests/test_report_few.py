"""What the report makes of little: muted, drawn to its size, and no claim that it cannot bear."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from playwright.sync_api import Browser

from pipeline import figures
from pipeline.report.contents import SECTIONS
from pipeline.report.findings import leak
from pipeline.report.folding import RULES
from pipeline.report.packing import kind
from pipeline.report.panels import legend

from .browser import chromium, visit
from .conftest import Build, toml
from .report_journeys import Row
from .report_page import report
from .test_report_words import rendered, stops

WIDE = "\u0429" * 30
UNCUT = """all => all.map(it => {
    const text = document.createRange();
    text.selectNodeContents(it);
    const [words, piece] = [text.getBoundingClientRect(), it.getBoundingClientRect()];
    if (!it.textContent || words.top >= piece.bottom) return "";
    return words.right > piece.right + 0.5 ? "cut" : it.textContent;
})"""
"""What the pieces of a bar say to who sees them."""
FEW: list[Row] = [
    *((f"customer-{n}", "2026-01-01 10:00:00", "Search ad", "ads", "spring") for n in range(19)),
    ("customer-0", "2026-01-02 10:00:00", "Checkout", "ads", "spring"),
    ("late", "2026-03-01 10:00:00", "Support call", "ads", "spring"),
]


def test_the_only_stage_before_the_goal_is_not_the_worst_of_any() -> None:
    found = leak(stops(("A", 400, 0.5), ("B", 100, None)))
    assert found.text == "At A, 50% of journeys that get there go no further within 30 days."


@pytest.mark.tables("sampled_journeys")
@pytest.mark.parametrize(("journeys", "winding"), [(9, 0), (10, 1)])
def test_one_in_ten_is_drawn_of_ten_or_more(build: Build, journeys: int, winding: int) -> None:
    log = [
        (f"customer-{number}", f"2026-01-01 0{hour}:00:00", what)
        for number in range(journeys)
        for hour, what in enumerate(("Ad", "Order"))
    ]
    made = build(log, toml(stages=("Ad", "Order"), goal="Order"))
    drawn = made.scalar("select count(*) from sampled_journeys where role = 'one_in_ten'")
    assert drawn == winding


def test_a_line_that_is_not_drawn_is_not_in_the_legend() -> None:
    (squiggle,) = [one for one in SECTIONS if one.id == "squiggle"]
    for roles, words in ((("typical",), 2), (("typical", "one_in_ten", "crowd"), 4)):
        assert len(legend(squiggle, pd.DataFrame({"role": roles}))) == words


@pytest.mark.parametrize(("typical", "winding"), [(4, 9), (12, 24), (9, 9), (8, 9)])
def test_labels_of_the_two_bold_lines_lie_apart_on_a_phone_too(typical: int, winding: int) -> None:
    rows = [
        {"journey": role, "role": role, "step_no": step, "stage_no": 2 if step == most else 1}
        for role, most in (("typical", typical), ("one_in_ten", winding))
        for step in range(1, most + 1)
    ]
    samples = pd.DataFrame(rows).assign(stage="A", touchpoint="a", elapsed_s=None)
    stages = pd.DataFrame({"stage_no": [1, 2], "stage": ["A", "B"], "is_goal": [False, True]})
    layout = figures.squiggle_picture(samples, stages).layout
    narrow = [one for one in layout.meta["narrow"]["annotations"] if "contacts<" in one["text"]]
    assert sorted(one["yshift"] for one in narrow) == [-17, 17]
    wide = {one.x: one.yshift or 0 for one in layout.annotations if "contacts<" in one.text}
    near = winding - typical < 0.3 * winding
    assert len({*wide.values()}) == (2 if near and typical < winding else 1)


def test_an_arc_is_as_wide_as_its_share_of_the_most_that_leaves_a_stage() -> None:
    stages = pd.DataFrame({"stage_no": [1, 2], "stage": ["A", "B"], "is_goal": [False, True]})
    move = {"from_node": "A", "to_node": "B", "of_departures": 440}
    widths = [
        figures.back_and_forth(pd.DataFrame([move | {"transitions": n}]), stages).data[0].line.width
        for n in (10, 440)
    ]
    assert widths == [2.2, 45.2]


def test_nobody_stopped_where_nobody_stood() -> None:
    rows = stops(("A", 60, 0.4), ("B", 60, None), ("C", 36, None))
    assert leak(rows).text.startswith("Only A can be rated: 40%")
    found = leak(rows.assign(frontier=[60, 0, 36]))
    assert found.text.startswith("At A, 40% of journeys")
    assert "followed" not in found.evidence


def test_a_map_without_a_start_is_not_said_to_begin_anywhere_where_another_has_one() -> None:
    maps = pd.DataFrame(
        [
            {"map_no": 1, "map_name": "one", "starts": "Ad", "abandons": None},
            {"map_no": 2, "map_name": "two", "starts": None, "abandons": "Quit"},
        ]
    ).assign(goal="Order", closes="goal", silence_days=30.0, within_days=30.0)
    page = rendered(
        "definitions.html.j2",
        rows=maps.to_dict("records"),
        frames={"stages": []},
        map_dots={},
    )
    one, two = page.split("<li>")[1:]
    assert "A journey begins at <bdi>Ad</bdi>." in one
    assert "at <bdi>Quit</bdi>, or after 30 days of silence" in two
    assert "A journey begins" not in two
    assert "nan" not in page


def test_a_stage_that_all_went_past_was_not_followed_too_short() -> None:
    rows = stops(("A", 60, None), ("B", 60, None))
    rows = rows.assign(naive_drop_rate=0.0, naive_lo=None, naive_hi=None)
    texts = [
        note.text
        for frontier in (0, 9)
        for note in figures.dropoff_intervals(
            rows.assign(frontier=frontier), rows
        ).layout.annotations
    ]
    assert texts.count("all went straight past it") == 2
    assert texts.count("not followed long enough") == 2


def test_shares_of_few_are_muted_though_the_row_is_not() -> None:
    shares = dict.fromkeys(
        ("following_share", "following_lo", "following_hi", "on_path_share"), 0.1
    )
    for is_small in (True, False):
        told = {"journeys": 20, "origin": "default", "is_small": is_small, **shares}
        text = rendered(
            "detours.html.j2", rows=[{"journey_hi": 1}][:0], frames={"following": [told]}
        )
        assert ('<p class="weak">' in text) == is_small
    row: dict[str, Any] = dict.fromkeys(
        ("conversion_rate", "conversion_hi", "squiggle_lo", "is_small", "is_partial")
    )
    row |= {"by_segment": "way", "of_value": "x", "journeys": 99, "within_days": 30.0}
    for is_small in (True, False):
        told = row | {"squiggle_index": 0.4, "is_squiggle_small": is_small}
        assert ("right few" in rendered("compared.html.j2", rows=[told])) == is_small


def test_what_leans_on_few_is_muted_in_what_limits_the_figures() -> None:
    row = {
        "finding": "f",
        "subject": "s",
        "rows": 9,
        "share": 0.1,
        "concerns": "c",
        "map_name": "m",
    }
    row |= {"conversion_share": 0.4, "conversion_without": 0.3}
    row |= dict.fromkeys(("squiggle_index", "squiggle_without"))
    for small, muted in ((None, 0), (False, 0), (True, 2)):
        told = row | {"is_small": small, "is_share_small": small}
        text = rendered("quality.html.j2", rows=[told], frames={"quality": [told]})
        assert len(re.findall(r'class="(?:right )?few"', text)) == muted


def test_a_figure_and_its_interval_are_written_alike() -> None:
    for name, low in (
        *(("rate", "excess_lo"), ("excess", "excess_hi"), ("conversion_with", "difference_lo")),
        *(("conversion_difference", "difference_lo"), ("conversion_without", "conversion_lo")),
        *(("squiggle_index", "squiggle_lo"), ("recoverable", "recoverable_lo")),
    ):
        values = pd.Series([0.25])
        assert kind(name, values) == kind(low, values), name


def test_a_detour_that_few_take_or_few_convert_after_is_not_told() -> None:
    cost = {"journeys_with": 40, "journeys_without": 90, "conversion_with": 0.1}
    row = {"journeys": 38, "converted_with": 4, "converted_without": 45} | cost
    rule = RULES["detours"]
    assert rule is not None
    for converted, told in ((4, 0), (10, 1), (37, 0)):
        frame = rule(
            pd.DataFrame([row | {"converted_with": converted}]), 5, pd.MultiIndex.from_arrays([[]])
        )
        assert frame[["conversion_with", "journeys_with"]].notna().all(axis=1).sum() == told
        assert frame["journeys"].tolist() == [38]


def test_a_row_that_is_not_there_is_not_explained() -> None:
    row = {"cohort": "2026-01", "customers": 9, "may_predate": True, "periods_since": 0}
    row |= dict.fromkeys(("retention_rate", "is_partial"))
    whole = row | {"cohort": "(all)", "may_predate": False}
    assert "leaves out" not in rendered("retention.html.j2", rows=[row])
    assert "leaves out" in rendered("retention.html.j2", rows=[whole, row])


@pytest.mark.parametrize(
    ("kind", "unit", "words"),
    [
        ("nps", "-100 to 100", ("NPS", "40.6")),
        ("sentiment", "mean of -1 to 1", ("Sentiment", "40.62")),
    ],
)
def test_a_short_scale_has_two_decimals(kind: str, unit: str, words: tuple[str, ...]) -> None:
    row = {"score_type": kind, "unit": unit, "figure": 40.62, "respondents": 99, "period": "(all)"}
    row |= dict.fromkeys(("is_partial", "lo", "hi", "response_rate", "sends"))
    text = rendered("surveys.html.j2", rows=[row])
    assert [f">{word}<" in text for word in words] == [True, True]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.mark.browser
def test_little_is_drawn_small_and_no_word_of_it_is_cut(browser: Browser, tmp_path: Path) -> None:
    path = report(tmp_path, "few", rows=FEW, names={"Search ad": WIDE})
    with visit(browser, path) as seen:
        page = seen.page
        arc = page.locator("#arcs .panel:visible .arc")
        assert float(arc.get_attribute("stroke-width") or 0) < 5
        goal = page.locator("#arcs .panel:visible .box[data-node='Purchase']")
        assert "1 of 1 journey (100%) end here" in (goal.get_attribute("aria-label") or "")
        widths = page.locator("#around .panel:visible :is(.count, .anchor)").evaluate_all(
            "all => all.map(it => it.getBoundingClientRect().width)"
        )
        assert 60 < max(widths) < 128  # the room between two columns
        assert page.locator("#dropoff .panel:visible .eyebrow").count() == 0
        told = page.inner_text("#dropoff .panel:visible")
        assert told.count("all went straight past it") == 2
        heads = page.locator("#heatmap .panel:visible thead span")
        assert heads.evaluate_all("all => all.every(it => it.scrollHeight <= it.clientHeight)")
        painted = "all => all.map(it => getComputedStyle(it).backgroundColor)"
        cells = page.locator(".cohorts .weak .heat").evaluate_all(painted)
        assert set(cells) == {"rgba(0, 0, 0, 0)"}
    with visit(browser, path, width=220) as seen:
        pieces = seen.page.locator("#dropoff .panel:visible .fate")
        assert "18" in pieces.evaluate_all(UNCUT)
