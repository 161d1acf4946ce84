"""Tables of the catalogue. Columns are the names of ZGW Catalogi 1.4 in snake_case; groups have their name as prefix.

Relations between the three main types are kept by name (omschrijving, identificatie), as the history model wants: which
version a name leads to is a question of the day. Durations are ISO 8601 text.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value

from stadhuis.catalogi import choices
from stadhuis.kit.constraints import iso_duration, nine_digits, one_of


def _no_overlap(name: str, column: str) -> ExclusionConstraint:
    """Published versions of one type never overlap; both ends count. Source: ztc-016.

    Equality of a text within GiST would need an extension, hence the 64-bit hash seeded with the catalogue.
    """
    key = Func(F(column), F("catalogus_id"), function="hashtextextended")
    return ExclusionConstraint(
        name=name,
        expressions=[
            (Func(key, key, Value("[]"), function="int8range"), "&&"),
            (Func("begin_geldigheid", "einde_geldigheid", Value("[]"), function="daterange"), "&&"),
        ],
        condition=Q(concept=False),
    )


def _runs_forward(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(einde_geldigheid__isnull=True) | Q(einde_geldigheid__gte=F("begin_geldigheid")), name=name
    )


class Catalogus(models.Model):
    """A catalogue: one domain of one organisation."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    domein = models.CharField(max_length=5)
    rsin = models.CharField(max_length=9)
    contactpersoon_beheer_naam = models.CharField(max_length=40)
    contactpersoon_beheer_telefoonnummer = models.CharField(max_length=20, blank=True, default="")
    contactpersoon_beheer_emailadres = models.CharField(max_length=254, blank=True, default="")
    naam = models.CharField(max_length=200, blank=True, default="")
    versie = models.CharField(max_length=20, blank=True, default="")
    begindatum_versie = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["domein", "rsin"], name="catalogus_once"),
            nine_digits("catalogus_rsin", "rsin"),
        ]

    def __str__(self) -> str:
        return self.domein


class Versioned(models.Model):
    """What the three main types share: a catalogue, a period, and whether the version is still a concept."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    catalogus = models.ForeignKey(Catalogus, models.PROTECT, related_name="+")
    ref = models.CharField(max_length=120, help_text="<domein>:<identificatie or omschrijving>, equal for all versions")
    begin_geldigheid = models.DateField()
    einde_geldigheid = models.DateField(null=True, blank=True, help_text="last day, inclusive")
    begin_object = models.DateField(null=True, blank=True)
    einde_object = models.DateField(null=True, blank=True)
    concept = models.BooleanField(default=True)

    class Meta:
        abstract = True


class Zaaktype(Versioned):
    """One version of a zaaktype."""

    identificatie = models.CharField(max_length=50)
    omschrijving = models.CharField(max_length=80)
    omschrijving_generiek = models.CharField(max_length=80, blank=True, default="")
    vertrouwelijkheidaanduiding = models.CharField(max_length=20)
    doel = models.TextField()
    aanleiding = models.TextField()
    toelichting = models.TextField(blank=True, default="")
    indicatie_intern_of_extern = models.CharField(max_length=7)
    handeling_initiator = models.CharField(max_length=20)
    onderwerp = models.CharField(max_length=80)
    handeling_behandelaar = models.CharField(max_length=20)
    doorlooptijd = models.CharField(max_length=40, help_text="legal term, ISO 8601")
    servicenorm = models.CharField(max_length=40, null=True, blank=True)
    opschorting_en_aanhouding_mogelijk = models.BooleanField()
    verlenging_mogelijk = models.BooleanField()
    verlengingstermijn = models.CharField(max_length=40, null=True, blank=True)
    trefwoorden = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    publicatie_indicatie = models.BooleanField()
    publicatietekst = models.TextField(blank=True, default="")
    verantwoordingsrelatie = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    producten_of_diensten = ArrayField(models.CharField(max_length=1000), default=list, blank=True)
    selectielijst_procestype = models.CharField(max_length=200, blank=True, default="")
    referentieproces_naam = models.CharField(max_length=80)
    referentieproces_link = models.CharField(max_length=200, blank=True, default="")
    verantwoordelijke = models.CharField(max_length=50)
    broncatalogus_url = models.CharField(max_length=200, blank=True, default="")
    broncatalogus_domein = models.CharField(max_length=5, blank=True, default="")
    broncatalogus_rsin = models.CharField(max_length=9, blank=True, default="")
    bronzaaktype_url = models.CharField(max_length=200, blank=True, default="")
    bronzaaktype_identificatie = models.CharField(max_length=50, blank=True, default="")
    bronzaaktype_omschrijving = models.CharField(max_length=80, blank=True, default="")
    versiedatum = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            _no_overlap("zaaktype_versions_do_not_overlap", "identificatie"),
            _runs_forward("zaaktype_period_runs_forward"),
            one_of("zaaktype_vertrouwelijkheid", "vertrouwelijkheidaanduiding", choices.VERTROUWELIJKHEID),
            one_of("zaaktype_intern_of_extern", "indicatie_intern_of_extern", choices.INTERN_OF_EXTERN),
            iso_duration("zaaktype_durations", "doorlooptijd", "servicenorm", "verlengingstermijn"),
            models.CheckConstraint(
                condition=Q(verlenging_mogelijk=False) | Q(verlengingstermijn__isnull=False),
                name="zaaktype_verlenging_has_term",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["identificatie", "begin_geldigheid"], name="zaaktype_identificatie"),
            models.Index(fields=["catalogus", "identificatie"], name="zaaktype_catalogus"),
            models.Index(fields=["ref"], name="zaaktype_ref"),
        ]

    def __str__(self) -> str:
        return self.ref


class Statustype(models.Model):
    """A step of a zaaktype. The highest volgnummer is the end."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    zaaktype = models.ForeignKey(Zaaktype, models.CASCADE, related_name="statustypen")
    omschrijving = models.CharField(max_length=80)
    omschrijving_generiek = models.CharField(max_length=80, blank=True, default="")
    statustekst = models.CharField(max_length=1000, blank=True, default="")
    volgnummer = models.SmallIntegerField()
    informeren = models.BooleanField(default=False)
    doorlooptijd = models.CharField(max_length=40, null=True, blank=True)
    toelichting = models.CharField(max_length=1000, null=True, blank=True)
    checklistitem_statustype = models.JSONField(
        default=list, help_text="[{itemnaam, toelichting, vraagstelling, verplicht}]"
    )
    begin_geldigheid = models.DateField(null=True, blank=True)
    einde_geldigheid = models.DateField(null=True, blank=True)
    begin_object = models.DateField(null=True, blank=True)
    einde_object = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["zaaktype", "volgnummer"], name="statustype_volgnummer_once"),
            models.CheckConstraint(condition=Q(volgnummer__range=(1, 9999)), name="statustype_volgnummer_range"),
            iso_duration("statustype_doorlooptijd", "doorlooptijd"),
        ]

    def __str__(self) -> str:
        return self.omschrijving


