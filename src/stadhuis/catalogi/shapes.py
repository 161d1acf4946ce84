"""Bodies and query parameters of the Catalogi API. Source: the standard's OpenAPI file, Catalogi API 1.4.0.

What is written differs from what is read: relations between the main types go by name when written, and come back as the
addresses of the versions that are valid (BEHAVIOUR 9.3). Hence two shapes of some resources.
"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from stadhuis.catalogi.choices import (
    AARD_RELATIE,
    AFLEIDINGSWIJZE,
    ARCHIEFNOMINATIE,
    FORMAAT,
    INTERN_OF_EXTERN,
    OBJECTTYPE,
    RICHTING,
    ROLOMSCHRIJVING,
    VERTROUWELIJKHEID,
)
from stadhuis.kit.api.shapes import (
    GroupField,
    Shape,
    TextField,
    UriField,
    boolean,
    choice,
    day,
    duration,
    email,
    group,
    integer,
    list_of,
    rsin,
    text,
    uri,
)

_URL: dict[str, Any] = {"minLength": 1}


def _own_url() -> Any:
    return uri(read_only=True, schema=_URL)


def _links() -> Any:
    """Addresses that are only given back."""
    return list_of(UriField(max_length=None), read_only=True, is_unique=True)


def _names() -> Any:
    """Names that are only given back."""
    return list_of(TextField(), read_only=True, is_unique=True)


def _address() -> Any:
    """The address of another type; how long it may be the standard does not say."""
    return uri(max_length=None)


class CatalogusBody(Shape):
    """A catalogue."""

    url: str = _own_url()
    domein: str = text(max_length=5)
    rsin: str = rsin()
    contactpersoon_beheer_naam: str = text(max_length=40)
    contactpersoon_beheer_telefoonnummer: str = text(max_length=20, default="")
    contactpersoon_beheer_emailadres: str = email(max_length=254, default="")
    zaaktypen: list[str] = _links()
    besluittypen: list[str] = _links()
    besluittype_omschrijving: list[str] = _names()
    informatieobjecttypen: list[str] = _links()
    informatieobjecttype_omschrijving: list[str] = _names()
    naam: str | None = text(max_length=200, null=True)
    versie: str | None = text(max_length=20, null=True)
    begindatum_versie: date | None = day(null=True)


class CatalogusUpdateBody(Shape):
    """A catalogue, as PUT takes it."""

    domein: str = text(max_length=5)
    rsin: str = rsin()
    contactpersoon_beheer_naam: str = text(max_length=40)
    contactpersoon_beheer_telefoonnummer: str = text(max_length=20, default="")
    contactpersoon_beheer_emailadres: str = email(max_length=254, default="")
    naam: str | None = text(max_length=200, null=True)
    versie: str | None = text(max_length=20, null=True)
    begindatum_versie: date | None = day(null=True)


class ReferentieprocesBody(Shape):
    """The process that a zaaktype follows."""

    naam: str = text(max_length=80)
    link: str = uri(max_length=200, default="")


class BroncatalogusBody(Shape):
    """The catalogue that a zaaktype was taken from."""

    url: str = uri(max_length=200)
    domein: str = text(max_length=5)
    rsin: str = text(max_length=9)


class BronzaaktypeBody(Shape):
    """The zaaktype that a zaaktype was taken from."""

    url: str = uri(max_length=200)
    identificatie: str = text(max_length=50)
    omschrijving: str = text(max_length=80)


class RelatieBody(Shape):
    """A related zaaktype, as it is given back."""

    zaaktype: str = uri(max_length=200)
    zaaktype_identificatie: str = text(read_only=True)
    aard_relatie: str = choice(AARD_RELATIE)
    toelichting: str = text(max_length=255, default="")


class RelatieInBody(Shape):
    """A related zaaktype, as it is sent: an identificatie within the catalogue, or the address of one elsewhere."""

    zaaktype: str = text()
    aard_relatie: str = choice(AARD_RELATIE)
    toelichting: str = text(max_length=255, default="")


class ZaaktypeOwn(Shape):
    """What a zaaktype has of its own; it is written and read alike."""

    url: str = _own_url()
    identificatie: str = text(max_length=50)
    omschrijving: str = text(max_length=80)
    omschrijving_generiek: str = text(max_length=80, default="")
    vertrouwelijkheidaanduiding: str = choice(VERTROUWELIJKHEID)
    doel: str = text()
    aanleiding: str = text()
    toelichting: str = text(default="")
    indicatie_intern_of_extern: str = choice(INTERN_OF_EXTERN)
    handeling_initiator: str = text(max_length=20)
    onderwerp: str = text(max_length=80)
    handeling_behandelaar: str = text(max_length=20)
    doorlooptijd: str = duration()
    servicenorm: str | None = duration(null=True)
    opschorting_en_aanhouding_mogelijk: bool = boolean()
    verlenging_mogelijk: bool = boolean()
    verlengingstermijn: str | None = duration(null=True)
    trefwoorden: list[str] = list_of(TextField(max_length=30))
    publicatie_indicatie: bool = boolean()
    publicatietekst: str = text(default="")
    verantwoordingsrelatie: list[str] = list_of(TextField(max_length=40))
    producten_of_diensten: list[str] = list_of(UriField(), required=True)
    selectielijst_procestype: str = uri(max_length=200, default="")
    referentieproces: ReferentieprocesBody = group(ReferentieprocesBody)
    verantwoordelijke: str = text(max_length=50)
    zaakobjecttypen: list[str] = _links()
    broncatalogus: BroncatalogusBody | None = group(BroncatalogusBody, default=None)
    bronzaaktype: BronzaaktypeBody | None = group(BronzaaktypeBody, default=None)
    catalogus: str = _address()
    statustypen: list[str] = _links()
    resultaattypen: list[str] = _links()
    eigenschappen: list[str] = _links()
    roltypen: list[str] = _links()
    begin_geldigheid: date = day()
    einde_geldigheid: date | None = day(null=True)
    begin_object: date | None = day(null=True)
    einde_object: date | None = day(null=True)
    versiedatum: date | None = day(default=None)
    concept: bool = boolean(read_only=True)


class ZaaktypeBody(ZaaktypeOwn):
    """A zaaktype, as it is given back."""

    informatieobjecttypen: list[str] = list_of(UriField(max_length=None), read_only=True)
    informatieobjecttype_omschrijving: list[str] = _names()
    besluittypen: list[str] = list_of(UriField(max_length=None), required=True, is_unique=True)
    besluittype_omschrijving: list[str] = _names()
    deelzaaktypen: list[str] = list_of(UriField(max_length=None, null=True), is_unique=True, required=True)
    deelzaaktype_identificaties: list[str] = list_of(TextField(read_only=True), is_unique=True, required=True)
    gerelateerde_zaaktypen: list[RelatieBody] = list_of(GroupField(RelatieBody), required=True)


class ZaaktypeInBody(ZaaktypeOwn):
    """A zaaktype, as POST takes it: relations by name."""

    informatieobjecttypen: str = text(read_only=True)
    besluittypen: list[str] = list_of(TextField(), required=True)
    deelzaaktypen: list[str] = list_of(TextField())
    gerelateerde_zaaktypen: list[RelatieInBody] = list_of(GroupField(RelatieInBody), required=True)


class ZaaktypeUpdateBody(ZaaktypeInBody):
    """A zaaktype, as PUT and PATCH take it."""

    deelzaaktypen: list[str] = list_of(TextField(), required=True)


class InformatieobjecttypeGeneriekBody(Shape):
    """What a type of document is called everywhere (gegevensgroep)."""

    informatieobjecttype_omschrijving_generiek: str = text(max_length=80)
    definitie_informatieobjecttype_omschrijving_generiek: str = text(max_length=255)
    herkomst_informatieobjecttype_omschrijving_generiek: str = text(max_length=12)
    hierarchie_informatieobjecttype_omschrijving_generiek: str = text(max_length=80)
    opmerking_informatieobjecttype_omschrijving_generiek: str | None = text(max_length=255, null=True)


class InformatieobjecttypeBody(Shape):
    """A type of document."""

    url: str = _own_url()
    catalogus: str = _address()
    omschrijving: str = text(max_length=80)
    vertrouwelijkheidaanduiding: str = choice(VERTROUWELIJKHEID)
    begin_geldigheid: date = day()
    einde_geldigheid: date | None = day(null=True)
    begin_object: date | None = day(null=True)
    einde_object: date | None = day(null=True)
    concept: bool = boolean(read_only=True)
    zaaktypen: list[str] = _links()
    zaaktype_identificaties: list[str] = _names()
    besluittypen: list[str] = _links()
    besluittype_omschrijving: list[str] = _names()
    informatieobjectcategorie: str = text(max_length=80)
    trefwoord: list[str] = list_of(TextField(max_length=30))
    omschrijving_generiek: InformatieobjecttypeGeneriekBody | None = group(
        InformatieobjecttypeGeneriekBody, default=None
    )


class BesluittypeOwn(Shape):
    """What a besluittype has of its own; it is written and read alike."""

    url: str = _own_url()
    catalogus: str = _address()
    zaaktypen: list[str] = _links()
    omschrijving: str = text(max_length=80, default="")
    omschrijving_generiek: str = text(max_length=80, default="")
    besluitcategorie: str = text(max_length=40, default="")
    reactietermijn: str | None = duration(null=True)
    publicatie_indicatie: bool = boolean()
    publicatietekst: str = text(default="")
    publicatietermijn: str | None = duration(null=True)
    toelichting: str = text(default="")
    begin_geldigheid: date = day()
    einde_geldigheid: date | None = day(null=True)
    begin_object: date | None = day(null=True)
    einde_object: date | None = day(null=True)
    concept: bool = boolean(read_only=True)
    resultaattypen: list[str] = _links()
    resultaattypen_omschrijving: list[str] = _names()
    vastgelegd_in: list[str] = _names()


class BesluittypeBody(BesluittypeOwn):
    """A besluittype, as it is given back."""

    zaaktype_identificaties: list[str] = _names()
    informatieobjecttypen: list[str] = list_of(UriField(max_length=None), required=True, is_unique=True)
    informatieobjecttype_omschrijvingen: list[str] = _names()


class BesluittypeInBody(BesluittypeOwn):
    """A besluittype, as it is sent: the types of document by name."""

    informatieobjecttypen: list[str] = list_of(TextField(), required=True)


class ChecklistitemBody(Shape):
    """A question that is answered before a status is set."""

    itemnaam: str = text(max_length=30)
    toelichting: str | None = text(max_length=1000, null=True)
    vraagstelling: str = text(max_length=255)
    verplicht: bool = boolean(default=False)


class StatustypeBody(Shape):
    """A step of a zaaktype."""

    url: str = _own_url()
    omschrijving: str = text(max_length=80)
    omschrijving_generiek: str = text(max_length=80, default="")
    statustekst: str = text(max_length=1000, default="")
    zaaktype: str = _address()
    catalogus: str = uri(max_length=None, read_only=True)
    zaaktype_identificatie: str = text(read_only=True)
    volgnummer: int = integer(minimum=1, maximum=9999)
    is_eindstatus: bool = boolean(read_only=True)
    informeren: bool = boolean(default=False)
    doorlooptijd: str | None = duration(null=True)
    toelichting: str | None = text(max_length=1000, null=True)
    checklistitem_statustype: list[ChecklistitemBody] = list_of(GroupField(ChecklistitemBody))
    eigenschappen: list[str] = list_of(UriField(max_length=None, null=True), is_unique=True)
    begin_geldigheid: date | None = day(null=True)
    einde_geldigheid: date | None = day(null=True)
    begin_object: date | None = day(null=True)
    einde_object: date | None = day(null=True)


class BrondatumBody(Shape):
    """From which date the retention period counts (gegevensgroep). Source: ztc-003 to ztc-008."""

    afleidingswijze: str = choice(AFLEIDINGSWIJZE)
    datumkenmerk: str = text(max_length=80, default="")
    einddatum_bekend: bool = boolean(default=False)
    objecttype: str = choice(OBJECTTYPE, blank=True, default="")
    registratie: str = text(max_length=80, default="")
    procestermijn: str | None = duration(null=True)


class ResultaattypeOwn(Shape):
    """What a resultaattype has of its own; it is written and read alike."""

    url: str = _own_url()
    zaaktype: str = _address()
    zaaktype_identificatie: str = text(read_only=True)
    omschrijving: str = text(max_length=30)
    resultaattypeomschrijving: str = uri()
    omschrijving_generiek: str = text(read_only=True)
    selectielijstklasse: str = uri()
    toelichting: str = text(default="")
    archiefnominatie: str = choice(ARCHIEFNOMINATIE, blank=True, default="")
    archiefactietermijn: str | None = duration(null=True)
    brondatum_archiefprocedure: BrondatumBody | None = group(BrondatumBody, null=True)
    procesobjectaard: str | None = text(max_length=200, null=True)
    catalogus: str | None = uri(max_length=None, null=True)
    begin_geldigheid: date | None = day(null=True)
    einde_geldigheid: date | None = day(null=True)
    begin_object: date | None = day(null=True)
    einde_object: date | None = day(null=True)
    indicatie_specifiek: bool | None = boolean(null=True)
    procestermijn: str | None = duration(null=True)
    besluittype_omschrijving: list[str] = _names()
    informatieobjecttype_omschrijving: list[str] = _names()


class ResultaattypeBody(ResultaattypeOwn):
    """An outcome of a zaaktype, as it is given back."""

    besluittypen: list[str] = list_of(UriField(max_length=None, null=True), is_unique=True)
    informatieobjecttypen: list[str] = list_of(UriField(max_length=None, null=True), is_unique=True)


class ResultaattypeInBody(ResultaattypeOwn):
    """An outcome of a zaaktype, as it is sent: besluittypen and types of document by name."""

    besluittypen: list[str] = list_of(TextField(), is_unique=True)
    informatieobjecttypen: list[str] = list_of(TextField(), is_unique=True)


class RoltypeBody(Shape):
    """What someone may be in a zaak."""

    url: str = _own_url()
    zaaktype: str = _address()
    zaaktype_identificatie: str = text(read_only=True)
    omschrijving: str = text(max_length=100)
    omschrijving_generiek: str = choice(ROLOMSCHRIJVING)
    catalogus: str | None = uri(max_length=None, null=True)
    begin_geldigheid: date | None = day(null=True)
    einde_geldigheid: date | None = day(null=True)
    begin_object: date | None = day(null=True)
    einde_object: date | None = day(null=True)


class SpecificatieBody(Shape):
    """How the value of an eigenschap is written (gegevensgroep). Source: ztc-015."""

    groep: str = text(max_length=32, default="")
    formaat: str = choice(FORMAAT)
    lengte: str = text(max_length=14)
    kardinaliteit: str = text(max_length=3)
    waardenverzameling: list[str] = list_of(TextField(max_length=100))


class EigenschapBody(Shape):
    """A property of zaken of a zaaktype."""

    url: str = _own_url()
    naam: str = text(max_length=20)
    catalogus: str = uri(max_length=None, read_only=True)
    definitie: str = text(max_length=255)
    specificatie: SpecificatieBody = group(SpecificatieBody)
    toelichting: str = text(max_length=1000, default="")
    zaaktype: str = _address()
    zaaktype_identificatie: str = text(read_only=True)
    statustype: str | None = uri(max_length=None, null=True)
    begin_geldigheid: date | None = day(null=True)
    einde_geldigheid: date | None = day(null=True)
    begin_object: date | None = day(null=True)
    einde_object: date | None = day(null=True)


class ZaakobjecttypeBody(Shape):
    """What zaken of a zaaktype may be about."""

    url: str = _own_url()
    ander_objecttype: bool = boolean()
    begin_geldigheid: date | None = day(default=None)
    einde_geldigheid: date | None = day(null=True)
    begin_object: date | None = day(null=True)
    einde_object: date | None = day(null=True)
    objecttype: str = uri(max_length=200)
    relatie_omschrijving: str = text(max_length=80)
    zaaktype: str = _address()
    zaaktype_identificatie: str = text(read_only=True)
    resultaattypen: list[str] = _links()
    resultaattype_omschrijving: list[str] = _names()
    statustypen: list[str] = _links()
    catalogus: str = _address()


class ZaaktypeInformatieobjecttypeBody(Shape):
    """A type of document that belongs to a zaaktype."""

    url: str = _own_url()
    zaaktype: str = _address()
    zaaktype_identificatie: str = text(read_only=True)
    catalogus: str = uri(max_length=None, read_only=True)
    informatieobjecttype: str = text(max_length=100)
    volgnummer: int = integer(minimum=1, maximum=999)
    richting: str = choice(RICHTING)
    statustype: str | None = uri(max_length=None, null=True)


# -- Query parameters --------------------------------------------------------------------------------------------------
STATUS = ("alles", "concept", "definitief")
_PLAIN: dict[str, Any] = {"format": None}
_PLAIN_CHOICE: dict[str, Any] = {"enum": None}


def _expand() -> Any:
    return text(default="", max_length=2000, schema={"maxLength": None})


def _status() -> Any:
    return choice(STATUS, default="definitief", schema=_PLAIN_CHOICE)


def _day() -> Any:
    return day(default=None, blank=False, schema=_PLAIN)


def _type_address() -> Any:
    return uri(default="", blank=False, max_length=None)


class OneQuery(Shape):
    """Query parameters of one resource."""

    expand: str = _expand()


class DayQuery(OneQuery):
    """Query parameters of one zaaktype: the day on which its relations are looked up."""

    datum_geldigheid: date | None = _day()


class CatalogusQuery(Shape):
    """Query parameters of the list of catalogues."""

    domein: str = text(default="", blank=False)
    domein__in: list[str] = list_of(TextField())
    rsin: str = text(default="", blank=False)
    rsin__in: list[str] = list_of(TextField())
    page: int = integer(default=1)
    expand: str = _expand()


class ZaaktypeQuery(Shape):
    """Query parameters of the list of zaaktypen."""

    always: ClassVar[frozenset[str]] = frozenset({"status"})
    catalogus: str = _type_address()
    identificatie: str = text(default="", blank=False)
    trefwoorden: list[str] = list_of(TextField())
    status: str = _status()
    datum_geldigheid: date | None = _day()
    page: int = integer(default=1)
    expand: str = _expand()


class InformatieobjecttypeQuery(Shape):
    """Query parameters of the list of types of document."""

    always: ClassVar[frozenset[str]] = frozenset({"status"})
    catalogus: str = _type_address()
    status: str = _status()
    datum_geldigheid: date | None = _day()
    omschrijving: str = text(default="", blank=False)
    page: int = integer(default=1)
    expand: str = _expand()


class BesluittypeQuery(Shape):
    """Query parameters of the list of besluittypen."""

    always: ClassVar[frozenset[str]] = frozenset({"status"})
    catalogus: str = _type_address()
    zaaktypen: str = text(default="", blank=False)
    informatieobjecttypen: str = text(default="", blank=False)
    status: str = _status()
    omschrijving: str = text(default="", blank=False)
    datum_geldigheid: date | None = _day()
    page: int = integer(default=1)
    expand: str = _expand()


class PartQuery(Shape):
    """Query parameters of the list of statustypen and of eigenschappen."""

    always: ClassVar[frozenset[str]] = frozenset({"status"})
    zaaktype: str = _type_address()
    zaaktype_identificatie: str = text(default="", blank=False)
    status: str = _status()
    datum_geldigheid: date | None = _day()
    page: int = integer(default=1)
    expand: str = _expand()


class ResultaattypeQuery(PartQuery):
    """Query parameters of the list of resultaattypen; the standard has two names for two of them."""

    zaaktype: str = uri(default="", blank=False, max_length=None, schema=_PLAIN)
    zaaktype_identificatie_: str = text(default="", blank=False, key="zaaktype_identificatie")
    datum_geldigheid_: date | None = day(default=None, blank=False, schema=_PLAIN, key="datum_geldigheid")


class RoltypeQuery(PartQuery):
    """Query parameters of the list of roltypen."""

    omschrijving_generiek: str = choice(ROLOMSCHRIJVING, default="")


class ZaakobjecttypeQuery(Shape):
    """Query parameters of the list of zaakobjecttypen."""

    ander_objecttype: bool | None = boolean(default=None)
    catalogus: str = _type_address()
    datum_begin_geldigheid: date | None = _day()
    datum_einde_geldigheid: date | None = _day()
    datum_geldigheid: date | None = _day()
    objecttype: str = _type_address()
    relatie_omschrijving: str = text(default="", blank=False)
    zaaktype: str = _type_address()
    zaaktype_identificatie: str = text(default="", blank=False)
    page: int = integer(default=1)
    expand: str = _expand()


class ZaaktypeInformatieobjecttypeQuery(Shape):
    """Query parameters of the list of types of document of zaaktypen."""

    always: ClassVar[frozenset[str]] = frozenset({"status"})
    zaaktype: str = _type_address()
    informatieobjecttype: str = text(default="", blank=False)
    richting: str = choice(RICHTING, default="")
    status: str = _status()
    page: int = integer(default=1)
    expand: str = _expand()
