"""Keeping, holding and letting go of records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import connection, transaction

from stadhuis.audit import public as audit
from stadhuis.kit.database import Statement
from stadhuis.kit.durations import period
from stadhuis.kit.time import now, today
from stadhuis.people.public import Actor, units_below_sql
from stadhuis.records import rules
from stadhuis.records.errors import ClassUnknown, NotFound, OnHold, ReasonMissing, SameOwner, TermInvalid
from stadhuis.records.kinds import HANDED_OVER, HandedOver, Part, Snapshot, kind_of, snapshots
from stadhuis.records.models import HandOver, Hold, Reclassification, Record, RetentionClass
from stadhuis.records.rules import MAX_TEXT, folded, numbers_in, one_line

_PUT_RECORD = """
    INSERT INTO records_record
           (kind, object_uuid, number, owner_unit, retention_class, nominatie, termijn, brondatum, created, destroy_on,
            zaaktype_ref, level, changed_at)
    VALUES (:{kind}, :{object_uuid}, :{number}, :{owner_unit}, :{retention_class}, :{nominatie}, :{termijn}, :{brondatum},
            :{created}, :{destroy_on}, :{zaaktype_ref}, :{level}, :{changed_at})
    ON CONFLICT (kind, object_uuid) DO UPDATE SET
           number = EXCLUDED.number, owner_unit = EXCLUDED.owner_unit, retention_class = EXCLUDED.retention_class,
           nominatie = EXCLUDED.nominatie, termijn = EXCLUDED.termijn, brondatum = EXCLUDED.brondatum,
           created = EXCLUDED.created, destroy_on = EXCLUDED.destroy_on, zaaktype_ref = EXCLUDED.zaaktype_ref,
           level = EXCLUDED.level, changed_at = EXCLUDED.changed_at
"""
_VECTOR = " || ".join(
    f"setweight(to_tsvector('dutch', :{{{weight}}}::text) || to_tsvector('simple', :{{{weight}}}::text), '{weight}')"
    for weight in "ABC"
)
_PUT = Statement.compile(_PUT_RECORD)
_PUT_WITH_TEXT = Statement.compile(f"""
    WITH record AS ({_PUT_RECORD} RETURNING id)
    INSERT INTO records_searchtext (record_id, text, labels, vector, stale_since, is_learned)
    SELECT record.id, :{{text}}::text, :{{labels}}::text[], {_VECTOR}, NULL, FALSE FROM record
    ON CONFLICT (record_id) DO UPDATE SET text = EXCLUDED.text, labels = EXCLUDED.labels, vector = EXCLUDED.vector,
           stale_since = NULL, is_learned = records_searchtext.is_learned AND records_searchtext.text = EXCLUDED.text
