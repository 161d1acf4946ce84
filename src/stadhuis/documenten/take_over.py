"""Taking over documents from another register: all versions with their content, and what hangs on them.

Nothing is checked that only holds for what is new; what the tables forbid stays forbidden. The key of a lock is a secret that
no register gives away: a locked document is locked here too, and opens by force (``documenten.geforceerd-unlock``).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from stadhuis.audit import public as audit
from stadhuis.documenten import shapes
from stadhuis.documenten.actions import CONTENT, keep_bytes
from stadhuis.documenten.models import Document, DocumentVersie, Gebruiksrecht, Objectinformatieobject, Verzending
from stadhuis.documenten.resource import EIO, GEBRUIKSRECHTEN, VERZENDING, document_uuid, object_at
from stadhuis.documenten.rules import plain_name
from stadhuis.kit import files
from stadhuis.kit.api.foreign import read
from stadhuis.kit.api.links import uuid_in
from stadhuis.kit.api.placed import NotHere, Placed
from stadhuis.kit.api.resource import Resource
from stadhuis.kit.api.shapes import Shape
from stadhuis.kit.database import move_beyond
from stadhuis.kit.models import StoredFile
from stadhuis.kit.time import now
from stadhuis.people.public import Actor
from stadhuis.records import public as records

KINDS: Final = ("gebruiksrechten", "verzending", "objectinformatieobject")
"""What hangs on a document; documents themselves go by ``take_over_document``."""
_GROUPS: Final = {"ondertekening": ("soort", "datum"), "integriteit": ("algoritme", "waarde", "datum")}
_ADDRESSES: Final = (
    "binnenlands_correspondentieadres",
    "buitenlands_correspondentieadres",
    "correspondentie_postadres",
)


@dataclass(frozen=True)
class Held:
    """What is here of a document: versions by number, each with the size of its content (None: no content)."""

    versions: Mapping[int, int | None]


@dataclass(frozen=True)
class TakenVersion:
    """One version as the other register has it. ``file``: content that arrived; else ``keeps_file`` keeps what is here."""

    body: Mapping[str, Any]
    file: UUID | None = None
    keeps_file: bool = False


def held(uuid: UUID) -> Held | None:
    """Return which versions of a document are here, or None when it is not."""
    row = Document.objects.filter(uuid=uuid).select_related("file").first()
    if row is None:
        return None
    older = DocumentVersie.objects.filter(document=row).values_list("versie", "file__size")
    return Held({**dict(older), row.versie: row.file.size if row.file else None})


@transaction.atomic
def take_over_document(uuid: UUID, versions: Sequence[TakenVersion], *, by: Actor, origin: str) -> Placed:
    """Place or renew a document: the versions that are new or differ, oldest first, the newest last.

    Raises ``Invalid`` for a body that cannot be read, ``NotHere`` while its type is not here, and ``LookupError`` when
    content did not arrive.
    """
    row = Document.objects.select_for_update(of=("self",)).filter(uuid=uuid).first()
    before = EIO.kept(uuid) if row is not None else None
    newest = _columns(versions[-1])
    if row is None:
        row = Document(uuid=uuid)
        move_beyond("documenten_nummer", newest["identificatie"], r"DOCUMENT-\d{4}-(\d{10})")
    elif newest["versie"] > row.versie:
        DocumentVersie.objects.get_or_create(
            document=row,
            versie=row.versie,
            defaults={name: getattr(row, name) for name in CONTENT if name != "versie"},
        )
    held_before = row.file_id
    _fill(row, newest, versions[-1])
    _lock(row, is_locked=versions[-1].body.get("locked") is True, by=by)
    row.save()
    for one in versions[:-1]:
        columns = _columns(one)
        older = DocumentVersie.objects.filter(document=row, versie=columns["versie"]).first()
        older = older or DocumentVersie(document=row)
        _fill(older, columns, one)
        older.save()
    if held_before and held_before != row.file_id and not row.versies.filter(file_id=held_before).exists():
        files.discard(held_before)
    after = EIO.kept(uuid)
    if after != before:
        audit.taken_over(
            EIO, uuid, main_uuid=uuid, before=before, after=after, by=by, origin=origin, weergave=row.identificatie
        )
        _mark_zaken(row)
    return Placed(uuid)


def _columns(version: TakenVersion) -> dict[str, Any]:
    values = read(shapes.EnkelvoudigInformatieObjectBody, version.body, also=("versie", "begin_registratie"))
    kind = _type_at(values.pop("informatieobjecttype"))
    for name, parts in _GROUPS.items():
        group = values.pop(name)
        for part in parts:
            values[f"{name}_{part}"] = getattr(group, part) if group else (None if part == "datum" else "")
    values.pop("inhoud")
    return {
        **values,
        "versie": values["versie"] or 1,
        "begin_registratie": values["begin_registratie"] or now(),
        "bestandsnaam": plain_name(values["bestandsnaam"]),
        "informatieobjecttype_id": kind[0],
        "informatieobjecttype_ref": kind[1],
        "vertrouwelijkheidaanduiding": values["vertrouwelijkheidaanduiding"] or kind[2],
    }


def _type_at(url: str) -> tuple[int, str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, ref, vertrouwelijkheidaanduiding FROM catalogi_informatieobjecttype WHERE uuid = %s",
            [uuid_in(url, "catalogi/api/v1", "informatieobjecttypen")],
        )
        row = cursor.fetchone()
    if row is None:
        raise NotHere("informatieobjecttype")
    return row[0], row[1], row[2]


def _fill(row: Document | DocumentVersie, columns: dict[str, Any], version: TakenVersion) -> None:
    """Set the columns of a version; size and hash are those of the bytes that are here, if any."""
    stored: StoredFile | None = keep_bytes(version.file) or (row.file if version.keeps_file else None)
    for name, value in columns.items():
        if isinstance(row, Document) or name in CONTENT:
            setattr(row, name, value)
    row.file = stored
    row.sha256 = stored.sha256 if stored else ""
    row.bestandsomvang = stored.size if stored else columns["bestandsomvang"]


def _lock(row: Document, *, is_locked: bool, by: Actor) -> None:
    if is_locked and not row.lock:
        row.lock, row.locked_at, row.locked_by = secrets.token_hex(16), now(), by.key
    elif not is_locked and row.lock and row.locked_by == by.key:
        row.lock, row.locked_at, row.locked_by = "", None, ""


def _mark_zaken(row: Document) -> None:
    """Have the zaken of a document found by its title as it is now."""
    for uuid in Objectinformatieobject.objects.filter(
        document=row, object_type="zaak", object_uuid__isnull=False
    ).values_list("object_uuid", flat=True):
        if uuid is not None:
            records.keep_later("zaak", uuid)


_PARTS: Final[Mapping[str, tuple[Resource, Any, type[Shape]]]] = {
    "gebruiksrechten": (GEBRUIKSRECHTEN, Gebruiksrecht, shapes.GebruiksrechtenBody),
    "verzending": (VERZENDING, Verzending, shapes.VerzendingBody),
}


@transaction.atomic
def take_over(kind: str, body: Mapping[str, Any], *, uuid: UUID, by: Actor, origin: str) -> Placed:
    """Place or renew what hangs on a document; ``kind`` is one of ``KINDS``, addresses in ``body`` are ours already.

    Raises ``Invalid`` for a body that cannot be read and ``NotHere`` while its document (or, of a relation, its object) is
    not here.
    """
    if kind == "objectinformatieobject":
        return _relation(body, uuid)
    resource, model, shape = _PARTS[kind]
    values = read(shape, body)
    document = _document(values.pop("informatieobject"))
    row = model._default_manager.select_for_update().filter(uuid=uuid).first()
    before = resource.kept(uuid) if row is not None else None
    row = row or model(uuid=uuid)
    for name, value in values.items():
        if name in _ADDRESSES:
            value = value.as_json() if value is not None else None
        setattr(row, name, "" if value is None and name in ("faxnummer", "emailadres", "telefoonnummer") else value)
    row.document = document
    row.save()
    _tell(resource, uuid, document, before, by, origin)
    return Placed(uuid)


def _document(url: str) -> Document:
    uuid = document_uuid(url)
    document = Document.objects.filter(uuid=uuid).first() if uuid else None
    if document is None:
        raise NotHere("informatieobject")
    return document


def _tell(
    resource: Resource, uuid: UUID, document: Document, before: dict[str, Any] | None, by: Actor, origin: str
) -> None:
    after = resource.kept(uuid)
    if after != before:
        audit.taken_over(
            resource, uuid, main_uuid=document.uuid, before=before, after=after, by=by, origin=origin,
            weergave=document.identificatie,
        )  # fmt: skip


def _relation(body: Mapping[str, Any], uuid: UUID) -> Placed:
    """Give the mirror of a relation the uuid it has there; that of an object elsewhere is made here.

    The mirror of a zaak or besluit of ours came with its own relation, and is no deed of its own in the trail.
    """
    values = read(shapes.ObjectInformatieObjectBody, body)
    document = _document(values["informatieobject"])
    ours = object_at(values["object"])
    if ours is None:
        row, _ = Objectinformatieobject.objects.get_or_create(
            document=document,
            object_url=values["object"],
            defaults={"uuid": uuid, "object_type": values["object_type"]},
        )
    else:
        found = Objectinformatieobject.objects.filter(document=document, object_uuid=ours[1]).first()
        if found is None:
            raise NotHere("object")
        row = found
    if row.uuid != uuid:
        row.uuid = uuid
        row.save(update_fields=["uuid"])
    return Placed(uuid)
