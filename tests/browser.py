"""A Chromium for the report's tests: found on the machine, headless, its pages offline."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium_path() -> str:
    """Return where the browser is, or skip the test that asks for one and say why."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip("there is no Chromium on this machine")
    return found


@contextmanager
def chromium() -> Iterator[Browser]:
    """Open a browser, or skip the test that asks for one and say why."""
    found = chromium_path()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield browser
        browser.close()


@dataclass
class Visit:
    """A page, and all that it said or asked for while it was open."""

    page: Page
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@contextmanager
def visit(
    browser: Browser,
    path: Path,
    *,
    width: int = 1180,
    scheme: str = "light",
    address: str = "",
    **options: Any,
) -> Iterator[Visit]:
    """Open a report in an empty profile and wait until it is there; plots come when seen."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]
        offline=True,
        accept_downloads=True,
        **options,
    )
    page = context.new_page()
    page.set_default_timeout(30_000)
    seen = Visit(page)
    page.on("console", lambda message: seen.said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: seen.said.append(f"error: {error}"))
    page.on("dialog", lambda dialog: (seen.said.append("dialog"), dialog.dismiss()))
    page.on("request", lambda request: seen.asked.append(request.url))
    page.goto(path.as_uri() + address)
    page.wait_for_selector("html[data-ready=yes]", state="attached")
    yield seen
    context.close()


def plotted(page: Page) -> None:
    """Wait until every figure of Plotly that is not hidden is drawn."""
    page.evaluate(
        "[...document.querySelectorAll('.plot')].find(it => it.offsetParent)?.scrollIntoView()"
    )
    page.wait_for_function(
        "() => [...document.querySelectorAll('.plot')].filter(it => it.offsetParent)"
        ".every(it => it.querySelector('.main-svg'))"
    )
