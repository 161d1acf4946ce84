"""Removing a zaak for good."""

from __future__ import annotations

from django.db import transaction

from stadhuis.audit import public as audit
from stadhuis.documenten import public as documenten
from stadhuis.people.public import Actor
from stadhuis.records import public as records
from stadhuis.zaken.actions.common import notify, zaak_for_change
from stadhuis.zaken.errors import RelatedBesluiten
from stadhuis.zaken.models import Zaakbesluit, Zaakinformatieobject


@transaction.atomic
def delete_zaak(zaak_id: int, *, by: Actor) -> None:
    """Remove a zaak, its deelzaken, all that hangs on them, their mirrors and their audit trails. Documents stay.

    Raises ``RelatedBesluiten`` and ``records.OnHold``. Source: zrc-023.
    """
    zaak = zaak_for_change(zaak_id, force=True)
    if Zaakbesluit.objects.filter(zaak=zaak).exists():
        raise RelatedBesluiten
    for deelzaak_id in zaak.deelzaken.order_by("pk").values_list("pk", flat=True):
        delete_zaak(deelzaak_id, by=by)
    for document_id in Zaakinformatieobject.objects.filter(zaak=zaak, document__isnull=False).values_list(
        "document_id", flat=True
    ):
        documenten.unmirror(document_id, object_uuid=zaak.uuid)
    notify(zaak, "destroy", "zaak", zaak.uuid)
    records.remove("zaak", zaak.uuid)
    audit.destroy_trail(zaak.uuid, by=by)
    zaak.delete()
