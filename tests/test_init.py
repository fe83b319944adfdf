"""`squiggle init`: what it proposes loads, runs, and says where it guessed."""

from __future__ import annotations

import csv
import json
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cli import squiggle
from pipeline.errors import DataError
from pipeline.project import load_project, project_from
from pipeline.sniff import propose
from pipeline.sniff.look import Event
from pipeline.sniff.names import group_name, patterns
from pipeline.sniff.roles import roles, time_formats
from pipeline.sniff.stages import guessed_stages, stage_of
from pipeline.sniff.text import _glob, _quoted

from .conftest import ROOT, shared

HOSTILE = [
    'say "hi"', "it's", "back\\slash", "a*b", "what?", "two\nlines", "tab\there", "# no comment",
    "]]", "'''", '"""', "{x = 1}", "(start)", "naïve ☕ 漢字", "del\x7fete", "\x1b[31mred", "%d_%",
    "x" * 300,
]  # fmt: skip


def proposed(folder: Path, *exports: Path) -> dict[str, Any]:
    """Return the proposal for the exports, parsed, after it has been loaded."""
    (folder / "squiggle.toml").write_text(propose(exports, folder), encoding="utf-8")
    load_project(folder)
    return tomllib.loads((folder / "squiggle.toml").read_text(encoding="utf-8"))


