"""How far a run is: the law of the estimate under a fake clock, the agenda, and what is shown."""

from __future__ import annotations

import random
import shutil
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cli.progress import QUIET_S, Plain, Shown, line
from pipeline.errors import DataError
from pipeline.models import load_models
from pipeline.progress import Agenda, Doing, Progress, Watch, cost, estimate
from pipeline.progress.costs import costs
from pipeline.project import load_project
from pipeline.run import run
from pipeline.warehouse.space import bytes_of, size, space, told_space

from .drawing import examples


class Clock:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def totals(works: list[float], took: list[float], looks: int = 4) -> list[tuple[float, float]]:
    """Walk through steps; return the share that is done, and the total time as then estimated."""
    clock = Clock()
    watch = Watch(clock)
    found = []
    for number, (work, seconds) in enumerate(zip(works, took, strict=True)):
        left = sum(works[number + 1 :])
        watch.tell(Doing("building", str(number), None, work, left, is_first=number == 0))
        for _ in range(looks):
            now = watch.now()
            found.append((now.share, clock.seconds + now.left_s))
            clock.seconds += seconds / looks
    return found


works = st.lists(st.floats(0.01, 10), min_size=5, max_size=60)


@given(works=works, pace=st.floats(0.2, 20))
@examples(60)
def test_on_a_slower_machine_the_time_left_is_right_after_the_first_fifth(
    works: list[float], pace: float
) -> None:
    # A step may be most of the work: the fifth is known to be over when a step is.
    took = [work * pace for work in works]
    done = 0.0
    for place, (_, total) in enumerate(totals(works, took, looks=1)):
        if done >= 0.2 * sum(works):
            assert total == pytest.approx(sum(took))
        done += works[place]


def test_steps_that_scatter_by_half_leave_the_estimate_within_a_tenth() -> None:
    chance = random.Random(7)
    works = [chance.uniform(0.5, 1.5) for _ in range(200)]
    took = [work * 3 * chance.uniform(0.5, 1.5) for work in works]
    for share, total in totals(works, took):
        if share >= 0.2:
            assert total == pytest.approx(sum(took), rel=0.1)


@given(works=works, scatter=st.integers(0, 1000))
@examples(40)
def test_the_share_never_falls_and_stays_a_share(works: list[float], scatter: int) -> None:
    chance = random.Random(scatter)
    took = [work * chance.uniform(0.1, 10) for work in works]
    shares = [share for share, _ in totals(works, took)]
    assert all(0 <= share <= 1 for share in shares)
    # The pace of a finished step may show the one at work to be less far than it seemed: only then.
    whole = shares[::4]
    assert whole == sorted(whole)


def test_a_step_that_takes_longer_than_expected_is_never_quite_done() -> None:
    now = estimate(done=50, took_s=50, work=10, worked_s=1_000, left=40)
    assert now.share == pytest.approx(0.595)
    assert now.left_s == pytest.approx(40.5)


def test_the_first_moments_do_not_decide() -> None:
    # A hundredth of the work took ten times as long as expected: 10 % more, not ten times as much.
    assert estimate(done=1, took_s=10, work=0, worked_s=0, left=99).left_s == pytest.approx(
        99 * (10 + 19) / 20
    )


def test_nothing_to_do_is_done() -> None:
    assert estimate(done=0, took_s=0, work=0, worked_s=0, left=0) == Progress(1.0, 0.0)


def told_by(agenda_of: list[Doing], *, maps: int = 1) -> Agenda:
    return Agenda(agenda_of.append, load_models(), maps=maps)


def test_what_is_told_adds_up_to_the_whole_of_the_work() -> None:
    told: list[Doing] = []
    agenda = told_by(told)
    agenda.files([("a.csv", "csv", 1_000_000)])
    for stage in ("looking", "loading"):
        agenda.begin(stage, "a.csv")
    agenda.events(10_000)
    built = [model.name for model in load_models() if model.kind != "check"]
    for name in built:
        agenda.begin("building", name)
    agenda.begin("checking")
    agenda.begin("writing")
    assert [one.is_first for one in told] == [True] + [False] * (len(told) - 1)
    assert [one.rows for one in told] == [None] * 2 + [10_000] * (len(told) - 2)
    assert told[-1].left == 0
    for one, after in pairwise(told[2:]):
        assert one.left == pytest.approx(after.work + after.left)


