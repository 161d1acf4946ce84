"""Tables of forms: published versions, drafts with their files, submissions."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class FormVersion(models.Model):
    """One version of a form. Once published it never changes (a trigger in the database holds that)."""

    slug = models.SlugField(max_length=60)
    version = models.PositiveIntegerField()
    definition = models.JSONField()
    sha256 = models.CharField(max_length=64, help_text="of the definition, as canonical JSON")
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["slug", "version"], name="form_version_once"),)

    def __str__(self) -> str:
        return f"{self.slug} v{self.version}"


class Draft(models.Model):
    """What a resident or company has filled in so far, on the exact version on which it was started."""

    class State(models.TextChoices):
        """Where a draft is in its life; one that is thrown away is deleted."""

        OPEN = "open", "open"
        SUBMITTED = "submitted", "submitted"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(max_length=60, help_text="of the form; equal for all versions")
    version = models.ForeignKey(FormVersion, models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", models.CASCADE, null=True, blank=True, related_name="+")
    company = models.ForeignKey("people.Company", models.CASCADE, null=True, blank=True, related_name="+")
    branch = models.CharField(
        max_length=12,
        blank=True,
        default="",
        db_default="",
        help_text="vestiging it was started for; empty: the whole company",
    )
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    answers = models.JSONField(default=dict, help_text="per key: right answers in their kept form, wrong ones as typed")
    prefilled = models.JSONField(
        default=dict, help_text="per key: value, source and moment; readonly ones are never taken from a POST"
    )
    sources = models.JSONField(default=dict, help_text="per source: moment and whether it answered")
    step = models.CharField(max_length=100, blank=True, default="", help_text="slug of the step reached")
    revision = models.PositiveIntegerField(default=1)
    changes = models.JSONField(default=dict, help_text="per key: revision and browser tab that last changed it")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    expires_at = models.DateTimeField(help_text="an open draft is thrown away after this moment")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(person__isnull=False, company__isnull=True) | Q(person__isnull=True, company__isnull=False),
                name="draft_has_one_owner",
            ),
            models.UniqueConstraint(
                fields=["slug", "person"],
                condition=Q(state="open", person__isnull=False),
                name="one_open_draft_per_person",
            ),
            models.UniqueConstraint(
                fields=["slug", "company", "branch"],
                condition=Q(state="open", company__isnull=False),
                name="one_open_draft_per_branch",
            ),
        )
        indexes = (models.Index(fields=["expires_at"], name="draft_expiring", condition=Q(state="open")),)

    def __str__(self) -> str:
        return str(self.uuid)


class DraftFile(models.Model):
    """A file that was added to a draft: checked by content and kept."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    draft = models.ForeignKey(Draft, models.CASCADE, related_name="files")
    component = models.CharField(max_length=64)
    file = models.UUIDField(unique=True, help_text="in kit.files")
    naam = models.CharField(max_length=150)
    media_type = models.CharField(max_length=255)
    size = models.BigIntegerField(help_text="bytes")
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return str(self.uuid)


class Submission(models.Model):
    """A form that was handed in: what was answered, on which version, with which files, and the case it became."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    draft = models.OneToOneField(Draft, models.PROTECT, related_name="submission")
    version = models.ForeignKey(FormVersion, models.PROTECT, related_name="+")
    zaak_uuid = models.UUIDField(unique=True)
    zaak_identificatie = models.CharField(max_length=40)
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    company = models.ForeignKey("people.Company", models.PROTECT, null=True, blank=True, related_name="+")
    answers = models.JSONField()
    prefilled = models.JSONField(default=dict)
    files = models.JSONField(default=list, help_text="naam, size, sha256, component and document of each file")
    sha256 = models.CharField(max_length=64, help_text="of answers and file hashes, as canonical JSON")
    language = models.CharField(max_length=5, default="nl")
    submitted_at = models.DateTimeField()
    receipt_uuid = models.UUIDField()
    summary_document = models.UUIDField(null=True, blank=True, help_text="the PDF of all answers, made by a job")

    def __str__(self) -> str:
        return str(self.uuid)
