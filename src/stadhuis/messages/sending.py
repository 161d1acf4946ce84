"""Sending mails. A mail is marked 'sending' and committed before the first byte goes out."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string

from stadhuis.kit import crypto, mail
from stadhuis.kit.jobs import RETRY, job
from stadhuis.kit.time import now
from stadhuis.messages.codes import code_of
from stadhuis.messages.errors import MailNotSent
from stadhuis.messages.models import MailAddress, OutboundMail
from stadhuis.messages.rules import is_about_the_address
from stadhuis.people import public as people

State = OutboundMail.State
KINDS = ("receipt", "new_letter", "status", "confirm_address")
"""The texts there are for residents; each announces, none tells."""
STAFF_KINDS = ("staff_invite", "staff_reset", "staff_factor", "staff_changed", "staff_guest_ends", "glass")
"""The texts for staff: about their account, and that somebody opened a case of their unit in need."""
WITH_LINK = ("staff_invite", "staff_reset", "staff_factor")
"""Texts for staff with a link that is good once; worked out from ``about`` when the mail goes, and kept nowhere."""
OF_STAFF = {"glass": "/werkplek/noodtoegang/"}
"""Where a text for staff leads, when that is not their account."""
MOST_ATTEMPTS = RETRY.max_attempts or 1


@job("messages.send_mail", queue="mail")
def send_mail(mail_id: int) -> None:
    """Send one mail, or find out that its fate is unknown. What a server does not take for half a week goes to a person.

    A row that is already 'sending' belongs to a worker that died half-way: the mail may have gone out, so it is not sent
    again but handed to a person. Raises ``MailNotSent`` when the server cannot take it now (the job comes back).
    """
    claimed = _claim(mail_id)
    if claimed is None:
        return
    message = mail.compose(
        to_address=crypto.decrypt(bytes(claimed.to_address), about=f"mail:{claimed.uuid}"),
        message_id=claimed.uuid,
        **_text(claimed),
    )
    attempt = mail.send(message)
    outcome = {
        mail.Outcome.SENT: State.SENT,
        mail.Outcome.TRY_AGAIN: State.QUEUED if claimed.attempts < MOST_ATTEMPTS else State.REFUSED,
        mail.Outcome.REFUSED: State.REFUSED,
        mail.Outcome.UNKNOWN: State.UNKNOWN,
    }[attempt.outcome]
    with transaction.atomic():
        OutboundMail.objects.filter(pk=mail_id, state=State.SENDING).update(
            state=outcome, reason=attempt.reason[:200], sent_at=now() if outcome == State.SENT else None
        )
        if (
            claimed.address is not None
            and attempt.outcome is mail.Outcome.REFUSED
            and is_about_the_address(attempt.status)
        ):
            MailAddress.objects.filter(pk=claimed.address.pk, bounced_at__isnull=True).update(
                bounced_at=now(), bounce_status=attempt.status[:12]
            )
    if outcome == State.QUEUED:
        raise MailNotSent(attempt.reason)


@transaction.atomic
def _claim(mail_id: int) -> OutboundMail | None:
    row = OutboundMail.objects.select_for_update(of=("self",)).select_related("address").filter(pk=mail_id).first()
    if row is None or row.state not in {State.QUEUED, State.SENDING}:
        return None
    if row.state == State.SENDING:
        row.state, row.reason = State.UNKNOWN, "the worker stopped while sending"
        row.save(update_fields=["state", "reason"])
        return None
    if row.address is not None and row.address.removed_at is not None:
        row.state, row.reason = State.SETTLED, "the address was removed by its owner"
        row.save(update_fields=["state", "reason"])
        return None
    row.state, row.sending_at, row.attempts = State.SENDING, now(), row.attempts + 1
    row.save(update_fields=["state", "sending_at", "attempts"])
    return row


def _text(row: OutboundMail) -> dict[str, str]:
    """Return subject, text and where the addressee sees to his address; the first line of a text file is the subject."""
    addresses = f"{settings.PUBLIC_URL}/mijn/mail/"
    facts: dict[str, Any] = {
        "town": settings.TOWN_NAME,
        "phone": settings.TOWN_PHONE,
        "url": f"{settings.PUBLIC_URL}/mijn/",
        "addresses_url": addresses,
        "code": code_of(row.address) if row.kind == "confirm_address" and row.address else "",
    }
    if row.kind in STAFF_KINDS:
        page = f"{settings.PUBLIC_URL}{OF_STAFF.get(row.kind, '/werkplek/account/')}"
        facts["url"] = people.address_of_link(row.about) if row.kind in WITH_LINK else page
    whole = render_to_string(f"messages/mail/{row.kind}.{row.language}.txt", facts)
    subject, _, text = whole.partition("\n")
    # Whoever gets a code has not subscribed to anything yet; staff cannot do without.
    unsubscribe = "" if row.kind == "confirm_address" or row.kind in STAFF_KINDS else addresses
    return {"subject": subject.strip(), "text": text.strip() + "\n", "unsubscribe_url": unsubscribe}