def write(path: Path, rows: list[list[str]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def checked(folder: Path) -> dict[str, Any]:
    """Return what `squiggle check --json` says."""
    found = CliRunner().invoke(squiggle, ["check", "-p", str(folder), "--json"])
    assert found.exception is None, found.exception
    return dict(json.loads(found.stdout))


# ---- real exports ------------------------------------------------------------------------------


def test_the_proposal_for_the_sample_finds_all_six_systems_and_runs(tmp_path: Path) -> None:
    made = shutil.ignore_patterns(".squiggle", "*.duckdb*", "report.html", "squiggle.toml")
    shutil.copytree(ROOT / "data" / "sample", tmp_path / "data", ignore=made)
    raw = proposed(tmp_path, tmp_path / "data")
    sources = {one["name"]: one for one in raw["source"]}
    assert sorted(sources) == ["ads", "email", "shop", "support", "survey", "web"]
    assert sources["web"]["files"] == "data/web/clicks-*.csv.gz"
    assert sources["ads"]["time_format"] == "%d/%m/%Y %H:%M:%S"
    assert sources["email"]["columns"]["email"] == "recipient.email"
    assert sources["shop"]["columns"]["user_id"] == "customer_ref"
    stages = {one["name"]: one.get("stage") for one in raw["touchpoint"]}
    assert stages["paid"] == "Purchase"
    assert stages["add_to_cart"] == "Consideration"
    assert stages["view_product"] == "Interest"
    assert stages["refunded"] is None
    assert [one["goal"] for one in raw["map"]] == ["Purchase", "Loyalty"]
    found = checked(tmp_path)
    assert sum(one["rows_read"] for one in found["files"]) == 24_180
    assert found["unmapped"] == []
    assert found["journeys"][0]["converted"] > 0
    assert not (tmp_path / "journeys.duckdb").exists()


@pytest.mark.parametrize(
    ("export", "goal"),
    [
        (("ecom_shop",), "Purchase"),
        pytest.param(("online_retail",), "Purchase", marks=pytest.mark.soak),
        (("permit_receipts",), "Purchase"),
        (("running_example",), "Purchase"),
        (("snowplow_attribution", "source"), "Consideration"),
        (("snowplow_mobile", "source"), "Purchase"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_the_proposal_for_a_foreign_export_runs(
    export: tuple[str, ...], goal: str, tmp_path: Path
) -> None:
    raw = proposed(tmp_path, shared("data", *export))
    assert raw["map"][0]["goal"] == goal
    (found, *_) = checked(tmp_path)["journeys"]
    assert found["customers"] > 0
    assert found["converted"] > 0


# ---- hostile names -----------------------------------------------------------------------------


def test_hostile_names_of_files_and_columns_are_quoted(tmp_path: Path) -> None:
    odd = 'a "b" \\ c\n[[map]]'
    rows = [["who", "at", "event", odd], ["ann", "2026-01-01", "order", "x"]]
    write(tmp_path / "a [1] folder" / 'it\'s "a", log.csv', rows)
    (source,) = proposed(tmp_path, tmp_path)["source"]
    assert source["files"] == 'a [1] folder/it\'s "a", log.csv'
    assert len(checked(tmp_path)["files"]) == 1


def test_events_with_hostile_names_fire_their_rules(tmp_path: Path) -> None:
    rows = [
        [f"c{number}", f"2026-01-01 10:{number:02}:00", name] for number, name in enumerate(HOSTILE)
    ]
    write(tmp_path / "log.csv", [["who", "at", "event"], *rows])
    rules = proposed(tmp_path, tmp_path)["touchpoint"]
    assert {one["name"].removesuffix(" [event]") for one in rules} >= set(HOSTILE) - {"x" * 300}
    found = checked(tmp_path)
    assert found["unmapped"] == []
    assert [one for one in found["rules"] if one["status"] == "never fires"] == []


@given(st.text())
def test_any_text_is_a_toml_string(text: str) -> None:
    read = tomllib.loads(f"x = {_quoted(text)}")["x"]
    assert read == text


@given(st.text(max_size=30))
def test_a_glob_has_no_star_of_its_own(text: str) -> None:
    assert len(_glob(text)) == len(text)
    assert "*" not in _glob(text)


# ---- files, sources, patterns ------------------------------------------------------------------


LOG = [["user_id", "ts", "action"], ["a", "2026-01-01T10:00:00Z", "order"]]


def test_files_with_the_same_columns_are_one_source(tmp_path: Path) -> None:
    for month in ("2026-01", "2026-02", "2026-03"):
        write(tmp_path / "web" / f"clicks-{month}.csv", LOG)
    (source,) = proposed(tmp_path, tmp_path)["source"]
    assert (source["name"], source["files"]) == ("web", "web/clicks-*.csv")


def test_a_pattern_takes_no_file_of_another_source(tmp_path: Path) -> None:
    write(tmp_path / "log1.csv", LOG)
    write(tmp_path / "log2.csv", [["customer_id", "time", "type"], ["a", "2026-01-01", "ad"]])
    write(tmp_path / "log3.csv", LOG)
    first, second = proposed(tmp_path, tmp_path)["source"]
    assert first["files"] == ["log1.csv", "log3.csv"]
    assert second["files"] == "log2.csv"


def test_a_path_above_the_project_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "exports" / "log.csv", LOG)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert "/exports/log.csv" in propose([Path("../exports")], Path())


def test_names_of_sources_differ() -> None:
    taken: set[str] = set()
    for _ in range(3):
        taken.add(group_name(Path("a/Web Logs/x.csv"), Path("b"), taken))
    assert taken == {"web_logs", "web_logs_2", "web_logs_3"}
    assert patterns([Path("/a/x.csv")], [Path("/a/x.csv")], Path("/b")) == ["/a/x.csv"]


def test_what_is_no_export_is_left_out_and_named(tmp_path: Path) -> None:
    write(tmp_path / "log.csv", LOG)
    write(tmp_path / "prices.csv", [["sku", "price"], ["a", "3"]])
    (tmp_path / "notes.json").write_text('{\n "a": 1\n}\n', encoding="utf-8")
    (tmp_path / "cut.parquet").write_bytes(b"PAR1")
    (tmp_path / "cut.csv.gz").write_bytes(b"\x1f\x8bxx")
    text = propose([tmp_path], tmp_path)
    assert len(tomllib.loads(text)["source"]) == 1
    assert "# left out: prices.csv: no column holds times in a way that is known (sku, " in text
    assert "# left out: notes.json: holds no rows: neither a JSON object a line, nor" in text
    assert "# left out: cut.parquet: cannot be read (" in text
    assert "# left out: cut.csv.gz: cannot be read (" in text


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        (None, "", "there is no .csv, .tsv, .jsonl, .parquet or .xes file in it"),
        ("empty.csv", "", "there is no export with a column of times in it:\n  - empty.csv: holds"),
        ("a.csv", "x,y\n1,b\n", "there is no export with a column of times in it:\n  - a.csv: no"),
    ],
)
def test_exports_without_events_are_refused(
    name: str | None, text: str, told: str, tmp_path: Path
) -> None:
    if name:
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as refused:
        propose([tmp_path], tmp_path)
    assert str(refused.value).startswith(f"{tmp_path}: {told}")


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "log.xlsx").write_bytes(b"PK")
    with pytest.raises(DataError, match=r"log\.xlsx: this is a spreadsheet; save the sheet"):
        propose([tmp_path / "log.xlsx"], tmp_path)


# ---- guesses -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "names"),
    [
        ("Awareness", "ad_click impression CampaignSeen visit view_home landing-page"),
        ("Interest", "product_view SEARCH view_category newsletter_signup page_view"),
        ("Consideration", "add_to_cart addToCart cart view_compare checkout request_quote trial"),
        ("Consideration", "read_reviews add_payment_info payment_details review_page"),
        ("Purchase", "order purchase paid payment transaction subscribe order_placed"),
        ("Loyalty", "submit_review referral repeat_order loyalty_club"),
        (None, "refunded order_cancelled payment_error unsubscribe sent decide 42 ☕"),
    ],
)
def test_a_stage_is_guessed_by_name(stage: str | None, names: str) -> None:
    assert {name: stage_of(name) for name in names.split()} == dict.fromkeys(names.split(), stage)


