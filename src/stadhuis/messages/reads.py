"""Questions about messages, each as seen by someone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from stadhuis.kit import crypto, database
from stadhuis.kit.rows import Rows
from stadhuis.kit.time import now
from stadhuis.messages.models import MailAddress, Message, OutboundMail, Receipt
from stadhuis.messages.rules import is_code_alive
from stadhuis.people.public import Actor

_RECEIPTS: Final = Rows(Receipt, order=("received_at", "pk"))
_MESSAGES: Final = Rows(Message, order=("-accessible_at", "-pk"))
_NOT_BY_MACHINE: Final = [
    state.value for state in (OutboundMail.State.UNKNOWN, OutboundMail.State.REFUSED, OutboundMail.State.BOUNCED)
]


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
    bounced_at: datetime | None
    attempts: int
    reason: str


@dataclass(frozen=True)
class AddressRecord:
    """A mail address as its owner sees it. ``state``: confirmed, bounced, code (one is on its way) or new."""

    uuid: UUID
    address: str = field(repr=False)
    state: str
    verified_at: datetime | None
    bounced_at: datetime | None
    code_sent_at: datetime | None


@dataclass(frozen=True)
class BounceFigures:
    """Of the mails that were sent in a period: how many, and how many of them came back or were refused."""

    sent: int
    came_back: int


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
    return [receipt_record(row) for row in _RECEIPTS.of("zaak_uuid", zaak_uuid)]


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
    return [message_record(row) for row in _MESSAGES.of("zaak_uuid", zaak_uuid)]


def unread_count(actor: Actor) -> int:
    """Return how many letters were never opened."""
    return Message.objects.filter(_mine(actor), first_opened_at__isnull=True).count()


def mails_about(zaak_uuids: Sequence[UUID]) -> list[MailRecord]:
    """Return the mails about zaken, newest first."""
    rows = OutboundMail.objects.filter(about__in=zaak_uuids).order_by("-queued_at", "-pk")
    return [mail_record(row) for row in rows]


def mails_for_a_person_to_settle() -> list[MailRecord]:
    """Return the mails that a machine must not touch any more: fate unknown, refused, or come back."""
    return [mail_record(row) for row in _to_settle().order_by("queued_at")]


def count_to_settle() -> int:
    """Return how many mails wait for a person; for the menu."""
    [(count,)] = database.rows(
        "SELECT count(*) FROM town_messages_outboundmail m LEFT JOIN town_messages_mailaddress a ON a.id = m.address_id"
        " WHERE m.state = ANY(%s) AND (m.address_id IS NULL OR m.about IS DISTINCT FROM a.uuid)",
        [_NOT_BY_MACHINE],
    )
    return int(count)


def _to_settle() -> QuerySet[OutboundMail]:
    # A code that somebody asked for on the page of addresses is about no zaak: he asks for another one himself.
    return OutboundMail.objects.filter(
        Q(address__isnull=True) | ~Q(about=F("address__uuid")), state__in=_NOT_BY_MACHINE
    )


def addresses_of(actor: Actor) -> list[AddressRecord]:
    """Return the mail addresses of a resident or company, confirmed ones first. One statement."""
    rows = MailAddress.objects.filter(_mine(actor), removed_at__isnull=True)
    moment = now()
    return [
        AddressRecord(
            uuid=row.uuid,
            address=crypto.decrypt(bytes(row.address), about=f"mail-address:{row.uuid}"),
            state=_state_of(row, moment),
            verified_at=row.verified_at,
            bounced_at=row.bounced_at,
            code_sent_at=row.code_sent_at,
        )
        for row in rows.order_by(F("verified_at").desc(nulls_last=True), "pk")
    ]


def _state_of(row: MailAddress, moment: datetime) -> str:
    if is_code_alive(row.code_sent_at, row.wrong_tries, moment):
        return "code"
    if row.bounced_at is not None:
        return "bounced"
    return "confirmed" if row.verified_at is not None else "new"


def address_trouble(actor: Actor) -> str:
    """Return what its owner must do about mail: ``bounced`` (give another address), ``unconfirmed``, or "". One statement.

    Whoever has an address that works has no trouble.
    """
    rows = list(
        MailAddress.objects.filter(_mine(actor), removed_at__isnull=True).values_list("verified_at", "bounced_at")
    )
    if not rows or any(verified and not bounced for verified, bounced in rows):
        return ""
    return "bounced" if any(bounced for _, bounced in rows) else "unconfirmed"


def bounce_figures(within: timedelta) -> BounceFigures:
    """Return how the mails of the latest period went. One statement."""
    State = OutboundMail.State  # noqa: N806
    found = OutboundMail.objects.filter(sending_at__gt=now() - within).aggregate(
        sent=Count("pk", filter=Q(state__in=[State.SENT, State.BOUNCED, State.REFUSED])),
        came_back=Count("pk", filter=Q(state__in=[State.BOUNCED, State.REFUSED])),
    )
    return BounceFigures(found["sent"], found["came_back"])


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
        bounced_at=mail.bounced_at,
        attempts=mail.attempts,
        reason=mail.reason,
    )
