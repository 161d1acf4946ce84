"""A decision on a bezwaar offers beroep at the court, not bezwaar again. Source: Awb 3:45, 6:7, 7:1 and 8:1."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from stadhuis.besluiten.models import Besluit
from stadhuis.casework import letters, letters_en
from stadhuis.casework import public as casework
from stadhuis.casework.errors import LetterIncomplete
from stadhuis.casework.tests.givens import Town, given_town
from stadhuis.catalogi import public as catalogi
from stadhuis.catalogi.tests.givens import catalogus_data, given_resultaattype_data
from stadhuis.kit.time import today
from stadhuis.law import public as law
from stadhuis.people.public import SYSTEM
from stadhuis.zaken import public as zaken
from stadhuis.zaken.tests.givens import given_rol

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(settings: Any) -> Town:
    settings.COURT_NAME, settings.COURT_ADDRESS = "Rechtbank Ergens", "Postbus 1, 1000 AA Ergens"
    settings.COURT_URL = "https://beroep.example/"
    return given_town()


def given_bezwaar(town: Town) -> zaken.ZaakRecord:
    data = catalogus_data(
        identificatie="BEZWAAR", omschrijving="Bezwaar", doorlooptijd="P42D", statustypen=["Ontvangen", "Afgerond"],
        resultaattypen=[given_resultaattype_data(omschrijving=name) for name in ("Toegekend", "Deels toegekend", "Afgewezen")],
    )  # fmt: skip
    [kind] = [one for one in data["zaaktypen"] if one["identificatie"] == "BEZWAAR"]
    kind["trefwoorden"] = ["termijn:awb-7-10"]
    catalogi.build(data)
    zaaktype = catalogi.zaaktype("BEZWAAR")
    return zaken.create_zaak(zaken.NewZaak(zaaktype_id=zaaktype.id), by=SYSTEM, rollen=(given_rol(),))


def remedy_of(letter: dict[str, Any]) -> str:
    return " ".join(letter["sections"][-1]["paragraphs"])


@pytest.mark.parametrize("outcome", ["toekennen", "deels toekennen", "afwijzen"])
def test_the_decision_on_a_bezwaar_names_the_court_its_digital_address_and_the_last_day(
    town: Town, outcome: str
) -> None:
    # given
    zaak = given_bezwaar(town)
    casework.take(zaak.uuid, by=town.handler)
    # when
    uuid = casework.propose(zaak.uuid, outcome=outcome, reasons="Wij keken opnieuw.", by=town.handler)
    casework.approve(uuid, by=town.decider)
    casework.send(uuid, by=town.handler)
    # then
    [sent] = casework.proposals_of(zaak.id)
    said = remedy_of(sent.letter)
    last = law.last_day_for_bezwaar(today())
    for words in (
        "beroep",
        "Rechtbank Ergens",
        "Postbus 1, 1000 AA Ergens",
        "https://beroep.example/",
        letters.in_words(last),
    ):
        assert words in said
    assert "bezwaar maken" not in said
    assert sent.letter["subject"] == "Beslissing op uw bezwaar"
    assert "aangevraagd" not in str(sent.letter)
    assert "Participatiewet" not in str(sent.letter)
    assert Besluit.objects.get(zaak_id=zaak.id).uiterlijke_reactiedatum == last


FACTS = letters.LetterFacts(
    town="Oeverveen", address="Markt 1", phone="14", authority="het college", to=["Jan"], addressee="Jan", reference="Z-1",
    scheme="Bezwaar", received=today(), outcome="afwijzen", reasons="Daarom.", signer="Daan", on_bezwaar=True, court="Rechtbank",
    court_address="Postbus 1", court_url="https://beroep.example/", language="en",
)  # fmt: skip


@pytest.mark.parametrize("missing", ["court", "court_address", "court_url"])
def test_a_letter_without_court_or_its_addresses_does_not_go_out(missing: str) -> None:
    with pytest.raises(LetterIncomplete):
        letters.compose(replace(FACTS, **{missing: " "}))  # type: ignore[arg-type]


def test_the_english_part_offers_an_appeal_and_a_clause_of_the_wrong_kind_is_refused() -> None:
    letter = letters.compose(FACTS)
    last = law.last_day_for_bezwaar(today())
    sent = letters.dated(letter, sent_on=today(), last_day_for_bezwaar=last)
    english = remedy_of(sent["translation"])
    assert "appeal to the court" in english
    assert letters_en.in_words(last) in english
    assert "You can object" not in english
    other = letters.compose(replace(FACTS, on_bezwaar=False))
    with pytest.raises(LetterIncomplete) as refused:
        letters.dated({**other, "remedy": "beroep"}, sent_on=today(), last_day_for_bezwaar=last)
    assert "beroep" in str(refused.value.text)
