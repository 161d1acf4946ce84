"""Tables of zaken. Columns are the names of ZGW Zaken 1.7 in snake_case; groups have their name as prefix.

A relation to something of our own is a foreign key, to another host a URL. A BSN is never here: a rol or zaakobject points
to a person, and the number is filled in after the query. Durations are ISO 8601 text.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Now

from stadhuis.catalogi.choices import ARCHIEFNOMINATIE, OBJECTTYPE, ROLOMSCHRIJVING, VERTROUWELIJKHEID
from stadhuis.catalogi.columns import orde_column
from stadhuis.kit.constraints import iso_duration, nine_digits, one_of
from stadhuis.zaken import choices

DAY_INDEXES = {
    "startdatum": "zaak_start_guarded",
    "registratiedatum": "zaak_registratie_guarded",
    "einddatum": "zaak_eind_guarded",
    "einddatum_gepland": "zaak_gepland_guarded",
    "uiterlijke_einddatum_afdoening": "zaak_uiterlijk_guarded",
    "publicatiedatum": "zaak_publicatie_guarded",
    "archiefactiedatum": "zaak_archief_guarded",
}
"""The days zaken are listed by, and their indexes. Type and level lie in them too: who sees a part of the zaken has those of a
range of days counted by the index alone."""


class Zaak(models.Model):
    """A case."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    identificatie = models.CharField(max_length=40)
    bronorganisatie = models.CharField(max_length=9)
    omschrijving = models.CharField(max_length=80, blank=True, default="")
    toelichting = models.CharField(max_length=1000, blank=True, default="")
    zaaktype = models.ForeignKey("catalogi.Zaaktype", models.PROTECT, related_name="+")
    zaaktype_ref = models.CharField(
        max_length=120, help_text="<domein>:<identificatie>, equal for all versions of the zaaktype"
    )
    registratiedatum = models.DateField()
    verantwoordelijke_organisatie = models.CharField(max_length=9)
    startdatum = models.DateField()
    einddatum = models.DateField(null=True, blank=True)
    einddatum_gepland = models.DateField(null=True, blank=True)
    uiterlijke_einddatum_afdoening = models.DateField(null=True, blank=True)
    publicatiedatum = models.DateField(null=True, blank=True)
    communicatiekanaal = models.CharField(max_length=1000, blank=True, default="")
    producten_of_diensten = ArrayField(models.CharField(max_length=1000), default=list, blank=True)
    vertrouwelijkheidaanduiding = models.CharField(max_length=20)
    vertrouwelijkheid_orde = orde_column()
    betalingsindicatie = models.CharField(max_length=12, blank=True, default="")
    laatste_betaaldatum = models.DateTimeField(null=True, blank=True)
    zaakgeometrie = models.JSONField(
        null=True, blank=True, help_text="GeoJSON geometry, WGS84, longitude before latitude"
    )
    bbox_min_x = models.FloatField(null=True, blank=True)
    bbox_min_y = models.FloatField(null=True, blank=True)
    bbox_max_x = models.FloatField(null=True, blank=True)
    bbox_max_y = models.FloatField(null=True, blank=True)
    verlenging_reden = models.CharField(max_length=200, blank=True, default="")
    verlenging_duur = models.CharField(max_length=40, blank=True, default="", help_text="empty: no verlenging")
    opschorting_indicatie = models.BooleanField(default=False)
    opschorting_reden = models.CharField(max_length=200, blank=True, default="")
    selectielijstklasse = models.CharField(max_length=1000, blank=True, default="")
    hoofdzaak = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="deelzaken", db_index=False
    )
    status = models.ForeignKey(
        "Status", models.SET_NULL, null=True, blank=True, related_name="+", db_index=False, help_text="the latest one"
    )
    archiefnominatie = models.CharField(max_length=20, null=True, blank=True)
    archiefstatus = models.CharField(max_length=40, default="nog_te_archiveren")
    archiefactiedatum = models.DateField(null=True, blank=True)
    opdrachtgevende_organisatie = models.CharField(max_length=9, blank=True, default="")
    processobjectaard = models.CharField(max_length=200, null=True, blank=True)
    startdatum_bewaartermijn = models.DateField(null=True, blank=True)
    processobject_datumkenmerk = models.CharField(max_length=250, blank=True, default="")
    processobject_identificatie = models.CharField(
        max_length=250, blank=True, default="", help_text="empty: no processobject"
    )
    processobject_objecttype = models.CharField(max_length=250, blank=True, default="")
    processobject_registratie = models.CharField(max_length=250, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["identificatie", "bronorganisatie"], name="zaak_identificatie_once"),
            models.CheckConstraint(condition=~Q(identificatie=""), name="zaak_has_identificatie"),
            nine_digits("zaak_organisaties", "bronorganisatie", "verantwoordelijke_organisatie"),
            nine_digits("zaak_opdrachtgever", "opdrachtgevende_organisatie", or_blank=True),
            one_of("zaak_vertrouwelijkheid", "vertrouwelijkheidaanduiding", VERTROUWELIJKHEID),
            one_of("zaak_archiefnominatie", "archiefnominatie", ARCHIEFNOMINATIE, or_blank=True),
            one_of("zaak_archiefstatus", "archiefstatus", choices.ARCHIEFSTATUS),
            one_of("zaak_betalingsindicatie", "betalingsindicatie", choices.BETALINGSINDICATIE, or_blank=True),
            models.CheckConstraint(
                condition=~Q(betalingsindicatie="nvt") | Q(laatste_betaaldatum__isnull=True),
                name="zaak_nvt_is_not_paid",
            ),
            models.CheckConstraint(
                condition=Q(hoofdzaak__isnull=True) | ~Q(hoofdzaak=F("id")), name="zaak_is_not_its_own_hoofdzaak"
            ),
            iso_duration("zaak_verlenging_duur", "verlenging_duur"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["zaaktype_ref", "vertrouwelijkheid_orde", "id"], name="zaak_guard"),
            models.Index(fields=["bronorganisatie", "id"], name="zaak_bronorganisatie"),
            *(
                models.Index(fields=[day, "id"], include=["zaaktype_ref", "vertrouwelijkheid_orde"], name=name)
                for day, name in DAY_INDEXES.items()
            ),
            models.Index(fields=["hoofdzaak"], name="zaak_hoofdzaak", condition=Q(hoofdzaak__isnull=False)),
            GistIndex(
                Func(
                    Func(F("bbox_max_x"), F("bbox_max_y"), function="point"),
                    Func(F("bbox_min_x"), F("bbox_min_y"), function="point"),
                    function="box",
                ),
                name="zaak_bbox",
                condition=Q(bbox_min_x__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.identificatie

    @property
    def is_closed(self) -> bool:
        """Whether the zaak has an end date."""
        return self.einddatum is not None


class Zaakkenmerk(models.Model):
    """What a zaak is called elsewhere."""

    zaak = models.ForeignKey(Zaak, models.CASCADE, related_name="kenmerken")
    kenmerk = models.CharField(max_length=40)
    bron = models.CharField(max_length=40)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["kenmerk"], name="zaakkenmerk_kenmerk")]

    def __str__(self) -> str:
        return f"{self.bron}: {self.kenmerk}"


