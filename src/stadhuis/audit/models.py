"""Tables of audit. ``Line`` is for ever and holds nothing personal; ``Payload`` beside it can be destroyed with its object."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Line(models.Model):
    """One line of the trail: the digest of its payload with a salt, and, once sealed, its place in the chain.

    Writers add lines without waiting for each other; the seal job alone gives them their number and link.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    at = models.DateTimeField()
    digest = models.BinaryField(help_text="SHA-256 over the salt and the payload")
    number = models.BigIntegerField(null=True, blank=True, unique=True, help_text="place in the chain, without gaps")
    link = models.BinaryField(null=True, blank=True, help_text="SHA-256 over the previous link and this line")

    class Meta:
        indexes = (
            models.Index(fields=["id"], name="audit_line_unsealed", condition=Q(number__isnull=True)),
            BrinIndex(fields=["at"], name="audit_line_by_time"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(number__isnull=True, link__isnull=True) | Q(number__isnull=False, link__isnull=False),
                name="audit_line_sealed_whole",
            ),
        )

    def __str__(self) -> str:
        return str(self.uuid)


class Payload(models.Model):
    """What a line says. Goes, salt and all, when its object is destroyed; the line stays and the chain still verifies."""

    line = models.OneToOneField(Line, models.PROTECT, primary_key=True, related_name="+")
    salt = models.BinaryField()
    about = models.UUIDField(null=True, blank=True, help_text="uuid of the hoofdobject")
    kind = models.CharField(max_length=50, help_text="kind of the hoofdobject: zaak, document, besluit")
    bron = models.CharField(max_length=50)
    actie = models.CharField(max_length=50)
    actie_weergave = models.CharField(max_length=200, blank=True, default="")
    resource = models.CharField(max_length=50)
    resource_id = models.UUIDField(null=True, blank=True)
    resource_weergave = models.CharField(max_length=200, blank=True, default="")
    resultaat = models.PositiveSmallIntegerField()
    toelichting = models.TextField(blank=True, default="")
    actor_key = models.CharField(max_length=120)
    actor_kind = models.CharField(max_length=12)
    applicatie_id = models.CharField(max_length=100, blank=True, default="")
    applicatie_weergave = models.CharField(max_length=200, blank=True, default="")
    gebruikers_id = models.CharField(max_length=255, blank=True, default="")
    gebruikers_weergave = models.CharField(max_length=255, blank=True, default="")
    acting_for_key = models.CharField(max_length=120, blank=True, default="")
    mandate = models.JSONField(default=dict, blank=True)
    session = models.CharField(max_length=36, blank=True, default="")
    oud = models.JSONField(null=True, blank=True, encoder=DjangoJSONEncoder)
    nieuw = models.JSONField(null=True, blank=True, encoder=DjangoJSONEncoder)

    class Meta:
        indexes = (
            models.Index(fields=["about", "line"], name="audit_payload_by_about"),
            models.Index(fields=["actor_key", "line"], name="audit_payload_by_actor"),
            models.Index(fields=["resource_weergave"], name="audit_payload_by_number"),
        )

    def __str__(self) -> str:
        return f"{self.actie} {self.resource}"


class Seal(models.Model):
    """The end of a sealed batch: the chain up to and including line ``last_number`` ends in ``link``."""

    sealed_at = models.DateTimeField()
    first_number = models.BigIntegerField()
    last_number = models.BigIntegerField(unique=True)
    link = models.BinaryField()

    def __str__(self) -> str:
        return f"lines {self.first_number} to {self.last_number}"


class Processing(models.Model):
    """One use of personal data: which activity, whose data, when. Never which employee: that is what the trail is for.

    The pseudonyms are keyed and made for this log alone (``rules.pseudonym``).

    Source: Logboek Dataverwerkingen 1.0 (trace_id, operation_id, status, times, dpl.core.*).
    """

    operation_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    trace_id = models.CharField(max_length=64, blank=True, default="", help_text="id of the request")
    activity_id = models.CharField(max_length=255, help_text="dpl.core.processing_activity_id")
    subjects = ArrayField(models.UUIDField(), help_text="dpl.core.data_subject_id: pseudonyms of the persons")
    about = models.UUIDField(null=True, blank=True, help_text="the object the data were used for")
    party = models.CharField(max_length=120, help_text="which kind of actor, and for an application which one")
    status = models.CharField(max_length=5, choices=[(name, name) for name in ("Unset", "Ok", "Error")], default="Ok")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = (
            GinIndex(fields=["subjects"], name="processing_by_subject"),
            models.Index(fields=["started_at"], name="processing_by_time"),
            models.Index(fields=["about"], name="processing_by_object", condition=Q(about__isnull=False)),
        )

    def __str__(self) -> str:
        return self.activity_id


class Verification(models.Model):
    """The outcome of walking the whole chain once: how far it fits, and the first line that does not."""

    at = models.DateTimeField()
    lines = models.BigIntegerField()
    last_number = models.BigIntegerField(help_text="the chain fits up to and including this line")
    broken_line = models.BigIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True, default="")

    def __str__(self) -> str:
        return self.reason or f"whole up to line {self.last_number}"
