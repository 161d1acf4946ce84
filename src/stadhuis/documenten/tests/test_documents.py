"""Documents with their bytes, versions and locks."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.db import transaction

from stadhuis.audit import public as audit
from stadhuis.documenten import public as documenten
from stadhuis.documenten.models import Document, DocumentVersie, Gebruiksrecht
from stadhuis.documenten.tests.givens import (
    CONTENT,
    given_document,
    given_file,
    given_informatieobjecttype,
    given_new_document,
)
from stadhuis.kit.models import StoredFile
from stadhuis.kit.time import now, today
from stadhuis.notificaties.models import Notificatie
from stadhuis.people.public import SYSTEM

pytestmark = pytest.mark.django_db


def test_when_a_document_is_registered_then_its_bytes_are_kept_and_can_be_read() -> None:
    document = given_document()
    assert (document.versie, document.bestandsomvang, document.creatiedatum) == (1, len(CONTENT), today())
    assert (document.informatieobjecttype, document.vertrouwelijkheidaanduiding) == ("Aanvraag", "zaakvertrouwelijk")
    assert list(StoredFile.objects.values_list("uuid", "state")) == [(document.file, "kept")]
    assert document.url.endswith(f"/documenten/api/v1/enkelvoudiginformatieobjecten/{document.uuid}")
    with documenten.open_document(document.uuid) as content:
        assert content.read() == CONTENT
    assert [line.actie for line in audit.trail_of(document.uuid)] == ["create"]
    assert Notificatie.objects.get(kanaal="documenten").actie == "create"


@pytest.mark.parametrize(
    "fault", ["not arrived", "taken", "in bewerking", "unknown type", "gebruiksrecht", "number taken"]
)
def test_when_a_document_is_refused_then_nothing_is_stored(fault: str) -> None:
    first = given_document()
    new, error = {
        "not arrived": (given_new_document(file=uuid4()), documenten.FileMissing),
        "taken": (given_new_document(file=first.file), documenten.FileMissing),
        "in bewerking": (
            given_new_document(status="in_bewerking", ontvangstdatum=date(2021, 1, 1)),
            documenten.ReceivedIsNotBeingWritten,
        ),
        "unknown type": (given_new_document(informatieobjecttype_id=10**12), LookupError),
        "gebruiksrecht": (given_new_document(indicatie_gebruiksrecht=True), documenten.MissingGebruiksrechten),
        "number taken": (given_new_document(identificatie=first.identificatie), documenten.IdentificatieTaken),
    }[fault]
    with pytest.raises(error), transaction.atomic():
        documenten.create_document(new, by=SYSTEM)
    assert Document.objects.count() == 1
    assert Notificatie.objects.count() == 1
    assert StoredFile.objects.filter(state="kept").count() == 1


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\map\\brief.pdf", "brief.pdf"),
        ("a\r\nb.pdf", "ab.pdf"),
        ("x" * 300, "x" * 255),
    ],
)
def test_when_a_file_name_is_hostile_then_it_is_made_plain(name: str, stored: str) -> None:
    assert given_document(bestandsnaam=name).bestandsnaam == stored


def test_when_a_document_is_changed_then_the_old_version_stays() -> None:
    document = given_document()
    lock = documenten.lock_document(document.uuid, by=SYSTEM)
    file = given_file(b"nieuwe inhoud")
    changed = documenten.new_version(document.uuid, {"titel": "Nieuw", "file_id": file.uuid}, lock=lock, by=SYSTEM)
    assert (changed.versie, changed.titel, changed.bestandsomvang, changed.sha256) == (
        2,
        "Nieuw",
        file.size,
        file.sha256,
    )
    assert changed.url == document.url
    old = DocumentVersie.objects.get(document_id=document.id)
    assert (old.versie, old.titel, old.sha256) == (1, "Aanvraag", document.sha256)


def test_when_a_document_is_changed_without_the_right_lock_then_nothing_happens() -> None:
    document = given_document()
    with pytest.raises(documenten.NotLocked):
        documenten.new_version(document.uuid, {"titel": "Nieuw"}, lock="", by=SYSTEM)
    lock = documenten.lock_document(document.uuid, by=SYSTEM)
    with pytest.raises(documenten.AlreadyLocked):
        documenten.lock_document(document.uuid, by=SYSTEM)
    with pytest.raises(documenten.WrongLock):
        documenten.new_version(document.uuid, {"titel": "Nieuw"}, lock="x", by=SYSTEM)
    with pytest.raises(documenten.WrongLock):
        documenten.unlock_document(document.uuid, lock="x", by=SYSTEM)
    with pytest.raises(documenten.DestroyLocked):
        documenten.delete_document(document.uuid, by=SYSTEM)
    documenten.unlock_document(document.uuid, by=SYSTEM, force=True)
    assert len(lock) == 32
    assert documenten.document(document.uuid).versie == 1


def test_when_the_gebruiksrecht_is_set_by_hand_then_it_needs_rights() -> None:
    document = given_document(indicatie_gebruiksrecht=None)
    lock = documenten.lock_document(document.uuid, by=SYSTEM)
    with pytest.raises(documenten.MissingGebruiksrechten):
        documenten.new_version(document.uuid, {"indicatie_gebruiksrecht": True}, lock=lock, by=SYSTEM)
    Gebruiksrecht.objects.create(document_id=document.id, startdatum=now(), omschrijving_voorwaarden="x")
    documenten.new_version(document.uuid, {"indicatie_gebruiksrecht": True}, lock=lock, by=SYSTEM)
    with pytest.raises(documenten.ExistingGebruiksrechten):
        documenten.new_version(document.uuid, {"indicatie_gebruiksrecht": False}, lock=lock, by=SYSTEM)


def test_when_a_document_is_deleted_then_all_its_bytes_and_its_trail_go() -> None:
    document = given_document()
    lock = documenten.lock_document(document.uuid, by=SYSTEM)
    documenten.new_version(document.uuid, {"file_id": given_file(b"twee").uuid}, lock=lock, by=SYSTEM)
    documenten.unlock_document(document.uuid, lock=lock, by=SYSTEM)
    documenten.delete_document(document.uuid, by=SYSTEM)
    assert not Document.objects.exists()
    assert not DocumentVersie.objects.exists()
    assert set(StoredFile.objects.values_list("state", flat=True)) == {"discarded"}
    assert audit.trail_of(document.uuid) == []
    with pytest.raises(documenten.DocumentNotFound):
        documenten.document(document.uuid)


def test_when_a_document_belongs_to_a_zaak_then_it_is_not_deleted() -> None:
    document, zaak = given_document(), uuid4()
    documenten.mirror(document.id, object_type="zaak", object_uuid=zaak)
    documenten.mirror(document.id, object_type="zaak", object_uuid=zaak)
    with pytest.raises(documenten.PendingRelations):
        documenten.delete_document(document.uuid, by=SYSTEM)
    documenten.unmirror(document.id, object_uuid=zaak)
    documenten.delete_document(document.uuid, by=SYSTEM)


def test_when_a_document_is_shown_to_the_initiator_then_it_stays_the_same_version() -> None:
    document = given_document()
    documenten.set_tonen_aan_initiator(document.id, tonen=True, by=SYSTEM)
    shown = documenten.document(document.uuid)
    assert (shown.tonen_aan_initiator, shown.versie) == (True, 1)


def test_when_the_type_is_a_concept_then_no_document_is_made() -> None:
    from stadhuis.catalogi.models import Informatieobjecttype

    new = given_new_document()
    Informatieobjecttype.objects.filter(pk=given_informatieobjecttype().id).update(concept=True)
    with pytest.raises(documenten.NotPublished):
        documenten.create_document(new, by=SYSTEM)
