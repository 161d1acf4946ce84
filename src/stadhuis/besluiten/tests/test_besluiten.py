"""Decisions: recorded once, known to their zaak and their documents."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from stadhuis.audit import public as audit
from stadhuis.besluiten import public as besluiten
from stadhuis.besluiten.models import Besluit
from stadhuis.besluiten.rules import last_reaction_day
from stadhuis.catalogi.models import Besluittype
from stadhuis.documenten import public as documenten
from stadhuis.documenten.models import Objectinformatieobject
from stadhuis.notificaties.models import Notificatie
from stadhuis.people.public import SYSTEM
from stadhuis.zaken import public as zaken
from stadhuis.zaken.models import Zaakbesluit
from stadhuis.zaken.tests.givens import given_document, given_resultaattype_data, given_zaak, given_zaaktype

pytestmark = pytest.mark.django_db
TODAY = date(2021, 5, 17)


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(datetime(2021, 5, 17, 10, tzinfo=UTC), tick=False):
        yield


def given_new_besluit(zaak: zaken.ZaakRecord, *, soort: str = "Vergunning", **wanted: Any) -> besluiten.NewBesluit:
    kind = Besluittype.objects.get(omschrijving=soort)
    return besluiten.NewBesluit(
        **{
            "besluittype_id": kind.pk,
            "zaak_id": zaak.id,
            "datum": TODAY,
            "ingangsdatum": TODAY,
            "toelichting": "Omdat",
            **wanted,
        }
    )


def given_besluit(zaak: zaken.ZaakRecord, **wanted: Any) -> besluiten.BesluitRecord:
    return besluiten.create_besluit(given_new_besluit(zaak, **wanted), by=SYSTEM)


def test_when_a_besluit_is_recorded_then_the_zaak_knows_it() -> None:
    zaak = given_zaak()
    besluit = given_besluit(zaak)
    assert besluit.identificatie.startswith("BESLUIT-2021-")
    assert (besluit.besluittype, besluit.uiterlijke_reactiedatum) == ("Vergunning", date(2021, 6, 28))
    assert Zaakbesluit.objects.get(zaak_id=zaak.id).besluit_uuid == besluit.uuid
    assert [one.uuid for one in zaken.dossier(zaak.uuid, seen_by=SYSTEM).besluiten] == [besluit.uuid]
    assert [line.resource for line in audit.trail_of(besluit.uuid)] == ["besluit"]
    message = Notificatie.objects.get(kanaal="besluiten")
    assert set(message.kenmerken) == {"verantwoordelijkeOrganisatie", "besluittype"}


@pytest.mark.parametrize("fault", ["other besluittype", "future", "concept", "number", "no zaak", "closed zaak"])
def test_when_a_besluit_is_refused_then_nothing_is_stored(fault: str) -> None:
    zaaktype = given_zaaktype()
    zaak = given_zaak(zaaktype=zaaktype)
    given_besluit(zaak, identificatie="B-1")
    faults: dict[str, tuple[dict[str, Any], type[Exception]]] = {
        "other besluittype": ({"soort": "Ontheffing"}, besluiten.ZaaktypeMismatch),
        "future": ({"datum": date(2021, 5, 18)}, besluiten.DatumInFuture),
        "concept": ({}, besluiten.NotPublished),
        "number": ({"identificatie": "B-1"}, besluiten.IdentificatieTaken),
        "no zaak": ({"zaak_id": 10**12}, zaken.ZaakNotFound),
        "closed zaak": ({}, zaken.ZaakIsClosed),
    }
    wanted, error = faults[fault]
    if fault == "concept":
        Besluittype.objects.update(concept=True)
    if fault == "closed zaak":
        zaken.set_resultaat(zaak.id, zaaktype.resultaattypen[0].id, by=SYSTEM)
        zaken.add_status(zaak.id, zaaktype.eindstatus.id, by=SYSTEM)
    messages = Notificatie.objects.count()
    with pytest.raises(error), transaction.atomic():
        given_besluit(zaak, **wanted)
    assert Besluit.objects.count() == 1
    assert Zaakbesluit.objects.count() == 1
    assert Notificatie.objects.count() == messages


def test_when_a_document_lays_a_besluit_down_then_it_is_mirrored_once() -> None:
    besluit = given_besluit(given_zaak())
    document = given_document(soort="Besluit")
    besluiten.link_document(besluit.id, document.id, by=SYSTEM)
    mirror = Objectinformatieobject.objects.get(document_id=document.id)
    assert (mirror.object_type, mirror.object_uuid) == ("besluit", besluit.uuid)
    with pytest.raises(besluiten.DocumentAlreadyLinked):
        besluiten.link_document(besluit.id, document.id, by=SYSTEM)
    with pytest.raises(besluiten.DocumentTypeMismatch):
        besluiten.link_document(besluit.id, given_document().id, by=SYSTEM)
    with pytest.raises(documenten.DocumentNotFound):
        besluiten.link_document(besluit.id, 10**12, by=SYSTEM)
    assert besluiten.besluit(besluit.uuid).documenten == (document.uuid,)


def test_when_a_besluit_is_deleted_then_relations_and_trail_go_and_the_document_stays() -> None:
    zaak = given_zaak()
    besluit = given_besluit(zaak)
    document = given_document(soort="Besluit")
    besluiten.link_document(besluit.id, document.id, by=SYSTEM)
    with pytest.raises(zaken.RelatedBesluiten):
        zaken.delete_zaak(zaak.id, by=SYSTEM)
    besluiten.delete_besluit(besluit.uuid, by=SYSTEM)
    assert (Zaakbesluit.objects.count(), Objectinformatieobject.objects.count()) == (0, 0)
    assert audit.trail_of(besluit.uuid) == []
    with pytest.raises(besluiten.BesluitNotFound):
        besluiten.besluit(besluit.uuid)
    documenten.delete_document(document.uuid, by=SYSTEM)
    zaken.delete_zaak(zaak.id, by=SYSTEM)


@pytest.mark.parametrize(
    ("way", "expected"), [("ingangsdatum_besluit", date(2031, 6, 1)), ("vervaldatum_besluit", date(2034, 12, 31))]
)
def test_when_the_archive_date_follows_the_besluit_then_closing_takes_it_from_there(way: str, expected: date) -> None:
    zaaktype = given_zaaktype(resultaattypen=[given_resultaattype_data(brondatum={"afleidingswijze": way})])
    zaak = given_zaak(zaaktype=zaaktype)
    zaken.set_resultaat(zaak.id, zaaktype.resultaattypen[0].id, by=SYSTEM)
    with pytest.raises(zaken.ArchiefactiedatumError):
        zaken.add_status(zaak.id, zaaktype.eindstatus.id, by=SYSTEM)
    given_besluit(zaak, ingangsdatum=date(2021, 6, 1), vervaldatum=date(2024, 12, 31))
    zaken.add_status(zaak.id, zaaktype.eindstatus.id, by=SYSTEM)
    assert zaken.zaak_by_id(zaak.id).archiefactiedatum == expected


@pytest.mark.parametrize("count", [1, 50])
def test_when_the_besluiten_of_a_zaak_are_read_then_it_is_one_statement(count: int) -> None:
    zaak = given_zaak()
    for _ in range(count):
        given_besluit(zaak)
    with CaptureQueriesContext(connection) as statements:
        found = besluiten.besluiten_of(zaak.id)
    assert (len(statements), len(found)) == (1, count)


@pytest.mark.parametrize(
    ("sent", "term", "last"),
    [
        (date(2021, 5, 17), "P42D", date(2021, 6, 28)),
        (date(2021, 5, 17), "P6W", date(2021, 6, 28)),
        (date(2021, 1, 31), "P1M", date(2021, 2, 28)),
        (TODAY, None, None),
    ],
)
def test_when_a_besluittype_has_a_reactietermijn_then_the_last_day_follows(
    sent: date, term: str | None, last: date | None
) -> None:
    assert last_reaction_day(sent, term) == last
