"""A question as one SELECT that stands by itself: its asked rows and its models as one chain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..errors import ModelError
from ..models import Model, load_questions
from ..warehouse import literal
from .answering import Rows, needed


def ready_sql(names: Sequence[str], asked: Rows, final: str, *, told: str) -> str:
    """Return the SELECT that `answer` and then `final` would give, for the reader's own shell.

    `told` says in words what it gives; it stands in a comment.

    The rows that are asked stand in it as values, every text as a quoted literal, and every model
    of `sql/questions` as a step of the chain, word for word. `final` reads them by name.
    """
    questions = {model.name: model for model in load_questions()}
    steps = []
    for model in needed(names, questions, asked):
        if model.name in asked:
            select = _values(model, asked[model.name])
        elif model.kind == "asked":
            raise ModelError(f"{model.path}: its rows are not asked")
        else:
            select = model.sql
        steps.append(f"-- {model.summary}\n{model.name} as (\n\n{_indented(select)}\n\n)")
    # Not before "with": a command line takes a text that begins with -- for an option.
    return (
        f"with -- {' '.join(told.split())}\n\n"
        + ",\n\n".join(steps)
        + "\n\n"
        + final.strip()
        + "\n"
    )


def _indented(sql: str) -> str:
    return "\n".join(f"    {line}" if line else line for line in sql.splitlines())


def _values(model: Model, rows: Sequence[Sequence[Any]]) -> str:
    """The rows of an asked model as a SELECT of literals, typed as its header promises."""
    if not rows:
        listed = ", ".join(f"cast(null as {one.type}) as {one.name}" for one in model.columns)
        return f"select {listed}\nwhere false"
    selected = [
        "select "
        + ", ".join(
            f"cast({_literal(value)} as {column.type}) as {column.name}"
            if number == 0
            else _literal(value)
            for value, column in zip(row, model.columns, strict=True)
        )
        for number, row in enumerate(rows)
    ]
    return "\nunion all\n".join(selected)


def _literal(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return literal(value)
    return repr(value)
