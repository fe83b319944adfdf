"""Figures as files, and the queries that feed the figures of notebooks."""

from __future__ import annotations

import inspect
import re
import textwrap
from pathlib import Path
from typing import Any

import pytest

from pipeline import figures
from pipeline.errors import DataError
from pipeline.report import write_pictures
from pipeline.warehouse import open_warehouse
from tests import report_fixture
from tests.browser import chromium_path
from tests.test_report_hostile import HOSTILE

DRAWN = ("squiggle", "flows", "around", "arcs", "dropoff", "heatmap", "paths")
FIGURES = {
    name: found
    for name in figures.__all__
    if callable(found := getattr(figures, name))
    and re.search(r"Fed\s+by::", inspect.getdoc(found) or "")
}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    names = {name: told for name, told in HOSTILE.items() if name != "acquisition"}
    return report_fixture.write(tmp_path_factory.mktemp("pictures"), names=names)


def fed(figure: Any) -> str:
    """Return the query in a figure's docstring."""
    found = re.search(r"Fed\s+by::\n\n((?:    .*\n?|\n)+)", inspect.getdoc(figure) or "")
    assert found, figure
    return textwrap.dedent(found[1])


def test_every_figure_names_the_query_that_feeds_it() -> None:
    drawing = [
        name
        for name in figures.__all__
        if "go.Figure" in str(getattr(getattr(figures, name), "__annotations__", {}).get("return"))
    ]
    assert sorted(FIGURES) == sorted(drawing)


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_a_figure_is_drawn_from_the_query_in_its_docstring(warehouse: Path, name: str) -> None:
    with open_warehouse(warehouse) as opened:
        frame = opened.frame(fed(FIGURES[name]))
        stages = opened.frame("from cfg_map_stages where map_name = 'acquisition'")
    wants = list(inspect.signature(FIGURES[name]).parameters)
    figure = FIGURES[name](frame, stages) if "stages" in wants else FIGURES[name](frame)
    assert len(figure.data) > 0
    assert "nothing" not in (figure.layout.meta or {})


def test_thin_links_are_led_through_other_and_every_column_keeps_its_sum(warehouse: Path) -> None:
    with open_warehouse(warehouse) as opened:
        flows = opened.frame(fed(figures.stage_sankey))
        stages = opened.frame("from cfg_map_stages where map_name = 'acquisition'")
    whole, folded = (figures.stage_sankey(flows, stages, least=least).data[0] for least in (0, 20))
    assert len(folded.node.x) > len(whole.node.x) or len(folded.link.value) < len(whole.link.value)

    def leaving(trace: Any) -> dict[float, float]:
        sums: dict[float, float] = {}
        for source, value in zip(trace.link.source, trace.link.value, strict=True):
            x = round(trace.node.x[source], 3)
            sums[x] = sums.get(x, 0) + value
        return sums

    before, after = leaving(whole), leaving(folded)
    assert all(after[x] == n for x, n in before.items())


@pytest.mark.browser
def test_every_figure_becomes_a_file_whatever_the_names(warehouse: Path, tmp_path: Path) -> None:
    chromium_path()
    with open_warehouse(warehouse) as opened:
        made = write_pictures(opened, tmp_path / "svg", "svg")
        (png,) = write_pictures(opened, tmp_path / "png", "png", sections=["arcs"])[:1]
    assert {path.name for path in made} == {
        f"{section}-{name}.svg" for section in DRAWN for name in ("acquisition", "proto")
    }
    texts = [path.read_text(encoding="utf-8") for path in made]
    by_moves = {path.stem.split("-")[0] for path in made if "by moves" in path.read_text("utf-8")}
    assert by_moves == {"arcs", "heatmap"}
    assert all(text.startswith("<svg") and "<script" not in text for text in texts)
    assert png.read_bytes().startswith(b"\x89PNG")


def test_without_a_browser_it_says_what_to_do(
    warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("SQUIGGLE_BROWSER", raising=False)
    with open_warehouse(warehouse) as opened:
        with pytest.raises(DataError, match="install Chromium"):
            write_pictures(opened, tmp_path / "none", "png")
        monkeypatch.setenv("SQUIGGLE_BROWSER", "netscape")
        with pytest.raises(DataError, match="no program 'netscape'"):
            write_pictures(opened, tmp_path / "none", "png")
    assert not (tmp_path / "none").exists()