class RelevanteZaak(models.Model):
    """Another zaak that matters to this one: ours, or on another host."""

    zaak = models.ForeignKey(Zaak, models.CASCADE, related_name="relevante_andere_zaken")
    andere_zaak = models.ForeignKey(Zaak, models.CASCADE, null=True, blank=True, related_name="+")
    url = models.CharField(max_length=1000, blank=True, default="", help_text="a zaak on another host")
    aard_relatie = models.CharField(max_length=10)

    class Meta:
        constraints: ClassVar = [
            one_of("relevante_zaak_aard", "aard_relatie", choices.AARD_RELATIE),
            models.CheckConstraint(
                condition=Q(andere_zaak__isnull=False, url="") | Q(andere_zaak__isnull=True) & ~Q(url=""),
                name="relevante_zaak_local_or_remote",
            ),
        ]

    def __str__(self) -> str:
        return f"zaak {self.zaak_id}: {self.aard_relatie}"


class Reservering(models.Model):
    """A number that was given out beforehand: only a client that sends it gets it."""

    bronorganisatie = models.CharField(max_length=9)
    identificatie = models.CharField(max_length=40)
    reserved_at = models.DateTimeField(db_default=Now())
    reserved_by = models.CharField(max_length=255, blank=True, default="", help_text="key of the actor")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bronorganisatie", "identificatie"], name="reservering_once"),
            nine_digits("reservering_bronorganisatie", "bronorganisatie"),
        ]

    def __str__(self) -> str:
        return self.identificatie


