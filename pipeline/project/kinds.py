"""Kinds of values that several sections of the project file have."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from .. import values

Microseconds = Annotated[int, BeforeValidator(values.microseconds)]
Texts = Annotated[tuple[str, ...], BeforeValidator(values.listed)]
Zone = Annotated[str, BeforeValidator(values.zone)]
Moment = Annotated[datetime, BeforeValidator(values.moment)]
Whole = Annotated[int, Field(strict=True)]
"""A whole number: no text, no true or false."""
MOST_DAYS = 366_000
"""What a number of days may be at most: a thousand years."""
MOST = 2_000_000_000
"""What a number of things may be at most: more find no room in a column."""

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://.")


def is_address(text: str) -> bool:
    """Return whether a text is an address with a scheme, and no path of this machine.

    >>> is_address("s3a://bucket/exports/*.csv"), is_address("exports/*.csv")
    (True, False)
    """
    return _ADDRESS.match(text) is not None


class Strict(BaseModel):
    """A section: frozen, and it refuses keys that it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)
