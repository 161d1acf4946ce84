"""Dividing the work."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stadhuis.audit import public as audit
from stadhuis.casework.actions.clock import first_deadline
from stadhuis.casework.errors import NotAllowed, ReasonMissing, UnitUnknown
from stadhuis.casework.guard import item_for_change, may, standing_in, zaak_for
from stadhuis.casework.models import Route, WorkItem
from stadhuis.catalogi import public as catalogi
from stadhuis.kit import database
from stadhuis.kit.rows import insert
from stadhuis.kit.time import now
from stadhuis.people import public as people
from stadhuis.people.public import SYSTEM, Actor
from stadhuis.records import public as records
from stadhuis.zaken import public as zaken


@transaction.atomic
def set_route(zaaktype_ref: str, unit_id: int) -> None:
    """Let a unit handle the zaken of a zaaktype from now on."""
    Route.objects.update_or_create(zaaktype_ref=zaaktype_ref, defaults={"unit_id": unit_id})


@transaction.atomic(savepoint=False)
def open_work_item(zaak_id: int, zaak_uuid: UUID) -> None:
    """Put a new zaak on the worklist of the unit that handles its zaaktype, with its deadline."""
    zaak = zaken.zaak_by_uuid(zaak_uuid, seen_by=SYSTEM)
    routes = database.rows(
        "SELECT u.id, u.code FROM casework_route r JOIN people_unit u ON u.id = r.unit_id WHERE r.zaaktype_ref = %s",
        [zaak.zaaktype_ref],
    )
    unit_id, unit_code = routes[0] if routes else (None, "")
    insert(WorkItem(zaak_id=zaak_id, unit_id=unit_id, deadline=first_deadline(zaak).date, changed_at=now()))
    if unit_id is not None:
        records.set_owner("zaak", zaak_uuid, unit_code, is_first=True)


@transaction.atomic
def close_work_item(zaak_id: int) -> None:
    """Take a closed zaak off the worklist."""
    WorkItem.objects.filter(zaak_id=zaak_id).update(is_open=False, awaits_approval=False, changed_at=now())


@transaction.atomic
def reopen_work_item(zaak_id: int) -> None:
    """Put a reopened zaak back on the worklist."""
    WorkItem.objects.filter(zaak_id=zaak_id).update(is_open=True, changed_at=now())


@transaction.atomic
def take(zaak_uuid: UUID, *, by: Actor) -> None:
    """Take a zaak in hand oneself; the first time its status becomes the second one of the zaaktype.

    Raises ``NotAllowed``, ``ZaakIsClosed``.
    """
    zaak = zaak_for(zaak_uuid, "zaak.behandelen", by=by)
    by = standing_in(by, zaak)
    _give(zaak, by.pk, by=by)
    advance(zaak, 2, by=by)


@transaction.atomic
def assign(zaak_uuid: UUID, medewerker_id: int, *, by: Actor) -> None:
    """Give a zaak to a colleague. Raises ``NotAllowed`` (also when the colleague may not handle it), ``ZaakIsClosed``."""
    zaak = zaak_for(zaak_uuid, "zaak.verdelen", by=by)
    if not may(people.medewerker(medewerker_id).actor(), "zaak.behandelen", zaak):
        raise NotAllowed
    _give(zaak, medewerker_id, by=by)


@transaction.atomic
def release(zaak_uuid: UUID, *, by: Actor) -> None:
    """Put a zaak back in the list of the unit. Raises ``NotAllowed``, ``ZaakIsClosed``."""
    zaak = zaak_for(zaak_uuid, "zaak.behandelen", by=by)
    by = standing_in(by, zaak)
    _give(zaak, None, by=by)


@transaction.atomic
def hand_back(zaak_uuid: UUID, *, by: Actor) -> None:
    """Put a zaak back that whoever handles it may not even see any more; only one's own. Raises ``NotAllowed``."""
    zaak = zaken.zaak_by_uuid(zaak_uuid, seen_by=SYSTEM)
    if by.pk is None or item_for_change(zaak.id).handler_id != by.pk:
        raise NotAllowed
    _give(zaak, None, by=by)


