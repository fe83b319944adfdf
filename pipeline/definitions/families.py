"""Families of figures, and which settings decide which of them."""

from __future__ import annotations

from dataclasses import dataclass

from ..project import Project


@dataclass(frozen=True)
class Family:
    """Figures that the same settings decide; `tables` hold them."""

    name: str
    is_by_map: bool
    tables: tuple[str, ...]


FAMILIES = (
    Family("events", False, ("source_quality", "column_quality", "reject_reasons", "input_files")),
    Family("customers", False, ("customers", "identity_map")),
    Family("sessions", False, ("sessions",)),
    Family("touchpoints", False, ("touchpoints", "touchpoint_rules")),
    Family("journeys", True, ("journeys",)),
    Family("squiggle", True, ("squiggle_summary", "squiggle_boundaries", "squiggle_tangles")),
    Family("conversion", True, ("map_summary",)),
    Family("drop-off", True, ("stage_dropoff", "silence_sensitivity")),
    Family("graph", True, ("transitions", "nodes")),
    Family("paths", True, ("variants", "stage_flows", "loops")),
    Family("intended path", True, ("intended_path", "path_following", "path_deviations")),
    Family("segments", False, ("segment_values", "journey_segments")),
    Family("comparisons", True, ("segment_dropoff", "segment_summary", "segment_squiggle")),
    Family("others", False, ()),
)
"""`others` is whatever no other family holds: every setting decides it."""

_ALL = frozenset(family.name for family in FAMILIES)
_WALKED = _ALL - {"events", "customers", "sessions", "touchpoints"}
"""Families that are made of journeys."""
_OF_CUSTOMERS = _ALL - {"events"}
_OF_SEGMENTS = frozenset({"segments", "comparisons", "others"})
_OF_BEGINNINGS = _OF_SEGMENTS | {"journeys", "conversion", "squiggle", "intended path"}
_NOTHING = (
    "name",
    "folder",
    "store",
    "warehouse",
    "report",
    "max_rejected",
    "title",
    "locale",
    "key_from",
)
"""Keys that say where things are and what they are called."""
_OF_MAPS = {
    "name": frozenset(),
    "within": frozenset({"conversion", "drop-off", "comparisons", "others"}),
    "path": frozenset({"intended path", "squiggle", "comparisons", "others"}),
}
_ANY_POLICY = ("policy", "blocked", "links")


def decided(section: str, key: str, project: Project) -> frozenset[str]:
    """Return the families of figures that a key of the project file decides; none: no figure.

    A key that nobody has thought of decides them all.
    """
    if section == "source":
        return _of_sources(key)
    if section == "identity":
        used = project.identity.policy == "guarded" or key in _ANY_POLICY
        # A blocked value leaves events without a usable id, which are counted.
        return (_ALL if key == "blocked" else _OF_CUSTOMERS) if used else frozenset()
    if section == "session":
        # Within a session of a device, which is cut by the gap alone, the policy guarded lends its
        # events to the person in it.
        lends = project.identity.policy == "guarded" and key == "gap"
        of_identity = _OF_CUSTOMERS if lends else frozenset()
        # `customers` and `journeys` say how many sessions there are.
        return of_identity | {"customers", "sessions", "journeys", "graph", "comparisons", "others"}
    if section == "map":
        return _OF_MAPS.get(key, _WALKED)
    if section == "channel":
        return _OF_SEGMENTS | {"sessions", "graph"}
    if section == "touchpoint":
        # Those that no rule matches are counted; sessions are cut and told by touchpoints.
        return _ALL - {"customers", "sessions"} if key == "stage" else _ALL
    if section == "segment" or (section, key) == ("reporting", "period"):
        return _OF_SEGMENTS
    if section == "kpi":  # records of an order are counted once in the money of its journey
        of_money = {"journeys"} if key in ("orders", "refunds", "order_rows") else set()
        return frozenset({"comparisons", "others"}) | of_money
    if section == "engine" or key in _NOTHING:
        return frozenset()
    return _WALKED | {"events"} if key == "as_of" else _ALL


def _of_sources(key: str) -> frozenset[str]:
    if key == "files":
        return frozenset()  # which content they hold decides, and that is in the data's fingerprint
    if key == "required":
        return _WALKED | {"events"}
    if key == "recorded_since":
        return _OF_BEGINNINGS
    return _ALL
