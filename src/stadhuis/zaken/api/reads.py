"""What the deeds of the Zaken API ask of the registers below: one statement each."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import connection


@dataclass(frozen=True)
class KnownDocument:
    """What the rules ask of a document."""

    id: int
    informatieobjecttype: UUID


def document_at(uuid: UUID) -> KnownDocument | None:
    """Return a document of ours, or None."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.id, t.uuid FROM documenten_document d"
            " JOIN catalogi_informatieobjecttype t ON t.id = d.informatieobjecttype_id WHERE d.uuid = %s",
            [uuid],
        )
        row = cursor.fetchone()
    return KnownDocument(*row) if row else None


def fits_zaaktype(zaaktype_id: int, informatieobjecttype: UUID) -> bool:
    """Return whether documents of a type may belong to zaken of a zaaktype. Source: zrc-017."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM catalogi_zaaktypeinformatieobjecttype k"
            " JOIN catalogi_zaaktype t ON t.id = k.zaaktype_id"
            " JOIN catalogi_informatieobjecttype i ON i.omschrijving = k.informatieobjecttype AND i.catalogus_id = t.catalogus_id"
            " WHERE t.id = %s AND i.uuid = %s)",
            [zaaktype_id, informatieobjecttype],
        )
        return bool(cursor.fetchone()[0])
