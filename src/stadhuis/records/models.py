"""Tables of records. The owner is a unit or a room, never a user: people leave, records stay."""

from __future__ import annotations

import uuid
from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now

BLOCK_BITS: Final = 12
RECORDS_PER_BLOCK: Final = 1 << BLOCK_BITS
"""Records stand in the index of words with the block of so many that they belong to."""


class Record(models.Model):
    """One aggregate that is kept, with the columns the access rule looks at."""

    kind = models.CharField(max_length=50)
    object_uuid = models.UUIDField()
    owner_unit = models.CharField(max_length=50, help_text="code of the unit, or name of the room")
    number = models.CharField(max_length=100, blank=True, default="", db_default="", help_text="what people call it by")
    retention_class = models.CharField(max_length=1000, blank=True, default="", help_text="code of a RetentionClass")
    nominatie = models.CharField(
        max_length=20, blank=True, default="", db_default="", help_text="empty: not decided yet"
    )
    termijn = models.CharField(
        max_length=40, blank=True, default="", db_default="", help_text="ISO 8601 duration from the brondatum"
    )
    brondatum = models.DateField(null=True, blank=True, help_text="day on which the retention period starts")
    created = models.DateField()
    destroy_on = models.DateField(null=True, blank=True, help_text="first day on which it may be destroyed")
    zaaktype_ref = models.CharField(max_length=120, blank=True, default="")
    level = models.PositiveSmallIntegerField(help_text="1 openbaar ... 8 zeer_geheim")
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["kind", "object_uuid"], name="record_once"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=8), name="record_level_in_range"),
            models.CheckConstraint(
                condition=~Q(nominatie="blijvend_bewaren") | Q(destroy_on__isnull=True), name="record_kept_for_good"
            ),
        )
        indexes = (
            models.Index(fields=["number"], name="record_by_number", condition=~Q(number="")),
            models.Index(fields=["owner_unit", "id"], name="record_by_owner"),
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
    text = models.TextField(help_text="what was given, one line per part, for highlights")
    labels = ArrayField(
        models.CharField(max_length=20), default=list, db_default=[], blank=True, help_text="of each line: what it is"
    )
    vector = SearchVectorField()
    stale_since = models.DateTimeField(null=True, blank=True, help_text="the object changed and the text has to follow")
    is_learned = models.BooleanField(default=False, db_default=False, help_text="its words are in Word")

    class Meta:
        indexes = (
            # With its block: a frequent word is looked up among the records of now, without gathering it in the whole town.
            GinIndex(
                F("vector"),
                Func(F("record"), template=f"ARRAY[(%(expressions)s >> {BLOCK_BITS})::integer]"),
                name="search_text_words_by_block",
            ),
            models.Index(fields=["stale_since"], name="search_text_stale", condition=Q(stale_since__isnull=False)),
            models.Index(fields=["record"], name="search_text_to_learn", condition=Q(is_learned=False)),
        )

    def __str__(self) -> str:
        return f"search text of {self.record_id}"


class Word(models.Model):
    """A word that occurs in a search text, with the keys under which a misspelling of it is looked up.

    Filled by a job and not in the deed, so that two deeds never wait for each other over a word.
    """

    word = models.CharField(max_length=40, primary_key=True)
    keys = ArrayField(models.CharField(max_length=45), help_text="how it sounds, and that with one letter left out")

    class Meta:
        indexes = (GinIndex(fields=["keys"], name="word_by_sound"),)

    def __str__(self) -> str:
        return self.word


class RetentionClass(models.Model):
    """A class of the selectielijst: how long what falls under it is kept. Data, because lists are replaced."""

    code = models.CharField(max_length=1000, unique=True, help_text="number or URL in the selectielijst")
    naam = models.CharField(max_length=200)
    nominatie = models.CharField(max_length=20)
    termijn = models.CharField(max_length=40, blank=True, default="", help_text="ISO 8601 duration; empty: for good")
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(nominatie="vernietigen") & ~Q(termijn="") | Q(nominatie="blijvend_bewaren"),
                name="retention_class_says_how_long",
            ),
        )

    def __str__(self) -> str:
        return self.naam


