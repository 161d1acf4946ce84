"""Receipts and letters: confirm, publish, open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from stadhuis.audit import public as audit
from stadhuis.kit.time import local, now
from stadhuis.messages.actions.mails import announce
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

    ``mail_to`` is the address that was stated with the application; another one that the addressee confirmed counts as well.

    The moment it became accessible is kept (it is the moment of sending in a shared portal). Raises ``NoAddressee``.
    Source: Awb 2:8 ff. (sending by the authority), 3:41 (announcement by sending).
    """
    addressee = _addressee(to)
    mail_id = announce(to=to, stated=mail_to, kind="new_letter", about=zaak_uuid, language=language)
    message = Message.objects.create(
        zaak_uuid=zaak_uuid,
        zaak_identificatie=zaak_identificatie,
        kind=kind,
        subject=subject[:200],
        document_uuid=document_uuid,
        accessible_at=now(),
        announced_by_id=mail_id,
        **addressee,
    )
    return message_record(message)


@transaction.atomic
def open_message(uuid: UUID, *, actor: Actor) -> MessageRecord:
    """Return a letter to its addressee, or to whoever acts for them, and keep the moment it was first opened and by whom.

    Raises ``MessageNotFound``. Source: Wmebv (the authority proves that a message was opened); Awb 2:1.
    """
    try:
        message = Message.objects.select_for_update().get(uuid=uuid, **_addressee(actor))
    except (Message.DoesNotExist, NoAddressee):
        raise MessageNotFound from None
    if message.first_opened_at is None:
        message.first_opened_at = now()
        message.save(update_fields=["first_opened_at"])
        audit.record(
            "bericht geopend",
            about=message.zaak_uuid,
            kind="zaak",
            resource="bericht",
            resource_id=message.uuid,
            by=actor,
            after={"geopend": message.first_opened_at},
            action_label="Bericht geopend",
        )
    return message_record(message)


@transaction.atomic
def destroy_about(zaak_uuid: UUID, by: Actor) -> dict[str, int]:
    """Destroy the receipts, letters and mails about a zaak; returns how many of each. A mail that waits is not sent."""
    letters, _ = Message.objects.filter(zaak_uuid=zaak_uuid).delete()
    receipts, _ = Receipt.objects.filter(zaak_uuid=zaak_uuid).delete()
    mails, _ = OutboundMail.objects.filter(about=zaak_uuid).delete()
    return {"brieven": letters, "ontvangstbewijzen": receipts, "mails": mails}
