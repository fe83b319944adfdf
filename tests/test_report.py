"""The report as bytes: deterministic, self-contained, safe, and true to its tables."""

from __future__ import annotations

import gzip
import json
import re
from base64 import b64decode
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline import figures
from pipeline.errors import DataError
from pipeline.report import SECTIONS, write_report
from pipeline.report.contents import DATA
from pipeline.report.findings import findings
from pipeline.report.packing import table
from pipeline.report.sections import query
from pipeline.warehouse import open_warehouse
from tests import report_fixture

STAGES = pd.DataFrame(
    {"map_no": 1, "stage_no": [1, 2, 3], "stage": ["A", "B", "C"], "is_goal": [False, False, True]}
)
QUERIES = sorted({*DATA, *(name for section in SECTIONS for name in section.queries)})
ALL = "segment == 'all' and among == 'all'"


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return report_fixture.write(tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="module")
def report(warehouse: Path) -> str:
    return write(warehouse, warehouse.with_name("report.html"))


def write(warehouse: Path, path: Path, **options: Any) -> str:
    with open_warehouse(warehouse) as opened:
        write_report(opened, path, **options)
    return path.read_text(encoding="utf-8")


def unpacked(report: str, name: str) -> str:
    found = re.search(rf'<script type="text/plain" id="squiggle-{name}">(.*?)</script>', report)
    assert found
    return gzip.decompress(b64decode(found[1])).decode("utf-8")


def data(report: str) -> Any:
    return json.loads(unpacked(report, "data"))


def test_the_same_warehouse_gives_the_same_bytes(warehouse: Path, report: str) -> None:
    assert write(warehouse, warehouse.with_name("again.html")) == report


