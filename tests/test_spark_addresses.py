"""Files at addresses that only Spark reads: found, brought, removed, or refused in a sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipeline.engine import addresses
from pipeline.engine.addresses import LIMIT, Listing, bring, listed, remove
from pipeline.errors import DataError
from pipeline.ingest.files import find_files
from pipeline.project import Project

from .engines import ON_SPARK
from .far import HOME, far, seen, write_far

pytestmark = ON_SPARK


@pytest.fixture
def log(spark: Any, tmp_path: Path) -> Project:
    """Return the log in a folder of its own, which the session sees at `HOME`, too."""
    (tmp_path / "lake").mkdir()
    return seen(spark, write_far(tmp_path))


def test_files_are_brought_in_pieces_to_the_byte(
    log: Project, spark: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(addresses, "PIECE", 100)
    monkeypatch.setattr(addresses, "BROUGHT", 5_000)
    files = bring(spark, listed(spark, f"{HOME}/exports"), tmp_path / "brought")
    assert {file.name: file.read_bytes() for file in files} == {
        path.name: path.read_bytes()
        for path in (log.folder / "exports").iterdir()
        if path.name != "web empty.csv"
    }


def test_a_folder_stands_for_its_exports_and_a_glob_for_what_it_matches(
    log: Project, spark: Any
) -> None:
    def named(pattern: str) -> list[str]:
        source = log.source[0].model_copy(update={"files": (f"{HOME}/{pattern}",)})
        found = find_files(log.model_copy(update={"source": (source,)}), Listing(spark))
        return [file.name.removeprefix(f"{HOME}/exports/") for file in found]

    exports = sorted(path.name for path in (log.folder / "exports").iterdir())
    assert named("exports") == named("*") == [name for name in exports if name != "notes.md"]
    assert named("exports/web[12]*") == ["web2.csv"]
    assert named("exports/{web2.csv,desk*}") == ["desk.jsonl", "web2.csv"]


def test_removed_is_all_that_was_below_and_what_is_beside_stays(log: Project, spark: Any) -> None:
    for name in ("one/deep", "two"):
        place = log.folder / "lake" / name
        place.mkdir(parents=True)
        (place / "rows.parquet").write_bytes(b"rows")
    remove(spark, f"{HOME}/lake/one")
    assert [name for name, _ in listed(spark, f"{HOME}/lake")] == [f"{HOME}/lake/two/rows.parquet"]


@pytest.mark.parametrize(
    "files, said",
    [
        (f"{HOME}/exports/no*.csv", r"'viewfs://far/exports/no\*.csv' matches no file$"),
        (
            "nowhere://b/*.csv",
            r'Spark cannot list it: No FileSystem for scheme "nowhere"; mend the',
        ),
        (f"{HOME}/exports/notes.md", r"notes.md: the ending does not tell the format; set format"),
    ],
)
def test_what_is_not_found_is_one_sentence(files: str, said: str, log: Project, spark: Any) -> None:
    source = log.source[0].model_copy(update={"files": (files,)})
    with pytest.raises(DataError, match=said) as found:
        find_files(log.model_copy(update={"source": (source,)}), Listing(spark))
    assert len(str(found.value).splitlines()) == 2


def test_a_file_that_spark_does_not_bring_is_told_before_it_is_read(
    log: Project, spark: Any
) -> None:
    spark.conf.set(LIMIT, "2000")
    try:
        with pytest.raises(DataError) as found:
            find_files(far(log, small=0), Listing(spark))
    finally:
        spark.conf.unset(LIMIT)
    size = (log.folder / "exports" / "web2.csv").stat().st_size
    assert (
        f"  - {HOME}/exports/web2.csv: this has {size:,} bytes, and Spark brings files of at most "
        "2,000 to its tasks; cut the export into smaller files"
    ) in str(found.value).splitlines()
