"""How well the policies find the sample's true persons: shared homes, kiosks, resets, junk ids.

Pair precision and recall look at pairs of events: of those put together, how many belong together,
and the other way round. B-cubed does the same event by event (Bagga and Baldwin 1998). The
truth is the generator's.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.project import load_project
from pipeline.run import run
from pipeline.sensitivity import POLICIES
from pipeline.warehouse import Warehouse, open_warehouse

SAMPLE = Path(__file__).parents[1] / "data" / "sample"
Numbers = NDArray[np.int64]


@pytest.fixture(scope="module")
def quality(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, float]]:
    folder = tmp_path_factory.mktemp("policies")
    project = load_project(SAMPLE)
    found = {}
    for policy in POLICIES:
        chosen = project.identity.model_copy(update={"policy": policy})
        places = {"store": str(folder / "store"), "warehouse": str(folder / f"{policy}.duckdb")}
        made = run(
            project.model_copy(update={"identity": chosen, **places}), only=["ordered_events"]
        )
        with open_warehouse(made.warehouse) as built:
            found[policy] = scores(*persons_and_customers(built))
    return found


def persons_and_customers(built: Warehouse) -> tuple[Numbers, Numbers]:
    """True person and found customer of every event of the web."""
    truth: dict[str, Any] = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))
    start = datetime.fromisoformat(truth["about"]["window_start"].replace("Z", "+00:00"))
    start_ms = int((start - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1000)
    shared = {(cookie, ms): person for cookie, ms, person in truth["shared"]}
    own: dict[str, int] = {}
    named: dict[str, int] = {}
    for person, _, user, email, cookies, *_ in truth["persons"]:
        own |= dict.fromkeys(cookies, person)
        named |= {str(name): person for name in (user, email) if name}
    rows = built.rows(
        "select event.customer_no, loaded.cookie_id, loaded.occurred_us, loaded.user_id, "
        "loaded.email "
        "from ordered_events as event join loaded_events as loaded using (event_no) "
        "where loaded.source_no = 1"
    )
    people, customers = [], []
    for customer, cookie, us, user, email in rows:
        person = shared.get((cookie, us // 1000 - start_ms)) or own.get(cookie)
        person = person or named.get(user) or named.get(email)
        assert person is not None
        people.append(person)
        customers.append(customer)
    return np.array(people, dtype=np.int64), np.array(customers, dtype=np.int64)


def scores(people: Numbers, customers: Numbers) -> dict[str, float]:
    def sizes(groups: Numbers) -> Numbers:
        _, inverse, counts = np.unique(groups, return_inverse=True, return_counts=True)
        return np.asarray(counts[inverse], dtype=np.int64)

    both = sizes(people * 1_000_000_000 + customers)
    together, true = sizes(customers), sizes(people)
    return {
        "pair_precision": float((both - 1).sum() / (together - 1).sum()),
        "pair_recall": float((both - 1).sum() / (true - 1).sum()),
        "cubed_precision": float((both / together).mean()),
        "cubed_recall": float((both / true).mean()),
    }


@pytest.mark.soak
def test_guarded_puts_together_what_belongs_together(quality: dict[str, dict[str, float]]) -> None:
    found = quality["guarded"]
    assert found["pair_precision"] >= 0.97
    assert found["cubed_precision"] >= 0.98
    assert found["pair_recall"] >= 0.75
    assert found["cubed_recall"] >= 0.75


def test_the_policies_stand_in_the_order_that_the_methods_print(
    quality: dict[str, dict[str, float]],
) -> None:
    precision = {policy: found["pair_precision"] for policy, found in quality.items()}
    recall = {policy: found["pair_recall"] for policy, found in quality.items()}
    assert precision["components"] < precision["last_user"] < precision["guarded"]
    assert precision["components"] < 0.75
    assert precision["nearest"] < precision["guarded"]
    assert recall["none"] < recall["guarded"] <= recall["components"]
    assert quality["guarded"]["cubed_precision"] == max(
        one["cubed_precision"] for one in quality.values()
    )
