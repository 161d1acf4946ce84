"""Tables of notificaties."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Kanaal(models.Model):
    """A channel that another producer made; those of our own registers are registered in code."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    naam = models.CharField(max_length=50, unique=True)
    documentatie_link = models.CharField(max_length=200, blank=True, default="")
    filters = ArrayField(models.CharField(max_length=100), default=list, blank=True)

    def __str__(self) -> str:
        return self.naam


class Abonnement(models.Model):
    """A subscription: where messages go, and with which Authorization header (encrypted, never shown again)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    callback_url = models.TextField()
    auth = models.BinaryField(help_text="AES-256-GCM, bound to the uuid")
    created_at = models.DateTimeField(db_default=Now())
    failures = models.PositiveIntegerField(db_default=0, help_text="times in a row that it could not be reached")
    paused_until = models.DateTimeField(null=True, blank=True, help_text="nothing is sent before, whatever the stream")

    def __str__(self) -> str:
        return str(self.uuid)


class AbonnementKanaal(models.Model):
    """A channel of a subscription with its filters; all filters of one entry must match, several entries are alternatives."""

    abonnement = models.ForeignKey(Abonnement, models.CASCADE, related_name="kanalen")
    naam = models.CharField(max_length=50)
    filters = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["naam"], name="abonnement_kanaal_naam")]

    def __str__(self) -> str:
        return self.naam


class Notificatie(models.Model):
    """The outbox: one message, written in the transaction of the change."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kanaal = models.CharField(max_length=50)
    hoofd_object = models.CharField(max_length=1000)
    resource = models.CharField(max_length=100)
    resource_url = models.CharField(max_length=1000)
    actie = models.CharField(max_length=100)
    aanmaakdatum = models.DateTimeField()
    kenmerken = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["aanmaakdatum"], name="notificatie_aanmaakdatum")]

    def __str__(self) -> str:
        return f"{self.kanaal}: {self.resource} {self.actie}"

    def body(self) -> dict[str, object]:
        """Return the message as it is sent. Source: ZGW BEHAVIOUR 13.1."""
        return {
            "kanaal": self.kanaal,
            "hoofdObject": self.hoofd_object,
            "resource": self.resource,
            "resourceUrl": self.resource_url,
            "actie": self.actie,
            "aanmaakdatum": self.aanmaakdatum.isoformat().replace("+00:00", "Z"),
            "kenmerken": self.kenmerken,
        }


class Delivery(models.Model):
    """A message on its way to one subscriber. Those of one hoofdobject to one subscriber go in order of id."""

    class State(models.TextChoices):
        """Where it is."""

        WAITING = "waiting", "waiting"
        DELIVERED = "delivered", "delivered"
        DEAD = "dead", "dead"

    notificatie = models.ForeignKey(Notificatie, models.CASCADE, related_name="deliveries")
    abonnement = models.ForeignKey(Abonnement, models.CASCADE, related_name="deliveries")
    stream = models.CharField(max_length=64, help_text="hash of subscription and hoofdobject: what is kept in order")
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    first_tried_at = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField()
    last_error = models.CharField(max_length=200, blank=True, default="")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["notificatie", "abonnement"], name="delivery_once"),
            models.CheckConstraint(condition=Q(state__in=["waiting", "delivered", "dead"]), name="delivery_state"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["stream", "id"], name="delivery_waiting", condition=Q(state="waiting")),
            models.Index(fields=["finished_at"], name="delivery_dead", condition=Q(state="dead")),
        ]

    def __str__(self) -> str:
        return f"{self.state} after {self.attempts} attempts"
