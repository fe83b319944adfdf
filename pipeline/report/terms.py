"""The words of the report: what policies do, and what the terms mean."""

from __future__ import annotations

POLICIES = {
    "guarded": "two strong ids on one event; devices lend anonymous events, within limits",
    "components": "any two ids on one event, devices included",
    "last_user": "a device belongs to its last user",
    "first_user": "a device belongs to its first user",
    "nearest": "a device lends anonymous events to its nearest user, however far in time",
    "none": "nothing: each id is a customer",
}

OVER = "that are over and were seen from their beginning"
"""The journeys that squiggle, turning back and detours are of, in words."""

TERMS = (
    (
        "Journey",
        "All that one customer does between the first touchpoint after the last journey "
        "closed and the goal, an explicit end, or a long silence.",
    ),
    (
        "Converted, dropped, open",
        "A journey that reached the goal; one that ended without it, by an "
        "explicit end or by silence; and one that may still go on. Open is never counted as lost.",
    ),
    (
        "Squiggle index",
        "1 − progress ÷ movement, summed over journeys: the share of all movement between stages "
        "that was detour. 0 is straight, towards 1 a tangle. Skipping a stage is not a detour.",
    ),
    (
        "Over, and seen from the beginning",
        "A journey that is closed, did not begin before the data do, and began so long ago that "
        "silence could have closed it: else those that end soon would be told of too often.",
    ),
    (
        "Never turn back",
        "Of the journeys that move between stages, those that never go to an earlier one.",
    ),
    (
        "Drop-off rate",
        "1 − the probability to progress within the time given, by Kaplan–Meier, or "
        "Aalen–Johansen where journeys can end explicitly, with its 95% interval.",
    ),
    (
        "Naive ratio",
        "Those not further today ÷ those that reached the stage or passed over it. It calls open "
        "journeys lost and depends on the day of the export; it is shown for comparison only.",
    ),
    (
        "n below 30",
        "Too little for a rate: shown muted, never ranked, never a headline.",
    ),
)
