"""What the Documenten API does to a document. Each deed resolves first (outside a transaction), then writes in one.

Whoever may not change a document learns nothing of it; bytes stream outside the transaction. Deeds end in ``CHANGED``: the audit
line and the notification are written in the same transaction.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from stadhuis.access.public import LEVELS
from stadhuis.documenten import actions
from stadhuis.documenten.actions import document_for_change, keep_bytes, keep_version, next_number, note_lock, tell
from stadhuis.documenten.api.checks import Plan, columns_of, content_plan, document_faults
from stadhuis.documenten.api.links import KnownType, informatieobjecttype_at
from stadhuis.documenten.errors import AlreadyLocked, DestroyLocked, IdentificatieTaken, NotLocked, WrongLock
from stadhuis.documenten.models import Bestandsdeel, Document, Gebruiksrecht
from stadhuis.documenten.resource import EIO, EIO_PATH, ROOT
from stadhuis.documenten.rules import plain_name
from stadhuis.documenten.shapes import (
    EnkelvoudigInformatieObjectCreateLockRequestBody,
    EnkelvoudigInformatieObjectWithLockRequestBody,
)
from stadhuis.kit import files
from stadhuis.kit.api.content import Content
from stadhuis.kit.api.endpoint import seen
from stadhuis.kit.api.errors import NON_FIELD, Conflict, Fault, Invalid, NotFound, PermissionDenied
from stadhuis.kit.api.gate import Caller
from stadhuis.kit.api.resource import Guard, Resource
from stadhuis.kit.rows import insert
from stadhuis.kit.time import now
from stadhuis.records import public as records

AANMAKEN: Final = ("documenten.aanmaken",)
BIJWERKEN: Final = ("documenten.bijwerken", "documenten.geforceerd-bijwerken")
VERWIJDEREN: Final = ("documenten.verwijderen",)
LOCK: Final = ("documenten.lock",)
FORCED_UNLOCK: Final = ("documenten.geforceerd-unlock",)
TRIES: Final = 5
_ALWAYS: Final = frozenset({"inhoud", "bestandsomvang"})


@dataclass(frozen=True)
class Made:
    """A document that was made, with its JSON text."""

    uuid: UUID
    text: str


def check_may(uuid: UUID, scopes: tuple[str, ...], by: Caller) -> None:
    """Raise unless the caller has one of the scopes on this document, as it is now: ``NotFound``, ``PermissionDenied``."""
    guarded = Resource(
        name=f"document-for-{'-'.join(scopes)}", root=ROOT, path=EIO_PATH, table="documenten_document",
        columns={"uuid": "{z}.uuid"}, guard=Guard("document", scopes),
    )  # fmt: skip
    seen(guarded.one(uuid, seen_by=by))


def allowed_for_change(uuid: UUID, scopes: tuple[str, ...], by: Caller) -> Document:
    """Return the row of a document, found, allowed and locked until the end of the transaction."""
    row = document_for_change(uuid)
    check_may(uuid, scopes, by)
    return row


def _may_make(kind: KnownType, level: str, scopes: tuple[str, ...], by: Caller) -> None:
    if not by.may("document", scopes, type_ref=kind.ref, level=LEVELS[level], type_uuid=kind.uuid):
        raise PermissionDenied


# -- Making --------------------------------------------------------------------------------------------------------------
def create_document(
    body: EnkelvoudigInformatieObjectCreateLockRequestBody, *, by: Caller, toelichting: str = ""
) -> Made:
    """Make a document, with its content, with parts to come, or with neither; its JSON names the lock of the parts.

    Raises ``Invalid`` with all that is wrong, and ``PermissionDenied``. Source: drc-001, 005, 006, 007; BEHAVIOUR 10.4.
    """
    faults: list[Fault] = []
    kind = informatieobjecttype_at(body.informatieobjecttype, faults)
    values = body.values()
    faults += document_faults(values, body.given, concept=kind is not None and kind.concept, has_gebruiksrechten=False)
    plan = content_plan(
        inhoud=body.inhoud, omvang=body.bestandsomvang, given=_ALWAYS, stored_size=None,
        biggest=settings.DOCUMENT_MAX_BYTES, faults=faults,
    )  # fmt: skip
    if kind is not None:
        values["vertrouwelijkheidaanduiding"] = (
            values["vertrouwelijkheidaanduiding"] or kind.vertrouwelijkheidaanduiding
        )
        _may_make(kind, values["vertrouwelijkheidaanduiding"], AANMAKEN, by)
    if faults or kind is None:
        raise Invalid(faults)
    with transaction.atomic():
        row = Document(
            **columns_of(values),
            informatieobjecttype_id=kind.id,
            informatieobjecttype_ref=kind.ref,
            begin_registratie=now(),
        )
        row.bestandsnaam = plain_name(row.bestandsnaam)
        _set_content(row, plan)
        if plan.does == "parts":
            _lock(row, by)
        _insert(row, body.identificatie)
        if plan.does == "parts":
            _announce_parts(row, plan.size or 0)
        made = tell(row, "create", by=by.actor, before=None, toelichting=toelichting, resultaat=201)
    return Made(row.uuid, _json({**made, "lock": row.lock}))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _insert(row: Document, identificatie: str) -> None:
    for _attempt in range(1 if identificatie else TRIES):
        row.identificatie = identificatie or next_number()
        try:
            # A savepoint only where another try may follow; a number that was sent ends the deed when it is taken.
            with transaction.atomic(savepoint=not identificatie):
                insert(row)
            return
        except IntegrityError as error:
            _raise_unless_taken(error)
    raise IdentificatieTaken


def _raise_unless_taken(error: IntegrityError) -> None:
    if "document_identificatie_once" not in str(error):
        raise error


def _set_content(row: Document, plan: Plan) -> None:
    """Give a document the content that the plan says; the parts of an earlier upload are of no use then."""
    if plan.does == "keep":
        return
    if row.pk is not None:
        drop_parts(row)
    stored = keep_bytes(plan.file) if plan.does == "file" else None
    row.file = stored
    row.sha256 = stored.sha256 if stored else ""
    row.bestandsomvang = stored.size if stored else plan.size


def _lock(row: Document, by: Caller) -> None:
    row.lock, row.locked_at, row.locked_by = secrets.token_hex(16), now(), by.actor.key


def _announce_parts(row: Document, size: int) -> None:
    """Say in which parts a file is to come: all of the same size, but for the last."""
    most = settings.DOCUMENT_PART_BYTES
    Bestandsdeel.objects.bulk_create(
        Bestandsdeel(document=row, volgnummer=number, omvang=min(most, size - (number - 1) * most))
        for number in range(1, -(-size // most) + 1)
    )


def drop_parts(row: Document) -> None:
    """Let go of the parts of an upload, with their bytes."""
    parts = Bestandsdeel.objects.filter(document=row)
    for file in parts.filter(file__isnull=False).values_list("file_id", flat=True):
        if file is not None:
            files.discard(file)
    parts.delete()


# -- Changing ------------------------------------------------------------------------------------------------------------
def change_document(
    uuid: UUID,
    body: EnkelvoudigInformatieObjectWithLockRequestBody,
    *,
    is_partial: bool,
    by: Caller,
    toelichting: str = "",
) -> str:
    """Change a document by PUT (everything) or PATCH (what was sent) to a new version; returns its JSON text.

    Raises ``Invalid`` with all that is wrong, ``NotFound`` and ``PermissionDenied``. Source: drc-001, 005-007, 009, 010.
    """
    check_may(uuid, BIJWERKEN, by)
    given = body.given if is_partial else frozenset(body.fields)
    faults: list[Fault] = []
    kind = informatieobjecttype_at(body.informatieobjecttype, faults) if "informatieobjecttype" in given else None
    with transaction.atomic():
        row = allowed_for_change(uuid, BIJWERKEN, by)
        _check_lock(row, body.lock if "lock" in body.given else None)
        before = EIO.kept(uuid)
        plan = content_plan(
            inhoud=body.inhoud, omvang=body.bestandsomvang, given=given, stored_size=row.bestandsomvang,
            biggest=settings.DOCUMENT_MAX_BYTES, faults=faults,
        )  # fmt: skip
        values = {**_stored(before), **body.values(name for name in body.fields if name in given)}
        faults += _change_faults(row, values, given, kind)
        if faults:
            raise Invalid(faults)
        kind = kind or _type_of(row)
        values["vertrouwelijkheidaanduiding"] = (
            values["vertrouwelijkheidaanduiding"] or kind.vertrouwelijkheidaanduiding
        )
        # Nor may it become what the caller may not change.
        _may_make(kind, values["vertrouwelijkheidaanduiding"], BIJWERKEN, by)
        keep_version(row)
        for name, value in columns_of(values).items():
            setattr(row, name, value)
        row.informatieobjecttype_id, row.informatieobjecttype_ref = kind.id, kind.ref
        row.identificatie = values["identificatie"] or row.identificatie
        row.bestandsnaam = plain_name(row.bestandsnaam)
        _set_content(row, plan)
        _save(row)
        if plan.does == "parts":
            _announce_parts(row, plan.size or 0)
        actie = "partial_update" if is_partial else "update"
        return _json(tell(row, actie, by=by.actor, before=before, toelichting=toelichting))


def _check_lock(row: Document, lock: str | None) -> None:
    """Raise unless the document is locked and this is the key. Source: drc-009."""
    if not row.lock:
        raise NotLocked
    if lock is None:
        raise Invalid.of(NON_FIELD, "missing-lock-id", "Dit is een verplicht veld.")
    if not same(row.lock, lock):
        raise WrongLock


def same(lock: str, sent: str) -> bool:
    """Return whether a key is the one that holds, in the same time whatever is sent."""
    return secrets.compare_digest(lock.encode(), sent.encode())


def _stored(before: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a document as it stands, as if somebody had sent them."""
    current = EnkelvoudigInformatieObjectWithLockRequestBody.check(
        {key: value for key, value in before.items() if value is not None and key != "inhoud"}, is_partial=True
    )
    return current.values()