def _give(zaak: zaken.ZaakRecord, medewerker_id: int | None, *, by: Actor) -> None:
    item = item_for_change(zaak.id)
    before, item.handler_id, item.changed_at = item.handler_id, medewerker_id, now()
    item.save(update_fields=["handler", "changed_at"])
    audit.record(
        "zaak toegewezen" if medewerker_id else "zaak teruggelegd",
        about=zaak.uuid,
        kind="zaak",
        resource="behandelaar",
        resource_id=zaak.uuid,
        by=by,
        before={"medewerker": before},
        after={"medewerker": medewerker_id},
    )


@transaction.atomic
def hand_to_unit(zaak_uuid: UUID, unit_id: int, *, reason: str, by: Actor) -> None:
    """Let a zaak lie with another unit: what is granted for a unit counts for the other one at once.

    The handler keeps it where the own grants still reach; else it lies free on the list of the other unit. Raises
    ``NotAllowed``, ``ZaakIsClosed``, ``UnitUnknown``, ``ReasonMissing``; the same unit is nothing.
    """
    zaak = zaak_for(zaak_uuid, "zaak.verdelen", by=by)
    unit = next((one for one in people.units() if one.id == unit_id), None)
    if unit is None:
        raise UnitUnknown
    if not reason.strip():
        raise ReasonMissing(_("Schrijf waarom de zaak naar een ander team gaat."))
    item = item_for_change(zaak.id)
    if item.unit_id == unit_id:
        return
    was = people.unit_code(item.unit_id) if item.unit_id is not None else None
    item.unit_id, item.changed_at = unit_id, now()
    item.save(update_fields=["unit", "changed_at"])
    records.set_owner("zaak", zaak.uuid, unit.code)
    audit.record(
        "zaak overgedragen", about=zaak.uuid, kind="zaak", resource="onderdeel", resource_id=zaak.uuid, by=by,
        reason=reason.strip()[:500], before={"onderdeel": was}, after={"onderdeel": unit.code},
    )  # fmt: skip
    if item.handler_id is not None and not may(people.medewerker(item.handler_id).actor(), "zaak.behandelen", zaak):
        _give(zaak, None, by=by)


@transaction.atomic
def hand_on(medewerker_id: int, successor_id: int | None) -> int:
    """Give the open zaken of who left to a successor who may handle them, or back to the unit; returns how many."""
    successor = people.medewerker(successor_id).actor() if successor_id is not None else None
    items = list(WorkItem.objects.select_for_update().filter(handler_id=medewerker_id, is_open=True).order_by("pk"))
    for item in items:
        zaak = zaken.zaak_by_id(item.zaak_id)
        goes_on = successor is not None and successor.pk is not None and may(successor, "zaak.behandelen", zaak)
        _give(zaak, successor.pk if successor is not None and goes_on else None, by=SYSTEM)
    return len(items)


@transaction.atomic
def move_to_unit(unit_id: int, into_id: int) -> int:
    """Let another unit handle what this one handled: routes and open zaken; returns how many zaken."""
    Route.objects.filter(unit_id=unit_id).update(unit_id=into_id)
    return WorkItem.objects.filter(unit_id=unit_id, is_open=True).update(unit_id=into_id, changed_at=now())


def advance(zaak: zaken.ZaakRecord, volgnummer: int, *, by: Actor) -> None:
    """Set the status with this volgnummer, unless the zaak is already there or further, or it is the end."""
    zaaktype = catalogi.zaaktype_by_id(zaak.zaaktype_id)
    for statustype in zaaktype.statustypen:
        if statustype.volgnummer == volgnummer and not statustype.is_eindstatus and zaak.status_volgnummer < volgnummer:
            zaken.add_status(zaak.id, statustype.id, by=by)


@transaction.atomic
def add_note(zaak_uuid: UUID, tekst: str, *, by: Actor) -> None:
    """Write an internal note in a zaak. Raises ``NotAllowed``, ``ZaakIsClosed``."""
    zaak = zaak_for(zaak_uuid, "zaak.behandelen", by=by)
    by = standing_in(by, zaak)
    zaken.add_note(zaak.id, tekst, by=by)
