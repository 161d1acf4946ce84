"""How large numbers are said on the worklist."""

from __future__ import annotations

import pytest
from django.utils import translation

from stadhuis.casework import public as casework
from stadhuis.workplace import present

MANY = casework.COUNTED_TO + 1


@pytest.mark.parametrize(("language", "said"), [("nl", "1.000+"), ("en", "1,000+")])
def test_more_than_a_thousand_is_said_to_be_more_and_anything_less_is_exact(language: str, said: str) -> None:
    counts = casework.Counts(
        all=MANY, mine=casework.COUNTED_TO, replacing=0, unit=MANY, free=12, approve=0, late=MANY, soon=3
    )
    with translation.override(language):
        words = present.worklist("all", casework.Worklist((), counts, MANY, 1, 20))
    assert words["bladen"]["total"] == said
    assert [tab["count"] for tab in words["lijsten"]] == [1000, 12, said, 0, said]
    assert [figure["value"] for figure in words["cijfers"]] == [said, 3, 12, said]
