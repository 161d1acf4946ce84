"""May this member of staff do this with this zaak?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from stadhuis.access import public as access
from stadhuis.casework.errors import NotAllowed, ZaakIsClosed
from stadhuis.casework.models import WorkItem
from stadhuis.people import public as people
from stadhuis.people.public import Actor
from stadhuis.zaken import public as zaken


def may(actor: Actor, action: str, zaak: zaken.ZaakRecord) -> bool:
    """Return whether someone may do an action with this zaak."""
    return access.may(actor, action, zaaktype_ref=zaak.zaaktype_ref, level=zaak.vertrouwelijkheid_orde, zaak_id=zaak.id)


def who_may(medewerkers: Iterable[int], action: str, zaak: zaken.ZaakRecord) -> frozenset[int]:
    """Return who of these members of staff may do an action with this zaak: what ``may`` says of each, in two statements."""
    return access.who_may(
        medewerkers, action, zaaktype_ref=zaak.zaaktype_ref, level=zaak.vertrouwelijkheid_orde, zaak_id=zaak.id
    )


def zaak_for(uuid: UUID, action: str, *, by: Actor) -> zaken.ZaakRecord:
    """Return an open zaak on which ``by`` may do ``action``. Raises ``ZaakNotFound``, ``NotAllowed``, ``ZaakIsClosed``."""
    zaak = zaken.zaak_by_uuid(uuid, seen_by=by)
    if not may(by, action, zaak):
        raise NotAllowed
    if zaak.einddatum is not None:
        raise ZaakIsClosed
    return zaak


def item_for_change(zaak_id: int) -> WorkItem:
    """Return the work item of a zaak, locked until the end of the transaction."""
    return WorkItem.objects.select_for_update().get(zaak_id=zaak_id)


def standing_in(by: Actor, zaak: zaken.ZaakRecord) -> Actor:
    """Return who does something, and for whom when they stand in for the absent handler of this zaak.

    Standing in gives no rights: what the replacement may do was asked before, by their own roles. The deed says who did it for whom.
    """
    if by.kind != "staff" or by.pk is None or by.acting_for is not None:
        return by
    handler = (
        WorkItem.objects.filter(zaak_id=zaak.id).exclude(handler_id=by.pk).values_list("handler_id", flat=True).first()
    )
    if handler is None:
        return by
    for absence in people.replaced_by(by.pk):
        if absence.medewerker_id == handler:
            mandate = (("basis", "vervanging"), ("tot en met", absence.last_day.isoformat()))
            return replace(by, acting_for=absence.absent(), mandate=mandate)
    return by
