"""What people do with documents: one function per deed, one transaction."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from stadhuis.audit import public as audit
from stadhuis.catalogi import public as catalogi
from stadhuis.documenten.errors import (
    AlreadyLocked,
    DestroyLocked,
    DocumentNotFound,
    ExistingGebruiksrechten,
    FileMissing,
    IdentificatieTaken,
    MissingGebruiksrechten,
    NotLocked,
    NotPublished,
    PendingRelations,
    WrongLock,
)
from stadhuis.documenten.keeping import KIND, follow
from stadhuis.documenten.models import (
    Bestandsdeel,
    Content,
    Document,
    DocumentVersie,
    Gebruiksrecht,
    Objectinformatieobject,
)
from stadhuis.documenten.reads import document, documents
from stadhuis.documenten.records import DocumentRecord, NewDocument
from stadhuis.documenten.resource import EIO
from stadhuis.documenten.rules import check_received, plain_name
from stadhuis.kit import files
from stadhuis.kit.api.changes import CHANGED, Change
from stadhuis.kit.models import StoredFile
from stadhuis.kit.rows import insert_all
from stadhuis.kit.time import now, today
from stadhuis.kit.together import hand
from stadhuis.notificaties import public as notificaties
from stadhuis.people.public import Actor
from stadhuis.records import public as records

CONTENT: Final = tuple(field.attname for field in Content._meta.get_fields() if hasattr(field, "attname"))
"""Columns that a version consists of."""
CHANGEABLE: Final = frozenset(CONTENT) - {"versie", "begin_registratie", "sha256", "informatieobjecttype_ref"}


def next_number() -> str:
    """Return the next number of a document of ours."""
    return _next_numbers(1)[0]


def _next_numbers(count: int) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('documenten_nummer') FROM generate_series(1, %s)", [count])
        return [f"DOCUMENT-{today().year}-{row[0]:010d}" for row in cursor.fetchall()]


def _published_type(informatieobjecttype_id: int) -> catalogi.InformatieobjecttypeRecord:
    found = catalogi.informatieobjecttype(informatieobjecttype_id)
    if found.concept:
        raise NotPublished
    return found


def keep_bytes(file: UUID | None) -> StoredFile | None:
    """Hold on to the bytes and return their row: size and hash are what arrived, not what someone says."""
    return _keep_all([file]).get(file) if file else None


def _keep_all(uuids: Iterable[UUID | None]) -> dict[UUID, StoredFile]:
    wanted = {uuid for uuid in uuids if uuid is not None}
    try:
        return {row.uuid: row for row in files.keep_all(wanted)} if wanted else {}
    except LookupError:
        raise FileMissing from None


def tell(
    row: Document, actie: str, *, by: Actor, before: dict[str, Any] | None, toelichting: str = "", resultaat: int = 200
) -> dict[str, Any]:
    """Let the trail and the subscribers know what was done with a document, and its zaken by what they are found.

    Returns the document as JSON, as it is now.
    """
    after = EIO.kept(row.uuid)
    CHANGED.announce(
        Change(
            resource=EIO, uuid=row.uuid, actie=actie, before=_without_keys(before), after=_without_keys(after), by=by,
            main=EIO, main_uuid=row.uuid, main_json=after, toelichting=toelichting, weergave=row.identificatie, resultaat=resultaat,
        )
    )  # fmt: skip
    hand(follow, row.uuid)
    if actie != "create":
        # A title is part of what its zaken are found by.
        for uuid in Objectinformatieobject.objects.filter(
            document=row, object_type="zaak", object_uuid__isnull=False
        ).values_list("object_uuid", flat=True):
            if uuid is not None:
                records.keep_later("zaak", uuid)
    return after


def _without_keys(document: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return the JSON of a document without the key of its lock, which the parts of an upload carry: it is a secret."""
    if not document or not document["bestandsdelen"]:
        return document
    return {**document, "bestandsdelen": [{**part, "lock": ""} for part in document["bestandsdelen"]]}


