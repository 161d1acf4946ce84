"""What the town does with messages: confirm, announce, publish, open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.db import connection, transaction

from stadhuis.audit import public as audit
from stadhuis.kit import crypto
from stadhuis.kit.jobs import queue
from stadhuis.kit.time import local, now
from stadhuis.messages import jobs
from stadhuis.messages.errors import MessageNotFound, NoAddressee
from stadhuis.messages.models import Message, OutboundMail, Receipt
from stadhuis.messages.reads import MessageRecord, ReceiptFile, ReceiptRecord, message_record, receipt_record
from stadhuis.people.public import Actor


def _addressee(to: Actor) -> dict[str, int]:
    if to.person_id is not None:
        return {"person_id": to.person_id}
    if to.company_id is not None:
        return {"company_id": to.company_id}
    raise NoAddressee


def _next_number(moment: datetime) -> str:
    """Return a receipt number such as ``ONT-2026-0000042``; numbers are unique, gaps may occur."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('town_messages_receipt_number')")
        return f"ONT-{local(moment).year}-{cursor.fetchone()[0]:07d}"


@transaction.atomic
def give_receipt(
    *,
    zaak_uuid: UUID,
    zaak_identificatie: str,
    to: Actor,
    subject: str,
    files: Sequence[ReceiptFile],
    received_at: datetime,
) -> ReceiptRecord:
    """Store the receipt for a formal message and return it, with its number and the list of files.

    Call it inside the deed that stores the message itself. Raises ``NoAddressee``.
    Source: Wet modernisering elektronisch bestuurlijk verkeer (acknowledgement of every formal message).
    """
    receipt = Receipt.objects.create(
        number=_next_number(received_at),
        zaak_uuid=zaak_uuid,
        zaak_identificatie=zaak_identificatie,
        subject=subject[:200],
        received_at=received_at,
        files=[{"naam": file.naam, "size": file.size, "sha256": file.sha256} for file in files],
        **_addressee(to),
    )
    return receipt_record(receipt)


@transaction.atomic(savepoint=False)
def queue_mail(*, to_address: str, kind: str, about: UUID, language: str = "nl") -> int:
    """Put a mail without content in the queue, in the running transaction; returns its id.

    ``kind`` names the text (``messages/mail/<kind>.<language>.txt``), which says that something is ready, never what.
    """
    if kind not in jobs.KINDS + jobs.STAFF_KINDS:
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
    queue(jobs.send_mail, mail_id=mail.pk)
    return mail.pk


@transaction.atomic
def publish(
    *,
    zaak_uuid: UUID,
    zaak_identificatie: str,
    to: Actor,
    subject: str,
    document_uuid: UUID,
    kind: str = "besluit",
    mail_to: str = "",
    language: str = "nl",
) -> MessageRecord:
    """Make a letter accessible in 'Mijn zaken' and announce it by mail when there is an address.

    The moment it became accessible is kept (it is the moment of sending in a shared portal). Raises ``NoAddressee``.
    Source: Awb 2:8 ff. (sending by the authority), 3:41 (announcement by sending).
    """
    mail_id = queue_mail(to_address=mail_to, kind="new_letter", about=zaak_uuid, language=language) if mail_to else None
    message = Message.objects.create(
        zaak_uuid=zaak_uuid,
        zaak_identificatie=zaak_identificatie,
        kind=kind,
        subject=subject[:200],
        document_uuid=document_uuid,
        accessible_at=now(),
        announced_by_id=mail_id,
        **_addressee(to),
    )
    return message_record(message)


@transaction.atomic
def open_message(uuid: UUID, *, actor: Actor) -> MessageRecord:
    """Return a letter to its addressee and keep the moment it was first opened. Raises ``MessageNotFound``."""
    try:
        message = Message.objects.select_for_update().get(uuid=uuid, **_addressee(actor))
    except (Message.DoesNotExist, NoAddressee):
        raise MessageNotFound from None
    if message.first_opened_at is None:
        message.first_opened_at = now()
        message.save(update_fields=["first_opened_at"])
    return message_record(message)


@transaction.atomic
def settle_mail(mail_id: int, *, send_again: bool, by: Actor) -> bool:
    """Let a person settle a mail whose fate is unknown or that was refused: put it aside, or send it once more.

    Returns False when a colleague was earlier. Source: decision 0006.
    """
    states = [OutboundMail.State.UNKNOWN, OutboundMail.State.REFUSED]
    mail = OutboundMail.objects.select_for_update().filter(pk=mail_id, state__in=states).first()
    if mail is None:
        return False
    before, mail.state = mail.state, OutboundMail.State.QUEUED if send_again else OutboundMail.State.SETTLED
    mail.save(update_fields=["state"])
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
        queue(jobs.send_mail, mail_id=mail.pk)
    return True