def _type_of(row: Document) -> KnownType:
    kind = row.informatieobjecttype
    return KnownType(kind.pk, kind.uuid, kind.ref, kind.vertrouwelijkheidaanduiding, kind.concept)


def _change_faults(
    row: Document, values: Mapping[str, Any], given: Collection[str], kind: KnownType | None
) -> list[Fault]:
    told = set(given)
    if values["indicatie_gebruiksrecht"] == row.indicatie_gebruiksrecht:
        # What a document is already may stay, whatever became of the rights meanwhile.
        told.discard("indicatie_gebruiksrecht")
    return document_faults(
        values, told, concept=kind is not None and kind.concept,
        has_gebruiksrechten=Gebruiksrecht.objects.filter(document=row).exists(),
    )  # fmt: skip


def _save(row: Document) -> None:
    try:
        row.save()
    except IntegrityError as error:
        _raise_unless_taken(error)
        raise IdentificatieTaken from None


# -- Locking -------------------------------------------------------------------------------------------------------------
@transaction.atomic
def lock_document(uuid: UUID, *, by: Caller) -> str:
    """Lock a document and return the key. Raises ``AlreadyLocked``, ``NotFound`` and ``PermissionDenied``. Source: drc-009."""
    row = allowed_for_change(uuid, LOCK, by)
    if row.lock:
        raise AlreadyLocked
    return actions.lock_document(uuid, by=by.actor)


