"""The one table of the kit: files that are being written, kept or on their way out."""

from __future__ import annotations

import uuid

from django.db import models


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
