"""Whose rules: how known tools count a funnel, as sets of the same options."""

from __future__ import annotations

from dataclasses import dataclass, fields

CHOICES = {
    "order": ("ordered", "strict", "any"),
    "entry": ("first step", "any step"),
    "ties": ("position", "increasing", "any"),
    "reentry": ("best", "first"),
    "unit": ("customer", "session", "attempt"),
    "window": ("total", "step"),
    "exclusion": ("ends", "drops"),
    "range": ("entry", "events"),
    "unfinished": ("open", "dropped"),
}


STOPS = ("foreign", "early", "repeat")
"""What may stop for good: an event that is no step, a step before its turn, a step done already."""


@dataclass(frozen=True)
class Rules:
    """How a funnel counts.

    order: others may come between the steps, nothing may, or they come in any order. entry: at the
    first step, or at any. ties: what comes first at equal times: the event before in the customer's
    order, neither (times must increase), or any. grace: so far apart, events still tie. shared: one
    event may be several steps. reentry: the entry that leads furthest, or the first. within: the
    longest time, in all or (window) from step to step; "map": the horizon of the map. exclusion:
    it ends an attempt, or drops who met it from every step. stops: what stops a customer for good,
    however often it entered (see STOPS). range: the dates are those of the
    entry, or of all events. unfinished: who may still go on is open, or dropped.
    """

    order: str = "ordered"
    entry: str = "first step"
    ties: str = "position"
    grace: str = "0 s"
    shared: bool = False
    reentry: str = "best"
    unit: str = "customer"
    within: str = "map"
    window: str = "total"
    exclusion: str = "ends"
    range: str = "entry"
    stops: tuple[str, ...] = ()
    unfinished: str = "open"


@dataclass(frozen=True)
class Preset:
    """Rules with a name, what they rest on, and what is not known of them."""

    rules: Rules
    source: str
    unsure: str = ""


PRESETS = {
    "squiggle": Preset(Rules(), "this project"),
    "strict": Preset(Rules(order="strict", ties="increasing"), "this project"),
    "posthog": Preset(
        Rules(
            ties="any",
            within="14 d",
            exclusion="drops",
            range="events",
            unfinished="dropped",
        ),
        "PostHog, source of its funnel function and its tests",
        "how its other versions take an event that is two steps at the time of a third",
    ),
    "clickhouse": Preset(
        Rules(
            ties="any",
            shared=True,
            within="none",
            range="events",
            unfinished="dropped",
        ),
        "ClickHouse, windowFunnel without a mode; its window is always given",
        "in mode strict_increase a repeated step hides the earlier one there; here it does not",
    ),
    "mixpanel": Preset(
        Rules(
            ties="any",
            grace="2 s",
            reentry="first",
            within="7 d",
            unfinished="dropped",
        ),
        "Mixpanel, documentation of funnels: uniques, specific order, no optimized re-entry",
        "whether one event may be two equal steps; what an exclusion does to the steps before it",
    ),
    "amplitude": Preset(
        Rules(
            ties="any",
            grace="1 s",
            within="1 d",
            unfinished="dropped",
        ),
        "Amplitude, documentation of funnel analysis: uniques, this order",
        "the default window; the time of two events that count as simultaneous is rounded there",
    ),
    "ga4": Preset(
        Rules(
            ties="any",
            within="none",
            range="events",
            unfinished="dropped",
        ),
        "Google Analytics 4, funnel exploration and Data API: closed, indirectly followed",
        "ties and re-entry are not documented; its own thresholds and sampling are left out",
    ),
    "umami": Preset(
        Rules(
            ties="any",
            shared=True,
            within="1 h",
            window="step",
            range="events",
            unfinished="dropped",
        ),
        "Umami, source of its funnel report; its window, in minutes, is from step to step",
        "the default window; a visitor there is a device of a month, here a customer",
    ),
}
"""The rules that have a name."""


def rule_table() -> list[list[str]]:
    """Return the presets as rows of text: each rule that differs between them, a row per preset."""
    named = [one.name for one in fields(Rules)]
    differing = [
        name
        for name in named
        if len({getattr(preset.rules, name) for preset in PRESETS.values()}) > 1
    ]
    return [
        ["rules", *differing],
        *(
            [f"`{name}`", *(_cell(getattr(preset.rules, rule)) for rule in differing)]
            for name, preset in PRESETS.items()
        ),
    ]


def _cell(value: str | bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "the map's" if value == "map" else value
