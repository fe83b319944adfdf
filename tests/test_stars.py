"""Ids that links join, found by large-star and small-star: the components that scipy finds."""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from pipeline.engine.portable import outside
from pipeline.engine.stars import make_stars

Links = list[tuple[int, int]]

CHAIN = [(number, number + 1) for number in range(1, 400)]
BACKWARDS = [(number + 1, number) for number in range(1, 400)]
SHUFFLED = [(number * 7919 % 401, (number + 1) * 7919 % 401) for number in range(400)]
HUB = [(200, number) for number in range(1, 400) if number != 200]
HUBS = [(number % 7 + 1_000, number) for number in range(1, 200)] + [(1_000, 1_003)]
TREE = [(number, number // 2) for number in range(2, 400)]
RING = [*CHAIN, (400, 1)]


def stars(links: Links) -> tuple[dict[int, int], int]:
    """Each id that is not the least of its component, with the least; and the rounds it took."""
    with duckdb.connect() as db:
        rows = {"id_no": [one for one, _ in links], "other_id_no": [other for _, other in links]}
        kinds = [("id_no", pa.int64()), ("other_id_no", pa.int64())]
        db.register("links", pa.table(rows, schema=pa.schema(kinds)))

        def keep(name: str, sql: str) -> None:
            assert outside(sql) == []
            db.execute(f"create or replace table {name} as {sql}")

        def count(sql: str) -> int:
            assert outside(sql) == []
            return int(db.execute(sql).fetchall()[0][0])

        rounds = make_stars("stars", "links", keep, count)
        found = db.execute("select id_no, least_no from stars").fetchall()
    assert len(found) == len(dict(found))
    return dict(found), rounds


def components(links: Links) -> dict[int, int]:
    """The same by scipy."""
    ids = sorted({one for link in links for one in link})
    place = {one: number for number, one in enumerate(ids)}
    ends = np.array([[place[one], place[other]] for one, other in links]).reshape(-1, 2).T
    graph = coo_array((np.ones(len(links)), (ends[0], ends[1])), shape=(len(ids), len(ids)))
    labels = connected_components(graph, directed=False)[1]
    least: dict[int, int] = {}
    for one, label in zip(ids, labels, strict=True):
        least.setdefault(int(label), one)
    joined = {one: least[int(label)] for one, label in zip(ids, labels, strict=True)}
    return {one: smallest for one, smallest in joined.items() if one != smallest}


ids = st.integers(min_value=1, max_value=30)


@given(st.lists(st.tuples(ids, ids), max_size=40))
@example([])
@example([(5, 5)])
@example(CHAIN)
@example(BACKWARDS)
@example(SHUFFLED)
@example(HUB)
@example(HUBS)
@example(TREE)
@example(RING)
def test_stars_are_the_components_that_scipy_finds(links: Links) -> None:
    found, _ = stars(links)
    assert found == components(links)


def test_a_chain_of_four_hundred_links_takes_few_rounds() -> None:
    assert max(stars(links)[1] for links in (CHAIN, BACKWARDS, SHUFFLED)) <= 10
