"""Every sentence of the room has its English text, with the same facts in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from stadhuis.schemes.errors import FAULTS
from stadhuis.schemes.tozo.texts import SENTENCES

PO = Path(__file__).parents[1] / "locale" / "en" / "LC_MESSAGES" / "django.po"
ENGLISH = dict(re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', PO.read_text(encoding="utf-8"), re.MULTILINE))
DUTCH = [
    *FAULTS.values(),
    *SENTENCES.values(),
]


@pytest.mark.parametrize("dutch", DUTCH)
def test_a_sentence_has_an_english_text_with_the_same_facts(dutch: str) -> None:
    assert set(re.findall(r"%\(\w+\)s", ENGLISH[dutch])) == set(re.findall(r"%\(\w+\)s", dutch))


def test_no_english_text_is_left_over() -> None:
    assert set(ENGLISH) == set(DUTCH)