class Rol(models.Model):
    """Someone in a zaak. ``betrokkene_identificatie`` is the body of the standard, without the BSN.

    The columns beside it are what zaken are found by. ``persoon`` is set for whoever has a BSN.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    zaak = models.ForeignKey(Zaak, models.CASCADE, related_name="rollen")
    roltype = models.ForeignKey("catalogi.Roltype", models.PROTECT, related_name="+")
    omschrijving = models.CharField(max_length=100, help_text="of the roltype")
    omschrijving_generiek = models.CharField(max_length=20, help_text="of the roltype")
    betrokkene = models.CharField(max_length=1000, blank=True, default="")
    betrokkene_type = models.CharField(max_length=30)
    afwijkende_naam_betrokkene = models.CharField(max_length=625, blank=True, default="")
    roltoelichting = models.CharField(max_length=1000, blank=True, default="")
    registratiedatum = models.DateTimeField()
    indicatie_machtiging = models.CharField(max_length=20, blank=True, default="")
    contactpersoon_rol_naam = models.CharField(
        max_length=40, blank=True, default="", help_text="empty: no contactpersoon"
    )
    contactpersoon_rol_emailadres = models.CharField(max_length=254, blank=True, default="")
    contactpersoon_rol_functie = models.CharField(max_length=50, blank=True, default="")
    contactpersoon_rol_telefoonnummer = models.CharField(max_length=20, blank=True, default="")
    betrokkene_identificatie = models.JSONField(null=True, blank=True, help_text="keys of the OAS; inpBsn is left out")
    authenticatie_context = models.JSONField(
        default=dict, blank=True, help_text="how the betrokkene logged in (not in the standard)"
    )
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    company = models.ForeignKey(
        "people.Company", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    medewerker = models.ForeignKey(
        "people.Medewerker", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    unit = models.ForeignKey("people.Unit", models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    naam = models.CharField(max_length=700, blank=True, default="", help_text="as shown")
    naam_zoek = models.CharField(max_length=1000, blank=True, default="", help_text="words without accents or capitals")
    geboortedatum = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            one_of("rol_betrokkene_type", "betrokkene_type", choices.BETROKKENETYPE),
            one_of("rol_omschrijving_generiek", "omschrijving_generiek", ROLOMSCHRIJVING),
            one_of("rol_machtiging", "indicatie_machtiging", choices.MACHTIGING, or_blank=True),
            models.CheckConstraint(
                condition=Q(betrokkene_identificatie__isnull=True) | ~Q(betrokkene_identificatie__has_key="inpBsn"),
                name="rol_without_bsn",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person", "zaak"], name="rol_person", condition=Q(person__isnull=False)),
            models.Index(fields=["company", "zaak"], name="rol_company", condition=Q(company__isnull=False)),
            models.Index(fields=["medewerker", "zaak"], name="rol_medewerker", condition=Q(medewerker__isnull=False)),
            models.Index(fields=["unit", "zaak"], name="rol_unit", condition=Q(unit__isnull=False)),
            models.Index(fields=["betrokkene", "zaak"], name="rol_betrokkene", condition=~Q(betrokkene="")),
            models.Index(fields=["geboortedatum"], name="rol_geboortedatum", condition=Q(geboortedatum__isnull=False)),
            models.Index(fields=["omschrijving_generiek", "zaak"], name="rol_generiek"),
            models.Index(fields=["betrokkene_type", "zaak"], name="rol_type_betrokkene"),
            GinIndex(
                Func(Func(F("naam_zoek"), Value(" "), function="string_to_array"), function="array_to_tsvector"),
                name="rol_naam_zoek",
            ),
            *(
                models.Index(
                    KeyTextTransform(key, "betrokkene_identificatie"),
                    name=name,
                    condition=Q(betrokkene_identificatie__has_key=key),
                )
                for key, name in (
                    ("identificatie", "rol_identificatie"),
                    ("anpIdentificatie", "rol_anp_identificatie"),
                    ("inpA_nummer", "rol_a_nummer"),
                    ("innNnpId", "rol_nnp_id"),
                    ("annIdentificatie", "rol_ann_identificatie"),
                    ("vestigingsNummer", "rol_vestigingsnummer"),
                )
            ),
        ]

    def __str__(self) -> str:
        return f"{self.omschrijving} of zaak {self.zaak_id}"


class Status(models.Model):
    """A step that a zaak reached; never changed, only added."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    zaak = models.ForeignKey(Zaak, models.CASCADE, related_name="statussen", db_index=False)
    statustype = models.ForeignKey("catalogi.Statustype", models.PROTECT, related_name="+")
    datum_status_gezet = models.DateTimeField()
    statustoelichting = models.CharField(max_length=1000, blank=True, default="")
    gezetdoor = models.ForeignKey(Rol, models.SET_NULL, null=True, blank=True, related_name="statussen")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["zaak", "datum_status_gezet"], name="status_moment_once")
        ]

    def __str__(self) -> str:
        return f"status of zaak {self.zaak_id}"


