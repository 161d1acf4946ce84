"""What zaken does when something happens below it, in the same transaction."""

from __future__ import annotations

from stadhuis.access import public as access
from stadhuis.documenten import public as documenten
from stadhuis.records import public as records
from stadhuis.zaken.models import Zaak, Zaakinformatieobject


@access.SECRECY_CHANGED.listener
def let_the_search_text_follow(fact: access.SecrecyChanged) -> None:
    """Renew what was kept of every zaak of a person whose address became secret, or is no longer: their name goes, or is back."""
    zaken = Zaak.objects.filter(rollen__person_id=fact.person_id).values_list("uuid", flat=True)
    for uuid in zaken.distinct():
        records.keep_later("zaak", uuid)


@documenten.DOCUMENT_OPENED.listener
def write_in_the_ledger_of_the_zaak(fact: documenten.DocumentOpened) -> None:
    """A document that other software opened stands in the ledger of each of its zaken, as one that staff opened."""
    zaken = Zaakinformatieobject.objects.filter(document__uuid=fact.uuid).values_list("zaak__uuid", flat=True)
    for uuid in zaken:
        records.opened("zaak", uuid, by=fact.by, what="document")
