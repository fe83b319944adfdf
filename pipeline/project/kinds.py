"""Kinds of values that several sections of the project file have."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

from .. import values

Microseconds = Annotated[int, BeforeValidator(values.microseconds)]
Texts = Annotated[tuple[str, ...], BeforeValidator(values.listed)]


class Strict(BaseModel):
    """A section: frozen, and it refuses keys that it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)
