"""The report for everybody: audited, walked with the keyboard alone, told to a screen reader."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import chromium, plotted, visit
from tests.report_page import report

pytestmark = pytest.mark.browser

FIGURES = ("flows", "around", "arcs", "dropoff", "heatmap", "paths")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("access")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_an_audit_finds_nothing(browser: Browser, folder: Path, width: int, scheme: str) -> None:
    found = find_spec("axe_playwright_python")
    assert found is not None and found.submodule_search_locations, "a pinned tool of the tests"
    axe = Path(next(iter(found.submodule_search_locations))) / "axe.min.js"
    with visit(browser, report(folder), width=width, scheme=scheme, bypass_csp=True) as seen:
        page = seen.page
        page.locator("#flows .panel:visible summary").first.click()
        plotted(page)
        page.locator("#flows .panel:visible .link").first.focus()
        page.keyboard.press("Enter")
        page.evaluate(axe.read_text(encoding="utf-8"))
        rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        told = page.evaluate(
            """async (runOnly) => {
                const told = await axe.run(document, { runOnly, resultTypes: ["violations"] });
                return told.violations.map((one) => [one.id, one.nodes[0].html]);
            }""",
            rules,
        )
    assert told == []


def focused(page: Page) -> dict[str, Any]:
    """Return what has the focus, and whether that can be seen."""
    found = page.evaluate(
        """() => {
            const here = document.activeElement;
            const seen = here.matches("input[type=radio]") ? here.nextElementSibling
                : here.matches(".box") ? here.querySelector("rect") : here;
            const style = getComputedStyle(seen);
            const section = here.closest("section");
            const outline = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
            const stroke = seen.closest("svg") && style.stroke !== "none"
                && parseFloat(style.strokeWidth) >= 2;
            return {
                what: here.name || (here.dataset.mark !== undefined ? "mark" : here.className
                    || here.localName),
                section: section ? section.id : "", seen: Boolean(outline || stroke),
                tip: !document.getElementById("tip").hidden,
            };
        }"""
    )
    assert isinstance(found, dict)
    return found


def test_the_keyboard_alone_reaches_and_uses_everything(browser: Browser, folder: Path) -> None:
    with visit(browser, report(folder)) as seen:
        page = seen.page
        stops = []
        for _ in range(160):
            page.keyboard.press("Tab")
            here = focused(page)
            if here["what"] == "body":
                break
            assert here["seen"], here
            stops.append((here["section"], here["what"]))
            if here["what"] == "segment":
                page.keyboard.type("channel")
            elif here["what"] == "value":
                page.keyboard.press("ArrowDown")
            elif here["what"] == "hide":
                page.keyboard.press("ArrowRight")
            elif here["what"] == "mark":
                assert here["tip"], here
                page.keyboard.press("ArrowRight")
                page.keyboard.press("ArrowLeft")
                page.keyboard.press("Enter")
                drill = page.locator(f"#{here['section']} .drill")
                assert drill.count() == 1
                page.keyboard.press("Escape")
                assert drill.count() == 0
                assert focused(page)["what"] == "mark"
        controls = {what for section, what in stops if not section}
        assert {"map", "segment", "value", "among", "level", "weight", "hide"} <= controls
        assert {"skip", "reset", "link"} <= controls
        assert {(section, "mark") for section in FIGURES} <= set(stops)
        assert {section for section, what in stops if what == "summary"} >= set(FIGURES)
        assert page.locator("select[name=segment]").input_value() == "channel"
        assert page.locator("input[name=hide]").input_value() == "0.5"
        assert "segment=channel" in page.evaluate("location.hash")
        assert seen.said == []


def test_what_is_told_to_a_screen_reader_is_what_is_seen(browser: Browser, folder: Path) -> None:
    with visit(browser, report(folder)) as seen:
        page = seen.page
        mark = page.locator("#arcs .panel:visible .arc").first
        label = mark.get_attribute("aria-label") or ""
        assert "→" in label
        assert "customers" in label
        for section in FIGURES:
            marks = page.locator(f"#{section} .panel:visible [data-mark]")
            named = marks.evaluate_all("all => all.every(one => one.getAttribute('aria-label'))")
            assert named, section
        page.locator("#heatmap .panel:visible [data-mark][tabindex='0']").focus()
        before = page.evaluate("document.activeElement.dataset.mark")
        page.keyboard.press("ArrowDown")
        assert page.evaluate("document.activeElement.dataset.mark") != before
        assert seen.said == []
