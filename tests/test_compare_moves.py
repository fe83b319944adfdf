"""The difference of two graphs: a plain walk, two halves of one population, a planted change."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array
from scipy.stats import chi2_contingency, kstest

from pipeline.compare import GraphDifference, compare, graph_difference
from pipeline.compare.moves import with_errors
from pipeline.errors import DataError
from pipeline.questions import Scope, answer, graph_rows
from pipeline.sample import CORE, Chain, Choices, core_log
from pipeline.statistics import benjamini_hochberg, jensen_shannon, permuted_divergence
from pipeline.warehouse import Warehouse, open_warehouse

from .compared import ADS, HEADER, MAIL, at, project
from .conftest import toml, warehouse_in, write_csv

WAYS = ("ads", "mail")
CHANGED = Chain(
    (
        *CORE.choices[:2],
        Choices(stay=0.25, forward=0.42, skip=0.05, abandon=0.08, back=0.20),
        CORE.choices[3],
    )
)
NAMES = ("Look", "Like", "Mull", "Want", "Buy")


# ---- drawn -------------------------------------------------------------------------------------


def test_the_divergence_of_two_distributions_is_the_published_one() -> None:
    assert jensen_shannon([0.5, 0.3, 0.2], [0.4, 0.4, 0.2]) == pytest.approx(0.009186, abs=5e-7)
    assert jensen_shannon([50, 30, 20], [4, 4, 2]) == pytest.approx(0.009186, abs=5e-7)
    assert jensen_shannon([1, 0], [0, 1]) == 1
    assert jensen_shannon([3, 0, 2], [6, 0, 4]) == 0
    assert np.isnan(jensen_shannon([0, 0], [1, 2]))


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """In each way 40 customers look and like; of ads 30 buy, of mail 10; one looks too late."""
    rows = []
    for way, buyers in (("ads", 30), ("mail", 10)):
        for number in range(40):
            who = f"{way}{number}"
            steps = ["Look", "Like", *(["Buy"] if number < buyers else [])]
            rows += [(who, at(number / 10 + day), what, way) for day, what in enumerate(steps)]
    rows += [("both", at(2), "Look", "ads"), ("both", at(30), "Like", "mail")]
    rows.append(("late", at(55), "Look", "ads"))
    folder: Path = tmp_path_factory.mktemp("drawn")
    write_csv(folder / "log.csv", HEADER, rows)
    with warehouse_in(folder, project(as_of=at(60))) as built:
        yield built


def test_shares_differ_with_their_interval_and_what_is_rare_is_shown_untested(
    drawn: Warehouse,
) -> None:
    found = graph_difference(drawn, ADS, MAIL, level="stage")
    edges = found.edges.set_index(["from_node", "to_node"])
    bought = edges.loc[("Like", "Buy")]
    assert (bought["moves_a"], bought["out_a"], bought["moves_b"], bought["out_b"]) == (
        30,
        40,
        10,
        41,
    )
    assert bought["difference"] == pytest.approx(30 / 40 - 10 / 41)
    error = np.sqrt(0.75 * 0.25 / 40 + 10 / 41 * 31 / 41 / 41)
    assert bought["z"] == pytest.approx(bought["difference"] / error)
    assert bought["difference_lo"] == pytest.approx(bought["difference"] - 1.96 * error, abs=1e-4)
    assert bought["verdict"] == "higher"
    left = edges.loc[("Like", "(exit)")]
    assert (left["moves_a"], left["moves_b"], left["verdict"]) == (10, 31, "lower")
    rare = edges.loc[("(start)", "Like")]
    assert (rare["moves_a"], rare["moves_b"], rare["verdict"]) == (0, 1, "not tested")
    assert np.isnan(rare["p"])
    assert found.tests == edges["p"].notna().sum() < len(edges)
    nodes = found.nodes.set_index("node")
    assert nodes.loc["Look", "share_a"] == pytest.approx(42 / 112)
    assert found.whole.p == 0.001
    assert found.whole.bits > 3 * found.whole.expected_bits


def test_a_step_whose_end_may_still_come_is_in_no_denominator(drawn: Warehouse) -> None:
    """Late looks five days before the as-of moment, and ten days of silence end a journey."""
    edges = graph_difference(drawn, ADS, MAIL, level="stage").edges
    outs = edges[edges["from_node"] == "Look"]
    assert set(outs["to_node"]) == {"Like", "(exit)"}
    assert outs.set_index("to_node").loc["(exit)", "moves_a"] == 1  # of both, not of late
    assert outs["out_a"].tolist() == [41, 41]
    starts = edges[(edges["from_node"] == "(start)") & (edges["to_node"] == "Look")]
    assert starts["moves_a"].item() == 42


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"level": "stages"}, "did you mean 'stage'?"),
        ({"cut": "day"}, "there is no such cut"),
        ({"level": "stage", "keep": ["Lokk"]}, "did you mean 'Look'"),
    ],
)
def test_a_graph_that_does_not_exist_is_told(
    drawn: Warehouse, options: dict[str, str], told: str
) -> None:
    with pytest.raises(DataError, match=told):
        graph_difference(drawn, ADS, MAIL, **options)
    with pytest.raises(DataError, match="journeys are in both groups"):
        graph_difference(drawn, ADS, Scope())


# ---- a planted change, and customers in both groups ----------------------------------------------


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """By ads customers walk by the known chain, by mail one row of it is changed; some do both."""
    folder: Path = tmp_path_factory.mktemp("planted")
    with (folder / "log.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for way, chain, seed in (("ads", CORE, 21), ("mail", CHANGED, 22)):
            log = core_log(seed=seed, customers=1500, window_days=200, chain=chain)
            for who, stage, us in zip(log.customer_no, log.stage_no, log.at_us, strict=True):
                name = f"both{who}" if who <= 150 else f"{way}{who}"
                day = us / 86_400_000_000 + (300 if way == "mail" else 0)
                writer.writerow((name, at(day), NAMES[stage - 1], way))
    text = toml(
        stages=NAMES,
        goal="Buy",
        columns='user_id = "who"\noccurred_at = "at"\nevent = "what"\nchannel = "way"',
        extra=f'as_of = "{at(500)}"',
        source_extra='recorded_since = "2025-01-01"',
        map_extra='silence = "40 d"\nwithin = "20 d"',
    )
    text += '\n[[segment]]\nname = "way"\ncolumn = "channel"\n'
    with warehouse_in(folder, text) as built:
        yield built


@pytest.fixture(scope="module")
def found(planted: Warehouse) -> GraphDifference:
    return graph_difference(planted, ADS, MAIL, level="stage")


def test_a_planted_change_of_one_row_is_found_in_that_row_alone(found: GraphDifference) -> None:
    changed = found.edges[found.edges["q"] <= 0.05]
    assert set(changed["from_node"]) == {"Mull"}
    told = changed.set_index("to_node")["difference"]
    assert {"Want", "(exit)"} <= set(told.index)
    assert told["Want"] == pytest.approx(0.30 - 0.42, abs=0.05)
    assert told["(exit)"] == pytest.approx(0.20 - 0.08, abs=0.05)
    assert found.whole.p < 0.01


def test_the_planted_change_is_the_drop_off_of_its_stage_alone(planted: Warehouse) -> None:
    figures = compare(planted, ADS, MAIL).figures
    rates = figures[figures["figure"] == "drop_rate"].set_index("item")["verdict"]
    assert rates.to_dict() == {
        "Look": "no significant change",
        "Like": "no significant change",
        "Mull": "higher",
        "Want": "no significant change",
    }


def test_edges_are_those_of_a_plain_walk_with_customers_in_both_groups(
    planted: Warehouse, found: GraphDifference
) -> None:
    steps = planted.frame(
        "select value as way, step.customer_no, journey_no, stage, is_closed, "
        "as_of_us - occurred_us >= 40 * 86400000000 as is_known from journey_steps as step "
        "join journey_facts using (map_no, customer_no, journey_no) "
        "join journey_segments using (map_no, customer_no, journey_no) "
        "join segment_values as named using (segment_no, value_no) "
        "join cfg_map_stages as stage using (map_no, stage_no) cross join as_of "
        "where segment = 'way' order by step.customer_no, journey_no, step_no"
    )
    edges: dict[tuple[str, str, str], Counter[int]] = defaultdict(Counter)
    rows: dict[tuple[str, str], Counter[int]] = defaultdict(Counter)
    for (way, who, _), own in steps.groupby(["way", "customer_no", "journey_no"]):
        stages = ["(start)", *own["stage"], "(exit)" if own["is_closed"].iloc[-1] else "(open)"]
        for (left, entered), is_known in zip(
            pairwise(stages), [True, *own["is_known"]], strict=True
        ):
            if is_known and entered != "(open)":
                edges[way, left, entered][who] += 1
                rows[way, left][who] += 1
    assert len(found.edges) == len({key[1:] for key in edges})
    for told in found.edges.itertuples():
        pulls: Counter[int] = Counter()
        for sign, way, share in ((1, "ads", told.share_a), (-1, "mail", told.share_b)):
            own, row = edges[way, told.from_node, told.to_node], rows[way, told.from_node]
            assert share == pytest.approx(own.total() / row.total())
            for who in row:
                pulls[who] += sign * (own[who] - share * row[who]) / row.total()
        if not np.isnan(told.z):
            error = np.sqrt(sum(pull**2 for pull in pulls.values()))
            assert told.z == pytest.approx(told.difference / error, rel=1e-6)


def test_the_same_seed_gives_the_same_p(planted: Warehouse, found: GraphDifference) -> None:
    again = graph_difference(planted, ADS, MAIL, level="stage")
    assert again.whole == found.whole
    other = graph_difference(planted, ADS, MAIL, level="stage", seed=1, draws=50)
    assert (other.whole.bits, other.whole.draws) == (found.whole.bits, 50)


# ---- two halves of one population --------------------------------------------------------------


@pytest.fixture(scope="module")
def lived(sample_warehouse: Path) -> tuple[np.ndarray, np.ndarray]:
    """How often each customer of the sample goes along each edge, and the edges' sources."""
    with open_warehouse(sample_warehouse) as built:
        rows = dict(graph_rows(built, Scope()))
        rows["asked_comparison"] = [(1, True, 0, 1)]
        answer(built, ["compare_moves"], rows)
        moves = built.frame("from compare_moves where from_no <> -5")
    table = moves.pivot_table(
        index="customer_no", columns=["from_no", "to_no"], values="moves", fill_value=0
    )
    return table.to_numpy(dtype=float), table.columns.get_level_values(0).to_numpy()


