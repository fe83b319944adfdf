"""The report as it opens in Chromium: silent, offline, exact, switchable and safe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from pipeline.report import SECTIONS
from tests.browser import chromium, plotted, visit
from tests.report_journeys import Row
from tests.report_page import choose, report, unfold, warehouse, words

pytestmark = pytest.mark.browser

ONE: list[Row] = [("ann", "2026-01-01 10:00:00", "Blog", "ads", "spring")]
UNSTAGED: list[Row] = [("ann", "2026-01-01 10:00:00", "nothing known", "ads", "spring")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("browser")


@pytest.mark.parametrize(("name", "rows"), [("unstaged", UNSTAGED), ("one", ONE), ("shop", None)])
def test_it_opens_without_a_word_and_without_a_request(
    browser: Browser, folder: Path, name: str, rows: list[Row] | None
) -> None:
    path = report(folder, name, rows=rows)
    with visit(browser, path) as seen:
        choose(seen.page, map="2")
        unfold(seen.page)
        plotted(seen.page)
        assert seen.page.locator("h2:visible").count() == len(SECTIONS)
        assert seen.said == []
        assert seen.asked == [path.as_uri()]


def test_a_mark_opens_its_examples_and_a_query_that_finds_all_of_them(
    browser: Browser, folder: Path
) -> None:
    path = report(folder)
    address = "#?segment=channel&value=mail&weight=moves"
    with warehouse(path) as opened, visit(browser, path, address=address) as seen:
        page = seen.page
        for section, mark, counted in (
            ("flows", ".link", "count(*)"),
            ("flows", ".link.leave", "count(*)"),
            ("around", ".link", "count(*)"),
            ("flows", ".node:not([data-node='(other)'])", "count(*)"),
            ("around", ".node[data-step='1']", "count(*)"),
            ("arcs", ".box[data-n]", "sum(moves)"),
            ("arcs", ".arc", "sum(moves)"),
            ("heatmap", "td[data-n]", "sum(moves)"),
            ("paths", "[data-mark]", "count(*)"),
            ("dropoff", ".fate", "count(*)"),
        ):
            first = page.locator(f"#{section} .panel:visible {mark}").first
            first.focus()
            count = int(first.get_attribute("data-n") or 0)
            page.keyboard.press("Enter")
            drill = page.locator(f"#{section} .drill")
            sql = drill.locator("code").inner_text()
            assert opened.scalar(f"select {counted} from ({sql.rstrip()})") == count, section
            assert 0 < drill.locator(".examples li").count() <= 5
            page.keyboard.press("Escape")
            assert drill.count() == 0
            assert first.evaluate("it => it === document.activeElement")
        assert seen.said == []


def test_the_choice_is_in_the_address_and_a_link_shows_it_again(
    browser: Browser, folder: Path
) -> None:
    path = report(folder)
    told = {"segment": "channel", "value": "mail", "among": "dropped", "level": "channel"}
    told |= {"anchor": "Website", "weight": "customers"}
    with visit(browser, path) as seen:
        page = seen.page
        choose(page, map="2", **told, hide="3")
        address = page.evaluate("location.hash")
        shown = words(page)
        page.go_back()
        page.wait_for_function(
            "() => document.querySelector('select[name=weight]').value === 'journeys'"
        )
        assert "weight" not in page.evaluate("location.hash")
        page.go_forward()
        page.wait_for_function(
            "() => document.querySelector('select[name=weight]').value === 'customers'"
        )
        assert words(page) == shown
        page.locator(".reset").click()
        assert page.evaluate("location.hash") == "#?map=lifecycle"
    with visit(browser, path, address=address) as again:
        assert words(again.page) == shown
        for name, value in told.items():
            assert again.page.locator(f"select[name={name}]:visible").input_value() == value
        assert again.page.locator("input[name=hide]").input_value() == "3"


@pytest.mark.parametrize(
    "address",
    [
        "#<img src=x onerror=window.__xss=1>",
        "#flows?map=%E0%A4%A&hide=1e999&weight=__proto__",
        "#?segment=constructor&value=toString&among=hasOwnProperty&hide=-5",
        "#javascript:alert(1)?segment=channel&value=%3Cscript%3E",
        "#?" + "a" * 20_000,
    ],
)
def test_a_hostile_address_is_as_good_as_none(browser: Browser, folder: Path, address: str) -> None:
    with visit(browser, report(folder), address=address) as seen:
        assert seen.page.evaluate("window.__xss") is None
        for name in ("weight", "among", "level"):
            assert seen.page.locator(f"select[name={name}]").input_value() in (
                "journeys",
                "all",
                "own",
            )
        assert seen.page.locator("#flows .link:visible").count() > 5
        assert seen.said == []


def test_the_map_is_chosen_by_mouse_or_keyboard(browser: Browser, folder: Path) -> None:
    with visit(browser, report(folder)) as seen:
        which = seen.page.locator(".which:visible")
        assert "Goal: Purchase" in which.inner_text()
        choose(seen.page, map="2")
        assert "Goal: Loyalty" in which.inner_text()
        seen.page.locator("input[name=map]").nth(1).focus()
        seen.page.keyboard.press("ArrowLeft")
        assert "Goal: Purchase" in which.inner_text()
        assert seen.page.locator("section:visible").count() == len(SECTIONS)
        assert seen.page.locator(".panel:visible").count() == len(SECTIONS)


def test_a_query_and_a_link_are_copied_from_a_file_without_a_network(
    browser: Browser, folder: Path
) -> None:
    for granted in (["clipboard-read", "clipboard-write"], []):
        with visit(browser, report(folder), permissions=granted) as seen:
            page = seen.page
            page.locator("#flows .panel:visible summary", has_text="query").click()
            button = page.locator("#flows .panel:visible .proof .copy")
            button.click()
            page.wait_for_function(
                "() => document.querySelector('#flows .proof .copy').textContent === 'Copied'"
            )
            if granted:
                text = page.evaluate("navigator.clipboard.readText()")
                assert text == page.locator("#flows .proof code").first.text_content()
            assert seen.said == []


def test_on_paper_it_is_light_and_as_wide_as_a_sheet(browser: Browser, folder: Path) -> None:
    with visit(browser, report(folder), scheme="dark") as seen:
        plotted(seen.page)
        plot = seen.page.locator("#squiggle-1-0")
        width = plot.evaluate("it => it.layout.width")
        seen.page.emulate_media(media="print", color_scheme="dark")
        seen.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert plot.evaluate("it => it.layout.width") == 700 < width
        seen.page.set_viewport_size({"width": 718, "height": 1000})  # A4 less its margins
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= 718
        seen.page.set_viewport_size({"width": 1180, "height": 900})
        link = seen.page.locator("#flows .link.back").first
        assert link.evaluate("it => getComputedStyle(it).fill") == "rgba(216, 100, 36, 0.58)"
        assert seen.page.locator(".which:visible").inner_text().startswith("Map “acquisition”")
        seen.page.emulate_media(media="screen", color_scheme="dark")
        seen.page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert plot.evaluate("it => it.layout.width") == width
        assert seen.said == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_needs_no_sideways_scrolling(browser: Browser, folder: Path, scheme: str) -> None:
    with visit(browser, report(folder), width=390, scheme=scheme) as seen:
        page = seen.page
        page.locator(".choices summary").click()
        choose(page, map="2")
        plotted(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert paper == ("rgb(253, 252, 250)" if scheme == "light" else "rgb(17, 23, 30)")
        drawn = page.locator("#squiggle-2-0 .annotation-text").first
        ink = drawn.evaluate("text => getComputedStyle(text).fill")
        assert (sum(map(int, ink[4:-1].split(", "))) > 380) == (scheme == "dark")


PLACES = """
    [...document.querySelectorAll("section, .bar, input[name=map], .panel:not([hidden]) .proof")]
        .map((one) => one.getBoundingClientRect().top)
