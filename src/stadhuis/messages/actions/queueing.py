"""Putting a mail in the queue. Only for the actions of this room: from outside, mails go by ``announce``."""

from __future__ import annotations

from uuid import UUID, uuid4

from stadhuis.kit import crypto
from stadhuis.kit.jobs import queue
from stadhuis.kit.time import now
from stadhuis.messages.models import MailAddress, OutboundMail
from stadhuis.messages.sending import STAFF_KINDS, send_mail

State = OutboundMail.State
CODE = "confirm_address"
"""The one kind of mail that goes to an address that nobody confirmed yet."""


def address_of(row: MailAddress) -> str:
    """Return an address in the clear."""
    return crypto.decrypt(bytes(row.address), about=f"mail-address:{row.uuid}")


def put(address: MailAddress, kind: str, *, about: UUID, language: str, is_waiting: bool = False) -> OutboundMail:
    """Write a mail without content for an address and queue it, or let it wait; in the running transaction."""
    identity = uuid4()
    mail = OutboundMail.objects.create(
        uuid=identity,
        to_address=crypto.encrypt(address_of(address), about=f"mail:{identity}"),
        address=address,
        kind=kind,
        language=language if language in {"nl", "en"} else "nl",
        about=about,
        state=State.WAITING if is_waiting else State.QUEUED,
        queued_at=now(),
    )
    if not is_waiting:
        queue(send_mail, mail_id=mail.pk)
    return mail


def put_for_staff(to_address: str, kind: str, *, about: UUID, language: str) -> OutboundMail:
    """Write a mail about the account of a member of staff and queue it; in the running transaction.

    The address is the one an administrator gave: what goes there first is a link that is good once.
    """
    if kind not in STAFF_KINDS:
        raise ValueError(f"no mail text of kind {kind!r}")
    identity = uuid4()
    mail = OutboundMail.objects.create(
        uuid=identity,
        to_address=crypto.encrypt(to_address, about=f"mail:{identity}"),
        kind=kind,
        language=language if language in {"nl", "en"} else "nl",
        about=about,
        queued_at=now(),
    )
    queue(send_mail, mail_id=mail.pk)
    return mail


def readdress(mail: OutboundMail, address: MailAddress) -> None:
    """Let a mail go to another address, from the start; in the running transaction."""
    mail.to_address = crypto.encrypt(address_of(address), about=f"mail:{mail.uuid}")
    mail.address, mail.state, mail.attempts, mail.bounced_at = address, State.QUEUED, 0, None
    mail.save(update_fields=["to_address", "address", "state", "attempts", "bounced_at"])
    queue(send_mail, mail_id=mail.pk)
