"""Where two features meet: one small log for each, and the figure that must come out."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from pipeline.errors import DataError, ProjectError
from pipeline.paths.behind import behind_loop

from .conftest import Build, toml

AB = ("A", "B")
FAR = 'as_of = "2026-06-01"'


def walk(
    who: str, path: str, *, start: str = "2026-01-01", hours: int = 24
) -> list[tuple[str, ...]]:
    """A customer's steps, one after the other, so many hours apart."""
    begin = datetime.fromisoformat(start)
    return [
        (who, (begin + timedelta(hours=hours * n)).isoformat(" "), what)
        for n, what in enumerate(path.split())
    ]


# ---- paths and loops -----------------------------------------------------------------------------


@pytest.mark.tables("variants", "path_following", "customers")
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2 4 1 3 5", "3 1 4 2 5"),
        ("1 2 4 1 3 5", "1 3 1 4 2 5"),
        ("1 2 3 4 2 3 4 5", "2 1 2 4 3 4 3 5"),
    ],
)
def test_paths_whose_places_and_nodes_add_up_alike_are_two(
    one: str, other: str, build: Build
) -> None:
    """Sums of places times nodes, of their squares and cubes, are the same for both."""
    built = build([*walk("a", one), *walk("b", other)], toml(stages=tuple("12345"), goal="5"))
    found = built.rows("select level, path, journeys from variants order by level, path")
    spelled = sorted(" > ".join(path.split()) for path in (one, other))
    assert found == [(level, path, 1) for level in ("stage", "touchpoint") for path in spelled]


@pytest.mark.tables("variants", "customers")
@pytest.mark.parametrize(("steps", "is_cut"), [(59, False), (60, False), (61, True)])
def test_a_path_longer_than_sixty_is_told_to_go_on(steps: int, is_cut: bool, build: Build) -> None:
    built = build(walk("a", " ".join(["A"] * steps), hours=1), toml(stages=AB, goal="B"))
    (path,) = built.rows("select path from variants where level = 'touchpoint'")[0]
    assert path == " > ".join(["A"] * min(steps, 60)) + (" > …" if is_cut else "")


@pytest.mark.tables("loops", "customers", "segmented_journeys")
def test_a_loop_that_reads_as_another_is_refused_and_of_one_customer_no_error_is_told(
    build: Build,
) -> None:
    project = toml(stages=("X > Y", "X", "Y", "P"), goal="P", map_extra='closes = "silence"')
    log = [("a", f"2026-01-0{n}", what) for n, what in enumerate(["X > Y", "P"] * 2, start=1)]
    log += [("b", f"2026-01-0{n}", what) for n, what in enumerate(["X", "Y", "P"] * 2, start=1)]
    built = build(log, project)
    with pytest.raises(DataError, match="2 loops read so"):
        behind_loop(built, "P > X > Y > P", level="touchpoint")
    alone = build(walk("c", "X P X P X"), project)
    ends = alone.rows("select returns_lo, returns_hi from loops where returns > 0")
    assert ends
    assert set(ends) == {(None, None)}


# ---- ties ----------------------------------------------------------------------------------------


@pytest.mark.tables("stage_dropoff", "customers")
def test_who_goes_on_in_the_same_moment_was_there(build: Build) -> None:
    """Of days alone: nine went on from A, eight of them on the very day; one did not."""
    log = [(f"u{n}", "2026-01-02", what) for n in range(8) for what in "AB"]
    log += [("u8", "2026-01-02", "A"), *walk("u9", "A B", start="2026-01-02")]
    options = 'silence = "10 d"\nwithin = "10 d"'
    built = build(log, toml(stages=("A", "B", "C"), goal="C", extra=FAR, map_extra=options))
    columns = "frontier, progressed, round(drop_rate, 3)"
    assert built.rows(f"select {columns} from stage_dropoff where stage = 'A'") == [(10, 9, 0.1)]


TIED = [
    ("ann", "2026-01-02", "1", "survey", "10", "nps", "", ""),
    ("ann", "2026-01-02", "2", "survey", "0", "nps", "", ""),
    ("bob", "2026-01-02", "1", "survey", "0", "nps", "", ""),
    ("bob", "2026-01-02", "2", "survey", "10", "nps", "", ""),
    ("bob", "2026-01-02", "3", "buy", "", "", "100", "o1"),
    ("bob", "2026-01-02", "4", "buy", "", "", "20", "o1"),
]
TIED_COLUMNS = (
    'user_id = "who"\noccurred_at = "at"\nevent = "what"\nsequence = "n"\nscore = "score"\n'
    'score_type = "kind"\nvalue = "money"\norder_id = "order"'
)
TIED_HEADER = ("who", "at", "n", "what", "score", "kind", "money", "order")


