"""The models of identity that a function makes of few links, made by Spark where links are many."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import pyarrow as pa

from .. import stitch
from .stars import make_stars

_WHO = "coalesce(star.least_no, ids.id_no)"

_OVER = f"""
with

counted as (

    select {_WHO} as person_no, ids.kind, count(*) as ids
    from personal_ids as ids
    left join {{stars}} as star on star.id_no = ids.id_no
    group by {_WHO}, ids.kind

)

select distinct counted.person_no
from counted
inner join cfg_identity_caps as cap on cap.kind = counted.kind
cross join cfg_settings as setting
where counted.ids > cap.most and setting.policy = 'guarded'
"""

_IDS_OVER = f"""
select ids.id_no, ids.kind
from personal_ids as ids
left join {{stars}} as star on star.id_no = ids.id_no
inner join {{over}} as over_cap on over_cap.person_no = {_WHO}
"""

_LINKS_OVER = """
select link.id_no, link.other_id_no, link.events, link.last_us, link.is_declared
from merge_candidates as link
left join {stars} as star on star.id_no = link.id_no
inner join {over} as over_cap on over_cap.person_no = coalesce(star.least_no, link.id_no)
"""

_KEPT = """
select link.id_no, link.other_id_no
from merge_candidates as link
left join cut_links as cut
    on cut.id_no = link.id_no and cut.other_id_no = link.other_id_no
where cut.id_no is null
"""

_COMPONENTS = f"""
select ids.id_no, {_WHO} as person_no
from personal_ids as ids
left join {{stars}} as star on star.id_no = ids.id_no
"""

_JOINED = """
select count(ids.id_no) - count(star.id_no) as customers
from identity_ids as ids
left join {stars} as star on star.id_no = ids.id_no
"""


class Desk(Protocol):
    """Where tables are kept under a name and asked; SELECTs are in the models' words."""

    def keep(self, name: str, sql: str) -> None: ...

    def count(self, sql: str) -> int: ...

    def few(self, sql: str) -> pa.Table: ...


STARS, OVER = "candidate_stars", "over_caps"


def _cut(desk: Desk) -> pa.Table:
    """Only links of components over a cap are looked at: they come to the driver."""
    setting = desk.few("select policy from cfg_settings")
    caps = desk.few("select kind, most from cfg_identity_caps")
    make_stars(STARS, "merge_candidates", desk.keep, desk.count)
    desk.keep(OVER, _OVER.format(stars=STARS))
    ids = desk.few(_IDS_OVER.format(stars=STARS, over=OVER))
    links = desk.few(_LINKS_OVER.format(stars=STARS, over=OVER))
    return stitch.cut_links(ids, links, caps, setting)


def _components(desk: Desk) -> str:
    stars = STARS
    if desk.count("select count(*) as links from cut_links"):
        stars = "kept_stars"
        desk.keep("kept_links", _KEPT)
        make_stars(stars, "kept_links", desk.keep, desk.count)
    return _COMPONENTS.format(stars=stars)


def _joined(desk: Desk) -> str:
    stars = "pair_stars"
    make_stars(stars, "identity_pairs", desk.keep, desk.count)
    return _JOINED.format(stars=stars)


LINKS = {
    "cut_links": ("merge_candidates", "personal_ids"),
    "identity_components": ("merge_candidates", "personal_ids"),
    "joined_customers": ("identity_pairs", "identity_ids"),
}
"""The models that links make, and the tables of their links and of their ids."""

JOINING: dict[str, Callable[[Desk], Any]] = {
    "cut_links": _cut,
    "identity_components": _components,
    "joined_customers": _joined,
}
"""How each is made where its links are many: a SELECT, or rows. `cut_links` is the first."""
