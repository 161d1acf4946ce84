"""Every sentence of the room has its English text, with the same facts in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from stadhuis.law.calendar import HOLIDAY_NAMES
from stadhuis.law.texts import SENTENCES, UNITS

PO = Path(__file__).parents[1] / "locale" / "en" / "LC_MESSAGES" / "django.po"
ENGLISH = dict(re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', PO.read_text(encoding="utf-8"), re.MULTILINE))
DUTCH = [
    *HOLIDAY_NAMES.values(),
    *SENTENCES.values(),
    *dict.fromkeys(text for pair in UNITS.values() for text in pair),
]


@pytest.mark.parametrize("dutch", DUTCH)
def test_a_sentence_has_an_english_text_with_the_same_facts(dutch: str) -> None:
    assert set(re.findall(r"%\(\w+\)s", ENGLISH[dutch])) == set(re.findall(r"%\(\w+\)s", dutch))


def test_no_english_text_is_left_over() -> None:
    assert set(ENGLISH) == set(DUTCH)
