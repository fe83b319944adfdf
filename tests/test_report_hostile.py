"""Names in the report are somebody else's text: nothing runs, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from pipeline.report import write_report
from pipeline.warehouse import open_warehouse
from tests import report_fixture
from tests.browser import chromium, plotted, visit
from tests.report_page import choose, unfold

pytestmark = pytest.mark.browser

HOSTILE = {
    "Awareness": "<script>window.__xss=1</script>",
    "Interest": "<img src=x onerror=window.__xss=1>",
    "Consideration": "<a href='//evil.example'>pay here</a> > </script><script>window.__xss=1",
    "Purchase": "<span style='font-size:60px;color:red'>%{customdata} ${7*7} {{7*7}}</span>",
    "Loyalty": "\u202eesrever\u2066\u2028<!--<script>",
    "Search ad": '=HYPERLINK("https://evil.example")',
    "Display ad": "javascript:window.__xss=1//" + "x" * 10_000,
    "Social post": "'; drop table journeys; --",
    "Blog": "<svg onload=window.__xss=1>",
    "Cart": '"><b onmouseover=window.__xss=1>',
    "acquisition": "<iframe src=javascript:window.__xss=1></iframe>",
    "lifecycle": "__proto__",
    "channel": "</select><script>window.__xss=1</script>",
    "campaign": "constructor",
    "ads": "</option><img src=x onerror=window.__xss=1>",
    "mail": "\u202e@SUM(1+1)*cmd|' /C calc'!A0",
    "social": "toString",
    "spring": "-2+3+cmd|' /C calc'!A0",
    "summer": "&map=lifecycle#?segment=channel",
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    warehouse = report_fixture.write(
        folder, journeys=120, names=HOSTILE, project="<img src=x onerror=window.__xss=1>"
    )
    with open_warehouse(warehouse) as opened:
        write_report(opened, folder / "report.html")
    return folder / "report.html"


@pytest.mark.parametrize("width", [pytest.param(390, marks=pytest.mark.soak), 1180])
def test_hostile_names_are_shown_and_do_nothing(browser: Browser, path: Path, width: int) -> None:
    with visit(browser, path, width=width) as seen:
        page = seen.page
        page.evaluate("document.querySelector('.choices').open = true")
        for place in ("2", "1"):
            choose(page, map=place)
            for segment in ("channel", "campaign"):
                choose(page, segment=HOSTILE[segment])
                for value in page.locator("select[name=value] option").evaluate_all(
                    "all => all.map(one => one.value)"
                ):
                    choose(page, value=value)
            choose(page, segment="all", level="own")
            unfold(page)
            for section in ("flows", "arcs", "heatmap", "paths", "dropoff"):
                marks = page.locator(f"#{section} .panel:visible [data-mark]")
                marks.first.focus()
                page.keyboard.press("Enter")
        plotted(page)
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
        assert "<script>w" in (page.locator("#flows .live").first.text_content() or "")
        assert "\u202e" not in page.locator("body").inner_text()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert seen.said == []
        assert seen.asked == [path.as_uri()]


def test_the_query_behind_a_hostile_mark_runs_and_finds_its_journeys(
    browser: Browser, path: Path
) -> None:
    with (
        open_warehouse(path.with_name("journeys.duckdb")) as opened,
        visit(browser, path) as seen,
    ):
        page = seen.page
        choose(page, map="2", segment=HOSTILE["channel"], value=HOSTILE["mail"])
        for section, mark in (("flows", ".link"), ("around", ".link"), ("dropoff", ".fate")):
            first = page.locator(f"#{section} .panel:visible {mark}").first
            first.focus()
            page.keyboard.press("Enter")
            sql = page.locator(f"#{section} .drill code").text_content() or ""
            assert "chr(8238)" in sql
            assert not any(ord(mark) in range(0x202A, 0x202F) for mark in sql)
            count = int(first.get_attribute("data-n") or 0)
            assert opened.scalar(f"select count(*) from ({sql.rstrip()})") == count
        assert seen.said == []


def test_a_download_is_complete_and_no_cell_is_a_formula(browser: Browser, path: Path) -> None:
    with visit(browser, path) as seen:
        touchpoints = seen.page.locator("#touchpoints")
        touchpoints.locator("summary").first.click()
        with seen.page.expect_download() as waited:
            touchpoints.get_by_role("button", name="Download touchpoints as CSV").click()
        text = Path(waited.value.path()).read_text(encoding="utf-8")
        assert waited.value.suggested_filename == "touchpoints.csv"
        assert '"\'=HYPERLINK(""https://evil.example"")"' in text
        assert HOSTILE["Display ad"] in text
        choose(seen.page, segment="constructor", value=HOSTILE["spring"])
        seen.page.locator("#flows summary").first.click()
        with seen.page.expect_download() as waited:
            seen.page.get_by_role("button", name="Download flows as CSV").first.click()
        text = Path(waited.value.path()).read_text(encoding="utf-8")
    cells = [cell.strip('"') for line in text.splitlines()[1:] for cell in line.split(",")]
    assert "'-2+3+cmd|' /C calc'!A0" in cells
    assert not [cell for cell in cells if cell[:1] in "=+-@" and cell]
