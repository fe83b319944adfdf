"""The synthetic sample: the same seed gives the same bytes, and its truth file tells the truth."""

from __future__ import annotations

import csv
import gzip
import json
import tomllib
from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipeline.sample import (
    generate,
    write_sample,
)

COMMITTED = Path(__file__).parents[1] / "data" / "sample"
TIMES = {
    "web": ("ts", "%Y-%m-%dT%H:%M:%S.%f%z"),
    "ads": ("click_time", "%d/%m/%Y %H:%M:%S"),
    "support": ("logged_at", "%Y-%m-%dT%H:%M:%S%z"),
    "survey": ("answered", "%Y-%m-%d %H:%M"),
}
DELIMITERS = {"web": ",", "ads": ";", "support": "\t", "survey": ","}
EVENTS = {"web": "action", "support": "action"}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("sample")
    write_sample(directory)
    return directory


@pytest.fixture(scope="module")
def truth(written: Path) -> dict[str, Any]:
    return json.loads((written / "truth.json").read_text(encoding="utf-8"))


def _bytes(directory: Path) -> dict[str, bytes]:
    paths = sorted(path for path in directory.rglob("*") if path.is_file())
    return {path.relative_to(directory).as_posix(): path.read_bytes() for path in paths}


def _text(path: Path) -> str:
    data = path.read_bytes()
    return (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")


def _rows(path: Path, system: str) -> list[tuple[str, str, float | None]]:
    """Each line's verdict, its content as text, and its moment; read without the generator."""
    if system == "shop":
        return [
            (
                "missing_time" if at is None else "row" if status else "empty_event",
                repr((at, *row.values())),
                at and at.timestamp(),
            )
            for row in pq.read_table(path).to_pylist()
            for at, status in [(row.pop("changed_at"), row["status"])]
        ]
    if system == "email":
        return [_mail(line) for line in _text(path).splitlines()]
    header, *lines = csv.reader(_text(path).splitlines(), delimiter=DELIMITERS[system])
    return [_table_row(system, header, cells) for cells in lines]


def _mail(line: str) -> tuple[str, str, float | None]:
    try:
        mail = json.loads(line)
    except json.JSONDecodeError:
        return "malformed_json", line, None
    if mail["ts"] is None:
        return "missing_time", line, None
    return ("row" if mail["type"] else "empty_event"), line, mail["ts"] / 1000


def _table_row(system: str, header: list[str], cells: list[str]) -> tuple[str, str, float | None]:
    content = "|".join(cells)
    if len(cells) != len(header):
        return "wrong_column_count", content, None
    row = dict(zip(header, cells, strict=True))
    column, form = TIMES[system]
    try:
        at = datetime.strptime(row[column], form)
    except ValueError:
        return "unparsable_time", content, None
    if system in EVENTS and not row[EVENTS[system]].strip():
        return "empty_event", content, None
    return "row", content, at.replace(tzinfo=at.tzinfo or UTC).timestamp()


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_sample(tmp_path / name, seed=seed, customers=150)
    one, same, other = (_bytes(tmp_path / name) for name in "abc")
    assert one == same
    assert [path for path in one if one[path] == other.get(path)] == ["squiggle.toml"]


@pytest.mark.parametrize("customers", [1, 2, 10])
def test_a_very_small_sample_can_be_written(tmp_path: Path, customers: int) -> None:
    write_sample(tmp_path, seed=1, customers=customers)
    assert json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))


def test_the_sample_is_small(written: Path) -> None:
    sizes = {path: len(data) for path, data in _bytes(written).items()}
    assert sum(sizes.values()) < 3_000_000
    assert sizes["truth.json"] < 600_000


def test_the_committed_sample_is_what_the_generator_writes(written: Path) -> None:
    fresh = _bytes(written)
    assert sorted(p for p in fresh if not (COMMITTED / p).is_file()) == []
    for name in fresh:
        if name.endswith(".parquet"):
            # The bytes of Parquet name the library's version; the table does not.
            assert pq.read_table(COMMITTED / name).equals(pq.read_table(written / name))
        else:
            assert _text(COMMITTED / name) == _text(written / name), name


def test_the_truth_counts_what_the_files_hold(written: Path, truth: dict[str, Any]) -> None:
    for system, expected in truth["sources"].items():
        rows = {path: _rows(written / path, system) for path in sorted(expected["files"])}
        assert {path: len(lines) for path, lines in rows.items()} == expected["files"]
        lines = [line for one in rows.values() for line in one]
        verdicts = Counter(verdict for verdict, *_ in lines)
        good = [content for verdict, content, _ in lines if verdict == "row"]
        del verdicts["row"]
        assert dict(verdicts) == expected["reasons"]
        assert len(set(good)) == expected["loaded"]
        assert len(good) - len(set(good)) == expected["duplicate"]
        assert len(lines) == expected["read"]
        assert expected["read"] == sum(expected[k] for k in ("loaded", "duplicate", "rejected"))
        assert sum(_late(one) for one in rows.values()) == expected["out_of_order"]


def _late(rows: list[tuple[str, str, float | None]]) -> int:
    count, latest = 0, float("-inf")
    for verdict, _, at in rows:
        if verdict == "row" and at is not None:
            count += at < latest
            latest = max(latest, at)
    return count


