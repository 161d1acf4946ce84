"""Lists of destruction: made by one person, approved by another, carried out by a job."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from stadhuis.audit import public as audit
from stadhuis.kit.jobs import queue
from stadhuis.kit.time import now, today
from stadhuis.people.public import Actor
from stadhuis.records import jobs
from stadhuis.records.errors import ListStandsFast, NotFound, NothingToDestroy, OwnList, ReasonMissing
from stadhuis.records.models import DestructionItem, DestructionList, RetentionClass
from stadhuis.records.rules import end_of_next_quarter

Outcome, State = DestructionItem.Outcome, DestructionList.State


@dataclass(frozen=True)
class ListRecord:
    """A list as a line in an overview; ``counts`` says how many items have which outcome."""

    uuid: UUID
    state: str
    until: date
    made_by: str
    made_by_label: str
    made_at: datetime
    approved_by_label: str
    approved_at: datetime | None
    finished_at: datetime | None
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """How many items there are."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class ItemRecord:
    """One line of a list: never what it was about; ``object_uuid`` is None once it is destroyed."""

    id: int
    number: str
    retention_class: str
    class_naam: str
    termijn: str
    destroy_on: date
    outcome: str
    reason: str
    done_at: datetime | None
    parts: Mapping[str, int]
    kind: str
    object_uuid: UUID | None


_FILL = """
    INSERT INTO records_destructionitem (of_list_id, kind, object_uuid, number, retention_class, destroy_on, outcome,
                                         reason, parts)
    SELECT %(list)s, r.kind, r.object_uuid, r.number, r.retention_class, r.destroy_on, 'waiting', '', '{}'
      FROM records_record r
     WHERE r.destroy_on <= %(until)s AND r.nominatie = 'vernietigen'
       AND NOT EXISTS (SELECT 1 FROM records_hold h WHERE h.record_id = r.id AND h.lifted_at IS NULL)
       AND NOT EXISTS (SELECT 1 FROM records_destructionitem i JOIN records_destructionlist l ON l.id = i.of_list_id
                        WHERE i.object_uuid = r.object_uuid AND i.kind = r.kind
                          AND l.state IN ('draft', 'approved') AND i.outcome IN ('waiting', 'failed'))
     ORDER BY r.destroy_on, r.id
"""


@transaction.atomic
def make_list(*, by: Actor, until: date | None = None) -> UUID:
    """Make the list of what may be destroyed up to the end of the coming quarter; returns its id.

    What a hold keeps and what stands on another list is left out. Raises ``NothingToDestroy``, and ``ListStandsFast`` when
    there is a draft for that period already.
    """
    until = until or end_of_next_quarter(today())
    if DestructionList.objects.select_for_update().filter(until=until, state=State.DRAFT).exists():
        raise ListStandsFast
    found = DestructionList.objects.create(until=until, made_by=by.key, made_by_label=by.label[:255], made_at=now())
    with connection.cursor() as cursor:
        cursor.execute(_FILL, {"list": found.pk, "until": until})
        count = cursor.rowcount
    if not count:
        raise NothingToDestroy
    _tell("destruction_list_made", found, by=by, items=count)
    return found.uuid


def _draft(uuid: UUID) -> DestructionList:
    found = DestructionList.objects.select_for_update().filter(uuid=uuid).first()
    if found is None:
        raise NotFound(str(uuid))
    if found.state != State.DRAFT:
        raise ListStandsFast
    return found


def _tell(action: str, found: DestructionList, *, by: Actor, reason: str = "", **after: object) -> None:
    audit.record(
        action, about=None, kind="destruction_list", resource="destruction_list", resource_id=found.uuid, by=by,
        after={"until": found.until, **after}, reason=reason, bron="stadhuis",
    )  # fmt: skip


@transaction.atomic
def exclude(uuid: UUID, item_id: int, *, reason: str, by: Actor) -> None:
    """Leave one item out of a draft, and say why. Raises ``NotFound``, ``ListStandsFast``, ``ReasonMissing``."""
    found = _draft(uuid)
    if not reason.strip():
        raise ReasonMissing
    changed = found.items.filter(pk=item_id, outcome=Outcome.WAITING).update(
        outcome=Outcome.EXCLUDED, reason=reason.strip()[:500], done_at=now()
    )
    if not changed:
        raise NotFound(str(item_id))
    _tell("destruction_item_excluded", found, by=by, reason=reason, item=item_id)


