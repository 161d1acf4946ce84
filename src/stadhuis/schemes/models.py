"""Assessments that were made. Append-only: the database refuses a change (migration 0001), destruction removes rows."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q


class Assessment(models.Model):
    """One assessment of one case: the version of the rules, what they were given and what came out."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    zaak_uuid = models.UUIDField(help_text="the case; a value, so that this room needs no register")
    scheme = models.CharField(max_length=20)
    rule_version = models.CharField(max_length=40)
    inputs = models.JSONField()
    outcome = models.JSONField()
    assessed_at = models.DateTimeField()
    assessed_by = models.CharField(max_length=200, help_text="key of who did it, such as staff:<username> or system")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["zaak_uuid", "-assessed_at", "-id"], name="assessment_of_zaak")
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="assessment_has_an_author", condition=~Q(assessed_by="")),
            models.CheckConstraint(name="assessment_has_a_version", condition=~Q(rule_version="")),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.uuid}"
