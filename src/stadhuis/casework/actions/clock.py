"""The legal clock of a zaak: every event is kept, every computation is a new version."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from stadhuis.casework.errors import CaseworkError
from stadhuis.casework.guard import standing_in, zaak_for
from stadhuis.casework.models import ClockEvent, DeadlineVersion, WorkItem
from stadhuis.catalogi import public as catalogi
from stadhuis.kit.time import now, today
from stadhuis.law import public as law
from stadhuis.people.public import Actor
from stadhuis.zaken import public as zaken


def term_of(zaaktype: catalogi.ZaaktypeRecord) -> law.Term:
    """Return the term within which must be decided: the doorlooptijd of the zaaktype, else that of Awb 4:13."""
    try:
        return law.term_of_duration(zaaktype.doorlooptijd)
    except law.UnknownTerm:
        return law.term("awb-4-13")


def events_of(zaak_id: int) -> list[law.Event]:
    """Return what happened to the clock of a zaak."""
    return [
        law.Event(law.EventKind(row.kind), row.on, row.until, row.length, row.unit or None)  # type: ignore[arg-type]
        for row in ClockEvent.objects.filter(zaak_id=zaak_id).order_by("on", "pk")
    ]


def recompute_deadline(zaak: zaken.ZaakRecord) -> date:
    """Compute the deadline anew, keep it as a version and put it on the work item; returns it.

    Call it inside the deed that changed something. Source: Awb 4:13-4:15, Algemene termijnenwet.
    """
    zaaktype = catalogi.zaaktype_by_id(zaak.zaaktype_id)
    events = events_of(zaak.id)
    as_of = today() if any(event.until is None for event in events) else None
    answer = law.decision_deadline(zaak.startdatum, term_of(zaaktype), events, as_of=as_of)
    DeadlineVersion.objects.create(
        zaak_id=zaak.id, deadline=answer.date, explanation=answer.as_dict(), computed_at=now()
    )
    WorkItem.objects.filter(zaak_id=zaak.id).update(deadline=answer.date, changed_at=now())
    return answer.date


SUSPENSIONS = (law.EventKind.INVITED, law.EventKind.CONSENT_TO_DELAY, law.EventKind.FORCE_MAJEURE)
"""Why staff may let the clock stand still. Source: Awb 4:15 lid 1 onder a, lid 2 onder a and c."""


@transaction.atomic
def suspend_term(zaak_uuid: UUID, kind: law.EventKind, *, until: date | None, reason: str, by: Actor) -> date:
    """Let the clock stand still from tomorrow, for one of ``SUSPENSIONS``; returns the new deadline.

    Raises ``NotAllowed``, ``ZaakIsClosed``, ``CaseworkError`` when the dates cannot be.
    """
    zaak = zaak_for(zaak_uuid, "zaak.behandelen", by=by)
    by = standing_in(by, zaak)
    if kind not in SUSPENSIONS:
        raise CaseworkError(_("Kies waarom de termijn stilstaat."))
    if zaak.opschorting_indicatie:
        raise CaseworkError(_("De termijn staat al stil."))
    if until is None and kind is not law.EventKind.FORCE_MAJEURE:
        raise CaseworkError(_("Vul in tot en met welke dag de termijn stilstaat."))
    zaken.suspend(zaak.id, reden=reason[:200], by=by)
    return _happened(zaak, kind, until=until, reason=reason, by=by)


@transaction.atomic
def resume_term(zaak_uuid: UUID, *, reason: str = "", by: Actor) -> date:
    """Let the clock run again from today: the supplement came in, or the reason is over; returns the new deadline.

    Source: Awb 4:15 lid 1 and lid 4.
    """
    zaak = zaak_for(zaak_uuid, "zaak.behandelen", by=by)
    by = standing_in(by, zaak)
    if not zaak.opschorting_indicatie:
        raise CaseworkError(_("De termijn staat niet stil."))
    latest = (
        ClockEvent.objects.filter(zaak_id=zaak.id, kind__in=[kind.value for kind in SUSPENSIONS])
        .order_by("-pk")
        .first()
    )
    invited = latest is not None and latest.kind == law.EventKind.INVITED.value
    zaken.resume(zaak.id, by=by)
    kind = law.EventKind.SUPPLEMENTED if invited else law.EventKind.RESUMED
    return _happened(zaak, kind, until=None, reason=reason, by=by)


@transaction.atomic
def extend_term(zaak_uuid: UUID, *, weeks: int, reason: str, by: Actor) -> date:
    """Extend the term by whole weeks, told to the applicant (Awb 4:14); returns the new deadline."""
    zaak = zaak_for(zaak_uuid, "zaak.behandelen", by=by)
    by = standing_in(by, zaak)
    zaken.extend(zaak.id, duur=f"P{weeks * 7}D", reden=reason, by=by)
    return _happened(zaak, law.EventKind.EXTENDED, until=None, reason=reason, by=by, length=weeks, unit="weeks")


def _happened(
    zaak: zaken.ZaakRecord,
    kind: law.EventKind,
    *,
    until: date | None,
    reason: str,
    by: Actor,
    length: int | None = None,
    unit: str = "",
) -> date:
    ClockEvent.objects.create(
        zaak_id=zaak.id,
        kind=kind.value,
        on=today(),
        until=until,
        length=length,
        unit=unit,
        reason=reason[:400],
        by=by.key,
        recorded_at=now(),
    )
    try:
        return recompute_deadline(zaak)
    except law.LawError as error:
        raise CaseworkError(str(error)) from error
