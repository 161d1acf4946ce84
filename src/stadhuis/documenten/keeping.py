"""What the spine keeps of a loose document: one that belongs to no zaak and no besluit. Registered with records at start-up.

A document of a zaak or besluit is kept, found and destroyed with that; it has no record of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from django.db import connection

from stadhuis.documenten.errors import DocumentNotFound
from stadhuis.documenten.models import Bewaring, Document, Objectinformatieobject
from stadhuis.documenten.reads import API
from stadhuis.kit import database
from stadhuis.kit.api.links import link
from stadhuis.people.public import Actor
from stadhuis.records import public as records

KIND: Final = "document"
_LOOSE: Final = """(NOT EXISTS (SELECT 1 FROM documenten_objectinformatieobject o WHERE o.document_id = d.id)
    OR EXISTS (SELECT 1 FROM records_record r JOIN records_hold h ON h.record_id = r.id AND h.lifted_at IS NULL
                WHERE r.kind = 'document' AND r.object_uuid = d.uuid))"""
"""What is on hold by itself stays by itself, whatever it is made part of meanwhile."""
_SOURCE: Final = f"""
    SELECT d.uuid, d.identificatie, d.creatiedatum, d.informatieobjecttype_ref, d.vertrouwelijkheid_orde,
           COALESCE(b.selectielijstklasse, ''), COALESCE(b.archiefnominatie, ''), COALESCE(b.archiefactietermijn, ''),
           COALESCE(d.verzenddatum, d.ontvangstdatum, d.creatiedatum), d.titel, t.omschrijving, d.beschrijving, d.trefwoorden,
           COALESCE((SELECT u.code FROM records_record o JOIN people_unit u ON u.code = o.owner_unit
                      WHERE o.kind = 'document' AND o.object_uuid = d.uuid), 'documenten')
      FROM documenten_document d JOIN catalogi_informatieobjecttype t ON t.id = d.informatieobjecttype_id
      LEFT JOIN documenten_bewaring b ON b.document_id = d.id
     WHERE d.uuid {{those}} AND {_LOOSE}
"""


def snapshots(uuids: Sequence[UUID]) -> dict[UUID, records.Snapshot]:
    """Return what the spine keeps of those of these documents that are loose. One statement.

    The unit it was handed over to goes on owning it; at first it is the room's. The retention
    period starts on the day on which a document was sent, received or made; how long, an archivist says.
    """
    those, value = database.one_or_many(uuids)
    rows = database.rows(_SOURCE.format(those=those), [value])
    return {
        uuid: records.Snapshot(
            number=number, owner=owner, created=created, zaaktype_ref=ref, level=level, retention_class=klasse,
            nominatie=nominatie, termijn=termijn, brondatum=brondatum,
            parts=(
                records.Part("nummer", number, "A"),
                records.Part("titel", titel, "A"),
                records.Part("soort", soort, "B"),
                records.Part("toelichting", beschrijving, "C"),
                *(records.Part("kenmerk", trefwoord, "B") for trefwoord in trefwoorden),
            ),
        )
        for (uuid, number, created, ref, level, klasse, nominatie, termijn, brondatum, titel, soort, beschrijving,
             trefwoorden, owner) in rows
    }  # fmt: skip


def after(uuid: UUID | None, limit: int) -> list[UUID]:
    """Return the next loose documents in order of uuid."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT d.uuid FROM documenten_document d WHERE (%(after)s::uuid IS NULL OR d.uuid > %(after)s::uuid)"
            f" AND {_LOOSE} ORDER BY d.uuid LIMIT %(limit)s",
            {"after": uuid, "limit": limit},
        )
        return [row[0] for row in cursor.fetchall()]


def follow(uuids: list[UUID]) -> None:
    """Make or renew the records of documents that were made, changed or let go of; what is not loose gets none."""
    records.keep(KIND, *dict.fromkeys(uuids))


def is_loose(uuid: UUID) -> bool:
    """Return whether a document belongs to no zaak and no besluit."""
    return not Objectinformatieobject.objects.filter(document__uuid=uuid).exists()


def reclassify(uuid: UUID, code: str, nominatie: str, destroy_on: date | None, by: Actor, reason: str) -> None:
    """Note the class of the selectielijst under which a loose document falls. Raises ``DocumentNotFound``."""
    document_id = Document.objects.filter(uuid=uuid).values_list("pk", flat=True).first()
    if document_id is None:
        raise DocumentNotFound(str(uuid))
    termijn = next((one.termijn for one in records.classes() if one.code == code), "")
    Bewaring.objects.update_or_create(
        document_id=document_id,
        defaults={
            "selectielijstklasse": code,
            "archiefnominatie": nominatie,
            "archiefactietermijn": termijn,
        },
    )


def register() -> None:
    """Tell records what a loose document is."""
    records.register_kind(
        KIND, "Document", lambda uuid: link(API, "enkelvoudiginformatieobjecten", uuid), guard="document",
        action="document.lezen", source=snapshots, after=after, reclassify=reclassify,
    )  # fmt: skip
