"""The account of a member of staff: adding somebody, the first use, passwords, sessions, and what an administrator does."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from stadhuis.kit.time import now, today
from stadhuis.people import sessions
from stadhuis.people.actions import links
from stadhuis.people.actions.factors import actor_for, forget_devices_of, tell
from stadhuis.people.actions.register import end_sessions_of, place, tell_of_new
from stadhuis.people.actor import Actor
from stadhuis.people.errors import NotKnown, WrongInput
from stadhuis.people.facts import ACCOUNT_CHANGED, AccountChanged
from stadhuis.people.models import (
    AccountLink,
    LoginSession,
    Medewerker,
    Passkey,
    RecoveryCode,
    StaffMeans,
    Totp,
    UnitPeriod,
)
from stadhuis.people.rules import PasswordFault, guest_end_fault, password_fault


@dataclass(frozen=True)
class NewMedewerker:
    """Somebody who is to be added. With ``sponsor_id`` it is a guest, who needs a purpose and an end date."""

    username: str
    naam: str = field(repr=False)
    email: str = field(repr=False)
    unit_id: int | None
    functie: str = ""
    sponsor_id: int | None = None
    purpose: str = ""
    end: date | None = None
    is_guest: bool = False


def faults_of(new: NewMedewerker, *, besides: int | None = None) -> list[WrongInput]:
    """Return everything that is wrong with somebody who is to be added or changed (``besides`` is then their own id)."""
    faults = []

    def wrong(field: str, code: str) -> None:
        faults.append(WrongInput(field, code))

    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{1,59}", new.username):
        wrong("username", "shape")
    elif Medewerker.objects.filter(username=new.username).exclude(pk=besides or 0).exists():
        wrong("username", "taken")
    if not new.naam.strip() or len(new.naam) > 200 or "\x00" in new.naam:
        wrong("naam", "missing")
    if not is_mail_address(new.email):
        wrong("email", "shape")
    elif Medewerker.objects.filter(email__iexact=new.email).exclude(pk=besides or 0).exists():
        wrong("email", "taken")
    if new.unit_id is None or not _is_open_unit(new.unit_id):
        wrong("unit", "missing")
    if len(new.functie) > 200:
        wrong("functie", "long")
    if new.is_guest:
        sponsor = Medewerker.objects.filter(pk=new.sponsor_id or 0, is_guest=False).first()
        if sponsor is None or not sponsor.works_here:
            wrong("sponsor", "missing")
        if not new.purpose.strip() or len(new.purpose) > 500:
            wrong("purpose", "missing")
        if end_fault := guest_end_fault(new.end, today=today()):
            wrong("end", end_fault)
    return faults


def is_mail_address(text: str) -> bool:
    """Return whether a text is a mail address we can use."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254


def _is_open_unit(unit_id: int) -> bool:
    periods = UnitPeriod.objects.filter(unit_id=unit_id, valid_from__lte=today())
    return periods.filter(valid_to__isnull=True).exists() or periods.filter(valid_to__gt=today()).exists()


@transaction.atomic
def invite(new: NewMedewerker, *, by: Actor) -> int:
    """Add somebody without a password and mail them a link for the first use. Returns the id.

    Raises the first ``WrongInput``; ``faults_of`` gives them all.
    """
    faults = faults_of(new)
    if faults or new.unit_id is None:
        raise faults[0]
    medewerker = Medewerker(
        username=new.username,
        naam=new.naam.strip(),
        email=new.email,
        unit_id=new.unit_id,
        functie=new.functie.strip(),
        needs_link=True,
        is_guest=new.is_guest,
        sponsor_id=new.sponsor_id if new.is_guest else None,
        purpose=new.purpose.strip() if new.is_guest else "",
        leaving_date=new.end if new.is_guest else None,
    )
    medewerker.set_unusable_password()
    try:
        with transaction.atomic():
            medewerker.save(force_insert=True)
    except IntegrityError:
        raise WrongInput("username", "taken") from None
    place(medewerker, medewerker.unit_id, valid_from=today())
    tell_of_new(medewerker, by)
    links.send_link(medewerker.pk, AccountLink.Kind.INVITE)
    return medewerker.pk


def _for_change(medewerker_id: int) -> Medewerker:
    row = Medewerker.objects.select_for_update().filter(pk=medewerker_id).first()
    if row is None:
        raise NotKnown(f"no medewerker {medewerker_id}")
    return row


