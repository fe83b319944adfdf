"""The project file: `squiggle.toml` read, checked as a whole, and frozen."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from .errors import ProjectError, nearest

STRONG_IDS = ("user_id", "email", "phone", "crm_id", "account_id")
WEAK_IDS = ("device_id", "cookie_id")
ID_COLUMNS = STRONG_IDS + WEAK_IDS
TEXT_COLUMNS = (
    *("event", "event_id", "channel", *ID_COLUMNS, "session_key", "currency", "order_id"),
    *("campaign", "device", "country", "direction", "actor", "score_type"),
)
NUMBER_COLUMNS = ("value", "cost", "score", "sentiment", "duration_s")
COLUMNS = ("occurred_at", "sequence", *TEXT_COLUMNS, *NUMBER_COLUMNS)

PRESET_STAGES = {
    "five stages": ["Awareness", "Interest", "Consideration", "Purchase", "Loyalty"],
    "reach-nurture-convert-grow": ["Reach", "Nurture", "Convert", "Grow"],
    "before-purchase-after": ["Before", "Purchase", "After"],
}
VIRTUAL_NODES = ("(start)", "(exit)", "(open)", "(other)", "(more)")
"""Names that a stage cannot have; events and channels of these names are marked."""

_UNITS = {
    **dict.fromkeys(("us", "µs"), 1),
    "ms": 1_000,
    **dict.fromkeys(("s", "sec", "second", "seconds"), 1_000_000),
    **dict.fromkeys(("min", "minute", "minutes"), 60_000_000),
    **dict.fromkeys(("h", "hour", "hours"), 3_600_000_000),
    **dict.fromkeys(("d", "day", "days"), 86_400_000_000),
    **dict.fromkeys(("w", "week", "weeks"), 7 * 86_400_000_000),
}


def microseconds(text: object) -> int:
    """Return the length of time that `text` names, in microseconds.

    >>> microseconds("30 min")
    1800000000
    """
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([a-zµ]+)\s*", str(text))
    if not found or found[2] not in _UNITS:
        raise ValueError(f"{text!r} is not a length of time; write for instance '30 min' or '14 d'")
    return round(float(found[1]) * _UNITS[found[2]])


def _zone(text: object) -> object:
    try:
        ZoneInfo(str(text))
    except Exception:
        raise ValueError(
            f"{text!r} is not a time zone; write a name such as 'UTC' or 'Europe/Madrid'"
        ) from None
    return text


def _moment(value: object) -> object:
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    if isinstance(value, datetime) and value.tzinfo is None:
        value = value.replace(tzinfo=UTC)
    return value


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _stages(value: object) -> object:
    return PRESET_STAGES.get(value, [value]) if isinstance(value, str) else value


Microseconds = Annotated[int, BeforeValidator(microseconds)]
Zone = Annotated[str, BeforeValidator(_zone)]
Moment = Annotated[datetime, BeforeValidator(_moment)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Stages = Annotated[tuple[str, ...], BeforeValidator(_stages)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(_Strict):
    """One system that exports events: where its files are and what its columns mean."""

    name: str = Field(min_length=1)
    files: Texts = Field(min_length=1)
    columns: dict[str, str] = Field(default_factory=dict)
    format: Literal["auto", "csv", "jsonl", "parquet"] = "auto"
    delimiter: str | None = Field(None, min_length=1, max_length=1)
    encoding: str = "utf-8"
    timezone: Zone | None = None
    time_format: str | None = None
    required: bool = True
    dedupe: Literal["auto", "none"] = "auto"
    recorded_since: Moment | None = None
    keep: Texts = ()
    blank: Texts = ()
    event: str | None = None
    channel: str | None = None

    @field_validator("columns")
    @classmethod
    def _known_columns(cls, columns: dict[str, str]) -> dict[str, str]:
        faults = [
            f"{name!r} is no column of ours; {nearest(name, COLUMNS)}"
            for name in columns
            if name not in COLUMNS
        ]
        if "occurred_at" not in columns:
            faults.append("'occurred_at' is missing; name the column that holds the time")
        if faults:
            raise ValueError("; ".join(faults))
        return columns


class Session(_Strict):
    """How touchpoints fall into sessions."""

    gap: Microseconds = 30 * 60_000_000


class Identity(_Strict):
    """How ids become customers."""

    blocked: Texts = ()
    lend_before: Microseconds = 30 * 86_400_000_000
    lend_after: Microseconds = 30 * 86_400_000_000


class Map(_Strict):
    """What is asked of the journeys: stages in their intended order, a goal, how journeys close."""

    name: str = Field(min_length=1)
    stages: Stages = Field(min_length=2)
    goal: str
    start: Texts = ()
    abandon: Texts = ()
    closes: Literal["goal", "silence"] = "goal"
    silence: Microseconds = 30 * 86_400_000_000
    within: Microseconds = 30 * 86_400_000_000

    @field_validator("stages")
    @classmethod
    def _distinct(cls, stages: tuple[str, ...]) -> tuple[str, ...]:
        twice = sorted({stage for stage in stages if stages.count(stage) > 1})
        if twice:
            raise ValueError(f"stage {twice[0]!r} is listed twice; name each stage once")
        taken = [stage for stage in stages if not stage.strip() or stage in VIRTUAL_NODES]
        if taken:
            raise ValueError(f"{taken[0]!r} is no name for a stage; virtual nodes are called so")
        return stages


class Touchpoint(_Strict):
    """A rule: events that match it are this touchpoint. The first rule that matches wins."""

    name: str = Field(min_length=1)
    stage: str | None = None
    when: dict[str, Texts] = Field(min_length=1)


class Report(_Strict):
    """How the report is made."""

    title: str | None = None


class Project(_Strict):
    """A project file as it was read; `folder` is where its relative paths start."""

    name: str = Field(min_length=1)
    folder: Path = Field(exclude=True)
    timezone: Zone = "UTC"
    as_of: Moment | None = None
    plausible_from: Moment = datetime(1990, 1, 1, tzinfo=UTC)
    plausible_to: Moment = datetime(2100, 1, 1, tzinfo=UTC)
    store: str = ".squiggle"
    warehouse: str = "journeys.duckdb"
    report: str = "report.html"
    source: tuple[Source, ...] = Field(min_length=1)
    session: Session = Session()
    identity: Identity = Identity()
    map: tuple[Map, ...] = Field(min_length=1)
    touchpoint: tuple[Touchpoint, ...] = ()
    reporting: Report = Report()

    @property
    def store_path(self) -> Path:
        return self.folder / self.store

    @property
    def warehouse_path(self) -> Path:
        return self.folder / self.warehouse

    @property
    def report_path(self) -> Path:
        return self.folder / self.report


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
        text = path.read_text(encoding="utf-8")
        raw = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ProjectError(f"{path}: this is not valid TOML: {error}") from None
    return project_from(raw, folder=path.parent, where=str(path))


def project_from(raw: dict[str, Any], *, folder: Path, where: str = "squiggle.toml") -> Project:
    """Return the project that the parsed TOML describes; raises ProjectError with every fault."""
    faults: list[str] = []
    project = None
    try:
        project = Project.model_validate({**raw, "folder": folder})
    except ValidationError as error:
        faults += [_fault(dict(found), raw) for found in error.errors()]
    faults += _cross_faults(raw)
    if faults or project is None:
        listed = "\n".join(f"  - {fault}" for fault in faults)
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        raise ProjectError(f"{where}: {count} to mend:\n{listed}")
    return project


_SECTIONS: dict[str, type[BaseModel]] = {
    "source": Source, "session": Session, "identity": Identity, "map": Map,
    "touchpoint": Touchpoint, "reporting": Report,
}


def _fault(found: dict[str, Any], raw: dict[str, Any]) -> str:
    place = [str(part) for part in found["loc"] if part != "folder"]
    section = _SECTIONS.get(place[0], Project) if place else Project
    if len(place) > 1 and place[1].isdigit():
        entry = raw.get(place[0], [])[int(place[1])]
        name = entry.get("name") if isinstance(entry, dict) else None
        place[:2] = [
            f"[[{place[0]}]] {name!r}" if name else f"[[{place[0]}]] no. {int(place[1]) + 1}"
        ]
    elif len(place) > 1:
        place[0] = f"[{place[0]}]"
    where = " ".join(place[:1] + [".".join(place[1:])]).strip()
    if found["type"] == "extra_forbidden":
        keys = [key for key in section.model_fields if key != "folder"]
        return f"{where}: there is no such key; {nearest(place[-1], keys)}"
    if found["type"] == "missing":
        return f"{where}: this is missing; add it"
    message = str(found["msg"]).removeprefix("Value error, ")
    seen = "" if isinstance(found.get("input"), dict) else f" (seen: {found.get('input')!r})"
    return f"{where}: {message}{seen}"


def _cross_faults(raw: dict[str, Any]) -> list[str]:
    """Faults between sections, found even where a section has faults of its own."""

    def entries(key: str) -> list[dict[str, Any]]:
        listed = raw.get(key, [])
        return (
            [entry for entry in listed if isinstance(entry, dict)]
            if isinstance(listed, list)
            else []
        )

    faults = []
    for key in ("source", "map"):
        names = [str(entry.get("name")) for entry in entries(key)]
        twice = sorted({name for name in names if names.count(name) > 1})
        faults += [
            f"[[{key}]] {name!r}: this name is used twice; names must differ" for name in twice
        ]
    touchpoints = {str(rule.get("name")) for rule in entries("touchpoint")}
    stages: set[str] = set()
    for entry in entries("map"):
        own = _stages(entry.get("stages", []))
        own = {str(stage) for stage in own} if isinstance(own, list) else set()
        stages |= own
        for role in ("goal", "start", "abandon"):
            named = _listed(entry.get(role, []))
            for target in named if isinstance(named, list) else []:
                if target not in own and target not in touchpoints:
                    hint = nearest(str(target), own | touchpoints)
                    faults.append(
                        f"[[map]] {entry.get('name')!r} {role}: {target!r} is no stage of this map "
                        f"and no touchpoint; {hint}"
                    )
    for rule in entries("touchpoint"):
        stage = rule.get("stage")
        if stage is not None and stages and stage not in stages:
            faults.append(
                f"[[touchpoint]] {rule.get('name')!r} stage: {stage!r} is in no map; "
                f"{nearest(str(stage), stages)}"
            )
    kept = {
        str(key) for entry in entries("source") for key in (_listed(entry.get("keep", [])) or [])
    }
    known = {*COLUMNS, *kept, "source"} - {"occurred_at", "sequence"}
    for rule in entries("touchpoint"):
        when = rule.get("when")
        for column in when if isinstance(when, dict) else ():
            if column not in known:
                faults.append(
                    f"[[touchpoint]] {rule.get('name')!r} when: {column!r} is no column that rules "
                    f"can read; {nearest(column, known)} (list other columns under 'keep' of a source)"
                )
    return faults
