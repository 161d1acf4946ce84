"""What the spine keeps of a loose besluit: one that was taken in no zaak. Registered with records at start-up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from django.db import connection

from stadhuis.besluiten.errors import BesluitNotFound
from stadhuis.besluiten.models import Besluit, Bewaring
from stadhuis.besluiten.reads import API
from stadhuis.kit.api.links import link
from stadhuis.people.public import Actor
from stadhuis.records import public as records

KIND: Final = "besluit"
_LOOSE: Final = "b.zaak_id IS NULL AND b.zaak_url = ''"
_SOURCE: Final = f"""
    SELECT b.uuid, b.identificatie, b.datum, b.besluittype_ref, COALESCE(k.selectielijstklasse, ''),
           COALESCE(k.archiefnominatie, ''), COALESCE(k.archiefactietermijn, ''), b.vervaldatum, t.omschrijving,
           b.toelichting, b.bestuursorgaan,
           COALESCE((SELECT u.code FROM records_record o JOIN people_unit u ON u.code = o.owner_unit
                      WHERE o.kind = 'besluit' AND o.object_uuid = b.uuid), 'besluiten')
      FROM besluiten_besluit b JOIN catalogi_besluittype t ON t.id = b.besluittype_id
      LEFT JOIN besluiten_bewaring k ON k.besluit_id = b.id
     WHERE b.uuid = ANY(%s) AND {_LOOSE}
"""


def snapshots(uuids: Sequence[UUID]) -> dict[UUID, records.Snapshot]:
    """Return what the spine keeps of those of these besluiten that were taken in no zaak. One statement.

    The unit it was handed over to goes on owning it; at first it is the room's. The retention
    period starts when a besluit lapses: as long as it holds, nothing of it goes.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SOURCE, [list(uuids)])
        rows = cursor.fetchall()
    return {
        uuid: records.Snapshot(
            number=number, owner=owner, created=datum, zaaktype_ref=ref, level=1, retention_class=klasse,
            nominatie=nominatie, termijn=termijn, brondatum=vervaldatum,
            parts=(
                records.Part("nummer", number, "A"),
                records.Part("soort", soort, "A"),
                records.Part("toelichting", toelichting, "C"),
                records.Part("bestuursorgaan", bestuursorgaan, "C"),
            ),
        )
        for (uuid, number, datum, ref, klasse, nominatie, termijn, vervaldatum, soort, toelichting, bestuursorgaan,
             owner) in rows
    }  # fmt: skip


def after(uuid: UUID | None, limit: int) -> list[UUID]:
    """Return the next loose besluiten in order of uuid."""
    rows = Besluit.objects.filter(zaak__isnull=True, zaak_url="").order_by("uuid").values_list("uuid", flat=True)
    return list((rows.filter(uuid__gt=uuid) if uuid else rows)[:limit])


def reclassify(uuid: UUID, code: str, nominatie: str, destroy_on: date | None, by: Actor, reason: str) -> None:
    """Note the class of the selectielijst under which a loose besluit falls. Raises ``BesluitNotFound``."""
    besluit_id = Besluit.objects.filter(uuid=uuid).values_list("pk", flat=True).first()
    if besluit_id is None:
        raise BesluitNotFound(str(uuid))
    termijn = next((one.termijn for one in records.classes() if one.code == code), "")
    Bewaring.objects.update_or_create(
        besluit_id=besluit_id,
        defaults={
            "selectielijstklasse": code,
            "archiefnominatie": nominatie,
            "archiefactietermijn": termijn,
        },
    )


def register() -> None:
    """Tell records what a loose besluit is."""
    records.register_kind(
        KIND, "Besluit", lambda uuid: link(API, "besluiten", uuid), guard="besluit", action="besluit.lezen",
        source=snapshots, after=after, reclassify=reclassify,
    )  # fmt: skip
