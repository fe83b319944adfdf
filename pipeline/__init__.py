"""squiggle: real customer journeys, reconstructed from exported event logs.

>>> from pipeline import load_project, open_warehouse, run
"""

from __future__ import annotations

from . import figures, paths
from .compare import compare, graph_difference
from .credit import Attribution, Credits, attribution
from .definitions import definitions
from .dictionary import dictionary
from .errors import DataError, ModelError, ProjectError, SquiggleError
from .flows import journey_graph
from .funnel import Funnel, FunnelResult, Step, funnel
from .graph import simplify, transition_graph, write_graph
from .influence import Influence, influence
from .models import load_models
from .project import Project, load_project
from .questions import Scope
from .report import write_pictures, write_report
from .retention import Cohorts, retention
from .run import Result, run
from .sensitivity import sweep
from .warehouse import Warehouse, open_warehouse

__all__ = [
    "Attribution",
    "Cohorts",
    "Credits",
    "DataError",
    "Funnel",
    "FunnelResult",
    "Influence",
    "ModelError",
    "Project",
    "ProjectError",
    "Result",
    "Scope",
    "SquiggleError",
    "Step",
    "Warehouse",
    "attribution",
    "compare",
    "definitions",
    "dictionary",
    "figures",
    "funnel",
    "graph_difference",
    "influence",
    "journey_graph",
    "load_models",
    "load_project",
    "open_warehouse",
    "paths",
    "retention",
    "run",
    "simplify",
    "sweep",
    "transition_graph",
    "write_graph",
    "write_pictures",
    "write_report",
]
