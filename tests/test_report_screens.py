"""The report as it looks: the sample at three widths, light and dark, kept under build/report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from playwright.sync_api import Browser

from pipeline.errors import DataError
from pipeline.project.sections import Report
from pipeline.report import write_report
from pipeline.report.locales import MARKS
from pipeline.report.sections import query
from pipeline.warehouse import open_warehouse
from tests.browser import chromium, plotted, visit
from tests.conftest import ROOT
from tests.report_page import TOTALS, opens_whole, report
from tests.test_report_in_browser import ONE

pytestmark = pytest.mark.browser

SCREENS = ROOT / "build" / "report"
SECONDS = 2.0


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def sample(sample_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("screens") / "report.html"
    with open_warehouse(sample_warehouse) as opened:
        write_report(opened, path)
    return path


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        *((1280, "light"), (768, "dark"), (390, "light")),
        *(
            pytest.param(*seen, marks=pytest.mark.soak)
            for seen in ((1280, "dark"), (768, "light"), (390, "dark"))
        ),
    ],
)
def test_the_sample_fits_the_width_and_its_picture_is_kept(
    browser: Browser, sample: Path, width: int, scheme: str
) -> None:
    """Nothing is wider than the screen, and no words of a figure lie on one another."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    with visit(browser, sample, width=width, scheme=scheme) as seen:
        page = seen.page
        plotted(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        crossed = page.evaluate(
            """() => [...document.querySelectorAll(".live svg")].filter((svg) => svg.parentElement
                .offsetParent).flatMap((svg) => {
                const boxes = [...svg.querySelectorAll("text:not(.on-arc)")].map((one) =>
                    [one.textContent, one.getBoundingClientRect()]);
                return boxes.flatMap(([name, a], at) => boxes.slice(at + 1).filter(([, b]) =>
                    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2
                    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 5)
                    .map(([other]) => `${name} × ${other}`));
            })"""
        )
        assert crossed == []
        path = SCREENS / f"sample-{width}-{scheme}.png"
        page.screenshot(path=path, full_page=True)
        assert path.stat().st_size > 200_000
        assert seen.said == []
        assert seen.asked == [sample.as_uri()]


def test_the_report_of_the_sample_opens_whole_soon_and_adds_up(
    browser: Browser, sample: Path, sample_warehouse: Path
) -> None:
    with open_warehouse(sample_warehouse) as opened:
        assert tuple(opens_whole(browser, sample).values()) == opened.rows(TOTALS)[0]
    soon = []
    for _ in range(3):
        with visit(browser, sample) as seen:
            ready = "performance.getEntriesByName('ready')[0].startTime"
            soon.append(seen.page.evaluate(ready) / 1000)
    assert min(soon) < SECONDS


@pytest.mark.soak
def test_money_is_called_by_the_one_currency_of_the_orders(sample_warehouse: Path) -> None:
    with open_warehouse(sample_warehouse) as built:
        assert set(built.frame(query("pains"))["unit"]) == {"EUR per month"}


def test_a_link_of_the_flows_is_one_row(sample_warehouse: Path) -> None:
    """Where silence closes, journeys that won and those that did not may both be open."""
    with open_warehouse(sample_warehouse) as opened:
        links = opened.frame(query("flows"))
        assert opened.scalar("select count(*) from cfg_maps where closes = 'silence'")
    won = (links["outcome"] == "converted").rename("won")
    ends = ["map_name", "segment", "value", "among", "step_no", "from_stage", "to_stage"]
    assert links.groupby([*ends, won]).size().max() == 1


def test_the_report_of_one_customer_opens_whole(browser: Browser, tmp_path: Path) -> None:
    path = report(tmp_path, "one", rows=ONE)
    with open_warehouse(path.with_name("journeys.duckdb")) as opened:
        found = opens_whole(browser, path)
        assert tuple(found.values()) == opened.rows(TOTALS)[0]
    assert found["flows"] == 1


def test_numbers_are_written_as_the_locale_does(
    browser: Browser, sample_warehouse: Path, tmp_path: Path
) -> None:
    with open_warehouse(sample_warehouse) as opened:
        write_report(opened, tmp_path / "report.html", locale="de-DE")
        with pytest.raises(DataError, match="did you mean 'de-DE'"):
            write_report(opened, tmp_path / "none.html", locale="de_DE")
        meet, journeys = opened.rows(
            "select anchor.journeys, staged.journeys from anchors as anchor, segment_outcomes as "
            "staged join cfg_maps using (map_name) where anchor_no = 1 and anchor.map_no = 1 "
            "and cfg_maps.map_no = 1 and segment = 'all' and among = 'all'"
        )[0]
    with visit(browser, tmp_path / "report.html") as seen:
        note = seen.page.locator("#around .note:visible").inner_text()
        assert note.startswith(f"{meet:,} of {journeys:,} journeys (".replace(",", "."))
        evidence = seen.page.locator(".findings .evidence:visible").first.inner_text()
        assert re.match(r"95% interval \d+,\d–\d+,\d\s%, n\s=\s\d\.\d{3}; ", evidence)
        seen.page.locator("#flows .panel:visible summary").first.click()
        assert re.search(r"\d,\d+\s%", seen.page.locator("#flows .table:visible").inner_text())
        assert seen.said == []


def test_a_project_may_name_every_locale() -> None:
    assert set(get_args(Report.model_fields["locale"].annotation)) == set(MARKS)


def test_events_that_no_rule_matches_are_drawn_at_the_levels_that_know_them(
    browser: Browser, tmp_path: Path
) -> None:
    """None has a stage, so the stage's own figures are empty, and say so; the others are not."""
    rows = [("ann", f"2026-01-01 10:{n:02}:00", what, "ads", "spring") for n, what in
            enumerate(("x", "y", "x", "z"))]  # fmt: skip
    with visit(browser, report(tmp_path, "unstaged", rows=rows)) as seen:
        assert seen.page.locator("#heatmap .absent").count() == 0
        assert "x" in seen.page.inner_text("#heatmap .live")
        assert "no path here" in seen.page.inner_text("#paths").lower()
    path = report(tmp_path, "unstaged", rows=rows)
    with visit(browser, path, address="#?level=touchpoint") as seen:
        assert "no path here" not in seen.page.inner_text("#paths").lower()


PERSIAN = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 " * 4


def test_a_name_of_wide_letters_is_shortened_until_it_fits(
    browser: Browser, tmp_path: Path
) -> None:
    wide = {"P" * 60: 12, "ご案内とお知らせについてのご説明とお問い合わせ": 9, PERSIAN: 15}
    names = dict(zip(("Awareness", "Interest", "Consideration"), wide, strict=True))
    with visit(browser, report(tmp_path, "wide", names=names, journeys=60)) as seen:
        lanes = seen.page.locator("#flows .live svg text").evaluate_all(
            "all => all.map(one => [one.textContent, one.getBBox().x])"
        )
    assert min(left for _, left in lanes) >= 0
    for name, most in wide.items():
        (lane,) = {text for text, _ in lanes if "…" in text and name[0] in text[:2]}
        assert "\ufffd" not in lane
        assert 7 <= len(lane) <= most