class Resultaat(models.Model):
    """What came out of a zaak. One per zaak."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    zaak = models.OneToOneField(Zaak, models.CASCADE, related_name="resultaat")
    resultaattype = models.ForeignKey("catalogi.Resultaattype", models.PROTECT, related_name="+")
    toelichting = models.CharField(max_length=1000, blank=True, default="")

    def __str__(self) -> str:
        return f"resultaat of zaak {self.zaak_id}"


class Zaakinformatieobject(models.Model):
    """A document of a zaak: ours, or on another host."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    zaak = models.ForeignKey(Zaak, models.CASCADE, related_name="zaakinformatieobjecten", db_index=False)
    document = models.ForeignKey("documenten.Document", models.PROTECT, null=True, blank=True, related_name="+")
    informatieobject_url = models.CharField(
        max_length=1000, blank=True, default="", help_text="a document on another host"
    )
    titel = models.CharField(max_length=200, blank=True, default="")
    beschrijving = models.TextField(blank=True, default="")
    registratiedatum = models.DateTimeField()
    vernietigingsdatum = models.DateTimeField(null=True, blank=True)
    status = models.ForeignKey(Status, models.SET_NULL, null=True, blank=True, related_name="zaakinformatieobjecten")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["zaak", "document"], name="zio_local_once"),
            models.UniqueConstraint(
                fields=["zaak", "informatieobject_url"], name="zio_remote_once", condition=~Q(informatieobject_url="")
            ),
            models.CheckConstraint(
                condition=Q(document__isnull=False, informatieobject_url="")
                | Q(document__isnull=True) & ~Q(informatieobject_url=""),
                name="zio_is_local_or_remote",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["informatieobject_url"], name="zio_url", condition=~Q(informatieobject_url="")),
        ]

    def __str__(self) -> str:
        return f"document of zaak {self.zaak_id}"


class Zaakobject(models.Model):
    """What a zaak is about: an object elsewhere by URL, or described in place (keys of the OAS, without a BSN)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    zaak = models.ForeignKey(Zaak, models.CASCADE, related_name="zaakobjecten")
    object = models.CharField(max_length=1000, blank=True, default="")
    zaakobjecttype = models.ForeignKey(
        "catalogi.Zaakobjecttype", models.PROTECT, null=True, blank=True, related_name="+"
    )
    object_type = models.CharField(max_length=40)
    object_type_overige = models.CharField(max_length=100, blank=True, default="")
    object_type_overige_definitie = models.JSONField(null=True, blank=True, help_text="{url, schema, objectData}")
    relatieomschrijving = models.CharField(max_length=80, blank=True, default="")
    object_identificatie = models.JSONField(null=True, blank=True)
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints: ClassVar = [one_of("zaakobject_type", "object_type", OBJECTTYPE)]
        indexes: ClassVar = [
            models.Index(fields=["object"], name="zaakobject_object", condition=~Q(object="")),
            models.Index(fields=["object_type", "zaak"], name="zaakobject_type_zaak"),
        ]

    def __str__(self) -> str:
        return f"{self.object_type} of zaak {self.zaak_id}"


class Zaakeigenschap(models.Model):
    """The value of a property of a zaak."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    zaak = models.ForeignKey(Zaak, models.CASCADE, related_name="eigenschappen")
    eigenschap = models.ForeignKey("catalogi.Eigenschap", models.PROTECT, related_name="+")
    naam = models.CharField(max_length=20, help_text="of the eigenschap")
    waarde = models.TextField(blank=True, default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["zaak", "naam"], name="zaakeigenschap_naam")]

    def __str__(self) -> str:
        return self.naam


