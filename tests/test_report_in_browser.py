"""The report as it opens in Chromium: silent, offline, exact, switchable and safe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from pipeline.report import write_report
from pipeline.report.sections import SECTIONS
from pipeline.warehouse import open_warehouse
from tests import report_fixture
from tests.browser import chromium, visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

HOSTILE = {
    "Awareness": "<script>window.__xss=1</script>",
    "Interest": "<img src=x onerror=window.__xss=1>",
    "Consideration": "<a href='//evil.example'>pay here</a> > </script><script>window.__xss=1",
    "Purchase": "<span style='font-size:60px;color:red'>%{customdata} ${7*7} {{7*7}}</span>",
    "Loyalty": "\u202eesrever\u0007\u2028<!--<script>",
    "Search ad": '=HYPERLINK("https://evil.example")',
    "Display ad": "javascript:window.__xss=1//" + "x" * 400,
    "Blog": "<svg onload=window.__xss=1>",
    "Cart": '"><b onmouseover=window.__xss=1>',
    "acquisition": "<iframe src=javascript:window.__xss=1></iframe>",
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("browser")


def report(folder: Path, name: str, **options: object) -> Path:
    """Write a report once, beside its warehouse, and return its path."""
    path = folder / f"{name}.html"
    if not path.exists():
        warehouse = report_fixture.write(folder / f"{name}.duckdb", **options)  # type: ignore[arg-type]
        with open_warehouse(warehouse) as opened:
            write_report(opened, path)
    return path


def choose(page: Page, place: int) -> None:
    page.locator("input[name=map]").nth(place - 1).check()
    page.wait_for_function(
        "place => [...document.querySelectorAll(`[data-map='${place}'] .plot`)]"
        ".every(plot => plot.querySelector('.main-svg'))",
        arg=str(place),
    )


def unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(it => { it.open = true; })")
    page.wait_for_function(
        "[...document.querySelectorAll('[data-table]')].every(it => it.childElementCount)"
    )


def first_column(page: Page, place: int) -> int:
    """Return the journeys that the Sankey of a map starts with, read from the drawn figure."""
    found = page.evaluate(
        """place => {
            const { link, node } = document.getElementById(`flows-${place}-0`).data[0];
            const first = Math.min(...node.x);
            return link.value.filter((_, at) => node.x[link.source[at]] === first)
                .reduce((sum, value) => sum + value, 0);
        }""",
        place,
    )
    assert isinstance(found, int)
    return found


@pytest.mark.parametrize("journeys", [0, 1, 250])
def test_it_opens_without_a_word_and_without_a_request(
    browser: Browser, folder: Path, journeys: int
) -> None:
    path = report(folder, f"of{journeys}", journeys=journeys)
    with visit(browser, path) as seen:
        choose(seen.page, 2)
        unfold(seen.page)
        assert seen.page.locator("h2:visible").count() == len(SECTIONS)
        assert seen.said == []
        assert seen.asked == [path.as_uri()]


def test_its_totals_are_those_of_the_warehouse(browser: Browser, folder: Path) -> None:
    path = report(folder, "of250", journeys=250)
    with open_warehouse(path.with_suffix(".duckdb")) as opened, visit(browser, path) as seen:
        for place in (1, 2):
            choose(seen.page, place)
            total = opened.scalar(
                "select staged_journeys from map_summary inner join cfg_maps using (map_name) "
                "where map_no = $place",
                {"place": place},
            )
            tile = seen.page.locator(".tiles:visible li b").first.inner_text()
            assert int(tile.replace(",", "")) == first_column(seen.page, place) == total
            reached = seen.page.evaluate(
                "place => document.getElementById(`dropoff-${place}-0`).data"
                ".reduce((sum, bar) => sum + bar.x.reduce((a, b) => a + b, 0), 0)",
                place,
            )
            assert reached == opened.scalar(
                "select sum(reached) from stage_dropoff inner join cfg_maps using (map_name) "
                "where map_no = $place",
                {"place": place},
            )


def test_the_map_is_chosen_by_mouse_or_keyboard(browser: Browser, folder: Path) -> None:
    with visit(browser, report(folder, "of250", journeys=250)) as seen:
        goal = seen.page.locator(".which")
        assert goal.inner_text() == "Goal: Purchase"
        choose(seen.page, 2)
        assert goal.inner_text() == "Goal: Loyalty"
        seen.page.locator("input[name=map]").nth(1).focus()
        seen.page.keyboard.press("ArrowLeft")
        assert goal.inner_text() == "Goal: Purchase"
        assert seen.page.locator("section:visible").count() == len(SECTIONS)
        assert seen.page.locator(".panel:visible").count() == len(SECTIONS)


@pytest.mark.parametrize("width", [380, 1180])
def test_hostile_names_are_shown_and_do_nothing(browser: Browser, folder: Path, width: int) -> None:
    path = report(folder, "hostile", journeys=120, names=HOSTILE, project="<img src=x onerror=1>")
    with visit(browser, path, width=width) as seen:
        page = seen.page
        for place in (1, 2):
            choose(page, place)
            unfold(page)
        assert page.evaluate("window.__xss") is None
        assert page.locator("img, iframe, object, embed, base, main script").count() == 0
        links = page.locator("a").evaluate_all(
            "all => all.map(a => a.getAttribute('href') || a.getAttributeNS("
            "'http://www.w3.org/1999/xlink', 'href')).filter(link => !/^#\\w+$/.test(link))"
        )
        assert links == []
        biggest = page.evaluate(
            "Math.max(...[...document.querySelectorAll('main *')]"
            ".map(one => parseFloat(getComputedStyle(one).fontSize)))"
        )
        assert biggest < 40
        assert "<script>window" in page.locator("#flows-1-0").text_content() or width < 1180
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert seen.said == []
        assert seen.asked == [path.as_uri()]


def test_a_download_is_complete_and_no_cell_is_a_formula(browser: Browser, folder: Path) -> None:
    path = report(folder, "hostile", journeys=120, names=HOSTILE, project="<img src=x onerror=1>")
    with visit(browser, path) as seen:
        touchpoints = seen.page.locator("#touchpoints")
        touchpoints.locator("summary").first.click()
        with seen.page.expect_download() as waited:
            touchpoints.get_by_role("button", name="Download touchpoints as CSV").click()
        text = Path(waited.value.path()).read_text(encoding="utf-8")
    assert waited.value.suggested_filename == "touchpoints.csv"
    assert '"\'=HYPERLINK(""https://evil.example"")"' in text
    assert HOSTILE["Display ad"] in text


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_needs_no_sideways_scrolling(browser: Browser, folder: Path, scheme: str) -> None:
    path = report(folder, "of250", journeys=250)
    with visit(browser, path, width=380, scheme=scheme) as seen:
        choose(seen.page, 2)
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= 380
        paper = seen.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert paper == ("rgb(253, 252, 250)" if scheme == "light" else "rgb(17, 23, 30)")
        drawn = seen.page.locator("#squiggle-2-0 .annotation-text").first
        ink = drawn.evaluate("text => getComputedStyle(text).fill")
        assert (sum(map(int, ink[4:-1].split(", "))) > 380) == (scheme == "dark")


def test_on_paper_it_is_light_and_as_wide_as_a_sheet(browser: Browser, folder: Path) -> None:
    with visit(browser, report(folder, "of250", journeys=250), scheme="dark") as seen:
        plot = seen.page.locator("#flows-1-0")
        link = plot.locator(".sankey-link").first
        width, dark = plot.evaluate("it => it.layout.width"), link.evaluate("it => it.style.fill")
        seen.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert plot.evaluate("it => it.layout.width") == 700 < width
        assert link.evaluate("it => it.style.opacity") == "1"
        assert link.evaluate("it => it.style.fill") != dark
        seen.page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert plot.evaluate("it => it.layout.width") == width
        assert seen.said == []
