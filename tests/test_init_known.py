"""`squiggle init` on exports of known tools: they are recognised, and load without a word more."""

from __future__ import annotations

import gzip
import json
import tomllib
from pathlib import Path

from pipeline.project import load_project
from pipeline.sniff import propose
from pipeline.sniff.known import recognised

from . import format_fixtures as made
from . import format_logs as logs
from .test_init import checked, write

RUDDER = [{**call, "rudderId": "r1"} for call in made.CALLS]
GA4 = made.jsonl(made.without_nulls(row) for row in made.GA4)
EXPORTS = {
    "events_20260105.jsonl": ("ga4", GA4),
    "ga4.parquet": ("ga4", made.parquet(made.GA4)),
    "calls.json": ("segment", made.jsonl(made.CALLS)),
    "tracks.csv": ("segment", made.table(made.TABLES["tracks"])),
    "rudder.jsonl": ("rudderstack", made.jsonl(RUDDER)),
    "enriched.tsv.gz": ("snowplow", made.snowplow_tsv(made.SNOWPLOW)),
    "snowplow.parquet": ("snowplow", made.parquet(made.snowplow_typed())),
    "mixpanel.jsonl": ("mixpanel", made.jsonl(made.MIXPANEL)),
    "1_2026-01-05_10.json.gz": ("amplitude", gzip.compress(made.jsonl(made.AMPLITUDE))),
    "posthog.jsonl": ("posthog", made.jsonl(made.POSTHOG)),
    "posthog.parquet": ("posthog", made.parquet(made.posthog_typed())),
    "visits.json": ("matomo", json.dumps(logs.MATOMO[:1]).encode()),
    "visits.jsonl": ("matomo", made.jsonl(logs.MATOMO[:1])),
    "log.xes.gz": ("xes", gzip.compress(logs.XES.encode())),
}


def sources(folder: Path, *exports: Path) -> list[dict[str, object]]:
    """Return the sources of the proposal for the exports, after it has been loaded."""
    text = propose(exports or [folder], folder)
    (folder / "squiggle.toml").write_text(text, encoding="utf-8")
    load_project(folder)
    return list(tomllib.loads(text)["source"])


def test_known_exports_are_told_by_their_columns_and_load(tmp_path: Path) -> None:
    for name, (_, content) in EXPORTS.items():
        (tmp_path / name).write_bytes(content)
    found = sources(tmp_path)
    assert {one["files"]: one["format"] for one in found} == {
        name: kind for name, (kind, _) in EXPORTS.items()
    }
    assert not any({"columns", "time_format", "event"} & one.keys() for one in found)
    told = checked(tmp_path)
    rejected = {one["path"]: one["rows_rejected"] for one in told["files"]}
    assert all(one["rows_loaded"] > 0 for one in told["files"])
    assert rejected == {name: int(name == "log.xes.gz") for name in EXPORTS}, "one has no time"
    assert told["unmapped"] == []


def test_a_case_is_one_journey_and_a_customer_begins_anew_at_the_goal(tmp_path: Path) -> None:
    (tmp_path / "log.xes").write_text(logs.XES, encoding="utf-8")
    cases = tomllib.loads(propose([tmp_path], tmp_path))["map"]
    assert [one["closes"] for one in cases] == ["silence"]
    (tmp_path / "visits.jsonl").write_bytes(EXPORTS["visits.jsonl"][1])
    customers = tomllib.loads(propose([tmp_path], tmp_path))["map"]
    assert "closes" not in customers[0]


def test_files_of_a_known_export_are_one_source_though_their_columns_differ(
    tmp_path: Path,
) -> None:
    for day, row in enumerate(made.GA4[:3], start=5):
        line = made.without_nulls({**row, f"only_{day}": "x"})
        (tmp_path / f"events_2026010{day}.jsonl").write_bytes(made.jsonl([line]))
    (source,) = sources(tmp_path)
    assert (source["format"], source["files"]) == ("ga4", "events_*.jsonl")


def test_a_day_that_is_still_collected_is_left_out_beside_the_whole_day(tmp_path: Path) -> None:
    for name in ("events_20260104", "events_20260105", "events_intraday_20260105"):
        (tmp_path / f"{name}.jsonl").write_bytes(GA4)
    (source,) = sources(tmp_path)
    assert source["files"] == ["events_20260104.jsonl", "events_20260105.jsonl"]
    proposal = (tmp_path / "squiggle.toml").read_text(encoding="utf-8")
    assert "left out: events_intraday_20260105.jsonl: events_20260105.jsonl holds" in proposal
    assert len(checked(tmp_path)["files"]) == 2


def test_of_a_log_that_is_cut_short_its_beginning_tells(tmp_path: Path) -> None:
    (tmp_path / "log.xes").write_text(logs.XES[:1200], encoding="utf-8")
    (tmp_path / "empty.xes").write_text(logs.XES[:600], encoding="utf-8")
    (source,) = sources(tmp_path)
    assert (source["format"], source["files"]) == ("xes", "log.xes")
    proposal = (tmp_path / "squiggle.toml").read_text(encoding="utf-8")
    assert "left out: empty.xes: no event with a case, a name" in proposal


def test_whose_times_are_not_those_of_the_tool_is_no_export_of_it(tmp_path: Path) -> None:
    header = ["case:concept:name", "concept:name", "time:timestamp"]
    for times, kind in (("2026-01-05 10:00:0", "xes"), ("05.01.2026 10:00:0", None)):
        write(tmp_path / "log.csv", [header, *(["a", f"s{n}", f"{times}{n}"] for n in range(9))])
        (source,) = sources(tmp_path)
        assert source.get("format") == kind
        assert ("columns" in source) == (kind is None)


def test_the_export_that_more_columns_tell_is_taken() -> None:
    calls = ["messageId", "anonymousId", "timestamp", "type", "context.page.path"]
    assert (recognised(calls), recognised([*calls, "rudderId"])) == (
        made.FORMATS["segment"],
        made.FORMATS["rudderstack"],
    )
    assert recognised(["timestamp", "event", "user_id"]) is None
    assert recognised(["uuid", "event", "distinct_id", "timestamp", "properties_x"]) is None


def test_what_a_customer_has_no_part_in_is_proposed_as_passive_and_is_no_more_than_that(
    tmp_path: Path,
) -> None:
    rows = ["user_id,timestamp,event"]
    rows += [f"u{n % 9},2026-01-0{n % 7 + 1}T10:00:00Z,{what}" for n, what in enumerate(
        ["emailSent", "email_opened", "order", "resent_link", "order delivered", "heartbeat"] * 9
    )]  # fmt: skip
    (tmp_path / "log.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    text = propose([tmp_path / "log.csv"], tmp_path)
    (line,) = (line for line in text.splitlines() if "passive" in line)
    assert line.startswith('# passive = ["')
    told = line.removeprefix("# ")
    (tmp_path / "squiggle.toml").write_text(text.replace(line, told), encoding="utf-8")
    names = load_project(tmp_path).session.passive
    assert sorted(names) == ["emailSent", "heartbeat", "order delivered"]
