"""Questions about besluiten. Each is one statement."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.db import connection

from stadhuis.access import public as access
from stadhuis.besluiten.errors import BesluitNotFound
from stadhuis.besluiten.records import BesluitRecord
from stadhuis.kit.api.links import link
from stadhuis.people.public import Actor
from stadhuis.zaken import public as zaken

API: Final = "besluiten/api/v1"
_BESLUIT: Final = """SELECT b.id, b.uuid, b.identificatie, b.besluittype_id, t.omschrijving, b.zaak_id, b.datum,
           b.ingangsdatum, b.vervaldatum, b.publicatiedatum, b.verzenddatum, b.uiterlijke_reactiedatum, b.toelichting,
           b.bestuursorgaan,
           ARRAY(SELECT d.uuid FROM besluiten_besluitinformatieobject k JOIN documenten_document d ON d.id = k.document_id
                  WHERE k.besluit_id = b.id ORDER BY k.id)
      FROM besluiten_besluit b JOIN catalogi_besluittype t ON t.id = b.besluittype_id"""


def _besluit(row: tuple[Any, ...]) -> BesluitRecord:
    values = [*row[:2], link(API, "besluiten", row[1]), *row[2:14], tuple(row[14])]
    return BesluitRecord(*values)


def _records(where: str, *params: Any) -> list[BesluitRecord]:
    with connection.cursor() as cursor:
        cursor.execute(f"{_BESLUIT} WHERE {where} ORDER BY b.datum DESC, b.id DESC", params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return [_besluit(row) for row in rows]


def besluit(uuid: UUID) -> BesluitRecord:
    """Return a decision. Raises ``BesluitNotFound``. Who may see it, may see its zaak: the caller has asked."""
    found = _records("b.uuid = %s", uuid)
    if not found:
        raise BesluitNotFound(str(uuid))
    return found[0]


def loose_besluit(uuid: UUID, *, seen_by: Actor) -> BesluitRecord:
    """Return a decision that was taken in no zaak. Raises ``BesluitNotFound``, also when ``seen_by`` may not see it."""
    allowed = access.predicate(seen_by, "besluit.lezen", kind="besluit", alias="b")
    found = _records(f"b.uuid = %s AND b.zaak_id IS NULL AND {allowed.sql}", uuid, *allowed.params)
    if not found:
        raise BesluitNotFound(str(uuid))
    return found[0]


def besluiten_of(zaak_id: int) -> list[BesluitRecord]:
    """Return the decisions taken in a zaak, newest first."""
    return _records("b.zaak_id = %s", zaak_id)


def summaries_of(zaak_id: int) -> list[zaken.BesluitSummary]:
    """Answer the question of zaken: which decisions were taken in this zaak."""
    return [
        zaken.BesluitSummary(
            one.uuid, one.identificatie, one.besluittype, one.datum, one.ingangsdatum, one.vervaldatum, one.toelichting
        )
        for one in besluiten_of(zaak_id)
    ]


def has_document(kind: str, uuid: UUID, document_id: int) -> bool:
    """Return whether this is a besluit that has this document. One statement. Source: drc-004."""
    if kind != "besluit":
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM besluiten_besluitinformatieobject k JOIN besluiten_besluit b ON b.id = k.besluit_id"
            " WHERE b.uuid = %s AND k.document_id = %s)",
            [uuid, document_id],
        )
        return bool(cursor.fetchone()[0])
