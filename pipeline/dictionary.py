"""The data dictionary: the headers of the models as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from .models import Model, load_models, load_questions

FLOORS = {
    "0_input": "Input: events as loaded, the ledger, settings",
    "1_clean": "Clean: duplicates, touchpoints",
    "2_identity": "Identity: ids to customers",
    "3_journeys": "Journeys: events, sessions, journeys",
    "4_graph": "Graph: transitions, flows, paths",
    "5_kpi": "Figures: squiggle, drop-off, quality",
    "checks": "Checks: what must not be",
    "questions": "Questions: temporary tables, made when a question is asked",
}


def dictionary(models: Sequence[Model] | None = None) -> str:
    """Return every table of the warehouse with its grain and columns, as Markdown."""
    models = models or (*load_models(), *load_questions())
    parts = [
        "# Data dictionary\n",
        "Every table of the warehouse, from the headers of the models under `sql/`. "
        "Made by `make docs`; do not edit.\n",
        "Moments are UTC. What cannot be told, such as a share of none, is NULL, never 0.\n",
    ]
    for floor, title in FLOORS.items():
        own = sorted((model for model in models if model.floor == floor), key=lambda one: one.name)
        parts.append(f"## {title}\n")
        parts += [describe(model) for model in own]
    return "\n".join(parts)


def describe(model: Model) -> str:
    """Return one model as Markdown: what a row is, its grain, its columns."""
    lines = [f"### `{model.name}`\n", model.summary + "\n"]
    if model.notes:
        lines.append(model.notes + "\n")
    if model.kind == "check":
        return "\n".join(lines)
    made = {
        "view": "View. ",
        "working": "View; a table while it is built. ",
        "input": "Filled by the run. ",
        "asked": "Filled by the question. ",
        "python": "Made by Python. ",
    }
    grain = ", ".join(f"`{column}`" for column in model.grain)
    lines.append(f"{made.get(model.kind, '')}Grain: {grain}.\n")
    lines += ["| column | type | meaning |", "|---|---|---|"]
    for column in model.columns:
        meaning = column.meaning.replace("|", "\\|")
        lines.append(f"| `{column.name}` | {column.type.lower()} | {meaning} |")
    return "\n".join(lines) + "\n"
