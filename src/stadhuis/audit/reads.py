"""Questions about what happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Q

from stadhuis.audit.actions import content_of, pseudonyms_of
from stadhuis.audit.activities import Activity, activity_of
from stadhuis.audit.models import Line, Payload, Processing, Seal, Verification
from stadhuis.audit.rules import START, digest_of, link_of
from stadhuis.kit.rows import Rows
from stadhuis.kit.time import AMSTERDAM
from stadhuis.people import public as people


@dataclass(frozen=True)
class TrailRecord:
    """One line of a trail, as the ZGW audittrail shows it."""

    uuid: UUID
    at: datetime
    about: UUID | None
    kind: str
    bron: str
    actie: str
    actie_weergave: str
    resource: str
    resource_id: UUID | None
    resource_weergave: str
    resultaat: int
    toelichting: str
    actor_key: str
    actor_kind: str
    applicatie_id: str
    applicatie_weergave: str
    gebruikers_id: str
    gebruikers_weergave: str
    acting_for_key: str
    mandate: Mapping[str, Any]
    oud: dict[str, Any] | None
    nieuw: dict[str, Any] | None


@dataclass(frozen=True)
class ProcessingRecord:
    """One use of someone's data."""

    operation_id: UUID
    activity_id: str
    about: UUID | None
    party: str
    status: str
    at: datetime


@dataclass(frozen=True)
class Verdict:
    """Outcome of a verification: how many lines were read, and the first that does not fit (None: the trail is whole)."""

    lines: int
    broken_line: int | None = None
    """Number in the chain; 0 for a line that was not sealed yet."""
    broken_uuid: UUID | None = None
    reason: str = ""
    last_number: int = field(default=0, compare=False)
    """Of a whole chain: the last line that has a seal."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing was found."""
        return not self.reason


def _record(payload: Payload) -> TrailRecord:
    return TrailRecord(
        uuid=payload.line.uuid,
        at=payload.line.at,
        about=payload.about,
        kind=payload.kind,
        bron=payload.bron,
        actie=payload.actie,
        actie_weergave=payload.actie_weergave,
        resource=payload.resource,
        resource_id=payload.resource_id,
        resource_weergave=payload.resource_weergave,
        resultaat=payload.resultaat,
        toelichting=payload.toelichting,
        actor_key=payload.actor_key,
        actor_kind=payload.actor_kind,
        applicatie_id=payload.applicatie_id,
        applicatie_weergave=payload.applicatie_weergave,
        gebruikers_id=payload.gebruikers_id,
        gebruikers_weergave=payload.gebruikers_weergave,
        acting_for_key=payload.acting_for_key,
        mandate=payload.mandate,
        oud=payload.oud,
        nieuw=payload.nieuw,
    )


_LINES: Final = Rows(Payload, "line", order=("line",))
_LATEST_LINES: Final = Rows(Payload, "line", order=("-line",))


def trail_of(about: UUID, *, latest: int | None = None) -> list[TrailRecord]:
    """Return the trail of an object, or its latest lines, oldest first. One statement.

    Empty when there is none or it was destroyed.
    """
    if latest is None:
        return [_record(row) for row in _LINES.of("about", about)]
    return [_record(row) for row in reversed(_LATEST_LINES.of("about", about, limit=latest))]


def trail_line(about: UUID, line: UUID) -> TrailRecord | None:
    """Return one line of the trail of an object, or None."""
    row = Payload.objects.filter(about=about, line__uuid=line).select_related("line").first()
    return _record(row) if row else None


@dataclass(frozen=True)
class Use:
    """What one kind of party did with a person's data on one day for one activity and one object; ``times`` requests."""

    day: date
    activity: Activity
    about: UUID | None
    party: str
    times: int


@dataclass(frozen=True)
class Uses:
    """A page of uses, newest first, and how many there are in all."""

    lines: tuple[Use, ...]
    total: int


