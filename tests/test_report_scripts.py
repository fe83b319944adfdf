"""The page's scripts write as Python does, and say of a view that is empty that it is."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from pipeline import figures
from pipeline.report.wording import interval, percent
from tests.browser import chromium, visit
from tests.report_page import choose, report
from tests.test_report_few import UNCUT
from tests.test_report_in_browser import ONE

pytestmark = pytest.mark.browser

WORDS = Path(figures.__file__).parents[1] / "report" / "scripts" / "words.js"
DURATIONS = [0, 29, 60, 89, 3588, 5400, 7200, 86364, 86400, 129600, 2592000, 106617600]
SHARES = [0, 0.0004, 0.0005, 0.0471, 0.0996, 0.1534, 0.994, 0.9994, 0.9996, 1]
LONG = [f"Stage number {number} with a rather long name" for number in range(1, 13)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


def told(browser: Browser, expression: str, given: Any) -> Any:
    """Return what the words of the scripts make of something, on an empty page."""
    page = browser.new_page()
    text = WORDS.read_text(encoding="utf-8")
    data = 'const data = { marks: [",", ".", "%"], known: [] };'
    found = page.evaluate(f"(given) => {{ {data} {text}; return {expression}; }}", given)
    page.close()
    return found


def test_scripts_write_durations_and_shares_as_python_does(browser: Browser) -> None:
    assert told(browser, "given.map(lasting)", DURATIONS) == list(map(figures.lasting, DURATIONS))
    assert told(browser, "given.map(percent)", SHARES) == list(map(percent, SHARES))
    ends = list(pairwise(SHARES))
    written = told(browser, "given.map(([low, high]) => interval(low, high))", ends)
    assert written == [interval(low, high) for low, high in ends]


def test_one_is_one_and_none_is_not_told(browser: Browser) -> None:
    row = {"customers": 0, "of_customers": 0, "share_lo": None, "share_hi": None}
    assert told(browser, "shareOfCustomers(given)", row) == ""
    row |= {"customers": 1, "of_customers": 1}
    expected = "1 of 1 customer (100%), by the first journey"
    assert told(browser, "shareOfCustomers(given)", row) == expected


def test_names_of_a_map_stay_different_in_the_figures(browser: Browser) -> None:
    shown = told(browser, "[...pinchedAll(given, 15).values()]", LONG)
    assert len(set(shown)) == len(LONG)
    assert all(len(name) <= 15 for name in shown)
    name = "\u05e8\u05db\u05d9\u05e9\u05d4"
    assert told(browser, "called(given)", name) == f"\u2068{name}\u2069"


def test_below_zero_is_a_minus_sign(browser: Browser) -> None:
    numbers = told(
        browser, '[number(given, 1), shown(given, "number"), shown(given, "share")]', -0.5
    )
    assert numbers == ["\u22120.5", "\u22120.5", "\u221250%"]


def test_sums_that_differ_say_why_and_no_node_lies_over_a_word(
    browser: Browser, tmp_path: Path
) -> None:
    path = report(tmp_path, "shop")
    with visit(browser, path, address="#?hide=3&level=touchpoint") as seen:
        page = seen.page
        for figure in ("flows", "around"):
            words = page.locator(f"#{figure} .panel:visible svg .count")
            assert words.count() > 5
            assert page.locator(f"#{figure} .panel:visible svg .count ~ rect.node").count() == 0
        paths = page.locator("#paths .panel:visible .note")
        assert paths.inner_text().endswith(", with a stage or without.")
        choose(page, level="stage", weight="customers")
        assert paths.inner_text().endswith(" customers whose first journey has a stage.")
        page.locator("#arcs .panel:visible .arc").first.dispatch_event("click")
        assert "the first time that they leave" in page.locator(".drill").inner_text()
        assert seen.said == []


def test_a_count_that_its_piece_would_cut_is_not_seen_wherever_it_was_drawn(
    browser: Browser, tmp_path: Path
) -> None:
    with visit(browser, report(tmp_path, "shop")) as seen:
        page = seen.page
        page.evaluate("document.querySelector('#dropoff').style.display = 'none'")
        choose(page, among="open")
        page.evaluate("document.querySelector('#dropoff').style.display = ''")
        page.locator("#dropoff .stops").evaluate("it => { it.style.width = '130px'; }")
        words = page.locator("#dropoff .panel:visible .fate").evaluate_all(UNCUT)
        assert "cut" not in words
        assert {"", *words} > {""}


def test_a_view_without_journeys_says_so_and_what_a_panel_counts(
    browser: Browser, tmp_path: Path
) -> None:
    path = report(tmp_path, "one", rows=ONE)
    with visit(browser, path, address="#?among=converted&weight=customers") as seen:
        assert seen.page.locator(".which:visible b").first.inner_text() == "no journeys"
        for section, counts in (("answer", True), ("dropoff", True), ("flows", False)):
            scope = seen.page.locator(f"#{section} .panel:visible .scope").inner_text()
            assert ("counts journeys" in scope) == counts, section
        assert seen.said == []
