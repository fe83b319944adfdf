"""What is true of the sample, and what was done to it: the content of `truth.json`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from .defects import JUNK_IDS, UNMAPPED_EVENTS, Line, out_of_order
from .exports import KEEPS_S
from .generate import Answer, Sample
from .people import KIOSKS, kiosk_cookie
from .personas import PERSONAS
from .touches import Touch
from .truth import mixed_truth
from .walk import WINDOW_DAYS, Cycle

Files = Mapping[str, Mapping[str, Sequence[Line]]]


def sample_truth(
    sample: Sample, touches: Sequence[Touch], files: Files, withheld: Mapping[str, int]
) -> dict[str, Any]:
    """Global truths, counts per source, and who is who; see the keys' own comments below."""
    shared = _shared_cookies(sample)
    first = [cycles[0] for cycles in sample.cycles.values()]
    every = [cycle for cycles in sample.cycles.values() for cycle in cycles]
    model = mixed_truth([(p.share, p.chain) for p in PERSONAS], within_days=30.0)
    return {
        "about": {
            "seed": sample.seed,
            "customers": len(sample.people),
            "window_days": WINDOW_DAYS,
            "window_start": "2026-01-01T00:00:00Z",
            "window_end": "2026-06-01T00:00:00Z",
        },
        # In the long run, first cycles of true persons, followed to their end (closed form).
        "model": _rounded(asdict(model)),
        # In this draw: first cycles as they stood when the window ended.
        "drawn": {
            "first_cycles": dict(sorted(Counter(cycle.outcome for cycle in first).items())),
            "all_cycles": dict(sorted(Counter(cycle.outcome for cycle in every).items())),
            "personas": [
                [p.name, p.share, sum(q.persona_no == n for q in sample.people)]
                for n, p in enumerate(PERSONAS, start=1)
            ],
            "touches": len(touches),
            "squiggle_first_cycles": _squiggle(first),
        },
        "survey": _survey(sample.answers),
        "sources": {
            system: {**_source(system, by_path), "withheld": withheld[system]}
            for system, by_path in files.items()
        },
        "web_defects": _web_defects(touches),
        "orders": _orders(touches),
        "identity": {
            "persons": len(sample.people),
            "shared_cookies": sorted(shared),
            "kiosk_cookies": [kiosk_cookie(sample.seed, n) for n in range(KIOSKS)],
            "households": sum(person.shares_home for person in sample.people),
            "junk_user_ids": list(JUNK_IDS),
            "person_columns": [
                "person_no",
                "persona_no",
                "user_id",
                "email",
                "own_cookies",
                "first_outcome",
                "abandoned_at_s",
            ],
            "shared_columns": ["cookie", "at_ms", "person_no"],
        },
        # Whose are the touches with a shared cookie and no strong id: since the window's start.
        "shared": [
            [t.cookie, _kept_ms(t), t.person_no]
            for t in touches
            if t.cookie in shared and (t.user_id or t.email) in ("", *JUNK_IDS)
        ],
        "persons": _persons(sample, touches, shared),
    }


def _kept_ms(touch: Touch) -> int:
    """Milliseconds from the window's start to the touch, as fine as its system keeps them."""
    milliseconds, kept = round(touch.at * 1000), round(KEEPS_S[touch.touchpoint.system] * 1000)
    return milliseconds // kept * kept


def _shared_cookies(sample: Sample) -> set[str]:
    owners: dict[str, set[int]] = {}
    for person in sample.people:
        for device in person.devices:
            for _, cookie in device.cookies:
                owners.setdefault(cookie, set()).add(person.person_no)
    shared = {cookie for cookie, persons in owners.items() if len(persons) > 1}
    return shared | {kiosk_cookie(sample.seed, n) for n in range(KIOSKS)}


def _persons(sample: Sample, touches: Sequence[Touch], shared: set[str]) -> list[list[Any]]:
    """One row per true person; ids that no system ever recorded are left out."""
    used = {(t.person_no, name) for t in touches for name in (t.user_id, t.email, t.cookie)}
    rows = []
    for person in sample.people:
        number = person.person_no
        cookies = sorted({cookie for d in person.devices for _, cookie in d.cookies} - shared)
        cycle = sample.cycles[number][0]
        rows.append(
            [
                number,
                person.persona_no,
                person.user_id if (number, person.user_id) in used else None,
                person.email if (number, person.email) in used else None,
                [cookie for cookie in cookies if (number, cookie) in used],
                cycle.outcome,
                round(cycle.ended_at) if cycle.outcome == "abandoned" else None,
            ]
        )
    return rows


def _source(system: str, by_path: Mapping[str, Sequence[Line]]) -> dict[str, Any]:
    lines = [line for one in by_path.values() for line in one]
    kinds = Counter(line.kind for line in lines)
    reasons = {kind: n for kind, n in sorted(kinds.items()) if kind not in ("row", "duplicate")}
    return {
        "files": {path: len(one) for path, one in by_path.items()},
        "read": len(lines),
        "loaded": kinds["row"],
        "duplicate": kinds["duplicate"],
        "rejected": sum(reasons.values()),
        "reasons": reasons,
        "out_of_order": sum(out_of_order(one) for one in by_path.values()),
    }


def _web_defects(touches: Sequence[Touch]) -> dict[str, int]:
    """Counts over the good web rows, duplicates not counted twice.

    `tied` are rows that share cookie and moment with another; `skewed_cookies` went wrong by
    minutes and are known here only.
    """
    web = [t for t in touches if t.touchpoint.system == "web"]
    moments = Counter((t.cookie, t.at) for t in web)
    return {
        "unmapped": sum(t.event in UNMAPPED_EVENTS for t in web),
        "junk_user_id": sum(t.user_id in JUNK_IDS for t in web),
        "tied": sum(moments[t.cookie, t.at] > 1 for t in web if t.cookie),
        "unidentified": sum(
            not t.cookie and not t.email and t.user_id in ("", *JUNK_IDS) for t in web
        ),
    }


def _squiggle(cycles: Sequence[Cycle]) -> float | None:
    movement = sum(cycle.movement for cycle in cycles)
    return round(1 - sum(cycle.progress for cycle in cycles) / movement, 6) if movement else None


def _orders(touches: Sequence[Touch]) -> dict[str, Any]:
    """Orders that the shop's export holds, repeat orders included, and what they are worth."""
    paid = [t for t in touches if t.key == "order"]
    return {
        "paid": len(paid),
        "customers": len({t.person_no for t in paid}),
        "refunded": sum(t.key == "refund" for t in touches),
        "value": round(sum(t.value or 0.0 for t in paid), 2),
    }


def _survey(answers: Sequence[Answer]) -> dict[str, Any]:
    given = [answer.score for answer in answers if answer.is_given]
    return {
        "invited": len(answers),
        "answered": len(given),
        "nps_of_all": _nps([answer.score for answer in answers]),
        "nps_of_answers": _nps(given),
    }


def _nps(scores: Sequence[int]) -> float | None:
    if not scores:
        return None
    balance = sum(score >= 9 for score in scores) - sum(score <= 6 for score in scores)
    return round(100 * balance / len(scores), 3)


def _rounded(values: dict[str, Any]) -> dict[str, Any]:
    return {
        key: [round(x, 6) for x in value] if isinstance(value, tuple) else round(value, 6)
        for key, value in values.items()
    }
