"""A warehouse that breaks a promise is not put in place, and the fault says which."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.checks import check
from pipeline.errors import ModelError
from pipeline.models import read_models
from pipeline.warehouse import building

HEADER = "-- {what}\n--\n-- grain:    one\n-- columns:\n--   one  integer  it\n{sql}\n"


def checked(folder: Path, *, header: str = HEADER, **selects: str) -> None:
    """Build each SELECT as a model of its name, then check them all."""
    models = []
    for name, sql in selects.items():
        place = folder / ("checks" if name.startswith("no_") else "5_kpi")
        place.mkdir(exist_ok=True)
        path = place / f"{name}.sql"
        path.write_text(header.format(what=f"One row of {name}.", sql=sql), encoding="utf-8")
        models += read_models([path])
    with building(folder / "made.duckdb") as built:
        for model in models:
            if model.kind != "check":
                built.build(model)
        check(built, models)


def test_keys_that_stand_twice_are_told_with_their_table(tmp_path: Path) -> None:
    (tmp_path / "made.duckdb").write_bytes(b"as before")
    with pytest.raises(
        ModelError, match=r"twice\.sql: more than one row per \('one',\): \[\(7,\)\]"
    ):
        checked(
            tmp_path,
            once="select 7::integer as one",
            twice="select 7::integer as one union all select 7 union all select 8",
        )
    assert (tmp_path / "made.duckdb").read_bytes() == b"as before"


def test_of_a_large_table_a_share_of_the_keys_is_looked_at(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"large\.sql: more than one row"):
        checked(
            tmp_path, large="select (range // 2)::integer as one from range(1_000_000) as listed"
        )


def test_a_table_that_is_made_in_ranges_keeps_its_grain_over_all_of_them(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"ranged\.sql: more than one row"):
        checked(
            tmp_path,
            header=HEADER.replace("-- grain", "-- ranges:   one\n-- grain"),
            ranged="select 7::integer as one union all select 7",
        )


def test_what_must_not_be_is_told_with_its_rows(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no_sevens\.sql: One row of no_sevens\. Found: 7"):
        checked(
            tmp_path,
            once="select 7::integer as one",
            no_sevens="select one from once where one = 7",
        )


def test_promises_that_are_kept_pass(tmp_path: Path) -> None:
    checked(
        tmp_path, once="select 7::integer as one", no_eights="select one from once where one = 8"
    )
    assert (tmp_path / "made.duckdb").is_file()
