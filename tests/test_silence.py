"""Silence and loss: how many come back, when a silence is a drop, and when nobody can tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cli.notes import notes
from pipeline.models import load_models
from pipeline.project import load_project
from pipeline.run import run
from pipeline.sample import CORE, core_log, write_core_log
from pipeline.sample.core import stage_names
from pipeline.statistics import kaplan_meier
from pipeline.warehouse import Warehouse, open_warehouse, scratch

from .conftest import FIVE, Build, toml
from .drawing import examples

START = datetime(2026, 1, 1)
DAY = 86_400
WINDOW = 400


@pytest.fixture(scope="module")
def desk() -> Iterator[Warehouse]:
    one = pa.array([1], pa.int32())
    with scratch() as warehouse:
        ends = {"as_of_us": [WINDOW * DAY * 1_000_000], "first_us": [0]}
        warehouse.register("as_of", pa.table(ends))
        warehouse.register("cfg_maps", pa.table({"map_no": one, "map_name": ["drawn"]}))
        stage = {"map_no": one, "stage_no": one, "stage": ["first"], "is_goal": [False]}
        warehouse.register("cfg_map_stages", pa.table(stage))
        yield warehouse


gaps = st.lists(st.tuples(st.integers(0, 90), st.booleans()), min_size=1, max_size=12)


@examples(12)
@given(gaps)
def test_the_risk_of_a_return_is_that_of_kaplan_and_meier(
    desk: Warehouse, drawn: list[tuple[int, bool]]
) -> None:
    """Each drawn gap stands for twenty silences."""
    days, came = (np.array(column) for column in zip(*drawn, strict=True))
    table = {
        "map_no": np.ones(len(drawn), dtype=np.int32),
        "stage_no": np.ones(len(drawn), dtype=np.int32),
        "gap_s": days * DAY,
        "returned": 20 * came,
        "unseen": 20 * ~came,
    }
    desk.register("silence_gaps", pa.table(table))
    models = {model.name: model for model in load_models()}
    for name in ("silence_steps", "silence_plateaus", "return_risks"):
        desk.make(models[name])
    found = desk.frame("from return_risks where stage_no = 1 order by gap_s")
    curve = kaplan_meier(np.repeat(days, 20), np.repeat(came, 20))
    lasting = np.sort(np.repeat(days, 20))[::-1]
    if len(lasting) < 50:
        assert len(found) == 0
        return

    def silent(day: float) -> float:
        before = curve[curve["duration"] <= day]["survival"]
        return float(before.iloc[-1]) if len(before) else 1.0

    plateau = silent(lasting[49])
    assert found["days"].max() <= lasting[49] or len(found) == 0
    for row in found.itertuples():
        assert row.silent == pytest.approx(silent(row.days))
        if row.silent:
            assert row.return_risk == pytest.approx((row.silent - plateau) / row.silent, abs=1e-9)


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """A generated log whose customers give up without a word; the horizon is found."""
    folder = tmp_path_factory.mktemp("core")
    write_core_log(folder, seed=3, customers=2500, silence_days=60)
    file = folder / "squiggle.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("closes =", 'horizon = "found"\ncloses ='), encoding="utf-8")
    with open_warehouse(run(load_project(folder)).warehouse) as built:
        yield built


def test_the_horizon_that_is_found_is_kept_by_those_who_gave_up(core: Warehouse) -> None:
    found = core.frame("from silence_horizons where stage_no > 0 order by stage_no")
    assert found["is_identified"].all()
    assert (found["horizon_days"] == found["found_days"]).all()
    assert found["found_days"].between(3, 20).all()
    assert (found["return_risk"] <= 0.05).all()
    assert [note for note in notes(core) if "identifiable" in note] == []
    log = core_log(seed=3, customers=2500)
    left = {f"customer-{who:07d}" for who in np.flatnonzero(log.abandoned_us >= 0) + 1}
    dropped = core.rows(
        "select identity_map.value from journeys join identity_map using (customer_id) "
        "where status = 'dropped_silent' and kind = 'user_id'"
    )
    wrong = sum(who not in left for (who,) in dropped)
    assert len(dropped) > 1000
    assert wrong / len(dropped) < 0.03


def test_a_journey_is_dropped_from_the_horizon_of_its_furthest_stage_on(core: Warehouse) -> None:
    wrong = core.rows(
        "select count(*) from journey_facts as fact "
        "join silence_horizons as horizon on horizon.map_no = fact.map_no "
        "and horizon.stage_no = fact.furthest_stage_no cross join as_of "
        "where (status = 'dropped_silent') "
        "<> (goal_us is null and as_of_us - ended_us >= horizon_us) "
        "or is_closed = (status = 'open')"
    )
    assert wrong == [(0,)]


def test_the_stop_rate_of_mature_visits_is_that_of_the_generator(core: Warehouse) -> None:
    """Who stays at a stage makes the same visit: it ends by a move, or by giving up."""
    found = core.frame("from touchpoint_stops order by touchpoint").set_index("touchpoint")
    for name, choice in zip(stage_names(CORE), CORE.choices, strict=False):
        true = choice.abandon / (1 - choice.stay)
        row = found.loc[name]
        assert row["mature_visits"] > 500
        assert abs(row["stop_rate"] - true) < 3.5 * (row["stop_hi"] - row["stop_lo"]) / 3.92


def test_a_visit_is_mature_after_the_longest_horizon_of_all_stages(core: Warehouse) -> None:
    horizons = [days for (days,) in core.rows("select horizon_days from silence_horizons")]
    assert min(horizons) < max(horizons)
    ended = core.rows(
        "select touchpoint, (as_of_us - occurred_us) / 864e8 from journey_steps as step "
        "join touchpoint_names using (touchpoint_no) cross join as_of qualify touchpoint_no "
        "is distinct from lead(touchpoint_no) over "
        "(partition by step.map_no, customer_no, journey_no order by step_no)"
    )
    mature = Counter(touchpoint for touchpoint, days in ended if days >= max(horizons))
    assert dict(core.rows("select touchpoint, mature_visits from touchpoint_stops")) == mature


def visits(every: float, customers: int, days: float) -> list[tuple[str, str, str]]:
    """Customers who look in again and again, now and then a little late, and never buy."""
    draw = np.random.default_rng(8)
    rows = []
    for who in range(customers):
        at = float(draw.uniform(0, every))
        while at < days:
            moment = (START + timedelta(days=at)).isoformat(timespec="seconds") + "Z"
            rows.append((f"c{who}", moment, FIVE[0]))
            at += every * float(draw.uniform(0.5, 1.5))
    return rows


def test_where_all_come_back_no_silence_is_a_loss(build: Build) -> None:
    project = toml(map_extra='silence = "12 d"\nhorizon = "found"\nwithin = "5 d"')
    built = build([*visits(10, 60, 100), ("z", "2026-01-01T00:00:00Z", FIVE[-1])], project)
    row = built.frame("from silence_horizons where stage_no = 1").iloc[0]
    assert row["silences"] > 500
    assert not row["is_identified"]
    assert not row["is_drop_identified"]
    assert row["horizon_days"] == 12
    assert row["reading"].startswith("drop-off not identifiable, only in-window progress: ")
    assert any("not identifiable at 'Awareness'" in note for note in notes(built))


def test_a_declared_silence_that_is_too_short_is_told(build: Build) -> None:
    """Half of the customers never come back; the others do within fifteen days."""
    lost = [(f"l{n}", f"2026-01-{1 + n % 28:02}T00:00:00Z", FIVE[0]) for n in range(90)]
    rows = [*visits(10, 40, 200), *lost]
    built = build(rows, toml(map_extra='silence = "9 d"\nwithin = "5 d"'))
    row = built.frame("from silence_horizons where stage_no = 1").iloc[0]
    assert row["horizon_days"] == 9
    assert row["is_identified"]
    assert row["return_risk"] > 0.05
    assert row["reading"].startswith("silence counts as a drop too early: ")
    assert any("of those silent for 9 days still come back" in note for note in notes(built))


def statuses(build: Build, rows: list[tuple[str, str, str]], as_of: int) -> dict[str, str]:
    moment = (START + timedelta(days=as_of)).isoformat() + "Z"
    built = build(rows, toml(extra=f'as_of = "{moment}"', map_extra='silence = "6 d"'))
    return dict(built.rows("select journey_id, status from journeys where is_closed"))


def test_what_was_closed_before_an_earlier_end_of_the_data_stays_as_it_was(build: Build) -> None:
    draw = np.random.default_rng(2)
    rows = []
    for who in range(80):
        at = float(draw.uniform(0, 40))
        for _ in range(draw.integers(1, 7)):
            moment = (START + timedelta(days=at)).isoformat(timespec="seconds") + "Z"
            rows.append((f"c{who}", moment, FIVE[draw.choice(5, p=[0.4, 0.25, 0.2, 0.1, 0.05])]))
            at += float(draw.exponential(4))
    found = [statuses(build, rows, as_of) for as_of in (22, 45)]
    assert len(found[0]) > 20
    assert found[0].items() <= found[1].items()


def test_a_horizon_is_declared_or_found(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("who,at,what\n", encoding="utf-8")
    (tmp_path / "squiggle.toml").write_text(toml(map_extra='horizon = "guessed"'), encoding="utf-8")
    with pytest.raises(Exception, match="horizon: this must be 'declared' or 'found'"):
        load_project(tmp_path)
