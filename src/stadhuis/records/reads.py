"""Finding records: the words and the right to see them in one statement. And who opened, what is held, what is due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from typing import Any, Final
from uuid import UUID

from django.db import connection

from stadhuis.access import public as access
from stadhuis.people.public import Actor
from stadhuis.records.kinds import KINDS, kind_of
from stadhuis.records.models import BLOCK_BITS, RECORDS_PER_BLOCK, Hold, Opening, Record, RetentionClass
from stadhuis.records.rules import (
    Excerpt,
    Terms,
    Why,
    can_be_learned,
    explain,
    keys_of,
    nearest,
    parts_of,
    tokens_to_stem,
    words_of,
)

MAX_LIMIT = 200
MOST_RANKED = 1000
"""The newest so many hits are put in order of how well they match; who finds more than that asks more precisely."""
LOOKED_UP_FIRST: Final = (12_000, 36_000, 80_000, 180_000, 400_000)
"""Up to which record, counted from the newest, is looked up first, next and so on; then all others."""
MOST_BEGINNINGS: Final = 50
"""Up to so many words that begin with a word of the question are asked for by name."""


@dataclass(frozen=True)
class Hit:
    """A record that was found and may be seen."""

    kind: str
    kind_naam: str
    object_uuid: UUID
    url: str
    owner_unit: str
    created: date
    text: str = field(repr=False)
    """The beginning of the search text."""
    excerpts: tuple[Excerpt, ...] = field(default=(), repr=False)
    """Where it was found."""
    why: tuple[Why, ...] = field(default=(), repr=False)
    """Which word matched which form."""


@dataclass(frozen=True)
class Found:
    """What was found: one page of hits, and how many there are in all (at most ``MOST_RANKED``, then ``is_more``)."""

    hits: tuple[Hit, ...] = ()
    total: int = 0
    is_more: bool = False
    is_near: bool = False
    """Nothing was found by the words as typed; these match words that look like them."""


_OWNER_THEN: Final = """COALESCE((SELECT past.owner_unit FROM records_pastowner past
    WHERE past.record_id = owned.id AND past.until > {at} ORDER BY past.until, past.id LIMIT 1), owned.owner_unit)"""


def owned_by_records(**uuids_sql: str) -> dict[str, str]:
    """Return what ``access.register_guarded`` takes for grants bound to a unit: who owns a row, now and at a moment.

    Per kind of record the SQL that selects the objects with whose records a row is kept.
    """

    def of(owner: str) -> str:
        return " UNION ALL ".join(
            f"SELECT {owner} FROM records_record owned WHERE owned.kind = '{kind}' AND owned.object_uuid IN ({uuids})"
            for kind, uuids in uuids_sql.items()
        )

    return {"unit_sql": of("owned.owner_unit"), "unit_then_sql": of(_OWNER_THEN)}


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
            owner_sql="r.owner_unit",
        )
        if not condition.is_never:
            parts.append(access.both(access.Condition("r.kind = %s", [kind.code]), condition))
    return access.either(parts)


def search(words: str, *, seen_by: Actor, limit: int = 20, offset: int = 0, tolerant: bool = False) -> Found:
    """Return what is found by all of the words (Dutch stems, without accents, from the beginning of a word), best first.

    Only what ``seen_by`` may see; rights and words are one statement. When nothing is found, or with ``tolerant``, words
    that look like what was typed count too. Every hit says where it was found and why.
    """
    terms = words_of(words)
    condition = _seen_by(seen_by)
    if not terms or condition.is_never:
        return Found()
    limit, offset = max(1, min(limit, MAX_LIMIT)), max(0, offset)
    near: Mapping[str, list[str]] = {}
    rows: list[tuple[Any, ...]] = []
    index = _index(terms)
    if not tolerant:
        rows = _matching(terms, near, condition, limit, offset, index)
    is_near = not rows and (tolerant or not offset or not _matching(terms, near, condition, 1, 0, index))
    if is_near:
        near = near_words(terms)
        rows = _matching(terms, near, condition, limit, offset, index) if tolerant or any(near.values()) else []
    total = rows[0][6] if rows else 0
    return Found(
        _explained(rows, terms, near),
        min(total, MOST_RANKED),
        total > MOST_RANKED,
        is_near and not tolerant and bool(rows),
    )


@dataclass(frozen=True)
class _Index:
    """What is known before looking: the number of the newest record, and per word of the question what begins with it."""

    newest: int
    begins: Mapping[str, Sequence[str]]


def _index(terms: Sequence[str]) -> _Index:
    """Return what the search goes by; one statement.

    A word that many others begin with, and what is no word (a number), has no list: that is looked for as a beginning.
    """
    words = [term for term in terms if term.isalpha() and len(term) > 1]
    one = f"(SELECT %s, word FROM records_word WHERE word LIKE %s LIMIT {MOST_BEGINNINGS + 1})"
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(["SELECT '', COALESCE(max(id), 0)::text FROM records_record", *[one] * len(words)]),
            [value for word in words for value in (word, f"{word}%")],
        )
        (_, newest), *rows = cursor.fetchall()
    begins: dict[str, list[str]] = {word: [] for word in words}
    for term, word in rows:
        begins[term].append(word)
    return _Index(int(newest), {term: found for term, found in begins.items() if len(found) <= MOST_BEGINNINGS})


def _matching(
    terms: Sequence[str],
    near: Mapping[str, Sequence[str]],
    condition: access.Condition,
    limit: int,
    offset: int,
    index: _Index,
) -> list[tuple[Any, ...]]:
    # A hit is put in order by the beginning itself, which costs less than each of the words that begin so.
    ranked, ranked_params = _tsquery(terms, near, {})
    query, params = _tsquery(terms, near, index.begins)
    looks = [(f"{part} t.vector @@ ({query})", params) for part in _newest_first(index.newest)]
    if index.begins:
        # What nobody has learned the words of yet is looked through for beginnings; it is little.
        looks = [
            (f"NOT t.is_learned AND t.vector @@ ({ranked})", ranked_params),
            *((f"t.is_learned AND {where}", values) for where, values in looks),
        ]
    # Ordered by a sum, so that the planner does not walk through the town in that order to find the words on the way.
    parts = [
        f"""(SELECT t.record_id, t.vector FROM records_searchtext t JOIN records_record r ON r.id = t.record_id
              WHERE {where} AND {condition.sql} ORDER BY t.record_id + 0 DESC LIMIT {MOST_RANKED + 1})"""
        for where, _ in looks
    ]
    sql = f"""
        WITH found AS MATERIALIZED (
            SELECT record_id, vector FROM ({" UNION ALL ".join(parts)}) newest_first LIMIT {MOST_RANKED + 1}),
        page AS (
            SELECT f.record_id, ts_rank(f.vector, ({ranked})) AS rank, count(*) OVER () AS total
              FROM found f ORDER BY rank DESC, f.record_id DESC LIMIT %s OFFSET %s)
        SELECT r.kind, r.object_uuid, r.owner_unit, r.created, left(t.text, 20000), t.labels, p.total
          FROM page p JOIN records_record r ON r.id = p.record_id JOIN records_searchtext t ON t.record_id = r.id
         ORDER BY p.rank DESC, p.record_id DESC
    """
    given = [value for _, values in looks for value in (*values, *condition.params)]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*given, *ranked_params, limit, offset])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _newest_first(newest: int) -> list[str]:
    """Return the parts in which the records are looked up: those of now first, all others last.

    Once there are enough hits, the parts that follow are not read. A part names its blocks of records, which stand in the
    index of words too: a word that a tenth of the town has in it then costs a look at the records of now, and one that
    hardly anybody has costs nothing. Where the bounds lie is a matter of speed alone.
    """
    last = newest // RECORDS_PER_BLOCK
    bounds = [block for size in LOOKED_UP_FIRST if (block := last - -(-size // RECORDS_PER_BLOCK)) >= 0]
    if not bounds:
        return [""]
    # One block more: what is put while this is asked is found too.
    parts = [_blocks(below + 1, above) for above, below in pairwise((last + 1, *bounds))]
    return [*parts, f"t.record_id < {(bounds[-1] + 1) * RECORDS_PER_BLOCK} AND"]


def _blocks(first: int, last: int) -> str:
    return f"ARRAY[(t.record_id >> {BLOCK_BITS})::integer] && ARRAY[{', '.join(map(str, range(first, last + 1)))}] AND"


def _tsquery(
    terms: Sequence[str], near: Mapping[str, Sequence[str]], begins: Mapping[str, Sequence[str]]
) -> tuple[str, list[str]]:
    """Return SQL for: every word, by stem, as it is or from its beginning, or a word that looks like it.

    From its beginning means: one of the words that ``begins`` names, which the index has at once; else whatever begins so,
    for which it must gather all of them first.
    """
    parts, params = [], []
    for term in terms:
        ways = ["plainto_tsquery('dutch', %s)", "plainto_tsquery('simple', %s)"]
        values = [term, term]
        if term in begins:
            ways += ["plainto_tsquery('simple', %s)"] * len(begins[term])
            values += begins[term]
        elif len(term) > 1 and (found := parts_of([term])):
            # Of a number in parts the last one may be a beginning: with the first one all numbers of the town begin.
            ways.append("to_tsquery('simple', %s)")
            values.append(" & ".join(f"'{part}'" for part in found) + ":*")
        for alike in near.get(term, ()):
            ways.append("plainto_tsquery('simple', %s)")
            values.append(alike)
        parts.append(f"({' || '.join(ways)})")
        params += values
    return " && ".join(parts), params


def near_words(terms: Sequence[str]) -> dict[str, list[str]]:
    """Return for each word the known words that look like it; one statement. What is known is shown to nobody."""
    asked = {term: keys_of(term) for term in terms if can_be_learned(term)}
    if not asked:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word FROM records_word WHERE keys && %s::varchar[] ORDER BY word LIMIT 2000",
            [sorted({key for keys in asked.values() for key in keys})],
        )
        known = [row[0] for row in cursor.fetchall()]
    return {term: nearest(term, known) for term in asked}


def _explained(
    rows: Sequence[tuple[Any, ...]], terms: Sequence[str], near: Mapping[str, Sequence[str]]
) -> tuple[Hit, ...]:
    if not rows:
        return ()
    words = parts_of(terms)
    alike = {word: near.get(word, ()) for word in words}
    asked = [*words, *(one for found in alike.values() for one in found)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT w, (ts_lexize('dutch_stem', w))[1] FROM unnest(%s::text[]) w",
            [tokens_to_stem((row[4] for row in rows), asked)],
        )
        stems = {word: stem for word, stem in cursor.fetchall() if stem}
    question = Terms(words, alike, stems)
    hits = []
    for kind, uuid, owner, created, text, labels, _ in rows:
        excerpts, why = explain(text, labels, question)
        hits.append(
            Hit(
                kind, kind_of(kind).naam, uuid, kind_of(kind).url_of(uuid), owner, created, text[:300], tuple(excerpts),
                tuple(why),
            )
        )  # fmt: skip
    return tuple(hits)


# -- One record -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class HoldRecord:
    """A reason why a record stays."""

    uuid: UUID
    kind: str
    object_uuid: UUID
    number: str
    reason: str
    placed_by: str
    placed_at: datetime
    lifted_by: str
    lifted_at: datetime | None


@dataclass(frozen=True)
class OpeningRecord:
    """Someone opened a record."""

    at: datetime
    actor_key: str
    actor_kind: str
    actor_label: str
    roles: str
    what: str


@dataclass(frozen=True)
class ReclassificationRecord:
    """Another class for a record, once."""

    was: str
    was_destroy_on: date | None
    becomes: str
    becomes_destroy_on: date | None
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class KeptRecord:
    """A record as an archivist sees it: never what it is about."""

    kind: str
    object_uuid: UUID
    number: str
    owner: str
    retention_class: str
    class_naam: str
    nominatie: str
    termijn: str
    brondatum: date | None
    created: date
    destroy_on: date | None
    history: tuple[ReclassificationRecord, ...] = ()


@dataclass(frozen=True)
class ClassRecord:
    """A retention class."""

    code: str
    naam: str
    nominatie: str
    termijn: str


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


def holds(
    *, open_only: bool = True, kind: str = "", object_uuid: UUID | None = None, limit: int = 500
) -> list[HoldRecord]:
    """Return the holds, of one record or of all, newest first; one statement."""
    rows = Hold.objects.select_related("record").order_by("-placed_at", "-pk")
    if open_only:
        rows = rows.filter(lifted_at__isnull=True)
    if object_uuid is not None:
        rows = rows.filter(record__kind=kind, record__object_uuid=object_uuid)
    return [
        HoldRecord(
            row.uuid, row.record.kind, row.record.object_uuid, row.record.number, row.reason, row.placed_by,
            row.placed_at, row.lifted_by, row.lifted_at,
        )
        for row in rows[:limit]
    ]  # fmt: skip


def openings_of(kind: str, object_uuid: UUID, *, limit: int = 500) -> list[OpeningRecord]:
    """Return who opened a record, newest first; one statement."""
    rows = Opening.objects.filter(record__kind=kind, record__object_uuid=object_uuid).order_by("-at", "-pk")[:limit]
    return [OpeningRecord(row.at, row.actor_key, row.actor_kind, row.actor_label, row.roles, row.what) for row in rows]


def record_by_number(number: str) -> KeptRecord | None:
    """Return the record that people call by this number, or None; in whatever case it was typed."""
    wanted = number.strip()
    row = Record.objects.filter(number__in={wanted, wanted.upper()} - {""}).order_by("pk").first()
    return record_of(row.kind, row.object_uuid) if row else None


def record_of(kind: str, object_uuid: UUID) -> KeptRecord | None:
    """Return a record with its class and the history of that, or None."""
    row = Record.objects.filter(kind=kind, object_uuid=object_uuid).first()
    if row is None:
        return None
    naam = RetentionClass.objects.filter(code=row.retention_class).values_list("naam", flat=True).first()
    return KeptRecord(
        row.kind, row.object_uuid, row.number, row.owner_unit, row.retention_class, naam or row.retention_class,
        row.nominatie, row.termijn, row.brondatum, row.created, row.destroy_on,
        tuple(
            ReclassificationRecord(*values)
            for values in row.reclassifications.order_by("-at", "-pk").values_list(
                "was", "was_destroy_on", "becomes", "becomes_destroy_on", "reason", "by", "at"
            )
        ),
    )  # fmt: skip


def classes() -> list[ClassRecord]:
    """Return the retention classes by name."""
    return [
        ClassRecord(row.code, row.naam, row.nominatie, row.termijn) for row in RetentionClass.objects.order_by("naam")
    ]


def owners() -> list[tuple[str, int]]:
    """Return who owns how many records, most first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT owner_unit, count(*) FROM records_record WHERE owner_unit <> '' GROUP BY 1 ORDER BY 2 DESC, 1"
        )
        return [(owner, count) for owner, count in cursor.fetchall()]
