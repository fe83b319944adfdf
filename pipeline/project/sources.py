"""The section [[source]] of the project file, and the columns that exports are mapped to."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from .. import formats, values
from ..errors import nearest
from .kinds import Moment, Strict, Texts, Zone

STRONG_IDS = ("user_id", "email", "phone", "crm_id", "account_id")
WEAK_IDS = ("device_id", "cookie_id")
ID_COLUMNS = STRONG_IDS + WEAK_IDS
PHONE_SEPARATORS = "[ ()./-]"
"""What is taken out of telephone numbers, here of those that are written by hand; of events it is
identity_values that takes out the same."""
TEXT_COLUMNS = (
    *("event", "event_id", "channel", *ID_COLUMNS, "session_key", "currency", "order_id"),
    *("campaign", "device", "country", "direction", "actor", "score_type"),
)
NUMBER_COLUMNS = ("value", "cost", "score", "sentiment", "duration_s")
COLUMNS = ("occurred_at", "sequence", *TEXT_COLUMNS, *NUMBER_COLUMNS)
RULE_COLUMNS = ("source", *TEXT_COLUMNS, *NUMBER_COLUMNS)
"""What touchpoint rules can read, besides the columns that a source keeps."""

Encoding = Annotated[str, BeforeValidator(values.encoding)]
TimeFormat = Annotated[str, BeforeValidator(values.time_format)]
Format = Annotated[str, AfterValidator(formats.known_format)]


class Source(Strict):
    """One system that exports events: where its files are and what its columns mean."""

    name: str = Field(min_length=1)
    files: Annotated[Texts, AfterValidator(values.filled)] = Field(min_length=1)
    columns: dict[str, str] = Field(default_factory=dict, validate_default=True)
    format: Format = "auto"
    delimiter: str | None = Field(None, min_length=1, max_length=1)
    encoding: Encoding = "utf-8"
    timezone: Zone | None = None
    time_format: TimeFormat | None = None
    required: bool = True
    dedupe: Literal["auto", "none"] = "auto"
    recorded_since: Moment | None = None
    keep: Texts = ()
    blank: Texts = ()
    event: str | None = None
    channel: str | None = None

    @property
    def known(self) -> formats.Known | None:
        """The known export that `format` names; None where it names a file format."""
        return formats.FORMATS.get(self.format)

    def way(self, theirs: str) -> str:
        """Return the way to a kept column that a known export names; others are their own."""
        known = self.known.kept.get(theirs) if self.known is not None else None
        return formats.joined(known) if known is not None else theirs

    @model_validator(mode="before")
    @classmethod
    def _completed(cls, raw: Any) -> Any:
        return formats.completed(raw)

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
            raise ValueError("\n".join(faults))
        return columns

    @model_validator(mode="after")
    def _named_events(self) -> Source:
        if "event" not in self.columns and self.event is None:
            raise ValueError(
                "nothing says what its events are called; map 'event' to a column, or set "
                "event = 'a name' for all its rows"
            )
        return self