@transaction.atomic
def approve(uuid: UUID, *, by: Actor) -> None:
    """Approve a list somebody else made; a job carries it out. Raises ``OwnList``, ``NotFound``, ``ListStandsFast``."""
    found = _draft(uuid)
    if found.made_by == by.key:
        raise OwnList
    found.state, found.approved_by, found.approved_by_label, found.approved_at = (
        State.APPROVED, by.key, by.label[:255], now(),
    )  # fmt: skip
    found.save()
    _tell("destruction_list_approved", found, by=by)
    queue(jobs.destroy_list, list_uuid=str(uuid))


@transaction.atomic
def withdraw(uuid: UUID, *, by: Actor) -> None:
    """Take a draft back: nothing on it is destroyed. Raises ``NotFound`` and ``ListStandsFast``."""
    found = _draft(uuid)
    found.state, found.finished_at = State.WITHDRAWN, now()
    found.save(update_fields=["state", "finished_at"])
    _tell("destruction_list_withdrawn", found, by=by)


# -- Questions --------------------------------------------------------------------------------------------------------
def lists(*, limit: int = 100) -> list[ListRecord]:
    """Return the lists, newest first; two statements."""
    rows = list(DestructionList.objects.order_by("-made_at", "-pk")[:limit])
    counts: dict[int, Counter[str]] = {row.pk: Counter() for row in rows}
    for list_id, outcome in DestructionItem.objects.filter(of_list__in=rows).values_list("of_list_id", "outcome"):
        counts[list_id][outcome] += 1
    return [_record(row, counts[row.pk]) for row in rows]


def _record(row: DestructionList, counts: Mapping[str, int]) -> ListRecord:
    return ListRecord(
        row.uuid, row.state, row.until, row.made_by, row.made_by_label, row.made_at, row.approved_by_label,
        row.approved_at, row.finished_at, counts,
    )  # fmt: skip


def one_list(uuid: UUID) -> ListRecord:
    """Return a list. Raises ``NotFound``."""
    row = DestructionList.objects.filter(uuid=uuid).first()
    if row is None:
        raise NotFound(str(uuid))
    return _record(row, Counter(row.items.values_list("outcome", flat=True)))


def items_of(uuid: UUID, *, limit: int = 50, offset: int = 0) -> list[ItemRecord]:
    """Return the items of a list in their order; two statements."""
    rows = list(DestructionItem.objects.filter(of_list__uuid=uuid).order_by("pk")[offset : offset + limit])
    classes = {row.code: row for row in RetentionClass.objects.filter(code__in={row.retention_class for row in rows})}
    return [
        ItemRecord(
            row.pk, row.number, row.retention_class,
            classes[row.retention_class].naam if row.retention_class in classes else row.retention_class,
            classes[row.retention_class].termijn if row.retention_class in classes else "",
            row.destroy_on, row.outcome, row.reason, row.done_at, row.parts, row.kind, row.object_uuid,
        )
        for row in rows
    ]  # fmt: skip


def due_in_coming_quarter() -> int:
    """Return how many records may be destroyed up to the end of the coming quarter and are on no list yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM records_record r WHERE r.destroy_on <= %s AND r.nominatie = 'vernietigen'"
            " AND NOT EXISTS (SELECT 1 FROM records_hold h WHERE h.record_id = r.id AND h.lifted_at IS NULL)"
            " AND NOT EXISTS (SELECT 1 FROM records_destructionitem i JOIN records_destructionlist l"
            "  ON l.id = i.of_list_id WHERE i.object_uuid = r.object_uuid AND i.kind = r.kind"
            "  AND l.state IN ('draft', 'approved') AND i.outcome IN ('waiting', 'failed'))",
            [end_of_next_quarter(today())],
        )
        return int(cursor.fetchone()[0])
