"""Tables of documents. Columns are the names of ZGW Documenten 1.7 in snake_case; groups have their name as prefix.

``Document`` holds the newest version, ``DocumentVersie`` the ones before it, with the same columns: lists and searches
read one table, and an older version is one look-up.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from stadhuis.catalogi.choices import VERTROUWELIJKHEID
from stadhuis.catalogi.columns import orde_column
from stadhuis.documenten import choices
from stadhuis.kit.constraints import nine_digits, one_of


class Content(models.Model):
    """What may differ from version to version."""

    informatieobjecttype = models.ForeignKey("catalogi.Informatieobjecttype", models.PROTECT, related_name="+")
    informatieobjecttype_ref = models.CharField(
        max_length=120, help_text="<domein>:<omschrijving>, equal for all versions of the type"
    )
    creatiedatum = models.DateField()
    titel = models.CharField(max_length=200)
    vertrouwelijkheidaanduiding = models.CharField(max_length=20)
    is_gereed_voor_publicatie = models.BooleanField(null=True, blank=True)
    tonen_aan_initiator = models.BooleanField(default=False)
    auteur = models.CharField(max_length=200)
    status = models.CharField(max_length=20, blank=True, default="")
    inhoud_is_vervallen = models.BooleanField(null=True, blank=True)
    formaat = models.CharField(max_length=255, blank=True, default="")
    taal = models.CharField(max_length=3)
    versie = models.IntegerField(default=1)
    begin_registratie = models.DateTimeField()
    bestandsnaam = models.CharField(max_length=255, blank=True, default="")
    file = models.ForeignKey(
        "kit.StoredFile", models.PROTECT, null=True, blank=True, related_name="+", help_text="inhoud"
    )
    sha256 = models.CharField(max_length=64, blank=True, default="")
    bestandsomvang = models.BigIntegerField(null=True, blank=True, help_text="bytes")
    link = models.CharField(max_length=200, blank=True, default="")
    beschrijving = models.CharField(max_length=1000, blank=True, default="")
    ontvangstdatum = models.DateField(null=True, blank=True)
    verzenddatum = models.DateField(null=True, blank=True)
    indicatie_gebruiksrecht = models.BooleanField(null=True, blank=True)
    verschijningsvorm = models.TextField(blank=True, default="")
    ondertekening_soort = models.CharField(max_length=10, blank=True, default="")
    ondertekening_datum = models.DateField(null=True, blank=True)
    integriteit_algoritme = models.CharField(max_length=20, blank=True, default="")
    integriteit_waarde = models.CharField(max_length=128, blank=True, default="")
    integriteit_datum = models.DateField(null=True, blank=True)
    trefwoorden = ArrayField(models.TextField(), default=list, blank=True)

    class Meta:
        abstract = True


def _content_constraints(table: str) -> list[models.CheckConstraint]:
    return [
        one_of(f"{table}_vertrouwelijkheid", "vertrouwelijkheidaanduiding", VERTROUWELIJKHEID),
        one_of(f"{table}_status", "status", choices.STATUS, or_blank=True),
        one_of(f"{table}_ondertekening", "ondertekening_soort", choices.ONDERTEKENING, or_blank=True),
        one_of(f"{table}_integriteit", "integriteit_algoritme", choices.ALGORITME, or_blank=True),
        models.CheckConstraint(
            condition=Q(bestandsomvang__isnull=True) | Q(bestandsomvang__gte=0), name=f"{table}_omvang"
        ),
        models.CheckConstraint(
            condition=Q(ontvangstdatum__isnull=True) | ~Q(status__in=["in_bewerking", "ter_vaststelling"]),
            name=f"{table}_received_is_not_being_written",
        ),
    ]


class Document(Content):
    """An enkelvoudig informatieobject, as its newest version is."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    identificatie = models.CharField(max_length=40)
    bronorganisatie = models.CharField(max_length=9)
    vertrouwelijkheid_orde = orde_column()
    lock = models.CharField(max_length=100, blank=True, default="", help_text="empty: not locked")
    locked_at = models.DateTimeField(null=True, blank=True)
    locked_by = models.CharField(max_length=255, blank=True, default="", help_text="key of the actor")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["identificatie", "bronorganisatie"], name="document_identificatie_once"),
            models.UniqueConstraint(fields=["file"], name="document_file_once", condition=Q(file__isnull=False)),
            nine_digits("document_bronorganisatie", "bronorganisatie"),
            *_content_constraints("document"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["informatieobjecttype_ref", "vertrouwelijkheid_orde", "id"], name="document_guard"),
            GinIndex(fields=["trefwoorden"], name="document_trefwoorden"),
        ]

    def __str__(self) -> str:
        return self.identificatie