class Zaakbesluit(models.Model):
    """The mirror of a besluit taken in a zaak; a besluit of ours is known by uuid, another by URL."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    zaak = models.ForeignKey(Zaak, models.CASCADE, related_name="besluiten")
    besluit_uuid = models.UUIDField(null=True, blank=True)
    besluit_url = models.CharField(max_length=1000, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["zaak", "besluit_uuid"], name="zaakbesluit_local_once"),
            models.UniqueConstraint(
                fields=["zaak", "besluit_url"], name="zaakbesluit_remote_once", condition=~Q(besluit_url="")
            ),
            models.CheckConstraint(
                condition=Q(besluit_uuid__isnull=False, besluit_url="")
                | Q(besluit_uuid__isnull=True) & ~Q(besluit_url=""),
                name="zaakbesluit_local_or_remote",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["besluit_uuid"], name="zaakbesluit_besluit")]

    def __str__(self) -> str:
        return f"besluit of zaak {self.zaak_id}"


class Klantcontact(models.Model):
    """A contact with the initiator. Deprecated in the standard, still part of it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    zaak = models.ForeignKey(Zaak, models.CASCADE, related_name="klantcontacten")
    identificatie = models.CharField(max_length=14, unique=True)
    datumtijd = models.DateTimeField()
    kanaal = models.CharField(max_length=20, blank=True, default="")
    onderwerp = models.CharField(max_length=200, blank=True, default="")
    toelichting = models.CharField(max_length=1000, blank=True, default="")

    def __str__(self) -> str:
        return self.identificatie


class Zaakverzoek(models.Model):
    """A verzoek, elsewhere, that led to a zaak."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    zaak = models.ForeignKey(Zaak, models.CASCADE, related_name="verzoeken", db_index=False)
    verzoek = models.CharField(max_length=1000)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["zaak", "verzoek"], name="zaakverzoek_once")]
        indexes: ClassVar = [models.Index(fields=["verzoek"], name="zaakverzoek_verzoek")]

    def __str__(self) -> str:
        return f"verzoek of zaak {self.zaak_id}"


class Zaakcontactmoment(models.Model):
    """A contact, elsewhere, about a zaak."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    zaak = models.ForeignKey(Zaak, models.CASCADE, related_name="contactmomenten", db_index=False)
    contactmoment = models.CharField(max_length=1000)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["zaak", "contactmoment"], name="zaakcontactmoment_once")
        ]
        indexes: ClassVar = [models.Index(fields=["contactmoment"], name="zaakcontactmoment_moment")]

    def __str__(self) -> str:
        return f"contactmoment of zaak {self.zaak_id}"


class Tally(models.Model):
    """How many zaken there are, per zaaktype and level: the sum over its rows.

    Triggers on the table of zaken add a row for each write, in the transaction of that write: no two writers meet here.
    A job adds rows up (``zaken.counting``). No foreign key: a row may outlive its zaaktype until it is added up.
    """

    zaaktype_id = models.BigIntegerField()
    zaaktype_ref = models.CharField(max_length=120)
    vertrouwelijkheid_orde = models.SmallIntegerField()
    count = models.BigIntegerField(help_text="negative where zaken went")

    class Meta:
        db_table = "zaken_tally"

    def __str__(self) -> str:
        return f"{self.count} of {self.zaaktype_ref}"


class Zaaknotitie(models.Model):
    """A note on a zaak: intern for staff, extern also for the initiator."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    zaak = models.ForeignKey(Zaak, models.CASCADE, related_name="notities")
    onderwerp = models.CharField(max_length=255)
    tekst = models.TextField()
    aangemaakt_door = models.CharField(max_length=255, blank=True, default="")
    notitie_type = models.CharField(max_length=6, default="intern")
    status = models.CharField(max_length=10, default="definitief")
    aanmaakdatum = models.DateTimeField()
    wijzigingsdatum = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            one_of("zaaknotitie_type", "notitie_type", choices.NOTITIETYPE),
            one_of("zaaknotitie_status", "status", choices.NOTITIESTATUS),
        ]
        indexes: ClassVar = [
            models.Index(fields=["aanmaakdatum"], name="zaaknotitie_aanmaak"),
            models.Index(fields=["wijzigingsdatum"], name="zaaknotitie_wijziging"),
        ]

    def __str__(self) -> str:
        return self.onderwerp
