"""Real exports, loaded with nothing but a mapping, against facts that others published."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from pipeline import influence
from pipeline.flows import journey_graph
from pipeline.report import write_report
from pipeline.warehouse import Warehouse

from .browser import chromium
from .conftest import Build, shared, warehouse_in
from .report_page import TOTALS, opens_whole

WHOLE_CASES = 'closes = "silence"\nsilence = "20000 d"\nwithin = "30 d"'


def project(
    path: Path, *, columns: str, stages: list[str], source: str = "", map_extra: str = WHOLE_CASES
) -> str:
    """A project file for one export; each stage is an event of that name."""
    listed = ", ".join(json.dumps(stage) for stage in stages)
    rules = "".join(
        f"\n[[touchpoint]]\nname = {json.dumps(stage)}\nstage = {json.dumps(stage)}\n"
        f"when = {{ event = {json.dumps(stage)} }}\n"
        for stage in stages
    )
    return (
        f'name = "export"\n[[source]]\nname = "export"\nfiles = {json.dumps(str(path))}\n{source}\n'
        f'[source.columns]\n{columns}\n[[map]]\nname = "journey"\nstages = [{listed}]\n'
        f"goal = {json.dumps(stages[-1])}\n{map_extra}\n{rules}"
    )


def in_folder(build: Build, tmp_path: Path, text: str):  # type: ignore[no-untyped-def]
    folder = tmp_path / "project"
    folder.mkdir()
    return build.in_folder(folder, text)  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


def once(folder: Path, text: str) -> Iterator[Warehouse]:
    with warehouse_in(folder, text) as built:
        yield built


@pytest.fixture(scope="module")
def ecom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    text = project(
        shared("data", "ecom_shop", "ecom.csv.gz"),
        columns='user_id = "user_id"\noccurred_at = "timestamp"\nevent = "event"\n'
        'session_key = "session_id"\nchannel = "acquisition_channel"\ndevice = "platform"',
        stages=["home", "product_view", "add_to_cart", "cart"],
        map_extra='silence = "14 d"\nwithin = "7 d"',
    )
    yield from once(tmp_path_factory.mktemp("ecom"), text)


@pytest.fixture(scope="module")
def retail(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    text = project(
        shared("data", "online_retail", "online_retail.parquet"),
        columns='user_id = "CustomerID"\noccurred_at = "InvoiceDate"\norder_id = "InvoiceNo"\n'
        'country = "Country"\nvalue = "UnitPrice"',
        source='event = "line"\ntimezone = "Europe/London"',
        stages=["line", "none"],
    ).replace('event = "line" }', 'event = "line", order_id = "?*" }')
    yield from once(tmp_path_factory.mktemp("retail"), text)


@pytest.mark.browser
@pytest.mark.parametrize("export", ["ecom", pytest.param("retail", marks=pytest.mark.soak)])
def test_the_report_of_an_export_opens_whole_and_adds_up(
    browser: Browser, request: pytest.FixtureRequest, tmp_path: Path, export: str
) -> None:
    built: Warehouse = request.getfixturevalue(export)
    write_report(built, tmp_path / "report.html")
    found = opens_whole(browser, tmp_path / "report.html")
    assert tuple(found.values()) == built.rows(TOTALS)[0]


def test_ecom_shop_has_31106_rows_and_600_customers(ecom: Warehouse) -> None:
    built = ecom
    assert built.rows("select rows_read, rows_rejected from source_quality") == [(31_106, 0)]
    assert built.scalar("select count(*) from customers") == 600
    assert built.scalar("select count(*) from touchpoints") == 19
    assert built.scalar("select count(*) from channels where channel_no > 0") == 5
    assert built.rows("from reconciliation where not is_met") == []


def test_after_a_payment_error_fewer_buy_though_journeys_with_one_buy_as_often(
    tmp_path: Path,
) -> None:
    text = project(
        shared("data", "ecom_shop", "ecom.csv.gz"),
        columns='user_id = "user_id"\noccurred_at = "timestamp"\nevent = "event"\n'
        'session_key = "session_id"\nchannel = "acquisition_channel"',
        stages=["home", "product_view", "add_to_cart", "purchase"],
        map_extra='silence = "30 d"',
    )
    for built in once(tmp_path, text):
        found = influence(built).touchpoints.set_index("touchpoint").loc["payment_error"]
    assert found["verdict"] == "less"
    assert found["ratio_hi"] < 1
    assert found["naive_ratio"] > 1


def test_online_retail_accounts_for_541909_lines_and_4372_customers(retail: Warehouse) -> None:
    built = retail
    read = built.rows(
        "select rows_read, rows_duplicate, rows_rejected, unidentified_events from source_quality"
    )[0]
    assert read[0] == 541_909
    assert read[1] == 5_268, "exact duplicates"
    assert read[2] == 0
    assert built.scalar("select count(*) from loaded_events where user_id is null") == 135_080
    assert built.scalar("select count(*) from loaded_events where order_id like 'C%'") == 9_288
    assert built.scalar("select count(*) from customers") == 4_372
    assert built.scalar("select count(distinct country) from event_details") == 38
    answer = json.loads(
        shared("oracles", "real_03_online_retail", "expected.json").read_text(encoding="utf-8")
    )
    counted = built.rows(
        "select cohort, periods_since, active from cohort_retention where cohort <> '(all)'"
    )
    published = answer["cohort_all_rows_with_customer"]
    assert {(cohort, since): active for cohort, since, active in counted} == {
        (cohort, int(since)): active
        for cohort, row in published.items()
        for since, active in row.items()
    }


@pytest.mark.parametrize(
    ("oracle", "export", "stages"),
    [
        (
            "dfg_01_running_example",
            ("data", "running_example", "running_example.csv"),
            ["register request", "decide"],
        ),
        (
            "dfg_02_coselog_receipt",
            ("data", "permit_receipts", "coselog_receipt.csv.gz"),
            ["Confirmation of receipt", "T10 Determine necessity to stop indication"],
        ),
    ],
)
def test_directly_follows_counts_are_those_of_process_mining(
    build: Build, tmp_path: Path, oracle: str, export: tuple[str, ...], stages: list[str]
) -> None:
    text = project(
        shared(*export),
        columns='user_id = "case:concept:name"\noccurred_at = "time:timestamp"\n'
        'event = "concept:name"',
        source='dedupe = "none"',
        stages=stages,
    )
    answer = json.loads(shared("oracles", oracle, "expected.json").read_text(encoding="utf-8"))
    with shared("oracles", oracle, "expected.csv").open(encoding="utf-8", newline="") as file:
        edges = list(csv.DictReader(file))
    built = in_folder(build, tmp_path, text)
    assert built.scalar("select count(*) from events") == answer["events"]
    assert built.scalar("select count(*) from journeys") == answer["cases"]
    found = built.rows(
        "select from_node, to_node, transitions, customers from transitions "
        "where level = 'touchpoint' and from_node <> '(start)' "
        "and to_node not in ('(exit)', '(open)')"
    )
    assert {row[:2]: row[2:] for row in found} == {
        (edge["source"], edge["target"]): (int(edge["count"]), int(edge["cases"])) for edge in edges
    }
    starts = built.rows(
        "select to_node, journeys from transitions "
        "where level = 'touchpoint' and from_node = '(start)'"
    )
    assert dict(starts) == answer["start_activities"]
    ends = built.rows(
        "select from_node, sum(journeys) from transitions where level = 'touchpoint' "
        "and to_node in ('(exit)', '(open)') group by 1"
    )
    assert {name: int(count) for name, count in ends} == answer["end_activities"]
    asked = journey_graph(built)
    real = [(a, b, data) for a, b, data in asked.edges(data=True) if "(" not in a[0] + b[0]]
    assert {(a, b): (data["transitions"], data["units"]) for a, b, data in real} == {
        (edge["source"], edge["target"]): (int(edge["count"]), int(edge["cases"])) for edge in edges
    }
    means = built.rows(
        "select edge.from_node, edge.to_node, "
        "sum(part.gap_us * part.transitions) / sum(part.transitions) / 1e6 "
        "from graph_edges as edge join graph_parts as part using (from_no, to_no) "
        "where part.part = 'time' group by all"
    )
    assert {(a, b): mean for a, b, mean in means} == pytest.approx(
        {(edge["source"], edge["target"]): float(edge["mean_seconds"]) for edge in edges}, abs=1e-3
    )
    top = built.rows(
        "select path, journeys from variants where level = 'touchpoint' order by variant_no limit 5"
    )
    assert [count for _, count in top] == [one["cases"] for one in answer["top5_variants"]]
    assert (
        built.scalar(
            "select count(*) from "
            "(select distinct path_key, other_key, nodes from path_keys where level_no = 1)"
        )
        == answer["variants"]
    )


def test_snowplow_attribution_loads_with_nothing_but_a_mapping(
    build: Build, tmp_path: Path
) -> None:
    path = shared("data", "snowplow_attribution", "source", "snowplow_fractribution_events.csv")
    text = project(
        path,
        columns='event_id = "event_id"\ndevice_id = "domain_userid"\nuser_id = "user_id"\n'
        'occurred_at = "derived_tstamp"\nevent = "event_name"\nchannel = "mkt_medium"\n'
        'value = "tr_total"\nsession_key = "domain_sessionid"',
        stages=["page_view", "transaction"],
    )
    with path.open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file))
    built = in_folder(build, tmp_path, text)
    row = built.rows(
        "select rows_read, rows_loaded, rows_duplicate, rows_rejected from source_quality"
    )[0]
    assert row[0] == len(listed)
    assert row[0] == sum(row[1:])
    assert row[1] == len({one["event_id"] for one in listed})


def test_snowplow_mobile_loads_with_nothing_but_a_mapping(build: Build, tmp_path: Path) -> None:
    path = shared("data", "snowplow_mobile", "source", "snowplow_mobile_events.csv")
    text = project(
        path,
        columns='event_id = "event_id"\nuser_id = "user_id"\ndevice_id = "network_userid"\n'
        'occurred_at = "derived_tstamp"\nevent = "event_name"',
        stages=["screen_view", "application_background"],
    )
    with path.open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file))
    built = in_folder(build, tmp_path, text)
    row = built.rows(
        "select rows_read, rows_loaded, rows_duplicate, rows_rejected from source_quality"
    )[0]
    assert row[0] == len(listed)
    assert row[0] == sum(row[1:])