class DocumentVersie(Content):
    """A version that a newer one took the place of."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="versies")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "versie"], name="documentversie_once"),
            *_content_constraints("documentversie"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} versie {self.versie}"


class Bestandsdeel(models.Model):
    """A part of a large file that is being uploaded. The parts go when the document is unlocked."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    document = models.ForeignKey(Document, models.CASCADE, related_name="bestandsdelen")
    volgnummer = models.IntegerField()
    omvang = models.BigIntegerField(help_text="bytes")
    file = models.ForeignKey("kit.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "volgnummer"], name="bestandsdeel_once"),
            models.CheckConstraint(condition=Q(volgnummer__gte=1, omvang__gte=0), name="bestandsdeel_counts"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} deel {self.volgnummer}"

    @property
    def voltooid(self) -> bool:
        """Whether the bytes of this part are there."""
        return self.file_id is not None


class Gebruiksrecht(models.Model):
    """Conditions under which a document may be used."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    document = models.ForeignKey(Document, models.CASCADE, related_name="gebruiksrechten")
    startdatum = models.DateTimeField()
    einddatum = models.DateTimeField(null=True, blank=True)
    omschrijving_voorwaarden = models.TextField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["startdatum"], name="gebruiksrecht_start"),
            models.Index(fields=["einddatum"], name="gebruiksrecht_eind"),
        ]

    def __str__(self) -> str:
        return f"gebruiksrecht of document {self.document_id}"


class Objectinformatieobject(models.Model):
    """The mirror of a relation that another register owns: this document belongs to that zaak or besluit.

    A local object is known by uuid, one on another host by URL.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    document = models.ForeignKey(Document, models.PROTECT, related_name="objectinformatieobjecten")
    object_type = models.CharField(max_length=10)
    object_uuid = models.UUIDField(null=True, blank=True)
    object_url = models.CharField(max_length=1000, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            one_of("oio_object_type", "object_type", choices.OBJECTTYPE),
            models.UniqueConstraint(
                fields=["document", "object_uuid"], name="oio_local_once", condition=Q(object_uuid__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["document", "object_url"], name="oio_remote_once", condition=~Q(object_url="")
            ),
            models.CheckConstraint(
                condition=Q(object_uuid__isnull=False, object_url="") | Q(object_uuid__isnull=True) & ~Q(object_url=""),
                name="oio_is_local_or_remote",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["object_uuid"], name="oio_object_uuid", condition=Q(object_uuid__isnull=False)),
            models.Index(fields=["object_url"], name="oio_object_url", condition=~Q(object_url="")),
        ]

    def __str__(self) -> str:
        return f"document {self.document_id} of {self.object_type}"


class Verzending(models.Model):
    """A document that came from or went to someone, with exactly one address."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    document = models.ForeignKey(Document, models.CASCADE, related_name="verzendingen")
    betrokkene = models.CharField(max_length=200)
    aard_relatie = models.CharField(max_length=13)
    toelichting = models.CharField(max_length=200, blank=True, default="")
    ontvangstdatum = models.DateField(null=True, blank=True)
    verzenddatum = models.DateField(null=True, blank=True)
    contact_persoon = models.CharField(max_length=1000)
    contactpersoonnaam = models.CharField(max_length=40, blank=True, default="")
    binnenlands_correspondentieadres = models.JSONField(null=True, blank=True)
    buitenlands_correspondentieadres = models.JSONField(null=True, blank=True)
    correspondentie_postadres = models.JSONField(null=True, blank=True)
    faxnummer = models.CharField(max_length=15, blank=True, default="")
    emailadres = models.CharField(max_length=100, blank=True, default="")
    mijn_overheid = models.BooleanField(default=False)
    telefoonnummer = models.CharField(max_length=15, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            one_of("verzending_aard", "aard_relatie", choices.AARD_VERZENDING),
            models.UniqueConstraint(
                fields=["document"], name="verzending_one_afzender", condition=Q(aard_relatie="afzender")
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["betrokkene"], name="verzending_betrokkene")]

    def __str__(self) -> str:
        return f"verzending of document {self.document_id}"


class Bewaring(models.Model):
    """How long a loose document is kept, once an archivist has said so: its class of the selectielijst and what follows."""

    document = models.OneToOneField(Document, models.CASCADE, primary_key=True, related_name="+")
    selectielijstklasse = models.CharField(max_length=1000)
    archiefnominatie = models.CharField(max_length=20)
    archiefactietermijn = models.CharField(max_length=40, blank=True, default="", help_text="ISO 8601 duration")

    def __str__(self) -> str:
        return f"bewaring of document {self.document_id}"