def unlock_document(uuid: UUID, *, lock: str, by: Caller) -> None:
    """Take the lock off and join the parts that came in. Without a key it takes the forced scope, and the parts go.

    Raises ``WrongLock``, ``Invalid`` (``incomplete-upload``, ``file-size``), ``NotFound`` and ``PermissionDenied``.
    Source: drc-009; BEHAVIOUR 10.3 and 10.4.
    """
    if not lock:
        _force_open(uuid, by)
        return
    with transaction.atomic():
        row = allowed_for_change(uuid, (*LOCK, *FORCED_UNLOCK), by)
        if not row.lock or not same(row.lock, lock):
            raise WrongLock
        parts = _parts_of(row)
        _check_complete(parts)
        if not parts:
            actions.unlock_document(uuid, lock=lock, by=by.actor)
            return
    joined = _joined(parts)
    try:
        _complete(uuid, lock, parts, joined, by)
    except BaseException:
        files.let_go(joined)
        raise


def _force_open(uuid: UUID, by: Caller) -> None:
    with transaction.atomic():
        row = allowed_for_change(uuid, (*LOCK, *FORCED_UNLOCK), by)
        if not row.lock:
            return
        try:
            check_may(uuid, FORCED_UNLOCK, by)
        except PermissionDenied:
            raise WrongLock from None
        if Bestandsdeel.objects.filter(document=row).exists():
            before = EIO.kept(uuid)
            drop_parts(row)
            row.bestandsomvang = 0
            row.save(update_fields=["bestandsomvang"])
            tell(row, "partial_update", by=by.actor, before=before)
        actions.unlock_document(uuid, by=by.actor, force=True)


