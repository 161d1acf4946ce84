"""Receipts, letters and outgoing mails."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q


class Receipt(models.Model):
    """Proof that a formal message arrived: number, moment and the files with their digests. Never changed."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=40, unique=True)
    zaak_uuid = models.UUIDField(db_index=True)
    zaak_identificatie = models.CharField(max_length=40)
    person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    company = models.ForeignKey("people.Company", null=True, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=200)
    received_at = models.DateTimeField()
    files = models.JSONField(default=list, help_text="list of {naam, size (bytes), sha256}")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="receipt_one_addressee",
                condition=Q(person__isnull=False, company__isnull=True) | Q(person__isnull=True, company__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.number


class OutboundMail(models.Model):
    """One mail on its way out. ``sending`` is written before it goes; what a crash leaves there becomes ``unknown``."""

    class State(models.TextChoices):
        """Where the mail is."""

        QUEUED = "queued", "queued"
        SENDING = "sending", "sending"
        SENT = "sent", "sent"
        UNKNOWN = "unknown", "unknown"
        REFUSED = "refused", "refused"
        SETTLED = "settled", "settled by a person"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    to_address = models.BinaryField(help_text="encrypted")
    kind = models.CharField(max_length=40)
    language = models.CharField(max_length=2, default="nl")
    about = models.UUIDField(db_index=True, help_text="the zaak it announces something of")
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    queued_at = models.DateTimeField()
    sending_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state"], name="mail_not_sent", condition=~Q(state="sent"))
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"


class Message(models.Model):
    """A letter in 'Mijn zaken': when it became accessible, which mail announced it, when it was first opened."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    zaak_uuid = models.UUIDField(db_index=True)
    zaak_identificatie = models.CharField(max_length=40)
    person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    company = models.ForeignKey("people.Company", null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=200)
    document_uuid = models.UUIDField()
    accessible_at = models.DateTimeField()
    announced_by = models.ForeignKey(OutboundMail, null=True, on_delete=models.SET_NULL, related_name="+")
    first_opened_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="message_one_addressee",
                condition=Q(person__isnull=False, company__isnull=True) | Q(person__isnull=True, company__isnull=False),
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["person", "-accessible_at"], name="message_person"),
            models.Index(fields=["company", "-accessible_at"], name="message_company"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)
