"""A report as its reader uses it: opened, controls chosen, words and folds read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from pipeline.report import write_report
from pipeline.warehouse import Warehouse, open_warehouse
from tests import report_fixture


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
