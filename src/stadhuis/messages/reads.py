"""Questions about messages, each as seen by someone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from stadhuis.messages.models import Message, OutboundMail, Receipt
from stadhuis.people.public import Actor


@dataclass(frozen=True)
class ReceiptFile:
    """A file that came with a formal message: name as sent, size in bytes, SHA-256 in hex."""

    naam: str
    size: int
    sha256: str


@dataclass(frozen=True)
class ReceiptRecord:
    """A receipt as the resident keeps it."""

    uuid: UUID
    number: str
    zaak_uuid: UUID
    zaak_identificatie: str
    subject: str
    received_at: datetime
    files: tuple[ReceiptFile, ...]


@dataclass(frozen=True)
class MessageRecord:
    """A letter in 'Mijn zaken'."""

    uuid: UUID
    zaak_uuid: UUID
    zaak_identificatie: str
    kind: str
    subject: str
    document_uuid: UUID
    accessible_at: datetime
    first_opened_at: datetime | None


@dataclass(frozen=True)
class MailRecord:
    """A mail on its way out, without its address."""

    id: int
    kind: str
    about: UUID
    state: str
    queued_at: datetime
    sending_at: datetime | None
    sent_at: datetime | None
    attempts: int
    reason: str


def receipt_record(receipt: Receipt) -> ReceiptRecord:
    """Return the record of a row."""
    return ReceiptRecord(
        uuid=receipt.uuid,
        number=receipt.number,
        zaak_uuid=receipt.zaak_uuid,
        zaak_identificatie=receipt.zaak_identificatie,
        subject=receipt.subject,
        received_at=receipt.received_at,
        files=tuple(ReceiptFile(**file) for file in receipt.files),
    )


def message_record(message: Message) -> MessageRecord:
    """Return the record of a row."""
    return MessageRecord(
        uuid=message.uuid,
        zaak_uuid=message.zaak_uuid,
        zaak_identificatie=message.zaak_identificatie,
        kind=message.kind,
        subject=message.subject,
        document_uuid=message.document_uuid,
        accessible_at=message.accessible_at,
        first_opened_at=message.first_opened_at,
    )


def _mine(actor: Actor) -> Q:
    if actor.person_id is not None:
        return Q(person_id=actor.person_id)
    if actor.company_id is not None:
        return Q(company_id=actor.company_id)
    return Q(pk__in=[])


def receipts_of(zaak_uuid: UUID) -> list[ReceiptRecord]:
    """Return the receipts of a zaak, oldest first. For whoever may see the zaak: check that before."""
    return [receipt_record(row) for row in Receipt.objects.filter(zaak_uuid=zaak_uuid).order_by("received_at", "pk")]


def receipt(uuid: UUID, *, actor: Actor) -> ReceiptRecord | None:
    """Return a receipt to its addressee, or None."""
    row = Receipt.objects.filter(_mine(actor), uuid=uuid).first()
    return receipt_record(row) if row else None


def messages_for(actor: Actor, *, zaak_uuid: UUID | None = None) -> list[MessageRecord]:
    """Return the letters to a resident or company, newest first, of all zaken or one; one statement."""
    rows = Message.objects.filter(_mine(actor)).order_by("-accessible_at", "-pk")
    if zaak_uuid is not None:
        rows = rows.filter(zaak_uuid=zaak_uuid)
    return [message_record(row) for row in rows]


def messages_of(zaak_uuid: UUID) -> list[MessageRecord]:
    """Return the letters of a zaak, newest first. For whoever may see the zaak: check that before."""
    return [
        message_record(row) for row in Message.objects.filter(zaak_uuid=zaak_uuid).order_by("-accessible_at", "-pk")
    ]


def unread_count(actor: Actor) -> int:
    """Return how many letters were never opened."""
    return Message.objects.filter(_mine(actor), first_opened_at__isnull=True).count()


def mails_about(zaak_uuids: Sequence[UUID]) -> list[MailRecord]:
    """Return the mails about zaken, newest first."""
    rows = OutboundMail.objects.filter(about__in=zaak_uuids).order_by("-queued_at", "-pk")
    return [mail_record(row) for row in rows]


def mails_for_a_person_to_settle() -> list[MailRecord]:
    """Return the mails that a machine must not touch any more: fate unknown, or refused by the other side."""
    states = [OutboundMail.State.UNKNOWN, OutboundMail.State.REFUSED]
    return [mail_record(row) for row in OutboundMail.objects.filter(state__in=states).order_by("queued_at")]


def count_to_settle() -> int:
    """Return how many mails wait for a person; for the menu."""
    return OutboundMail.objects.filter(state__in=[OutboundMail.State.UNKNOWN, OutboundMail.State.REFUSED]).count()


def mail_counts() -> dict[str, int]:
    """Return how many mails are in each state."""
    rows = OutboundMail.objects.values_list("state").annotate(n=Count("pk"))
    return {str(state): int(count) for state, count in rows}


def mail_record(mail: OutboundMail) -> MailRecord:
    """Return the record of a row."""
    return MailRecord(
        id=mail.pk,
        kind=mail.kind,
        about=mail.about,
        state=mail.state,
        queued_at=mail.queued_at,
        sending_at=mail.sending_at,
        sent_at=mail.sent_at,
        attempts=mail.attempts,
        reason=mail.reason,
    )