def processing_of(person_id: int, *, limit: int = 500) -> list[ProcessingRecord]:
    """Return who used a person's data for what, newest first."""
    mine = pseudonyms_of(people.person_uuid(person_id))
    rows = Processing.objects.filter(subjects__overlap=mine).order_by("-started_at", "-id")
    return [
        ProcessingRecord(row.operation_id, row.activity_id, row.about, row.party, row.status, row.started_at)
        for row in rows[:limit]
    ]


_USES = """
SELECT day, activity_id, about, party, times, count(*) OVER () FROM (
  SELECT (started_at AT TIME ZONE 'Europe/Amsterdam')::date AS day, activity_id, about, party,
         count(DISTINCT COALESCE(NULLIF(trace_id, ''), operation_id::text)) AS times, max(id) AS latest
    FROM audit_processing WHERE subjects && %(mine)s::uuid[]
   GROUP BY 1, 2, 3, 4) u
 ORDER BY day DESC, latest DESC LIMIT %(limit)s OFFSET %(offset)s
"""


def uses_of(person_id: int, *, offset: int = 0, limit: int = 25) -> Uses:
    """Return what a person's data were used for, two hundred looks at one zaak on one day in one line. One statement.

    Beyond the end there are no lines, and the total is 0.
    """
    mine = [str(one) for one in pseudonyms_of(people.person_uuid(person_id))]
    with connection.cursor() as cursor:
        cursor.execute(_USES, {"mine": mine, "limit": limit, "offset": offset})
        rows = cursor.fetchall()
    lines = tuple(Use(day, activity_of(code), about, party, times) for day, code, about, party, times, _ in rows)
    return Uses(lines, rows[0][5] if rows else 0)