"""


@pytest.mark.parametrize("width", [390, pytest.param(1180, marks=pytest.mark.soak)])
def test_nothing_slips_away_from_under_the_pointer(
    browser: Browser, folder: Path, width: int
) -> None:
    """What brings a place into view has done so at once, and figures drawn late move nothing.

    A control that slides past a pressed button is not clicked, and on a busy machine a slide lasts.
    """
    with visit(browser, report(folder), width=width) as seen:
        page = seen.page
        page.evaluate("document.querySelector('.choices').open = true")
        for place in ("2", "1"):
            choose(page, map=place)
            before = page.evaluate(f"scrollTo(0, 0); {PLACES}")
            plotted(page)
            assert page.evaluate(f"scrollTo(0, 0); {PLACES}") == before
            for bring in (
                "document.querySelector('#dropoff .panel:not([hidden]) .fate').focus()",
                "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter'"
                ", bubbles: true}))",
                "document.querySelector('nav a[href=\"#ledger\"]').click()",
            ):
                told = page.evaluate(
                    f"""async () => {{
                        const frames = async (count) => {{
                            for (; count; count -= 1) await new Promise(requestAnimationFrame);
                        }};
                        {bring};
                        await frames(1);
                        const first = {PLACES};
                        await frames(12);
                        return [first, {PLACES}];
                    }}"""
                )
                assert told[0] == told[1], bring
        assert seen.said == []
