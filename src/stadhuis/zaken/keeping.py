"""What the spine keeps of a zaak, and how a zaak is destroyed. Registered with records at start-up."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from stadhuis.documenten import public as documenten
from stadhuis.kit import database
from stadhuis.people.public import Actor
from stadhuis.records import public as records
from stadhuis.zaken.actions.common import LOCKED_ZAAK, change
from stadhuis.zaken.actions.delete import delete_zaak
from stadhuis.zaken.errors import ZaakNotFound
from stadhuis.zaken.models import Zaak, Zaakinformatieobject
from stadhuis.zaken.reads import url_of
from stadhuis.zaken.secrecy import hidden_from_search

KIND: Final = "zaak"
_SOURCE: Final = """
    SELECT z.uuid, z.identificatie, z.registratiedatum, z.zaaktype_ref, z.vertrouwelijkheid_orde,
           CASE WHEN z.einddatum IS NULL THEN z.selectielijstklasse
                ELSE COALESCE(NULLIF(z.selectielijstklasse, ''), rt.selectielijstklasse, '') END,
           COALESCE(z.archiefnominatie, ''),
           CASE WHEN z.einddatum IS NULL THEN ''
                ELSE COALESCE((SELECT c.termijn FROM records_retentionclass c WHERE c.code = z.selectielijstklasse),
                              rt.archiefactietermijn, '') END,
           z.startdatum_bewaartermijn, z.archiefactiedatum, t.omschrijving, z.omschrijving, z.toelichting,
           (SELECT json_agg(json_build_array(r.naam, r.person_id) ORDER BY r.id)
              FROM zaken_rol r WHERE r.zaak_id = z.id AND r.naam <> '')::text,
           (SELECT json_agg(COALESCE(NULLIF(k.titel, ''), d.titel) ORDER BY k.id) FROM zaken_zaakinformatieobject k
              JOIN documenten_document d ON d.id = k.document_id
             WHERE k.zaak_id = z.id AND d.vertrouwelijkheid_orde <= z.vertrouwelijkheid_orde)::text,
           (SELECT json_agg(m.kenmerk ORDER BY m.id) FROM zaken_zaakkenmerk m WHERE m.zaak_id = z.id)::text
      FROM zaken_zaak z JOIN catalogi_zaaktype t ON t.id = z.zaaktype_id
      LEFT JOIN zaken_resultaat s ON s.zaak_id = z.id
      LEFT JOIN catalogi_resultaattype rt ON rt.id = s.resultaattype_id
     WHERE z.uuid {those}
"""
"""One statement for any number of zaken. A document above the level of its zaak is not named: who finds the zaak may not
see that document. Addresses and BSNs are never in it."""


def snapshots(uuids: Sequence[UUID]) -> dict[UUID, records.Snapshot]:
    """Return what the spine keeps of these zaken."""
    those, value = database.one_or_many(uuids)
    rows = database.rows(_SOURCE.format(those=those), [value])
    parties = {row[0]: _list(row[13]) for row in rows}
    persons = sorted({person for named in parties.values() for _, person in named if person is not None})
    secret = {person for answer in records.SECRET_PERSONS.ask(persons) for person in answer} if persons else set()
    return {row[0]: _snapshot(row, parties[row[0]], secret) for row in rows}


def _list(text: str | None) -> list[Any]:
    found: list[Any] = json.loads(text) if text else []
    return found


def _snapshot(row: tuple[Any, ...], parties: list[Any], secret: set[int]) -> records.Snapshot:
    (_, number, created, ref, level, klasse, nominatie, termijn, brondatum, destroy_on, zaaktype, omschrijving,
     toelichting, _, titles, kenmerken) = row  # fmt: skip
    names = list(dict.fromkeys(naam for naam, person in parties if person not in secret))
    return records.Snapshot(
        number=number, owner="zaken", created=created, zaaktype_ref=ref, level=level, retention_class=klasse,
        nominatie=nominatie, termijn=termijn, brondatum=brondatum, destroy_on=destroy_on,
        parts=(
            records.Part("nummer", number, "A"),
            records.Part("zaaktype", zaaktype, "B"),
            records.Part("omschrijving", omschrijving, "A"),
            records.Part("toelichting", toelichting, "C"),
            *(records.Part("betrokkene", naam, "A") for naam in names),
            *(records.Part("document", title, "B") for title in _list(titles)),
            *(records.Part("kenmerk", kenmerk, "B") for kenmerk in _list(kenmerken)),
        ),
    )  # fmt: skip


def after(uuid: UUID | None, limit: int) -> list[UUID]:
    """Return the next zaken in order of uuid."""
    rows = Zaak.objects.order_by("uuid").values_list("uuid", flat=True)
    return list((rows.filter(uuid__gt=uuid) if uuid else rows)[:limit])


def components(uuid: UUID) -> list[UUID]:
    """Return the deelzaken of a zaak: they go when it goes."""
    return list(Zaak.objects.filter(hoofdzaak__uuid=uuid).order_by("pk").values_list("uuid", flat=True))


def reclassify(uuid: UUID, code: str, nominatie: str, destroy_on: date | None, by: Actor, reason: str) -> None:
    """Give a zaak another class of the selectielijst, with what follows from it. Raises ``ZaakNotFound``."""
    zaak = LOCKED_ZAAK.first("uuid", uuid)
    if zaak is None:
        raise ZaakNotFound(str(uuid))
    change(
        zaak, by=by, reason=reason, selectielijstklasse=code, archiefnominatie=nominatie, archiefactiedatum=destroy_on
    )


@transaction.atomic
def destroy(uuid: UUID, by: Actor) -> Mapping[str, int]:
    """Destroy a zaak with its documents, their files and all trails; returns how many documents went and how many stay.

    A document that another zaak or besluit refers to stays. Besluiten and deelzaken went before (their rooms and records
    see to that). Source: Archiefwet 1995 art. 5; ZGW zrc-023.
    """
    zaak_id = Zaak.objects.filter(uuid=uuid).values_list("pk", flat=True).first()
    if zaak_id is None:
        return {}
    documents = list(
        Zaakinformatieobject.objects.filter(zaak_id=zaak_id, document__isnull=False).values_list(
            "document__uuid", flat=True
        )
    )
    delete_zaak(zaak_id, by=by)
    gone = sum(documenten.destroy_if_unrelated(document, by=by) for document in documents if document is not None)
    return {"documenten": gone, "documenten_elders": len(documents) - gone}


def register() -> None:
    """Tell records what a zaak is."""
    records.register_kind(
        KIND, "Zaak", url_of, source=snapshots, after=after, reclassify=reclassify, components=components
    )
    records.register_hidden(KIND, hidden_from_search)
    records.register_destroyer(KIND, "zaken", destroy)
