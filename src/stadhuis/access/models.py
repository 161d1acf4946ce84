"""Tables of access. Roles and grants are bitemporal: from when until when it holds, and when we knew that."""

from __future__ import annotations

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now

COMPONENTS = [(code, code) for code in ("ac", "nrc", "zrc", "ztc", "drc", "brc")]
EVERY_TYPE = "*"


class Role(models.Model):
    """A bundle of grants with a name."""

    code = models.SlugField(max_length=50, unique=True)
    naam = models.CharField(max_length=200)
    is_privileged = models.BooleanField(default=False, help_text="giving this role takes a second person")

    def __str__(self) -> str:
        return self.code


class Bitemporal(models.Model):
    """Valid from a day up to another, recorded from a moment up to another; a correction closes a row and adds one."""

    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True, help_text="first day on which it no longer holds")
    recorded_from = models.DateTimeField(db_default=Now())
    recorded_to = models.DateTimeField(null=True, blank=True, help_text="when we learned that it was otherwise")
    recorded_by = models.CharField(max_length=120, help_text="key of the actor")

    class Meta:
        abstract = True


class Grant(Bitemporal):
    """A role may do an action on cases of one type, in all its versions, up to a level of confidentiality."""

    role = models.ForeignKey(Role, models.PROTECT, related_name="grants")
    action = models.CharField(max_length=50)
    type_ref = models.CharField(max_length=120, help_text="<catalogus.domein>:<identificatie>, or * for every type")
    max_level = models.PositiveSmallIntegerField(help_text="1 openbaar ... 8 zeer_geheim, inclusive")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(max_level__gte=1, max_level__lte=8), name="grant_level_in_range"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="grant_runs_forward"
            ),
        )
        indexes = (models.Index(fields=["role", "action"], name="grant_by_role_action"),)

    def __str__(self) -> str:
        return f"{self.action} on {self.type_ref} up to {self.max_level}"


class Membership(Bitemporal):
    """A member of staff has a role in a unit."""

    medewerker = models.ForeignKey("people.Medewerker", models.PROTECT, related_name="+")
    role = models.ForeignKey(Role, models.PROTECT, related_name="+")
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="+")
    approved_by = models.CharField(max_length=120, blank=True, default="", help_text="key of the second person")

    class Meta:
        constraints = (
            ExclusionConstraint(
                name="membership_no_overlap",
                expressions=[
                    (Func("medewerker_id", "medewerker_id", Value("[]"), function="int8range"), "&&"),
                    (Func("role_id", "role_id", Value("[]"), function="int8range"), "&&"),
                    (Func("unit_id", "unit_id", Value("[]"), function="int8range"), "&&"),
                    (Func("valid_from", "valid_to", Value("[)"), function="daterange"), "&&"),
                    (Func("recorded_from", "recorded_to", Value("[)"), function="tstzrange"), "&&"),
                ],
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="membership_runs_forward"
            ),
        )
        indexes = (
            models.Index(fields=["medewerker"], name="membership_known_now", condition=Q(recorded_to__isnull=True)),
        )

    def __str__(self) -> str:
        return f"{self.medewerker_id} as {self.role_id} in {self.unit_id}"


class Applicatie(models.Model):
    """An application that talks to the ZGW APIs. Source: Autorisaties API 1.1.0, Applicatie."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    label = models.CharField(max_length=100)
    heeft_alle_autorisaties = models.BooleanField(default=False)
    alleen_is_gereed_voor_publicatie = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.label


class Client(models.Model):
    """A client id of an applicatie. Never handed to another one: the row stays when it is withdrawn. Source: ac-001."""

    client_id = models.CharField(max_length=50, unique=True)
    applicatie = models.ForeignKey(Applicatie, models.SET_NULL, null=True, related_name="clients")

    def __str__(self) -> str:
        return self.client_id


class ClientSecret(models.Model):
    """A shared secret of a client id; two may be valid at once, so that it can be changed without a standstill."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="secrets")
    slot = models.PositiveSmallIntegerField()
    cipher = models.BinaryField(help_text="AES-256-GCM, bound to the client id")
    created_at = models.DateTimeField(db_default=Now())
    last_used_at = models.DateTimeField(null=True, blank=True, help_text="to within ten minutes")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["client", "slot"], name="client_secret_slot_once"),
            models.CheckConstraint(condition=Q(slot__in=[1, 2]), name="client_secret_two_slots"),
        )

    def __str__(self) -> str:
        return f"secret {self.slot} of client {self.client_id}"


class Autorisatie(models.Model):
    """What an applicatie may do in one component. Source: Autorisaties API 1.1.0, Autorisatie."""

    applicatie = models.ForeignKey(Applicatie, models.CASCADE, related_name="autorisaties")
    component = models.CharField(max_length=3, choices=COMPONENTS)
    scopes = ArrayField(models.CharField(max_length=100))
    type_url = models.CharField(max_length=1000, blank=True, default="", help_text="the type as it was given")
    type_ref = models.CharField(
        max_length=120, blank=True, default="", help_text="<domein>:<identificatie>, or * for every type"
    )
    type_uuid = models.UUIDField(null=True, blank=True, help_text="the version named, when not all versions are meant")
    all_versions = models.BooleanField(default=True)
    max_level = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(max_level__isnull=True) | Q(max_level__gte=1, max_level__lte=8),
                name="autorisatie_level_in_range",
            ),
            models.CheckConstraint(
                condition=Q(all_versions=True) | Q(type_uuid__isnull=False), name="autorisatie_one_version_names_it"
            ),
        )

    def __str__(self) -> str:
        return f"{self.component}: {', '.join(self.scopes)}"
