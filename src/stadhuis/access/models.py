"""Tables of access. Roles and grants are bitemporal: from when until when it holds, and when we knew that."""

from __future__ import annotations

import uuid
from datetime import timedelta

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
    ended_at = models.DateTimeField(null=True, blank=True, help_text="since when it is given to nobody any more")

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
    """A role may do an action on cases of one type, in all its versions, up to a level; of one unit, when it is named."""

    role = models.ForeignKey(Role, models.PROTECT, related_name="grants")
    action = models.CharField(max_length=50)
    type_ref = models.CharField(max_length=120, help_text="<catalogus.domein>:<identificatie>, or * for every type")
    max_level = models.PositiveSmallIntegerField(help_text="1 openbaar ... 8 zeer_geheim, inclusive")
    unit = models.ForeignKey(
        "people.Unit", models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        help_text="only what this unit, or one below it, owns; empty: whoever owns it",
    )  # fmt: skip

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(unit__isnull=True) | ~Q(action__startswith="beheer."), name="grant_of_the_house_has_no_unit"
            ),
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
    given_by = models.CharField(max_length=120, blank=True, default="", help_text="key of who asked for it at first")
    approved_by = models.CharField(max_length=120, blank=True, default="", help_text="key of the second person")

    class Meta:
        # That a privileged role was approved by a second person, who does not have it given to them, is held by the
        # trigger ``access_membership_four_eyes``: the facts stand in three tables.
        constraints = (
            models.CheckConstraint(
                condition=Q(approved_by="") | ~Q(approved_by=F("given_by")), name="membership_second_person"
            ),
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


class Request(models.Model):
    """A right that waits for a second administrator: a role for somebody, or a grant for a role. Source: BIO2 5.03."""

    class State(models.TextChoices):
        """Where it stands."""

        AWAITING = "awaiting", "awaiting"
        APPROVED = "approved", "approved"
        REFUSED = "refused", "refused"
        WITHDRAWN = "withdrawn", "withdrawn"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    role = models.ForeignKey(Role, models.PROTECT, related_name="+")
    medewerker = models.ForeignKey("people.Medewerker", models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(
        "people.Unit", models.PROTECT, null=True, related_name="+", help_text="of a role, or to which a grant is bound"
    )
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    action = models.CharField(max_length=50, blank=True, default="", help_text="of a grant; empty for a role")
    type_ref = models.CharField(max_length=120, blank=True, default="")
    max_level = models.PositiveSmallIntegerField(null=True)
    reason = models.CharField(max_length=500)
    state = models.CharField(max_length=9, choices=State.choices, default=State.AWAITING)
    requested_by = models.ForeignKey(
        "people.Medewerker", models.PROTECT, null=True, blank=True, related_name="+",
        help_text="empty when a group at the log-in provider asks",
    )  # fmt: skip
    requested_at = models.DateTimeField()
    decided_by = models.ForeignKey("people.Medewerker", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | Q(state="withdrawn")
                | ~Q(decided_by=F("requested_by")) & (Q(medewerker__isnull=True) | ~Q(decided_by=F("medewerker"))),
                name="request_second_person",
            ),
            models.CheckConstraint(
                condition=Q(state="awaiting", decided_by__isnull=True, decided_at__isnull=True)
                | ~Q(state="awaiting") & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="request_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(action="", medewerker__isnull=False, unit__isnull=False, max_level__isnull=True)
                | ~Q(action="") & Q(medewerker__isnull=True, max_level__gte=1, max_level__lte=8),
                name="request_is_role_or_grant",
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=True) | ~Q(action__startswith="beheer."), name="request_of_the_house_no_unit"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="request_runs_forward"
            ),
        )

    def __str__(self) -> str:
        return str(self.uuid)


class Kin(models.Model):
    """A person whose cases stay shut to a member of staff, because they are family. Source: Awb art. 2:4.

    What the BRP said when the member of staff was linked to a person; kept here, with the rule that reads it, because
    the rule must answer in one statement and the BRP may be down. Only that somebody is related, never a name.
    """

    medewerker = models.ForeignKey("people.Medewerker", models.CASCADE, related_name="+")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    relation = models.CharField(max_length=7, choices=[(name, name) for name in ("partner", "parent", "child")])
    recorded_from = models.DateTimeField()
    recorded_to = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["medewerker", "person"], condition=Q(recorded_to__isnull=True), name="kin_known_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.relation} of medewerker {self.medewerker_id}"


class Conflict(models.Model):
    """A member of staff said: this case touches me. It stays shut to them until an administrator ends it."""

    medewerker = models.ForeignKey("people.Medewerker", models.CASCADE, related_name="+")
    zaak_uuid = models.UUIDField(help_text="a value, not a foreign key: registers stand above access")
    reason = models.CharField(max_length=500, blank=True, default="")
    recorded_from = models.DateTimeField()
    recorded_to = models.DateTimeField(null=True, blank=True)
    recorded_by = models.CharField(max_length=120)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["medewerker", "zaak_uuid"], condition=Q(recorded_to__isnull=True), name="conflict_known_once"
            ),
        )

    def __str__(self) -> str:
        return f"medewerker {self.medewerker_id} and zaak {self.zaak_uuid}"