# -- Searching the trail ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class TrailFilter:
    """What is looked for; everything that is given must fit."""

    number: str = ""
    """Number, name (of a member of staff, role, applicatie) or uuid of the object."""
    actor: str = ""
    """Username, client id or key of whoever did it."""
    first_day: date | None = None
    last_day: date | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was given."""
        return not (self.number or self.actor or self.first_day or self.last_day)


def search_trail(wanted: TrailFilter, *, offset: int = 0, limit: int = 50) -> list[TrailRecord]:
    """Return lines of every trail that fit, newest first; nothing asked, nothing found. One statement.

    Whether someone may look is for the page to decide: this shows what was done, by name.
    """
    if wanted.is_empty:
        return []
    rows = Payload.objects.select_related("line")
    if wanted.number:
        as_uuid = _uuid(wanted.number)
        is_named = Q(resource_weergave__in=_spellings(wanted.number))
        named = Payload.objects.filter(is_named, about__isnull=False)
        # What is about no object (a role has no uuid) is found by its own name.
        of_name = Q(about__in=named.values("about")) | is_named & Q(about__isnull=True)
        rows = rows.filter(about=as_uuid) if as_uuid else rows.filter(of_name)
    if wanted.actor:
        name = wanted.actor
        keys = [name, f"staff:{name}", f"applicatie:{name}"]
        rows = rows.filter(actor_key__in=keys)
    if wanted.first_day:
        rows = rows.filter(line__at__gte=start_of(wanted.first_day))
    if wanted.last_day:
        rows = rows.filter(line__at__lt=start_of(wanted.last_day + timedelta(days=1)))
    return [_record(row) for row in rows.order_by("-line_id")[offset : offset + limit]]


def start_of(day: date) -> datetime:
    """Return the first moment of a day in the Netherlands."""
    return datetime.combine(day, time.min, tzinfo=AMSTERDAM)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _spellings(number: str) -> list[str]:
    return sorted({number, number.upper(), number.lower()})


# -- The chain --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class SealRecord:
    """The end of a sealed batch. What is kept elsewhere: a chain that is written anew ends otherwise."""

    sealed_at: datetime
    first_number: int
    last_number: int
    link: bytes


@dataclass(frozen=True)
class ChainState:
    """How the chain stands: its newest seals, what waits for one, and what the last verification found."""

    seals: tuple[SealRecord, ...]
    waiting: int
    verified_at: datetime | None = None
    last_number: int = 0
    broken_line: int | None = None
    reason: str = ""


def seals(*, latest: int | None = None) -> list[SealRecord]:
    """Return the seals, oldest first: all, or the latest so many."""
    rows = Seal.objects.order_by("-last_number")
    found = rows[:latest] if latest is not None else rows
    return [SealRecord(row.sealed_at, row.first_number, row.last_number, bytes(row.link)) for row in reversed(found)]


def chain_state(*, latest: int = 10) -> ChainState:
    """Return how the chain stands."""
    last = Verification.objects.order_by("-pk").first()
    waiting = Line.objects.filter(number__isnull=True).count()
    shown = tuple(reversed(seals(latest=latest)))
    if last is None:
        return ChainState(shown, waiting)
    return ChainState(shown, waiting, last.at, last.last_number, last.broken_line, last.reason)


def verify(*, expected_head: bytes | None = None, kept: Mapping[int, bytes] | None = None) -> Verdict:
    """Walk the whole chain and name the first line that does not fit.

    Finds a changed payload, a changed, added or removed line, a payload that is missing without a line that says it was
    destroyed, and lines cut off behind a seal. ``kept`` are seals from a copy kept elsewhere (last line -> link): whoever
    writes the whole chain anew, seals and all, is found at the first of them. ``expected_head`` is one head without its
    number (it stands in the log of every seal); it must occur.
    """
    elsewhere = dict(kept or {})
    destroyed = _destroyed()
    link, number, count, head_seen = START, 0, 0, expected_head in {None, START}
    seals = dict(Seal.objects.values_list("last_number", "link"))
    present = Payload.objects.in_bulk  # read by batches below, so that memory stays flat
    lines = Line.objects.filter(number__isnull=False).order_by("number")
    start = 0
    while batch := list(lines.filter(number__gt=start)[:1000]):
        payloads = present([line.pk for line in batch])
        for line in batch:
            number += 1
            count += 1
            if line.number != number:
                return Verdict(count, number, None, f"line {number} is missing from the chain")
            link = link_of(link, number=number, uuid=line.uuid, at=line.at, digest=bytes(line.digest))
            if link != bytes(line.link or b""):
                return Verdict(count, number, line.uuid, "the line does not fit the chain")
            if number in seals and bytes(seals.pop(number)) != link:
                return Verdict(count, number, line.uuid, "the line does not fit its seal")
            if number in elsewhere and elsewhere.pop(number) != link:
                return Verdict(count, number, line.uuid, "the line does not fit the seal that was kept elsewhere")
            head_seen = head_seen or link == expected_head
            reason = _fault(line, payloads.get(line.pk), destroyed)
            if reason:
                return Verdict(count, number, line.uuid, reason)
        start = number
    if seals:
        return Verdict(count, number + 1, None, f"line {number + 1} was sealed and is gone")
    if elsewhere or not head_seen:
        return Verdict(count, number + 1, None, "the chain is shorter than the copy that was kept elsewhere")
    for line in Line.objects.filter(number__isnull=True).order_by("pk").iterator():
        count += 1
        reason = _fault(line, Payload.objects.filter(pk=line.pk).first(), destroyed)
        if reason:
            return Verdict(count, 0, line.uuid, reason)
    return Verdict(count, last_number=number)


def _fault(line: Line, payload: Payload | None, destroyed: set[str]) -> str:
    if payload is None:
        return "" if str(line.uuid) in destroyed else "what the line says is missing, and nothing says it was destroyed"
    if digest_of(bytes(payload.salt), content_of(payload)) != bytes(line.digest):
        return "what the line says was changed"
    return ""


def _destroyed() -> set[str]:
    rows = Payload.objects.filter(kind="audittrail", actie="destroy_trail").values_list("nieuw", flat=True)
    return {uuid for row in rows if row for uuid in row.get("lines", [])}