@dataclass(frozen=True)
class _Part:
    uuid: UUID
    omvang: int
    file: UUID | None


def _parts_of(row: Document) -> list[_Part]:
    rows = Bestandsdeel.objects.filter(document=row).order_by("volgnummer").values_list("uuid", "omvang", "file_id")
    return [_Part(*one) for one in rows]


def _check_complete(parts: list[_Part]) -> None:
    if not parts or all(part.file is not None for part in parts):
        return
    if any(part.file is not None for part in parts):
        raise Invalid.of(NON_FIELD, "incomplete-upload", "Nog niet alle bestandsdelen zijn er.")
    raise Invalid.of(NON_FIELD, "file-size", "Er is inhoud aangekondigd, maar er is niets aangekomen.")


def _joined(parts: list[_Part]) -> UUID:
    """Return the file that the parts make together; a single part is that file."""
    held = [part.file for part in parts if part.file is not None]
    if len(held) == 1:
        return held[0]

    def chunks() -> Iterator[bytes]:
        for file in held:
            with files.open_stored(file) as part:
                while chunk := part.read(1 << 20):
                    yield chunk

    return files.receive(chunks(), max_bytes=sum(part.omvang for part in parts)).uuid


def _complete(uuid: UUID, lock: str, parts: list[_Part], joined: UUID, by: Caller) -> None:
    with transaction.atomic():
        row = document_for_change(uuid)
        if not same(row.lock, lock) or _parts_of(row) != parts:
            raise Invalid.of(NON_FIELD, "incomplete-upload", "De bestandsdelen zijn intussen veranderd.")
        before = EIO.kept(uuid)
        Bestandsdeel.objects.filter(document=row).delete()
        for part in parts:
            if part.file is not None and part.file != joined:
                files.discard(part.file)
        _set_content(row, Plan("file", file=joined))
        row.lock, row.locked_at, row.locked_by = "", None, ""
        row.save(update_fields=["file", "sha256", "bestandsomvang", "lock", "locked_at", "locked_by"])
        tell(row, "partial_update", by=by.actor, before=before)
        note_lock(row, "unlock", was_locked=True, by=by.actor)


# -- Parts ---------------------------------------------------------------------------------------------------------------
def take_part(uuid: UUID, content: Content | None, *, lock: str, by: Caller) -> dict[str, Any]:
    """Take in the bytes of a part, in the place of those that came before; returns its JSON.

    Raises ``Invalid`` (``file-size``), ``WrongLock``, ``NotFound`` and ``PermissionDenied``. Source: BEHAVIOUR 10.4.
    """
    document = Bestandsdeel.objects.filter(uuid=uuid).values_list("document__uuid", flat=True).first()
    if document is None:
        raise NotFound
    with transaction.atomic():
        row = allowed_for_change(document, BIJWERKEN, by)
        part = Bestandsdeel.objects.filter(uuid=uuid, document=row).first()
        if part is None:
            raise NotFound
        if not row.lock or not same(row.lock, lock):
            raise WrongLock
        if content is None:
            raise Invalid.of("inhoud", "required", "Dit veld is vereist.")
        if content.size != part.omvang:
            raise Invalid.of(NON_FIELD, "file-size", f"Dit deel telt {content.size} bytes; het zijn er {part.omvang}.")
        if part.file_id is not None:
            files.discard(part.file_id)
        part.file = keep_bytes(content.file)
        part.save(update_fields=["file"])
        actions.note_part(row, part, by=by.actor)
    return {
        "url": f"{settings.PUBLIC_URL}/{ROOT}/bestandsdelen/{part.uuid}",
        "lock": row.lock,
        "omvang": part.omvang,
        "voltooid": True,
        "volgnummer": part.volgnummer,
    }


# -- Deleting ------------------------------------------------------------------------------------------------------------
@transaction.atomic
def delete_document(uuid: UUID, *, by: Caller) -> None:
    """Remove a document with all that hangs on it. Source: drc-008.

    Raises ``PendingRelations``, ``DestroyLocked``, and ``Conflict`` while a legal hold keeps it.
    """
    row = allowed_for_change(uuid, VERWIJDEREN, by)
    if row.lock:
        raise DestroyLocked
    try:
        actions.delete_document(uuid, by=by.actor)
    except records.OnHold:
        raise Conflict("Dit document moet bewaard blijven.", code="legal-hold") from None
