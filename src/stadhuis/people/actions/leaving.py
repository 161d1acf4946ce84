"""Leaving, staying away, and guests: what ends when, and who looks after the work."""

from __future__ import annotations

import logging
from datetime import date, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from stadhuis.kit.time import now, today
from stadhuis.people.actions import links
from stadhuis.people.actions.factors import forget_devices_of
from stadhuis.people.actions.register import end_sessions_of
from stadhuis.people.actor import SYSTEM, Actor
from stadhuis.people.errors import NotKnown, WrongInput
from stadhuis.people.facts import ACCOUNT_CHANGED, MAIL_WANTED, STAFF_LEFT, AccountChanged, MailWanted, StaffLeft
from stadhuis.people.models import Absence, Medewerker
from stadhuis.people.rules import renewed_until

log = logging.getLogger(__name__)
REMIND_DAYS = 14
MAX_ABSENCE_DAYS = 730


def _for_change(medewerker_id: int) -> Medewerker:
    row = Medewerker.objects.select_for_update().filter(pk=medewerker_id).first()
    if row is None:
        raise NotKnown(f"no medewerker {medewerker_id}")
    return row


# -- Leaving ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def set_leaving_date(
    medewerker_id: int, day: date | None, *, by: Actor, successor_id: int | None = None, reason: str = ""
) -> None:
    """Set or take back the first day without access, and who gets the open work. Raises ``WrongInput`` and ``NotKnown``.

    A day that has come ends everything at once, in this transaction; a day to come, within a minute of midnight. What was
    ended does not come back by itself when the date is taken back.
    """
    medewerker = _for_change(medewerker_id)
    if by.kind == "staff" and by.pk == medewerker_id:
        raise WrongInput("dag", "own")
    if day is None and medewerker.is_guest:
        raise WrongInput("dag", "guest")
    if day is not None and (day < date(2000, 1, 1) or day > today() + timedelta(days=3660)):
        raise WrongInput("dag", "far")
    if successor_id is not None:
        successor = Medewerker.objects.filter(pk=successor_id, is_guest=False).exclude(pk=medewerker_id).first()
        if successor is None or not successor.works_here or day is None:
            raise WrongInput("opvolger", "missing")
    before = {"dag": medewerker.leaving_date}
    medewerker.leaving_date, medewerker.successor_id, medewerker.left_at = day, successor_id, None
    medewerker.save(update_fields=["leaving_date", "successor", "left_at"])
    ACCOUNT_CHANGED.announce(
        AccountChanged(
            "laatste dag gezet" if day else "laatste dag ingetrokken", medewerker.uuid, by, before=before,
            after={"dag": day, "opvolger": medewerker.successor.username if medewerker.successor else None}, reason=reason,
        )
    )  # fmt: skip
    if day is not None and day <= today():
        _end_everything(medewerker)


def let_go(medewerker_id: int, *, leaving_date: date | None = None) -> None:
    """Set the first day without access (today when not given), by the system itself. Raises ``NotKnown``."""
    set_leaving_date(medewerker_id, leaving_date or today(), by=SYSTEM)


def end_of_who_left(*, limit: int = 100) -> int:
    """End everything of those whose leaving date has come; returns of how many. Each in a transaction of their own."""
    waiting = Medewerker.objects.filter(leaving_date__lte=today(), left_at__isnull=True).order_by("pk")
    done = 0
    for medewerker_id in list(waiting.values_list("pk", flat=True)[:limit]):
        try:
            with transaction.atomic():
                rows = Medewerker.objects.select_for_update(skip_locked=True, of=("self",))
                row = rows.filter(pk=medewerker_id, leaving_date__lte=today(), left_at__isnull=True).first()
                if row is not None:
                    _end_everything(row)
                    done += 1
        except Exception:
            # One person whose work cannot be handed on must not keep the others' access open; log-in is shut already.
            log.exception("leaving is not finished", extra={"medewerker": medewerker_id})
            with transaction.atomic():
                end_sessions_of(medewerker_id, reason="left")
                links.end_links_of(medewerker_id)
    return done


def _end_everything(medewerker: Medewerker) -> None:
    day = medewerker.leaving_date
    assert day is not None
    ended = {
        "sessies": end_sessions_of(medewerker.pk, reason="left"),
        "links": links.end_links_of(medewerker.pk),
        "gasten": _end_guests_of(medewerker),
    }
    forget_devices_of(medewerker.pk)
    Absence.objects.filter(replacement=medewerker, last_day__gte=day, cancelled_at__isnull=True).update(
        replacement=None
    )
    Medewerker.objects.filter(pk=medewerker.pk).update(left_at=now())
    STAFF_LEFT.announce(StaffLeft(medewerker.pk, day, medewerker.successor_id))
    ACCOUNT_CHANGED.announce(AccountChanged("toegang beëindigd", medewerker.uuid, SYSTEM, after=ended))


def _end_guests_of(sponsor: Medewerker) -> int:
    """Let the successor look after the guests of who left; without one their access ends with that of the sponsor."""
    guests = Medewerker.objects.select_for_update().filter(sponsor=sponsor, leaving_date__gt=today())
    if sponsor.successor_id is not None:
        guests.update(sponsor_id=sponsor.successor_id, reminded_for=None)
        return 0
    found = list(guests)
    for guest in found:
        guest.leaving_date = today()
        guest.save(update_fields=["leaving_date"])
        _end_everything(guest)
    return len(found)


