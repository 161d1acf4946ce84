"""Finding records: the words and the right to see them in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from stadhuis.access import public as access
from stadhuis.people.public import Actor
from stadhuis.records.actions import KINDS, kind_of
from stadhuis.records.rules import words_of

MAX_LIMIT = 200


@dataclass(frozen=True)
class Hit:
    """A record that was found and may be seen."""

    kind: str
    kind_naam: str
    object_uuid: UUID
    url: str
    owner_unit: str
    created: date
    text: str
    """The beginning of the search text."""


def _seen_by(actor: Actor) -> access.Condition:
    """Return which records someone may see, each kind by the rule of its guard."""
    parts = []
    for kind in KINDS.values():
        condition = access.predicate_by_uuid(
            actor,
            kind.action,
            kind=kind.guard,
            type_sql="r.zaaktype_ref",
            level_sql="r.level",
            uuid_sql="r.object_uuid",
        )
        if not condition.is_never:
            parts.append(access.both(access.Condition("r.kind = %s", [kind.code]), condition))
    return access.either(parts)


def search(words: str, *, seen_by: Actor, limit: int = 20) -> list[Hit]:
    """Return what is found by all of the words (Dutch stems, without accents; the last word may be unfinished), best first.

    Only what ``seen_by`` may see; rights and words are one statement.
    """
    terms = words_of(words)
    condition = _seen_by(seen_by)
    if not terms or condition.is_never:
        return []
    *whole, last = terms
    query = " && ".join(["(plainto_tsquery('dutch', %s) || plainto_tsquery('simple', %s))"] * len(whole) + [
        "(plainto_tsquery('dutch', %s) || plainto_tsquery('simple', %s) || to_tsquery('simple', %s))"
    ])  # fmt: skip
    quoted = "'" + last.replace("'", "''").replace("\\", "") + "':*"
    params = [value for term in whole for value in (term, term)] + [last, last, quoted]
    sql = f"""
        WITH q AS (SELECT {query} AS words)
        SELECT r.kind, r.object_uuid, r.owner_unit, r.created, left(t.text, 300)
          FROM q, records_searchtext t JOIN records_record r ON r.id = t.record_id
         WHERE t.vector @@ q.words AND {condition.sql}
         ORDER BY ts_rank(t.vector, q.words) DESC, r.created DESC, r.id DESC LIMIT %s
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, *condition.params, max(1, min(limit, MAX_LIMIT))])
        rows = cursor.fetchall()
    return [
        Hit(kind, kind_of(kind).naam, uuid, kind_of(kind).url_of(uuid), owner, created, text)
        for kind, uuid, owner, created, text in rows
    ]


def is_held(kind: str, object_uuid: UUID) -> bool:
    """Return whether a hold keeps this record."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM records_hold h JOIN records_record r ON r.id = h.record_id"
            " WHERE r.kind = %s AND r.object_uuid = %s AND h.lifted_at IS NULL)",
            [kind, object_uuid],
        )
        row = cursor.fetchone()
    return bool(row and row[0])


def due_for_destruction(on: date, *, limit: int = 1000) -> list[tuple[str, UUID]]:
    """Return (kind, uuid) of the records that may be destroyed on a day and are not held, oldest term first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.kind, r.object_uuid FROM records_record r WHERE r.destroy_on <= %s AND NOT EXISTS"
            " (SELECT 1 FROM records_hold h WHERE h.record_id = r.id AND h.lifted_at IS NULL)"
            " ORDER BY r.destroy_on, r.id LIMIT %s",
            [on, limit],
        )
        return [(kind, uuid) for kind, uuid in cursor.fetchall()]