def note_lock(row: Document, actie: str, *, was_locked: bool, by: Actor) -> None:
    """Write down that a document was locked or freed; the key itself is a secret and stays out."""
    audit.record(
        actie, about=row.uuid, kind=EIO.name, resource=EIO.name, resource_id=row.uuid, by=by,
        before={"locked": was_locked}, after={"locked": bool(row.lock)}, weergave=row.identificatie, bron="drc",
    )  # fmt: skip


def note_part(row: Document, part: Bestandsdeel, *, by: Actor) -> None:
    """Write down that a part of the content came in. Subscribers hear of the whole, not of each part."""
    audit.record(
        "update", about=row.uuid, kind=EIO.name, resource="bestandsdeel", resource_id=part.uuid, by=by,
        before=None, after={"volgnummer": part.volgnummer, "omvang": part.omvang, "voltooid": True},
        weergave=row.identificatie, bron="drc",
    )  # fmt: skip


def create_document(new: NewDocument, *, by: Actor) -> DocumentRecord:
    """Register one document; see ``create_documents``."""
    return create_documents([new], by=by)[0]


@transaction.atomic
def create_documents(new: Sequence[NewDocument], *, by: Actor) -> list[DocumentRecord]:
    """Register documents and hold on to their bytes; all of them or none. Returns them in the same order.

    Raises ``NotPublished``, ``FileMissing`` (not arrived, or of another document), ``ReceivedIsNotBeingWritten``,
    ``IdentificatieTaken``, ``MissingGebruiksrechten`` and ``catalogi.TypeNotFound``. Source: drc-001, 005, 006, 007.
    """
    kinds = [_published_type(one.informatieobjecttype_id) for one in new]
    for one in new:
        check_received(one.status, one.ontvangstdatum)
        if one.indicatie_gebruiksrecht:
            raise MissingGebruiksrechten
    stored = _keep_all(one.file for one in new)
    numbers = iter(_next_numbers(sum(not one.identificatie for one in new)))
    rows = [
        _row(one, kind, one.identificatie or next(numbers), stored.get(one.file) if one.file else None)
        for one, kind in zip(new, kinds, strict=True)
    ]
    try:
        with transaction.atomic():
            insert_all(rows)
    except IntegrityError as error:
        if "document_file_once" in str(error):
            raise FileMissing from error
        if "document_identificatie_once" in str(error):
            raise IdentificatieTaken from error
        raise
    for row in rows:
        tell(row, "create", by=by, before=None, resultaat=201)
    made = {document.id: document for document in documents([row.pk for row in rows])}
    return [made[row.pk] for row in rows]


def _row(
    new: NewDocument, kind: catalogi.InformatieobjecttypeRecord, identificatie: str, stored: StoredFile | None
) -> Document:
    return Document(
        identificatie=identificatie,
        bronorganisatie=new.bronorganisatie or settings.TOWN_RSIN,
        informatieobjecttype_id=kind.id,
        informatieobjecttype_ref=kind.ref,
        creatiedatum=new.creatiedatum or today(),
        titel=new.titel,
        vertrouwelijkheidaanduiding=new.vertrouwelijkheidaanduiding or kind.vertrouwelijkheidaanduiding,
        tonen_aan_initiator=new.tonen_aan_initiator,
        auteur=new.auteur,
        status=new.status,
        formaat=new.formaat,
        taal=new.taal,
        begin_registratie=now(),
        bestandsnaam=plain_name(new.bestandsnaam),
        file=stored,
        sha256=stored.sha256 if stored else "",
        bestandsomvang=stored.size if stored else None,
        link=new.link,
        beschrijving=new.beschrijving,
        ontvangstdatum=new.ontvangstdatum,
        verzenddatum=new.verzenddatum,
        indicatie_gebruiksrecht=new.indicatie_gebruiksrecht,
        trefwoorden=list(new.trefwoorden),
    )


def document_for_change(uuid: UUID) -> Document:
    """Return the row of a document, locked until the end of the transaction. Raises ``DocumentNotFound``."""
    row = (
        Document.objects.select_for_update(of=("self",))
        .select_related("informatieobjecttype")
        .filter(uuid=uuid)
        .first()
    )
    if row is None:
        raise DocumentNotFound(str(uuid))
    return row


