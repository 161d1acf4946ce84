"""Handing in for someone else, from log-in to receipt: who, for whom and on what basis stays with every deed."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from stadhuis.audit.models import Payload
from stadhuis.catalogi import public as catalogi
from stadhuis.catalogi.tests.givens import catalogus_data
from stadhuis.forms import summary
from stadhuis.forms.models import Draft, Submission
from stadhuis.forms.reads import submission_record
from stadhuis.forms.tests.given import ANSWERS, STEPS, errors_on, given_handed_in
from stadhuis.kit.tests.pdf_words import words_of_pdf
from stadhuis.kit.tests.simulators import SimulatorProcess
from stadhuis.messages import public as messages
from stadhuis.people import public as people
from stadhuis.people.models import Company, Representative
from stadhuis.people.tests.test_acting_for import KIM, log_in
from stadhuis.zaken import public as zaken
from stadhuis.zaken.models import Rol, Zaak
from stadhuis.zaken.tests.givens import given_resident

pytestmark = pytest.mark.django_db
OBJECTION = {
    "uw-gegevens": {
        "naam": "Émile Vandenbroucke", "geboortedatum": "2-4-1975", "woonland": "België", "straat": "Leiestraat",
        "huisnummer": "12", "woonplaats": "Kortrijk", "emailadres": "emile@example.org",
    },
    "het-besluit": {"bestredenDatum": "2-3-2021", "bestredenBesluit": "De aanslag reclamebelasting"},
    "uw-bezwaar": {"gronden": "Ons bord hangt er niet meer."},
}  # fmt: skip
PETER, AALTJE, IRIS, THIRZA = "999994360", "999993331", "999995418", "999996654"


def given_filled_in_for(town: SimulatorProcess, browser: Client, **who: str) -> str:
    """Log in for someone else, fill every step in, and return the address of the draft."""
    log_in(town, browser, to="/aanvragen/tozo/", niveau="substantieel", **who)
    draft = browser.post("/aanvragen/tozo/")["Location"].split("stap/")[0]
    for step in STEPS:
        answer = browser.post(f"{draft}stap/{step}/", ANSWERS[step])
        assert answer.status_code == 302, f"{step}: {errors_on(answer)}"
    return draft


def hand_in(browser: Client, draft: str) -> str:
    answer = browser.post(f"{draft}overzicht/", {"naarWaarheid": "ja"})
    assert answer.status_code == 302, errors_on(answer)
    return browser.get(answer["Location"]).content.decode()


def key_of(bsn: str) -> str:
    return f"person:{people.person_uuid(people.find_person(bsn) or 0)}"


def test_a_company_of_another_country_objects_without_a_kvk_number(town: SimulatorProcess, browser: Client) -> None:
    catalogi.build(catalogus_data(identificatie="BEZWAAR", omschrijving="Bezwaar"))
    log_in(town, browser, to="/aanvragen/bezwaar/", means="eidas", niveau="substantieel", wie="BE-0799.314.552")
    # when
    draft = browser.post("/aanvragen/bezwaar/")["Location"].split("stap/")[0]
    for step, answers in OBJECTION.items():
        answer = browser.post(f"{draft}stap/{step}/", answers)
        assert answer.status_code == 302, f"{step}: {errors_on(answer)}"
    answer = browser.post(f"{draft}overzicht/", {"ondertekend": "ja"})
    assert answer.status_code == 302, errors_on(answer)
    # then: the zaak is the company's, and says how it logged in
    assert "Uw bezwaar is ontvangen" in browser.get(answer["Location"]).content.decode()
    rol = Rol.objects.get(omschrijving_generiek="initiator")
    company = Company.objects.get()
    assert (rol.company_id, rol.person_id, rol.betrokkene_type) == (company.pk, None, "niet_natuurlijk_persoon")
    assert company.kvk_nummer is None
    assert rol.authenticatie_context["source"] == "eidas"
    assert rol.authenticatie_context["representative"] == str(Representative.objects.get().uuid)
    # and: it sees its case and what is known about it
    assert browser.get("/mijn/").status_code == 200
    facts = browser.get("/mijn/gegevens/").content.decode()
    assert "Atelier de la Lys SRL" in facts


def test_where_a_form_needs_a_kvk_number_a_company_of_another_country_reads_why_and_cannot_begin(
    town: SimulatorProcess, browser: Client
) -> None:
    log_in(town, browser, to="/aanvragen/tozo/", means="eidas", niveau="substantieel", wie="DE-HRB-204417")
    page = browser.get("/aanvragen/tozo/").content.decode()
    assert "Hiervoor is een KVK-nummer nodig" in page
    assert "Log dan in met eHerkenning" in page
    assert "Beginnen" not in page
    assert browser.post("/aanvragen/tozo/").status_code == 409
    assert not Draft.objects.exists()


def test_when_a_bewindvoerder_hands_in_then_zaak_receipt_and_trail_say_so(
    town: SimulatorProcess, browser: Client
) -> None:
    # given
    draft = given_filled_in_for(town, browser, wie=PETER, namens="peter-aaltje")
    # when
    receipt = hand_in(browser, draft)
    # then: the receipt
    assert "Ingediend door" in receipt
    assert "Iemand anders, als bewindvoerder" in receipt
    # the zaak: whose it is, and who acted
    owner = Rol.objects.get(omschrijving_generiek="initiator")
    assert (owner.person_id, owner.indicatie_machtiging) == (people.find_person(AALTJE), "machtiginggever")
    acted = Rol.objects.get(indicatie_machtiging="gemachtigde")
    assert acted.person_id == people.find_person(PETER)
    assert acted.naam == "Peter de Haan"
    assert acted.roltoelichting == "Handelt namens de aanvrager, als bewindvoerder"
    assert acted.authenticatie_context["mandate"] == {"basis": "bewindvoerder", "level": "high"}
    assert owner.authenticatie_context["levelOfAssurance"] == "substantial"
    # every deed in the trail
    lines = list(Payload.objects.filter(about=Zaak.objects.get().uuid, actor_kind="resident"))
    assert len(lines) >= 3
    assert {line.actor_key for line in lines} == {key_of(PETER)}
    assert {line.acting_for_key for line in lines} == {key_of(AALTJE)}
    assert {line.mandate["basis"] for line in lines} == {"bewindvoerder"}
    # and the page of the zaak and the receipt there
    zaak = Submission.objects.get().zaak_uuid
    page = browser.get(f"/mijn/zaken/{zaak}/").content.decode()
    assert "Iemand anders, als bewindvoerder" in page
    assert "U regelt zaken voor Aaltje Bouma, als bewindvoerder." in page
    again = browser.get(f"/mijn/zaken/{zaak}/ontvangst/{Submission.objects.get().receipt_uuid}/")
    assert "Iemand anders, als bewindvoerder" in again.content.decode()
    # and the PDF of what was sent, by name
    said = words_of_pdf(summary.render(submission_record(Submission.objects.select_related("version").get())))
    for words in ("Wie de aanvraag deed", "Peter de Haan", "Namens", "Aaltje Bouma", "Op grond van", "Bewindvoerder"):
        assert words in said


def test_when_a_letter_is_opened_by_the_one_who_acts_then_the_trail_says_by_whom_and_for_whom(
    town: SimulatorProcess, browser: Client
) -> None:
    # given: a letter to Aaltje in the zaak that Peter asked for
    hand_in(browser, given_filled_in_for(town, browser, wie=PETER, namens="peter-aaltje"))
    zaak = Zaak.objects.get()
    letter = messages.publish(
        to=people.Actor("resident", people.find_person(AALTJE), key_of(AALTJE), ""),
        zaak_uuid=zaak.uuid,
        zaak_identificatie=zaak.identificatie,
        kind="besluit",
        subject="Uw aanvraag",
        document_uuid=uuid4(),
    )
    # when
    browser.get(f"/mijn/berichten/{letter.uuid}/")
    browser.get(f"/mijn/berichten/{letter.uuid}/")
    # then
    line = Payload.objects.get(actie="bericht geopend")
    assert (line.actor_key, line.acting_for_key, line.mandate["basis"]) == (
        key_of(PETER), key_of(AALTJE), "bewindvoerder",
    )  # fmt: skip
    # and somebody else gets nothing, and leaves nothing
    stranger = Client()
    log_in(town, stranger, wie=IRIS)
    assert stranger.get(f"/mijn/berichten/{letter.uuid}/").status_code == 404
    assert Payload.objects.filter(actie="bericht geopend").count() == 1


def test_the_one_who_was_represented_sees_the_zaak_and_the_one_who_acted_only_while_he_acts(
    town: SimulatorProcess, browser: Client
) -> None:
    # given
    hand_in(browser, given_filled_in_for(town, browser, wie=PETER, namens="peter-aaltje"))
    address = f"/mijn/zaken/{Submission.objects.get().zaak_uuid}/"
    himself, herself, for_another = Client(), Client(), Client()
    # when
    log_in(town, himself, wie=PETER)
    log_in(town, herself, wie=AALTJE)
    log_in(town, for_another, wie=PETER, namens="peter-rob")
    # then
    assert browser.get(address).status_code == 200
    assert herself.get(address).status_code == 200
    assert himself.get(address).status_code == 404
    assert for_another.get(address).status_code == 404
    number = Zaak.objects.get().identificatie
    assert number in herself.get("/mijn/").content.decode()
    assert number not in himself.get("/mijn/").content.decode()


def test_a_machtiging_for_one_service_shows_nothing_of_the_others(town: SimulatorProcess, browser: Client) -> None:
    # given: Thirza has a zaak of another kind, with a letter and a receipt
    from stadhuis.catalogi import public as catalogi
    from stadhuis.catalogi.tests.givens import catalogus_data

    log_in(town, browser, to="/aanvragen/tozo/", niveau="substantieel", wie=IRIS, namens="iris-thirza")
    person_id = people.find_person(THIRZA) or 0
    herself = people.Actor("resident", person_id, key_of(THIRZA), "", level="substantial", means="digid")
    catalogi.build(catalogus_data(identificatie="KAP", omschrijving="Kapvergunning"))
    zaaktype = catalogi.zaaktype("KAP")
    other = zaken.create_zaak(
        zaken.NewZaak(zaaktype_id=zaaktype.id, omschrijving="Een boom"),
        by=herself,
        rollen=[zaken.NewRol(omschrijving_generiek="initiator", betrokkene_type="natuurlijk_persoon", person_id=person_id, naam="Thirza Vos")],
    )  # fmt: skip
    # when
    mine = browser.get("/mijn/").content.decode()
    # then
    assert other.identificatie not in mine
    assert browser.get(f"/mijn/zaken/{other.uuid}/").status_code == 404
    assert browser.get("/mijn/gegevens/").status_code == 403
    assert browser.get("/aanvragen/tozo/").status_code == 200
    own = Client()
    log_in(town, own, wie=THIRZA)
    assert other.identificatie in own.get("/mijn/").content.decode()


def test_a_company_that_acts_for_another_is_the_gemachtigde_and_its_employee_is_kept(
    town: SimulatorProcess, browser: Client
) -> None:
    # given
    started = browser.get("/inloggen/eherkenning/", {"next": "/aanvragen/tozo/"})
    assert started.status_code == 302
    log_in(town, browser, means="eherkenning", to="/aanvragen/tozo/", niveau="eh3", wie=KIM, namens="yilmaz-polak")
    # when
    draft = browser.post("/aanvragen/tozo/")
    # then
    assert draft.status_code == 302
    assert Draft.objects.get().company_id == Company.objects.get(kvk_nummer="90000989").pk
    assert Representative.objects.get().company == Company.objects.get(kvk_nummer="90001536")


def test_when_the_brp_is_silent_then_the_gemachtigde_is_kept_without_a_name(
    town: SimulatorProcess, browser: Client
) -> None:
    draft = given_filled_in_for(town, browser, wie=PETER, namens="peter-aaltje")
    town.switch(brp="down")
    hand_in(browser, draft)
    acted = Rol.objects.get(indicatie_machtiging="gemachtigde")
    assert (acted.person_id, acted.naam) == (people.find_person(PETER), "")
    said = words_of_pdf(summary.render(submission_record(Submission.objects.select_related("version").get())))
    assert "Iemand anders" in said
    assert "Bewindvoerder" in said


def test_the_pdf_of_who_asked_for_themselves_says_nothing_of_a_gemachtigde(town: SimulatorProcess) -> None:
    record = given_handed_in(given_resident())
    said = words_of_pdf(summary.render(record))
    assert record.zaak_identificatie in said
    assert "Wie de aanvraag deed" not in said


def test_someone_from_another_country_fills_in_with_the_names_of_that_country(
    town: SimulatorProcess, browser: Client
) -> None:
    # when
    log_in(town, browser, means="eidas", to="/aanvragen/tozo/", niveau="substantieel", wie="HU-2290")
    started = browser.post("/aanvragen/tozo/")
    # then
    assert started.status_code == 302
    draft = Draft.objects.get()
    assert draft.prefilled["naam"]["value"] == "Éva Mária Nagy"
    assert draft.prefilled["naam"]["source"] == "eidas"
    assert browser.get(started["Location"]).status_code == 200
    facts = browser.get("/mijn/gegevens/").content.decode()
    assert "Nagy" in facts
    assert "Éva Mária" in facts
