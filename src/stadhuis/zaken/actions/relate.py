"""Saying that another zaak matters to this one."""

from __future__ import annotations

from django.db import transaction

from stadhuis.people.public import Actor
from stadhuis.zaken.actions.common import plain, tell, zaak_for_change
from stadhuis.zaken.models import RelevanteZaak

SUBJECT = "onderwerp"
"""The other zaak is what this one is about. Source: ZGW Zaken API, aardRelatie."""


@transaction.atomic
def relate_zaak(zaak_id: int, other_id: int, *, by: Actor) -> None:
    """Say that another zaak of ours is the subject of this one. Twice is once. Raises ``ZaakIsClosed``, ``ZaakNotFound``."""
    zaak = zaak_for_change(zaak_id)
    if RelevanteZaak.objects.filter(zaak=zaak, andere_zaak_id=other_id).exists():
        return
    before = plain(zaak)
    RelevanteZaak.objects.create(zaak=zaak, andere_zaak_id=other_id, aard_relatie=SUBJECT)
    tell(zaak, "partial_update", "zaak", zaak.uuid, by=by, before=before, after=plain(zaak))
