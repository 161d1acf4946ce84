"""Questions about what happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from stadhuis.audit.actions import content_of
from stadhuis.audit.models import Line, Payload, Processing, Seal
from stadhuis.audit.rules import START, digest_of, link_of
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
        oud=payload.oud,
        nieuw=payload.nieuw,
    )


def trail_of(about: UUID, *, latest: int | None = None) -> list[TrailRecord]:
    """Return the trail of an object, or its latest lines, oldest first. One statement.

    Empty when there is none or it was destroyed.
    """
    rows = Payload.objects.filter(about=about).select_related("line")
    if latest is None:
        return [_record(row) for row in rows.order_by("line_id")]
    return [_record(row) for row in reversed(rows.order_by("-line_id")[:latest])]


def trail_line(about: UUID, line: UUID) -> TrailRecord | None:
    """Return one line of the trail of an object, or None."""
    row = Payload.objects.filter(about=about, line__uuid=line).select_related("line").first()
    return _record(row) if row else None


def processing_of(person_id: int, *, limit: int = 500) -> list[ProcessingRecord]:
    """Return who used a person's data for what, newest first."""
    rows = Processing.objects.filter(subjects__contains=[people.person_uuid(person_id)]).order_by("-started_at", "-id")
    return [
        ProcessingRecord(row.operation_id, row.activity_id, row.about, row.party, row.status, row.started_at)
        for row in rows[:limit]
    ]


def verify(*, expected_head: bytes | None = None) -> Verdict:
    """Walk the whole chain and name the first line that does not fit.

    Finds a changed payload, a changed, added or removed line, a payload that is missing without a line that says it was
    destroyed, and lines cut off behind a seal. ``expected_head`` is a head kept outside (it stands in the log of every
    seal): it must occur in the chain, so that cutting off seals and lines together is found too.
    """
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
            head_seen = head_seen or link == expected_head
            reason = _fault(line, payloads.get(line.pk), destroyed)
            if reason:
                return Verdict(count, number, line.uuid, reason)
        start = number
    if seals:
        return Verdict(count, number + 1, None, f"line {number + 1} was sealed and is gone")
    if not head_seen:
        return Verdict(count, number + 1, None, "the head kept outside does not occur in the chain")
    for line in Line.objects.filter(number__isnull=True).order_by("pk").iterator():
        count += 1
        reason = _fault(line, Payload.objects.filter(pk=line.pk).first(), destroyed)
        if reason:
            return Verdict(count, 0, line.uuid, reason)
    return Verdict(count)


def _fault(line: Line, payload: Payload | None, destroyed: set[str]) -> str:
    if payload is None:
        return "" if str(line.uuid) in destroyed else "what the line says is missing, and nothing says it was destroyed"
    if digest_of(bytes(payload.salt), content_of(payload)) != bytes(line.digest):
        return "what the line says was changed"
    return ""


def _destroyed() -> set[str]:
    rows = Payload.objects.filter(kind="audittrail", actie="destroy_trail").values_list("nieuw", flat=True)
    return {uuid for row in rows if row for uuid in row.get("lines", [])}
