"""The sections of the project file and their keys; values that they cannot have are refused."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    BeforeValidator,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from .. import values
from ..errors import nearest
from .kinds import MOST, Microseconds, Moment, Strict, Texts, Whole, Zone, is_address
from .kpi import Kpi
from .sources import Source

PRESET_STAGES = {
    "five stages": ["Awareness", "Interest", "Consideration", "Purchase", "Loyalty"],
    "reach-nurture-convert-grow": ["Reach", "Nurture", "Convert", "Grow"],
    "before-purchase-after": ["Before", "Purchase", "After"],
}
VIRTUAL_NODES = ("(start)", "(exit)", "(end)", "(open)", "(other)", "(more)", "(all)", "(no touch)")
"""Names that no stage or touchpoint can have; events and channels of these names are marked."""
SEGMENT_COLUMNS = (
    *("source", "touchpoint", "channel", "campaign", "device", "country", "direction", "actor"),
    *("currency", "score_type"),
)
"""Columns of ours whose values can tell journeys apart."""
FOUND = "found"
"""Path of a map that is to be found from the data."""
TAKEN_SEGMENTS = ("all", "period", "outcome")
"""Segments that every project has: all journeys, and the period in which they began."""


def _stages(value: object) -> object:
    if isinstance(value, str) and value not in PRESET_STAGES:
        hint = nearest(value, PRESET_STAGES)
        raise ValueError(f"{value!r}: no such stages are known; list them in order, or {hint}")
    return PRESET_STAGES[value] if isinstance(value, str) else value


def _plan(value: object) -> object:
    if isinstance(value, str) and value != FOUND:
        raise ValueError(f'{value!r} is no path; list its stages in order, or write "{FOUND}"')
    return value


Stages = Annotated[tuple[str, ...], BeforeValidator(_stages)]
Splits = Annotated[tuple[Literal["day", "campaign"], ...], BeforeValidator(values.listed)]
Plan = Annotated[str | tuple[str, ...], BeforeValidator(_plan)]


class Session(Strict):
    """How touchpoints fall into sessions."""

    gap: Microseconds = 30 * 60_000_000
    split: Splits = ()
    longest: Annotated[int | None, BeforeValidator(values.microseconds), Field(gt=0)] = None
    passive: Texts = ()

    @property
    def has_rules(self) -> bool:
        """Whether anything but the gap tells sessions apart."""
        return bool(self.split or self.longest or self.passive)


class Identity(Strict):
    """How ids become customers."""

    policy: Literal["guarded", "components", "last_user", "first_user", "nearest", "none"] = (
        "guarded"
    )
    blocked: Texts = ()
    lend_before: Microseconds = 30 * values.DAY_US
    lend_after: Microseconds = 30 * values.DAY_US
    shared_within: Microseconds = 90 * values.DAY_US
    kiosk_people: Whole = Field(default=5, ge=2, le=MOST)
    most_neighbours: Whole = Field(default=5, ge=1, le=MOST)
    most_users: Whole = Field(default=3, ge=1, le=MOST)
    most_emails: Whole = Field(default=5, ge=1, le=MOST)
    most_crm_ids: Whole = Field(default=1, ge=1, le=MOST)
    links: str | None = None


class Map(Strict):
    """What is asked of the journeys: stages in their intended order, a goal, how journeys close."""

    name: str = Field(min_length=1)
    stages: Stages = Field(min_length=2, max_length=60)
    goal: str
    start: Texts = ()
    abandon: Texts = ()
    closes: Literal["goal", "silence"] = "goal"
    silence: Microseconds = 30 * values.DAY_US
    horizon: Literal["declared", "found"] = "declared"
    within: Microseconds = 30 * values.DAY_US
    path: Plan = ()

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

    @field_validator("path")
    @classmethod
    def _walkable(cls, path: Plan, told: ValidationInfo) -> Plan:
        if "stages" in told.data and path != FOUND:
            values.steps(path, told.data["stages"])
        return path

    @property
    def steps(self) -> tuple[values.Step, ...]:
        """The steps of the intended path; by default the stages in order, up to a closing goal."""
        if self.path and self.path != FOUND:
            return values.steps(self.path, self.stages)
        closes_at = self.stages.index(self.goal) + 1 if self.goal in self.stages else None
        own = self.stages[: closes_at if self.closes == "goal" else None]
        return tuple(values.Step(stage, is_optional=False, is_repeatable=True) for stage in own)


class Touchpoint(Strict):
    """A rule: events that match it are this touchpoint. The first rule that matches wins."""

    name: str = Field(min_length=1)
    stage: str | None = None
    when: dict[str, Texts] = Field(min_length=1)

    @field_validator("name")
    @classmethod
    def _free(cls, name: str) -> str:
        if name in VIRTUAL_NODES:
            raise ValueError(f"{name!r} is no name for a touchpoint; virtual nodes are called so")
        return name


class Channel(Strict):
    """A rule: the channel of events that match it is called this. The first that matches wins."""

    name: str = Field(min_length=1)
    when: dict[str, Texts] = Field(min_length=1)


class Segment(Strict):
    """What tells journeys apart: the value of a column at one of their steps."""

    name: str = Field(min_length=1)
    column: str = Field(min_length=1)
    take: Literal["first", "last", "most"] = "first"
    of: Literal["journey", "customer"] = "journey"
    most: Whole = Field(default=20, ge=1, le=MOST)

    @field_validator("name")
    @classmethod
    def _free(cls, name: str) -> str:
        if name in TAKEN_SEGMENTS:
            raise ValueError(f"{name!r} is there already; give it another name")
        return name


class Report(Strict):
    """How the report is made."""

    title: str | None = None
    period: Literal["day", "week", "month", "quarter", "year"] = "month"
    locale: Literal[
        "en-US", "en-GB", "de-DE", "de-CH", "es-ES", "fr-FR", "it-IT", "nl-NL", "pl-PL", "pt-BR",
        "sv-SE",
    ] = "en-US"  # fmt: skip


class Privacy(Strict):
    """How small the groups of customers may be that the report shows; the key of pseudonyms."""

    k: Whole = Field(default=1, ge=1, le=MOST)
    key_from: str | None = Field(default=None, pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")


class Engine(Strict):
    """What builds the tables: DuckDB, or Spark for a log that one machine cannot hold."""

    name: Literal["duckdb", "spark"] = "duckdb"
    master: str = "local[*]"
    small: Whole = Field(default=1_000_000, ge=0, le=MOST)
    links: Whole = Field(default=5_000_000, ge=0, le=MOST)
    lake: str | None = None
    settings: dict[str, str] = Field(default={})

    @field_validator("lake")
    @classmethod
    def _addressed(cls, lake: str | None) -> str | None:
        if lake is not None and not is_address(lake):
            raise ValueError(
                f"{lake!r} is no address with a scheme, such as 's3a://bucket/squiggle'; folders "
                "that all workers see need no lake"
            )
        return lake and lake.rstrip("/")


class Project(Strict):
    """A project file as it was read; `folder` is where its relative paths start."""

    name: str = Field(min_length=1)
    folder: Path = Field(exclude=True)
    timezone: Zone = "UTC"
    as_of: Moment | None = None
    plausible_from: Moment = datetime(1990, 1, 1, tzinfo=UTC)
    plausible_to: Moment = datetime(2100, 1, 1, tzinfo=UTC)
    max_rejected: float = Field(0.1, ge=0, le=1, strict=True)
    store: str = Field(".squiggle", min_length=1)
    warehouse: str = Field("journeys.duckdb", min_length=1)
    report: str = Field("report.html", min_length=1)
    source: tuple[Source, ...] = Field(min_length=1)
    session: Session = Session()
    identity: Identity = Identity()
    map: tuple[Map, ...] = Field(min_length=1)
    touchpoint: tuple[Touchpoint, ...] = ()
    channel: tuple[Channel, ...] = ()
    segment: tuple[Segment, ...] = ()
    reporting: Report = Report()
    privacy: Privacy = Privacy()
    kpi: Kpi = Kpi()
    engine: Engine = Engine()

    @model_validator(mode="after")
    def _plausible(self) -> Project:
        if self.plausible_from >= self.plausible_to:
            raise ValueError("plausible_from must be before plausible_to: no time is between them")
        return self

    @property
    def store_path(self) -> Path:
        return self.folder / self.store

    @property
    def warehouse_path(self) -> Path:
        return self.folder / self.warehouse

    @property
    def report_path(self) -> Path:
        return self.folder / self.report
