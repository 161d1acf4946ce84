"""Keeping, holding and letting go of records."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection, transaction

from stadhuis.kit.time import now
from stadhuis.people.public import Actor
from stadhuis.records.errors import NotFound, OnHold, UnknownKind
from stadhuis.records.models import Hold, Record
from stadhuis.records.rules import MAX_TEXT, folded, numbers_in


@dataclass(frozen=True)
class Kind:
    """A kind of record: what it is called, where its page is, and which registered guard holds for it."""

    code: str
    naam: str
    url_of: Callable[[UUID], str]
    guard: str
    action: str


KINDS: dict[str, Kind] = {}


def register_kind(
    code: str, naam: str, url_of: Callable[[UUID], str], *, guard: str = "zaak", action: str = "zaak.lezen"
) -> None:
    """Register a kind of record (from ``apps.ready``). ``guard`` and ``action`` say which access rule it falls under."""
    KINDS[code] = Kind(code, naam, url_of, guard, action)


def kind_of(code: str) -> Kind:
    """Return a registered kind. Raises ``UnknownKind``."""
    try:
        return KINDS[code]
    except KeyError:
        raise UnknownKind(code) from None


_PUT = """
    INSERT INTO records_record
           (kind, object_uuid, owner_unit, retention_class, created, destroy_on, zaaktype_ref, level, changed_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (kind, object_uuid) DO UPDATE SET
           owner_unit = EXCLUDED.owner_unit, retention_class = EXCLUDED.retention_class, created = EXCLUDED.created,
           destroy_on = EXCLUDED.destroy_on, zaaktype_ref = EXCLUDED.zaaktype_ref, level = EXCLUDED.level,
           changed_at = EXCLUDED.changed_at
    RETURNING id
"""
_PUT_TEXT = """
    INSERT INTO records_searchtext (record_id, text, vector)
    VALUES (%(record)s, %(text)s, to_tsvector('dutch', %(words)s) || to_tsvector('simple', %(words)s))
    ON CONFLICT (record_id) DO UPDATE SET text = EXCLUDED.text, vector = EXCLUDED.vector
"""


@transaction.atomic(savepoint=False)
def put(
    kind: str,
    object_uuid: UUID,
    *,
    owner_unit: str,
    retention_class: str,
    created: date,
    destroy_on: date | None,
    guard: tuple[str, int],
    text: Sequence[str] | None,
) -> None:
    """Add or bring up to date the record of an object, in the transaction of the deed.

    ``guard`` is (zaaktype_ref, level). ``text`` is what it is found by; None leaves the search text as it was.
    Never give a BSN as text: a record is found by BSN through ``people``. Raises ``UnknownKind``.
    """
    kind_of(kind)
    zaaktype_ref, level = guard
    with connection.cursor() as cursor:
        cursor.execute(
            _PUT,
            [kind, object_uuid, owner_unit, retention_class, created, destroy_on, zaaktype_ref, level, now()],
        )
        record_id = cursor.fetchone()[0]
        if text is not None:
            whole = " \n".join(part for part in text if part).replace("\x00", " ")[:MAX_TEXT]
            cursor.execute(
                _PUT_TEXT, {"record": record_id, "text": whole, "words": f"{folded(whole)} {folded(numbers_in(whole))}"}
            )


@transaction.atomic
def remove(kind: str, object_uuid: UUID) -> None:
    """Remove the record of an object and its search text. Raises ``OnHold`` while a hold is open; no record: no harm."""
    record = Record.objects.select_for_update().filter(kind=kind, object_uuid=object_uuid).first()
    if record is None:
        return
    if Hold.objects.filter(record=record, lifted_at__isnull=True).exists():
        raise OnHold(f"{kind} {object_uuid}")
    Hold.objects.filter(record=record).delete()
    record.delete()


@transaction.atomic
def hold(kind: str, object_uuid: UUID, *, reason: str, by: Actor) -> UUID:
    """Keep a record from destruction, for a reason; returns the id of the hold. Raises ``NotFound``."""
    record = Record.objects.select_for_update().filter(kind=kind, object_uuid=object_uuid).first()
    if record is None:
        raise NotFound(f"{kind} {object_uuid}")
    return Hold.objects.create(record=record, reason=reason, placed_by=by.key, placed_at=now()).uuid


@transaction.atomic
def lift_hold(hold_uuid: UUID, *, by: Actor) -> None:
    """Let a hold go. Raises ``NotFound`` when there is none open."""
    lifted = Hold.objects.filter(uuid=hold_uuid, lifted_at__isnull=True).update(lifted_by=by.key, lifted_at=now())
    if not lifted:
        raise NotFound(f"hold {hold_uuid}")