def test_the_truth_counts_the_defects_of_the_web(written: Path, truth: dict[str, Any]) -> None:
    rows: dict[str, dict[str, str]] = {}
    for path in sorted(written.glob("web/*")):
        for row in csv.DictReader(_text(path).splitlines()):
            if row["event_id"].startswith("w"):
                rows[row["event_id"]] = row
    project = tomllib.loads(_text(written / "squiggle.toml"))
    mapped = {e for t in project["touchpoint"] for e in _listed(t["when"].get("event", []))}
    junk = truth["identity"]["junk_user_ids"]
    moments = Counter((row["cookie"], row["ts"]) for row in rows.values() if row["cookie"])
    ids = [(row["cookie"], row["user_id"], row["email"]) for row in rows.values()]
    assert len(rows) == truth["sources"]["web"]["loaded"]
    assert truth["web_defects"] == {
        "unmapped": sum(row["action"] not in mapped for row in rows.values()),
        "junk_user_id": sum(user in junk for _, user, _ in ids),
        "tied": sum(n for n in moments.values() if n > 1),
        "unidentified": sum(not c and not e and u in ("", *junk) for c, u, e in ids),
    }
    shares = {name: count / len(rows) for name, count in truth["web_defects"].items()}
    assert 0.015 < shares["unmapped"] < 0.025
    assert 0.007 < shares["junk_user_id"] < 0.013


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def test_every_recorded_id_leads_to_its_person(written: Path, truth: dict[str, Any]) -> None:
    columns = truth["identity"]["person_columns"]
    persons = [dict(zip(columns, row, strict=True)) for row in truth["persons"]]
    assert len(persons) == truth["identity"]["persons"] == truth["about"]["customers"]
    owners: dict[str, int] = {}
    for person in persons:
        for one in (person["user_id"], person["email"], *person["own_cookies"]):
            if one is not None:
                assert owners.setdefault(one, person["person_no"]) == person["person_no"]
    shared = {(cookie, at) for cookie, at, _ in truth["shared"]}
    junk = truth["identity"]["junk_user_ids"]
    for path in sorted(written.glob("web/*")):
        for row in csv.DictReader(_text(path).splitlines()):
            if not row["event_id"].startswith("w"):
                continue
            strong = {row["user_id"], row["email"]} - {"", *junk}
            if strong:
                assert len({owners[one] for one in strong}) == 1
            elif row["cookie"] in truth["identity"]["shared_cookies"]:
                at = datetime.fromisoformat(row["ts"]) - datetime(2026, 1, 1, tzinfo=UTC)
                assert (row["cookie"], round(at.total_seconds() * 1000)) in shared
            elif row["cookie"]:
                assert row["cookie"] in owners
    clicks = csv.DictReader(_text(written / "ads" / "clicks.csv").splitlines(), delimiter=";")
    seconds = {(cookie, at // 1000 % 60) for cookie, at in shared}
    for row in clicks:
        if row["cookie"] in truth["identity"]["shared_cookies"]:
            assert (row["cookie"], int(row["click_time"][-2:])) in seconds
        else:
            assert row["cookie"] in owners


def test_touches_walk_as_the_cycles_were_drawn() -> None:
    sample = generate(7, 400)
    walks: dict[int, list[int]] = {}
    for touch in sample.touches:
        stages = walks.setdefault(touch.person_no, [])
        if 1 <= touch.touchpoint.stage <= 4 and (not stages or stages[-1] != 4):
            stages.append(touch.touchpoint.stage)
    for number, stages in walks.items():
        cycle = sample.cycles[number][0]
        assert sum(abs(b - a) for a, b in pairwise(stages)) == cycle.movement
        assert max(stages) - stages[0] == cycle.progress


def test_the_project_file_names_six_sources_two_maps_and_only_known_columns(written: Path) -> None:
    project = tomllib.loads(_text(written / "squiggle.toml"))
    assert [s["name"] for s in project["source"]] == [
        *("web", "email", "ads", "shop", "support", "survey")
    ]
    assert [s["name"] for s in project["source"] if not s.get("required", True)] == [
        *("support", "survey")
    ]
    assert [m["name"] for m in project["map"]] == ["acquisition", "lifecycle"]
    stages = {stage for one in project["map"] for stage in one["stages"]}
    assert {t["stage"] for t in project["touchpoint"] if "stage" in t} == stages
    for source in project["source"]:
        for path in sorted(written.glob(source["files"])):
            assert set(source["columns"].values()) <= _columns(path), path


def _columns(path: Path) -> set[str]:
    if path.suffix == ".parquet":
        return set(pq.read_schema(path).names)
    if path.suffix == ".jsonl":
        mail = json.loads(_text(path).splitlines()[0])
        nested = {f"{k}.{n}" for k, v in mail.items() if isinstance(v, dict) for n in v}
        return nested | set(mail)
    header = _text(path).splitlines()[0]
    return set(header.replace(";", ",").replace("\t", ",").split(","))


def test_the_story_is_plausible(truth: dict[str, Any]) -> None:
    outcomes = truth["drawn"]["first_cycles"]
    assert 0.15 < outcomes["converted"] / sum(outcomes.values()) < 0.30
    assert truth["drawn"]["touches"] > 20_000
    assert truth["survey"]["nps_of_answers"] > truth["survey"]["nps_of_all"]
    expected = truth["model"]["squiggle"]
    assert truth["drawn"]["squiggle_first_cycles"] == pytest.approx(expected, abs=0.03)
