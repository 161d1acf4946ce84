"""Looking back as an administrator: the search in the trail, and the state of its chain."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from stadhuis.access import public as access
from stadhuis.audit import public as audit
from stadhuis.audit.models import Payload
from stadhuis.kit.time import today
from stadhuis.people import public as people
from stadhuis.people.public import SYSTEM
from stadhuis.people.tests.given import given_session
from stadhuis.zaken import public as zaken
from stadhuis.zaken.tests.givens import given_resident, given_staff, given_zaak

pytestmark = pytest.mark.django_db
ADDRESS = "/werkplek/beheer/naspeuren/"


@pytest.fixture
def ada() -> Client:
    browser = Client()
    given_session(browser, given_staff(access.GrantData("beheer.naspeuren"), username="ada"))
    return browser


def test_when_a_number_is_searched_then_every_deed_in_that_zaak_is_shown_and_the_look_is_logged(ada: Client) -> None:
    # given
    zaak, owner = given_zaak(), given_resident()
    bea = given_staff(username="bea")
    zaken.add_note(zaak.id, "Heel persoonlijk verhaal", by=bea)
    # when
    page = ada.post(ADDRESS, {"nummer": zaak.identificatie.lower()}).content.decode()
    # then: who and which fields, not what they held
    assert "Notitie toegevoegd" in page
    assert bea.label in page
    assert "tekst" in page
    assert "persoonlijk" not in page
    assert owner.pk is not None
    assert [(line.activity_id, line.party) for line in audit.processing_of(owner.pk)] == [
        ("toezicht.naspeuren", "staff")
    ]


def test_what_was_done_to_rights_and_accounts_is_told_in_words_by_whom_for_whom_why_and_what(ada: Client) -> None:
    # given
    bea, cor = given_staff(username="bea"), given_staff(username="cor")
    assert cor.pk is not None
    unit = people.unit_by_code("team")
    assert unit is not None
    access.give_role(cor.pk, "rol-bea", unit.id, by=bea, reason="Springt bij")
    access.create_role("lezer", "Lezer", [access.GrantData("zaak.lezen")], by=bea)
    last = today() + timedelta(days=9)
    people.set_leaving_date(cor.pk, last, by=bea)
    # when, then: by the name of whom it was done to
    page = ada.post(ADDRESS, {"nummer": "cor"}).content.decode()
    for said in (
        "Rol gegeven",
        "rol: rol-bea",
        "eenheid: team",
        "Springt bij",
        "Medewerker toegevoegd",
        "Laatste dag gezet",
    ):
        assert said in page, said
    assert f"dag: – → {last}" in page
    # and a role, which has no uuid, by its code
    page = ada.post(ADDRESS, {"nummer": "lezer"}).content.decode()
    assert "Rol gemaakt" in page
    assert "recht zaak.lezen" in page
    assert bea.label in page


def test_when_nothing_or_nonsense_is_asked_then_the_page_says_what_is_wrong(ada: Client) -> None:
    assert ada.post(ADDRESS, {}).status_code == 422
    for day in ("31-02-2026", "gisteren", "01-01-0001", "31-12-9999", "2026-01-01"):
        answer = ada.post(ADDRESS, {"van": day})
        assert answer.status_code == 422
        assert "dd-mm-jjjj" in answer.content.decode()
    assert "Niets gevonden" in ada.post(ADDRESS, {"wie": "\x00nie\x00mand"}).content.decode()
    script = "<script>alert(1)</script>"
    assert script not in ada.post(ADDRESS, {"nummer": script, "wie": script}).content.decode()


def test_when_there_is_more_than_fits_then_the_page_says_so(ada: Client) -> None:
    zaak = given_zaak()
    for number in range(101):
        zaken.add_note(zaak.id, f"Notitie {number}", by=SYSTEM)
    page = ada.post(ADDRESS, {"nummer": zaak.identificatie}).content.decode()
    assert "nieuwste 100 regels" in page


def test_the_page_of_the_seals_says_up_to_which_line_the_chain_fits_and_where_it_breaks(ada: Client) -> None:
    # given
    given_zaak()
    address = f"{ADDRESS}zegels/"
    assert "nog niet gecontroleerd" in ada.get(address).content.decode()
    sealed = audit.seal()
    # when whole
    audit.verify_and_note()
    assert f"De keten klopt tot en met regel {sealed}" in ada.get(address).content.decode()
    # when broken
    Payload.objects.filter(line__number=2).update(toelichting="later bedacht")
    audit.verify_and_note()
    assert "De keten is gebroken bij regel 2" in ada.get(address).content.decode()


def test_the_button_asks_a_worker_for_the_check_and_twice_is_once(ada: Client) -> None:
    for _ in range(2):
        answer = ada.post(f"{ADDRESS}zegels/controleren/")
        assert answer.status_code == 302
    assert "aangevraagd" in ada.get(f"{ADDRESS}zegels/").content.decode()


def test_whoever_administers_something_else_finds_nothing_here() -> None:
    browser = Client()
    given_session(browser, given_staff(access.GrantData("beheer.mensen"), username="piet"))
    for address in (ADDRESS, f"{ADDRESS}zegels/"):
        assert browser.get(address).status_code == 404
    assert browser.post(f"{ADDRESS}zegels/controleren/").status_code == 404
