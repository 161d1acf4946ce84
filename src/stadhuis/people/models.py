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
    """A company or other organisation in the trade register, or one of another country of the EU (``CompanyMeans``)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kvk_nummer = models.CharField(max_length=8, unique=True, null=True)
    rsin = models.CharField(max_length=9, null=True, blank=True, unique=True)
    naam = models.CharField(max_length=625, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(kvk_nummer__regex=r"^\d{8}$"), name="company_kvk_eight_digits"),
        )

    def __str__(self) -> str:
        return str(self.uuid)


class CompanyMeans(models.Model):
    """A company that is not in our trade register, by the number with which another country knows it (eIDAS)."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    issuer = models.CharField(max_length=255)
    lookup = models.BinaryField(help_text="HMAC-SHA-256 of issuer and number")
    cipher = models.BinaryField(help_text="the number, AES-256-GCM: to hash it anew when keys change")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (models.UniqueConstraint(fields=["issuer", "lookup"], name="company_means_once"),)

    def __str__(self) -> str:
        return f"{self.issuer} for company {self.company_id}"


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
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", help_text="where its people and work went"
    )
    merged_at = models.DateTimeField(null=True, blank=True, help_text="when people and work had moved")

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
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", help_text="gets the open work when they leave"
    )
    left_at = models.DateTimeField(null=True, blank=True, help_text="when everything of who left was ended")
    needs_link = models.BooleanField(
        default=False,
        db_default=False,
        help_text="a second factor is set up only through a link by mail, not by who knows the password",
    )
    reminded_for = models.DateField(null=True, blank=True, help_text="end date about which the sponsor had a mail")

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
    address = models.BinaryField(help_text="keyed hash of the network address, or of the device when it is a known one")
    factor = models.CharField(
        max_length=8,
        choices=[("password", "password"), ("right", "right"), ("code", "code"), ("reset", "reset")],
        help_text="'right' is a right password that no second factor followed yet",
    )
    succeeded = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=["account", "address", "at"], name="attempt_by_account_address"),
            models.Index(fields=["address", "at"], name="attempt_by_address"),
        )

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
    issuer = models.CharField(max_length=255, blank=True, default="", db_default="", help_text="provider of the log-in")
    subject_lookup = models.BinaryField(null=True, blank=True, help_text="HMAC-SHA-256 of issuer and subject")
    names = models.BinaryField(
        null=True,
        blank=True,
        help_text="encrypted, bound to the id: what the provider says about who logs in and who is acted for",
    )
    started_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    ends_at = models.DateTimeField(help_text="absolute end, whatever happens")
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=20, blank=True, default="")
    agent = models.CharField(
        max_length=60, blank=True, default="", db_default="", help_text="browser and system in words, of staff"
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(kind="resident", person__isnull=False, company__isnull=True, medewerker__isnull=True)
                | Q(kind="company", person__isnull=True, company__isnull=False, medewerker__isnull=True)
                | Q(kind="staff", person__isnull=True, company__isnull=True, medewerker__isnull=False),
                name="login_session_has_one_subject",
            ),
        )
        indexes = (
            models.Index(fields=["medewerker"], name="login_open_of_staff", condition=Q(ended_at__isnull=True)),
            models.Index(
                fields=["issuer", "provider_session"],
                name="login_open_at_provider",
                condition=Q(ended_at__isnull=True) & ~Q(issuer=""),
            ),
            models.Index(
                fields=["subject_lookup"],
                name="login_open_of_subject",
                condition=Q(ended_at__isnull=True, subject_lookup__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return str(self.id)


class SpentLogout(models.Model):
    """A logout token that was carried out, kept until it has expired: it works once. Source: Back-Channel Logout 1.0, 2.6."""

    lookup = models.BinaryField(primary_key=True, help_text="SHA-256 of issuer and jti")
    expires_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["expires_at"], name="spent_logout_expires"),)

    def __str__(self) -> str:
        return f"logout token until {self.expires_at}"


# -- The account of staff ---------------------------------------------------------------------------------------------


class Passkey(models.Model):
    """A key pair on a device or in a password manager of a member of staff; only the public half is here.

    Source: W3C Web Authentication level 3.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    medewerker = models.ForeignKey(Medewerker, models.CASCADE, related_name="+")
    credential_id = models.BinaryField(unique=True)
    public_key = models.BinaryField(help_text="COSE")
    sign_count = models.BigIntegerField(default=0, help_text="a counter that goes back betrays a copied key")
    name = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"passkey of medewerker {self.medewerker_id}"


class RecoveryCode(models.Model):
    """A code that takes the place of the second factor, once. Only a keyed hash is kept."""

    medewerker = models.ForeignKey(Medewerker, models.CASCADE, related_name="+")
    lookup = models.BinaryField(help_text="keyed hash, bound to the uuid of the medewerker")
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["medewerker", "lookup"], name="recovery_code_once"),)

    def __str__(self) -> str:
        return f"recovery code of medewerker {self.medewerker_id}"


class KnownDevice(models.Model):
    """A browser in which this person once gave both factors: attempts from it are counted apart from everybody else's.

    Source: OWASP, slow down online guessing attacks with device cookies.
    """

    medewerker = models.ForeignKey(Medewerker, models.CASCADE, related_name="+")
    lookup = models.BinaryField(unique=True, help_text="keyed hash of the cookie")
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"device of medewerker {self.medewerker_id}"


class AccountLink(models.Model):
    """A link sent by mail. The token follows from ``uuid`` and the secret key, so that it stands nowhere at rest."""

    class Kind(models.TextChoices):
        """What it is for."""

        INVITE = "invite", "first use"
        RESET = "reset", "new password"
        FACTOR = "factor", "new second factor"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    medewerker = models.ForeignKey(Medewerker, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    lookup = models.BinaryField(unique=True, help_text="SHA-256 of the token")
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="withdrawn: a newer one, another password, left")

    class Meta:
        indexes = (
            models.Index(
                fields=["medewerker"], name="link_open", condition=Q(used_at__isnull=True, ended_at__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} link {self.uuid}"


class StaffMeans(models.Model):
    """A member of staff as the organisation's own log-in provider knows them; bound at the first single sign-on."""

    medewerker = models.OneToOneField(Medewerker, models.CASCADE, related_name="+")
    issuer = models.CharField(max_length=255)
    lookup = models.BinaryField(help_text="HMAC-SHA-256 of issuer and subject")
    cipher = models.BinaryField(null=True, help_text="the subject, AES-256-GCM: to hash it anew when keys change")
    groups = models.JSONField(default=list, help_text="names of groups at the last log-in")
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["issuer", "lookup"], name="staff_means_once"),)

    def __str__(self) -> str:
        return f"{self.issuer} for medewerker {self.medewerker_id}"


