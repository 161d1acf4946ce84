"""How far a takeover is. A row about an object is written in the transaction that places the object."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Run(models.Model):
    """One walk over everything a source holds. At most one per source is not at its end."""

    source = models.CharField(max_length=50)
    number = models.PositiveIntegerField()
    started_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "number"], name="run_number_once"),
            models.UniqueConstraint(fields=["source"], condition=Q(ended_at__isnull=True), name="run_one_open"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.number}"


class Cursor(models.Model):
    """Where a run is in one kind of object."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="cursors")
    kind = models.CharField(max_length=40)
    place = models.BigIntegerField(default=1, help_text="next page; or the last owner that was asked")
    round = models.PositiveSmallIntegerField(default=1, help_text="a list that changed while it was read is read again")
    total = models.IntegerField(null=True, blank=True, help_text="how many the source said last that there are")
    is_done = models.BooleanField(default=False)
    read = models.IntegerField(default=0)
    new = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    problem = models.CharField(max_length=200, blank=True, default="", help_text="why the whole kind was not read")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "kind"], name="cursor_once")]

    def __str__(self) -> str:
        return f"{self.kind} at {self.place}"


class Taken(models.Model):
    """An object of a source that is here."""

    source = models.CharField(max_length=50)
    kind = models.CharField(max_length=40)
    url = models.CharField(max_length=1000, help_text="its address there")
    uuid = models.UUIDField(help_text="here")
    digest = models.CharField(
        max_length=64, blank=True, default="", help_text="of its JSON there; empty: not whole yet"
    )
    is_adopted = models.BooleanField(default=False, help_text="was here already, made by ourselves")
    parts = ArrayField(models.CharField(max_length=40), default=list, help_text="kinds to ask for at its own address")
    seen_in = models.PositiveIntegerField(help_text="number of the last run that saw it there")
    taken_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "url"], name="taken_once")]
        indexes: ClassVar = [models.Index(fields=["source", "kind", "id"], name="taken_kind")]

    def __str__(self) -> str:
        return self.url


class Trouble(models.Model):
    """An object of a source that is not here, or not whole, and why. Goes when it is placed after all."""

    source = models.CharField(max_length=50)
    kind = models.CharField(max_length=40)
    url = models.CharField(max_length=1000)
    reason = models.CharField(max_length=500, help_text="never a value of the object")
    is_waiting = models.BooleanField(default=False, help_text="for what it refers to")
    run = models.PositiveIntegerField(help_text="number of the run that met it last")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "url"], name="trouble_once")]

    def __str__(self) -> str:
        return f"{self.url}: {self.reason}"
