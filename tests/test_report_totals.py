"""What the report draws adds up to its warehouse, for every view that can be chosen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import chromium, visit
from tests.report_page import choose, report, warehouse

pytestmark = pytest.mark.browser

VIEWS = """
    select map_name, segment, value, among, journeys, staged_journeys, staged_customers
    from segment_outcomes
    order by hash(map_name || segment || value || among)
"""
WEIGHTS = {
    "moves": ("of_transitions", "of_departures"),
    "journeys": ("of_journeys", "of_journeys"),
    "customers": ("of_customers", "of_customers"),
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("browser")


def totals(page: Page) -> dict[str, Any]:
    """Return what the drawn figures add up to."""
    found = page.evaluate(
        """() => {
            const seen = (section) => [...document.querySelectorAll(`#${section} .panel`)]
                .find((panel) => !panel.hidden);
            const sum = (all) => all.reduce((total, it) => total + Number(it.dataset.n), 0);
            const links = [...seen("flows").querySelectorAll(".link")];
            return {
                flows: sum(links.filter((it) => Number(it.dataset.step) === 1)),
                columns: [1, 2, 3, 4, 5, 6, 7].map((step) =>
                    [sum(links.filter((it) => Number(it.dataset.step) === step)),
                     sum([...seen("flows").querySelectorAll(".node")].filter((it) =>
                        Number(it.dataset.step) === step && !it.dataset.node.startsWith("(")))]),
                rows: [...seen("heatmap").querySelectorAll("tbody tr")].map((row) =>
                    [Number(row.dataset.n), sum([...row.querySelectorAll("td[data-n]")])]),
                boxes: Object.fromEntries([...seen("arcs").querySelectorAll(".box[data-n]")]
                    .map((it) => [it.dataset.node, Number(it.dataset.n)])),
                around: Number(seen("around").querySelector("svg")?.dataset.total || 0),
                steps: [-3, -2, -1, 0, 1, 2, 3].map((step) => {
                    const there = (name, key) =>
                        [...seen("around").querySelectorAll(name)].filter((it) =>
                            Number(it.dataset[key]) === step);
                    const ended = there(".node", "step").filter((it) =>
                        ["(exit)", "(open)"].includes(it.dataset.node));
                    const begun = there(".node", "step").filter((it) =>
                        it.dataset.node === "(start)");
                    const all = sum(there(".node", "step"));
                    return [all, step > -3 ? sum([...there(".link", "to"), ...begun]) : all,
                        step < 3 ? sum([...there(".link", "step"), ...ended]) : all];
                }),
                paths: sum([...seen("paths").querySelectorAll("[data-n]")]),
                stops: [...seen("dropoff").querySelectorAll(".stop")].map((it) =>
                    sum([...it.querySelectorAll(".fate")])),
            };
        }"""
    )
    assert isinstance(found, dict)
    return found


def test_every_view_adds_up_to_the_warehouse_to_the_unit(browser: Browser, folder: Path) -> None:
    path = report(folder)
    with warehouse(path) as opened, visit(browser, path) as seen:
        views = opened.rows(VIEWS)
        assert len(views) > 80
        anchors: dict[str, list[str]] = {}
        for name, anchor in opened.rows(
            "select map_name, anchor from anchors join cfg_maps using (map_no) order by anchor_no"
        ):
            anchors.setdefault(name, []).append(anchor)
        for number, (name, segment, value, among, journeys, staged, customers) in enumerate(views):
            weight = list(WEIGHTS)[number % 3]
            level = ("touchpoint", "stage", "channel")[number // 3 % 3]
            view = {"map": name, "segment": segment, "value": value, "among": among}
            anchor = anchors[name][number % len(anchors[name])]
            told = {**view, "weight": weight, "level": level, "hide": str(number % 5)}
            told["anchor"] = anchor
            seen.page.evaluate(
                "address => { location.hash = address; }",
                "?" + "&".join(f"{key}={quote(one)}" for key, one in told.items()),
            )
            seen.page.wait_for_function(
                "told => document.querySelector('select[name=weight]').value === told.weight"
                " && document.querySelector('select[name=among]').value === told.among"
                " && document.querySelector('select[name=value]').value === told.value",
                arg=told,
            )
            found = totals(seen.page)
            assert (
                seen.page.locator(".which:visible b")
                .first.inner_text()
                .startswith(f"{journeys:,} ")
            )
            assert found["flows"] == (customers if weight == "customers" else staged), told
            assert all(links == nodes for links, nodes in found["columns"] if nodes), told
            whole, away = WEIGHTS[weight]
            edges = opened.frame(
                f"select from_node, max({whole}) as n, max({away}) as away, level "
                "from segment_transitions where map_name = $map and segment = $segment "
                "and value = $value and among = $among group by all",
                view,
            )
            rows = edges[edges["level"] == level]
            assert sorted(n for n, _ in found["rows"]) == sorted(rows["n"][rows["n"] > 0]), told
            assert all(n == cells for n, cells in found["rows"]), told
            boxes = edges[(edges["level"] == "stage") & (edges["from_node"] != "(start)")]
            if found["boxes"]:
                assert found["boxes"] == dict(zip(boxes["from_node"], boxes["away"], strict=True))
            around = opened.rows(
                f"select anchor, sum({'customers' if weight == 'customers' else 'journeys'}) "
                "from segment_steps where map_name = $map and segment = $segment "
                "and value = $value and among = $among and step_no = 0 group by anchor",
                {**view, "among": among if segment == "all" else "all"},
            )
            assert found["around"] == dict(around).get(anchor, 0), told
            assert all(len({*column}) == 1 for column in found["steps"]), told
            paths = customers if weight == "customers" else staged
            assert found["paths"] == paths if level != "touchpoint" else True, told
        assert seen.said == []


def test_the_stops_of_a_view_are_those_of_the_warehouse(browser: Browser, folder: Path) -> None:
    path = report(folder)
    with warehouse(path) as opened, visit(browser, path) as seen:
        for value in ("ads", "mail"):
            choose(seen.page, segment="channel", value=value)
            reached = opened.rows(
                "select reached from segment_dropoff where map_no = 1 and segment = 'channel' "
                "and value = $value order by stage_no",
                {"value": value},
            )
            assert totals(seen.page)["stops"] == [count for (count,) in reached]
            tile = seen.page.locator(".tiles:visible li b").first.inner_text()
            assert int(tile.replace(",", "")) == opened.scalar(
                "select staged_journeys from segment_summary where map_no = 1 "
                "and segment = 'channel' and value = $value",
                {"value": value},
            )


def test_where_small_groups_are_folded_every_column_still_adds_up(
    browser: Browser, folder: Path
) -> None:
    path = report(folder, "private", extra="[privacy]\nk = 4")
    with warehouse(path) as opened, visit(browser, path) as seen:
        for segment, value, among in (("all", "all", "all"), ("channel", "mail", "all")):
            choose(seen.page, segment=segment, among=among)
            if segment != "all":
                choose(seen.page, value=value)
            found = totals(seen.page)
            assert found["flows"] == opened.scalar(
                "select staged_journeys from segment_outcomes inner join cfg_maps using (map_name) "
                "where map_no = 1 and segment = $segment and value = $value and among = $among",
                {"segment": segment, "value": value, "among": among},
            )
            assert all(n == cells for n, cells in found["rows"])
            assert seen.page.locator("#flows .panel:visible .link.other").count() > 0
        assert seen.said == []


def test_heights_are_to_one_scale_and_what_rests_on_few_is_muted(
    browser: Browser, folder: Path
) -> None:
    with visit(browser, report(folder)) as seen:
        choose(seen.page, segment="channel", value="mail")
        for figure in ("flows", "around"):
            drawn = seen.page.locator(f"#{figure} .panel:visible .node").evaluate_all(
                "all => all.map(one => [Number(one.dataset.n), Number(one.getAttribute('height'))])"
            )
            scale = max(height for _, height in drawn) / max(count for count, _ in drawn)
            for count, height in drawn:
                assert height == pytest.approx(max(count * scale, 0.6), abs=0.11)
        muted = seen.page.evaluate(
            """() => [...document.querySelectorAll(".live :is(.link, .arc, tbody tr)")]
                .filter((one) => one.closest(".live").offsetParent)
                .map((one) => {
                    const told = one.matches(".paths tr") ? one.querySelector("[data-n]") : one;
                    const style = one.getAttribute("class") || "";
                    return [one.closest(".live").dataset.live, Number(told.dataset.n),
                        /\\b(few|weak)\\b/.test(style)];
                })"""
        )
        told = {live for live, _, _ in muted}
        assert told == {"flows", "around", "arcs", "heatmap", "paths"}
        for live, count, is_muted in muted:
            if live != "arcs":  # an arc is a share of what leaves its stage, and muted by that
                assert is_muted == (count < 30), (live, count)
        assert len({is_muted for _, _, is_muted in muted}) == 2
