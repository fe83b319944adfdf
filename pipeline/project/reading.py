"""Reading `squiggle.toml`: every fault of the file is told at once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from .. import formats
from ..errors import ProjectError
from ..faults import cross_faults, field_faults
from . import sections
from .kpi import KPI_ROLES, Kpi
from .sections import PRESET_STAGES, SEGMENT_COLUMNS, Project
from .sources import RULE_COLUMNS, Source


def load_project(path: Path | str) -> Project:
    """Return the project that the file describes; `path` may be the file or its folder.

    Raises ProjectError with every fault of the file at once.
    """
    path = Path(path)
    path = path / "squiggle.toml" if path.is_dir() else path
    if not path.is_file():
        raise ProjectError(
            f"{path}: there is no such project file; make one with 'squiggle init EXPORTS…'"
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
        raw = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ProjectError(f"{path}: this is not valid TOML: {error}") from None
    project = project_from(raw, folder=path.parent, where=str(path))
    faults = list(_places(project, path))
    if faults:
        raise ProjectError("\n".join(f"{path}: {fault}" for fault in faults))
    return project


def _places(project: Project, path: Path) -> Iterator[str]:
    """What is wrong with where a run would write."""
    links = project.identity.links
    read = None if links is None else (project.folder / links).resolve()
    for key in _WRITTEN:
        place = (project.folder / getattr(project, key)).resolve()
        if place == path.resolve():
            yield f"{key} is this very file, and would overwrite it"
        elif place == read:
            yield f"{key} is also the file of links, and would overwrite it; rename one"
        elif key != "store" and place.is_dir():
            yield f"{key} = {getattr(project, key)!r} is a folder; name a file in it"


def project_from(raw: dict[str, Any], *, folder: Path, where: str = "squiggle.toml") -> Project:
    """Return the project that the parsed TOML describes; raises ProjectError with every fault."""
    faults: list[str] = []
    project = None
    try:
        project = Project.model_validate({**raw, "folder": folder})
    except ValidationError as error:
        for found in error.errors():
            faults += field_faults(dict(found), raw, _KEYS)
    readable = (*RULE_COLUMNS, *formats.listed_kept(raw))
    told = (*SEGMENT_COLUMNS, *formats.listed_kept(raw))
    faults += cross_faults(raw, readable, told, PRESET_STAGES, _WRITTEN, KPI_ROLES, folder)
    if faults or project is None:
        listed = "\n".join(f"  - {one}" for one in faults)
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        raise ProjectError(f"{where}: {count} to mend:\n{listed}")
    return project


_SECTIONS: dict[str, type[BaseModel]] = {
    "": Project,
    "source": Source,
    "session": sections.Session,
    "identity": sections.Identity,
    "map": sections.Map,
    "touchpoint": sections.Touchpoint,
    "channel": sections.Channel,
    "segment": sections.Segment,
    "reporting": sections.Report,
    "privacy": sections.Privacy,
    "kpi": Kpi,
    "engine": sections.Engine,
}
_KEYS = {
    name: [key for key in section.model_fields if key != "folder"]
    for name, section in _SECTIONS.items()
}
_WRITTEN = {key: str(Project.model_fields[key].default) for key in ("store", "warehouse", "report")}
