"""Identity against published answers: last user of a device, components, declared merges."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from .conftest import FIVE, Build, shared
from .test_identity import HEADER, at, owners, project

pytestmark = pytest.mark.tables("events", "identity_map")


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def test_oracle_last_user_per_device(build: Build) -> None:
    folder = shared("oracles", "id_01_ga4_last_user_per_device")
    answer = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    rows = [
        (row["user_id"], "", row["device_id"], at(int(row["ts"])), FIVE[0])
        for row in read(folder / "events.csv")
    ]
    built = build(rows, project("last_user"), header=HEADER)
    assert built.scalar("select count(*) from customers") == answer["customers_after_stitching"]
    names = dict(built.rows("select customer_id, value from identity_map where kind = 'user_id'"))
    found = {row[2]: names.get(owner) for row, owner in zip(rows, owners(built), strict=True)}
    assert {device: user for device, user in found.items() if user} == answer["mapping"]
    assert [device for device, user in found.items() if not user] == answer["unmapped"]


def test_oracle_connected_components(build: Build) -> None:
    folder = shared("oracles", "id_03_rudder_connected_component")
    rows = [
        (row["user_id"], "", row["anonymous_id"], at(int(row["ts"])), FIVE[0])
        for row in read(folder / "events.csv")
    ]
    built = build(rows, project("components"), header=HEADER)
    assert built.scalar("select count(*) from customers") == 1
    assert built.scalar("select count(*) from identity_map") == 5


@pytest.mark.parametrize("oracle", ["ph_funnel_01_anonymous_merge", "ph_paths_05_merged_ids"])
def test_oracle_declared_merges(build: Build, tmp_path: Path, oracle: str) -> None:
    folder = shared("oracles", oracle)
    merged = json.loads((folder / "question.json").read_text(encoding="utf-8"))["identity_map"]
    (one, other) = merged
    path = tmp_path / "links.csv"
    path.write_text(
        f"kind,value,other_kind,other_value\nuser_id,{one},user_id,{other}\n", encoding="utf-8"
    )
    listed = read(folder / "events.csv")
    rows = [(row["customer_id"], "", "", row["timestamp"], row["event"]) for row in listed]
    built = build(rows, project(extra=f'links = "{path}"'), header=HEADER)
    assert built.scalar("select count(*) from customers") == len({row[0] for row in rows}) - 1
