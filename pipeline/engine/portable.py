"""The portable core: the words of SQL that mean the same on every engine, and what lies outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import ClassVar

import sqlglot
from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.parsers.duckdb import DuckDBParser

CORE: frozenset[type[exp.Expr]] = frozenset(
    {
        # The shape of a SELECT.
        *(exp.Select, exp.From, exp.Table, exp.TableAlias, exp.Subquery, exp.CTE, exp.With),
        *(exp.Join, exp.Where, exp.Group, exp.Having, exp.Order, exp.Ordered, exp.Limit),
        *(exp.Union, exp.Except, exp.Intersect, exp.Distinct, exp.Star, exp.Exists),
        *(exp.Alias, exp.Column, exp.Identifier, exp.Paren, exp.Tuple),
        *(exp.Window, exp.WindowSpec, exp.Filter, exp.Explode, exp.GenerateSeries, exp.Array),
        # Values.
        *(exp.Literal, exp.Null, exp.Boolean, exp.Cast, exp.DataType, exp.DataTypeParam),
        *(exp.Interval, exp.Var),
        # Logic.
        *(exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Is),
        *(exp.NullSafeEQ, exp.NullSafeNEQ, exp.In, exp.Between, exp.Like, exp.Escape),
        *(exp.Case, exp.If, exp.Coalesce, exp.Nullif, exp.Greatest, exp.Least),
        # Numbers.
        *(exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.Neg, exp.Abs, exp.Floor, exp.Ceil),
        *(exp.Round, exp.Sqrt, exp.Ln, exp.Exp, exp.Pow),
        *(exp.BitwiseAnd, exp.BitwiseOr, exp.BitwiseLeftShift, exp.BitwiseRightShift),
        # Text and time.
        *(exp.DPipe, exp.Lower, exp.Upper, exp.Trim, exp.Replace, exp.Substring, exp.SplitPart),
        *(exp.Chr, exp.MD5, exp.Length, exp.JSONExtractScalar),
        *(exp.UnixToTime, exp.TimeToStr, exp.Extract, exp.DateFromParts),
        # Aggregates and windows.
        *(exp.Count, exp.Sum, exp.Min, exp.Max, exp.LogicalOr, exp.LogicalAnd, exp.BitwiseOrAgg),
        *(exp.Median, exp.PercentileCont, exp.ArgMax, exp.GroupConcat),
        *(exp.RowNumber, exp.DenseRank, exp.Rank, exp.Lag, exp.Lead),
        *(exp.FirstValue, exp.LastValue, exp.IgnoreNulls),
    }
)
"""Kinds of nodes that mean the same everywhere, as they stand or by their spelling."""

ON_DUCKDB: frozenset[type[exp.Expr]] = frozenset(
    {exp.Avg, exp.Bracket, exp.RegexpExtractAll, exp.StrPosition, exp.TryCast}
)
"""What questions may use besides: they are asked of a finished warehouse, which DuckDB reads."""

NAMED = {"bit_count", "timezone"}
"""Functions that sqlglot knows by no kind of node."""

TYPES = {
    *("INT", "BIGINT", "DOUBLE", "DECIMAL", "BOOLEAN", "VARCHAR", "TEXT", "DATE"),
}
FORMATS = {"%Y", "%Y-%m", "%Y-%m-%d", "%G-W%V"}
JOINS = {"", "INNER", "CROSS"}
SIDES = {"", "LEFT", "FULL"}


class _Reading(DuckDBParser):
    # `map` is a name in the models; no MAP {…} is portable.
    NO_PAREN_FUNCTION_PARSERS: ClassVar = {
        word: parse
        for word, parse in DuckDBParser.NO_PAREN_FUNCTION_PARSERS.items()
        if word != "MAP"
    }


class Models(DuckDB):
    """The SQL of the models: DuckDB's, in which `map` is a name like any other."""

    Parser = _Reading


def parsed(sql: str) -> exp.Expr:
    """Return the tree of a model's SELECT."""
    return sqlglot.parse_one(sql, read=Models)


def outside(sql: str, *, is_question: bool = False) -> list[str]:
    """Return what of a SELECT lies outside the portable core, each with its reason; [] for none.

    >>> outside("select list(x order by y) as xs from t")
    ['ARRAY_AGG(x ORDER BY y): no part of the portable core']
    """
    known = CORE | ON_DUCKDB if is_question else CORE
    faults = []
    for node in parsed(sql).walk():
        told = None
        if type(node) not in known | {exp.Anonymous} or not _is_named(node):
            told = "no part of the portable core"
        elif (rule := RULES.get(type(node))) and not (is_question and rule is _recursive):
            told = next(rule(node), None)
        if told:
            shown = " ".join(node.sql(dialect=Models).split())
            faults.append(f"{shown[:80]}: {told}")
    return faults


