"""A part of a run: the tables that a test looks at, what they read, and every check of those."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.funnel.asked import TABLES
from pipeline.models import Model, load_models, load_questions
from pipeline.questions import read_for

NAMES = ("cfg_touchpoints", "event_details", "segment_values")
"""What every question reads to find what it names."""
FUNNELS = (*read_for(TABLES), *NAMES)
"""What funnels are answered from."""
QUESTIONS = (*read_for([model.name for model in load_questions()]), *NAMES)
"""What any question is answered from."""
TOLD = ("input_files", "customers", "journeys")
"""What a run tells of itself at its end."""


def models_of(tables: Iterable[str]) -> tuple[Model, ...]:
    """Return the models of a run that makes these tables and no others than it must."""
    models = load_models()
    named = {model.name: model for model in models}
    found: set[str] = set()

    def visit(name: str) -> None:
        if name not in found:
            found.add(name)
            for read in named[name].reads:
                visit(read)

    for name in (*tables, *TOLD, *(model.name for model in models if model.kind == "input")):
        visit(name)
    found |= {one.name for one in models if one.kind == "check" and found.issuperset(one.reads)}
    return tuple(model for model in models if model.name in found)
