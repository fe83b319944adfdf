"""Whole exports and drawn logs on Spark: every table is the one of DuckDB."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings

from pipeline.project import Project, load_project

from .conftest import ROOT, shared
from .drawn_logs import LOGS, Drawn, write_drawn
from .engines import MODELS, ON_SPARK, differences, keep_tables, on_spark
from .test_exports import project as exported

pytestmark = [pytest.mark.soak, *ON_SPARK]  # minutes each


def differing(project: Project, folder: Path) -> dict[str, str]:
    """Build a log on both engines; return what is not the same, by table."""
    with pytest.MonkeyPatch.context() as patch:
        keep_tables(project, folder / "by_duckdb", patch)
        keep_tables(on_spark(project, small=-1), folder / "by_spark", patch)
    told = {
        model.name: differences(model, folder / "by_duckdb", folder / "by_spark")
        for model in MODELS
    }
    return {name: text for name, text in told.items() if text}


EXPORTS = {
    "ecom_shop": (
        "ecom.csv.gz",
        {
            "columns": 'user_id = "user_id"\noccurred_at = "timestamp"\nevent = "event"\n'
            'session_key = "session_id"\nchannel = "acquisition_channel"\ndevice = "platform"',
            "stages": ["home", "product_view", "add_to_cart", "cart"],
            "map_extra": 'silence = "14 d"\nwithin = "7 d"',
        },
    ),
    "online_retail": (
        "online_retail.parquet",
        {
            "columns": 'user_id = "CustomerID"\noccurred_at = "InvoiceDate"\n'
            'order_id = "InvoiceNo"\ncountry = "Country"\nvalue = "UnitPrice"',
            "source": 'event = "line"\ntimezone = "Europe/London"',
            "stages": ["line", "none"],
        },
    ),
}


@pytest.mark.parametrize("log", ["sample", *EXPORTS])
def test_exports_give_the_same_tables(log: str, spark: Any, tmp_path: Path) -> None:
    folder = tmp_path / "log"
    if log == "sample":
        made = shutil.ignore_patterns(".squiggle", "*.duckdb*", "*.tables", "report.html")
        shutil.copytree(ROOT / "data" / "sample", folder, ignore=made)
    else:
        folder.mkdir()
        file, said = EXPORTS[log]
        text = exported(shared("data", log, file), **said)
        (folder / "squiggle.toml").write_text(text, encoding="utf-8")
    project = load_project(folder)
    assert differing(project, tmp_path) == {}


@settings(max_examples=4, phases=[Phase.generate])  # a smaller example is not worth an hour
@given(log=LOGS)
def test_drawn_logs_give_the_same_tables(
    log: Drawn, spark: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("drawn")
    write_drawn(folder, log)
    assert differing(load_project(folder), folder) == {}
