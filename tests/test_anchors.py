"""The steps around frequent touchpoints: those of a plain walk, in every view of the report."""

from __future__ import annotations

from collections import Counter

from .test_steps import plain_places, plain_units
from .walks import Walks

LINKS = """
    select step_no, from_node, to_node, journeys
    from segment_steps
    where segment = 'all' and among = 'all' and anchor = $anchor
"""


def test_around_each_touchpoint_the_links_are_those_of_a_plain_walk(walks: Walks) -> None:
    units = plain_units(walks, "touchpoint", "journey", True)
    anchors = walks.warehouse.rows("select anchor, journeys from anchors order by anchor_no")
    assert len(anchors) == 5
    for anchor, journeys in anchors:
        plain: Counter[tuple[int, str, str]] = Counter()
        rows = plain_places(units, anchor, "first", 3, 3)
        for row in rows:
            for step in range(-3, 3):
                (one, begun), (two, ended) = row[step], row[step + 1]
                if begun is not None or ended is not None:
                    plain[step, one, two] += 1
        assert journeys == len(rows)
        found = walks.warehouse.rows(LINKS, {"anchor": anchor})
        assert {row[:3]: row[3] for row in found} == plain


def test_what_enters_a_node_leaves_it_in_every_view(walks: Walks) -> None:
    torn = walks.warehouse.rows(
        """
        with entered as (
            select segment, value, among, anchor, step_no + 1 as step_no, to_node as node,
                sum(journeys) as journeys, sum(customers) as customers
            from segment_steps
            where step_no < 2 and to_node not in ('(exit)', '(open)')
            group by all
        ), departed as (
            select segment, value, among, anchor, step_no, from_node as node,
                sum(journeys) as journeys, sum(customers) as customers
            from segment_steps
            where step_no > -3 and from_node <> '(start)'
            group by all
        )
        from entered full join departed
            using (segment, value, among, anchor, step_no, node, journeys, customers)
        where entered.node is null or departed.node is null
        """
    )
    assert torn == []


def test_the_values_of_a_segment_and_the_outcomes_add_up_to_all(walks: Walks) -> None:
    torn = walks.warehouse.rows(
        """
        with parts as (
            select segment, among <> 'all' as is_parted, anchor, step_no, from_node, to_node,
                sum(journeys) as journeys, sum(customers) as customers
            from segment_steps where segment <> 'all' or among <> 'all' group by all
        ), kinds as (
            select distinct segment, is_parted from parts
        ), whole as (
            select kinds.segment, kinds.is_parted, told.* exclude (segment)
            from segment_steps as told cross join kinds
            where told.segment = 'all' and told.among = 'all'
        )
        from whole full join parts using (
            segment, is_parted, anchor, step_no, from_node, to_node, journeys, customers
        )
        where whole.map_name is null or parts.segment is null
        """
    )
    assert torn == []


def test_at_each_step_the_five_most_common_stand_by_themselves(walks: Walks) -> None:
    """Five touchpoints are never folded; of more, a rarer one never stands for a commoner."""
    assert walks.warehouse.rows("from anchor_nodes where shown = '(other)'") == []
