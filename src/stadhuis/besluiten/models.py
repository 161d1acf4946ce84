"""Tables of decisions. Columns are the names of ZGW Besluiten 1.1 in snake_case."""

from __future__ import annotations

import uuid
from typing import ClassVar, Final

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from stadhuis.kit.constraints import nine_digits, one_of

VERVALREDEN: Final = ("tijdelijk", "ingetrokken_overheid", "ingetrokken_belanghebbende")


class Besluit(models.Model):
    """A decision, mostly taken in a zaak."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    identificatie = models.CharField(max_length=50)
    verantwoordelijke_organisatie = models.CharField(max_length=9)
    besluittype = models.ForeignKey("catalogi.Besluittype", models.PROTECT, related_name="+")
    besluittype_ref = models.CharField(
        max_length=120, help_text="<domein>:<omschrijving>, equal for all versions of the type"
    )
    zaak = models.ForeignKey("zaken.Zaak", models.PROTECT, null=True, blank=True, related_name="+")
    zaak_url = models.CharField(max_length=200, blank=True, default="", help_text="a zaak on another host")
    datum = models.DateField()
    toelichting = models.TextField(blank=True, default="")
    bestuursorgaan = models.CharField(max_length=50, blank=True, default="")
    ingangsdatum = models.DateField()
    vervaldatum = models.DateField(null=True, blank=True)
    vervalreden = models.CharField(max_length=26, blank=True, default="")
    publicatiedatum = models.DateField(null=True, blank=True)
    verzenddatum = models.DateField(null=True, blank=True)
    uiterlijke_reactiedatum = models.DateField(null=True, blank=True)
    registratiedatum = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["identificatie", "verantwoordelijke_organisatie"], name="besluit_identificatie_once"
            ),
            nine_digits("besluit_organisatie", "verantwoordelijke_organisatie"),
            one_of("besluit_vervalreden", "vervalreden", VERVALREDEN, or_blank=True),
            models.CheckConstraint(
                condition=Q(zaak__isnull=True) | Q(zaak_url=""), name="besluit_zaak_local_or_remote"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["besluittype_ref", "id"], name="besluit_guard"),
            models.Index(fields=["verantwoordelijke_organisatie", "id"], name="besluit_organisatie_idx"),
            models.Index(fields=["zaak_url"], name="besluit_zaak_url", condition=~Q(zaak_url="")),
        ]

    def __str__(self) -> str:
        return self.identificatie


class Besluitinformatieobject(models.Model):
    """A document that lays a decision down (aard relatie: legt_vast)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    besluit = models.ForeignKey(Besluit, models.CASCADE, related_name="besluitinformatieobjecten")
    document = models.ForeignKey("documenten.Document", models.PROTECT, null=True, blank=True, related_name="+")
    informatieobject_url = models.CharField(
        max_length=1000, blank=True, default="", help_text="a document on another host"
    )
    aard_relatie = models.CharField(max_length=10, default="legt_vast")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["besluit", "document"], name="bio_local_once"),
            models.UniqueConstraint(
                fields=["besluit", "informatieobject_url"],
                name="bio_remote_once",
                condition=~Q(informatieobject_url=""),
            ),
            one_of("bio_aard_relatie", "aard_relatie", ("legt_vast",)),
            models.CheckConstraint(
                condition=Q(document__isnull=False, informatieobject_url="")
                | Q(document__isnull=True) & ~Q(informatieobject_url=""),
                name="bio_is_local_or_remote",
            ),
        ]

    def __str__(self) -> str:
        return f"document {self.document_id} of besluit {self.besluit_id}"


class Bewaring(models.Model):
    """How long a loose besluit is kept, once an archivist has said so: its class of the selectielijst and what follows."""

    besluit = models.OneToOneField(Besluit, models.CASCADE, primary_key=True, related_name="+")
    selectielijstklasse = models.CharField(max_length=1000)
    archiefnominatie = models.CharField(max_length=20)
    archiefactietermijn = models.CharField(max_length=40, blank=True, default="", help_text="ISO 8601 duration")

    def __str__(self) -> str:
        return f"bewaring of besluit {self.besluit_id}"
