"""A recursion taken step by step: Spark's own knows no aggregates and keeps few rows."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from .spelling import as_spark

Step = Callable[[str, str, int], int]
"""Name of a recursion, the SELECT of a step and its number → how many rows it had.

Afterwards the views `<name>_last` and `<name>_all` show the rows of this step, and of all."""


def unrolled(tree: exp.Expr, step: Step) -> exp.Expr:
    """Return the SELECT without its recursion, which is taken to its end with `step`.

    A recursion is one CTE: a beginning, UNION ALL, a step that reads the rows of the step before.
    """
    clause = tree.args.get("with_")
    if clause is None or not clause.args.get("recursive"):
        return tree
    recursion = clause.expressions[0]
    name = recursion.alias
    rows = step(name, as_spark(recursion.this.this.copy()), 0)
    number = 1
    while rows:
        again = _reading(recursion.this.expression.copy(), name, f"{name}_last")
        rows = step(name, as_spark(again), number)
        number += 1
    tree.set("with_", None)
    return _reading(tree, name, f"{name}_all")


def _reading(tree: exp.Expr, name: str, other: str) -> exp.Expr:
    """The SELECT reading another table under the name of a recursion."""
    for table in list(tree.find_all(exp.Table)):
        if table.name == name:
            alias = table.alias or name
            table.set("this", exp.to_identifier(other))
            table.set("alias", exp.TableAlias(this=exp.to_identifier(alias)))
    return tree
