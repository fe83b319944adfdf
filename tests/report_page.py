"""A report as its reader uses it: opened, controls chosen, words and folds read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from pipeline.report import SECTIONS, write_report
from pipeline.warehouse import Warehouse, open_warehouse
from tests import report_fixture
from tests.browser import plotted, visit


def report(folder: Path, name: str = "shop", **options: Any) -> Path:
    """Write a report once, beside its warehouse, and return its path."""
    path = folder / name / "report.html"
    if not path.exists():
        with open_warehouse(report_fixture.write(folder / name, **options)) as opened:
            write_report(opened, path)
    return path


def warehouse(path: Path) -> Warehouse:
    return open_warehouse(path.with_name("journeys.duckdb"))


def choose(page: Page, **values: str) -> None:
    """Use the controls as a reader does."""
    for name, value in values.items():
        if name == "map":
            page.locator(f"input[name=map][value='{value}']").check()
        elif name == "hide":
            page.locator("input[name=hide]").evaluate(
                "(it, value) => { it.value = value;"
                " it.dispatchEvent(new Event('input', {bubbles: true})); }",
                value,
            )
        else:
            page.locator(f"select[name={name}]:visible").select_option(value)


def unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(it => { it.open = true; })")
    page.wait_for_function(
        "() => [...document.querySelectorAll('[data-table].table')].filter(it => it.offsetParent)"
        ".every(it => it.childElementCount)"
    )


def words(page: Page) -> list[str]:
    """Return all that the sections say that follow the choice."""
    return [
        page.locator(f"#{section}").inner_text()
        for section in ("answer", "flows", "around", "arcs", "heatmap", "dropoff", "paths")
    ]


def opens_whole(browser: Browser, path: Path) -> dict[str, int]:
    """Open a report, hold it to what every report keeps, and return what its figures add up to.

    It says nothing, asks for nothing, is small, and every section shows figures, or a sentence.
    """
    assert path.stat().st_size < 6_000_000
    with visit(browser, path) as seen:
        page = seen.page
        unfold(page)
        plotted(page)
        assert page.locator(".panel:visible").count() == len(SECTIONS)
        empty = page.evaluate(
            """() => [...document.querySelectorAll(".panel")].filter((one) => one.offsetParent)
                .filter((one) => !one.querySelector(
                    ".live > *, .plot .main-svg, .absent, .ranged tr, .cohorts tr, "
                    + ".touchpoints tr, .findings li, .plainly li"))
                .map((one) => one.dataset.section)"""
        )
        torn = page.evaluate(
            """() => [...document.querySelectorAll(".live")].filter((one) => one.offsetParent)
                .filter((one) => /NaN|undefined|Infinity/.test(one.innerHTML))
                .map((one) => one.dataset.live)"""
        )
        told = page.evaluate(
            """() => {
                const shown = ".panel:not([hidden])";
                const sum = (marks) => [...document.querySelectorAll(`${shown} ${marks}`)]
                    .reduce((all, one) => all + Number(one.dataset.n), 0);
                return { flows: sum(".live.flows .link[data-step='1']"),
                    paths: sum(".live.paths [data-n]"),
                    around: sum(".live.around .link[data-step='0']"),
                    reached: sum(".stop:first-child .fate") };
            }"""
        )
        assert empty == []
        assert torn == []
        assert seen.said == []
        assert seen.asked == [path.as_uri()]
    assert isinstance(told, dict)
    return told


TOTALS = """
    select
        staged_journeys as flows,
        staged_journeys as paths,
        coalesce(anchors.journeys, 0) as around,
        coalesce(stage_dropoff.reached, 0) as reached
    from segment_outcomes
    inner join cfg_maps using (map_name)
    left join anchors using (map_no)
    left join stage_dropoff on stage_dropoff.map_name = cfg_maps.map_name and stage_no = 1
    where map_no = 1 and segment = 'all' and among = 'all' and coalesce(anchor_no, 1) = 1
"""
"""What `opens_whole` has to find, by a query of its own."""
