"""Decisions about names and countries."""

from __future__ import annotations

import pytest

from stadhuis.personen import rules


@pytest.mark.parametrize(
    ("land", "expected"),
    [
        ("Nederland", "nl"),
        ("Duitsland", "eu"),
        ("België", "eu"),
        ("Verenigd Koninkrijk", "anders"),
        ("Zwitserland", "anders"),
        ("", "anders"),
    ],
)
def test_a_country_lies_in_the_netherlands_the_eu_or_elsewhere(land: str, expected: str) -> None:
    assert rules.vestigingsland(land) == expected


def test_the_union_has_26_other_members() -> None:
    assert len(rules._EU) == 26


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Škvorecký", True),
        ("Jan*", True),
        ("Ja*", False),
        ("", False),
        ("a" * 201, False),
        ("*", False),
        ("d'Arc", True),
    ],
)
def test_a_surname_can_be_searched_or_not(value: str, expected: bool) -> None:
    assert rules.is_searchable_name(value) is expected
