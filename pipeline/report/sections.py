"""What a section of the report is: data, from which the page is made.

To add a section:

1. Write its query as `queries/NAME.sql`: one SELECT that runs as it stands, with a comment that
   says "One row per …". Columns named `map_name`, `segment`, `value`, `among`, `level` and `anchor`
   are keys: a query that has them follows what the reader chooses, with no further code. The other
   columns are shown under "Show the numbers", in the CSV and in the order of the query.
2. Add a `Section` to `contents.SECTIONS`, where it is to stand. `queries` names its queries, the
   first one leads: it decides whether there is anything to show, and its rows go to the pictures.
3. For a picture take either `Picture(draw=…)`, a function of `figures` (frame of the chosen map
   and segment `all`, its stages → Plotly figure), drawn once for each map; or `Picture(live=…)`,
   the name of a drawing under `scripts/` that is drawn in the page from the rows of the view. For
   plain HTML write `NAME.html.j2`, named like the section, with `panel.rows` and `panel.frames`.
4. Where the project asks for privacy, a query loses its rows of fewer than k customers, journeys
   or answers. If its rows add up to a total that is shown, give it a rule in `folding.RULES`.

Numbers are made in SQL: no template, script or figure adds, divides or rounds what is told, but to
write it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import plotly.graph_objects as go

QUERIES = Path(__file__).parent / "queries"
DRILLS = Path(__file__).parent / "drills"

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Picture:
    """One figure: what draws it, its caption, and its words for who cannot see it.

    `draw` makes a Plotly figure once for each map; `live` names a drawing of the page that follows
    the reader's choice, and `still` makes its Plotly figure where pictures go to files, which says
    what it `counts` where that is not what the page counts at first. `query` is
    where a live picture reads its rows: by default the section's first. `level` holds it at one
    level of the graph, whatever is chosen; `suits` is its level as long as the reader chooses none.
    """

    description: str
    draw: Callable[[pd.DataFrame, pd.DataFrame], go.Figure] | None = None
    live: str | None = None
    still: Callable[[pd.DataFrame, pd.DataFrame], go.Figure] | None = None
    counts: str = ""
    caption: str = ""
    query: str | None = None
    level: str | None = None
    suits: str | None = None


@dataclass(frozen=True)
class Section:
    """One section: its title is a question, or a finding made of the numbers of its view.

    `title` is given the row of the query "answer" and the rows of the section's first query. Of
    `keys`, the legend, those that `roles` names are left out where the rows have no such role.
    """

    id: str
    question: str
    how: str
    queries: tuple[str, ...]
    pictures: tuple[Picture, ...] = ()
    title: Callable[[Row, pd.DataFrame], str] | None = None
    keys: tuple[tuple[str, str], ...] = field(default=())
    roles: Mapping[str, str] = field(default_factory=dict)
    per_map: bool = True
    absent: str = "There is nothing to show yet."

    @property
    def template(self) -> str | None:
        """The file of its own HTML; None where it has none."""
        name = f"{self.id}.html.j2"
        return name if (Path(__file__).parent / name).is_file() else None


def query(name: str) -> str:
    """Return the text of a query, as it runs and as the report shows it."""
    return (QUERIES / f"{name}.sql").read_text(encoding="utf-8").strip()


def drills() -> dict[str, str]:
    """Return the queries behind marks of a figure, by name; the page fills in what is :named."""
    return {
        path.stem: path.read_text(encoding="utf-8").strip() for path in sorted(DRILLS.glob("*.sql"))
    }
