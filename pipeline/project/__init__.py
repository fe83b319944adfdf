"""The project file: `squiggle.toml` read, checked as a whole, and frozen."""

from __future__ import annotations

from .kinds import is_address
from .kpi import KPI_ROLES, Kpi
from .reading import load_project, project_from
from .sections import (
    FOUND,
    PRESET_STAGES,
    SEGMENT_COLUMNS,
    TAKEN_SEGMENTS,
    VIRTUAL_NODES,
    Channel,
    Engine,
    Identity,
    Map,
    Privacy,
    Project,
    Report,
    Segment,
    Session,
    Touchpoint,
)
from .sources import (
    COLUMNS,
    ID_COLUMNS,
    NUMBER_COLUMNS,
    PHONE_SEPARATORS,
    RULE_COLUMNS,
    STRONG_IDS,
    TEXT_COLUMNS,
    WEAK_IDS,
    Source,
)

__all__ = [
    "COLUMNS",
    "FOUND",
    "ID_COLUMNS",
    "KPI_ROLES",
    "NUMBER_COLUMNS",
    "PHONE_SEPARATORS",
    "PRESET_STAGES",
    "RULE_COLUMNS",
    "SEGMENT_COLUMNS",
    "STRONG_IDS",
    "TAKEN_SEGMENTS",
    "TEXT_COLUMNS",
    "VIRTUAL_NODES",
    "WEAK_IDS",
    "Channel",
    "Engine",
    "Identity",
    "Kpi",
    "Map",
    "Privacy",
    "Project",
    "Report",
    "Segment",
    "Session",
    "Source",
    "Touchpoint",
    "is_address",
    "load_project",
    "project_from",
]
