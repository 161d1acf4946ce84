"""What people do with besluiten: one function per deed, one transaction. Whether someone may is asked by the caller."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from stadhuis.audit import public as audit
from stadhuis.besluiten.errors import (
    BesluitNotFound,
    DatumInFuture,
    DocumentAlreadyLinked,
    DocumentTypeMismatch,
    IdentificatieTaken,
    NotPublished,
    ZaaktypeMismatch,
)
from stadhuis.besluiten.keeping import KIND
from stadhuis.besluiten.models import Besluit, Besluitinformatieobject
from stadhuis.besluiten.reads import API, besluit
from stadhuis.besluiten.records import BesluitRecord, NewBesluit
from stadhuis.besluiten.resource import BESLUIT, BESLUITINFORMATIEOBJECT
from stadhuis.besluiten.rules import last_reaction_day
from stadhuis.catalogi import public as catalogi
from stadhuis.documenten import public as documenten
from stadhuis.kit.api.links import link
from stadhuis.kit.rows import insert
from stadhuis.kit.time import today
from stadhuis.notificaties import public as notificaties
from stadhuis.people.public import Actor
from stadhuis.records import public as records
from stadhuis.zaken import public as zaken


def _next_number() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('besluiten_nummer')")
        return f"BESLUIT-{today().year}-{cursor.fetchone()[0]:07d}"


def _tell(
    row: Besluit,
    besluittype: UUID,
    actie: str,
    resource: str,
    uuid: UUID,
    *,
    by: Actor,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> None:
    audit.record(
        actie, about=row.uuid, kind="besluit", resource=resource, resource_id=uuid, by=by, before=before, after=after,
        result={"create": 201, "destroy": 204}.get(actie, 200), weergave=row.identificatie, bron="brc", reason=reason,
    )  # fmt: skip
    _notify(row, besluittype, actie, resource, uuid)


def _notify(row: Besluit, besluittype: UUID, actie: str, resource: str, uuid: UUID) -> None:
    path = "besluiten" if resource == "besluit" else "besluitinformatieobjecten"
    notificaties.notify(
        "besluiten", hoofd_object=link(API, "besluiten", row.uuid), resource=resource, resource_url=link(API, path, uuid), actie=actie,
        kenmerken={
            "verantwoordelijkeOrganisatie": row.verantwoordelijke_organisatie,
            "besluittype": link("catalogi/api/v1", "besluittypen", besluittype),
        },
    )  # fmt: skip


@transaction.atomic
def create_besluit(new: NewBesluit, *, by: Actor, force: bool = False, reason: str = "") -> BesluitRecord:
    """Record a decision; with a zaak, the zaak knows it too (zaakbesluit), a closed one only with ``force``.

    Raises ``NotPublished``, ``DatumInFuture``, ``ZaaktypeMismatch``, ``IdentificatieTaken``, ``zaken.ZaakNotFound``,
    ``zaken.ZaakIsClosed`` and ``catalogi.TypeNotFound``. Source: brc-001, 002, 006, 007.
    """
    besluittype = catalogi.besluittype(new.besluittype_id)
    if besluittype.concept:
        raise NotPublished
    if new.datum > today():
        raise DatumInFuture
    if new.zaak_id is not None:
        _check_besluittype(new.zaak_id, besluittype)
    row = Besluit(
        identificatie=new.identificatie or _next_number(),
        verantwoordelijke_organisatie=new.verantwoordelijke_organisatie or settings.TOWN_RSIN,
        besluittype_id=besluittype.id,
        besluittype_ref=besluittype.ref,
        zaak_id=new.zaak_id,
        zaak_url=new.zaak_url,
        datum=new.datum,
        toelichting=new.toelichting,
        bestuursorgaan=new.bestuursorgaan,
        ingangsdatum=new.ingangsdatum,
        vervaldatum=new.vervaldatum,
        vervalreden=new.vervalreden,
        publicatiedatum=new.publicatiedatum,
        verzenddatum=new.verzenddatum,
        uiterlijke_reactiedatum=new.uiterlijke_reactiedatum
        or (
            last_reaction_day(new.verzenddatum or new.datum, besluittype.reactietermijn)
            if new.derives_reactiedatum
            else None
        ),
    )
    try:
        with transaction.atomic():
            insert(row)
    except IntegrityError as error:
        if "besluit_identificatie_once" in str(error):
            raise IdentificatieTaken from error
        raise
    if new.zaak_id is not None:
        zaken.link_besluit(new.zaak_id, row.uuid, by=by, force=force)
    after = BESLUIT.kept(row.uuid)
    _tell(row, besluittype.uuid, "create", "besluit", row.uuid, by=by, after=after, reason=reason)
    _keep(row)
    return besluit(row.uuid)


def _keep(row: Besluit) -> None:
    """Make or renew the record of a besluit that was taken in no zaak; one of a zaak is kept with that."""
    if row.zaak_id is None:
        records.keep(KIND, row.uuid)


def _check_besluittype(zaak_id: int, besluittype: catalogi.BesluittypeRecord) -> None:
    """Refuse a besluittype that is not one of the zaaktype, by name within the catalogue. Source: brc-007."""
    zaak = zaken.zaak_by_id(zaak_id)
    zaaktype = catalogi.zaaktype_by_id(zaak.zaaktype_id, on=zaak.registratiedatum)
    if besluittype.catalogus_id != zaaktype.catalogus_id or besluittype.omschrijving not in zaaktype.besluittype_namen:
        raise ZaaktypeMismatch


@transaction.atomic
def change_besluit(
    uuid: UUID, columns: dict[str, Any], *, by: Actor, is_partial: bool = True, reason: str = ""
) -> None:
    """Set columns of a decision; its type, zaak, organisation and number never change. Raises ``BesluitNotFound``."""
    row = Besluit.objects.select_for_update(of=("self",)).select_related("besluittype").filter(uuid=uuid).first()
    if row is None:
        raise BesluitNotFound(str(uuid))
    if not columns:
        return
    before = BESLUIT.kept(uuid)
    for name, value in columns.items():
        setattr(row, name, value)
    row.save(update_fields=list(columns))
    actie = "partial_update" if is_partial else "update"
    _tell(
        row, row.besluittype.uuid, actie, "besluit", uuid, by=by, before=before, after=BESLUIT.kept(uuid), reason=reason
    )
    _keep(row)


@transaction.atomic
def link_document(besluit_id: int, document_id: int, *, by: Actor, reason: str = "") -> UUID:
    """Lay a decision down in a document; returns the uuid of the besluitinformatieobject. Mirrored in documenten.

    Raises ``DocumentTypeMismatch``, ``DocumentAlreadyLinked``, ``BesluitNotFound`` and ``documenten.DocumentNotFound``.
    Source: brc-003, 004, 005, 008.
    """
    row = Besluit.objects.select_for_update().filter(pk=besluit_id).first()
    if row is None:
        raise BesluitNotFound(str(besluit_id))
    found = documenten.documents([document_id])
    if not found:
        raise documenten.DocumentNotFound(str(document_id))
    besluittype = catalogi.besluittype(row.besluittype_id)
    if found[0].informatieobjecttype not in besluittype.informatieobjecttypen:
        raise DocumentTypeMismatch
    relation = Besluitinformatieobject(besluit=row, document_id=document_id)
    return _relate(row, besluittype.uuid, relation, by=by, reason=reason)


@transaction.atomic
def link_document_elsewhere(besluit_id: int, url: str, *, by: Actor, reason: str = "") -> UUID:
    """Lay a decision down in a document on another host; returns the uuid of the besluitinformatieobject.

    Whoever calls has asked the other host. Raises ``DocumentAlreadyLinked`` and ``BesluitNotFound``. Source: brc-003.
    """
    row = Besluit.objects.select_for_update(of=("self",)).select_related("besluittype").filter(pk=besluit_id).first()
    if row is None:
        raise BesluitNotFound(str(besluit_id))
    relation = Besluitinformatieobject(besluit=row, informatieobject_url=url)
    return _relate(row, row.besluittype.uuid, relation, by=by, reason=reason)


def _relate(row: Besluit, besluittype: UUID, relation: Besluitinformatieobject, *, by: Actor, reason: str) -> UUID:
    try:
        with transaction.atomic():
            insert(relation)
    except IntegrityError as error:
        raise DocumentAlreadyLinked from error
    if relation.document_id is not None:
        kept_with = None if row.zaak_id is None else ("zaak", zaken.zaak_by_id(row.zaak_id).uuid)
        documenten.mirror(relation.document_id, object_type="besluit", object_uuid=row.uuid, kept_with=kept_with)
    _tell(
        row, besluittype, "create", "besluitinformatieobject", relation.uuid, by=by,
        after=BESLUITINFORMATIEOBJECT.kept(relation.uuid), reason=reason,
    )  # fmt: skip
    return relation.uuid


@transaction.atomic
def unlink_document(uuid: UUID, *, by: Actor, reason: str = "") -> None:
    """Take a document off a decision, with its mirror; the document stays. Raises ``BesluitNotFound``. Source: brc-005."""
    relation = (
        Besluitinformatieobject.objects.select_for_update(of=("self",))
        .select_related("besluit__besluittype")
        .filter(uuid=uuid)
        .first()
    )
    if relation is None:
        raise BesluitNotFound(str(uuid))
    row, before = relation.besluit, BESLUITINFORMATIEOBJECT.kept(uuid)
    if relation.document_id is not None:
        documenten.unmirror(relation.document_id, object_uuid=row.uuid)
    relation.delete()
    _tell(row, row.besluittype.uuid, "destroy", "besluitinformatieobject", uuid, by=by, before=before, reason=reason)


@transaction.atomic
def delete_besluit(uuid: UUID, *, by: Actor) -> None:
    """Remove a decision with its relations, their mirrors and its audit trail; the documents stay. Source: brc-009.

    Raises ``BesluitNotFound`` and ``records.OnHold``.
    """
    row = Besluit.objects.select_for_update().filter(uuid=uuid).first()
    if row is None:
        raise BesluitNotFound(str(uuid))
    for document_id in row.besluitinformatieobjecten.filter(document__isnull=False).values_list(
        "document_id", flat=True
    ):
        documenten.unmirror(document_id, object_uuid=row.uuid)
    if row.zaak_id is not None:
        zaken.unlink_besluit(row.zaak_id, row.uuid, by=by, force=True)
    _notify(row, catalogi.besluittype(row.besluittype_id).uuid, "destroy", "besluit", row.uuid)
    records.remove(KIND, row.uuid)
    audit.destroy_trail(row.uuid, by=by)
    row.delete()


@transaction.atomic
def destroy_of_zaak(zaak_uuid: UUID, by: Actor) -> dict[str, int]:
    """Destroy the besluiten of a zaak with their trails, and the documents that belong to nothing else then."""
    return _destroy(list(Besluit.objects.filter(zaak__uuid=zaak_uuid).values_list("uuid", flat=True)), by)


@transaction.atomic
def destroy_record(uuid: UUID, by: Actor) -> dict[str, int]:
    """Destroy a loose besluit whose time has come, with the documents that belong to nothing else then."""
    return _destroy([uuid], by)


def _destroy(besluiten: list[UUID], by: Actor) -> dict[str, int]:
    documents = list(
        Besluitinformatieobject.objects.filter(besluit__uuid__in=besluiten, document__isnull=False).values_list(
            "document__uuid", flat=True
        )
    )
    for uuid in besluiten:
        delete_besluit(uuid, by=by)
        notificaties.destroy_about(uuid, by)
    gone = sum(documenten.destroy_if_unrelated(uuid, by=by) for uuid in documents if uuid is not None)
    return {"besluiten": len(besluiten), "documenten": gone}