def _is_named(node: exp.Expr) -> bool:
    return not isinstance(node, exp.Anonymous) or node.name.lower() in NAMED


Rule = Callable[[exp.Expr], Iterator[str]]


def _cast(node: exp.Expr) -> Iterator[str]:
    if node.args["to"].this.value not in TYPES:
        yield f"models cast only to {', '.join(sorted(TYPES))}"


def _join(node: exp.Expr) -> Iterator[str]:
    if node.args.get("method") or node.args.get("using"):
        yield "say what is joined with `on`"
    if (node.args.get("kind") or "") not in JOINS or (node.args.get("side") or "") not in SIDES:
        yield "models join inner, left, full or cross"


def _distinct(node: exp.Expr) -> Iterator[str]:
    if node.args.get("on"):
        yield "DISTINCT ON keeps any row; number them and keep the first"
    if isinstance(node.parent, exp.Count) and isinstance(node.parent.parent, exp.Window):
        yield "Spark counts nothing distinct in a window"


def _window(node: exp.Expr) -> Iterator[str]:
    ranks = exp.RowNumber, exp.Rank, exp.DenseRank, exp.Lag, exp.Lead, exp.FirstValue, exp.LastValue
    inner = node.this.this if isinstance(node.this, exp.IgnoreNulls) else node.this
    if isinstance(inner, ranks) and not (node.args.get("order") or node.args.get("alias")):
        yield "a window that ranks must be ordered"


def _frame(node: exp.Expr) -> Iterator[str]:
    if node.args.get("exclude"):
        yield "Spark takes no notice of EXCLUDE"
    if node.args["kind"].upper() != "ROWS" and node.args["end"] != "CURRENT ROW":
        yield "a frame is of ROWS, or of RANGE up to the current row"


def _star(node: exp.Expr) -> Iterator[str]:
    if any(node.args.get(word) for word in ("except_", "except", "replace", "rename")):
        yield "a star without EXCLUDE, REPLACE and RENAME"


def _union(node: exp.Expr) -> Iterator[str]:
    if node.args.get("by_name"):
        yield "models unite by place"


def _substring(node: exp.Expr) -> Iterator[str]:
    start = node.args.get("start")
    if not isinstance(start, exp.Literal) or int(start.name) < 1:
        yield "places in a text count from 1, which must stand there"


def _joined_text(node: exp.Expr) -> Iterator[str]:
    if not isinstance(node.this, exp.Order):
        yield "string_agg must be ordered"


def _text_of_time(node: exp.Expr) -> Iterator[str]:
    if node.args["format"].name not in FORMATS:
        yield f"times are written as {', '.join(sorted(FORMATS))}"


def _unfolded(node: exp.Expr) -> Iterator[str]:
    if not isinstance(node.parent, exp.Alias) or not isinstance(node.parent.parent, exp.Select):
        yield "unnest stands alone, with a name"


def _listed(node: exp.Expr) -> Iterator[str]:
    if not isinstance(node.parent, exp.Explode):
        yield "no part of the portable core"


def _interval(node: exp.Expr) -> Iterator[str]:
    if not (isinstance(node.parent, exp.Add) and isinstance(node.parent.parent, exp.Cast)):
        yield "a day with an interval added must be cast to a date"


def _recursive(node: exp.Expr) -> Iterator[str]:
    if node.args.get("recursive"):
        first = node.expressions[0].this
        if not isinstance(first, exp.Union) or len(node.expressions) != 1:
            yield "a recursion is one CTE: a beginning, UNION ALL, a step"


def _zone(node: exp.Expr) -> Iterator[str]:
    if node.name.lower() == "timezone":
        inner = node.expressions[-1]
        is_inner = isinstance(node.parent, exp.Anonymous)
        if not is_inner and not (isinstance(inner, exp.Anonymous) and inner.name == "timezone"):
            yield "only timezone(zone, timezone('UTC', moment)) is portable"


RULES: dict[type[exp.Expr], Rule] = {
    exp.Anonymous: _zone,
    exp.Array: _listed,
    exp.Cast: _cast,
    exp.Distinct: _distinct,
    exp.Explode: _unfolded,
    exp.GroupConcat: _joined_text,
    exp.Interval: _interval,
    exp.Join: _join,
    exp.Star: _star,
    exp.Substring: _substring,
    exp.TimeToStr: _text_of_time,
    exp.Union: _union,
    exp.Window: _window,
    exp.WindowSpec: _frame,
    exp.With: _recursive,
}
"""What a portable node must look like to mean the same, by its kind."""