@transaction.atomic
def lock_document(uuid: UUID, *, by: Actor) -> str:
    """Lock a document for changes and return the key of the lock. Raises ``AlreadyLocked``. Source: drc-009."""
    row = document_for_change(uuid)
    if row.lock:
        raise AlreadyLocked
    row.lock, row.locked_at, row.locked_by = secrets.token_hex(16), now(), by.key
    row.save(update_fields=["lock", "locked_at", "locked_by"])
    note_lock(row, "lock", was_locked=False, by=by)
    return row.lock


@transaction.atomic
def unlock_document(uuid: UUID, *, lock: str = "", by: Actor, force: bool = False) -> None:
    """Take the lock off. ``force`` needs no key (the caller has checked the right). Raises ``WrongLock``."""
    row = document_for_change(uuid)
    if row.lock and not force and not secrets.compare_digest(row.lock.encode(), lock.encode()):
        raise WrongLock
    was_locked = bool(row.lock)
    row.lock, row.locked_at, row.locked_by = "", None, ""
    row.save(update_fields=["lock", "locked_at", "locked_by"])
    note_lock(row, "unlock", was_locked=was_locked, by=by)


@transaction.atomic
def new_version(uuid: UUID, changes: Mapping[str, Any], *, lock: str, by: Actor, reason: str = "") -> DocumentRecord:
    """Change a document under its lock: what it was becomes an older version, the URL stays. Source: BEHAVIOUR 10.2.

    ``changes`` names columns; ``file_id`` is an arrived file. Raises ``NotLocked``, ``WrongLock``, ``NotPublished``,
    ``FileMissing``, ``ReceivedIsNotBeingWritten``, ``MissingGebruiksrechten`` and ``ExistingGebruiksrechten``.
    """
    unknown = set(changes) - CHANGEABLE
    if unknown:
        raise ValueError(f"not columns of a version: {', '.join(sorted(unknown))}")
    row = document_for_change(uuid)
    if not row.lock:
        raise NotLocked
    if not secrets.compare_digest(row.lock.encode(), lock.encode()):
        raise WrongLock
    before = EIO.kept(row.uuid)
    was_type, was_gebruiksrecht, was_file = row.informatieobjecttype_id, row.indicatie_gebruiksrecht, row.file_id
    keep_version(row)
    for name, value in changes.items():
        setattr(row, name, value)
    if row.informatieobjecttype_id != was_type:
        row.informatieobjecttype_ref = _published_type(row.informatieobjecttype_id).ref
    check_received(row.status, row.ontvangstdatum)
    _check_gebruiksrecht(row, was_gebruiksrecht)
    if row.file_id != was_file:
        stored = keep_bytes(row.file_id)
        row.sha256, row.bestandsomvang = (stored.sha256, stored.size) if stored else ("", None)
    row.bestandsnaam = plain_name(row.bestandsnaam)
    row.save()
    row.refresh_from_db()
    tell(row, "update", by=by, before=before, toelichting=reason)
    return document(row.uuid)


def keep_version(row: Document) -> None:
    """Put away what a document is now as an older version; what is set on it from here on is the next one."""
    DocumentVersie.objects.create(document=row, **{name: getattr(row, name) for name in CONTENT})
    row.versie += 1
    row.begin_registratie = now()


def _check_gebruiksrecht(row: Document, was: bool | None) -> None:
    if row.indicatie_gebruiksrecht == was:
        return
    has_rights = Gebruiksrecht.objects.filter(document=row).exists()
    if row.indicatie_gebruiksrecht and not has_rights:
        raise MissingGebruiksrechten
    if not row.indicatie_gebruiksrecht and has_rights:
        raise ExistingGebruiksrechten


