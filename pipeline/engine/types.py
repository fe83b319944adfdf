"""The types of the headers in Spark's words."""

from __future__ import annotations

from collections.abc import Iterable

_TYPES = {
    "VARCHAR": "string",
    "INTEGER": "int",
    "BIGINT": "bigint",
    "UBIGINT": "decimal(20,0)",
    "DOUBLE": "double",
    "BOOLEAN": "boolean",
    "TIMESTAMP": "timestamp_ntz",
}
WHOLE = {"int", "bigint"}


def spark_type(type_: str) -> str:
    """Return Spark's name of a header's type.

    >>> spark_type("UBIGINT"), spark_type("DECIMAL(18,2)")
    ('decimal(20,0)', 'decimal(18,2)')
    """
    return _TYPES.get(type_, type_.lower())


def ddl(columns: Iterable[tuple[str, str]]) -> str:
    """Return columns and their types as Spark reads a schema.

    >>> ddl([("a", "int"), ("b", "string")])
    '`a` int, `b` string'
    """
    return ", ".join(f"`{name}` {kind}" for name, kind in columns)


def is_kept(made: str, promised: str) -> bool:
    """Return whether what Spark made is what the header promises: whole numbers may be wider."""
    decimals = made.startswith("decimal") and promised.startswith("decimal")
    return made == promised or decimals or {made, promised} <= WHOLE