@pytest.mark.tables("survey_kpis", "orders", "customers")
@pytest.mark.parametrize("response", ["first", "latest"])
def test_of_one_moment_the_sequence_tells_which_answer_and_order_is_first(
    response: str, build: Build
) -> None:
    project = toml(stages=AB, goal="B", extra=FAR, columns=TIED_COLUMNS)
    built = build(TIED, f'{project}\n[kpi]\nresponse = "{response}"\n', header=TIED_HEADER)
    (nps,) = built.rows(
        "select value from survey_kpis where score_type = 'nps' and period = '(all)'"
    )
    assert nps == (0.0,)
    assert built.rows("select value from orders") == [(100,)]


# ---- money ---------------------------------------------------------------------------------------

MONEY = 'user_id = "who"\noccurred_at = "at"\nevent = "what"\nvalue = "money"\norder_id = "order"'
MONEY_HEADER = ("who", "at", "what", "money", "order")


@pytest.mark.tables("journeys", "order_kpis", "goal_values", "customers")
def test_refunds_are_taken_off_and_what_repeats_an_order_counts_once(build: Build) -> None:
    log = [
        ("ann", "2026-01-01", "A", "", ""),
        ("ann", "2026-01-02", "B", "100", "o1"),
        ("ann", "2026-01-03", "back", "30", "o1"),
        ("bob", "2026-01-01", "pay", "100", "o2"),
        ("bob", "2026-01-02", "B", "100", "o2"),
        ("bob", "2026-01-03", "tip", "5", ""),
    ]
    options = 'closes = "silence"\nsilence = "9 d"'
    project = toml(stages=AB, goal="B", extra=FAR, columns=MONEY, map_extra=options)
    kpi = '\n[[touchpoint]]\nname = "back"\nwhen = { event = "back" }\n'
    kpi += '\n[kpi]\norders = ["B"]\nrefunds = ["back"]\n'
    built = build(log, project + kpi, header=MONEY_HEADER)
    assert built.rows("select customer_no, value from journeys order by value") == [
        (1, 70),
        (2, 105),
    ]
    assert built.rows("select goals, value from goal_values where segment_no = 0") == [(2, 175)]


@pytest.mark.tables("order_kpis", "journeys", "touchpoint_dwell", "customers")
def test_money_and_lengths_of_any_size_end_no_run(build: Build) -> None:
    """As where an id, or nanoseconds, are mapped by mistake."""
    log = [
        (who, f"2026-01-{day:02}", "B", 9_999_999_999_999_999, f"{who}{day}", "1e300")
        for who in ("ann", "bob")
        for day in range(1, 29)
    ]
    project = toml(stages=AB, goal="B", columns=MONEY + '\nduration_s = "took"')
    built = build(log, project, header=(*MONEY_HEADER, "took"))
    (found,) = built.rows("select revenue, aov from order_kpis where period = '(all)'")
    assert found == (56 * 9_999_999_999_999_999, pytest.approx(1e16))


# ---- segments, goals, moments --------------------------------------------------------------------


@pytest.mark.tables("segment_summary", "customers")
@pytest.mark.parametrize("take", ["last", "most"])
def test_a_segment_of_customers_knows_nothing_of_what_comes_later(take: str, build: Build) -> None:
    log = [("a", "2026-01-01", "A", "ES"), ("a", "2026-01-02", "B", "ES")]
    log += [("a", f"2026-02-0{day}", "A", "FR") for day in (2, 3, 4)]
    columns = 'user_id = "who"\noccurred_at = "at"\nevent = "what"\ncountry = "where"'
    segment = (
        f'\n[[segment]]\nname = "land"\ncolumn = "country"\nof = "customer"\ntake = "{take}"\n'
    )
    project = toml(stages=AB, goal="B", extra='as_of = "2026-01-20"', columns=columns) + segment
    built = build(log, project, header=("who", "at", "what", "where"))
    asked = "select value, journeys from segment_summary where segment = 'land'"
    assert built.rows(asked) == [("ES", 1)]


@pytest.mark.tables("pain_points", "customers")
def test_a_goal_and_what_abandons_hurt_nobody_and_are_no_peers(build: Build) -> None:
    log = [row for n in range(60) for row in walk(f"u{n}", "Ad Cart" + (" Pay" if n < 40 else ""))]
    more = '\n[[touchpoint]]\nname = "Pay"\nstage = "Cart"\nwhen = { event = "Pay" }\n'
    options = 'silence = "5 d"\nwithin = "4 d"'
    project = toml(stages=("Ad", "Cart"), goal="Pay", extra=FAR, map_extra=options) + more
    built = build(log, project)
    found = built.rows(
        "select place from pain_points where level = 'touchpoint' and segment_no = 0"
    )
    assert found == []