def events(*told: tuple[str, float, float]) -> list[Event]:
    return [Event("log", name, 10, share, place) for name, share, place in told]


def test_without_a_purchase_the_furthest_stage_is_the_goal() -> None:
    found, goal = guessed_stages(events(("page_view", 1, 0), ("cart", 0.5, 1)))
    assert goal == "Consideration"
    assert goal in found.values()


def test_where_names_say_nothing_the_first_and_the_last_event_are_taken() -> None:
    told = events(("decide", 1, 0.7), ("register", 1, 0.1), ("close", 0.9, 0.9), ("x", 0.01, 1))
    found, goal = guessed_stages(told)
    assert {event.name: stage for event, stage in found.items()} == {
        "register": "Awareness",
        "close": "Purchase",
    }
    assert goal == "Purchase"


def test_the_only_event_is_the_goal() -> None:
    found, goal = guessed_stages(events(("visit", 1, 0.5)))
    assert list(found.values()) == [goal] == ["Purchase"]


def test_columns_get_their_roles_by_name_and_by_what_they_hold() -> None:
    found = roles(
        {
            "event": ["struct", "struct"],
            "event_name": ["view", "order"],
            "id": ["1", "2"],
            "amount": ["$ 3", "free"],
            "requester": ["ann@x.test", "bob@x.test"],
            "agent_email": ["help@x.test", "help@x.test"],
            "date": ["2026-01-01", "2026-01-02"],
            "status": ["a", "b"],
        }
    )
    assert found == {
        "occurred_at": "date",
        "event_id": "id",
        "event": "event_name",
        "email": "requester",
    }


def test_an_id_that_repeats_is_no_id_of_events() -> None:
    columns = {"event_id": ["7"] * 9, "ts": ["2026-01-01"] * 9, "event": ["a"] * 9}
    assert "event_id" not in roles(columns)


def test_times_keep_their_format_though_a_few_are_broken() -> None:
    assert time_formats([*(f"2026-01-{day:02}" for day in range(1, 20)), "n. d."]) == ["iso"]
    assert time_formats(["n. d.", "x"]) == []


def test_of_two_formats_that_fit_the_one_that_covers_less_time_comes_first() -> None:
    assert time_formats(["03/01/2026", "03/02/2026", "03/12/2026"]) == ["%m/%d/%Y", "%d/%m/%Y"]


def test_the_same_event_of_two_sources_is_two_touchpoints(tmp_path: Path) -> None:
    write(tmp_path / "web" / "a.csv", LOG)
    write(tmp_path / "app" / "b.csv", LOG)
    raw = proposed(tmp_path, tmp_path)
    assert [one["name"] for one in raw["touchpoint"]] == ["order (app)", "order (web)"]
    project_from(raw, folder=tmp_path)