class Resultaattype(models.Model):
    """An outcome of a zaaktype with what it means for the archive."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    zaaktype = models.ForeignKey(Zaaktype, models.CASCADE, related_name="resultaattypen")
    omschrijving = models.CharField(max_length=30)
    resultaattypeomschrijving = models.CharField(max_length=1000)
    omschrijving_generiek = models.CharField(max_length=80, blank=True, default="")
    selectielijstklasse = models.CharField(max_length=1000)
    toelichting = models.TextField(blank=True, default="")
    archiefnominatie = models.CharField(max_length=20, blank=True, default="")
    archiefactietermijn = models.CharField(max_length=40, null=True, blank=True)
    brondatum_afleidingswijze = models.CharField(
        max_length=20, blank=True, default="", help_text="empty: no brondatumArchiefprocedure"
    )
    brondatum_datumkenmerk = models.CharField(max_length=80, blank=True, default="")
    brondatum_einddatum_bekend = models.BooleanField(default=False)
    brondatum_objecttype = models.CharField(max_length=40, blank=True, default="")
    brondatum_registratie = models.CharField(max_length=80, blank=True, default="")
    brondatum_procestermijn = models.CharField(max_length=40, null=True, blank=True)
    procesobjectaard = models.CharField(max_length=200, null=True, blank=True)
    indicatie_specifiek = models.BooleanField(null=True, blank=True)
    procestermijn = models.CharField(max_length=40, null=True, blank=True)
    begin_geldigheid = models.DateField(null=True, blank=True)
    einde_geldigheid = models.DateField(null=True, blank=True)
    begin_object = models.DateField(null=True, blank=True)
    einde_object = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["zaaktype", "omschrijving"], name="resultaattype_once"),
            one_of("resultaattype_nominatie", "archiefnominatie", choices.ARCHIEFNOMINATIE, or_blank=True),
            one_of("resultaattype_afleiding", "brondatum_afleidingswijze", choices.AFLEIDINGSWIJZE, or_blank=True),
            one_of("resultaattype_objecttype", "brondatum_objecttype", choices.OBJECTTYPE, or_blank=True),
            iso_duration("resultaattype_durations", "archiefactietermijn", "brondatum_procestermijn", "procestermijn"),
        ]

    def __str__(self) -> str:
        return self.omschrijving


class Roltype(models.Model):
    """What someone may be in a zaak of a zaaktype."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    zaaktype = models.ForeignKey(Zaaktype, models.CASCADE, related_name="roltypen")
    omschrijving = models.CharField(max_length=100)
    omschrijving_generiek = models.CharField(max_length=20)
    begin_geldigheid = models.DateField(null=True, blank=True)
    einde_geldigheid = models.DateField(null=True, blank=True)
    begin_object = models.DateField(null=True, blank=True)
    einde_object = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["zaaktype", "omschrijving"], name="roltype_once"),
            one_of("roltype_generiek", "omschrijving_generiek", choices.ROLOMSCHRIJVING),
        ]
        indexes: ClassVar = [models.Index(fields=["omschrijving_generiek"], name="roltype_generiek_idx")]

    def __str__(self) -> str:
        return self.omschrijving


