"""A resident who used English finds the letter in English below the Dutch one, which is the decision."""

from __future__ import annotations

import io
from datetime import date

import pikepdf
import pytest

from stadhuis.casework import letters, letters_en
from stadhuis.casework import public as casework
from stadhuis.casework.tests.givens import Town, given_application, given_town
from stadhuis.documenten import public as documenten
from stadhuis.forms.models import Submission
from stadhuis.kit.time import today
from stadhuis.law import public as law
from stadhuis.messages import public as messages
from stadhuis.people.public import SYSTEM
from stadhuis.zaken import public as zaken

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    return given_town()


def _sent(town: Town, *, language: str, outcome: str = "toekennen", reasons_en: str = "") -> zaken.ZaakRecord:
    zaak = given_application(town)
    Submission.objects.filter(zaak_uuid=zaak.uuid).update(language=language)
    casework.take(zaak.uuid, by=town.handler)
    casework.assess(zaak.uuid, by=town.handler)
    proposal = casework.propose(
        zaak.uuid, outcome=outcome, reasons="U voldoet aan de voorwaarden.", reasons_en=reasons_en, by=town.handler
    )
    casework.approve(proposal, by=town.decider)
    casework.send(proposal, by=town.handler)
    return zaak


def test_the_translations_say_what_the_dutch_letter_can_say() -> None:
    assert letters_en.TOZO_SENTENCES.keys() == letters.TOZO_SENTENCES.keys()


@pytest.mark.parametrize("outcome", ["toekennen", "deels toekennen", "afwijzen"])
def test_when_the_resident_used_english_then_the_letter_is_there_in_both_languages(town: Town, outcome: str) -> None:
    # when
    zaak = _sent(town, language="en", outcome=outcome, reasons_en="You meet the conditions.")
    # then
    [message] = messages.messages_of(zaak.uuid)
    letter = casework.letter_of(message.document_uuid)
    assert letter is not None
    last_day = law.last_day_for_bezwaar(today())
    english = letter["translation"]
    headings = [section["heading"] for section in english["sections"]]
    assert len(english["sections"]) == len(letter["sections"])
    assert headings[-1] == "Do you disagree with this decision?"
    assert letters_en.in_words(last_day) in str(english)
    assert letters.in_words(last_day) in str(letter["sections"])
    assert "You meet the conditions." in str(english)
    assert "{" not in str(english["sections"]).replace("{'", "")
    with documenten.open_document(message.document_uuid, seen_by=SYSTEM) as file:
        pdf = pikepdf.open(io.BytesIO(file.read()))
    assert len(pdf.pages) >= 2
    assert str(pdf.Root.Lang) == "nl"


def test_when_the_clerk_cannot_write_english_then_the_letter_says_where_the_reasons_are(town: Town) -> None:
    zaak = _sent(town, language="en")
    [message] = messages.messages_of(zaak.uuid)
    assert "Our reasons are in the Dutch letter." in str(casework.letter_of(message.document_uuid))


def test_when_the_resident_used_dutch_then_there_is_no_english(town: Town) -> None:
    zaak = _sent(town, language="nl", reasons_en="Nobody will read this.")
    [message] = messages.messages_of(zaak.uuid)
    letter = casework.letter_of(message.document_uuid)
    assert letter is not None
    assert letter["translation"] is None


def test_when_a_penalty_is_owed_then_the_translation_says_so_too(town: Town) -> None:
    # given
    zaak = given_application(town)
    Submission.objects.filter(zaak_uuid=zaak.uuid).update(language="en")
    casework.take(zaak.uuid, by=town.handler)
    casework.assess(zaak.uuid, by=town.handler)
    proposal = casework.propose(zaak.uuid, outcome="toekennen", reasons="U voldoet.", by=town.handler)
    letter = next(one.letter for one in casework.proposals_of(zaak.id) if one.uuid == proposal)
    owed = law.Penalty(
        cents=6900, days=3, amounts=tuple((date(2021, 5, day), 2300) for day in (3, 4, 5)), first_day=date(2021, 5, 3)
    )
    # when
    sent = letters.dated(letter, sent_on=date(2021, 5, 6), last_day_for_bezwaar=date(2021, 6, 17), owed=owed)
    # then
    dutch, english = sent["sections"], sent["translation"]["sections"]
    assert len(dutch) == len(english)
    assert english[-2]["rows"][1] == ["3", "€23.00", "€69.00"]
    assert dutch[-2]["rows"][1] == ["3", "€ 23,00", "€ 69,00"]
    assert "from 3 May 2021 up to and including 5 May 2021" in str(english)
