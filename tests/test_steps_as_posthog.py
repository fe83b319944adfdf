"""Steps counted as PostHog counts paths: cut, merged, so many at most; the published answers."""

from __future__ import annotations

import csv
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from pipeline.paths import steps
from pipeline.questions import Scope
from pipeline.warehouse import Warehouse

from .conftest import Build, shared, toml
from .parts import QUESTIONS

pytestmark = pytest.mark.tables(*QUESTIONS)

HEADER = ("who", "at", "what", "case")
# Facts of PostHog's own tests: events in, links out.
TIMES = [
    *(
        ("fake", f"2012-01-01T03:{m}:34Z", page)
        for m, page in ((21, "/1"), (22, "/2"), (24, "/3"), (27, "/4"))
    ),
    *(
        ("fake2", f"2012-01-01T03:{m}:34Z", page)
        for m, page in ((21, "/1"), (23, "/2"), (27, "/3"))
    ),
]
TIMES_LINKS = {
    (1, "/1", "/2"): (2, 90.0),
    (2, "/2", "/3"): (2, 180.0),
    (3, "/3", "/4"): (1, 180.0),
}
MERGED = [
    ("p1", "2012-01-14T03:21:34Z", "/"),
    ("p1", "2012-01-14T03:28:34Z", "/about"),
    ("p2", "2012-01-14T03:21:34Z", "/"),
    ("p2", "2012-01-14T03:28:34Z", "/pricing"),
    ("p2", "2012-01-14T03:29:34Z", "/about"),
    ("p3", "2012-01-14T03:21:34Z", "/pricing"),
    ("p3", "2012-01-14T03:28:34Z", "/"),
    ("p4", "2012-01-14T03:21:34Z", "/"),
    ("p4", "2012-01-14T03:28:34Z", "/pricing"),
]
MERGED_LINKS = {
    (1, "/", "/pricing"): 2,
    (1, "/", "/about"): 1,
    (1, "/pricing", "/"): 1,
    (2, "/pricing", "/about"): 1,
}
DRAWN = [
    *(("d1", f"2026-01-01T10:{m:02}:00Z", page) for m, page in enumerate("aabbbca")),
    *(("d2", f"2026-01-01T10:{m:02}:00Z", page) for m, page in ((0, "a"), (30, "b"), (61, "c"))),
]


def pages(build: Build, cases: dict[str, list[tuple[str, str, str]]], extra: str = "") -> Warehouse:
    """Events of several cases in one warehouse; each is a value of the segment case."""
    rows = [(*row, case) for case, listed in cases.items() for row in listed]
    source = 'keep = ["case"]'
    project = toml(source_extra=source, extra=extra, rules=True)
    return build(rows, project + '\n[[segment]]\nname = "case"\ncolumn = "case"\n', header=HEADER)


def real_links(warehouse: Warehouse, scope: Scope, most: int) -> dict[tuple[int, str, str], Any]:
    """Links between real nodes as PostHog counts them: value and mean seconds."""
    found = steps(warehouse, scope=scope, cut="session", merge_repeats=True, forward=most).links
    virtual = ("(start)", "(exit)", "(open)", "(more)")
    return {
        (row["step"], row["from_node"], row["to_node"]): (row["units"], row["mean_s"])
        for row in found.to_dict("records")
        if row["from_node"] not in virtual and row["to_node"] not in virtual
    }


def test_paths_are_cut_merged_and_counted_as_posthog_does(build: Build) -> None:
    one = [("x", "2026-01-01T10:00:00Z", "a")]
    cases = {"times": TIMES, "merged": MERGED, "drawn": DRAWN, "one": one}
    warehouse = pages(build, cases)
    asked = {case: Scope(segments={"case": [case]}) for case in cases}
    assert real_links(warehouse, asked["times"], 4) == TIMES_LINKS
    found = real_links(warehouse, asked["merged"], 5)
    assert {link: units for link, (units, _) in found.items()} == MERGED_LINKS
    # Repeats are merged first; a silence of 30 minutes goes on, one of 31 begins a new path.
    assert real_links(warehouse, asked["drawn"], 3) == {
        (1, "a", "b"): (2, (120 + 1800) / 2),
        (2, "b", "c"): (1, 180),
    }
    # A journey of one step begins and ends, and is there once.
    found = steps(warehouse, "a", asked["one"], back=1, forward=0)
    assert found.nodes[["step", "node", "units", "share"]].values.tolist() == [
        [-2, "(start)", 1, 1.0],
        [-1, "(start)", 1, 1.0],
        [0, "a", 1, 1.0],
        [1, "(open)", 1, 1.0],
    ]
    links = found.links[["step", "from_node", "to_node", "units"]].values.tolist()
    assert links == [[-1, "(start)", "a", 1], [0, "a", "(open)", 1]]


def test_the_published_paths_are_found(build: Build, tmp_path: Path) -> None:
    folders = sorted(shared("oracles").glob("ph_paths_*"))
    assert folders
    cases: dict[str, list[tuple[str, str, str]]] = {}
    lines = ["kind,value,other_kind,other_value"]
    for folder in folders:
        with (folder / "events.csv").open(encoding="utf-8", newline="") as file:
            cases[folder.name] = [
                (
                    f"{folder.name}:{row['customer_id']}",
                    row["timestamp"],
                    row.get("page") or row["event"],
                )
                for row in csv.DictReader(file)
            ]
        named = asked_of(folder).get("identity_map", {})
        lines += [  # the ids of one person are linked by a file of links
            f"user_id,{folder.name}:{one},user_id,{folder.name}:{two}"
            for one, two in pairwise(sorted(named, key=lambda own, to=named: (to[own], own)))
            if named[one] == named[two]
        ]
    links = tmp_path / "links.csv"
    links.write_text("\n".join(lines) + "\n", encoding="utf-8")
    warehouse = pages(build, cases, f'[identity]\nlinks = "{links}"')
    for folder in folders:
        scope = Scope(segments={"case": [folder.name]})
        found = real_links(warehouse, scope, asked_of(folder)["max_steps"])
        expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
        published = {}
        for link in expected["links"]:
            step, _, source = link["source"].partition("_")
            key = (int(step), source, link["target"].partition("_")[2])
            published[key] = (link["value"], link.get("avg_seconds"))
        assert found.keys() == published.keys(), folder.name
        for key, (value, seconds) in published.items():
            assert found[key][0] == value, (folder.name, key)
            if seconds is not None:
                assert found[key][1] == pytest.approx(seconds), (folder.name, key)


def asked_of(folder: Path) -> dict[str, Any]:
    """What a published case asks."""
    found: dict[str, Any] = json.loads((folder / "question.json").read_text(encoding="utf-8"))
    return found