class Eigenschap(models.Model):
    """A property that a zaak of a zaaktype may have, and how its value is written."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    zaaktype = models.ForeignKey(Zaaktype, models.CASCADE, related_name="eigenschappen")
    naam = models.CharField(max_length=20)
    definitie = models.CharField(max_length=255)
    specificatie_groep = models.CharField(max_length=32, blank=True, default="")
    specificatie_formaat = models.CharField(max_length=10)
    specificatie_lengte = models.CharField(max_length=14)
    specificatie_kardinaliteit = models.CharField(max_length=3)
    specificatie_waardenverzameling = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    toelichting = models.CharField(max_length=1000, blank=True, default="")
    statustype = models.ForeignKey(Statustype, models.SET_NULL, null=True, blank=True, related_name="+")
    begin_geldigheid = models.DateField(null=True, blank=True)
    einde_geldigheid = models.DateField(null=True, blank=True)
    begin_object = models.DateField(null=True, blank=True)
    einde_object = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["zaaktype", "naam"], name="eigenschap_once"),
            one_of("eigenschap_formaat", "specificatie_formaat", choices.FORMAAT),
        ]

    def __str__(self) -> str:
        return self.naam


class StatustypeEigenschap(models.Model):
    """An eigenschap that must have a value before a status of this statustype may be set."""

    statustype = models.ForeignKey(Statustype, models.CASCADE, related_name="+")
    eigenschap = models.ForeignKey(Eigenschap, models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["statustype", "eigenschap"], name="statustype_eigenschap_once")
        ]

    def __str__(self) -> str:
        return f"{self.statustype_id} needs {self.eigenschap_id}"


class Zaakobjecttype(models.Model):
    """What a zaak of a zaaktype may be about."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    zaaktype = models.ForeignKey(Zaaktype, models.CASCADE, related_name="zaakobjecttypen")
    ander_objecttype = models.BooleanField()
    objecttype = models.CharField(max_length=200)
    relatie_omschrijving = models.CharField(max_length=80)
    begin_geldigheid = models.DateField(null=True, blank=True)
    einde_geldigheid = models.DateField(null=True, blank=True)
    begin_object = models.DateField(null=True, blank=True)
    einde_object = models.DateField(null=True, blank=True)
    statustypen = models.ManyToManyField(Statustype, related_name="+", blank=True)
    resultaattypen = models.ManyToManyField(Resultaattype, related_name="+", blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["objecttype"], name="zaakobjecttype_objecttype")]

    def __str__(self) -> str:
        return self.relatie_omschrijving


class ZaaktypeDeelzaaktype(models.Model):
    """A zaaktype, by identificatie within the catalogue, of which a zaak may be a deelzaak."""

    zaaktype = models.ForeignKey(Zaaktype, models.CASCADE, related_name="deelzaaktypen")
    identificatie = models.CharField(max_length=50)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["zaaktype", "identificatie"], name="deelzaaktype_once")
        ]
        indexes: ClassVar = [models.Index(fields=["identificatie"], name="deelzaaktype_identificatie")]

    def __str__(self) -> str:
        return self.identificatie


