"""What every deed does: lock the zaak, write the trail, tell the world."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.db import models

from stadhuis.audit import public as audit
from stadhuis.kit.api.links import link
from stadhuis.kit.api.resource import registered_for
from stadhuis.kit.rows import LockedRow, update
from stadhuis.notificaties import public as notificaties
from stadhuis.people.public import Actor
from stadhuis.records import public as records
from stadhuis.zaken.errors import ZaakIsClosed, ZaakNotFound
from stadhuis.zaken.models import Zaak, Zaakbesluit, Zaaknotitie
from stadhuis.zaken.reads import API, url_of

LOCKED_ZAAK: Final = LockedRow(Zaak, "zaaktype")
_NOT_KEPT: Final = frozenset(
    {"id", "created_at", "vertrouwelijkheid_orde", "bbox_min_x", "bbox_min_y", "bbox_max_x", "bbox_max_y"}
)
PATHS: Final = {
    "zaak": "zaken",
    "status": "statussen",
    "resultaat": "resultaten",
    "rol": "rollen",
    "zaakinformatieobject": "zaakinformatieobjecten",
    "zaakobject": "zaakobjecten",
    "zaaknotitie": "zaaknotities",
    "klantcontact": "klantcontacten",
    "zaakverzoek": "zaakverzoeken",
    "zaakcontactmoment": "zaakcontactmomenten",
}
"""Name of a resource in notifications -> its path in the API."""
ANNOUNCED: Final = frozenset(PATHS) - {"zaaknotitie"} | {"zaakeigenschap", "zaakbesluit"}
"""Resources of the channel 'zaken'. Source: BEHAVIOUR 13.2."""
FOUND_BY: Final = frozenset({"zaak", "rol", "zaakinformatieobject", "resultaat"})
"""Resources that change what the spine keeps of a zaak."""
RESULT: Final = {"create": 201, "destroy": 204}


def zaak_for_change(zaak_id: int, *, force: bool = False) -> Zaak:
    """Return the row of a zaak, locked until the end of the transaction.

    Raises ``ZaakNotFound``, and ``ZaakIsClosed`` unless ``force`` (the caller has checked the right). Source: zrc-007.
    """
    zaak = LOCKED_ZAAK.first("id", zaak_id)
    if zaak is None:
        raise ZaakNotFound(str(zaak_id))
    if zaak.is_closed and not force:
        raise ZaakIsClosed
    return zaak


def plain(row: models.Model) -> dict[str, Any]:
    """Return a row for the audit trail, as it stands in the database now: in the shape of the register's JSON.

    A BSN is not in it. What has no resource of its own yet gets the names of the standard all the same: readers of the trail
    do not know our columns. Source: BEHAVIOUR 5 (wijzigingen); Zaken API 1.7.0, ZaakNotitie and ZaakBesluit.
    """
    resource = registered_for(row._meta.db_table)
    if resource is not None:
        return resource.kept(row.uuid)  # type: ignore[attr-defined]
    if isinstance(row, Zaaknotitie):
        return {
            "url": link(API, PATHS["zaaknotitie"], row.uuid),
            "onderwerp": row.onderwerp,
            "tekst": row.tekst,
            "aangemaaktDoor": row.aangemaakt_door,
            "notitieType": row.notitie_type,
            "status": row.status,
            "aanmaakdatum": row.aanmaakdatum,
            "wijzigingsdatum": row.wijzigingsdatum,
            "gerelateerdAan": url_of(row.zaak.uuid),
        }
    if isinstance(row, Zaakbesluit):
        return {
            "url": f"{url_of(row.zaak.uuid)}/besluiten/{row.uuid}",
            "uuid": row.uuid,
            "besluit": row.besluit_url or link("besluiten/api/v1", "besluiten", row.besluit_uuid or ""),
        }
    kept = (field for field in row._meta.concrete_fields if field.name not in _NOT_KEPT)
    return {camel(field.name): getattr(row, field.attname) for field in kept}


def camel(name: str) -> str:
    """Return a name of ours as the standard writes it: ``notitie_type`` is ``notitieType``."""
    first, *others = name.split("_")
    return first + "".join(other.capitalize() for other in others)


def url_of_part(zaak: Zaak, resource: str, uuid: UUID) -> str:
    """Return the address of a zaak or of something that hangs on it."""
    if resource == "zaakeigenschap":
        return f"{url_of(zaak.uuid)}/zaakeigenschappen/{uuid}"
    if resource == "zaakbesluit":
        return f"{url_of(zaak.uuid)}/besluiten/{uuid}"
    return link(API, PATHS[resource], uuid)


def tell(
    zaak: Zaak,
    actie: str,
    resource: str,
    uuid: UUID,
    *,
    by: Actor,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Write the line in the trail of the zaak and the notification, in the transaction of the deed."""
    audit.record(
        actie, about=zaak.uuid, kind="zaak", resource=resource, resource_id=uuid, by=by, before=before, after=after,
        reason=reason, result=RESULT.get(actie, 200), weergave=zaak.identificatie, bron="zrc",
    )  # fmt: skip
    if resource in ANNOUNCED:
        notify(zaak, actie, resource, uuid)
    if resource in FOUND_BY:
        records.keep_later("zaak", zaak.uuid)


def notify(zaak: Zaak, actie: str, resource: str, uuid: UUID) -> None:
    """Queue the notification on the channel 'zaken'. Source: BEHAVIOUR 13.2."""
    notificaties.notify(
        "zaken",
        hoofd_object=url_of(zaak.uuid),
        resource=resource,
        resource_url=url_of_part(zaak, resource, uuid),
        actie=actie,
        kenmerken={
            "bronorganisatie": zaak.bronorganisatie,
            "zaaktype": link("catalogi/api/v1", "zaaktypen", zaak.zaaktype.uuid),
            "vertrouwelijkheidaanduiding": zaak.vertrouwelijkheidaanduiding,
        },
    )


def change(zaak: Zaak, *, by: Actor, reason: str = "", **columns: Any) -> None:
    """Set columns of a locked zaak, with trail and notification; nothing happens when nothing differs."""
    if all(getattr(zaak, name) == value for name, value in columns.items()):
        return
    before = plain(zaak)
    update(zaak, **columns)
    tell(zaak, "partial_update", "zaak", zaak.uuid, by=by, before=before, after=plain(zaak), reason=reason)


def keep_record(zaak: Zaak) -> None:
    """Bring the record of the zaak on the spine up to date, with what it is found by, in the transaction of the deed."""
    records.keep("zaak", zaak.uuid)
