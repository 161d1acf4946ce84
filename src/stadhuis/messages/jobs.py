"""Sending mails. A mail is marked 'sending' and committed before the first byte goes out."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string

from stadhuis.kit import crypto, mail
from stadhuis.kit.jobs import job
from stadhuis.kit.time import now
from stadhuis.messages.errors import MailNotSent
from stadhuis.messages.models import OutboundMail

State = OutboundMail.State
KINDS = ("receipt", "new_letter", "status", "glass")
"""The texts there are; each announces, none tells."""
FOR_STAFF = {"glass": "/werkplek/noodtoegang/"}
"""Where a mail to staff leads; one to a resident leads to 'Mijn zaken'."""


@job("messages.send_mail", queue="mail")
def send_mail(mail_id: int) -> None:
    """Send one mail, or find out that its fate is unknown.

    A row that is already 'sending' belongs to a worker that died half-way: the mail may have gone out, so it is not sent
    again but handed to a person. Raises ``MailNotSent`` when the server cannot take it now (the job comes back).
    """
    claimed = _claim(mail_id)
    if claimed is None:
        return
    message = mail.compose(
        to_address=crypto.decrypt(bytes(claimed.to_address), about=f"mail:{claimed.uuid}"),
        message_id=claimed.uuid,
        **_text(claimed.kind, claimed.language),
    )
    attempt = mail.send(message)
    outcome = {
        mail.Outcome.SENT: State.SENT,
        mail.Outcome.TRY_AGAIN: State.QUEUED,
        mail.Outcome.REFUSED: State.REFUSED,
        mail.Outcome.UNKNOWN: State.UNKNOWN,
    }[attempt.outcome]
    OutboundMail.objects.filter(pk=mail_id, state=State.SENDING).update(
        state=outcome, reason=attempt.reason[:200], sent_at=now() if outcome == State.SENT else None
    )
    if outcome == State.QUEUED:
        raise MailNotSent(attempt.reason)


@transaction.atomic
def _claim(mail_id: int) -> OutboundMail | None:
    row = OutboundMail.objects.select_for_update().filter(pk=mail_id).first()
    if row is None or row.state not in {State.QUEUED, State.SENDING}:
        return None
    if row.state == State.SENDING:
        row.state, row.reason = State.UNKNOWN, "the worker stopped while sending"
        row.save(update_fields=["state", "reason"])
        return None
    row.state, row.sending_at, row.attempts = State.SENDING, now(), row.attempts + 1
    row.save(update_fields=["state", "sending_at", "attempts"])
    return row


def _text(kind: str, language: str) -> dict[str, str]:
    """Return subject and text; the first line of a text file is the subject."""
    facts = {
        "town": settings.TOWN_NAME,
        "phone": settings.TOWN_PHONE,
        "url": f"{settings.PUBLIC_URL}{FOR_STAFF.get(kind, '/mijn/')}",
    }
    whole = render_to_string(f"messages/mail/{kind}.{language}.txt", facts)
    subject, _, text = whole.partition("\n")
    return {"subject": subject.strip(), "text": text.strip() + "\n"}
