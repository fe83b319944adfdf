"""Journeys for the report's tests: seeded walks over stages, written as an export."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

STAGES = ("Awareness", "Interest", "Consideration", "Purchase", "Loyalty")
TOUCHPOINTS = {
    "Awareness": ("Display ad", "Search ad", "Social post"),
    "Interest": ("Blog", "Newsletter", "Website"),
    "Consideration": ("Cart", "Chat", "Product page"),
    "Purchase": ("Checkout",),
    "Loyalty": ("Referral", "Review"),
}
UNSTAGED = ("Support call", "Cancelled")
AS_OF = datetime(2026, 4, 20)
CHANNELS = ("ads", "mail", "search", "social")
CAMPAIGNS = ("spring", "summer", "")

Row = tuple[str, str, str, str, str]


def walks(journeys: int, seed: int = 3) -> list[Row]:
    """Return the rows of seeded journeys: who, at, what, way, campaign.

    A journey ends at the last stage, is cancelled, falls silent early enough to be over, or lately
    enough to be open. One customer in five has a second journey.
    """
    chance = random.Random(seed)
    rows: list[Row] = []
    for number in range(journeys):
        who = f"customer-{number if number % 5 else max(number - 1, 0)}"
        way, campaign = chance.choice(CHANNELS), chance.choices(CAMPAIGNS, [5, 3, 2])[0]
        stage_no, hours, names, end = chance.choices([1, 2, 3], [7, 2, 1])[0], 0.0, [], ""
        while not end:
            names.append((hours, chance.choice(TOUCHPOINTS[STAGES[stage_no - 1]])))
            hours += chance.expovariate(1 / 20)
            draw = chance.random()
            if stage_no == len(STAGES):
                end = "won"
            elif draw < 0.27:
                continue
            elif draw < 0.62:
                stage_no += 1
            elif draw < 0.66:
                stage_no = min(stage_no + 2, len(STAGES))
            elif draw < 0.83:
                stage_no = max(stage_no - chance.choice([1, 1, 2]), 1)
            else:
                end = chance.choices(["silent", "open", "cancelled"], [6, 3, 1])[0]
        if end == "cancelled":
            names.append((hours, "Cancelled"))
        elif chance.random() < 0.1:
            names.append((hours, "Support call"))
        last = AS_OF - timedelta(days=chance.uniform(1, 20) if end == "open" else 40)
        begun = last - timedelta(hours=hours, days=0 if end == "open" else 35 * (number % 3))
        for hour, name in names:
            at = begun + timedelta(hours=hour)
            rows.append((who, at.strftime("%Y-%m-%d %H:%M:%S.%f"), name, way, campaign))
    rows.append(("last", AS_OF.strftime("%Y-%m-%d %H:%M:%S"), "tick", "ads", ""))
    return rows