@transaction.atomic
def invite_again(medewerker_id: int, *, by: Actor) -> None:
    """Mail a fresh link for the first use; the earlier one ends. Raises ``WrongInput`` when there is a password already."""
    medewerker = _for_change(medewerker_id)
    if medewerker.has_usable_password() or not medewerker.works_here:
        raise WrongInput("medewerker", "active")
    links.send_link(medewerker_id, AccountLink.Kind.INVITE)
    ACCOUNT_CHANGED.announce(AccountChanged("uitnodiging opnieuw verstuurd", medewerker.uuid, by))


@transaction.atomic
def change_medewerker(medewerker_id: int, wanted: NewMedewerker, *, by: Actor, valid_from: date | None = None) -> None:
    """Change what an administrator may change about somebody; another unit counts from a day (today). Raises ``WrongInput``.

    A new mail address ends open links: they were sent to the old one.
    """
    medewerker = _for_change(medewerker_id)
    faults = faults_of(wanted, besides=medewerker_id)
    if faults:
        raise faults[0]
    before = {"functie": medewerker.functie, "unit": medewerker.unit.code, "doel": medewerker.purpose}
    has_other_mail = medewerker.email != wanted.email
    medewerker.naam, medewerker.email, medewerker.functie = wanted.naam.strip(), wanted.email, wanted.functie.strip()
    if medewerker.is_guest:
        medewerker.purpose, medewerker.sponsor_id = wanted.purpose.strip(), wanted.sponsor_id
        medewerker.leaving_date = wanted.end
    medewerker.save(update_fields=["naam", "email", "functie", "purpose", "sponsor", "leaving_date"])
    if wanted.unit_id is not None and wanted.unit_id != medewerker.unit_id:
        place(medewerker, wanted.unit_id, valid_from=valid_from or today())
    if has_other_mail:
        links.end_links_of(medewerker_id)
    medewerker.refresh_from_db()
    ACCOUNT_CHANGED.announce(
        AccountChanged(
            "gegevens van medewerker gewijzigd", medewerker.uuid, by, before=before,
            after={"functie": medewerker.functie, "unit": medewerker.unit.code, "doel": medewerker.purpose,
                   "ander mailadres": has_other_mail},
        )
    )  # fmt: skip


# -- Passwords ----------------------------------------------------------------------------------------------------------


def first_password_fault(password: str, again: str, *, username: str, naam: str, email: str) -> PasswordFault:
    """Return what is wrong with a password for somebody with these names, or nothing."""
    names = (username, *username.split("."), *naam.split(), email)
    return password_fault(password, again, names=names, town=settings.TOWN_NAME)


def check_new_password(medewerker: Medewerker, password: str, again: str) -> None:
    """Raise ``WrongInput`` when this cannot be the new password of this person."""
    fault = first_password_fault(
        password, again, username=medewerker.username, naam=medewerker.naam, email=medewerker.email
    )
    if fault:
        raise WrongInput("nieuw" if fault != "differs" else "herhaal", fault)


@transaction.atomic
def choose_password(link: UUID, password: str, again: str) -> Medewerker:
    """Choose a password with a link from a mail, which is used up by that. Sessions elsewhere end.

    Raises ``LinkNotUsable`` and ``WrongInput`` (the link stays good then).
    """
    medewerker = links.link_by_uuid(link).medewerker
    check_new_password(medewerker, password, again)
    used = links.use(link)
    medewerker = _for_change(medewerker.pk)
    _set_password(medewerker, password)
    links.end_links_of(medewerker.pk)
    deed = "eerste wachtwoord gekozen" if used.kind == AccountLink.Kind.INVITE else "wachtwoord hersteld"
    ACCOUNT_CHANGED.announce(AccountChanged(deed, medewerker.uuid, actor_for(medewerker)))
    if used.kind != AccountLink.Kind.INVITE:
        tell(medewerker)
    return medewerker


@transaction.atomic
def change_password(medewerker_id: int, password: str, again: str, *, by: Actor) -> None:
    """Choose another password while logged in; every other session ends. Raises ``WrongInput``."""
    medewerker = _for_change(medewerker_id)
    check_new_password(medewerker, password, again)
    medewerker.set_password(password)
    medewerker.save(update_fields=["password"])
    links.end_links_of(medewerker_id)
    end_other_sessions(medewerker_id, keep=by.session, reason="password", by=by)
    forget_devices_of(medewerker_id)
    ACCOUNT_CHANGED.announce(AccountChanged("wachtwoord gewijzigd", medewerker.uuid, by))
    tell(medewerker)