""")


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
    number: str = "",
) -> None:
    """Add or bring up to date the record of an object, in the transaction of the deed.

    ``guard`` is (zaaktype_ref, level). ``text`` is what it is found by; None leaves the search text as it was.
    Never give a BSN or an address as text: a record is found by BSN through ``people``. Raises ``UnknownKind``.
    A kind with a ``source`` is better kept with ``keep``.
    """
    parts = None if text is None else tuple(Part("", part, "A") for part in text)
    _write(
        kind,
        object_uuid,
        Snapshot(
            number=number, owner=owner_unit, created=created, zaaktype_ref=guard[0], level=guard[1],
            retention_class=retention_class, nominatie=rules.DESTROY if destroy_on else "", destroy_on=destroy_on,
            parts=parts or (),
        ),
        with_text=parts is not None,
    )  # fmt: skip


@transaction.atomic(savepoint=False)
def keep(kind: str, *object_uuids: UUID) -> int:
    """Make or renew the records of objects from what they are now (``Kind.source``); returns how many there are."""
    found = snapshots(kind, object_uuids)
    for uuid in sorted(found):
        _write(kind, uuid, found[uuid], with_text=True)
    return len(found)


def columns_of(snapshot: Snapshot) -> dict[str, object]:
    """Return the columns of a record as they follow from an object."""
    day = snapshot.destroy_on or rules.destroy_on(snapshot.nominatie, snapshot.brondatum, snapshot.termijn)
    return {
        "number": snapshot.number[:100],
        "owner_unit": snapshot.owner[:50],
        "retention_class": snapshot.retention_class,
        "nominatie": snapshot.nominatie,
        "termijn": snapshot.termijn,
        "brondatum": snapshot.brondatum,
        "created": snapshot.created,
        "destroy_on": day if snapshot.nominatie == rules.DESTROY else None,
        "zaaktype_ref": snapshot.zaaktype_ref,
        "level": snapshot.level,
    }


def text_of(parts: Sequence[Part]) -> tuple[str, list[str], dict[str, str]]:
    """Return the text, the label of each of its lines, and the words per weight, all as they are stored."""
    lines: list[str] = []
    labels: list[str] = []
    weighed: dict[str, list[str]] = {"A": [], "B": [], "C": []}
    room = MAX_TEXT
    for part in parts:
        line = one_line(part.text)[:room]
        if line:
            room -= len(line) + 1
            lines.append(line)
            labels.append(part.label)
            weighed[part.weight].append(f"{folded(line)} {folded(numbers_in(line))}")
    return "\n".join(lines), labels, {weight: " \n".join(words) for weight, words in weighed.items()}


def _write(kind: str, uuid: UUID, snapshot: Snapshot, *, with_text: bool) -> None:
    kind_of(kind)
    values = {"kind": kind, "object_uuid": uuid, **columns_of(snapshot), "changed_at": now()}
    if not with_text:
        return _PUT.run(values)
    text, labels, weighed = text_of(snapshot.parts)
    return _PUT_WITH_TEXT.run({**values, "text": text, "labels": labels, **weighed})


@transaction.atomic(savepoint=False)
def set_owner(kind: str, object_uuid: UUID, owner: str, *, is_first: bool = False) -> None:
    """Note which unit owns a record from now on; who did before is kept, unless this is the first, in the deed that made it."""
    changed = {} if is_first else {"changed_at": now()}
    Record.objects.filter(kind=kind, object_uuid=object_uuid).exclude(owner_unit=owner).update(
        owner_unit=owner, **changed
    )


@transaction.atomic
def remove(kind: str, object_uuid: UUID) -> None:
    """Remove the record of an object: its search text, its ledger and its history.

    Raises ``OnHold`` while a hold is open; no record: no harm. Words that now occur nowhere go with it.
    """
    record = Record.objects.select_for_update().filter(kind=kind, object_uuid=object_uuid).first()
    if record is None:
        return
    if Hold.objects.filter(record=record, lifted_at__isnull=True).exists():
        raise OnHold(f"{kind} {object_uuid}")
    words = _words_of_record(record.pk)
    Hold.objects.filter(record=record).delete()
    record.delete()
    forget_words(words)


@transaction.atomic(savepoint=False)
def absorb(kind: str, object_uuids: Sequence[UUID], *, into: tuple[str, UUID]) -> None:
    """Let go of the records of objects that became part of another one; their holds and ledger go on with its record.

    Without a record to go on with, what is on hold stays a record of its own. One statement when there are none.
    """
    found = Record.objects.select_for_update().filter(kind=kind, object_uuid__in=object_uuids).order_by("pk")
    gone = list(found.values_list("pk", flat=True))
    if not gone:
        return
    goes_on = Record.objects.filter(kind=into[0], object_uuid=into[1]).values_list("pk", flat=True).first()
    if goes_on is None:
        held = Hold.objects.filter(record_id__in=gone, lifted_at__isnull=True).values_list("record_id", flat=True)
        gone = [pk for pk in gone if pk not in set(held)]
    params = {"gone": gone, "goes_on": goes_on}
    learned: set[str] = set()
    with connection.cursor() as cursor:
        for table in ("records_hold", "records_opening"):
            if goes_on is not None:
                cursor.execute(f"UPDATE {table} SET record_id = %(goes_on)s WHERE record_id = ANY(%(gone)s)", params)
            else:
                cursor.execute(f"DELETE FROM {table} WHERE record_id = ANY(%(gone)s)", params)
        for table in ("records_reclassification", "records_pastowner"):
            cursor.execute(f"DELETE FROM {table} WHERE record_id = ANY(%(gone)s)", params)
        cursor.execute(
            "DELETE FROM records_searchtext WHERE record_id = ANY(%(gone)s) RETURNING CASE WHEN is_learned THEN text END",
            params,
        )
        for (text,) in cursor.fetchall():
            learned.update(_words_in(text or ""))
        cursor.execute("DELETE FROM records_record WHERE id = ANY(%(gone)s)", params)
    if learned:
        forget_words(sorted(learned))


def _words_in(text: str) -> set[str]:
    return {word for word in rules.parts_of([folded(text)]) if rules.can_be_learned(word)}


def _words_of_record(record_id: int) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM records_searchtext WHERE record_id = %s", [record_id])
        row = cursor.fetchone()
    return sorted(_words_in(row[0])) if row else []


def forget_words(words: Sequence[str]) -> int:
    """Forget those of the words that occur in no search text any more; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM records_word w WHERE w.word = ANY(%s) AND NOT EXISTS"
            " (SELECT 1 FROM records_searchtext t WHERE t.vector @@ quote_literal(w.word)::tsquery)",
            [list(words)],
        )
        return int(cursor.rowcount)