def test_the_file_links_to_nothing_and_is_small(report: str) -> None:
    ours = report[: report.index("<script")]
    assert not re.search(r"(src|href)=(?!\"#)", ours)
    assert not re.search(r"url\(|@import|https?:", ours)
    script = report[report.rindex("<script>") :].replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?:|\bfetch\(|XMLHttpRequest|WebSocket|\beval\(|innerHTML", script)
    assert len(report) < 6_000_000


def test_the_policy_runs_our_scripts_and_no_other(report: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', report)
    assert policy
    assert policy[1].startswith("default-src 'none'; script-src 'sha256-")
    assert "script-src 'unsafe" not in policy[1]
    told = {b64decode(one) for one in re.findall(r"'sha256-([^']+)'", policy[1])}
    scripts = re.findall(r"(?s)<script>(.*?)</script>", report)
    assert len(scripts) == 1
    run = [*scripts, unpacked(report, "plotly")]
    assert told == {sha256(text.encode("utf-8")).digest() for text in run}


def test_no_customer_is_named(warehouse: Path, report: str) -> None:
    told = report + unpacked(report, "data")
    with open_warehouse(warehouse) as opened:
        for customer in opened.table("customers")["customer_id"]:
            assert customer not in told
        assert not re.search(r"customer-\d", told)
        examples = opened.frame("select customer_no * 4294967296 + journey_no as key from journeys")
        assert not [key for key in examples["key"] if str(key) in told]


def test_a_title_stands_over_the_page_in_place_of_the_project(warehouse: Path) -> None:
    found = write(warehouse, warehouse.with_name("titled.html"), title="<i>Mine</i>")
    assert "<h1>&lt;i&gt;Mine&lt;/i&gt;</h1>" in found


def test_a_report_of_some_sections_has_only_these(warehouse: Path) -> None:
    found = write(warehouse, warehouse.with_name("some.html"), sections=["dropoff", "flows"])
    assert re.findall(r'<section id="(\w+)"', found) == ["flows", "dropoff"]
    assert 'id="squiggle-plotly"' not in found
    assert len(found) < 600_000


def test_a_section_that_is_not_there_is_refused_with_the_nearest(warehouse: Path) -> None:
    with pytest.raises(DataError, match="did you mean 'flows'"):
        write(warehouse, warehouse.with_name("none.html"), sections=["flow"])


def test_every_number_shown_is_a_row_of_a_query(warehouse: Path, report: str) -> None:
    tables = data(report)["tables"]
    with open_warehouse(warehouse) as opened:
        for name in QUERIES:
            frame = opened.frame(query(name))
            told = tables[name]
            assert told["total"] == len(frame), name
            assert told["length"] == (len(frame) if told["keys"] else min(len(frame), 500)), name
            for column in frame.columns.intersection(["journeys", "transitions", "customers"]):
                if told["keys"]:
                    place = told["places"][column]
                    assert sum(told["columns"][place]["values"]) == frame[column].sum()


def test_rows_of_a_view_stand_together_whatever_their_order() -> None:
    frame = pd.DataFrame({"map_name": ["m", "n", "m"], "stage": ["A", "B", "C"], "n": [1, 2, 3]})
    told = table(frame)
    assert told["groups"] == {"0": [0, 2], "1": [2, 3]}
    assert told["columns"][2] == {"name": "n", "kind": "count", "values": [1, 3, 2]}


def test_the_sankey_draws_every_journey_and_loses_none(warehouse: Path) -> None:
    with open_warehouse(warehouse) as opened:
        for map_name, rows in opened.frame(query("flows")).query(ALL).groupby("map_name"):
            stages = opened.frame(query("stages"))
            figure = figures.stage_sankey(rows, stages[stages["map_name"] == map_name])
            link, node = figure.data[0].link, figure.data[0].node
            assert sum(link.value) == rows["journeys"].sum()
            first = min(node.x)
            started = sum(
                value
                for source, value in zip(link.source, link.value, strict=True)
                if node.x[source] == first
            )
            assert started == opened.scalar(
                "select staged_journeys from map_summary where map_name = $map", {"map": map_name}
            )
            inflow: dict[int, int] = {}
            outflow: dict[int, int] = {}
            for source, target, value in zip(link.source, link.target, link.value, strict=True):
                outflow[source] = outflow.get(source, 0) + value
                inflow[target] = inflow.get(target, 0) + value
            assert all(inflow[at] == outflow[at] for at in inflow.keys() & outflow.keys())


def test_the_sankey_keeps_one_scale_and_overlaps_nothing(warehouse: Path) -> None:
    with open_warehouse(warehouse) as opened:
        rows = opened.frame(query("flows")).query(ALL).query("map_name == 'lifecycle'")
        stages = opened.frame(query("stages")).query("map_name == 'lifecycle'")
    figure = figures.stage_sankey(rows, stages)
    trace = figure.data[0]
    tall = figure.layout.height - figure.layout.margin.t - figure.layout.margin.b
    domain = (trace.domain.y[1] - trace.domain.y[0]) * tall
    scale = domain / figure.layout.meta["total"]
    into = dict.fromkeys(range(len(trace.node.x)), 0)
    out = dict(into)
    for source, target, value in zip(
        trace.link.source, trace.link.target, trace.link.value, strict=True
    ):
        out[source] += value
        into[target] += value
    columns: dict[float, list[tuple[float, float]]] = {}
    for at, x in enumerate(trace.node.x):
        half = max(into[at], out[at]) * scale / 2
        middle = trace.node.y[at] * domain
        columns.setdefault(x, []).append((middle - half, middle + half))
    for spans in columns.values():
        spans.sort()
        assert spans[0][0] >= -0.01
        assert spans[-1][1] <= tall + 0.01
        assert all(upper[1] <= lower[0] + 0.01 for upper, lower in pairwise(spans))


def test_rows_of_the_heat_map_add_up_and_the_rest_is_folded(tmp_path: Path) -> None:
    rows = [
        (f"c{n % 7}", f"2026-01-01 10:{n:02}:00", f"page {n % 30}", "ads", "") for n in range(60)
    ]
    path = report_fixture.write(tmp_path, rows=rows)
    with open_warehouse(path) as opened:
        cells = opened.frame(query("edges")).query(ALL).query("level == 'touchpoint'")
        moves = opened.scalar("select sum(transitions) from transitions where level = 'touchpoint'")
    assert cells["transitions"].sum() == moves
    sums = cells.groupby(["map_name", "from_node"])[["transitions", "of_transitions"]]
    assert (sums.sum()["transitions"] == sums.max()["of_transitions"]).all()
    assert set(cells.groupby("map_name")["from_node"].nunique()) == {18}  # and (start), (other)


def test_a_finding_on_few_journeys_says_so_and_gives_no_rate() -> None:
    row = dict.fromkeys(re.findall(r"(?m)^    (?:.* as )?(?:\w+\.)?(\w+),?$", query("answer"))) | {
        "journeys": 12,
        "staged_journeys": 12,
        "converted": 5,
        "open": 1,
        "conversion_rate": 0.4,
    }
    stage = {"stage_no": 1, "stage": "A", "drop_rate": 0.9, "drop_lo": 0.8, "drop_hi": 0.95}
    stage |= {"is_goal": False, "reached": 29}
    dropoff = pd.DataFrame([stage | {"frontier": 29, "within_days": 30.0}])
    found = findings(row, "Purchase", dropoff)
    assert all(finding.is_weak for finding in found)
    assert not any("%" in finding.text for finding in found)
    assert "too few" in found[0].text


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("<b>bold</b>", "&lt;b&gt;bold&lt;/b&gt;"),
        ("%{customdata}", "%\u200b{customdata}"),
        ("a\u202eb\x00c\u2028d", "a\ufffdb\ufffdc\ufffdd"),
        (
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        ),
        ("&lt;", "&amp;lt;"),
        ("x" * 400, "x" * 27 + "…"),
    ],
)
def test_a_hostile_name_is_drawn_as_it_is_written(name: str, shown: str) -> None:
    assert figures.plain(name) == shown


def test_no_name_ever_stands_in_a_hover_template(tmp_path: Path) -> None:
    from tests.report_journeys import STAGES, TOUCHPOINTS

    names = {name: f"Zz{name}" for name in (*STAGES, *sum(TOUCHPOINTS.values(), ()))}
    path = report_fixture.write(tmp_path, journeys=60, names=names)
    text = json.dumps(data(write(path, tmp_path / "r.html"))["figures"])
    templates = re.findall(r'"(?:hover|text)template": "(.*?)"', text)
    assert len(templates) > 1
    assert not [template for template in templates if "Zz" in template]


@pytest.mark.parametrize("side", ["light", "dark"])
def test_text_has_contrast_enough(side: str) -> None:
    palette = figures.LIGHT if side == "light" else figures.DARK
    stages = pd.DataFrame(
        {
            "stage_no": range(1, 8),
            "stage": list("ABCDEFG"),
            "is_goal": [False] * 4 + [True] + [False] * 2,
        }
    )
    colours = [pair[side == "dark"] for pair in figures.stage_colours(stages).values()]
    texts = [palette[role] for role in ("ink", "muted", "forward", "back", "goal")] + colours
    for ground in (palette["paper"], palette["lane"]):
        assert all(contrast(text, ground) >= 4.5 for text in texts)
    assert contrast(palette["ink"], palette["leave"]) >= 4.5
    assert contrast(palette["paper"], palette["forward"]) >= 4.5


def contrast(one: str, other: str) -> float:
    """Return the WCAG contrast ratio of two colours."""

    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05

    low, high = sorted((light(one), light(other)))
    return high / low


def test_nothing_to_draw_is_said_in_words() -> None:
    for draw, columns in (
        (figures.stage_sankey, ["step_no", "from_stage", "to_stage", "direction", "journeys"]),
        (figures.back_and_forth, ["from_node", "to_node", "transitions", "share", "leaving"]),
        (figures.squiggle_picture, ["journey", "role", "step_no", "stage_no"]),
        (figures.reach_bars, ["stage_no"]),
        (figures.dropoff_intervals, ["stage_no"]),
    ):
        assert draw(pd.DataFrame(columns=columns), STAGES).layout.meta["nothing"].endswith(".")


def test_the_queries_on_file_are_the_queries_in_use() -> None:
    folder = Path(figures.__file__).parents[1] / "report" / "queries"
    assert sorted(path.stem for path in folder.iterdir()) == QUERIES
