"""Tables of records. The owner is a unit or a room, never a user: people leave, records stay."""

from __future__ import annotations

import uuid

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


class Record(models.Model):
    """One aggregate that is kept, with the columns the access rule looks at."""

    kind = models.CharField(max_length=50)
    object_uuid = models.UUIDField()
    owner_unit = models.CharField(max_length=50, help_text="code of the unit, or name of the room")
    retention_class = models.CharField(max_length=100, blank=True, default="")
    created = models.DateField()
    destroy_on = models.DateField(null=True, blank=True, help_text="first day on which it may be destroyed")
    zaaktype_ref = models.CharField(max_length=120, blank=True, default="")
    level = models.PositiveSmallIntegerField(help_text="1 openbaar ... 8 zeer_geheim")
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["kind", "object_uuid"], name="record_once"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=8), name="record_level_in_range"),
        )
        indexes = (
            models.Index(fields=["destroy_on"], name="record_by_destroy_on", condition=Q(destroy_on__isnull=False)),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.object_uuid}"


class Hold(models.Model):
    """A reason why a record may not be destroyed; as long as one is open it stays."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    record = models.ForeignKey(Record, models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=500)
    placed_by = models.CharField(max_length=120, help_text="key of the actor")
    placed_at = models.DateTimeField()
    lifted_by = models.CharField(max_length=120, blank=True, default="")
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True) | Q(lifted_at__gte=F("placed_at")), name="hold_runs_forward"
            ),
        )
        indexes = (models.Index(fields=["record"], name="hold_open", condition=Q(lifted_at__isnull=True)),)

    def __str__(self) -> str:
        return f"hold on {self.record_id}"


class SearchText(models.Model):
    """What a record is found by, in a table of its own so that the spine stays narrow."""

    record = models.OneToOneField(Record, models.CASCADE, primary_key=True, related_name="+")
    text = models.TextField(help_text="what was given, for highlights and for rebuilding")
    vector = SearchVectorField()

    class Meta:
        indexes = (GinIndex(fields=["vector"], name="search_text_words"),)

    def __str__(self) -> str:
        return f"search text of {self.record_id}"
