"""The steps around frequent touchpoints: those of a plain walk, in every view of the report."""

from __future__ import annotations

from collections import Counter

from .test_steps import Unit, plain_places, plain_units
from .walks import Walks

LINKS = """
    select anchor, step_no, from_node, to_node, journeys, customers
    from segment_steps
    where segment = 'all' and among = 'all'
"""

Link = tuple[str, int, str, str]


def plain_links(walks: Walks, units: list[Unit]) -> Counter[Link]:
    """How many of the journeys make each move around each touchpoint."""
    links: Counter[Link] = Counter()
    for (anchor,) in walks.warehouse.rows("select anchor from anchors"):
        for row in plain_places(units, anchor, "first", 3, 3):
            for step in range(-3, 3):
                (one, begun), (two, ended) = row[step], row[step + 1]
                if begun is not None or ended is not None:
                    links[anchor, step, one, two] += 1
    return links


def test_around_each_touchpoint_the_links_are_those_of_a_plain_walk(walks: Walks) -> None:
    units = plain_units(walks, "touchpoint", "journey", True)
    anchors = walks.warehouse.rows("select anchor, journeys from anchors order by anchor_no")
    assert len(anchors) == 5
    for anchor, journeys in anchors:
        assert journeys == len(plain_places(units, anchor, "first", 3, 3))
    found = {row[:4]: row[4] for row in walks.warehouse.rows(LINKS)}
    assert found == plain_links(walks, units)


def test_a_customer_is_counted_by_the_first_journey_that_has_a_stage(walks: Walks) -> None:
    first: dict[int, int] = {}
    for journey in sorted(
        walks.journeys,
        key=lambda one: (all(step.stage is None for step in one.steps), one.journey_no),
    ):
        first.setdefault(journey.customer_no, journey.journey_no)
    units = plain_units(walks, "touchpoint", "journey", True)
    begun = [
        unit
        for journey, unit in zip(walks.journeys, units, strict=True)
        if journey.journey_no == first[journey.customer_no]
    ]
    assert len(begun) < len(units)
    found = {row[:4]: row[5] for row in walks.warehouse.rows(LINKS)}
    links = plain_links(walks, begun)
    assert {link: customers for link, customers in found.items() if customers} == links


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
