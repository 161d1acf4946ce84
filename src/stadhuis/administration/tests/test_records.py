"""The pages of the archivist: what they show, what they do, what they refuse."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stadhuis.access import public as access
from stadhuis.kit.time import today
from stadhuis.people import public as people
from stadhuis.people.public import Actor
from stadhuis.people.tests.given import given_session
from stadhuis.records import public as records
from stadhuis.records.models import DestructionItem
from stadhuis.zaken import public as zaken
from stadhuis.zaken.models import Zaak
from stadhuis.zaken.tests.givens import given_closed_zaak, given_staff, given_zaak, given_zaaktype

pytestmark = pytest.mark.django_db
BASE = "/werkplek/beheer/naspeuren/"


def given_archivist(username: str = "ada") -> tuple[Client, Actor]:
    client, actor = Client(), given_staff(access.GrantData("beheer.naspeuren"), username=username)
    given_session(client, actor)
    return client, actor


def given_due(zaak: zaken.ZaakRecord) -> None:
    Zaak.objects.filter(pk=zaak.id).update(
        archiefnominatie="vernietigen", archiefactiedatum=today() - timedelta(days=1)
    )
    records.renew("zaak", zaak.uuid)


def test_an_archivist_sees_who_opened_a_zaak_and_in_which_role_but_not_what_is_in_it() -> None:
    # given
    zaak = given_zaak(omschrijving="Zeer persoonlijk")
    clerk, annie = Client(), given_staff()
    given_session(clerk, annie)
    clerk.get(f"/werkplek/zaken/{zaak.uuid}/")
    ada, _ = given_archivist()
    # when
    answer = ada.post(f"{BASE}dossiers/", {"nummer": zaak.identificatie.lower()}, follow=True)
    # then
    page = answer.content.decode()
    assert answer.redirect_chain == [(f"{BASE}dossiers/zaak/{zaak.uuid}/", 302)]
    assert "Annie Bos" in page
    assert "rol-annie" in page
    assert "Zeer persoonlijk" not in page
    assert "Jan de Vries" not in page
    assert ada.get(f"/werkplek/zaken/{zaak.uuid}/").status_code == 404


@pytest.mark.parametrize("nummer", ["", "bestaat niet", "\x00", "' or 1=1", "x" * 5000])
def test_a_number_that_is_not_there_is_said_so(nummer: str) -> None:
    ada, _ = given_archivist()
    answer = ada.post(f"{BASE}dossiers/", {"nummer": nummer})
    assert answer.status_code == 422
    assert "Er is geen dossier met dit nummer." in answer.content.decode()


def test_a_hold_is_placed_with_a_reason_listed_and_lifted() -> None:
    # given
    zaak = given_zaak()
    ada, _ = given_archivist()
    address = f"{BASE}dossiers/zaak/{zaak.uuid}/"
    # when without a reason
    answer = ada.post(f"{address}vastzetten/", {"reden": "  "})
    assert answer.status_code == 422
    assert "Schrijf waarom." in answer.content.decode()
    assert records.holds() == []
    # when
    ada.post(f"{address}vastzetten/", {"reden": "Woo-verzoek 12"})
    # then
    [hold] = records.holds()
    assert "Woo-verzoek 12" in ada.get(f"{BASE}dossiers/").content.decode()
    ada.post(f"{BASE}vastgezet/{hold.uuid}/opheffen/")
    assert records.holds() == []
    assert ada.post(f"{BASE}vastgezet/{hold.uuid}/opheffen/").status_code == 404
    assert ada.post(f"{BASE}dossiers/zaak/{uuid4()}/vastzetten/", {"reden": "x"}).status_code == 404
    assert ada.get(f"{BASE}dossiers/fiets/{zaak.uuid}/").status_code == 404


def test_another_class_changes_the_zaak_too_and_leaves_its_history() -> None:
    # given
    zaak = given_closed_zaak()
    ada, actor = given_archivist()
    records.define_class("9.9", naam="Blijft", nominatie="blijvend_bewaren", termijn="", by=actor)
    address = f"{BASE}dossiers/zaak/{zaak.uuid}/klasse/"
    # when something is missing
    for data, text in (
        ({"klasse": "9.9", "waarom": ""}, "Schrijf waarom."),
        ({"klasse": "8.8", "waarom": "omdat"}, "Kies een klasse uit de lijst."),
    ):
        answer = ada.post(address, data)
        assert answer.status_code == 422
        assert text in answer.content.decode()
    # when
    ada.post(address, {"klasse": "9.9", "waarom": "Hotspot"})
    # then
    row = Zaak.objects.get(pk=zaak.id)
    assert (row.selectielijstklasse, row.archiefnominatie, row.archiefactiedatum) == ("9.9", "blijvend_bewaren", None)
    assert list(records.compare("zaak")) == []
    assert "Hotspot" in ada.get(f"{BASE}dossiers/zaak/{zaak.uuid}/").content.decode()


def test_a_list_is_made_a_colleague_approves_it_and_the_declaration_is_kept() -> None:
    # given
    zaaktype = given_zaaktype()
    due, kept = (given_closed_zaak(zaaktype=zaaktype, omschrijving="Zeer persoonlijk") for _ in range(2))
    given_due(due)
    given_due(kept)
    (ada, _), (bert, _) = given_archivist("ada"), given_archivist("bert")
    assert "2 dossiers mogen" in ada.get(f"{BASE}vernietigen/").content.decode()
    # when
    address = ada.post(f"{BASE}vernietigen/")["Location"]
    assert ada.post(f"{address}goedkeuren/", follow=True).status_code == 200
    # then nobody approves his own list
    [one] = records.lists()
    assert one.state == "draft"
    # when
    item = DestructionItem.objects.get(number=kept.identificatie)
    bert.post(f"{address}uitzonderen/{item.pk}/", {"reden": ""})
    assert records.one_list(one.uuid).counts["excluded"] == 0
    bert.post(f"{address}uitzonderen/{item.pk}/", {"reden": "Hotspot"})
    bert.post(f"{address}goedkeuren/")
    records.run(one.uuid)
    # then
    page = bert.get(address).content.decode()
    assert "Verklaring van vernietiging" in page
    assert due.identificatie in page
    assert "Hotspot" in page
    assert "Zeer persoonlijk" not in page
    assert str(due.uuid) not in page
    assert bert.post(f"{address}verzonnen/").status_code == 404
    assert bert.post(f"{address}uitzonderen/{item.pk + 99}/", {"reden": "x"}, follow=True).status_code == 200
    assert bert.get(f"{BASE}vernietigen/{uuid4()}/").status_code == 404


def test_the_pages_cost_as_many_statements_for_many_as_for_one() -> None:
    # given
    zaaktype = given_zaaktype()
    ada, actor = given_archivist()

    def given_one() -> None:
        zaak = given_closed_zaak(zaaktype=zaaktype)
        records.hold("zaak", zaak.uuid, reason="bezwaar", by=actor)
        due = given_closed_zaak(zaaktype=zaaktype)
        given_due(due)
        records.make_list(by=actor, until=today() + timedelta(days=len(records.lists())))

    given_one()
    for path in ("dossiers/", "vernietigen/"):
        ada.get(BASE + path)
        with CaptureQueriesContext(connection) as one:
            ada.get(BASE + path)
        for _ in range(3):
            given_one()
        with CaptureQueriesContext(connection) as many:
            ada.get(BASE + path)
        assert len(one) == len(many), path


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({}, "Vul een naam in."),
        ({"code": "1", "naam": "Een", "nominatie": "weg"}, "Kies wat er later mee gebeurt."),
        ({"code": "1", "naam": "Een", "nominatie": "vernietigen"}, "Vul een termijn in"),
        ({"code": "1", "naam": "Een", "nominatie": "vernietigen", "termijn": "zeven"}, "Vul een termijn in"),
    ],
)
def test_a_class_that_is_not_whole_is_refused(data: dict[str, str], text: str) -> None:
    ada, _ = given_archivist()
    answer = ada.post(f"{BASE}bewaartermijnen/", data)
    assert answer.status_code == 422
    assert text in answer.content.decode()
    assert records.classes() == []


def test_a_class_is_added_and_changed() -> None:
    ada, _ = given_archivist()
    for termijn in ("p7y", "P10Y"):
        ada.post(
            f"{BASE}bewaartermijnen/",
            {"code": "1", "naam": "<b>Een</b>", "nominatie": "vernietigen", "termijn": termijn},
        )
    assert [(one.code, one.termijn) for one in records.classes()] == [("1", "P10Y")]
    assert "&lt;b&gt;Een" in ada.get(f"{BASE}bewaartermijnen/").content.decode()


def test_records_are_handed_over_to_a_unit_and_what_makes_no_sense_is_refused() -> None:
    # given
    given_zaak()
    ada, _ = given_archivist()
    people.create_unit("sociaal", "Sociaal domein")
    # when
    for data in (
        {},
        {"van": "zaken", "naar": "bestaat-niet", "reden": "x"},
        {"van": "bestaat-niet", "naar": "sociaal", "reden": "x"},
        {"van": "zaken", "naar": "sociaal", "reden": ""},
    ):
        assert ada.post(f"{BASE}eigenaren/", data).status_code == 422
    assert records.owners() == [("zaken", 1)]
    answer = ada.post(f"{BASE}eigenaren/", {"van": "zaken", "naar": "sociaal", "reden": "samengevoegd"}, follow=True)
    # then
    assert "1 dossier is overgedragen." in answer.content.decode()
    assert records.owners() == [("sociaal", 1)]
