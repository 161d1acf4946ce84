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


class MailAddress(models.Model):
    """A mail address that a resident or company gave, encrypted; nothing but a code goes there until it is confirmed."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    company = models.ForeignKey("people.Company", null=True, on_delete=models.PROTECT, related_name="+")
    address = models.BinaryField(help_text="encrypted")
    address_hash = models.BinaryField(max_length=32, help_text="keyed hash, to find it by")
    language = models.CharField(max_length=2, default="nl")
    given_at = models.DateTimeField()
    code_round = models.PositiveSmallIntegerField(default=0, help_text="each code that is sent is a new round")
    code_sent_at = models.DateTimeField(null=True)
    wrong_tries = models.PositiveSmallIntegerField(default=0, help_text="since the latest code")
    verified_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)
    bounce_status = models.CharField(max_length=12, blank=True, default="", help_text="RFC 3463, such as 5.1.1")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="mail_address_one_owner",
                condition=Q(person__isnull=False, company__isnull=True) | Q(person__isnull=True, company__isnull=False),
            ),
            models.UniqueConstraint(
                name="mail_address_once_per_person",
                fields=["person", "address_hash"],
                condition=Q(person__isnull=False),
            ),
            models.UniqueConstraint(
                name="mail_address_once_per_company",
                fields=["company", "address_hash"],
                condition=Q(company__isnull=False),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["address_hash"], name="mail_address_hash")]

    def __str__(self) -> str:
        return str(self.uuid)


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
        WAITING = "waiting", "waiting until the address is confirmed"
        BOUNCED = "bounced", "came back"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    to_address = models.BinaryField(help_text="encrypted")
    address = models.ForeignKey(MailAddress, null=True, on_delete=models.SET_NULL, related_name="mails")
    kind = models.CharField(max_length=40)
    language = models.CharField(max_length=2, default="nl")
    about = models.UUIDField(db_index=True, help_text="the zaak it announces something of")
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    queued_at = models.DateTimeField()
    sending_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)
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
