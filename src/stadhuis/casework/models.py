"""Work items, clock events, established facts and proposals."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Route(models.Model):
    """Which unit handles the zaken of a zaaktype (all its versions)."""

    zaaktype_ref = models.CharField(max_length=120, unique=True)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.zaaktype_ref


class WorkItem(models.Model):
    """The one row on a worklist that every zaak has; changed in the transaction of the deed, so never behind.

    It carries the guard columns of its zaak, so that counting what someone may see does not visit every zaak; two triggers
    of the database keep them equal, whoever changes the zaak.
    """

    zaak = models.OneToOneField("zaken.Zaak", on_delete=models.CASCADE, related_name="+")
    zaaktype_ref = models.CharField(
        max_length=120, default="", editable=False, help_text="the zaak's, kept equal by a trigger"
    )
    vertrouwelijkheid_orde = models.SmallIntegerField(
        default=8, editable=False, help_text="the zaak's, kept equal by a trigger"
    )
    # An index of its own would hold every zaak that is closed too, and lure the planner of lists away from ``work_unit``.
    unit = models.ForeignKey("people.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    handler = models.ForeignKey("people.Medewerker", null=True, on_delete=models.PROTECT, related_name="+")
    deadline = models.DateField(null=True)
    notice_on = models.DateField(null=True, help_text="day of the default notice that counts (Awb 4:17); stands on top")
    is_open = models.BooleanField(default=True)
    awaits_approval = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            # With the guard columns: who sees a part is counted from the index alone, as fast as who sees everything.
            models.Index(
                fields=["deadline", "id"],
                include=["zaaktype_ref", "vertrouwelijkheid_orde"],
                name="work_open_guarded",
                condition=Q(is_open=True),
            ),
            models.Index(fields=["handler", "deadline", "id"], name="work_handler", condition=Q(is_open=True)),
            models.Index(fields=["unit", "deadline", "id"], name="work_unit", condition=Q(is_open=True)),
            models.Index(
                fields=["deadline", "id"], name="work_notice", condition=Q(is_open=True, notice_on__isnull=False)
            ),
            models.Index(
                fields=["deadline", "id"], name="work_approval", condition=Q(is_open=True, awaits_approval=True)
            ),
        ]

    def __str__(self) -> str:
        return f"work on zaak {self.zaak_id}"


class ClockEvent(models.Model):
    """Something that starts, stops or moves the legal term of a zaak; only added, never changed.

    A correction is a new row that takes the place of an old one; taking an event back is such a row that does not count.
    """

    zaak = models.ForeignKey("zaken.Zaak", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40, help_text="an event of stadhuis.law")
    on = models.DateField()
    until = models.DateField(null=True)
    length = models.PositiveSmallIntegerField(null=True, help_text="of an extension")
    unit = models.CharField(max_length=6, blank=True, default="", help_text="of that length")
    ends = models.ForeignKey(
        "self", null=True, on_delete=models.CASCADE, related_name="+", help_text="the standstill that this ends"
    )
    exclusion = models.CharField(
        max_length=60,
        blank=True,
        default="",
        db_default="",
        help_text="why a default notice costs nothing (4:17 lid 6)",
    )
    replaces = models.OneToOneField("self", null=True, on_delete=models.CASCADE, related_name="replaced_by")
    is_withdrawn = models.BooleanField(default=False, db_default=False, help_text="takes `replaces` back")
    reason = models.CharField(max_length=400, blank=True, default="")
    by = models.CharField(max_length=120)
    by_label = models.CharField(max_length=200, blank=True, default="", db_default="")
    recorded_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["zaak", "on", "id"], name="clock_zaak")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="clock_withdrawal_of_something", condition=Q(is_withdrawn=False) | Q(replaces__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.on}"


class DeadlineVersion(models.Model):
    """One computation of the deadline with its steps; a new computation is a new row, so what was told stays known."""

    zaak = models.ForeignKey("zaken.Zaak", on_delete=models.CASCADE, related_name="+")
    deadline = models.DateField()
    explanation = models.JSONField(
        help_text="the whole answer of stadhuis.law: rule version, term, events, steps; it can be replayed"
    )
    computed_at = models.DateTimeField()
    cause = models.ForeignKey(ClockEvent, null=True, on_delete=models.CASCADE, related_name="+")
    first_shown_at = models.DateTimeField(null=True, help_text="when the applicant first saw this date in the portal")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["zaak", "-id"], name="deadline_zaak")]

    def __str__(self) -> str:
        return str(self.deadline)


class EstablishedFact(models.Model):
    """A fact that staff established and that takes the place of what was stated; the newest per key counts."""

    zaak = models.ForeignKey("zaken.Zaak", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)
    value = models.JSONField()
    source = models.CharField(max_length=200, help_text="where it was found: a document, a register, a talk")
    by = models.CharField(max_length=120)
    by_label = models.CharField(max_length=200)
    established_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["zaak", "-id"], name="fact_zaak")]

    def __str__(self) -> str:
        return self.key


class Proposal(models.Model):
    """A proposed decision on its way from the handler through a second person to the resident."""

    class Outcome(models.TextChoices):
        """What is decided."""

        GRANT = "toekennen", "toekennen"
        PARTLY = "deels toekennen", "deels toekennen"
        REFUSE = "afwijzen", "afwijzen"

    class State(models.TextChoices):
        """Where the proposal is."""

        DRAFT = "draft", "draft"
        AWAITING = "awaiting", "awaiting approval"
        RETURNED = "returned", "returned to the handler"
        APPROVED = "approved", "approved"
        SENT = "sent", "sent"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    zaak = models.ForeignKey("zaken.Zaak", on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    reasons = models.TextField(help_text="why, in the words of the handler; goes into the letter (Awb 3:46)")
    assessment = models.UUIDField(null=True, help_text="the assessment of stadhuis.schemes that it rests on")
    letter = models.JSONField(default=dict, help_text="the letter as proposed: what is approved is what is sent")
    prepared_by = models.ForeignKey("people.Medewerker", on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    decided_by = models.ForeignKey("people.Medewerker", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    remark = models.TextField(blank=True, default="", help_text="what the second person said")
    sent_at = models.DateTimeField(null=True)
    besluit = models.UUIDField(null=True)
    document = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="proposal_four_eyes", condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("prepared_by"))
            ),
            models.UniqueConstraint(fields=["zaak"], condition=~Q(state="returned"), name="proposal_one_alive"),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} ({self.state})"