def halved(lived: tuple[np.ndarray, np.ndarray], halves: np.ndarray) -> Iterator[pd.DataFrame]:
    """The sums of `compare_edges` for the customers in each half against the others."""
    counts, sources = lived
    names, place = np.unique(sources, return_inverse=True)
    spread = (counts @ (place[:, None] == np.arange(len(names))))[:, place]
    added = {
        "numerator": counts,
        "denominator": spread,
        "squares": counts**2,
        "products": counts * spread,
        "bases": spread**2,
    }
    sums = {name: (halves @ one, (1 - halves) @ one) for name, one in added.items()}
    for draw in range(len(halves)):
        row = {f"{name}_{n}": both[n - 1][draw] for name, both in sums.items() for n in (1, 2)}
        yield pd.DataFrame(row).assign(shared_nn=0.0, shared_nd=0.0, shared_dn=0.0, shared_dd=0.0)


def test_of_two_halves_of_the_sample_p_is_uniform_and_hardly_an_edge_is_found(
    lived: tuple[np.ndarray, np.ndarray],
) -> None:
    dice = np.random.default_rng(4)
    halves = (dice.random((300, len(lived[0]))) < 0.5).astype(float)
    picked, false_tests, false_finds, by_events = [], [], [], []
    for sums in halved(lived, halves):
        p = with_errors(sums.assign(customers_1=30, customers_2=30))["p"].dropna()
        picked.append(dice.choice(p))
        false_tests.append((p < 0.05).mean())
        false_finds.append((benjamini_hochberg(p) <= 0.05).any())
        both = sums[["numerator_1", "numerator_2"]].to_numpy()
        often = both[both.sum(axis=1) >= 20]
        by_events.append(chi2_contingency(often, lambda_="log-likelihood").pvalue < 0.05)
    assert kstest(picked, "uniform").pvalue > 0.01
    assert np.mean(false_tests) == pytest.approx(0.05, abs=0.01)
    assert np.mean(false_finds) <= 0.08
    assert np.mean(by_events) > 0.15  # a test of events finds what is not there


def test_of_two_halves_of_the_sample_the_p_of_the_whole_graph_is_uniform(
    lived: tuple[np.ndarray, np.ndarray],
) -> None:
    dice = np.random.default_rng(6)
    counts = lived[0]
    nobody = csr_array((0, counts.shape[1]))
    found = []
    for _ in range(100):
        half = dice.permutation(len(counts)) < len(counts) // 3
        blocks = [
            np.array([part.sum(axis=0) for part in np.array_split(dice.permutation(own), size)])
            for own, size in ((counts[half], 50), (counts[~half], 100))
        ]
        alone = (csr_array(blocks[0]), csr_array(blocks[1]))
        found.append(permuted_divergence(alone, (nobody, nobody), draws=99, seed=1).p)
    assert kstest(np.array(found) - dice.random(100) / 100, "uniform").pvalue > 0.01
