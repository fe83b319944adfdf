"""Drawn logs of two ways to buy: their project file, their groups, a row of what was found."""

from __future__ import annotations

from datetime import datetime, timedelta

from pipeline.compare import Comparison
from pipeline.questions import Scope

from .conftest import toml

HEADER = ("who", "at", "what", "way")
COLUMNS = 'user_id = "who"\noccurred_at = "at"\nevent = "what"\nchannel = "way"'
STAGES = ("Look", "Like", "Want", "Buy")
WAY = '\n[[segment]]\nname = "way"\ncolumn = "channel"\n'
START = datetime(2026, 1, 1)
ADS, MAIL = Scope(segments={"way": ["ads"]}), Scope(segments={"way": ["mail"]})


def project(*, as_of: str, within: str = "20 d", extra: str = "", since: str = "2025-01-01") -> str:
    return (
        toml(
            stages=STAGES,
            goal="Buy",
            columns=COLUMNS,
            extra=f'as_of = "{as_of}"\n{extra}',
            source_extra=f'recorded_since = "{since}"',
            map_extra=f'silence = "10 d"\nwithin = "{within}"\nabandon = ["Quit"]',
        )
        + '\n[[touchpoint]]\nname = "Quit"\nwhen = { event = "Quit" }\n'
        + WAY
    )


def at(day: float) -> str:
    return f"{START + timedelta(days=day):%Y-%m-%d %H:%M:%S}"


def row(comparison: Comparison, figure: str, item: str = "") -> dict[str, object]:
    (only,) = comparison.figures.query("figure == @figure and item == @item").to_dict("records")
    return only
