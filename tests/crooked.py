"""A drawn log of customers who come and go in bursts: what squiggle tables are held against."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np

START = datetime(2026, 1, 1)
EVENTS = (("Awareness",), ("Interest", "search"), ("Consideration",), ("Purchase",), ("Loyalty",))
COLUMNS = 'user_id = "who"\noccurred_at = "at"\nevent = "what"\nchannel = "way"'
HEADER = ("who", "at", "what", "way")
MORE = """
[[touchpoint]]
name = "Search"
stage = "Interest"
when = { event = "search" }

[[touchpoint]]
name = "Help"
when = { event = "help" }

[[segment]]
name = "way"
column = "channel"
"""
"""Two touchpoints of one stage, one of none, and a segment."""


def crooked_log() -> list[tuple[str, str, str, str]]:
    """Return bursts of events, hours, days and months apart, from two channels and none."""
    draw = np.random.default_rng(11)
    rows = []
    for customer in range(70):
        at = START + timedelta(days=int(draw.integers(0, 150)))
        for _ in range(int(draw.integers(1, 7))):
            for _ in range(int(draw.integers(1, 6))):
                named = EVENTS[int(draw.choice(5, p=[0.35, 0.25, 0.2, 0.12, 0.08]))]
                event = "help" if draw.random() < 0.1 else named[int(draw.integers(len(named)))]
                way = ("mail", "ads", "")[int(draw.integers(0, 3))]
                rows.append((f"c{customer}", at.isoformat() + "Z", event, way))
                at += timedelta(minutes=int(draw.integers(1, 20)))
            at += timedelta(hours=int(draw.choice([1, 12, 48, 1200])))
    return rows
