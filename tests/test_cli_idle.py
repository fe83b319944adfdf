"""An option that says nothing where it stands is refused: its answer would be taken for another."""

from __future__ import annotations

from pathlib import Path

import pytest

from .commands import asked

ASKED = [
    ("compare -a outcome=converted -b rest --graph stage --within", "3 d", "--within"),
    ("compare -a outcome=converted -b rest --keep", "Cart", "--keep"),
    ("compare -a outcome=converted -b rest --cut session", "", "--cut"),
    ("compare -a outcome=converted -b rest --most", "3", "--most"),
    ("customers --node Cart --nth", "last", "--nth"),
    ("customers --node Cart --anchor", "Cart", "--anchor"),
    ("compare -a outcome=converted -b rest --seed", "-5", "--seed"),
    ("compare -a outcome=converted -b rest --graph stage --most", "0", "--most"),
    ("funnel Cart Order --attribution 1", "", "--attribution"),
    ("funnel Cart Order --customers", "0", "--customers"),
    ("export journeys out.csv --map", "lifecycle", "--map"),
    ("sql --model journeys", "select 1", "not both"),
    ("steps --top", "-1", "--top"),
    ("pattern Cart --sql", "--json", "--sql"),
    ("customers --node Cart --sql", "--json", "--sql"),
    ("customers --node Cart --sql --out", "some.csv", "--sql"),
    ("why somebody --most", "-1", "--most"),
]


@pytest.mark.parametrize(
    ("command", "value", "named"), ASKED, ids=[f"{c} {v}" for c, v, _ in ASKED]
)
def test_it_is_refused_by_name(command: str, value: str, named: str, small_project: Path) -> None:
    words = [*command.split(), *([value] if value else []), "-p", str(small_project)]
    found = asked(*words)
    assert found.exit_code == 2
    assert named in found.output


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("run --memory lots", "--memory 'lots' is not understood"),
        ("steps --anchor Loyalty --drop Loyalty", "'Loyalty' is the anchor"),
        ("retention --since 2100-01-01", "Nobody started in these periods"),
    ],
)
def test_what_can_give_nothing_says_so(command: str, told: str, small_project: Path) -> None:
    found = asked(*command.split(), "-p", str(small_project))
    assert told in (str(found.exception) if found.exit_code else found.output)
