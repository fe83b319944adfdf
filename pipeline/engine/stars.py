"""Ids that links join, found in SQL: large-star and small-star in turn, until all are stars."""

from __future__ import annotations

from collections.abc import Callable

Keep = Callable[[str, str], None]
"""Name of a table and its SELECT, in the models' words: makes the table, in place of an older one.

It must be written down: the next SELECT reads it several times."""
Count = Callable[[str], int]
"""A SELECT of one number, in the models' words → the number."""

_START = """
select distinct
    greatest(id_no, other_id_no) as id_no,
    least(id_no, other_id_no) as least_no
from {links}
where id_no <> other_id_no
"""

_LARGE = """
with

mirrored as (

    select id_no, least_no as near_no from {stars}
    union all
    select least_no as id_no, id_no as near_no from {stars}

),

smallest as (

    select id_no, least(id_no, min(near_no)) as least_no
    from mirrored
    group by id_no

)

select distinct mirrored.near_no as id_no, smallest.least_no
from mirrored
inner join smallest on smallest.id_no = mirrored.id_no
where mirrored.near_no > mirrored.id_no
"""

_SMALL = """
with

smallest as (

    select id_no, min(least_no) as least_no
    from {stars}
    group by id_no

),

joined as (

    select id_no, least_no from smallest
    union all
    select star.least_no as id_no, smallest.least_no
    from {stars} as star
    inner join smallest on smallest.id_no = star.id_no
    where star.least_no <> smallest.least_no

)

select distinct id_no, least_no from joined
"""

_TANGLED = """
with

several as (

    select id_no from {stars} group by id_no having count(*) > 1
    union all
    select star.id_no
    from {stars} as star
    inner join {stars} as other on other.id_no = star.least_no

)

select count(*) as ids from several
"""


def make_stars(name: str, links: str, keep: Keep, count: Count) -> int:
    """Make the table `name` of the stars that the links are: `id_no` and the `least_no` it is with.

    `links` is a table with `id_no` and `other_id_no`. The result has one row for each id that is
    not the least of its component, directly or through others. Returns the rounds that it took:
    they grow with the logarithm of the longest chain (Kiveris and others, "Connected components in
    MapReduce and beyond", 2014).
    """
    large = f"{name}_large"
    keep(name, _START.format(links=links))
    rounds = 0
    while count(_TANGLED.format(stars=name)):
        keep(large, _LARGE.format(stars=name))
        keep(name, _SMALL.format(stars=large))
        rounds += 1
    return rounds
