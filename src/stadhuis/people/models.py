"""Tables of people. A BSN stands in ``PersonBsn`` and nowhere else; all other tables know a person by number or pseudonym."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now

from stadhuis.kit.time import today


class Person(models.Model):
    """Someone, known by a pseudonym. What the BRP says about them is never stored here."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return str(self.uuid)


class PersonBsn(models.Model):
    """The guarded table: the BSN of a person, encrypted and bound to the pseudonym, with a keyed hash to find it by.

    Source: Wabb art. 10; AVG art. 87 and 25.
    """

    person = models.OneToOneField(Person, models.PROTECT, primary_key=True, related_name="+")
    cipher = models.BinaryField(help_text="AES-256-GCM, bound to the uuid of the person")
    lookup = models.BinaryField(unique=True, help_text="HMAC-SHA-256 of the BSN")

    def __str__(self) -> str:
        return f"BSN of person {self.pk}"


class PersonMeans(models.Model):
    """A person as a log-in provider knows them when it gives no BSN (eIDAS), by the provider's own pseudonym."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    issuer = models.CharField(max_length=255)
    lookup = models.BinaryField(help_text="HMAC-SHA-256 of issuer and subject")
    cipher = models.BinaryField(null=True, help_text="the subject, AES-256-GCM: to hash it anew when keys change")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (models.UniqueConstraint(fields=["issuer", "lookup"], name="person_means_once"),)

    def __str__(self) -> str:
        return f"{self.issuer} for person {self.person_id}"


class Company(models.Model):
    """A company or other organisation in the trade register."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kvk_nummer = models.CharField(max_length=8, unique=True)
    rsin = models.CharField(max_length=9, null=True, blank=True, unique=True)
    naam = models.CharField(max_length=625, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(kvk_nummer__regex=r"^\d{8}$"), name="company_kvk_eight_digits"),
        )

    def __str__(self) -> str:
        return str(self.uuid)


class Representative(models.Model):
    """Someone who acts for a company, by the pseudonym of the log-in provider; several people may act for one company."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    issuer = models.CharField(max_length=255)
    lookup = models.BinaryField(help_text="HMAC-SHA-256 of issuer and subject")
    cipher = models.BinaryField(null=True, help_text="the subject, AES-256-GCM: to hash it anew when keys change")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (models.UniqueConstraint(fields=["company", "issuer", "lookup"], name="representative_once"),)

    def __str__(self) -> str:
        return str(self.uuid)


class Unit(models.Model):
    """An organisation unit: its lasting identity. Name and place in the tree stand in its periods."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField(max_length=50, unique=True)

    def __str__(self) -> str:
        return self.code


class UnitPeriod(models.Model):
    """What a unit was called and where it hung in the tree, from a day up to (not including) another."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="periods")
    naam = models.CharField(max_length=200)
    parent = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            ExclusionConstraint(
                name="unit_period_no_overlap",
                expressions=[
                    (Func("unit_id", "unit_id", Value("[]"), function="int8range"), "&&"),
                    (Func("valid_from", "valid_to", Value("[)"), function="daterange"), "&&"),
                ],
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="unit_period_runs_forward"
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("unit")), name="unit_is_not_its_own_parent"
            ),
        )

    def __str__(self) -> str:
        return f"{self.naam} from {self.valid_from}"


class Medewerker(AbstractBaseUser):
    """A member of staff, or a partner who is let in as a guest. ``django.contrib.auth`` is not installed; this is all."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    username = models.CharField(max_length=60, unique=True)
    naam = models.CharField(max_length=200)
    email = models.EmailField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    functie = models.CharField(max_length=200, blank=True, default="")
    person = models.OneToOneField(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="who this is as a resident: keeps own cases shut",
    )
    leaving_date = models.DateField(null=True, blank=True, help_text="first day on which nothing opens any more")
    is_guest = models.BooleanField(default=False)
    sponsor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    purpose = models.CharField(max_length=500, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["naam", "email"]
    objects = BaseUserManager["Medewerker"]()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(username__regex=r"^[a-z0-9][a-z0-9._-]*$"), name="medewerker_username_plain"
            ),
            models.CheckConstraint(
                condition=Q(is_guest=False) | Q(sponsor__isnull=False, leaving_date__isnull=False) & ~Q(purpose=""),
                name="guest_has_sponsor_purpose_and_end",
            ),
        )

    def __str__(self) -> str:
        return self.username

    @property
    def works_here(self) -> bool:
        """Whether the leaving date has not come."""
        return self.leaving_date is None or self.leaving_date > today()


class Totp(models.Model):
    """The second factor of a member of staff: a secret shared with an authenticator app. Source: RFC 6238."""

    medewerker = models.OneToOneField(Medewerker, models.CASCADE, primary_key=True, related_name="+")
    secret = models.BinaryField(help_text="encrypted, bound to the uuid of the medewerker")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    last_step = models.BigIntegerField(
        default=0, help_text="time step of the last code that was accepted: a code works once"
    )

    def __str__(self) -> str:
        return f"TOTP of medewerker {self.pk}"


class LoginAttempt(models.Model):
    """One attempt of someone to log in as staff. Hashes only; kept for the throttle and then removed."""

    account = models.BinaryField(help_text="keyed hash of the name typed, known or not")
    address = models.BinaryField(help_text="keyed hash of the network address")
    factor = models.CharField(max_length=8, choices=[("password", "password"), ("code", "code")])
    succeeded = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["account", "address", "at"], name="attempt_by_account_address"),)

    def __str__(self) -> str:
        return f"attempt at {self.at}"


class LoginSession(models.Model):
    """One log-in, from start to end. The browser's session refers to it; ending it here ends it everywhere."""

    class Kind(models.TextChoices):
        """Who logged in."""

        RESIDENT = "resident", "resident"
        COMPANY = "company", "company"
        STAFF = "staff", "staff"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="+")
    company = models.ForeignKey(Company, models.CASCADE, null=True, blank=True, related_name="+")
    representative = models.ForeignKey(Representative, models.CASCADE, null=True, blank=True, related_name="+")
    medewerker = models.ForeignKey(Medewerker, models.CASCADE, null=True, blank=True, related_name="+")
    represented_person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="+")
    represented_company = models.ForeignKey(Company, models.CASCADE, null=True, blank=True, related_name="+")
    mandate = models.JSONField(default=dict, blank=True, help_text="basis, scope and level of acting for someone else")
    means = models.CharField(max_length=20, help_text="digid, eherkenning, eidas, password")
    level = models.CharField(max_length=12, blank=True, default="")
    provider_session = models.CharField(max_length=255, blank=True, default="", help_text="sid at the provider")
    branch = models.CharField(max_length=12, blank=True, default="", help_text="vestigingsnummer")
    started_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    ends_at = models.DateTimeField(help_text="absolute end, whatever happens")
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(kind="resident", person__isnull=False, company__isnull=True, medewerker__isnull=True)
                | Q(kind="company", person__isnull=True, company__isnull=False, medewerker__isnull=True)
                | Q(kind="staff", person__isnull=True, company__isnull=True, medewerker__isnull=False),
                name="login_session_has_one_subject",
            ),
        )
        indexes = (models.Index(fields=["medewerker"], name="login_open_of_staff", condition=Q(ended_at__isnull=True)),)

    def __str__(self) -> str:
        return str(self.id)
