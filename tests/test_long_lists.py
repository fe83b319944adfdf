"""No list of all events is held in memory: the short way gives what the long one does."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.models import load_models
from pipeline.stitch import joined_customers

from .walks import Walks

MODELS = {model.name: model for model in load_models()}
PLAIN = {
    "move_times": """
        select map_no, level_no, from_no, to_no, count(*) as n_timed,
            median(cast(gap_us as double)) / 1000000.0 as median_s,
            round(quantile_cont(cast(gap_us as double), 0.9)) / 1000000.0 as p90_s
        from journey_moves
        where gap_us is not null and not is_bridged
        group by map_no, level_no, from_no, to_no
    """,
    "loop_times": """
        with returned as (
            select map_no, level_no, customer_no, journey_no, 0 as moves,
                node_no as node_1, 0 as node_2, 0 as node_3, 0 as node_4, duration_us
            from node_returns
            union all
            select map_no, level_no, customer_no, journey_no, cycle_moves,
                node_1, node_2, coalesce(node_3, 0), coalesce(node_4, 0), duration_us
            from node_returns where cycle_moves is not null
            union all
            select map_no, level_no, customer_no, journey_no, 1, to_no, 0, 0, 0, gap_us
            from journey_moves where from_no = to_no and level_no < 3
        )
        select map_no, level_no, segment_no, value_no, moves, loop_no,
            median(cast(duration_us as double)) as median_us
        from returned
        inner join listed_loops using (map_no, level_no, moves, node_1, node_2, node_3, node_4)
        inner join segmented_journeys using (map_no, customer_no, journey_no)
        group by all
    """,
}


@pytest.mark.parametrize("name", PLAIN)
def test_medians_by_bins_are_those_of_all_values(name: str, walks: Walks) -> None:
    rows = walks.warehouse.rows(f"from ({PLAIN[name]}) order by all")
    assert len(rows) > 30
    assert walks.warehouse.rows(f"from {name} order by all") == rows


@given(
    st.lists(
        st.tuples(st.integers(1, 12), st.integers(1, 12)).filter(lambda pair: pair[0] < pair[1]),
        unique=True,
        max_size=14,
    )
)
def test_ids_that_hang_on_one_other_join_nobody_that_it_does_not(
    pairs: list[tuple[int, int]],
) -> None:
    ids = pa.table({"id_no": pa.array(range(1, 13), pa.int64())})
    links = pa.table(
        {
            "id_no": pa.array([one for one, _ in pairs], pa.int64()),
            "other_id_no": pa.array([other for _, other in pairs], pa.int64()),
        }
    )
    with duckdb.connect() as opened:
        opened.register("identity_ids", ids)
        opened.register("identity_pairs", links)
        for name in ("joined_ids", "joined_links"):
            opened.execute(f"create table {name} as {MODELS[name].sql}")
        left = [
            opened.sql(f"from {name} order by all").to_arrow_table()
            for name in ("joined_ids", "joined_links")
        ]
    assert joined_customers(*left) == joined_customers(ids, links)
    ends = [end for pair in pairs for end in pair]
    alone = {end for end in ends if ends.count(end) == 1}
    assert len(left[1]) <= len(pairs)
    assert not any(one in alone and other in alone for one, other in pairs) or len(left[0]) < 12