# -- Holds ------------------------------------------------------------------------------------------------------------
@transaction.atomic
def hold(kind: str, object_uuid: UUID, *, reason: str, by: Actor) -> UUID:
    """Keep a record from destruction, for a reason; returns the id of the hold.

    Raises ``NotFound`` and ``ReasonMissing``. Source: Woo art. 5.1 ff. and Awb 8:42: what is asked for must still be there.
    """
    if not reason.strip():
        raise ReasonMissing
    record = Record.objects.select_for_update().filter(kind=kind, object_uuid=object_uuid).first()
    if record is None:
        raise NotFound(f"{kind} {object_uuid}")
    placed = Hold.objects.create(record=record, reason=reason.strip()[:500], placed_by=by.key, placed_at=now())
    _tell(record, "hold_placed", placed.reason, by=by)
    return placed.uuid


@transaction.atomic
def lift_hold(hold_uuid: UUID, *, by: Actor) -> None:
    """Let a hold go. Raises ``NotFound`` when there is none open."""
    found = (
        Hold.objects.select_for_update(of=("self",))
        .select_related("record")
        .filter(uuid=hold_uuid, lifted_at__isnull=True)
        .first()
    )
    if found is None:
        raise NotFound(f"hold {hold_uuid}")
    found.lifted_by, found.lifted_at = by.key, now()
    found.save(update_fields=["lifted_by", "lifted_at"])
    _tell(found.record, "hold_lifted", found.reason, by=by)


def _tell(record: Record, action: str, reason: str, *, by: Actor) -> None:
    audit.record(
        action, about=record.object_uuid, kind=record.kind, resource="record", resource_id=record.object_uuid, by=by,
        reason=reason, weergave=record.number, bron="stadhuis",
    )  # fmt: skip


# -- Classes and owners -----------------------------------------------------------------------------------------------
def _check_class(nominatie: str, termijn: str) -> None:
    if nominatie not in rules.NOMINATIES:
        raise ClassUnknown(nominatie)
    if nominatie == rules.DESTROY:
        try:
            period(termijn)
        except ValueError:
            raise TermInvalid(termijn) from None


@transaction.atomic
def define_class(code: str, *, naam: str, nominatie: str, termijn: str, by: Actor) -> None:
    """Add a retention class or change it; records that have it already keep the day they were given.

    Raises ``ClassUnknown`` for a nominatie that does not exist and ``TermInvalid``.
    """
    _check_class(nominatie, termijn)
    if not code.strip() or not naam.strip():
        raise ClassUnknown(code)
    before = RetentionClass.objects.select_for_update().filter(code=code.strip()).first()
    kept = {"naam": before.naam, "nominatie": before.nominatie, "termijn": before.termijn} if before else None
    values = {
        "naam": naam.strip()[:200], "nominatie": nominatie, "termijn": termijn if nominatie == rules.DESTROY else "",
    }  # fmt: skip
    RetentionClass.objects.update_or_create(code=code.strip(), defaults={**values, "changed_at": now()})
    audit.record(
        "update" if before else "create", about=None, kind="retention_class", resource="retention_class",
        resource_id=None, by=by, before=kept, after={"code": code.strip(), **values}, bron="stadhuis",
    )  # fmt: skip


def learn_class(code: str, *, naam: str, nominatie: str, termijn: str) -> None:
    """Add a class that a resultaattype names, if it is a whole one and not there yet: the catalogue brings its classes."""
    try:
        _check_class(nominatie, termijn)
    except (ClassUnknown, TermInvalid):
        return
    RetentionClass.objects.bulk_create(
        [RetentionClass(code=code, naam=naam[:200] or code[:200], nominatie=nominatie, termijn=termijn)],
        ignore_conflicts=True,
    )


