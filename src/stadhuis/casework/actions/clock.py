"""The legal clock of a zaak: every event is kept, every computation is a new version."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from stadhuis.audit import public as audit
from stadhuis.casework.errors import (
    CaseworkError,
    DayImpossible,
    EventNotFound,
    EventStandsFast,
    NoEffect,
    NotAllowed,
    NoticeExists,
    ReasonMissing,
    ZaakIsClosed,
)
from stadhuis.casework.guard import item_for_change, standing_in, zaak_for
from stadhuis.casework.models import ClockEvent, DeadlineVersion, WorkItem
from stadhuis.casework.reads import clock_rows, is_counted_notice, penalty_of
from stadhuis.casework.rules import (
    CORRECTABLE,
    PREFIX,
    RETRACTABLE,
    SUSPENSIONS,
    ClockEventRecord,
    in_force,
    law_events,
    open_standstills,
)
from stadhuis.catalogi import public as catalogi
from stadhuis.kit import outages
from stadhuis.kit.rows import insert
from stadhuis.kit.time import AMSTERDAM, now, today
from stadhuis.law import public as law
from stadhuis.messages import public as messages
from stadhuis.people.public import SYSTEM, Actor
from stadhuis.zaken import public as zaken

LATEST = timedelta(days=366)
"""A standstill ends within a year from today: what is typed further away is a typing error."""
EXCLUSIONS: tuple[law.Exclusion, ...] = (
    "onredelijk laat",
    "geen belanghebbende",
    "kennelijk niet-ontvankelijk of ongegrond",
)
"""Why a default notice costs nothing. Source: Awb 4:17 lid 6."""


def term_of(zaaktype: catalogi.ZaaktypeRecord) -> law.Term:
    """Return the term within which must be decided.

    The term of law that the zaaktype names among its trefwoorden (``termijn:woo-4-4``), else its doorlooptijd, else that
    of Awb 4:13.
    """
    named = [word.removeprefix(PREFIX) for word in zaaktype.trefwoorden if word.startswith(PREFIX)]
    for term_id in named:
        found = law.TERMS.get(term_id)
        if found is not None and not found.is_counted_back and not found.is_of_sender:
            return found
    try:
        return law.term_of_duration(zaaktype.doorlooptijd, longest_extension=zaaktype.verlengingstermijn)
    except law.UnknownTerm:
        return law.term("awb-4-13")


def outages_of_the_portal(first: date, last: date) -> list[law.Event]:
    """Return the times in which residents could not reach us on the days from ``first`` up to and including ``last``.

    The one place where outages reach the rules: whoever had to send us something by such a day has longer. An outage that
    lasts is taken to last until today. Source: Awb 2:21 (as in bill 35261).
    """
    start = datetime.combine(first, time.min, tzinfo=AMSTERDAM)
    end = datetime.combine(last + timedelta(days=1), time.min, tzinfo=AMSTERDAM)
    found = [
        (one.channel, one.started_at, one.ended_at)
        for one in outages.between((outages.PORTAL, outages.LOGIN), start, end)
    ]
    return law.outage_events(found, as_of=today())


def bezwaar_deadline(bekendgemaakt: date) -> law.Deadline:
    """Return the last day on which a bezwaar is in time, with the outages that move it. Source: Awb 6:7, 6:8 and 2:21."""
    return law.bezwaar_deadline(bekendgemaakt, _outages_that_count(bekendgemaakt))


def objection_in_time(bekendgemaakt: date, received: date) -> law.InTime:
    """Say whether a bezwaar came in time, with the outages of our own channel. Source: Awb 6:7-6:9 and 2:21; decision 0023.

    Lateness may be excused (6:11); that is for a person to weigh.
    """
    return law.objection_in_time(bekendgemaakt, received, outages=_outages_that_count(bekendgemaakt))


def _outages_that_count(bekendgemaakt: date) -> list[law.Event]:
    # One shortly before the last day is for a person to weigh; one may last beyond it, and the next one may begin on the
    # day it is moved to.
    last = law.last_day_for_bezwaar(bekendgemaakt)
    return outages_of_the_portal(last - law.NEAR_THE_END, max(last, today()))


def recompute_deadline(zaak: zaken.ZaakRecord, *, cause: ClockEvent | None = None, by: Actor = SYSTEM) -> law.Deadline:
    """Compute the deadline anew, keep it as a version, put it on the work item and, after a deed, in the register.

    Call it inside the deed that changed something. Source: Awb 4:13-4:15, Algemene termijnenwet.
    """
    rows = clock_rows(zaak.id)
    answer = _answer(zaak, rows, cause=cause)
    notices = [row.on for row in in_force(rows) if is_counted_notice(row, answer)]
    WorkItem.objects.filter(zaak_id=zaak.id).update(
        deadline=answer.date, notice_on=min(notices, default=None), changed_at=now()
    )
    if cause is not None and zaak.einddatum is None:
        zaken.set_uiterlijke_einddatum(zaak.id, answer.date, by=by)
    return answer


def first_deadline(zaak: zaken.ZaakRecord) -> law.Deadline:
    """Compute the deadline of a zaak that was just made and keep it as its first version. Source: Awb 4:13."""
    return _answer(zaak, (), cause=None)


def _answer(zaak: zaken.ZaakRecord, rows: Sequence[ClockEventRecord], *, cause: ClockEvent | None) -> law.Deadline:
    # Outages do not move our own term; they stand among its reasons, and move those of whoever had to send us something.
    events = [*law_events(rows), *outages_of_the_portal(zaak.startdatum, today())]
    answer = law.decision_deadline(zaak.startdatum, term_of_zaak(zaak), events, as_of=_as_of(events))
    insert(
        DeadlineVersion(
            zaak_id=zaak.id, deadline=answer.date, explanation=answer.as_dict(), computed_at=now(), cause=cause
        )
    )
    return answer


def term_of_zaak(zaak: zaken.ZaakRecord) -> law.Term:
    """Return the term of a zaak, by its zaaktype."""
    return term_of(catalogi.zaaktype_by_id(zaak.zaaktype_id))


def _as_of(events: list[law.Event]) -> date | None:
    lasting = any(event.kind in SUSPENSIONS and event.until is None for event in events)
    return today() if lasting else None


def recompute_lasting() -> int:
    """Compute the deadline of open zaken anew in which a delay without an end lasts; returns how many days moved.

    For the nightly job: each of them in a transaction of its own. Twice on a day changes nothing.
    """
    zaak_ids = list(
        ClockEvent.objects.filter(
            kind=law.EventKind.FORCE_MAJEURE.value,
            until__isnull=True,
            is_withdrawn=False,
            replaced_by__isnull=True,
            zaak__einddatum__isnull=True,
        )
        .order_by("zaak_id")
        .values_list("zaak_id", flat=True)
        .distinct()
    )
    moved = 0
    for zaak_id in zaak_ids:
        with transaction.atomic():
            item = item_for_change(zaak_id)
            zaak = zaken.zaak_by_id(zaak_id)
            events = law_events(clock_rows(zaak_id))
            answer = law.decision_deadline(zaak.startdatum, term_of_zaak(zaak), events, as_of=_as_of(events))
            if answer.date != item.deadline:
                recompute_deadline(zaak)
                moved += 1
    return moved


def _for_clock(zaak_uuid: UUID, *, by: Actor) -> zaken.ZaakRecord:
    """Return the zaak, its work item locked: two people who enter something at once do it one after the other."""
    zaak = zaak_for(zaak_uuid, "zaak.behandelen", by=by)
    item_for_change(zaak.id)
    return zaken.zaak_by_uuid(zaak_uuid, seen_by=by)


@transaction.atomic
def suspend_term(
    zaak_uuid: UUID, kind: law.EventKind, *, until: date | None, reason: str, by: Actor, since: date | None = None
) -> date:
    """Let the clock stand still, for one of ``SUSPENSIONS``; returns the new deadline.

    ``since`` is the day of the invitation (the clock stops the day after), else the first day of the standstill; today
    when it is left out. Raises ``NotAllowed``, ``ZaakIsClosed``, ``DayImpossible``, ``NoEffect``, ``CaseworkError``.
    """
    zaak = _for_clock(zaak_uuid, by=by)
    by = standing_in(by, zaak)
    if kind not in SUSPENSIONS:
        raise CaseworkError(_("Kies waarom de termijn stilstaat."))
    if kind not in law.REGIMES[term_of_zaak(zaak).regime]:
        raise CaseworkError(_("De wet kent deze reden niet voor deze termijn."))
    if any(row.kind is kind for row in open_standstills(clock_rows(zaak.id))):
        raise CaseworkError(_("De termijn staat om deze reden al stil."))
    day = since or today()
    _check_days(zaak, kind, day, until)
    if not zaak.opschorting_indicatie:
        zaken.suspend(zaak.id, reden=reason[:200], by=by)
    return _happened(zaak, kind, on=day, until=until, reason=reason, by=by)


@transaction.atomic
def resume_term(zaak_uuid: UUID, *, reason: str = "", by: Actor, on: date | None = None) -> date:
    """Let the clock run again from a day (today): the supplement came in, or the reason is over; returns the new deadline.

    Source: Awb 4:15 lid 1 and lid 4.
    """
    zaak = _for_clock(zaak_uuid, by=by)
    by = standing_in(by, zaak)
    if not zaak.opschorting_indicatie:
        raise CaseworkError(_("De termijn staat niet stil."))
    day = on or today()
    standing = open_standstills(clock_rows(zaak.id))
    if day > today():
        raise DayImpossible(_("Deze dag ligt in de toekomst."))
    if any(day < row.on for row in standing):
        raise DayImpossible(_("Deze dag ligt voor de dag waarop de termijn stil ging staan."))
    if not standing:  # another application of the register let it stand still
        zaken.resume(zaak.id, by=by)
    deadline = None
    for row in standing:
        kind = law.EventKind.SUPPLEMENTED if row.kind is law.EventKind.INVITED else law.EventKind.RESUMED
        deadline = _happened(zaak, kind, on=day, until=None, reason=reason, by=by, ends_id=row.id)
    return deadline or recompute_deadline(zaak).date


@transaction.atomic
def extend_term(zaak_uuid: UUID, *, weeks: int, reason: str, by: Actor) -> date:
    """Extend the term by whole weeks, told to the applicant (Awb 4:14); returns the new deadline.

    Raises ``NoEffect`` when the term has passed or the law allows no such extension.
    """
    zaak = _for_clock(zaak_uuid, by=by)
    by = standing_in(by, zaak)
    zaken.extend(zaak.id, duur=f"P{weeks * 7}D", reden=reason, by=by)
    return _happened(
        zaak, law.EventKind.EXTENDED, on=today(), until=None, reason=reason, by=by, length=weeks, unit="weeks"
    )


@transaction.atomic
def record_default_notice(
    zaak_uuid: UUID, *, received: date, reason: str = "", exclusion: str = "", by: Actor
) -> date | None:
    """Write down that the applicant put us in default (ingebrekestelling); returns the first day of the penalty.

    None when nothing will be owed: the notice came before the end of the term, the law excludes the penalty, or
    ``exclusion`` (one of ``EXCLUSIONS``) does. Raises ``NotAllowed``, ``ZaakIsClosed``, ``DayImpossible``.
    Source: Awb 4:17.
    """
    zaak = _for_clock(zaak_uuid, by=by)
    by = standing_in(by, zaak)
    _check_days(zaak, law.EventKind.DEFAULT_NOTICE, received, None)
    if exclusion and exclusion not in EXCLUSIONS:
        raise CaseworkError(_("Kies of er een reden is waarom er geen dwangsom is."))
    if any(row.kind is law.EventKind.DEFAULT_NOTICE and row.on == received for row in in_force(clock_rows(zaak.id))):
        raise DayImpossible(_("Deze ingebrekestelling staat er al."))
    _note(zaak, "ingebrekestelling ontvangen", after={"op": received.isoformat(), "uitzondering": exclusion}, by=by)
    row = _keep(zaak, law.EventKind.DEFAULT_NOTICE, on=received, until=None, reason=reason, by=by, exclusion=exclusion)
    recompute_deadline(zaak, cause=row, by=by)
    owed = penalty_of(zaak.id)
    return owed.first_day if owed else None


@transaction.atomic
def give_default_notice(zaak_uuid: UUID, *, by: Actor) -> messages.ReceiptRecord:
    """Take the default notice that an applicant sends through the portal, as received today; returns the receipt.

    Raises ``zaken.ZaakNotFound`` (also for a zaak of someone else), ``NotAllowed`` for who is no resident or company,
    ``ZaakIsClosed``, ``NoEffect`` before the last day has passed, ``NoticeExists``. Source: Awb 4:17 lid 3; receipt: Wmebv.
    """
    if by.kind not in ("resident", "company"):
        raise NotAllowed
    zaak = zaken.zaak_by_uuid(zaak_uuid, seen_by=by)
    if zaak.einddatum is not None:
        raise ZaakIsClosed
    item = item_for_change(zaak.id)
    if item.deadline is None or today() <= item.deadline:
        raise NoEffect(_("Wij zijn nog niet te laat. U kunt ons nu nog niet in gebreke stellen."))
    if item.notice_on is not None:
        raise NoticeExists
    _note(zaak, "ingebrekestelling ontvangen", after={"op": today().isoformat(), "via": "portaal"}, by=by)
    row = _keep(
        zaak, law.EventKind.DEFAULT_NOTICE, on=today(), until=None, reason=_("Verstuurd via Mijn zaken."), by=by
    )
    recompute_deadline(zaak, cause=row)
    return messages.give_receipt(
        zaak_uuid=zaak.uuid,
        zaak_identificatie=zaak.identificatie,
        to=by.acting_for or by,
        subject=_("Ingebrekestelling"),
        files=[],
        received_at=row.recorded_at,
    )


@transaction.atomic
def record_objected_decision(zaak_uuid: UUID, *, announced: date, by: Actor) -> date:
    """Write down when the decision that a bezwaar is against was made known; returns the new deadline.

    Raises ``CaseworkError`` for a zaak that is no bezwaar or in which it was entered. Source: Awb 7:10 lid 1.
    """
    zaak = _for_clock(zaak_uuid, by=by)
    by = standing_in(by, zaak)
    if term_of_zaak(zaak).regime != "awb-7-10":
        raise CaseworkError(_("Deze zaak is geen bezwaar."))
    if any(row.kind is law.EventKind.OBJECTED_TO for row in in_force(clock_rows(zaak.id))):
        raise CaseworkError(_("Deze dag is al ingevuld. Verbeter die bij 'Wat er gebeurde'."))
    _check_days(zaak, law.EventKind.OBJECTED_TO, announced, None)
    _note(zaak, "dag van het bestreden besluit", after={"op": announced.isoformat()}, by=by)
    return _happened(zaak, law.EventKind.OBJECTED_TO, on=announced, until=None, reason="", by=by)


@transaction.atomic
def correct_event(
    zaak_uuid: UUID,
    event_id: int,
    *,
    on: date,
    until: date | None,
    reason: str,
    by: Actor,
    exclusion: str | None = None,
) -> date:
    """Enter something again with other days; the old entry and the answer that rested on it stay. Returns the deadline.

    Raises ``EventNotFound``, ``EventStandsFast``, ``ReasonMissing``, ``DayImpossible``, ``NoEffect``, ``NotAllowed``,
    ``ZaakIsClosed``.
    """
    zaak = _for_clock(zaak_uuid, by=by)
    by = standing_in(by, zaak)
    old = _standing_event(zaak, event_id, CORRECTABLE)
    if not reason.strip():
        raise ReasonMissing
    if exclusion and exclusion not in EXCLUSIONS:
        raise CaseworkError(_("Kies of er een reden is waarom er geen dwangsom is."))
    if old.kind not in SUSPENSIONS:
        until = None
    _check_days(zaak, old.kind, on, until)
    _note(
        zaak,
        "termijn verbeterd",
        before=_days(old.kind, old.on, old.until),
        after=_days(old.kind, on, until),
        reason=reason,
        by=by,
    )
    return _happened(
        zaak,
        old.kind,
        on=on,
        until=until,
        reason=reason,
        by=by,
        ends_id=old.ends,
        exclusion=old.exclusion if exclusion is None else exclusion,
        replaces_id=old.id,
    )


@transaction.atomic
def withdraw_event(zaak_uuid: UUID, event_id: int, *, reason: str, by: Actor) -> date:
    """Take back what was entered by mistake; it stays to be seen but no longer counts. Returns the deadline.

    Raises as ``correct_event``.
    """
    zaak = _for_clock(zaak_uuid, by=by)
    by = standing_in(by, zaak)
    old = _standing_event(zaak, event_id, RETRACTABLE)
    if not reason.strip():
        raise ReasonMissing
    _note(zaak, "termijn: ingetrokken", before=_days(old.kind, old.on, old.until), reason=reason, by=by)
    if old.kind is law.EventKind.EXTENDED:
        zaken.withdraw_extension(zaak.id, by=by)
    row = _keep(zaak, old.kind, on=old.on, until=old.until, reason=reason, by=by, replaces_id=old.id, is_withdrawn=True)
    _follow_standstills(zaak, old.kind, by=by)
    return recompute_deadline(zaak, cause=row, by=by).date


def decision_announced(zaak: zaken.ZaakRecord, day: date, *, by: Actor) -> None:
    """Write down that the decision was made known, which ends a penalty. Within the deed that sends it. Awb 3:41."""
    row = _keep(zaak, law.EventKind.ANNOUNCED, on=day, until=None, reason="", by=by)
    recompute_deadline(zaak, cause=row, by=by)


def _standing_event(zaak: zaken.ZaakRecord, event_id: int, kinds: frozenset[law.EventKind]) -> ClockEventRecord:
    found = next((row for row in in_force(clock_rows(zaak.id)) if row.id == event_id), None)
    if found is None:
        raise EventNotFound
    if found.kind not in kinds:
        raise EventStandsFast
    return found


def _check_days(zaak: zaken.ZaakRecord, kind: law.EventKind, on: date, until: date | None) -> None:
    day = today()
    if kind is law.EventKind.OBJECTED_TO:
        if on > zaak.startdatum:
            raise DayImpossible(_("Deze dag ligt na de dag waarop wij het bezwaar kregen."))
        if on.year < 1994:
            raise DayImpossible(_("Deze dag ligt te ver terug."))
        return
    if on < zaak.startdatum:
        raise DayImpossible(_("Deze dag ligt voor de dag waarop wij de aanvraag kregen."))
    # Who agrees to a delay may agree to one that begins later.
    if on > (day + LATEST if kind is law.EventKind.CONSENT_TO_DELAY else day):
        raise DayImpossible(_("Deze dag ligt in de toekomst."))
    if kind in SUSPENSIONS and until is None and kind is not law.EventKind.FORCE_MAJEURE:
        raise DayImpossible(_("Vul in tot en met welke dag de termijn stilstaat."), "tot")
    if until is not None and until < on:
        raise DayImpossible(_("De laatste dag ligt voor de eerste dag."), "tot")
    if until is not None and until > day + LATEST:
        raise DayImpossible(_("De laatste dag ligt te ver weg."), "tot")


def record_event_of_intake(zaak: zaken.ZaakRecord, kind: law.EventKind, *, on: date) -> date:
    """Enter what followed from how a zaak came in; returns the new deadline. For the transaction in which it came in."""
    return _happened(zaak, kind, on=on, until=None, reason="", by=SYSTEM)


def _happened(zaak: zaken.ZaakRecord, kind: law.EventKind, *, by: Actor, **values: Any) -> date:
    row = _keep(zaak, kind, by=by, **values)
    _follow_standstills(zaak, kind, by=by)
    try:
        answer = recompute_deadline(zaak, cause=row, by=by)
    except law.LawError as error:
        raise CaseworkError(str(error)) from error
    _refuse_without_effect(kind, row.on, answer)
    return answer.date


def _refuse_without_effect(kind: law.EventKind, on: date, answer: law.Deadline) -> None:
    """Raise ``NoEffect`` when the law gives what was just entered no effect: the transaction takes it back."""
    at_once = {step.code for step in answer.steps if step.start == on}
    if kind is law.EventKind.EXTENDED and "extension-not-allowed" in at_once:
        raise NoEffect(_("De wet staat deze verlenging niet toe: hij is te lang, of de termijn is al verlengd."))
    if kind in (*SUSPENSIONS, law.EventKind.EXTENDED) and "no-effect-too-late" in at_once:
        raise NoEffect(_("De termijn is op die dag al voorbij. Dit kan hem niet meer veranderen."))


def _keep(
    zaak: zaken.ZaakRecord,
    kind: law.EventKind,
    *,
    on: date,
    until: date | None,
    reason: str,
    by: Actor,
    length: int | None = None,
    unit: str = "",
    ends_id: int | None = None,
    exclusion: str = "",
    replaces_id: int | None = None,
    is_withdrawn: bool = False,
) -> ClockEvent:
    return ClockEvent.objects.create(
        zaak_id=zaak.id,
        kind=kind.value,
        on=on,
        until=until,
        length=length,
        unit=unit,
        ends_id=ends_id,
        exclusion=exclusion,
        replaces_id=replaces_id,
        is_withdrawn=is_withdrawn,
        reason=reason.strip()[:400],
        by=by.key,
        by_label=(by.user_label or by.label)[:200],
        recorded_at=now(),
    )


def _follow_standstills(zaak: zaken.ZaakRecord, kind: law.EventKind, *, by: Actor) -> None:
    """Let the register say that handling stands still exactly while a standstill is open, after a deed about one."""
    if kind not in (*SUSPENSIONS, law.EventKind.SUPPLEMENTED, law.EventKind.RESUMED):
        return
    standing = open_standstills(clock_rows(zaak.id))
    is_still = zaken.zaak_by_id(zaak.id).opschorting_indicatie
    if standing and not is_still:
        zaken.suspend(zaak.id, reden=standing[-1].reason[:200], by=by)
    elif not standing and is_still:
        zaken.resume(zaak.id, by=by)


def _days(kind: law.EventKind, on: date, until: date | None) -> dict[str, str]:
    days = {"wat": kind.value, "op": on.isoformat()}
    return days | {"tot": until.isoformat()} if until else days


def _note(
    zaak: zaken.ZaakRecord,
    action: str,
    *,
    by: Actor,
    before: dict[str, str] | None = None,
    after: dict[str, str] | None = None,
    reason: str = "",
) -> None:
    audit.record(
        action,
        about=zaak.uuid,
        kind="zaak",
        resource="termijn",
        resource_id=zaak.uuid,
        by=by,
        before=before,
        after=after,
        reason=reason,
    )
