"""Pseudonyms with a key: the same secret gives the same ones, without it none can be guessed."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from pipeline import load_project, run
from pipeline.errors import ProjectError
from pipeline.models import load_models
from pipeline.warehouse import open_warehouse

from .conftest import Build, toml, write_csv

pytestmark = pytest.mark.tables(
    "customers", "identity_map", "identity_changes", "stage_counts", "figure_fingerprints"
)
SECRET = "a secret that is long enough"
KEYED = toml(columns='user_id = "who"\ndevice_id = "on"\noccurred_at = "at"\nevent = "what"') + (
    '\n[privacy]\nkey_from = "SECRET_OF_TESTS"\n'
)
PLAIN = KEYED.replace('key_from = "SECRET_OF_TESTS"', "k = 1")
HEADER = ("who", "on", "at", "what")
PEOPLE = ("ann@example.org", "bob@example.org", "")
ROWS = [
    (who, f"d{number}", f"2026-01-{day:02} 10:00:00", what)
    for number, who in enumerate(PEOPLE)
    for day, what in enumerate(("Awareness", "Interest", "Loyalty"), start=1)
]


def pseudonyms(build: Build, project: str, rows: Any = ROWS) -> set[str]:
    warehouse = build(rows, project, header=HEADER)
    return {name for (name,) in warehouse.rows("select customer_id from customers")}


def guessed(value: str, kind: str) -> set[str]:
    """What anybody can work out of an id: hashes of it, and of the anonymous customer's name."""
    texts = [value, f"{kind}:{value}"]
    plain = [hashlib.md5(text.encode()).hexdigest()[:20] for text in texts]
    again = [hashlib.md5(f"anonymous:{one}".encode()).hexdigest()[:20] for one in plain]
    return {*plain, *again}


KNOWN = set[str]().union(*(guessed(one, "user_id") for one in PEOPLE), guessed("d2", "device_id"))


def test_without_a_key_whoever_knows_an_id_knows_its_pseudonym(build: Build) -> None:
    assert pseudonyms(build, PLAIN) <= KNOWN


def test_with_a_key_nobody_can_work_them_out(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_OF_TESTS", SECRET)
    found = pseudonyms(build, KEYED)
    assert len(found) == 3
    assert KNOWN.isdisjoint(found)


def test_the_same_secret_joins_later_batches_and_another_does_not(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_OF_TESTS", SECRET)
    first = pseudonyms(build, KEYED, ROWS[:4])
    later = pseudonyms(build, KEYED, [*ROWS, ("eve", "d9", "2026-02-01 10:00:00", "Interest")])
    assert first < later
    monkeypatch.setenv("SECRET_OF_TESTS", SECRET[::-1])
    assert later.isdisjoint(pseudonyms(build, KEYED))


@pytest.mark.parametrize(
    ("secret", "told"),
    [
        (None, "the environment variable SECRET_OF_TESTS is not set"),
        ("", "the environment variable SECRET_OF_TESTS is not set"),
        ("too short", "the environment variable SECRET_OF_TESTS has fewer than 16 characters"),
    ],
)
def test_without_its_secret_a_run_stops_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, secret: str | None, told: str
) -> None:
    write_csv(tmp_path / "log.csv", HEADER, ROWS)
    (tmp_path / "squiggle.toml").write_text(KEYED, encoding="utf-8")
    monkeypatch.setenv("SECRET_OF_TESTS", SECRET)
    before = run(load_project(tmp_path)).warehouse.read_bytes()
    if secret is None:
        monkeypatch.delenv("SECRET_OF_TESTS")
    else:
        monkeypatch.setenv("SECRET_OF_TESTS", secret)
    with pytest.raises(ProjectError, match=told):
        run(load_project(tmp_path))
    assert (tmp_path / "journeys.duckdb").read_bytes() == before


def test_a_new_secret_renames_customers_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_csv(tmp_path / "log.csv", HEADER, ROWS)
    (tmp_path / "squiggle.toml").write_text(KEYED, encoding="utf-8")
    found = []
    for secret in (SECRET, SECRET[::-1]):
        monkeypatch.setenv("SECRET_OF_TESTS", secret)
        made = run(load_project(tmp_path))
        with open_warehouse(made.warehouse) as built:
            names = {name for (name,) in built.rows("select customer_id from customers")}
            counts = built.rows("from stage_counts order by all")
            prints = built.rows(
                "select definitions_fingerprint from figure_fingerprints order by 1"
            )
            wholes = {one for (one,) in built.rows("select fingerprint from figure_fingerprints")}
            # Who has another name has not become another person.
            assert built.scalar("select count(*) from identity_changes") == 0
            found.append((names | wholes, counts, prints))
        assert secret.encode() not in made.warehouse.read_bytes()
    assert not found[0][0] & found[1][0]
    assert found[0][1:] == found[1][1:]


def test_a_secret_is_named_and_never_written_into_the_project_file(build: Build) -> None:
    written = KEYED.replace("SECRET_OF_TESTS", "k7!=secret")
    with pytest.raises(ProjectError, match="key_from"):
        build(ROWS, written, header=HEADER)


def test_above_identity_no_table_has_a_number_that_is_worked_out_of_an_id() -> None:
    floors = ("3_journeys", "4_graph", "5_kpi")
    held = {
        (model.name, column.name)
        for model in load_models()
        for column in model.columns
        if model.floor in floors
        and (column.name.endswith("id_no") or column.name in ("person_no", "identity_key"))
    }
    assert held == set()