@transaction.atomic
def reclassify(kind: str, object_uuid: UUID, code: str, *, reason: str, by: Actor) -> None:
    """Put a record in another class; the day of destruction follows from its own brondatum. The history is kept.

    The room of the object is told in the same transaction, so that both say the same. Raises ``NotFound``,
    ``ClassUnknown`` and ``ReasonMissing``.
    """
    if not reason.strip():
        raise ReasonMissing
    becomes = RetentionClass.objects.filter(code=code).first()
    if becomes is None:
        raise ClassUnknown(code)
    record = Record.objects.select_for_update().filter(kind=kind, object_uuid=object_uuid).first()
    if record is None:
        raise NotFound(f"{kind} {object_uuid}")
    day = rules.destroy_on(becomes.nominatie, record.brondatum, becomes.termijn)
    Reclassification.objects.create(
        record=record, was=record.retention_class, was_destroy_on=record.destroy_on, becomes=code, becomes_destroy_on=day,
        reason=reason.strip()[:500], by=by.key, at=now(),
    )  # fmt: skip
    tell_object = kind_of(kind).reclassify
    if tell_object is not None:
        tell_object(object_uuid, code, becomes.nominatie, day, by, reason)
        keep(kind, object_uuid)
        return
    Record.objects.filter(pk=record.pk).update(
        retention_class=code, nominatie=becomes.nominatie, termijn=becomes.termijn, destroy_on=day, changed_at=now()
    )
    _tell(record, "reclassified", reason, by=by)


@transaction.atomic
def hand_over(was: str, becomes: str, *, reason: str, by: Actor) -> int:
    """Give all records of one owner to another one (a unit that merges or ends); returns how many. The history is kept.

    Rooms that know the owner too hear it in the same transaction. Raises ``SameOwner`` and ``ReasonMissing``.
    """
    if not becomes.strip() or was == becomes:
        raise SameOwner
    if not reason.strip():
        raise ReasonMissing
    moved = Record.objects.filter(owner_unit=was).update(owner_unit=becomes, changed_at=now())
    HandOver.objects.create(was=was, becomes=becomes, records=moved, reason=reason.strip()[:500], by=by.key, at=now())
    HANDED_OVER.announce(HandedOver(was=was, becomes=becomes, by=by))
    audit.record(
        "handed_over", about=None, kind="record", resource="record", resource_id=None, by=by, reason=reason,
        before={"owner": was}, after={"owner": becomes, "records": moved}, bron="stadhuis",
    )  # fmt: skip
    return moved


# -- The ledger -------------------------------------------------------------------------------------------------------
def _ledger(roles: str) -> Statement:
    return Statement.compile(f"""
    INSERT INTO records_opening (record_id, at, actor_key, actor_kind, actor_label, roles, what)
    SELECT r.id, :{{now}}::timestamptz, :{{key}}::text, :{{kind}}::text, :{{label}}::text, {roles}, :{{what}}::text
      FROM records_record r WHERE r.kind = :{{record_kind}} AND r.object_uuid = :{{uuid}}
""")


_OPENED = _ledger("''")
_OPENED_BY_STAFF = _ledger(f"""COALESCE((
             SELECT left(string_agg(DISTINCT o.code, ', '), 500)
               FROM access_membership m JOIN access_role o ON o.id = m.role_id
               JOIN access_grant g ON g.role_id = o.id AND g.action = :{{action}}::text AND g.type_ref IN ('*', r.zaaktype_ref)
                AND g.valid_from <= :{{day}}::date AND (g.valid_to IS NULL OR g.valid_to > :{{day}}::date) AND g.recorded_to IS NULL
                AND (g.unit_id IS NULL OR r.owner_unit = ANY({units_below_sql("g.unit_id", ":{day}::date")}))
              WHERE m.medewerker_id = :{{staff}}::bigint
                AND m.valid_from <= :{{day}}::date AND (m.valid_to IS NULL OR m.valid_to > :{{day}}::date) AND m.recorded_to IS NULL
           ), '')""")


def opened(kind: str, object_uuid: UUID, *, by: Actor, what: str = "") -> None:
    """Write in the ledger that someone opened a record, and under which roles. One statement; no record: nothing.

    Call it together with the processing log (``in_one_go``), so that the two wait for the disk once. Source: AVG art. 5 lid 1
    sub f and 32; BIO2 (logging of consultation).
    """
    values: dict[str, object] = {
        "now": now(), "key": by.key, "kind": by.kind, "label": by.label[:255], "what": what[:40], "record_kind": kind,
        "uuid": object_uuid,
    }  # fmt: skip
    if by.kind == "staff":
        _OPENED_BY_STAFF.run({**values, "day": today(), "action": kind_of(kind).action, "staff": by.pk})
    else:
        _OPENED.run(values)
