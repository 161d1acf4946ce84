"""What is done to an application becomes a message, in the same transaction, whatever way it was done."""

from __future__ import annotations

from stadhuis.access import public as access
from stadhuis.autorisaties.resource import APPLICATIE
from stadhuis.notificaties import public as notificaties

_ACTIES = frozenset({"create", "update", "partial_update", "destroy"})


@access.RIGHTS_CHANGED.listener
def tell_subscribers(fact: access.RightsChanged) -> None:
    """Put a message on the channel ``autorisaties``; not for a secret, which is no part of it. Source: BEHAVIOUR 12."""
    if fact.resource != "applicatie" or fact.deed not in _ACTIES or fact.about is None:
        return
    url = APPLICATIE.url(fact.about)
    notificaties.notify(
        "autorisaties", hoofd_object=url, resource="applicatie", resource_url=url, actie=fact.deed, kenmerken={}
    )