class ZaaktypeRelatie(models.Model):
    """A related zaaktype: by identificatie within the catalogue, or by URL when it lies on another host."""

    zaaktype = models.ForeignKey(Zaaktype, models.CASCADE, related_name="gerelateerde_zaaktypen")
    identificatie = models.CharField(max_length=50, blank=True, default="")
    zaaktype_url = models.CharField(max_length=200, blank=True, default="", help_text="another host")
    aard_relatie = models.CharField(max_length=15)
    toelichting = models.CharField(max_length=255, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            one_of("zaaktype_relatie_aard", "aard_relatie", choices.AARD_RELATIE),
            models.CheckConstraint(
                condition=~Q(identificatie="", zaaktype_url=""), name="zaaktype_relatie_leads_somewhere"
            ),
        ]

    def __str__(self) -> str:
        return self.identificatie or self.zaaktype_url


class ZaaktypeBesluittype(models.Model):
    """A besluittype, by omschrijving within the catalogue, that zaken of a zaaktype may lead to."""

    zaaktype = models.ForeignKey(Zaaktype, models.CASCADE, related_name="besluittypen")
    omschrijving = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["zaaktype", "omschrijving"], name="zaaktype_besluittype_once")
        ]
        indexes: ClassVar = [models.Index(fields=["omschrijving"], name="zaaktype_besluittype_naam")]

    def __str__(self) -> str:
        return self.omschrijving


