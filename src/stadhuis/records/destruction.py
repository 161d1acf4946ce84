"""Destroying a record whose time has come: the object, and all that any room keeps about it, in one deed.

What is left is the line on the list of destruction: number, class and day. Source: Archiefwet 1995 art. 5; Archiefbesluit
1995 art. 8 (a declaration that says what went, on which ground and how).
"""

from __future__ import annotations

import logging
from collections import Counter
from uuid import UUID

from django.db import DatabaseError, transaction

from stadhuis.audit import public as audit
from stadhuis.kit import files, jobs
from stadhuis.kit.time import now, today
from stadhuis.people.public import SYSTEM, Actor
from stadhuis.records import rules
from stadhuis.records.actions import keep, remove
from stadhuis.records.errors import NotDue, NotFound, OnHold, RecordsError
from stadhuis.records.kinds import DESTROYERS, kind_of
from stadhuis.records.models import DestructionItem, DestructionList, Hold, Record

log = logging.getLogger(__name__)
Outcome, State = DestructionItem.Outcome, DestructionList.State
HELD, NOT_DUE, OTHER_LIST = "held", "not due", "other list"
"""Why an item stayed: codes, put into words by the page."""


@transaction.atomic
def destroy(kind: str, object_uuid: UUID, *, by: Actor) -> dict[str, int]:
    """Destroy an object and everything the rooms keep about it; returns how many of what went along.

    First it is looked at anew, under lock: what the object says now decides, not what the list said. What belongs to it
    (deelzaken) goes too, and must be due too. Raises ``NotFound``, ``NotDue`` and ``OnHold``; then nothing has happened.
    """
    record = Record.objects.select_for_update().filter(kind=kind, object_uuid=object_uuid).first()
    if record is None:
        raise NotFound(f"{kind} {object_uuid}")
    keep(kind, object_uuid)
    record.refresh_from_db()
    if Hold.objects.filter(record=record, lifted_at__isnull=True).exists():
        raise OnHold(f"{kind} {object_uuid}")
    if record.nominatie != rules.DESTROY or record.destroy_on is None or record.destroy_on > today():
        raise NotDue(f"{kind} {object_uuid}")
    gone: Counter[str] = Counter()
    components = kind_of(kind).components
    for component in components(object_uuid) if components else ():
        gone.update(destroy(kind, component, by=by))
        gone["components"] += 1
    for destroyer in reversed(DESTROYERS[kind]):
        gone.update(destroyer.destroy(object_uuid, by))
    remove(kind, object_uuid)
    audit.let_go_of(object_uuid)
    jobs.forget(str(object_uuid))
    return {name: count for name, count in sorted(gone.items()) if count}


def run_approved() -> int:
    """Carry out all approved lists as far as their time has come; returns how many objects were destroyed."""
    return sum(
        run(uuid) for uuid in DestructionList.objects.filter(state=State.APPROVED).values_list("uuid", flat=True)
    )


def run(list_uuid: UUID) -> int:
    """Carry out a list: each item in a transaction of its own, so that it can be stopped and run again.

    Returns how many were destroyed. What is on hold stays, and says so; what failed is tried again the next night. When
    nothing waits any more the list is done. The bytes of the files go before this returns.
    """
    found = DestructionList.objects.filter(uuid=list_uuid, state=State.APPROVED).first()
    if found is None:
        return 0
    destroyed = 0
    waiting = found.items.filter(outcome__in=[Outcome.WAITING, Outcome.FAILED], destroy_on__lte=today())
    for item_id in list(waiting.order_by("pk").values_list("pk", flat=True)):
        destroyed += _destroy_item(item_id)
    if destroyed:
        files.sweep()
    _finish(found.pk)
    return destroyed


def _destroy_item(item_id: int) -> bool:
    try:
        with transaction.atomic():
            item = DestructionItem.objects.select_for_update().get(pk=item_id)
            if item.object_uuid is None or item.outcome not in {Outcome.WAITING, Outcome.FAILED}:
                return False
            item.parts = destroy(item.kind, item.object_uuid, by=SYSTEM)
            DestructionItem.objects.filter(object_uuid=item.object_uuid).exclude(pk=item.pk).update(
                object_uuid=None, outcome=Outcome.KEPT, reason=OTHER_LIST, done_at=now()
            )
            item.object_uuid, item.outcome, item.reason, item.done_at = None, Outcome.DESTROYED, "", now()
            item.save()
        return True
    except OnHold:
        _stays(item_id, Outcome.KEPT, HELD)
    except (NotDue, NotFound):
        _stays(item_id, Outcome.KEPT, NOT_DUE)
    except (RecordsError, DatabaseError, OSError, LookupError, ValueError) as error:
        log.exception("an item on a list of destruction failed")
        _stays(item_id, Outcome.FAILED, type(error).__name__)
    return False


def _stays(item_id: int, outcome: str, reason: str) -> None:
    DestructionItem.objects.filter(pk=item_id).update(outcome=outcome, reason=reason, done_at=now())


@transaction.atomic
def _finish(list_id: int) -> None:
    found = DestructionList.objects.select_for_update().get(pk=list_id)
    if found.state != State.APPROVED or found.items.filter(outcome__in=[Outcome.WAITING, Outcome.FAILED]).exists():
        return
    found.state, found.finished_at = State.DONE, now()
    found.save(update_fields=["state", "finished_at"])
    counts = Counter(found.items.values_list("outcome", flat=True))
    audit.record(
        "destruction_done", about=None, kind="destruction_list", resource="destruction_list", resource_id=found.uuid,
        by=SYSTEM, after={"until": found.until, "outcomes": dict(counts)}, bron="stadhuis",
    )  # fmt: skip
