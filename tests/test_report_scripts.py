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
from tests.report_page import report
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
