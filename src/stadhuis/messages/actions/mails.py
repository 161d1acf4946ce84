"""Mails without content: announced, settled by a person, come back, and thrown away."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from stadhuis.audit import public as audit
from stadhuis.kit.jobs import queue
from stadhuis.kit.mailbox import Report
from stadhuis.kit.time import now
from stadhuis.messages.actions import addresses
from stadhuis.messages.actions.queueing import CODE, put, readdress
from stadhuis.messages.models import MailAddress, OutboundMail
from stadhuis.messages.rules import is_about_the_address
from stadhuis.messages.sending import KINDS, send_mail
from stadhuis.people.public import Actor

State = OutboundMail.State
TO_SETTLE: Final = (State.UNKNOWN, State.REFUSED, State.BOUNCED)
"""What a machine must not touch any more."""
WAITS_AT_MOST: Final = timedelta(days=60)


@transaction.atomic(savepoint=False)
def announce(*, to: Actor, stated: str, kind: str, about: UUID, language: str = "nl") -> int | None:
    """Tell somebody by mail that something is ready, never what; in the running transaction. Returns the mail, if any.

    It goes to an address that was confirmed. To any other goes a code first, and the mail waits; but not for a receipt:
    whoever handed something in has that before his eyes. ``kind`` names the text (``messages/mail/<kind>.<language>.txt``).
    """
    if kind not in KINDS or kind == CODE:
        raise ValueError(f"no mail text of kind {kind!r}")
    if to.person_id is None and to.company_id is None:
        return None
    address = addresses.usable(to, stated)
    if address is not None:
        return put(address, kind, about=about, language=language).pk
    if not stated.strip():
        return None
    address = addresses.remember(to, stated, language=language)
    if address.bounced_at is None:
        addresses.send_code(address, about=about)
    if kind == "receipt":
        return None
    return put(address, kind, about=about, language=language, is_waiting=True).pk


@transaction.atomic
def settle_mail(mail_id: int, *, send_again: bool, by: Actor) -> bool:
    """Let a person settle a mail whose fate is unknown, that was refused or came back: put it aside, or send it once more.

    Sent again it goes to another address when its owner confirmed one since. Returns False when a colleague was earlier.
    Source: decision 0006.
    """
    mail = OutboundMail.objects.select_for_update().filter(pk=mail_id, state__in=TO_SETTLE).first()
    if mail is None:
        return False
    before, mail.state = mail.state, State.QUEUED if send_again else State.SETTLED
    mail.attempts = 0
    mail.save(update_fields=["state", "attempts"])
    audit.record(
        "mail nagekeken",
        about=mail.about,
        kind="zaak",
        resource="mail",
        resource_id=mail.uuid,
        by=by,
        before={"stand": before},
        after={"stand": mail.state},
    )
    if send_again:
        other = _another_address(mail)
        if other is not None:
            readdress(mail, other)
        else:
            queue(send_mail, mail_id=mail.pk)
    return True


def _another_address(mail: OutboundMail) -> MailAddress | None:
    if mail.address is None or mail.kind == CODE:
        return None
    owner = mail.address
    return (
        MailAddress.objects.filter(
            Q(person_id=owner.person_id, person_id__isnull=False)
            | Q(company_id=owner.company_id, company_id__isnull=False),
            verified_at__isnull=False,
            bounced_at__isnull=True,
            removed_at__isnull=True,
        )
        .order_by("-verified_at", "-pk")
        .first()
    )


@transaction.atomic
def note_bounce(report: Report) -> bool:
    """Take in that a mail came back; says whether it was one of ours. Taking in the same report twice changes nothing more.

    The mail goes to a person, who sees it at the case. An address where nothing will ever arrive is marked, and its owner is
    asked for another one. Source: RFC 3464; the duty to act on bounces: Wmebv.
    """
    mail = OutboundMail.objects.select_for_update(of=("self",)).filter(uuid=report.mail).first()
    if mail is None:
        return False
    if not report.is_failure or mail.state not in {State.SENT, State.UNKNOWN}:
        return True
    mail.state, mail.bounced_at, mail.reason = State.BOUNCED, now(), f"came back: {report.status or 'no status'}"
    mail.save(update_fields=["state", "bounced_at", "reason"])
    if mail.address_id is not None and is_about_the_address(report.status):
        # No mail goes there until it is confirmed anew.
        MailAddress.objects.filter(pk=mail.address_id, bounced_at__isnull=True).update(
            bounced_at=now(), bounce_status=report.status[:12]
        )
    return True


@transaction.atomic
def clean_up() -> int:
    """Put aside what waited too long for an address, and forget addresses that were removed; returns how many went."""
    OutboundMail.objects.filter(state=State.WAITING, queued_at__lt=now() - WAITS_AT_MOST).update(
        state=State.SETTLED, reason="the address was never confirmed"
    )
    return (
        MailAddress.objects.filter(removed_at__lt=now() - timedelta(days=1))
        .delete()[1]
        .get("town_messages.MailAddress", 0)
    )
