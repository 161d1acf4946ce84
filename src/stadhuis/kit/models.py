"""The tables of the kit: files, and how the house runs (channels, outages, alarms, traffic)."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class StoredFile(models.Model):
    """The bytes of one file on disk or S3, and whether somebody holds on to them.

    The row is there before the first byte and goes after the last one, so that no crash leaves a file without a row.
    """

    class State(models.TextChoices):
        """Where a file is in its life."""

        ARRIVING = "arriving", "arriving"
        ARRIVED = "arrived", "arrived"
        KEPT = "kept", "kept"
        DISCARDED = "discarded", "discarded"

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ARRIVING)
    size = models.BigIntegerField(default=0, help_text="bytes")
    sha256 = models.CharField(max_length=64, blank=True, default="")
    media_type = models.CharField(
        max_length=255, blank=True, default="", help_text="as found in the bytes, not as claimed"
    )
    changed_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["changed_at"], name="file_not_kept", condition=~models.Q(state="kept")),)

    def __str__(self) -> str:
        return str(self.uuid)


class ChannelState(models.Model):
    """How a way to reach us was at the latest look; the row ``heartbeat`` says when was last looked at all."""

    channel = models.CharField(max_length=20, primary_key=True)
    checked_at = models.DateTimeField()
    is_well = models.BooleanField(default=True)
    failing_since = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.channel}: {'well' if self.is_well else 'down'}"


class Outage(models.Model):
    """A time in which a channel could not be used, as found or as a person recorded it. Withdrawn, never deleted."""

    class Source(models.TextChoices):
        """How we know."""

        CHECK = "check", "a look that failed"
        GAP = "gap", "nobody looked"
        PERSON = "person", "recorded by a person"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    channel = models.CharField(max_length=20)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    source = models.CharField(max_length=6, choices=Source.choices)
    reason = models.CharField(max_length=400, blank=True, default="")
    recorded_by = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=120, blank=True, default="")
    withdrawn_reason = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="outage_ends_after_start", condition=Q(ended_at__isnull=True) | Q(ended_at__gt=F("started_at"))
            ),
            models.UniqueConstraint(
                name="outage_one_open_per_channel",
                fields=["channel"],
                condition=Q(ended_at__isnull=True, withdrawn_at__isnull=True),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["channel", "-started_at"], name="outage_channel")]

    def __str__(self) -> str:
        return f"{self.channel} from {self.started_at}"


class Alarm(models.Model):
    """Something that is wrong, from when it was first seen until it was well for a while; and who sees to it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=40)
    figure = models.PositiveBigIntegerField(help_text="how many, or how much: the watch knows in what")
    raised_at = models.DateTimeField()
    seen_at = models.DateTimeField(help_text="the latest time that it was wrong")
    ended_at = models.DateTimeField(null=True)
    taken_by = models.CharField(max_length=120, blank=True, default="", help_text="key of the actor")
    taken_by_name = models.CharField(max_length=200, blank=True, default="")
    taken_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="alarm_one_open_per_name", fields=["name"], condition=Q(ended_at__isnull=True))
        ]

    def __str__(self) -> str:
        return self.name


class TrafficMinute(models.Model):
    """Requests and server errors of one minute, over all web processes."""

    minute = models.DateTimeField(primary_key=True)
    requests = models.PositiveIntegerField(default=0)
    errors = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.minute)