class Reclassification(models.Model):
    """Another class for a record: from what to what, why and by whom. Goes with the record."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="reclassifications")
    was = models.CharField(max_length=1000, blank=True, default="")
    was_destroy_on = models.DateField(null=True, blank=True)
    becomes = models.CharField(max_length=1000)
    becomes_destroy_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=500)
    by = models.CharField(max_length=120, help_text="key of the actor")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.was} to {self.becomes}"


class HandOver(models.Model):
    """All records of one owner that went to another one, because a unit merged, split or ended."""

    was = models.CharField(max_length=50)
    becomes = models.CharField(max_length=50)
    records = models.PositiveIntegerField(help_text="how many")
    reason = models.CharField(max_length=500)
    by = models.CharField(max_length=120, help_text="key of the actor")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.was} to {self.becomes}"


class PastOwner(models.Model):
    """Who owned a record before, up to a moment: 'who could see this on 1 March' asks it. Goes with the record.

    A trigger writes it whenever the owner changes, whichever way; not for the owner that is set in the deed that made it.
    """

    record = models.ForeignKey(Record, models.CASCADE, related_name="+", db_index=False)
    owner_unit = models.CharField(max_length=50)
    until = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["record", "until"], name="past_owner_of_record"),)

    def __str__(self) -> str:
        return f"{self.owner_unit} until {self.until}"


class Opening(models.Model):
    """Someone opened a record: who, when, in which role, and what of it. For internal control; goes with the record."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()
    actor_key = models.CharField(max_length=120)
    actor_kind = models.CharField(max_length=12)
    actor_label = models.CharField(max_length=255, blank=True, default="")
    roles = models.CharField(max_length=500, blank=True, default="", help_text="that gave the right at that moment")
    what = models.CharField(max_length=40, help_text="the page or part that was opened")

    class Meta:
        indexes = (
            models.Index(fields=["record", "-at"], name="opening_of_record"),
            models.Index(fields=["actor_key", "-at"], name="opening_by_actor"),
        )

    def __str__(self) -> str:
        return f"{self.what} of {self.record_id}"


class Rebuild(models.Model):
    """How far a rebuild of the search index has come, per kind, so that it can stop and go on."""

    kind = models.CharField(max_length=50, unique=True)
    reached = models.UUIDField(null=True, blank=True, help_text="last object that was done")
    done = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.kind


class Drift(models.Model):
    """Something on the spine that differs from the object it comes from, as the nightly comparison found it."""

    kind = models.CharField(max_length=50)
    object_uuid = models.UUIDField()
    what = models.CharField(max_length=40, help_text="name of the column, or missing, orphan, search text")
    found_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["kind", "object_uuid", "what"], name="drift_once"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.object_uuid}: {self.what}"


class DestructionList(models.Model):
    """What may be destroyed up to a day: made by one person, approved by another, then carried out by a job.

    Source: Archiefwet 1995 art. 5; Archiefbesluit 1995 art. 8 (declaration of destruction).
    """

    class State(models.TextChoices):
        """Where the list is."""

        DRAFT = "draft", "draft"
        APPROVED = "approved", "approved"
        WITHDRAWN = "withdrawn", "withdrawn"
        DONE = "done", "done"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    until = models.DateField(help_text="last day of the quarter it is about")
    made_by = models.CharField(max_length=120, help_text="key of the actor")
    made_by_label = models.CharField(max_length=255)
    made_at = models.DateTimeField()
    approved_by = models.CharField(max_length=120, blank=True, default="")
    approved_by_label = models.CharField(max_length=255, blank=True, default="")
    approved_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(approved_by="") | ~Q(approved_by=F("made_by")), name="destruction_four_eyes"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "done"]) | ~Q(approved_by=""), name="destruction_is_approved"
            ),
            models.UniqueConstraint(
                fields=["until"], condition=Q(state="draft"), name="destruction_one_draft_per_quarter"
            ),
        )

    def __str__(self) -> str:
        return str(self.uuid)


class DestructionItem(models.Model):
    """One record on a list. After destruction only its number, class and day are left: never what it was about."""

    class Outcome(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", "waiting"
        EXCLUDED = "excluded", "excluded"
        DESTROYED = "destroyed", "destroyed"
        KEPT = "kept", "kept"
        FAILED = "failed", "failed"

    of_list = models.ForeignKey(DestructionList, models.CASCADE, related_name="items")
    kind = models.CharField(max_length=50)
    object_uuid = models.UUIDField(null=True, blank=True, help_text="empty once destroyed")
    number = models.CharField(max_length=100)
    retention_class = models.CharField(max_length=1000, blank=True, default="")
    destroy_on = models.DateField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.WAITING)
    reason = models.CharField(max_length=500, blank=True, default="", help_text="why it was left out or stayed")
    done_at = models.DateTimeField(null=True, blank=True)
    parts = models.JSONField(default=dict, blank=True, help_text="how many of what went along: documents, letters")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["of_list", "object_uuid"], condition=Q(object_uuid__isnull=False), name="destruction_item_once"
            ),
            models.CheckConstraint(
                condition=~Q(outcome="destroyed") | Q(object_uuid__isnull=True), name="destroyed_is_unknown"
            ),
        )
        indexes = (models.Index(fields=["of_list", "outcome", "id"], name="destruction_item_by_outcome"),)

    def __str__(self) -> str:
        return self.number