class ZaaktypeInformatieobjecttype(models.Model):
    """An informatieobjecttype, by omschrijving within the catalogue, that belongs to a zaaktype."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    zaaktype = models.ForeignKey(Zaaktype, models.CASCADE, related_name="informatieobjecttypen")
    informatieobjecttype = models.CharField(max_length=100, help_text="omschrijving")
    volgnummer = models.SmallIntegerField()
    richting = models.CharField(max_length=10)
    statustype = models.ForeignKey(Statustype, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["zaaktype", "volgnummer"], name="zaaktype_iot_volgnummer_once"),
            models.CheckConstraint(condition=Q(volgnummer__range=(1, 999)), name="zaaktype_iot_volgnummer_range"),
            one_of("zaaktype_iot_richting", "richting", choices.RICHTING),
        ]
        indexes: ClassVar = [models.Index(fields=["informatieobjecttype"], name="zaaktype_iot_naam")]

    def __str__(self) -> str:
        return self.informatieobjecttype


class Informatieobjecttype(Versioned):
    """One version of a type of document."""

    omschrijving = models.CharField(max_length=80)
    vertrouwelijkheidaanduiding = models.CharField(max_length=20)
    informatieobjectcategorie = models.CharField(max_length=80)
    trefwoord = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    omschrijving_generiek_omschrijving = models.CharField(
        max_length=80, blank=True, default="", db_column="generiek_omschrijving"
    )
    omschrijving_generiek_definitie = models.CharField(
        max_length=255, blank=True, default="", db_column="generiek_definitie"
    )
    omschrijving_generiek_herkomst = models.CharField(
        max_length=12, blank=True, default="", db_column="generiek_herkomst"
    )
    omschrijving_generiek_hierarchie = models.CharField(
        max_length=80, blank=True, default="", db_column="generiek_hierarchie"
    )
    omschrijving_generiek_opmerking = models.CharField(
        max_length=255, blank=True, default="", db_column="generiek_opmerking"
    )

    class Meta:
        constraints: ClassVar = [
            _no_overlap("iot_versions_do_not_overlap", "omschrijving"),
            _runs_forward("iot_period_runs_forward"),
            one_of("iot_vertrouwelijkheid", "vertrouwelijkheidaanduiding", choices.VERTROUWELIJKHEID),
        ]
        indexes: ClassVar = [
            models.Index(fields=["catalogus", "omschrijving"], name="iot_catalogus"),
            models.Index(fields=["ref"], name="iot_ref"),
        ]

    def __str__(self) -> str:
        return self.ref


class Besluittype(Versioned):
    """One version of a type of decision."""

    omschrijving = models.CharField(max_length=80, blank=True, default="")
    omschrijving_generiek = models.CharField(max_length=80, blank=True, default="")
    besluitcategorie = models.CharField(max_length=40, blank=True, default="")
    reactietermijn = models.CharField(max_length=40, null=True, blank=True)
    publicatie_indicatie = models.BooleanField()
    publicatietekst = models.TextField(blank=True, default="")
    publicatietermijn = models.CharField(max_length=40, null=True, blank=True)
    toelichting = models.TextField(blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            _no_overlap("besluittype_versions_do_not_overlap", "omschrijving"),
            _runs_forward("besluittype_period_runs_forward"),
            iso_duration("besluittype_durations", "reactietermijn", "publicatietermijn"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["catalogus", "omschrijving"], name="besluittype_catalogus"),
            models.Index(fields=["ref"], name="besluittype_ref"),
        ]

    def __str__(self) -> str:
        return self.ref


class BesluittypeInformatieobjecttype(models.Model):
    """An informatieobjecttype, by omschrijving, in which decisions of a besluittype are laid down."""

    besluittype = models.ForeignKey(Besluittype, models.CASCADE, related_name="informatieobjecttypen")
    omschrijving = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["besluittype", "omschrijving"], name="besluittype_iot_once")
        ]
        indexes: ClassVar = [models.Index(fields=["omschrijving"], name="besluittype_iot_naam")]

    def __str__(self) -> str:
        return self.omschrijving


class ResultaattypeBesluittype(models.Model):
    """A besluittype, by omschrijving, that may belong to a result."""

    resultaattype = models.ForeignKey(Resultaattype, models.CASCADE, related_name="besluittypen")
    omschrijving = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["resultaattype", "omschrijving"], name="resultaattype_besluittype_once")
        ]
        indexes: ClassVar = [models.Index(fields=["omschrijving"], name="resultaattype_besluittype_naam")]

    def __str__(self) -> str:
        return self.omschrijving


class ResultaattypeInformatieobjecttype(models.Model):
    """An informatieobjecttype, by omschrijving, of which a document must be there before this result is given."""

    resultaattype = models.ForeignKey(Resultaattype, models.CASCADE, related_name="informatieobjecttypen")
    omschrijving = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["resultaattype", "omschrijving"], name="resultaattype_iot_once")
        ]

    def __str__(self) -> str:
        return self.omschrijving


# -- The selectielijst and referentielijsten, copied from where VNG publishes them -----------------------------------------
class Procestype(models.Model):
    """A process of the selectielijst of municipalities."""

    uuid = models.UUIDField(unique=True)
    nummer = models.IntegerField()
    jaar = models.IntegerField()
    naam = models.CharField(max_length=100)
    omschrijving = models.CharField(max_length=300, blank=True, default="")
    toelichting = models.TextField(blank=True, default="")
    procesobject = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["jaar", "nummer"], name="procestype_jaar")]

    def __str__(self) -> str:
        return f"{self.jaar}: {self.nummer} {self.naam}"


class Selectielijstresultaat(models.Model):
    """A result of the selectielijst: what happens to the file of a process that ends so, and when."""

    uuid = models.UUIDField(unique=True)
    procestype = models.ForeignKey(Procestype, models.PROTECT, related_name="resultaten")
    nummer = models.IntegerField()
    volledig_nummer = models.CharField(max_length=20)
    generiek = models.BooleanField()
    specifiek = models.BooleanField()
    naam = models.CharField(max_length=40)
    omschrijving = models.CharField(max_length=150, blank=True, default="")
    herkomst = models.CharField(max_length=200, blank=True, default="")
    waardering = models.CharField(max_length=20, blank=True, default="")
    procestermijn = models.CharField(max_length=50, blank=True, default="")
    procestermijn_weergave = models.CharField(max_length=200, blank=True, default="")
    procestermijn_opmerking = models.CharField(max_length=20, blank=True, default="")
    bewaartermijn = models.CharField(max_length=40, null=True, blank=True)
    toelichting = models.TextField(blank=True, default="")
    taakgebieden = ArrayField(models.CharField(max_length=50), default=list, blank=True)

    class Meta:
        constraints: ClassVar = [
            one_of("selectielijstresultaat_waardering", "waardering", choices.ARCHIEFNOMINATIE, or_blank=True),
            one_of("selectielijstresultaat_termijn", "procestermijn", choices.PROCESTERMIJN, or_blank=True),
            iso_duration("selectielijstresultaat_bewaartermijn", "bewaartermijn"),
        ]

    def __str__(self) -> str:
        return f"{self.volledig_nummer} {self.naam}"


class Resultaattypeomschrijving(models.Model):
    """What outcomes are called everywhere, from the referentielijsten."""

    uuid = models.UUIDField(unique=True)
    omschrijving = models.CharField(max_length=20)
    definitie = models.CharField(max_length=255)
    opmerking = models.CharField(max_length=255, blank=True, default="")

    def __str__(self) -> str:
        return self.omschrijving


class Communicatiekanaal(models.Model):
    """How somebody reached the municipality, from the referentielijsten."""

    uuid = models.UUIDField(unique=True)
    naam = models.CharField(max_length=20)
    omschrijving = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.naam
