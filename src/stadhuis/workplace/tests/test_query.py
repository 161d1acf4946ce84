"""What the words in the search box mean."""

from __future__ import annotations

from datetime import date

import pytest

from stadhuis.workplace.query import Query, read


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        ("Verhagen", Query(name="Verhagen")),
        ("noor verhagen", Query(name="noor verhagen")),
        ("14-03-1985", Query(birth_date=date(1985, 3, 14))),
        ("14/3/1985", Query(birth_date=date(1985, 3, 14))),
        ("Verhagen 14-03-1985", Query(name="Verhagen", birth_date=date(1985, 3, 14))),
        ("999993653", Query(bsn="999993653")),
        ("999993654", Query(number="999993654")),
        ("OEV-2026-0000042", Query(number="OEV-2026-0000042")),
        ("31-02-1985", Query(number="31-02-1985")),
        ("   ", Query()),
    ],
)
def test_words_are_read_as_number_name_birth_date_or_bsn(words: str, meaning: Query) -> None:
    assert read(words) == meaning