class GroupRole(models.Model):
    """Who is in this group at the log-in provider has this role in this unit. Data that an administrator edits."""

    group = models.CharField(max_length=200)
    role_code = models.SlugField(max_length=50, help_text="code of a role of access")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["group", "role_code", "unit"], name="group_role_once"),)

    def __str__(self) -> str:
        return f"{self.group}: {self.role_code}"


class Absence(models.Model):
    """Days on which somebody is not there, and who looks after their work meanwhile."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    medewerker = models.ForeignKey(Medewerker, models.CASCADE, related_name="+")
    replacement = models.ForeignKey(Medewerker, models.PROTECT, null=True, blank=True, related_name="+")
    first_day = models.DateField()
    last_day = models.DateField(help_text="inclusive")
    made_by = models.CharField(max_length=120, help_text="key of the actor")
    made_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            ExclusionConstraint(
                name="absence_no_overlap",
                condition=Q(cancelled_at__isnull=True),
                expressions=[
                    (Func("medewerker_id", "medewerker_id", Value("[]"), function="int8range"), "&&"),
                    (Func("first_day", "last_day", Value("[]"), function="daterange"), "&&"),
                ],
            ),
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="absence_runs_forward"),
            models.CheckConstraint(
                condition=Q(replacement__isnull=True) | ~Q(replacement=F("medewerker")),
                name="nobody_replaces_themselves",
            ),
        )
        indexes = (models.Index(fields=["replacement", "first_day"], name="absence_by_replacement"),)

    def __str__(self) -> str:
        return f"medewerker {self.medewerker_id} from {self.first_day}"


class Placement(models.Model):
    """In which unit somebody is, from a day up to (not including) another. ``Medewerker.unit`` follows the one of today."""

    medewerker = models.ForeignKey(Medewerker, models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            ExclusionConstraint(
                name="placement_no_overlap",
                expressions=[
                    (Func("medewerker_id", "medewerker_id", Value("[]"), function="int8range"), "&&"),
                    (Func("valid_from", "valid_to", Value("[)"), function="daterange"), "&&"),
                ],
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="placement_runs_forward"
            ),
        )
        indexes = (models.Index(fields=["unit", "valid_from"], name="placement_by_unit"),)

    def __str__(self) -> str:
        return f"medewerker {self.medewerker_id} in unit {self.unit_id}"
