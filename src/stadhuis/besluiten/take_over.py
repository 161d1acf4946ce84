"""Taking over decisions from another register, with the documents that lay them down.

Nothing is checked that only holds for what is new; what the tables forbid stays forbidden.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from stadhuis.audit import public as audit
from stadhuis.besluiten.models import Besluit, Besluitinformatieobject
from stadhuis.besluiten.resource import BESLUIT, BESLUITINFORMATIEOBJECT, DOCUMENTEN, ZAKEN
from stadhuis.besluiten.shapes import BesluitBody, BesluitInformatieObjectBody
from stadhuis.catalogi import public as catalogi
from stadhuis.documenten import public as documenten
from stadhuis.kit.api.foreign import read
from stadhuis.kit.api.links import own_path, uuid_in
from stadhuis.kit.api.placed import NotHere, Occupied, Placed
from stadhuis.kit.api.resource import Resource
from stadhuis.kit.database import move_beyond
from stadhuis.people.public import SYSTEM, Actor
from stadhuis.zaken import public as zaken

KINDS: Final = ("besluit", "besluitinformatieobject")


@transaction.atomic
def take_over(kind: str, body: Mapping[str, Any], *, uuid: UUID, by: Actor, origin: str) -> Placed:
    """Place or renew a decision or one of its documents; addresses in ``body`` are ours already.

    ``kind`` is one of ``KINDS``. Raises ``Invalid`` for a body that cannot be read, ``NotHere`` while what it refers to is not
    here, and ``Occupied`` when another decision of ours has that number.
    """
    return _besluit(body, uuid, by, origin) if kind == "besluit" else _document(body, uuid, by, origin)


def _besluit(body: Mapping[str, Any], uuid: UUID, by: Actor, origin: str) -> Placed:
    values = read(BesluitBody, body)
    besluittype = catalogi.ref_of(values.pop("besluittype"))
    if besluittype is None:
        raise NotHere("besluittype")
    url = values.pop("zaak") or ""
    zaak_id = None
    if own_path(url) is not None:
        zaak_uuid = uuid_in(url, ZAKEN, "zaken")
        with suppress(zaken.ZaakNotFound):
            zaak_id = zaken.zaak_by_uuid(zaak_uuid, seen_by=SYSTEM).id if zaak_uuid else None
        if zaak_id is None:
            raise NotHere("zaak")
    row = Besluit.objects.select_for_update(of=("self",)).filter(uuid=uuid).first()
    before = BESLUIT.kept(uuid) if row is not None else None
    if row is None:
        names = ("identificatie", "verantwoordelijke_organisatie")
        if Besluit.objects.filter(**{name: values[name] for name in names}).exists():
            raise Occupied("another besluit of ours has this identificatie (brc-002)")
        row = Besluit(uuid=uuid)
        move_beyond("besluiten_nummer", values["identificatie"], r"BESLUIT-\d{4}-(\d{7})")
    elif row.zaak_id is not None and row.zaak_id != zaak_id:
        zaken.unlink_besluit(row.zaak_id, uuid, by=by, force=True)
    for name, value in values.items():
        setattr(row, name, value)
    row.besluittype_id, row.besluittype_ref = besluittype.id, besluittype.ref
    row.zaak_id, row.zaak_url = zaak_id, "" if zaak_id else url
    row.save()
    if zaak_id is not None:
        zaken.mirror_besluit(zaak_id, uuid)
    _tell(BESLUIT, uuid, row, before, by, origin)
    return Placed(uuid)


def _tell(resource: Resource, uuid: UUID, row: Besluit, before: dict[str, Any] | None, by: Actor, origin: str) -> None:
    after = resource.kept(uuid)
    if after != before:
        audit.taken_over(
            resource, uuid, main_uuid=row.uuid, before=before, after=after, by=by, origin=origin,
            weergave=row.identificatie,
        )  # fmt: skip


def _document(body: Mapping[str, Any], uuid: UUID, by: Actor, origin: str) -> Placed:
    values = read(BesluitInformatieObjectBody, body)
    besluit_uuid = BESLUIT.uuid_of(values["besluit"])
    besluit = Besluit.objects.filter(uuid=besluit_uuid).first() if besluit_uuid else None
    if besluit is None:
        raise NotHere("besluit")
    url, document_id = values["informatieobject"], None
    if own_path(url) is not None:
        document_uuid = uuid_in(url, DOCUMENTEN, "enkelvoudiginformatieobjecten")
        with suppress(documenten.DocumentNotFound):
            document_id = documenten.document(document_uuid).id if document_uuid else None
        if document_id is None:
            raise NotHere("informatieobject")
    rows = Besluitinformatieobject.objects.select_for_update(of=("self",)).filter(besluit=besluit)
    same = rows.filter(informatieobject_url=url) if document_id is None else rows.filter(document_id=document_id)
    row = Besluitinformatieobject.objects.select_for_update(of=("self",)).filter(uuid=uuid).first() or same.first()
    before = BESLUITINFORMATIEOBJECT.kept(row.uuid) if row is not None else None
    row = row or Besluitinformatieobject()
    row.uuid, row.besluit, row.document_id = uuid, besluit, document_id
    row.informatieobject_url = "" if document_id else url
    row.save()
    if document_id is not None:
        documenten.mirror(document_id, object_type="besluit", object_uuid=besluit.uuid)
    _tell(BESLUITINFORMATIEOBJECT, uuid, besluit, before, by, origin)
    return Placed(uuid)
