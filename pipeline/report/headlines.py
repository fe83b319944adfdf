"""The headlines over the figures: a finding made of the numbers of the view, or a question."""

from __future__ import annotations

import pandas as pd

from ..figures import ENOUGH
from .findings import Row, in_hundred, leak
from .privacy import OTHER
from .wording import count, is_known, percent


def straight_title(answer: Row) -> str:
    """Return the headline over the squiggle picture, or a question where data are too few."""
    if not is_known(answer["straight_share"]) or not answer["moving_journeys"] >= ENOUGH:
        return "How straight is the path?"
    share = float(answer["straight_share"])
    if share in (0, 1):
        return "No moving journey turns back" if share else "Every moving journey turns back"
    return f"{in_hundred(share)} moving journeys never turn back"


def leak_title(dropoff: pd.DataFrame) -> str:
    """Return the headline over the drop-off figures."""
    found = leak(dropoff)
    return "Where do they stop?" if found.is_weak else found.text.rstrip(".")


def paths_title(variants: pd.DataFrame) -> str:
    """Return the headline over the most common paths."""
    listed = variants[variants["path"] != OTHER]
    if listed.empty or variants["journeys"].sum() < ENOUGH:
        return "Which paths are the most common?"
    if len(variants) == 1:
        return "There is one path, and every journey takes it"
    if len(listed) == len(variants):
        return f"All journeys take one of {count(len(listed))} paths"
    most = (
        f"{len(listed)} most common paths cover" if len(listed) > 1 else "most common path covers"
    )
    return f"The {most} {percent(listed['coverage'].max())} of journeys"
