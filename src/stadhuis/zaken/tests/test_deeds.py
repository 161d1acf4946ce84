"""The deeds of zaken, on the real database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from stadhuis.audit import public as audit
from stadhuis.documenten import public as documenten
from stadhuis.notificaties.models import Notificatie
from stadhuis.people import public as people
from stadhuis.people.public import SYSTEM
from stadhuis.records.models import Record
from stadhuis.zaken import public as zaken
from stadhuis.zaken.models import Resultaat, Rol, Status, Zaak, Zaakinformatieobject
from stadhuis.zaken.tests.givens import (
    BSN,
    given_closed_zaak,
    given_document,
    given_linked_document,
    given_resultaattype_data,
    given_rol,
    given_zaak,
    given_zaaktype,
)

pytestmark = pytest.mark.django_db
NOON = datetime(2021, 5, 17, 10, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def rows_in(*tables: str) -> dict[str, int]:
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {table}")
            found[table] = cursor.fetchone()[0]
    return found


ALL = (
    "zaken_zaak", "zaken_rol", "zaken_status", "zaken_resultaat", "zaken_zaakeigenschap", "zaken_zaakkenmerk",
    "audit_line", "notificaties_notificatie", "records_record",
)  # fmt: skip


# -- Making -----------------------------------------------------------------------------------------------------------
def test_when_a_zaak_is_made_then_the_zaaktype_fills_in_what_was_left_out() -> None:
    zaak = given_zaak(kenmerken=(("123", "oud"),), eigenschappen={"kenteken": "XX-11-YY"})
    assert zaak.identificatie.startswith("TEST-2021-")
    assert (zaak.startdatum, zaak.registratiedatum) == (date(2021, 5, 17), date(2021, 5, 17))
    assert zaak.uiterlijke_einddatum_afdoening == date(2021, 7, 12)
    assert zaak.einddatum_gepland == date(2021, 6, 14)
    assert (zaak.vertrouwelijkheidaanduiding, zaak.vertrouwelijkheid_orde) == ("zaakvertrouwelijk", 4)
    assert (zaak.status, zaak.status_volgnummer, zaak.resultaat, zaak.einddatum) == ("", 0, "", None)
    assert zaak.archiefstatus == "nog_te_archiveren"
    assert zaak.bronorganisatie == "807287684"


def test_when_a_zaak_is_made_then_trail_notification_and_record_are_there() -> None:
    zaak = given_zaak()
    assert [(line.resource, line.actie) for line in audit.trail_of(zaak.uuid)] == [
        ("zaak", "create"),
        ("rol", "create"),
    ]
    messages = Notificatie.objects.filter(kanaal="zaken").order_by("pk")
    assert [(message.resource, message.actie) for message in messages] == [("zaak", "create"), ("rol", "create")]
    assert messages[0].hoofd_object == zaak.url
    assert set(messages[0].kenmerken) == {"bronorganisatie", "zaaktype", "vertrouwelijkheidaanduiding"}
    assert rows_in("records_record") == {"records_record": 1}


def test_when_a_listener_fails_then_nothing_is_stored() -> None:
    zaaktype = given_zaaktype()
    before = rows_in(*ALL)
    refuses = RuntimeError("no")

    def refuse(fact: zaken.ZaakCreated) -> None:
        raise refuses

    zaken.ZAAK_CREATED.listener(refuse)
    try:
        with pytest.raises(RuntimeError), transaction.atomic():
            given_zaak(zaaktype=zaaktype, eigenschappen={"kenteken": "1"}, kenmerken=(("1", "x"),))
    finally:
        zaken.ZAAK_CREATED._listeners.remove(refuse)
    assert rows_in(*ALL) == before


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        ({"eigenschappen": {"bestaat niet": "1"}}, zaken.ZaaktypeMismatch),
        ({"rollen": (zaken.NewRol("natuurlijk_persoon", roltype_id=10**12),)}, zaken.ZaaktypeMismatch),
        ({"hoofdzaak_id": 10**12}, zaken.ZaakNotFound),
        ({"bronorganisatie": "12345678"}, IntegrityError),
        ({"vertrouwelijkheidaanduiding": "top secret"}, IntegrityError),
    ],
)
def test_when_a_zaak_is_refused_then_nothing_is_stored(wanted: dict[str, Any], error: type[Exception]) -> None:
    zaaktype = given_zaaktype()
    before = rows_in(*ALL)
    with pytest.raises(error), transaction.atomic():
        given_zaak(zaaktype=zaaktype, **wanted)
    assert rows_in(*ALL) == before


def test_when_a_number_is_sent_then_it_is_used_once() -> None:
    zaaktype = given_zaaktype()
    assert given_zaak(zaaktype=zaaktype, identificatie="EIGEN-1").identificatie == "EIGEN-1"
    with pytest.raises(zaken.IdentificatieTaken):
        given_zaak(zaaktype=zaaktype, identificatie="EIGEN-1")
    other = given_zaak(zaaktype=zaaktype, identificatie="EIGEN-1", bronorganisatie="517439943")
    assert other.identificatie == "EIGEN-1"


def test_when_a_client_chose_the_next_number_then_the_one_after_is_given() -> None:
    zaaktype = given_zaaktype()
    number = given_zaak(zaaktype=zaaktype).identificatie
    prefix, serial = number.rsplit("-", 1)
    taken = f"{prefix}-{int(serial) + 1:07d}"
    given_zaak(zaaktype=zaaktype, identificatie=taken)
    assert given_zaak(zaaktype=zaaktype).identificatie == f"{prefix}-{int(serial) + 2:07d}"


def test_when_numbers_are_reserved_then_no_zaak_gets_them_by_itself() -> None:
    reserved = zaken.reserve_numbers("807287684", aantal=3, by=SYSTEM)
    assert len(set(reserved)) == 3
    assert given_zaak().identificatie.rsplit("-", 1)[1] not in {number.rsplit("-", 1)[1] for number in reserved}
    assert given_zaak(identificatie=reserved[0]).identificatie == reserved[0]


def test_when_the_zaaktype_is_a_concept_then_no_zaak_is_made() -> None:
    from stadhuis.catalogi.models import Zaaktype

    zaaktype = given_zaaktype()
    Zaaktype.objects.update(concept=True)
    with pytest.raises(zaken.NotPublished):
        given_zaak(zaaktype=zaaktype)


def test_when_the_hoofdzaak_is_itself_a_deelzaak_then_it_is_refused() -> None:
    zaaktype = given_zaaktype()
    main = given_zaak(zaaktype=zaaktype)
    part = given_zaak(zaaktype=zaaktype, hoofdzaak_id=main.id)
    with pytest.raises(zaken.HoofdzaakIsDeelzaak):
        given_zaak(zaaktype=zaaktype, hoofdzaak_id=part.id)


def test_when_a_geometry_is_given_then_its_box_is_stored() -> None:
    zaak = given_zaak(zaakgeometrie={"type": "Point", "coordinates": [4.9, 52.4]})
    row = Zaak.objects.get(pk=zaak.id)
    assert (row.bbox_min_x, row.bbox_min_y, row.bbox_max_x, row.bbox_max_y) == (4.9, 52.4, 4.9, 52.4)


# -- Rollen -----------------------------------------------------------------------------------------------------------
def test_when_a_bsn_comes_in_with_a_rol_then_it_goes_to_people_and_stays_out_of_the_row() -> None:
    rol = zaken.NewRol(
        betrokkene_type="natuurlijk_persoon",
        omschrijving_generiek="initiator",
        identificatie={"inpBsn": BSN, "geslachtsnaam": "Vries", "voornamen": "Jan", "geboortedatum": "19800229"},
    )
    zaak = given_zaak(rollen=(rol,))
    row = Rol.objects.get(zaak_id=zaak.id)
    assert row.person_id == people.find_person(BSN)
    assert row.betrokkene_identificatie == {"geslachtsnaam": "Vries", "voornamen": "Jan", "geboortedatum": "19800229"}
    assert (row.naam, row.naam_zoek, row.geboortedatum) == ("Jan Vries", "jan vries", date(1980, 2, 29))
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(r::text, ' ') FROM zaken_rol r")
        assert BSN not in cursor.fetchone()[0]
    assert all(BSN not in str(line.nieuw) for line in audit.trail_of(zaak.uuid))


def test_when_a_bsn_would_be_stored_in_a_rol_then_the_database_refuses() -> None:
    zaak = given_zaak()
    with pytest.raises(IntegrityError, match="rol_without_bsn"), transaction.atomic():
        Rol.objects.filter(zaak_id=zaak.id).update(betrokkene_identificatie={"inpBsn": BSN})


def test_when_a_second_initiator_is_added_then_it_is_refused() -> None:
    zaaktype = given_zaaktype()
    zaak = given_zaak(zaaktype=zaaktype)
    with pytest.raises(zaken.RolTaken):
        zaken.add_rol(zaak.id, given_rol(), by=SYSTEM)
    zaken.add_rol(zaak.id, given_rol(kind="belanghebbende"), by=SYSTEM)
    zaken.add_rol(zaak.id, given_rol(kind="belanghebbende"), by=SYSTEM)
    with pytest.raises(zaken.RolTaken):
        given_zaak(zaaktype=zaaktype, rollen=(given_rol(), given_rol()))


def test_when_a_rol_ends_then_it_is_gone_and_the_trail_keeps_it() -> None:
    zaak = given_zaak()
    zaken.end_rol(Rol.objects.get(zaak_id=zaak.id).pk, by=SYSTEM)
    assert not Rol.objects.filter(zaak_id=zaak.id).exists()
    assert audit.trail_of(zaak.uuid)[-1].oud is not None


def test_when_a_company_is_put_in_a_zaak_then_the_body_comes_from_people() -> None:
    company_id = people.company_for_kvk("12345678", naam="Bakkerij Ünal")
    zaak = given_zaak(
        rollen=(
            zaken.NewRol(
                betrokkene_type="niet_natuurlijk_persoon", omschrijving_generiek="initiator", company_id=company_id
            ),
        )
    )
    row = Rol.objects.get(zaak_id=zaak.id)
    assert (row.naam, row.naam_zoek) == ("Bakkerij Ünal", "bakkerij unal")


# -- Statuses and closing ---------------------------------------------------------------------------------------------
def test_when_a_status_is_set_then_the_zaak_points_at_the_latest() -> None:
    zaaktype = given_zaaktype()
    zaak = given_zaak(zaaktype=zaaktype)
    zaken.add_status(zaak.id, zaaktype.statustypen[0].id, by=SYSTEM)
    zaken.add_status(zaak.id, zaaktype.statustypen[1].id, by=SYSTEM)
    assert zaken.zaak_by_id(zaak.id).status == "In behandeling"
    assert zaken.status_volgnummer(zaak.id) == 2
    yesterday = NOON - timedelta(minutes=5)
    zaken.add_status(zaak.id, zaaktype.statustypen[0].id, datum_status_gezet=yesterday, by=SYSTEM)
    assert zaken.zaak_by_id(zaak.id).status == "In behandeling"


@pytest.mark.parametrize(
    ("moment", "error"),
    [
        (NOON + timedelta(seconds=1), zaken.StatusInFuture),
        (NOON - timedelta(days=1), zaken.StatusBeforeStart),
        (NOON - timedelta(minutes=1), zaken.StatusMomentTaken),
    ],
)
def test_when_the_moment_of_a_status_cannot_be_then_it_is_refused(moment: datetime, error: type[Exception]) -> None:
    zaaktype = given_zaaktype()
    zaak = given_zaak(zaaktype=zaaktype)
    zaken.add_status(zaak.id, zaaktype.statustypen[0].id, datum_status_gezet=NOON - timedelta(minutes=1), by=SYSTEM)
    with pytest.raises(error):
        zaken.add_status(zaak.id, zaaktype.statustypen[1].id, datum_status_gezet=moment, by=SYSTEM)
    assert Status.objects.filter(zaak_id=zaak.id).count() == 1


def test_when_a_statustype_resultaattype_or_roltype_is_of_another_zaaktype_then_it_is_refused() -> None:
    zaak = given_zaak()
    other = given_zaaktype(identificatie="ANDER")
    with pytest.raises(zaken.ZaaktypeMismatch):
        zaken.add_status(zaak.id, other.statustypen[0].id, by=SYSTEM)
    with pytest.raises(zaken.ZaaktypeMismatch):
        zaken.set_resultaat(zaak.id, other.resultaattypen[0].id, by=SYSTEM)
    with pytest.raises(zaken.ZaaktypeMismatch):
        zaken.add_rol(zaak.id, zaken.NewRol("natuurlijk_persoon", roltype_id=other.roltypen[1].id), by=SYSTEM)
    with pytest.raises(zaken.ZaaktypeMismatch):
        zaken.set_eigenschap(zaak.id, "onbekend", "1", by=SYSTEM)


def test_when_the_eindstatus_is_set_then_the_zaak_gets_its_end_and_archive_dates() -> None:
    zaak = given_closed_zaak()
    assert (zaak.einddatum, zaak.resultaat, zaak.status) == (date(2021, 5, 17), "Toegekend", "Afgerond")
    assert (zaak.archiefnominatie, zaak.archiefactiedatum) == ("vernietigen", date(2031, 5, 17))


def test_when_a_zaak_closes_then_it_is_told_with_its_end() -> None:
    told: list[object] = []
    zaken.ZAAK_CLOSED.listener(told.append)
    zaken.STATUS_SET.listener(told.append)
    try:
        zaak = given_closed_zaak()
    finally:
        zaken.ZAAK_CLOSED._listeners.remove(told.append)
        zaken.STATUS_SET._listeners.remove(told.append)
    assert [type(fact).__name__ for fact in told] == ["StatusSet", "ZaakClosed"]
    assert isinstance(told[1], zaken.ZaakClosed)
    assert (told[1].zaak_uuid, told[1].einddatum) == (zaak.uuid, date(2021, 5, 17))


def test_when_the_eindstatus_is_set_just_after_midnight_then_the_senders_own_date_counts() -> None:
    zaaktype = given_zaaktype()
    zaak = given_zaak(zaaktype=zaaktype, startdatum=date(2021, 4, 1))
    zaken.set_resultaat(zaak.id, zaaktype.resultaattypen[0].id, by=SYSTEM)
    moment = datetime(2021, 5, 1, 0, 30, tzinfo=timezone(timedelta(hours=2)))
    zaken.add_status(zaak.id, zaaktype.eindstatus.id, datum_status_gezet=moment, by=SYSTEM)
    assert zaken.zaak_by_id(zaak.id).einddatum == date(2021, 5, 1)


def test_when_a_deed_of_our_own_closes_a_zaak_at_night_then_the_dutch_date_counts() -> None:
    zaaktype = given_zaaktype()
    zaak = given_zaak(zaaktype=zaaktype)
    zaken.set_resultaat(zaak.id, zaaktype.resultaattypen[0].id, by=SYSTEM)
    with time_machine.travel(datetime(2021, 5, 31, 22, 30, tzinfo=UTC), tick=False):
        zaken.add_status(zaak.id, zaaktype.eindstatus.id, by=SYSTEM)
    assert zaken.zaak_by_id(zaak.id).einddatum == date(2021, 6, 1)


def close(zaak: zaken.ZaakRecord, zaaktype: Any) -> None:
    zaken.add_status(zaak.id, zaaktype.eindstatus.id, by=SYSTEM)


def test_when_there_is_no_resultaat_then_the_zaak_stays_open_and_nothing_is_stored() -> None:
    zaaktype = given_zaaktype()
    zaak = given_zaak(zaaktype=zaaktype)
    before = rows_in(*ALL)
    with pytest.raises(zaken.ResultaatMissing):
        close(zaak, zaaktype)
    assert rows_in(*ALL) == before
    assert zaken.zaak_by_id(zaak.id).einddatum is None


def test_when_the_gebruiksrecht_of_a_document_is_not_known_then_the_zaak_stays_open() -> None:
    zaaktype = given_zaaktype()
    zaak = given_zaak(zaaktype=zaaktype)
    zaken.set_resultaat(zaak.id, zaaktype.resultaattypen[0].id, by=SYSTEM)
    document = given_linked_document(zaak, indicatie_gebruiksrecht=None)
    with pytest.raises(zaken.GebruiksrechtUnset):
        close(zaak, zaaktype)
    lock = documenten.lock_document(document.uuid, by=SYSTEM)
    documenten.new_version(document.uuid, {"indicatie_gebruiksrecht": False}, lock=lock, by=SYSTEM)
    with pytest.raises(zaken.DocumentLocked):
        close(zaak, zaaktype)
    documenten.unlock_document(document.uuid, lock=lock, by=SYSTEM)
    close(zaak, zaaktype)
    assert zaken.zaak_by_id(zaak.id).is_closed


def test_when_a_zaak_is_closed_then_every_change_is_refused_unless_forced() -> None:
    zaaktype = given_zaaktype()
    zaak = given_closed_zaak(zaaktype=zaaktype)
    document = given_document()
    deeds: list[Any] = [
        lambda **how: zaken.set_resultaat(zaak.id, zaaktype.resultaattypen[1].id, by=SYSTEM, **how),
        lambda **how: zaken.add_rol(zaak.id, given_rol(kind="belanghebbende"), by=SYSTEM, **how),
        lambda **how: zaken.end_rol(Rol.objects.filter(zaak_id=zaak.id).earliest("pk").pk, by=SYSTEM, **how),
        lambda **how: zaken.link_document(zaak.id, document.id, by=SYSTEM, **how),
        lambda **how: zaken.unlink_document(zaak.id, document.id, by=SYSTEM, **how),
        lambda **how: zaken.set_eigenschap(zaak.id, "kenteken", "1", by=SYSTEM, **how),
        lambda **how: zaken.add_status(zaak.id, zaaktype.eindstatus.id, by=SYSTEM, **how),
    ]
    for deed in deeds:
        with pytest.raises(zaken.ZaakIsClosed):
            deed()
        deed(force=True)
    changes: list[Any] = [
        lambda: zaken.suspend(zaak.id, reden="x", by=SYSTEM),
        lambda: zaken.resume(zaak.id, by=SYSTEM),
        lambda: zaken.extend(zaak.id, duur="P1W", reden="x", by=SYSTEM),
    ]
    for change in changes:
        with pytest.raises(zaken.ZaakIsClosed):
            change()


def test_when_a_zaak_is_reopened_then_its_end_and_archive_dates_go() -> None:
    zaaktype = given_zaaktype()
    zaak = given_closed_zaak(zaaktype=zaaktype)
    with pytest.raises(zaken.ZaakIsClosed):
        zaken.add_status(zaak.id, zaaktype.statustypen[1].id, by=SYSTEM, force=True)
    zaken.reopen_zaak(zaak.id, zaaktype.statustypen[1].id, by=SYSTEM)
    again = zaken.zaak_by_id(zaak.id)
    assert (again.einddatum, again.archiefactiedatum, again.archiefnominatie) == (None, None, "")
    assert again.status == "In behandeling"
    assert Zaak.objects.get(pk=zaak.id).startdatum_bewaartermijn is None
    with pytest.raises(zaken.ZaakIsOpen):
        zaken.reopen_zaak(zaak.id, zaaktype.statustypen[1].id, by=SYSTEM)


def test_when_a_hoofdzaak_closes_then_its_deelzaken_get_the_date_they_waited_for() -> None:
    zaaktype = given_zaaktype()
    follows = given_zaaktype(
        identificatie="DEEL", resultaattypen=[given_resultaattype_data(brondatum={"afleidingswijze": "hoofdzaak"})]
    )
    main = given_zaak(zaaktype=zaaktype)
    zaken.set_resultaat(main.id, zaaktype.resultaattypen[0].id, by=SYSTEM)
    part = given_zaak(zaaktype=follows, hoofdzaak_id=main.id)
    zaken.set_resultaat(part.id, follows.resultaattypen[0].id, by=SYSTEM)
    with pytest.raises(zaken.DeelzakenOpen):
        close(main, zaaktype)
    close(part, follows)
    assert zaken.zaak_by_id(part.id).archiefactiedatum is None
    with time_machine.travel(NOON + timedelta(days=3), tick=False):
        close(main, zaaktype)
    assert zaken.zaak_by_id(part.id).archiefactiedatum == date(2031, 5, 20)
    with pytest.raises(zaken.HoofdzaakClosed):
        zaken.reopen_zaak(part.id, follows.statustypen[0].id, by=SYSTEM)
    with time_machine.travel(NOON + timedelta(days=4), tick=False):
        zaken.reopen_zaak(main.id, zaaktype.statustypen[0].id, by=SYSTEM)
    assert zaken.zaak_by_id(part.id).archiefactiedatum is None


def test_when_the_date_comes_from_an_eigenschap_then_the_zaak_closes_with_it() -> None:
    zaaktype = given_zaaktype(
        resultaattypen=[given_resultaattype_data(brondatum={"afleidingswijze": "eigenschap", "datumkenmerk": "einde"})]
    )
    zaak = given_zaak(zaaktype=zaaktype)
    zaken.set_resultaat(zaak.id, zaaktype.resultaattypen[0].id, by=SYSTEM)
    with pytest.raises(zaken.ArchiefactiedatumError):
        close(zaak, zaaktype)
    zaken.set_eigenschap(zaak.id, "einde", "20240229", by=SYSTEM)
    close(zaak, zaaktype)
    assert zaken.zaak_by_id(zaak.id).archiefactiedatum == date(2034, 2, 28)


def test_when_the_resultaat_is_set_again_then_there_is_still_one() -> None:
    zaaktype = given_zaaktype()
    zaak = given_zaak(zaaktype=zaaktype)
    first = zaken.set_resultaat(zaak.id, zaaktype.resultaattypen[0].id, by=SYSTEM)
    second = zaken.set_resultaat(zaak.id, zaaktype.resultaattypen[1].id, by=SYSTEM)
    assert first == second
    assert Resultaat.objects.get(zaak_id=zaak.id).resultaattype_id == zaaktype.resultaattypen[1].id


# -- Documents, notes, term -------------------------------------------------------------------------------------------
def test_when_a_document_is_linked_then_it_is_mirrored_and_linked_once() -> None:
    from stadhuis.documenten.models import Objectinformatieobject

    zaak = given_zaak()
    document = given_linked_document(zaak)
    mirror = Objectinformatieobject.objects.get(document_id=document.id)
    assert (mirror.object_type, mirror.object_uuid) == ("zaak", zaak.uuid)
    with pytest.raises(zaken.DocumentAlreadyLinked):
        zaken.link_document(zaak.id, document.id, by=SYSTEM)
    with pytest.raises(documenten.PendingRelations):
        documenten.delete_document(document.uuid, by=SYSTEM)
    zaken.unlink_document(zaak.id, document.id, by=SYSTEM)
    assert not Objectinformatieobject.objects.exists()
    documenten.delete_document(document.uuid, by=SYSTEM)


def test_when_the_type_of_a_document_does_not_belong_then_it_is_refused() -> None:
    zaak = given_zaak()
    document = given_document(soort="Advies")
    with pytest.raises(zaken.DocumentTypeMismatch):
        zaken.link_document(zaak.id, document.id, by=SYSTEM)
    with pytest.raises(documenten.DocumentNotFound):
        zaken.link_document(zaak.id, 10**12, by=SYSTEM)
    assert not Zaakinformatieobject.objects.exists()


def test_when_a_zaak_is_suspended_resumed_and_extended_then_the_columns_say_so() -> None:
    zaak = given_zaak()
    zaken.suspend(zaak.id, reden="Wachten op stukken", by=SYSTEM)
    assert zaken.zaak_by_id(zaak.id).opschorting_reden == "Wachten op stukken"
    zaken.resume(zaak.id, by=SYSTEM)
    assert not zaken.zaak_by_id(zaak.id).opschorting_indicatie
    zaken.extend(zaak.id, duur="P28D", reden="Advies nodig", by=SYSTEM)
    extended = zaken.zaak_by_id(zaak.id)
    assert (extended.verlenging_duur, extended.uiterlijke_einddatum_afdoening) == ("P28D", date(2021, 8, 9))
    assert [line.actie for line in audit.trail_of(zaak.uuid)].count("partial_update") == 3


def test_when_the_zaaktype_knows_no_extension_or_suspension_then_they_are_refused() -> None:
    zaak = given_zaak(zaaktype=given_zaaktype(verlengingstermijn=None, opschorting_en_aanhouding_mogelijk=False))
    with pytest.raises(zaken.NotExtendable):
        zaken.extend(zaak.id, duur="P1W", reden="x", by=SYSTEM)
    with pytest.raises(zaken.NotSuspendable):
        zaken.suspend(zaak.id, reden="x", by=SYSTEM)


def test_when_a_zaak_is_deleted_then_nothing_of_it_is_left_but_its_documents() -> None:
    zaaktype = given_zaaktype()
    zaak = given_zaak(zaaktype=zaaktype, eigenschappen={"kenteken": "1"}, kenmerken=(("1", "x"),))
    part = given_zaak(zaaktype=zaaktype, hoofdzaak_id=zaak.id)
    document = given_linked_document(zaak)
    zaken.add_status(zaak.id, zaaktype.statustypen[0].id, by=SYSTEM)
    zaken.add_note(zaak.id, "Een notitie", by=SYSTEM)
    zaken.delete_zaak(zaak.id, by=SYSTEM)
    assert set(rows_in(*ALL[:6], "zaken_zaaknotitie", "zaken_zaakinformatieobject").values()) == {0}
    assert set(Record.objects.values_list("kind", "object_uuid")) == {("document", document.uuid)}
    assert (audit.trail_of(zaak.uuid), audit.trail_of(part.uuid)) == ([], [])
    assert Notificatie.objects.filter(actie="destroy").count() == 2
    documenten.delete_document(document.uuid, by=SYSTEM)