@transaction.atomic
def set_tonen_aan_initiator(document_id: int, *, tonen: bool, by: Actor) -> None:
    """Show a document to the resident, or stop showing it. Makes no version: nothing in the document changes."""
    row = (
        Document.objects.select_for_update(of=("self",))
        .select_related("informatieobjecttype")
        .filter(pk=document_id)
        .first()
    )
    if row is None:
        raise DocumentNotFound(str(document_id))
    if row.tonen_aan_initiator == tonen:
        return
    before = EIO.kept(row.uuid)
    row.tonen_aan_initiator = tonen
    row.save(update_fields=["tonen_aan_initiator"])
    tell(row, "partial_update", by=by, before=before)


@transaction.atomic
def delete_document(uuid: UUID, *, by: Actor) -> None:
    """Remove a document with all its versions, rights, bytes and its audit trail.

    Raises ``PendingRelations`` while a zaak or besluit refers to it, ``DestroyLocked`` and ``records.OnHold``.
    Source: drc-008.
    """
    row = document_for_change(uuid)
    if row.lock:
        raise DestroyLocked
    if Objectinformatieobject.objects.filter(document=row).exists():
        raise PendingRelations
    held = {
        row.file_id,
        *row.versies.values_list("file_id", flat=True),
        *row.bestandsdelen.values_list("file_id", flat=True),
    }
    before = EIO.kept(row.uuid)
    CHANGED.announce(
        Change(
            resource=EIO, uuid=row.uuid, actie="destroy", before=before, after=None, by=by, main=EIO, main_uuid=row.uuid,
            main_json=before, weergave=row.identificatie, resultaat=204,
        )
    )  # fmt: skip
    records.remove(KIND, row.uuid)
    row.delete()
    for file in held:
        if file is not None:
            files.discard(file)


@transaction.atomic
def destroy_if_unrelated(uuid: UUID, *, by: Actor) -> bool:
    """Destroy a document that no zaak or besluit refers to any more, locked or not; returns whether it went."""
    row = Document.objects.select_for_update(of=("self",)).filter(uuid=uuid).first()
    if row is None or Objectinformatieobject.objects.filter(document=row).exists():
        return False
    if row.lock:
        unlock_document(uuid, by=by, force=True)
    delete_document(uuid, by=by)
    notificaties.destroy_about(uuid, by)
    return True


def destroy_record(uuid: UUID, by: Actor) -> Mapping[str, int]:
    """Destroy a loose document whose time has come; returns how many. Raises ``PendingRelations`` when it is not loose."""
    if not destroy_if_unrelated(uuid, by=by):
        raise PendingRelations
    return {"documenten": 1}


@transaction.atomic(savepoint=False)
def mirror(document_id: int, *, object_type: str, object_uuid: UUID, kept_with: tuple[str, UUID] | None = None) -> None:
    """Note that a zaak or besluit of ours has this document (objectinformatieobject). Twice is once. Source: zrc-005, brc-005.

    From then on it is kept with that, or with the record that is named (of the zaak of a besluit).
    """
    mirror_all([document_id], object_type=object_type, object_uuid=object_uuid, kept_with=kept_with)


@transaction.atomic(savepoint=False)
def mirror_all(
    document_ids: Iterable[int], *, object_type: str, object_uuid: UUID, kept_with: tuple[str, UUID] | None = None
) -> None:
    """Note the same of several documents."""
    ids = list(document_ids)
    Objectinformatieobject.objects.bulk_create(
        (
            Objectinformatieobject(document_id=document_id, object_uuid=object_uuid, object_type=object_type)
            for document_id in ids
        ),
        ignore_conflicts=True,
    )
    uuids = list(Document.objects.filter(pk__in=ids).values_list("uuid", flat=True))
    records.absorb(KIND, uuids, into=kept_with or (object_type, object_uuid))


@transaction.atomic
def unmirror(document_id: int, *, object_uuid: UUID) -> None:
    """Take such a note away again."""
    Objectinformatieobject.objects.filter(document_id=document_id, object_uuid=object_uuid).delete()
    uuid = Document.objects.filter(pk=document_id).values_list("uuid", flat=True).first()
    if uuid is not None:
        hand(follow, uuid)