# -- Guests -------------------------------------------------------------------------------------------------------------


@transaction.atomic
def renew_guest(guest: UUID, *, by: Actor) -> date:
    """Let a guest of one's own stay three months longer; returns until when. Raises ``NotKnown`` and ``WrongInput``.

    Who left already does not come back by this: an administrator adds them again.
    """
    row = Medewerker.objects.select_for_update(of=("self",)).filter(uuid=guest, is_guest=True, sponsor_id=by.pk).first()
    if row is None or by.kind != "staff" or row.leaving_date is None:
        raise NotKnown("no such guest of theirs")
    if not row.works_here:
        raise WrongInput("gast", "left")
    before, row.leaving_date = row.leaving_date, renewed_until(row.leaving_date, today=today())
    if row.leaving_date <= before:
        raise WrongInput("gast", "far")
    row.save(update_fields=["leaving_date"])
    ACCOUNT_CHANGED.announce(
        AccountChanged("gast verlengd", row.uuid, by, before={"tot": before}, after={"tot": row.leaving_date})
    )
    return row.leaving_date


@transaction.atomic
def end_guest(guest: UUID, *, by: Actor) -> None:
    """End the access of a guest of one's own today. Raises ``NotKnown``."""
    row = Medewerker.objects.select_for_update(of=("self",)).filter(uuid=guest, is_guest=True, sponsor_id=by.pk).first()
    if row is None or by.kind != "staff" or not row.works_here:
        raise NotKnown("no such guest of theirs")
    before, row.leaving_date, row.left_at = row.leaving_date, today(), None
    row.save(update_fields=["leaving_date", "left_at"])
    ACCOUNT_CHANGED.announce(AccountChanged("gast beëindigd", row.uuid, by, before={"tot": before}))
    _end_everything(row)


@transaction.atomic
def remind_sponsors() -> int:
    """Mail every sponsor once per end date of a guest, two weeks ahead; returns how many mails. One mail per guest."""
    soon = today() + timedelta(days=REMIND_DAYS)
    rows = Medewerker.objects.select_for_update(skip_locked=True, of=("self",)).select_related("sponsor")
    sent = 0
    for guest in rows.filter(is_guest=True, leaving_date__gt=today(), leaving_date__lte=soon).order_by("pk"):
        if guest.reminded_for == guest.leaving_date or guest.sponsor is None or not guest.sponsor.works_here:
            continue
        guest.reminded_for = guest.leaving_date
        guest.save(update_fields=["reminded_for"])
        MAIL_WANTED.announce(MailWanted(guest.sponsor.email, "staff_guest_ends", guest.uuid))
        sent += 1
    return sent


# -- Absence ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_absence(medewerker_id: int, first_day: date, last_day: date, *, replacement_id: int | None, by: Actor) -> UUID:
    """Write down that somebody is away on these days, and who looks after their work. Raises ``WrongInput``."""
    medewerker = _for_change(medewerker_id)
    if last_day < first_day:
        raise WrongInput("tot", "backward")
    if last_day < today():
        raise WrongInput("tot", "past")
    if last_day > first_day + timedelta(days=MAX_ABSENCE_DAYS) or first_day > today() + timedelta(
        days=MAX_ABSENCE_DAYS
    ):
        raise WrongInput("tot", "far")
    if replacement_id is not None:
        replacement = Medewerker.objects.filter(pk=replacement_id, is_guest=False).exclude(pk=medewerker_id).first()
        if replacement is None or not replacement.works_here:
            raise WrongInput("vervanger", "missing")
    try:
        with transaction.atomic():
            row = Absence.objects.create(
                medewerker=medewerker,
                replacement_id=replacement_id,
                first_day=first_day,
                last_day=last_day,
                made_by=by.key,
                made_at=now(),
            )
    except IntegrityError:
        raise WrongInput("van", "overlap") from None
    after = {"van": first_day, "tot en met": last_day, "vervanger": row.replacement and row.replacement.username}
    ACCOUNT_CHANGED.announce(AccountChanged("afwezigheid vastgelegd", medewerker.uuid, by, after=after))
    return row.uuid


@transaction.atomic
def cancel_absence(medewerker_id: int, absence: UUID, *, by: Actor) -> None:
    """Take an absence back: one to come disappears, one that runs ends today. Raises ``NotKnown``."""
    rows = Absence.objects.select_for_update(of=("self",)).select_related("medewerker")
    row = rows.filter(
        medewerker_id=medewerker_id, uuid=absence, cancelled_at__isnull=True, last_day__gte=today()
    ).first()
    if row is None:
        raise NotKnown("no such absence")
    if row.first_day < today():
        row.last_day = today() - timedelta(days=1)
    else:
        row.cancelled_at = now()
    row.save(update_fields=["last_day", "cancelled_at"])
    ACCOUNT_CHANGED.announce(AccountChanged("afwezigheid ingetrokken", row.medewerker.uuid, by))
