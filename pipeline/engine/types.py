"""The types of the headers in Spark's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyarrow as pa

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


_ARROW = {
    "string": pa.string(),
    "binary": pa.binary(),
    "int": pa.int32(),
    "bigint": pa.int64(),
    "double": pa.float64(),
    "decimal(20,0)": pa.decimal128(20, 0),
    "decimal(18,2)": pa.decimal128(18, 2),
}


def arrow_schema(columns: Mapping[str, str]) -> pa.Schema:
    """Return columns with Spark's types as Arrow has them.

    >>> arrow_schema({"a": "bigint"})
    a: int64
    """
    return pa.schema([(name, _ARROW[kind]) for name, kind in columns.items()])


def is_kept(made: str, promised: str) -> bool:
    """Return whether what Spark made is what the header promises: whole numbers may be wider."""
    decimals = made.startswith("decimal") and promised.startswith("decimal")
    return made == promised or decimals or {made, promised} <= WHOLE
