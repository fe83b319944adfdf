"""One table of spellings: what DuckDB's words are in Spark's, so that both mean the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlglot
from sqlglot import exp

from .portable import parsed

SPACES = "".join(map(chr, (0x20, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)))
"""What DuckDB's trim takes away."""

WHOLE = (exp.DataType.Type.INT, exp.DataType.Type.BIGINT)


def spark_sql(sql: str) -> str:
    """Return the SELECT of a model, worded so that Spark returns the same rows.

    >>> spark_sql("select a / 2 as half from b")
    'SELECT CAST(`a` AS DOUBLE) / CAST(2 AS DOUBLE) AS `half` FROM `b`'
    """
    return as_spark(parsed(sql))


def as_spark(tree: exp.Expr) -> str:
    """Return the tree of a SELECT in Spark's words; the tree itself is changed."""
    # From the leaves up, so that what a spelling wraps has been spelled already.
    for node in reversed(list(tree.walk(bfs=True))):
        spell = SPELLINGS.get(type(node))
        if spell:
            spell(node)
    return tree.sql(dialect="spark", identify=True, unsupported_level=sqlglot.ErrorLevel.RAISE)


def _in_doubles(node: exp.Expr) -> None:
    """DuckDB divides in doubles; Spark divides decimals as decimals."""
    for side in ("this", "expression"):
        node.set(side, exp.cast(node.args[side].copy(), exp.DataType.Type.DOUBLE))


def _unforced(node: exp.Expr) -> None:
    """Spark decides itself what is worked out once; DuckDB is told where it must."""
    node.set("materialized", None)


def _rounded(node: exp.Expr) -> None:
    """DuckDB rounds a number half to even when it becomes whole; Spark cuts it off."""
    inner = node.this
    if isinstance(inner, exp.DPipe) and inner.this.name == "0x":
        node.set("this", exp.func("conv", inner.expression.copy(), _number(16), _number(10)))
    elif node.args["to"].this in WHOLE and not isinstance(inner, (exp.Null, exp.Literal)):
        node.set("this", _call("bround", inner.copy(), _number(0)))


def _to_places(node: exp.Expr) -> None:
    """DuckDB scales a double, rounds it and scales it back; Spark rounds how it is written."""
    places = node.args.get("decimals")
    if places is None:
        return
    scale = exp.cast(exp.Literal.number(f"1{'0' * int(places.name)}"), exp.DataType.Type.DOUBLE)
    scaled = exp.Round(this=exp.Mul(this=exp.paren(node.this.copy()), expression=scale.copy()))
    node.replace(exp.paren(exp.Div(this=scaled, expression=scale, typed=False, safe=False)))


def _moment(node: exp.Expr) -> None:
    """A moment without a zone is a type of its own; the other one shifts with the session."""
    inner = node.copy()
    node.replace(exp.cast(inner, exp.DataType.Type.TIMESTAMPNTZ))


def _by_the_clock(node: exp.Expr) -> None:
    """`timezone(zone, timezone('UTC', moment))`: a UTC moment by the clock of a zone."""
    if node.name.lower() != "timezone":
        return
    zone, inner = node.expressions
    if isinstance(inner, exp.Anonymous) and inner.name.lower() == "timezone":
        utc, moment = inner.expressions
        node.replace(_call("convert_timezone", utc.copy(), zone.copy(), moment.copy()))


def _written(node: exp.Expr) -> None:
    """Spark writes no ISO week."""
    if node.args["format"].name != "%G-W%V":
        return
    at = node.this.copy()
    year = exp.Extract(this=exp.var("YEAROFWEEK"), expression=at.copy())
    week = exp.Extract(this=exp.var("WEEK"), expression=at.copy())
    node.replace(_call("format_string", exp.Literal.string("%d-W%02d"), year, week))


def _days(node: exp.Expr) -> None:
    """A date less a date is a number of days in DuckDB, an interval in Spark."""
    sides = node.this, node.expression
    if any(isinstance(one, exp.Cast) and one.is_type("date") for one in sides):
        node.replace(_call("datediff", *(one.copy() for one in sides)))


def _quantile(node: exp.Expr) -> None:
    """The exact quantile; what sqlglot would write is approximate, or has other arguments."""
    quantile = node.args.get("expression") or _number(0.5)
    node.replace(_call("percentile", node.this.copy(), quantile.copy()))


def _largest(node: exp.Expr) -> None:
    """DuckDB passes over rows whose value is NULL."""
    known = exp.Where(this=node.this.copy().is_(exp.null()).not_())
    node.replace(exp.Filter(this=node.copy(), expression=known))


def _member(node: exp.Expr) -> None:
    """The path `$."name"` names a member of an object; Spark's paths know no quotes."""
    path = node.expression.copy()
    name = _call(
        "substring",
        path,
        _number(4),
        exp.Sub(this=exp.Length(this=path.copy()), expression=_number(4)),
    )
    for escaped, plain in (('\\"', '"'), ("\\\\", "\\")):
        name = _call("replace", name, exp.Literal.string(escaped), exp.Literal.string(plain))
    members = _call("from_json", node.this.copy(), exp.Literal.string("map<string,string>"))
    node.replace(_call("try_element_at", members, name))


def _trimmed(node: exp.Expr) -> None:
    """DuckDB's trim knows every space of Unicode."""
    if node.args.get("expression") is None:
        node.set("expression", exp.Literal.string(SPACES))
        node.set("position", "BOTH")


def _lowered(node: exp.Expr) -> None:
    """DuckDB lowers letter by letter; Spark makes two of one, and looks at the end of words."""
    node.set(
        "this",
        _call("translate", node.this.copy(), exp.Literal.string("İΣ"), exp.Literal.string("iσ")),
    )


def _number(value: float) -> exp.Expr:
    return exp.Literal.number(value)


def _call(name: str, *arguments: Any) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=list(arguments))


SPELLINGS: dict[type[exp.Expr], Callable[[exp.Expr], None]] = {
    exp.CTE: _unforced,
    exp.Anonymous: _by_the_clock,
    exp.ArgMax: _largest,
    exp.Cast: _rounded,
    exp.Div: _in_doubles,
    exp.JSONExtractScalar: _member,
    exp.Lower: _lowered,
    exp.Median: _quantile,
    exp.PercentileCont: _quantile,
    exp.Round: _to_places,
    exp.Sub: _days,
    exp.TimeToStr: _written,
    exp.Trim: _trimmed,
    exp.UnixToTime: _moment,
}
"""What is said otherwise on Spark, by kind of node; each is changed in its place."""
