"""Searching by words: what is found, where, why, and by whom."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from stadhuis.access import public as access
from stadhuis.catalogi.tests.givens import given_zaaktype
from stadhuis.documenten.tests.givens import given_document
from stadhuis.kit import jobs
from stadhuis.kit.time import now
from stadhuis.people import public as people
from stadhuis.people.public import SYSTEM, Actor
from stadhuis.people.tests.given import given_session
from stadhuis.records import jobs as record_jobs
from stadhuis.records import public as records
from stadhuis.records.models import SearchText
from stadhuis.zaken import public as zaken
from stadhuis.zaken.tests.givens import BSN, OTHER_BSN, given_rol, given_staff, given_zaak

pytestmark = pytest.mark.django_db


def given_client(actor: Actor) -> Client:
    client = Client()
    given_session(client, actor)
    return client


def searched(client: Client, q: str, **more: str) -> str:
    answer = client.post("/werkplek/zoeken/", {"q": q, **more})
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("bijstand", "<mark>bijstand</mark>"),
        ("aanvraag", "<mark>Aanvragen</mark>"),
        ("cafe", "<mark>Café</mark>"),
        ("verhagen", "<mark>Verhagen</mark>"),
        ("bankafschrift", "<mark>Bankafschriften</mark>"),
        ("verhag bijst", "<mark>Verhagen</mark>"),
        ("bijstant", "‘bijstant’ lijkt op ‘bijstand’"),
        ("aanvragen zelfstandig bijstant", "lijkt op ‘bijstand’"),
    ],
)
def test_when_a_clerk_types_words_then_the_zaak_is_found_with_where_and_why(typed: str, shown: str) -> None:
    # given
    zaak = given_zaak(
        omschrijving="Aanvragen bijstand zelfstandigen",
        toelichting="Het Café op de hoek",
        rollen=(given_rol(naam="Noor Verhagen"),),
    )
    zaken.link_document(zaak.id, given_document(titel="Bankafschriften maart").id, by=SYSTEM)
    given_zaak(omschrijving="Kapvergunning", zaaktype=given_zaaktype(), rollen=())
    records.renew("zaak", zaak.uuid)  # what the job does right after the commit
    records.learn()
    # when
    page = searched(given_client(given_staff()), typed)
    # then
    assert "1 zaak gevonden" in page
    assert zaak.identificatie in page
    assert shown in page


def test_when_a_zaak_is_not_for_this_clerk_then_no_word_of_it_is_found_not_even_misspelled() -> None:
    # given
    given_zaak(omschrijving="Zwaardvechter", vertrouwelijkheidaanduiding="geheim")
    records.learn()
    clerk = given_client(given_staff(access.GrantData("zaak.lezen", "*", 4)))
    # then
    for typed in ("zwaardvechter", "zwaardvegter", "zwaard"):
        assert "Niets gevonden" in searched(clerk, typed)


def test_a_title_of_a_document_above_the_level_of_its_zaak_is_not_found() -> None:
    zaak = given_zaak(omschrijving="Melding", vertrouwelijkheidaanduiding="intern")
    zaken.link_document(
        zaak.id, given_document(titel="Vuurwapenvondst", vertrouwelijkheidaanduiding="geheim").id, by=SYSTEM
    )
    records.renew("zaak", zaak.uuid)
    assert "Niets gevonden" in searched(given_client(given_staff()), "vuurwapenvondst")


def test_the_name_of_a_person_with_a_secret_address_is_in_no_search_text() -> None:
    access.keep_secrecy(people.person_for_bsn(BSN), is_secret=True)
    zaak = given_zaak(omschrijving="Melding", rollen=(given_rol(naam="Noor Verhagen"),))
    assert records.search("verhagen", seen_by=SYSTEM).hits == ()
    assert [hit.object_uuid for hit in records.search("melding", seen_by=SYSTEM).hits] == [zaak.uuid]


def test_when_an_address_becomes_secret_then_what_was_kept_before_follows_and_comes_back_when_it_is_no_longer() -> None:
    # given: kept before it was secret; and somebody else in another zaak
    zaak = given_zaak(omschrijving="Melding", rollen=(given_rol(naam="Noor Verhagen"),))
    other = given_zaak(omschrijving="Melding", rollen=(given_rol(OTHER_BSN, naam="Piet Verhagen"),))
    person = people.person_for_bsn(BSN)

    ProcrastinateJob.objects.all().delete()

    def found() -> set[UUID]:
        return {hit.object_uuid for hit in records.search("verhagen", seen_by=SYSTEM).hits}

    assert found() == {zaak.uuid, other.uuid}
    # when: the jobs that were queued for it, and no other
    for is_secret, then in ((True, {other.uuid}), (False, {zaak.uuid, other.uuid})):
        access.keep_secrecy(person, is_secret=is_secret)
        access.keep_secrecy(person, is_secret=is_secret)
        waiting = ProcrastinateJob.objects.filter(task_name="records.renew")
        assert [job.args["object_uuid"] for job in waiting] == [str(zaak.uuid)]
        record_jobs.renew(kind="zaak", object_uuid=str(zaak.uuid))
        waiting.delete()
        assert found() == then
    assert list(records.compare("zaak")) == []


def test_a_bsn_finds_the_zaak_and_is_in_no_search_text_and_no_address() -> None:
    zaak = given_zaak()
    client = given_client(given_staff())
    assert zaak.identificatie in searched(client, BSN)
    assert records.search(BSN, seen_by=SYSTEM).hits == ()


@pytest.mark.parametrize("typed", ["", "a", " ", "\x00\x01"])
def test_too_little_to_look_for_is_refused_with_a_sentence(typed: str) -> None:
    answer = given_client(given_staff()).post("/werkplek/zoeken/", {"q": typed})
    assert answer.status_code == 422
    assert "Vul een woord, zaaknummer, naam, geboortedatum of BSN in." in answer.content.decode()


@pytest.mark.parametrize(
    "typed", ["'; drop table x", "<script>alert(1)</script>", "%&|!():*", "\\\\", "é" * 300, "x -y"]
)
def test_strange_words_find_nothing_and_come_back_as_text(typed: str) -> None:
    page = searched(given_client(given_staff()), typed)
    assert "<script>alert" not in page
    assert "Niets gevonden" in page


@pytest.mark.parametrize("blad", ["0", "-1", "999", "x", "", "1e3", "²"])
def test_a_page_that_is_not_there_breaks_nothing(blad: str) -> None:
    given_zaak(omschrijving="Bijstand")
    searched(given_client(given_staff()), "bijstand", blad=blad)


def test_many_hits_come_in_pages_with_as_many_statements_as_one() -> None:
    # given
    zaaktype = given_zaaktype()
    given_zaak(omschrijving="Bijstand", zaaktype=zaaktype)
    clerk = given_client(given_staff())
    searched(clerk, "bijstand")
    with CaptureQueriesContext(connection) as one:
        searched(clerk, "bijstand")
    for _ in range(44):
        given_zaak(omschrijving="Bijstand", zaaktype=zaaktype)
    # when
    with CaptureQueriesContext(connection) as many:
        page = searched(clerk, "bijstand", blad="2")
    # then
    assert len(many) == len(one)
    assert "45 zaken gevonden" in page
    assert "Blad 2 van 3" in page
    assert page.count("<mark>") == 20


def test_who_opens_a_zaak_is_in_the_ledger_with_the_role() -> None:
    # given
    rights = ("zaak.lezen", "document.lezen", "audittrail.lezen")
    zaak, annie = given_zaak(), given_staff(*(access.GrantData(name) for name in rights))
    clerk = given_client(annie)
    # when
    clerk.get(f"/werkplek/zaken/{zaak.uuid}/")
    clerk.get(f"/werkplek/zaken/{zaak.uuid}/handelingen/")
    # then
    assert [(one.actor_key, one.roles, one.what) for one in records.openings_of("zaak", zaak.uuid)] == [
        (annie.key, "rol-annie", "handelingen"),
        (annie.key, "rol-annie", "zaak"),
    ]


def test_however_much_changes_in_a_deed_one_job_renews_the_text_and_until_then_the_old_one_is_found() -> None:
    # given
    zaak = given_zaak(omschrijving="Melding")
    assert jobs.waiting("records.renew") == 0
    # when
    for title in ("Bankafschriften", "Jaarrekening"):
        zaken.link_document(zaak.id, given_document(titel=title).id, by=SYSTEM)
    zaken.add_rol(zaak.id, given_rol(kind="belanghebbende", naam="Thirza de Bruin"), by=SYSTEM)
    # then
    assert jobs.waiting("records.renew") == 1
    assert records.search("jaarrekening", seen_by=SYSTEM).hits == ()
    assert records.figures()["stale"] == 1
    assert list(records.compare("zaak")) == []  # it waits for its job: that is no difference
    # when
    record_jobs.renew("zaak", str(zaak.uuid))
    # then
    for words in ("jaarrekening melding", "thirza", "bankafschrift"):
        assert [hit.object_uuid for hit in records.search(words, seen_by=SYSTEM).hits] == [zaak.uuid]
    assert records.figures()["stale"] == 0
    # and whoever lost the job is helped by the one of the minute
    zaken.link_document(zaak.id, given_document(titel="Paspoort").id, by=SYSTEM)
    SearchText.objects.update(stale_since=now() - timedelta(minutes=5))
    assert records.renew_stale() == 1
    assert records.search("paspoort", seen_by=SYSTEM).total == 1