@pytest.mark.tables("pain_points", "customers")
def test_a_month_that_the_data_cut_off_counts_by_its_days(build: Build) -> None:
    """One an hour, until the third of March."""
    days = [datetime(2026, 1, 1) + timedelta(days=n) for n in range(61)]
    log = [
        (f"u{day.toordinal()}-{n}", (day + timedelta(hours=n)).isoformat(" "), what)
        for day in days
        for n in range(24)
        for what in (("A", "B") if n % 2 else ("A",))
    ]
    options = 'silence = "1 d"\nwithin = "1 h"'
    built = build(log, toml(stages=AB, goal="B", map_extra=options))
    found = dict(
        built.rows(
            "select value, per_month from pain_points where level = 'stage' "
            "and segment = 'period' and reference = 'rest'"
        )
    )
    assert found["2026-03"] == pytest.approx(730.5, rel=0.1)


@pytest.mark.tables("silence_sensitivity", "stage_dropoff", "silence_horizons", "customers")
def test_a_risk_that_nobody_could_follow_is_none_and_whole_is_what_is_in_use(build: Build) -> None:
    log = [*walk("a", "A B"), *walk("b", "A"), *walk("c", "A"), *walk("c", "A", start="2026-02-20")]
    built = build(log, toml(stages=AB, goal="B", map_extra='silence = "30 d"'))
    risks = built.rows(
        "select return_risk from silence_horizons union select return_risk from stage_dropoff"
    )
    assert risks == [(None,)]
    columns = "frontier, progressed, dropped_silent + dropped_explicit as dropped, open"
    (told,) = built.rows(f"select {columns} from stage_dropoff where stage = 'A'")
    whole = built.rows(
        "select frontier, progressed, dropped, open from silence_sensitivity "
        "where stage = 'A' and factor = 'whole'"
    )
    assert whole == [told]


@pytest.mark.tables("pain_points", "customers")
def test_where_one_group_pays_nothing_all_is_counted_in_money(build: Build) -> None:
    rows = [
        (f"{land}{n}", f"2026-01-{day:02}", what, 100 if land == "EU" and what == "B" else "", land)
        for land in ("EU", "US")
        for n in range(40)
        for day, what in enumerate("AB" if n < 30 else "A", start=1)
    ]
    columns = MONEY.replace('order_id = "order"', 'country = "land"')
    segment = '\n[[segment]]\nname = "land"\ncolumn = "country"\n'
    project = toml(stages=AB, goal="B", extra=FAR, columns=columns) + segment
    built = build(rows, project, header=("who", "at", "what", "money", "land"))
    assert built.rows("select distinct unit from pain_points") == [("money per month",)]
    asked = "select distinct value_per_goal from pain_points where value = 'US'"
    assert built.rows(asked) == [(0.0,)]


@pytest.mark.tables("touchpoint_phases", "customers")
def test_what_comes_before_the_goal_in_its_very_moment_is_before_it(build: Build) -> None:
    log = [
        ("a", "2026-01-01 10:00:00", "1", "A"),
        ("a", "2026-01-01 11:00:00", "2", "talk"),
        ("a", "2026-01-01 11:00:00", "3", "B"),
    ]
    columns = 'user_id = "who"\noccurred_at = "at"\nevent = "what"\nsequence = "n"'
    built = build(
        log, toml(stages=AB, goal="B", columns=columns), header=("who", "at", "n", "what")
    )
    found = built.rows("select touchpoint, phase from touchpoint_phases order by 1")
    assert found == [("A", "before"), ("B", "at"), ("talk", "before")]


@pytest.mark.tables("seasonality", "customers")
def test_a_first_month_that_is_whole_is_seen(build: Build) -> None:
    log = [("a", f"2024-{month:02}-01", "B", 1, f"o{month}") for month in range(1, 13)]
    log += [("a", "2025-02-01", "B", 1, "o")]
    project = toml(stages=AB, goal="B", columns=MONEY)
    built = build(log, project, header=MONEY_HEADER)
    assert built.rows("select months_seen from seasonality where month = 1") == [(2,)]


# ---- names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["(all)", "(exit)", "(no touch)"])
@pytest.mark.tables("touches_to_goal", "customers")
def test_an_event_of_a_virtual_node_is_marked_and_no_rule_is_called_so(
    name: str, build: Build
) -> None:
    log = [("a", "2026-01-01", name), ("a", "2026-01-02", "A"), ("a", "2026-01-03", "B")]
    built = build(log, toml(stages=AB, goal="B"))
    assert (f"{name} [event]",) in built.rows("select touchpoint from touchpoint_names")
    rule = f'\n[[touchpoint]]\nname = "{name}"\nwhen = {{ event = "x" }}\n'
    with pytest.raises(ProjectError, match="is no name for a touchpoint"):
        build(log, toml(stages=AB, goal="B") + rule)


def test_an_answer_is_on_one_scale(build: Build) -> None:
    kpi = '\n[kpi]\nnps = ["Asked"]\ncsat = ["Asked"]\n'
    with pytest.raises(ProjectError, match="csat: 'Asked' is under nps, too"):
        build(walk("a", "A B"), toml(stages=AB, goal="B") + kpi)