class BreakGlass(models.Model):
    """One case opened for one person, to read, for a reason and for a limited time."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    medewerker = models.ForeignKey("people.Medewerker", models.PROTECT, related_name="+")
    zaak_uuid = models.UUIDField()
    reason = models.CharField(max_length=500)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(help_text="moved forward when it is ended early")
    ended_by = models.CharField(max_length=120, blank=True, default="")
    seen_by = models.CharField(max_length=120, blank=True, default="", help_text="key of the owner who looked at it")
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_at__gte=F("starts_at"), ends_at__lte=F("starts_at") + timedelta(hours=8)),
                name="break_glass_has_an_end",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="break_glass_has_a_reason"),
        )
        indexes = (models.Index(fields=["medewerker", "ends_at"], name="break_glass_of_somebody"),)

    def __str__(self) -> str:
        return str(self.uuid)


class Shield(models.Model):
    """The BRP said that data of this person are kept from others. Source: Wet BRP art. 2.59; RvIG, indicatie geheim."""

    person = models.OneToOneField("people.Person", models.CASCADE, primary_key=True, related_name="+")
    since = models.DateTimeField()
    pattern = models.TextField(
        blank=True, default="", db_default="", help_text="regular expression of the address, to take it out of texts"
    )

    def __str__(self) -> str:
        return f"shield of person {self.person_id}"


class Bar(models.Model):
    """The town itself says: only who has ``persoon.afgeschermd`` sees cases of this person. Source: AVG art. 5 and 32.

    One administrator sets it, at once; taking it off before its end takes two.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    reason = models.CharField(max_length=500)
    starts_at = models.DateTimeField()
    ends_on = models.DateField(null=True, blank=True, help_text="first day on which it no longer holds")
    set_by = models.CharField(max_length=120, help_text="key of the actor")
    lift_asked_by = models.CharField(max_length=120, blank=True, default="")
    lift_reason = models.CharField(max_length=500, blank=True, default="")
    lifted_by = models.CharField(max_length=120, blank=True, default="")
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="bar_has_a_reason"),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by="")
                | Q(lifted_at__isnull=False)
                & ~Q(lifted_by="")
                & ~Q(lift_asked_by="")
                & ~Q(lifted_by=F("lift_asked_by")),
                name="bar_lifted_by_two",
            ),
        )
        indexes = (models.Index(fields=["person"], name="bar_in_force", condition=Q(lifted_at__isnull=True)),)

    def __str__(self) -> str:
        return f"bar {self.uuid}"


class RateBucket(models.Model):
    """How many requests somebody has left: a bucket that fills by itself. Unlogged: after a crash everybody starts anew."""

    key = models.BinaryField(primary_key=True, help_text="keyed hash of the kind and who it is")
    tokens = models.FloatField()
    filled_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"bucket with {self.tokens:.0f} left"


class Maintenance(models.Model):
    """Whether the town hall is read-only now, and what visitors are told. One row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    is_on = models.BooleanField(default=False)
    message = models.CharField(max_length=300, blank=True, default="")
    since = models.DateTimeField(null=True, blank=True)
    minutes = models.PositiveIntegerField(default=10, help_text="what Retry-After says")

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(id=1), name="maintenance_one_row"),)

    def __str__(self) -> str:
        return "on" if self.is_on else "off"


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
    domein = models.CharField(
        max_length=5, blank=True, default="", db_default="", help_text="of a catalogue all of whose types are meant"
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(domein="") | Q(type_ref="", type_url="", all_versions=True, type_uuid__isnull=True),
                name="autorisatie_catalogue_or_type",
            ),
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


class LastCall(models.Model):
    """How the last calls of a client id went, so that somebody who connects an application sees what is wrong.

    Unlogged: after a crash it starts empty. Only how it went: no body, no address of an object, nothing of a token.
    """

    client_id = models.CharField(
        max_length=50, primary_key=True, help_text="as it was sent; empty when no client id could be read"
    )
    answered_at = models.DateTimeField(null=True, blank=True, help_text="with success, to within a minute")
    operation = models.CharField(max_length=200, blank=True, default="", help_text="GET zaken/api/v1/zaken/{uuid}")
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True, help_text="answered with an error, to within five seconds")
    failed_operation = models.CharField(max_length=200, blank=True, default="")
    failed_status = models.PositiveSmallIntegerField(null=True, blank=True)
    failed_code = models.CharField(max_length=100, blank=True, default="", help_text="of the error in the answer")
    refused_at = models.DateTimeField(null=True, blank=True, help_text="when a token was last refused")
    refused_code = models.CharField(max_length=100, blank=True, default="")
    refused_age = models.BigIntegerField(null=True, blank=True, help_text="seconds since iat; negative is the future")

    def __str__(self) -> str:
        return f"last call of {self.client_id}"
