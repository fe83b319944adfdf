"""A small log with what engines disagree on: ties, nulls, clocks, Unicode, repeats, rejects."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from .conftest import write_csv

HEADER = (
    *("at", "seq", "what", "id", "who", "mail", "cookie", "way", "amount", "money", "order"),
    *("kind", "score", 'it\'s "odd"', "land"),
)
PEOPLE = ("ann", "Bób", "ΣΊΣΥΦΟΣ", "İstanbul", "zoë 🦊", "o'hara", "1e5", "00042", "guest", "ß")
EVENTS = (
    "ad",
    "search",
    "compare",
    "buy",
    "rate",
    "help",
    "cancel",
    "(start)",
    "naïve 🎈",
    "mail sent",
)
WEIGHTS = (0.2, 0.17, 0.16, 0.13, 0.08, 0.08, 0.02, 0.04, 0.04, 0.08)
START = datetime(2025, 10, 20)
"""Berlin sets its clocks back on 2025-10-26 and forward on 2026-03-29."""

PROJECT = """
name = "nasty"
timezone = "Europe/Berlin"
as_of = "2026-05-01"
max_rejected = 0.2

[[source]]
name = "web"
files = "web*.csv"
recorded_since = "2025-10-20"
keep = ["it's \\"odd\\""]
[source.columns]
occurred_at = "at"
sequence = "seq"
event = "what"
event_id = "id"
user_id = "who"
email = "mail"
cookie_id = "cookie"
channel = "way"
value = "amount"
currency = "money"
order_id = "order"
score_type = "kind"
score = "score"
country = "land"

[[source]]
name = "desk"
files = "desk.jsonl"
channel = "telephone"
[source.columns]
occurred_at = "t"
event = "e"
email = "from"
direction = "way"
cost = "cost"

[[map]]
name = "first"
stages = ["Aware", "Interest", "Choice", "Purchase", "Loyal"]
goal = "Purchase"
abandon = ["Cancel"]
silence = "20 d"
within = "10 d"
path = ["Aware", "Interest?", "Choice+", "Purchase"]

[[map]]
name = "life Ω"
stages = ["Aware", "Interest", "Choice", "Purchase", "Loyal"]
goal = "Loyal"
closes = "silence"
horizon = "found"
start = ["Aware", "Interest"]
path = "found"

[[touchpoint]]
name = "Ad"
stage = "Aware"
when = { event = "ad", channel = ["m*", "ads?x", "%"] }
[[touchpoint]]
name = "Other ad"
stage = "Aware"
when = { event = "ad" }
[[touchpoint]]
name = "Search"
stage = "Interest"
when = { event = "search" }
[[touchpoint]]
name = "Odd comparison"
stage = "Choice"
when = { event = "compare", "it's \\"odd\\"" = "a*" }
[[touchpoint]]
name = "Comparison"
stage = "Choice"
when = { event = "compare" }
[[touchpoint]]
name = "Dear order"
stage = "Purchase"
when = { event = "buy", value = "9*" }
[[touchpoint]]
name = "Order"
stage = "Purchase"
when = { event = "buy" }
[[touchpoint]]
name = "Rating"
stage = "Loyal"
when = { event = "rate", score = "*" }
[[touchpoint]]
name = "Cancel"
when = { event = "cancel" }
[[touchpoint]]
name = "Ask"
when = { event = "mail sent" }

[[segment]]
name = "oddity"
column = "it's \\"odd\\""
take = "most"
most = 2
[[segment]]
name = "country"
column = "country"
of = "customer"
take = "last"

[reporting]
period = "week"

[kpi]
nps_sends = ["Ask"]
cancels = ["Cancel"]
new_after = "2 d"
"""


def write_nasty(folder: Path, *, seed: int = 5, people: int = 34) -> None:
    """Write the log and its project file into the folder."""
    draw = np.random.default_rng(seed)
    rows = [_event(draw, number, people) for number in range(people * 12)]
    rows += [rows[number] for number in (3, 4, 50)]  # the same record again
    rows.append((*rows[7][:2], "search", *rows[7][3:]))  # the same id, another content
    rows += [("never", *rows[9][1:]), ("", *rows[10][1:]), (*rows[11][:2], "", *rows[11][3:])]
    half = len(rows) // 2
    write_csv(folder / "web1.csv", quoted(HEADER), [quoted(row) for row in rows[:half]])
    write_csv(folder / "web2.csv", quoted(HEADER), [quoted(row) for row in rows[half - 9 :]])
    (folder / "web3.csv").write_bytes((folder / "web1.csv").read_bytes())  # the same file again
    calls = [
        {
            "t": (START + timedelta(hours=int(draw.integers(0, 4000)))).isoformat() + "+02:00",
            "e": ("help", "call \u2028 back")[int(draw.integers(2))],
            "from": _mail(int(draw.integers(people))),
            "way": (None, "inbound", "OUTBOUND")[int(draw.integers(3))],
            "cost": round(float(draw.random()) * 20, 2),
        }
        for _ in range(people)
    ]
    text = "\n".join(json.dumps(call) for call in calls)
    (folder / "desk.jsonl").write_text(text + "\n", encoding="utf-8")
    (folder / "squiggle.toml").write_text(PROJECT, encoding="utf-8")


def _event(draw: np.random.Generator, number: int, people: int) -> tuple[str, ...]:
    person = int(draw.integers(people))
    what = EVENTS[int(draw.choice(len(EVENTS), p=WEIGHTS))]
    burst = timedelta(days=(person * 7 + int(draw.choice([0, 0, 1, 3, 30, 90]))) % 165)
    clock = timedelta(minutes=int(draw.choice([0, 1, 30, 31, 60, 145, 150, 175, 180])))
    is_known = draw.random() < 0.5
    is_order = what == "buy" and draw.random() < 0.9
    is_answer = what == "rate"
    return (
        (START + burst + clock).strftime("%Y-%m-%d %H:%M:%S"),
        str(number) if draw.random() < 0.5 else "",
        what,
        f"e{number}" if draw.random() < 0.7 else "",
        _name(person) if is_known else "",
        _mail(person) if draw.random() < 0.3 else "",
        f"c{person % 20}" if draw.random() < 0.8 else "",
        ("mail", "ads1x", "Ünï", "", "%")[int(draw.integers(5))],
        f"{float(draw.choice([9.99, 90, 20.5, -20.5])):.2f}" if is_order else "",
        (" eur", "USD", "zł", "")[int(draw.integers(4))] if is_order else "",
        f"o{int(draw.integers(40))}" if is_order else "",
        "nps" if is_answer else "",
        str(int(draw.integers(0, 11))) if is_answer else "",
        ("a 'b'", "a\\c", "Ärger", "", "b")[int(draw.integers(5))],
        ("DE", "de", "", "FR")[int(draw.integers(4))],
    )


def _name(person: int) -> str:
    return PEOPLE[person] if person < len(PEOPLE) else f"p{person}"


def _mail(person: int) -> str:
    return f"{_name(person)}@İx.example".replace(" ", ".")


def quoted(cells: tuple[str, ...]) -> list[str]:
    """Return the cells of a record as CSV with quotes."""
    return ['"' + cell.replace('"', '""') + '"' if cell else "" for cell in cells]
