"""The figures as the tables of the README, between its markers."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- measured by make bench -->", "<!-- end of what make bench measured -->"
_STAGES = {
    "ingest": "of it: reading and typing",
    "1_clean": "of it: cleaning (`1_clean`)",
    "2_identity": "of it: identity (`2_identity`)",
    "3_journeys": "of it: sessions and journeys (`3_journeys`)",
    "4_graph": "of it: graphs (`4_graph`)",
    "5_kpi": "of it: KPIs (`5_kpi`)",
    "checking": "of it: checks",
    "writing": "of it: writing and moving into place",
}
Figures = Mapping[str, Any]


def tables(found: Figures) -> str:
    """Return what stands between the markers."""
    where = found["machine"]
    peers = ", ".join(
        f"{name} {one['version']}"
        for name, one in sorted(_largest_peers(found).items())
        if "version" in one
    )
    parts = [
        "Seconds by the clock / of the processors; "
        f"{where['cpu']}, {where['cores']} cores, {where['memory_gb']} GB; {where['system']}; "
        f"Python {where['python']}, DuckDB {where['duckdb']}; memory limit {found['memory']}; log "
        f"{found['order']}; {where['date']}. The machine's load was {where['load']:.1f} when it "
        "began; where it is busy, seconds of the processors are the steadier figure.",
        _grid(("", *_heads(found["sizes"])), _run_rows(found)),
    ]
    if "links" in found:
        linked = found["links"]
        parts.append(
            f"{linked['links']:,} pairs of ids that come together: reading them "
            f"{_seconds(linked['read'])}, joining them {_seconds(linked['join'])}, "
            f"{linked['join']['peak_mb']:,} MB."
        )
    compared = [size for size in found["sizes"] if size.get("peers")]
    if compared:
        parts += [
            "The same work with what else could be picked (reading, sorting, sessions, moves with "
            "distinct customers and medians, a funnel, paths), the counts the same; × is "
            "processors' seconds against squiggle's. Squiggle's are those of the models that this "
            "takes: typing and rejecting, duplicates, identity, journeys and three levels of the "
            f"graph are in them, which the others leave out. {peers}.",
            _grid(("", *_heads(compared)), _peer_rows(compared)),
        ]
    return "\n\n".join(parts)


def put(text: str, found: Figures) -> str:
    """Return the README's text with the tables between its markers."""
    before, rest = text.split(BEGIN, 1)
    _, after = rest.split(END, 1)
    return f"{before}{BEGIN}\n\n{tables(found)}\n\n{END}{after}"


def write_readme(path: Path, found: Figures) -> None:
    """Write the tables into the README."""
    path.write_text(put(path.read_text(encoding="utf-8"), found), encoding="utf-8")


def slope(sizes: Sequence[Figures], name: str) -> float | None:
    """Return by which power of the events the processors' seconds grow; 1 is linear."""
    if len(sizes) < 2:
        return None
    few, many = sizes[-2], sizes[-1]
    return math.log(many[name]["cpu_s"] / few[name]["cpu_s"]) / math.log(
        many["events"] / few["events"]
    )


def _run_rows(found: Figures) -> list[list[str]]:
    sizes = found["sizes"]

    def row(name: str, cell: Callable[[Figures], str]) -> list[str]:
        return [name, *(cell(size) for size in sizes)]

    rows = [
        row("the floor: scan and sort", lambda one: _seconds(one["floor"])),
        row("**whole run**", lambda one: f"**{_seconds(one['run'])}**"),
        row("against the floor", lambda one: _ratio(one["run"], one["floor"])),
    ]
    for stage, told in _STAGES.items():
        rows.append(row(told, lambda one, stage=stage: _pair(one["run"]["parts"].get(stage))))
    rows += [
        row("report", lambda one: _seconds(one["report"])),
        row("peak memory of the run, MB", lambda one: f"{one['run']['peak_mb']:,}"),
        row("spilled, MB", lambda one: f"{one['run']['spilled_mb']:,}"),
        row("warehouse, MB", lambda one: f"{one['run']['warehouse_mb']:,}"),
        row("time in all as told after a fifth: furthest off", lambda one: _off(one["run"])),
    ]
    for name in sizes[0]["questions"]:
        rows.append(row(f"ask: {name}", lambda one, name=name: _seconds(one["questions"][name])))
    rows.append(
        row(
            "funnel against the floor", lambda one: _ratio(one["questions"]["funnel"], one["floor"])
        )
    )
    for kind in sizes[0].get("formats", {}):
        told = kind.upper() if kind != "parquet" else "Parquet"
        rows.append(row(f"{told}: reading it", lambda one, kind=kind: _format(one, kind, "read")))
        rows.append(row(f"{told}: ingest", lambda one, kind=kind: _format(one, kind, "ingest")))
    grown = slope(sizes, "run")
    if grown is not None:
        cells = [""] * (len(sizes) - 1) + [f"{grown:.2f}"]
        rows.append(["cost of the run grows with the events to the power of", *cells])
    return rows


def _peer_rows(sizes: Sequence[Figures]) -> list[list[str]]:
    names = sorted(
        sizes[-1]["peers"], key=lambda name: sizes[-1]["peers"][name].get("cpu_s", math.inf)
    )
    return [[name, *(_peer(size["peers"], name) for size in sizes)] for name in names]


def _peer(peers: Figures, name: str) -> str:
    one = peers.get(name, {"skipped": "not measured"})
    if "skipped" in one:
        return str(one["skipped"])
    times = one["cpu_s"] / peers["squiggle"]["cpu_s"]
    lacking = f", without {one['lacks']}" if one.get("lacks") else ""
    return f"{_seconds(one)} (×{times:.2g}), {one['peak_mb']:,} MB{lacking}"


def _largest_peers(found: Figures) -> Figures:
    with_peers = [size["peers"] for size in found["sizes"] if size.get("peers")]
    peers: Figures = with_peers[-1] if with_peers else {}
    return peers


def _heads(sizes: Sequence[Figures]) -> list[str]:
    return [f"{size['events']:,} events" for size in sizes]


def _format(one: Figures, kind: str, what: str) -> str:
    found = one.get("formats", {}).get(kind)
    return _seconds(found[what]) if found else ""


def _off(run: Figures) -> str:
    return " / ".join(f"{share:.0%}".replace("%", " %") for share in run["time_left_off"])


def _seconds(one: Figures) -> str:
    return _pair([one["wall_s"], one["cpu_s"]])


def _pair(pair: Sequence[float] | None) -> str:
    return "" if pair is None else " / ".join(f"{value:.1f}" for value in pair)


def _ratio(one: Figures, floor: Figures) -> str:
    return f"×{one['wall_s'] / floor['wall_s']:.1f} / ×{one['cpu_s'] / floor['cpu_s']:.1f}"


def _grid(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
