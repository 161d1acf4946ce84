"""Questions about documents. Each is one statement, as seen by someone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, BinaryIO, Final
from uuid import UUID

from django.db import connection

from stadhuis.access import public as access
from stadhuis.documenten.errors import DocumentNotFound
from stadhuis.documenten.records import DocumentRecord
from stadhuis.kit import files
from stadhuis.kit.api.links import link
from stadhuis.people.public import SYSTEM, Actor

API: Final = "documenten/api/v1"
COLUMNS: Final = """d.id, d.uuid, d.identificatie, d.bronorganisatie, d.titel, d.auteur, d.bestandsnaam, d.formaat,
    d.bestandsomvang, d.sha256, d.file_id, d.versie, d.begin_registratie, d.creatiedatum, d.ontvangstdatum,
    d.verzenddatum, d.status, d.beschrijving, d.informatieobjecttype_id, t.omschrijving, d.informatieobjecttype_ref,
    d.vertrouwelijkheidaanduiding, d.vertrouwelijkheid_orde, d.tonen_aan_initiator, d.indicatie_gebruiksrecht,
    d.lock <> ''"""
_FROM: Final = """FROM documenten_document d
    JOIN catalogi_informatieobjecttype t ON t.id = d.informatieobjecttype_id"""


def _record(row: tuple[Any, ...]) -> DocumentRecord:
    return DocumentRecord(row[0], row[1], link(API, "enkelvoudiginformatieobjecten", row[1]), *row[2:])


def _documents(where: str, params: list[Any], *, seen_by: Actor) -> list[DocumentRecord]:
    condition = access.predicate(seen_by, "document.lezen", kind="document", alias="d")
    all_params: list[Any] = [*params, *condition.params]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {COLUMNS} {_FROM} WHERE {where} AND {condition.sql} ORDER BY d.id",
            all_params,
        )
        return [_record(row) for row in cursor.fetchall()]


def document(uuid: UUID, *, seen_by: Actor = SYSTEM) -> DocumentRecord:
    """Return a document. Raises ``DocumentNotFound``, also when ``seen_by`` may not see it."""
    found = _documents("d.uuid = %s", [uuid], seen_by=seen_by)
    if not found:
        raise DocumentNotFound(str(uuid))
    return found[0]


def documents(ids: Iterable[int], *, seen_by: Actor = SYSTEM) -> list[DocumentRecord]:
    """Return the documents with these ids that ``seen_by`` may see, by id."""
    return _documents("d.id = ANY(%s)", [list(ids)], seen_by=seen_by)


def open_document(uuid: UUID, *, seen_by: Actor = SYSTEM) -> BinaryIO:
    """Return the bytes of the newest version. Raises ``DocumentNotFound`` (also without content or without the right)."""
    found = document(uuid, seen_by=seen_by)
    if found.file is None:
        raise DocumentNotFound(str(uuid))
    return files.open_stored(found.file)