def _set_password(medewerker: Medewerker, password: str) -> None:
    medewerker.set_password(password)
    medewerker.save(update_fields=["password"])
    end_sessions_of(medewerker.pk, reason="password")
    forget_devices_of(medewerker.pk)


# -- Sessions -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def end_other_sessions(medewerker_id: int, *, keep: str, by: Actor, reason: str = "elsewhere") -> int:
    """End every session of somebody but one; returns how many."""
    medewerker = _for_change(medewerker_id)
    rows = LoginSession.objects.filter(medewerker_id=medewerker_id, ended_at__isnull=True)
    if keep:
        rows = rows.exclude(pk=keep)
    ended = rows.update(ended_at=now(), end_reason=reason)
    if ended:
        ACCOUNT_CHANGED.announce(
            AccountChanged("op andere apparaten uitgelogd", medewerker.uuid, by, after={"sessies": ended})
        )
    return ended


@transaction.atomic
def end_own_session(medewerker_id: int, session: UUID, *, by: Actor) -> None:
    """End one session of one's own. Raises ``NotKnown``."""
    medewerker = _for_change(medewerker_id)
    if not LoginSession.objects.filter(pk=session, medewerker_id=medewerker_id, ended_at__isnull=True).exists():
        raise NotKnown("no such session")
    sessions.end(session, reason="elsewhere")
    ACCOUNT_CHANGED.announce(AccountChanged("op andere apparaten uitgelogd", medewerker.uuid, by, after={"sessies": 1}))


@transaction.atomic
def sign_out_everywhere(medewerker_id: int, *, by: Actor) -> int:
    """End all sessions, this one too, and forget every known browser; returns how many sessions."""
    medewerker = _for_change(medewerker_id)
    ended = end_sessions_of(medewerker_id, reason="elsewhere")
    forget_devices_of(medewerker_id)
    ACCOUNT_CHANGED.announce(AccountChanged("overal uitgelogd", medewerker.uuid, by, after={"sessies": ended}))
    return ended


# -- By an administrator ------------------------------------------------------------------------------------------------


@transaction.atomic
def reset_second_factor(medewerker_id: int, *, reason: str, by: Actor) -> None:
    """Take away every second factor and mail a link to set up a new one. With a reason, on the record; never one's own.

    Whoever merely knows the password cannot choose the new factor: that takes the mail as well. Raises ``WrongInput``.
    """
    medewerker = _for_change(medewerker_id)
    if not reason.strip():
        raise WrongInput("reden", "missing")
    if by.kind == "staff" and by.pk == medewerker_id:
        raise WrongInput("reden", "own")
    if not medewerker.works_here:
        raise WrongInput("reden", "left")
    before = {
        "app": Totp.objects.filter(pk=medewerker_id, confirmed_at__isnull=False).exists(),
        "passkeys": Passkey.objects.filter(medewerker=medewerker).count(),
    }
    Totp.objects.filter(pk=medewerker_id).delete()
    Passkey.objects.filter(medewerker=medewerker).delete()
    RecoveryCode.objects.filter(medewerker=medewerker).delete()
    Medewerker.objects.filter(pk=medewerker_id).update(needs_link=True)
    end_sessions_of(medewerker_id, reason="factor")
    forget_devices_of(medewerker_id)
    ACCOUNT_CHANGED.announce(
        AccountChanged("tweede factor gewist", medewerker.uuid, by, before=before, reason=reason.strip()[:500])
    )
    kind = AccountLink.Kind.FACTOR if medewerker.has_usable_password() else AccountLink.Kind.INVITE
    links.send_link(medewerker_id, kind)


@transaction.atomic
def use_factor_link(link: UUID) -> Medewerker:
    """Open the way to a new second factor with a link from a mail. Raises ``LinkNotUsable``."""
    return links.use(link).medewerker


@transaction.atomic
def forget_single_sign_on(medewerker_id: int, *, by: Actor) -> None:
    """Let the next single sign-on bind anew (somebody got another account at the provider). Raises ``NotKnown``."""
    medewerker = _for_change(medewerker_id)
    if not StaffMeans.objects.filter(medewerker=medewerker).delete()[0]:
        raise NotKnown("not bound")
    ACCOUNT_CHANGED.announce(AccountChanged("koppeling met eenmalig inloggen verwijderd", medewerker.uuid, by))
