"""Why a customer is one customer: the ids, what joined them, what was lent, and the timeline."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from .errors import DataError
from .project import ID_COLUMNS, PHONE_SEPARATORS
from .warehouse import Warehouse

_NAMED = f"""
    value = $who
    or (kind = 'email' and value = lower(trim($who)))
    or (kind = 'phone' and value = regexp_replace($who, '{PHONE_SEPARATORS}', '', 'g'))
"""
_FIND = f"""
select distinct customer_id from identity_map where {_NAMED}
union
select customer.customer_id
from numbered_customers as customer
left join identity_ids as ids on ids.id_no = customer.device_id_no
where
    $who in (ids.value, customer.customer_id)
    -- A device of which all events are lent is nobody.
    and (
        customer.kind = 'identified'
        or customer.customer_id in (select met.customer_id from customers as met)
    )
"""
_NOBODYS = f"""
select 'it is quarantined, for too many other ids come with it; see quarantined_ids'
from quarantined_ids
where {_NAMED}
union all
select 'it is blocked: it names nobody'
from identity_values
where is_blocked and ({_NAMED})
limit 1
"""
_IDS = """
select kind, value, is_strong, events, valid_from, valid_to
from identity_map
where customer_id = $who
order by is_strong desc, valid_from, kind, value
"""
_LINKS = """
with own as (
    select kind, value from identity_map where customer_id = $who
)
select kind, value, other_kind, other_value, rule, status, why, events, first_at, last_at
from identity_links as link
where
    exists (select 1 from own where own.kind = link.kind and own.value = link.value)
    or exists (select 1 from own where own.kind = link.other_kind and own.value = link.other_value)
order by status, rule, first_at, kind, value, other_kind, other_value
"""
_LENT = """
select ids.kind, ids.value, lent.rule, count(*) as events
from lent_events as lent
inner join numbered_customers as customer on customer.person_no = lent.person_no
inner join identity_ids as ids on ids.id_no = lent.device_id_no
where customer.customer_id = $who
group by ids.kind, ids.value, lent.rule
order by ids.kind, ids.value, lent.rule
"""
_TIMELINE = """
select occurred_at, session_id, touchpoint, stage, channel, source, value
from events
where customer_id = $who
order by position
limit $most
"""


@dataclass(frozen=True)
class Why:
    """How a customer came together; each frame has one row per id, link, kind of loan or event."""

    customer_id: str
    kind: str
    ids: pd.DataFrame
    links: pd.DataFrame
    lent: pd.DataFrame
    timeline: pd.DataFrame

    def sentences(self) -> list[str]:
        """Say in plain words how the ids came together."""
        said = [f"Customer {self.customer_id} is {self.kind}."]
        for row in self.ids.to_dict("records"):
            verb = "is named by" if row["is_strong"] else "was seen on"
            said.append(
                f"It {verb} {row['kind']} {row['value']!r}: {row['events']:,} records, "
                f"{row['valid_from']:%Y-%m-%d %H:%M} to {row['valid_to']:%Y-%m-%d %H:%M}."
            )
        for row in self.links.to_dict("records"):
            when = (
                f", first on {row['first_at']:%Y-%m-%d %H:%M}" if pd.notna(row["first_at"]) else ""
            )
            one, other = sorted(
                ((row["kind"], row["value"]), (row["other_kind"], row["other_value"])),
                key=lambda id_: (ID_COLUMNS.index(id_[0]), id_[1]),
            )
            said.append(
                f"{one[0]} {one[1]!r} and {other[0]} {other[1]!r}: "
                f"{row['status']}, {row['why']} ({row['events']:,} records{when})."
            )
        for row in self.lent.to_dict("records"):
            rule = {
                "same_session": "in a session in which only this customer was identified",
                "after_login": "after this customer was identified there",
                "before_login": "before this customer was identified there",
            }[str(row["rule"])]
            said.append(
                f"{row['kind']} {row['value']!r} lends {row['events']:,} anonymous events {rule}."
            )
        return said


def why(warehouse: Warehouse, who: str, *, most: int = 200) -> Why:
    """Return how the customer of this pseudonym, or of this id, came together.

    Raises DataError where there is none, or where an id (a device) leads to several customers.
    """
    found = sorted(name for (name,) in warehouse.rows(_FIND, {"who": who}))
    if not found:
        told = warehouse.rows(_NOBODYS, {"who": who})
        raise DataError(
            f"{who}: this id leads to no customer: {told[0][0]}"
            if told
            else f"{who}: there is no such customer and no such id; look in the tables customers "
            "and identity_map"
        )
    if len(found) > 1:
        listed = ", ".join(found[:10])
        raise DataError(f"{who}: this id leads to {len(found)} customers; name one of: {listed}")
    customer = {"who": found[0]}
    return Why(
        customer_id=found[0],
        kind=str(
            warehouse.scalar(
                "select kind from numbered_customers where customer_id = $who", customer
            )
        ),
        ids=warehouse.frame(_IDS, customer),
        links=warehouse.frame(_LINKS, customer),
        lent=warehouse.frame(_LENT, customer),
        timeline=warehouse.frame(_TIMELINE, {**customer, "most": most}),
    )
