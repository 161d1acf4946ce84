"""What zaken does when something happens below it, in the same transaction."""

from __future__ import annotations

from stadhuis.access import public as access
from stadhuis.records import public as records
from stadhuis.zaken.models import Zaak


@access.SECRECY_CHANGED.listener
def let_the_search_text_follow(fact: access.SecrecyChanged) -> None:
    """Renew what was kept of every zaak of a person whose address became secret, or is no longer: their name goes, or is back."""
    zaken = Zaak.objects.filter(rollen__person_id=fact.person_id).values_list("uuid", flat=True)
    for uuid in zaken.distinct():
        records.keep_later("zaak", uuid)
