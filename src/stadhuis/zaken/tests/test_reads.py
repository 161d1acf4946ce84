"""Questions about zaken: who sees what, and in how many statements."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stadhuis.access import public as access
from stadhuis.documenten import public as documenten
from stadhuis.people import public as people
from stadhuis.people.public import SYSTEM, Actor
from stadhuis.zaken import public as zaken
from stadhuis.zaken.tests.givens import (
    BSN,
    OTHER_BSN,
    given_closed_zaak,
    given_linked_document,
    given_resident,
    given_rol,
    given_staff,
    given_zaak,
    given_zaaktype,
)

pytestmark = pytest.mark.django_db


def statements(question: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as seen:
        question()
    return len(seen)


# -- Who sees what ----------------------------------------------------------------------------------------------------
def test_when_a_resident_asks_then_only_their_own_zaak_is_there() -> None:
    zaak = given_zaak()
    assert zaken.zaak_by_uuid(zaak.uuid, seen_by=given_resident()).id == zaak.id
    for question in (
        lambda: zaken.zaak_by_uuid(zaak.uuid, seen_by=given_resident(OTHER_BSN)),
        lambda: zaken.dossier(zaak.uuid, seen_by=given_resident(OTHER_BSN)),
        lambda: zaken.zaak_by_uuid(uuid4(), seen_by=given_resident()),
    ):
        with pytest.raises(zaken.ZaakNotFound):
            question()


@pytest.mark.parametrize(
    ("kind", "machtiging", "is_seen"),
    [
        ("initiator", "", True),
        ("belanghebbende", "", False),
        ("belanghebbende", "machtiginggever", True),
        ("belanghebbende", "gemachtigde", True),
    ],
)
def test_when_someone_is_in_a_zaak_then_their_rol_decides_whether_they_see_it(
    kind: str, machtiging: str, *, is_seen: bool
) -> None:
    zaak = given_zaak(rollen=(given_rol(kind=kind, indicatie_machtiging=machtiging),))
    assert bool(zaken.zaken_of(people.find_person(BSN)).cases) is is_seen
    if is_seen:
        assert zaken.dossier(zaak.uuid, seen_by=given_resident()).zaak.id == zaak.id
    else:
        with pytest.raises(zaken.ZaakNotFound):
            zaken.dossier(zaak.uuid, seen_by=given_resident())


def test_when_staff_may_not_see_the_type_or_the_level_then_the_zaak_is_not_there() -> None:
    zaaktype = given_zaaktype()
    zaak = given_zaak(zaaktype=zaaktype, vertrouwelijkheidaanduiding="geheim")
    may = given_staff(access.GrantData("zaak.lezen", "TEST:MELDING", 7), username="mag")
    too_low = given_staff(access.GrantData("zaak.lezen", "TEST:MELDING", 6), username="laag")
    other = given_staff(access.GrantData("zaak.lezen", "TEST:ANDER"), username="ander")
    assert zaken.zaak_by_uuid(zaak.uuid, seen_by=may).id == zaak.id
    assert [found.id for found in zaken.find(number=zaak.identificatie, seen_by=may)] == [zaak.id]
    for actor in (too_low, other):
        assert zaken.find(number=zaak.identificatie, seen_by=actor) == []
        with pytest.raises(zaken.ZaakNotFound):
            zaken.zaak_by_uuid(zaak.uuid, seen_by=actor)


def test_when_a_colleague_is_in_the_zaak_as_a_resident_then_it_is_shut_for_them() -> None:
    zaak = given_zaak()
    staff = given_staff()
    assert staff.pk is not None
    people.link_to_person(staff.pk, people.person_for_bsn(BSN))
    with pytest.raises(zaken.ZaakNotFound):
        zaken.zaak_by_uuid(zaak.uuid, seen_by=staff)


def test_when_a_resident_opens_the_dossier_then_only_what_is_meant_for_them_is_in_it() -> None:
    zaak = given_zaak(rollen=(given_rol(), given_rol(OTHER_BSN, naam="Een ander", kind="belanghebbende")))
    shown = given_linked_document(zaak, tonen_aan_initiator=True)
    hidden = given_linked_document(zaak, tonen_aan_initiator=False)
    zaken.add_note(zaak.id, "Voor ons", by=SYSTEM)
    zaken.add_note(zaak.id, "Voor u", by=SYSTEM, extern=True)
    resident = given_resident()
    dossier = zaken.dossier(zaak.uuid, seen_by=resident)
    assert [document.uuid for document in dossier.documenten] == [shown.uuid]
    assert [note.tekst for note in dossier.notities] == ["Voor u"]
    assert [rol.naam for rol in dossier.rollen] == ["Jan de Vries"]
    with zaken.open_document(zaak.uuid, shown.uuid, seen_by=resident) as content:
        assert content.read().startswith(b"%PDF")
    with documenten.open_document(shown.uuid, seen_by=resident) as content:
        assert content.read().startswith(b"%PDF")
    for actor, document in (
        (resident, hidden),
        (given_resident(OTHER_BSN), shown),
        (given_resident(OTHER_BSN), hidden),
    ):
        with pytest.raises(zaken.ZaakNotFound):
            zaken.open_document(zaak.uuid, document.uuid, seen_by=actor)
        with pytest.raises(documenten.DocumentNotFound):
            documenten.open_document(document.uuid, seen_by=actor)


def test_when_a_document_is_more_confidential_than_the_zaak_then_it_takes_a_higher_right() -> None:
    zaak = given_zaak()
    document = given_linked_document(zaak, vertrouwelijkheidaanduiding="geheim")
    low = given_staff(
        access.GrantData("zaak.lezen", "*", 4), access.GrantData("document.lezen", "*", 4), username="laag"
    )
    high = given_staff(
        access.GrantData("zaak.lezen", "*", 7), access.GrantData("document.lezen", "*", 7), username="hoog"
    )
    assert zaken.dossier(zaak.uuid, seen_by=low).documenten == ()
    assert [one.uuid for one in zaken.dossier(zaak.uuid, seen_by=high).documenten] == [document.uuid]
    with pytest.raises(zaken.ZaakNotFound):
        zaken.document_of(zaak.uuid, document.uuid, seen_by=low)


def test_when_the_system_opens_the_dossier_then_everything_is_in_it() -> None:
    zaaktype = given_zaaktype()
    zaak = given_zaak(
        zaaktype=zaaktype, eigenschappen={"kenteken": "XX-11-YY"}, rollen=(given_rol(geboortedatum=date(1980, 1, 2)),)
    )
    zaken.add_status(zaak.id, zaaktype.statustypen[0].id, toelichting="Binnen", by=SYSTEM)
    given_linked_document(zaak, ontvangstdatum=date(2021, 5, 1))
    zaken.set_resultaat(zaak.id, zaaktype.resultaattype("Afgewezen").id, "Te laat", by=SYSTEM)
    zaken.add_status(zaak.id, zaaktype.eindstatus.id, by=SYSTEM)
    dossier = zaken.dossier(zaak.uuid, seen_by=SYSTEM)
    assert dossier.zaaktype_omschrijving == "Melding doen"
    assert [(s.omschrijving, s.is_eindstatus) for s in dossier.statussen] == [("Afgerond", True), ("Ontvangen", False)]
    assert dossier.statussen[1].toelichting == "Binnen"
    assert dossier.resultaat is not None
    assert (dossier.resultaat.omschrijving, dossier.resultaat.toelichting) == ("Afgewezen", "Te laat")
    assert dossier.initiator is not None
    assert (dossier.initiator.naam, dossier.initiator.geboortedatum) == ("Jan de Vries", date(1980, 1, 2))
    assert dossier.documenten[0].ontvangstdatum == date(2021, 5, 1)
    assert [(e.naam, e.waarde) for e in dossier.eigenschappen] == [("kenteken", "XX-11-YY")]


def test_when_a_resident_has_zaken_then_running_ones_stand_first() -> None:
    zaaktype = given_zaaktype()
    closed = given_closed_zaak(zaaktype=zaaktype)
    old = given_zaak(zaaktype=zaaktype, startdatum=date(2020, 1, 1))
    new = given_zaak(zaaktype=zaaktype, startdatum=date(2021, 1, 1))
    given_zaak(zaaktype=zaaktype, rollen=(given_rol(OTHER_BSN),))
    mine = zaken.zaken_of(people.find_person(BSN)).cases
    assert [zaak.uuid for zaak in mine] == [new.uuid, old.uuid, closed.uuid]
    assert (mine[2].status, mine[2].resultaat, mine[2].zaaktype) == ("Afgerond", "Toegekend", "Melding doen")
    assert zaken.zaken_of() == zaken.MyCases((), 0)


def test_when_there_are_more_zaken_than_fit_then_they_come_page_by_page_and_none_twice() -> None:
    # given
    many_zaken(7)
    person_id = people.find_person(BSN)
    # when
    pages = [zaken.zaken_of(person_id, page=number, size=3) for number in (1, 2, 3, 4)]
    # then
    assert [len(page.cases) for page in pages] == [3, 3, 1, 0]
    assert [page.total for page in pages] == [7, 7, 7, 0]
    assert len({zaak.uuid for page in pages for zaak in page.cases}) == 7


# -- Finding ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("typed", ["Çelik", "celik", "CELIK", "ayse celik", "çel", "Ayşe", "celik-øst", "ost  ayse"])
def test_when_a_name_is_typed_in_any_way_then_the_zaak_is_found(typed: str) -> None:
    zaaktype = given_zaaktype()
    zaak = given_zaak(zaaktype=zaaktype, rollen=(given_rol(naam="Ayşe Çelik-Øst"),))
    given_zaak(zaaktype=zaaktype, rollen=(given_rol(OTHER_BSN, naam="Jan de Vries"),))
    found = zaken.find(name=typed, seen_by=SYSTEM)
    assert [(one.id, one.naam) for one in found] == [(zaak.id, "Ayşe Çelik-Øst")]


@pytest.mark.parametrize("typed", ["elik", "vries celik", "';--", "🎉", "%", "*"])
def test_when_the_words_are_not_in_one_name_then_nothing_is_found(typed: str) -> None:
    zaaktype = given_zaaktype()
    given_zaak(zaaktype=zaaktype, rollen=(given_rol(naam="Ayşe Çelik"),))
    given_zaak(zaaktype=zaaktype, rollen=(given_rol(OTHER_BSN, naam="Jan de Vries"),))
    assert zaken.find(name=typed, seen_by=SYSTEM) == []


def test_when_number_birth_date_or_bsn_is_given_then_the_zaak_is_found() -> None:
    zaaktype = given_zaaktype()
    zaak = given_zaak(zaaktype=zaaktype, rollen=(given_rol(geboortedatum=date(1980, 2, 29)),))
    given_zaak(zaaktype=zaaktype, rollen=(given_rol(OTHER_BSN, geboortedatum=date(1990, 1, 1)),))
    assert [one.id for one in zaken.find(number=f" {zaak.identificatie.lower()} ", seen_by=SYSTEM)] == [zaak.id]
    assert [one.id for one in zaken.find(birth_date=date(1980, 2, 29), seen_by=SYSTEM)] == [zaak.id]
    assert [one.id for one in zaken.find(bsn=BSN, seen_by=SYSTEM)] == [zaak.id]
    assert [one.id for one in zaken.find(bsn=BSN, name="jan", birth_date=date(1980, 2, 29), seen_by=SYSTEM)] == [
        zaak.id
    ]
    assert zaken.find(bsn=BSN, birth_date=date(1990, 1, 1), seen_by=SYSTEM) == []
    assert zaken.find(bsn="999993653", seen_by=SYSTEM) == []
    assert zaken.find(seen_by=SYSTEM) == []
    with pytest.raises(people.InvalidBsn):
        zaken.find(bsn="123456789", seen_by=SYSTEM)


# -- Statements -------------------------------------------------------------------------------------------------------
def many_zaken(count: int) -> None:
    zaaktype = given_zaaktype()
    for _ in range(count):
        given_zaak(zaaktype=zaaktype)


def a_full_zaak(count: int) -> zaken.ZaakRecord:
    zaaktype = given_zaaktype()
    zaak = given_zaak(
        zaaktype=zaaktype, rollen=(given_rol(), *(given_rol(kind="belanghebbende") for _ in range(count)))
    )
    for _ in range(count):
        given_linked_document(zaak, tonen_aan_initiator=True)
        zaken.add_status(zaak.id, zaaktype.statustypen[1].id, by=SYSTEM)
        zaken.add_note(zaak.id, "Een notitie", by=SYSTEM)
    return zaak


@pytest.mark.parametrize("count", [1, 50])
def test_when_a_dossier_is_read_then_the_statements_do_not_grow(count: int) -> None:
    zaak = a_full_zaak(count)
    staff, resident = given_staff(), given_resident()
    assert statements(lambda: zaken.dossier(zaak.uuid, seen_by=SYSTEM)) == 2
    assert statements(lambda: zaken.dossier(zaak.uuid, seen_by=resident)) == 2
    assert statements(lambda: zaken.dossier(zaak.uuid, seen_by=staff)) == 4
    assert len(zaken.dossier(zaak.uuid, seen_by=staff).documenten) == count


@pytest.mark.parametrize("count", [1, 50])
def test_when_a_list_is_read_then_the_statements_do_not_grow(count: int) -> None:
    many_zaken(count)
    staff: Actor = given_staff()
    person_id = people.find_person(BSN)
    assert statements(lambda: zaken.zaken_of(person_id)) == 1
    assert len(zaken.zaken_of(person_id).cases) == count
    assert statements(lambda: zaken.find(name="vries", seen_by=SYSTEM)) == 1
    assert statements(lambda: zaken.find(name="vries", seen_by=staff)) == 2
    assert statements(lambda: zaken.find(bsn=BSN, seen_by=staff)) == 3
    assert len(zaken.find(name="vries", seen_by=staff)) == count