def test_a_step_that_is_left_out_is_no_longer_waited_for() -> None:
    told: list[Doing] = []
    agenda = told_by(told)
    agenda.events(1_000_000)
    agenda.begin("checking")
    assert told[0].left == pytest.approx(cost("writing", 1_000_000))


def test_what_is_made_for_each_map_costs_so_much_for_each() -> None:
    one: list[Doing] = []
    two: list[Doing] = []
    for told, maps in ((one, 1), (two, 2)):
        agenda = told_by(told, maps=maps)
        agenda.events(1_000_000)
        for name in ("ordered_events", "journey_steps"):
            agenda.begin("building", name)
    assert one[0].work == two[0].work
    assert two[1].work > 1.5 * one[1].work


def test_the_costs_are_of_steps_that_there_are() -> None:
    built = {model.name for model in load_models() if model.kind != "check"}
    measured = costs().keys() & built
    stages = {"checking", "writing", "report"}
    stages |= {
        f"{s} {kind}" for s in ("looking", "loading") for kind in ("csv", "jsonl", "parquet")
    }
    assert stages <= costs().keys()
    assert len(measured) > 0.8 * len(built), "measure again: make costs"
    assert cost("a model of tomorrow", 0) > 0


def test_a_line_says_stage_rows_share_and_time_left() -> None:
    doing = Doing("building", "journeys", 9_900_000, 1.0, 2.0)
    assert line(doing, Progress(0.4, 3_725)) == (
        "building journeys · 9,900,000 events · 40 % · 1:02:05 left"
    )


def test_without_a_terminal_there_is_a_plain_line_now_and_then() -> None:
    clock = Clock()
    said: list[str] = []
    shown = Plain(said.append, Watch(clock), clock=clock)
    shown.tell(Doing("space", "about 1.0 GB of disk", 10, 0.0, 100.0))
    for number in range(100):
        shown.tell(Doing("building", f"model {number}", 10, 1.0, 99.0 - number, number == 0))
        clock.seconds += 1
    first = round(QUIET_S)
    assert said[:2] == [
        "Disk: about 1.0 GB of disk.",
        f"building model {first} · 10 events · {first} % · 1:{40 - first} left",
    ]
    assert len(said) == 1 + 99 // first


def test_what_follows_the_run_is_waited_for_from_the_beginning() -> None:
    shown = Shown(lambda text: None, Watch(Clock()), "report")
    shown.tell(Doing("building", "journeys", 1_000_000, 1.0, 0.0, is_first=True))
    assert shown.watch.doing is not None
    assert shown.watch.doing.left == cost("report", 1_000_000)
    shown.begin("report")
    assert (shown.watch.doing.stage, shown.watch.doing.left) == ("report", 0.0)


def test_the_disk_that_is_needed_is_the_file_and_what_memory_does_not_hold() -> None:
    small = space(0, maps=1, memory=10**9)
    large = space(100_000_000, maps=1, memory=10**9)
    assert small.spill == 0
    assert large.file > 50 * small.file
    assert large.spill > 0 == space(100_000_000, maps=1, memory=10**12).spill
    assert space(100_000_000, maps=2, memory=10**9).file > large.file
    assert large.least < large.total


def test_where_it_cannot_fit_it_is_said_how_much_is_needed_and_where(tmp_path: Path) -> None:
    need = space(100_000_000, maps=1, memory=2 * 10**9)
    path = tmp_path / "journeys.duckdb"
    assert "are free" in told_space(need, path, events=100_000_000, free=10**12)
    assert "that is tight" in told_space(need, path, events=100_000_000, free=need.least + 1)
    with pytest.raises(DataError, match="100,000,000 events need") as told:
        told_space(need, path, events=100_000_000, free=10**9)
    for part in (str(tmp_path), size(need.total), "1.0 GB are free", "'warehouse'"):
        assert part in str(told.value)


def test_a_run_that_cannot_fit_is_refused_and_the_warehouse_stays(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (project / "journeys.duckdb").read_bytes()
    full = shutil._ntuple_diskusage(0, 0, 1)
    monkeypatch.setattr("pipeline.warehouse.space.shutil.disk_usage", lambda _: full)
    with pytest.raises(DataError, match=r"0 kB are free"):
        run(load_project(project))
    assert (project / "journeys.duckdb").read_bytes() == before


@pytest.mark.parametrize(
    ("text", "count"), [("512 bytes", 512), ("1.5 GiB", 1_610_612_736), ("80.0 KiB", 81_920)]
)
def test_sizes_as_duckdb_writes_them(text: str, count: int) -> None:
    assert bytes_of(text) == count
