"""Logs that Hypothesis draws for two engines: few people, many ties, odd letters, odd hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import strategies as st

from .conftest import write_csv
from .nasty import HEADER, PROJECT, quoted

MOMENTS = tuple(
    datetime.fromisoformat(text)
    for text in (
        *("2025-10-26 01:59:59", "2025-10-26 02:00:00", "2025-10-26 02:30:00"),
        *("2025-10-26 03:00:00", "2025-11-30 23:59:59", "2025-12-01 00:00:00"),
        *("2025-12-28 23:30:00", "2025-12-31 23:59:59", "2026-01-01 00:00:00"),
        *("2026-03-29 01:59:59", "2026-03-29 02:00:00", "2026-03-29 02:30:00"),
    )
)
"""Ends of days, months, years and ISO weeks, and hours that were twice or never in Berlin."""
AFTER = tuple(
    timedelta(seconds=count)
    for count in (0, 0, 1, 1799, 1800, 1801, 86_400, 20 * 86_400, 20 * 86_400 + 1)
)
"""At the timeouts of sessions and journeys, just before, and just after."""
WHO = ("ann", "Ann", "ΣΑΣ", "İ", "ß", "zoë 🦊", "o'hara", "guest", "null", "00042", "")
EVENTS = ("ad", "search", "compare", "buy", "buy", "rate", "cancel", "(start)", "naïve 🎈", " ad ")
TEXTS = ("", "mail", "ads1x", "Ünï", "%", "a 'b'", "a\\c", "\uff41", "\u00a0x", "x\u2028y")
ZONES = ("Europe/Berlin", "UTC", "America/St_Johns", "Asia/Kathmandu")
POLICIES = ("guarded", "components", "last_user", "first_user", "nearest", "none")

EVENT = st.tuples(
    st.builds(
        lambda moment, after: (moment + after).strftime("%Y-%m-%d %H:%M:%S"),
        st.sampled_from(MOMENTS),
        st.sampled_from(AFTER),
    ),
    st.sampled_from(("", "1", "2", "10")),  # sequence
    st.sampled_from(EVENTS),
    st.sampled_from(("", *(f"e{number}" for number in range(60)))),  # some come twice
    st.sampled_from(WHO),
    st.sampled_from(("", "", "a@x.example", "A@x.example", "İ@x.example")),
    st.sampled_from(("", "c1", "c2")),  # cookies that several people share
    st.sampled_from(TEXTS),
    st.sampled_from(("", "9.99", "-20.5", "0", "90")),
    st.sampled_from(("", "eur", "zł")),
    st.sampled_from(("", "o1", "o2")),
    st.sampled_from(("", "nps")),
    st.sampled_from(("", "0", "6", "7", "9", "10")),
    st.sampled_from(TEXTS),
    st.sampled_from(("DE", "de", "", "FR")),
)


@dataclass(frozen=True)
class Drawn:
    """A log, and what its project says of it."""

    rows: list[tuple[str, ...]]
    zone: str
    policy: str
    dedupe: str


LOGS = st.builds(
    Drawn,
    rows=st.lists(EVENT, min_size=30, max_size=120),
    zone=st.sampled_from(ZONES),
    policy=st.sampled_from(POLICIES),
    dedupe=st.sampled_from(("auto", "none")),
)


def write_drawn(folder: Path, log: Drawn) -> None:
    """Write a drawn log and its project file into the folder."""
    start = PROJECT.index('[[source]]\nname = "desk"')
    end = PROJECT.index('[[map]]\nname = "first"')
    project = PROJECT[:start] + PROJECT[end:]
    project = project.replace("Europe/Berlin", log.zone).replace(
        'recorded_since = "2025-10-20"', f'dedupe = "{log.dedupe}"'
    )
    project += f'\n[identity]\npolicy = "{log.policy}"\n'
    (folder / "squiggle.toml").write_text(project, encoding="utf-8")
    write_csv(folder / "web1.csv", quoted(HEADER), [quoted(row) for row in log.rows])
