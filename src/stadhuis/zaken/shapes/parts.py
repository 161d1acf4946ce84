"""Bodies and query parameters of what hangs on a zaak. Source: the standard's OpenAPI file, Zaken API 1.7.0."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from stadhuis.catalogi.choices import OBJECTTYPE
from stadhuis.kit.api.endpoint import ExpandQuery
from stadhuis.kit.api.errors import Fault
from stadhuis.kit.api.shapes import (
    BooleanField,
    Faults,
    Shape,
    TextField,
    UriField,
    boolean,
    choice,
    email,
    group,
    integer,
    list_of,
    moment,
    rsin,
    text,
    uri,
    uuid,
    variant,
)
from stadhuis.zaken.choices import AARD_RELATIE_WEERGAVE, MACHTIGING, NOTITIESTATUS, NOTITIETYPE
from stadhuis.zaken.shapes.identificaties import BETROKKENE, OBJECT
from stadhuis.zaken.shapes.zaak import BETROKKENE_TYPE, OMSCHRIJVING_GENERIEK


def _url() -> Any:
    return uri(read_only=True, schema={"minLength": 1})


def _zaak() -> Any:
    return uri(schema={"minLength": 1})


def _plain_url() -> Any:
    return uri(read_only=True, max_length=None)


def _address_filter() -> Any:
    return uri(default="", blank=False, max_length=None)


def _expand() -> Any:
    return text(default="", max_length=2000, schema={"maxLength": None})


def _links() -> Any:
    return list_of(UriField(schema={"minLength": 1}), read_only=True, is_unique=True)


class ExpandOnlyQuery(ExpandQuery):
    """Query parameters of a list that can be expanded and nothing else."""


# -- Statussen and resultaten ------------------------------------------------------------------------------------------
class StatusBody(Shape):
    """A step that a zaak reached."""

    url: str = _url()
    uuid: str = uuid(read_only=True)
    zaak: str = _zaak()
    statustype: str = uri()
    datum_status_gezet: datetime = moment()
    statustoelichting: str = text(max_length=1000, default="")
    indicatie_laatst_gezette_status: bool = boolean(read_only=True)
    gezetdoor: str = uri(max_length=200, default="")
    zaakinformatieobjecten: list[str] = _links()


class _TextBooleanField(BooleanField):
    """A yes or no that the prescribed document types as text."""

    type_name = "string"


def _text_boolean() -> Any:
    return _TextBooleanField(default=None)


class StatusQuery(Shape):
    """What the list of statussen can be narrowed by."""

    zaak: str = _address_filter()
    statustype: str = _address_filter()
    indicatie_laatst_gezette_status: bool | None = _text_boolean()
    page: int = integer(default=1)
    expand: str = _expand()


class ResultaatBody(Shape):
    """What came out of a zaak."""

    url: str = _url()
    uuid: str = uuid(read_only=True)
    zaak: str = _zaak()
    resultaattype: str = uri()
    toelichting: str = text(max_length=1000, default="")


class ResultaatQuery(Shape):
    """What the list of resultaten can be narrowed by."""

    zaak: str = _address_filter()
    resultaattype: str = _address_filter()
    page: int = integer(default=1)
    expand: str = _expand()


# -- Rollen ------------------------------------------------------------------------------------------------------------
class ContactPersoonRolBody(Shape):
    """Who speaks for the betrokkene (gegevensgroep)."""

    emailadres: str = email(max_length=254, default="")
    functie: str = text(max_length=50, default="")
    telefoonnummer: str = text(max_length=20, default="")
    naam: str = text(max_length=40)


class RolBody(Shape):
    """Someone in a zaak."""

    url: str = _url()
    uuid: str = uuid(read_only=True)
    zaak: str = _zaak()
    betrokkene: str = uri(default="")
    betrokkene_type: str = choice(BETROKKENE_TYPE)
    afwijkende_naam_betrokkene: str = text(max_length=625, default="")
    roltype: str = uri()
    omschrijving: str = text(read_only=True)
    omschrijving_generiek: str = text(read_only=True)
    roltoelichting: str = text(max_length=1000, blank=True)
    registratiedatum: datetime = moment(read_only=True)
    indicatie_machtiging: str = choice(MACHTIGING, blank=True, default="")
    contactpersoon_rol: ContactPersoonRolBody | None = group(ContactPersoonRolBody, null=True)
    statussen: list[str] = _links()
    betrokkene_identificatie: Any = variant(by="betrokkene_type", shapes=BETROKKENE)


def _word(**more: Any) -> Any:
    return text(default="", blank=False, schema={"maxLength": None}, **more)


class RolQuery(Shape):
    """What the list of rollen can be narrowed by."""

    zaak: str = _address_filter()
    betrokkene: str = _address_filter()
    betrokkene_type: str = choice(BETROKKENE_TYPE, default="")
    betrokkene_identificatie__natuurlijk_persoon__inp_bsn: str = _word(max_length=9)
    betrokkene_identificatie__natuurlijk_persoon__anp_identificatie: str = _word(max_length=17)
    betrokkene_identificatie__natuurlijk_persoon__inp_a_nummer: str = _word(
        max_length=10, key="betrokkeneIdentificatie__natuurlijkPersoon__inpA_nummer"
    )
    betrokkene_identificatie__niet_natuurlijk_persoon__inn_nnp_id: str = _word()
    betrokkene_identificatie__niet_natuurlijk_persoon__ann_identificatie: str = _word(max_length=17)
    betrokkene_identificatie__vestiging__vestigings_nummer: str = _word(max_length=24)
    betrokkene_identificatie__organisatorische_eenheid__identificatie: str = _word()
    betrokkene_identificatie__medewerker__identificatie: str = _word(max_length=254)
    roltype: str = _address_filter()
    omschrijving: str = _word()
    omschrijving_generiek: str = choice(OMSCHRIJVING_GENERIEK, default="")
    page: int = integer(default=1)
    expand: str = _expand()


# -- Documents ---------------------------------------------------------------------------------------------------------
class ZaakInformatieObjectBody(Shape):
    """A document of a zaak."""

    url: str = _url()
    uuid: str = uuid(read_only=True)
    informatieobject: str = uri()
    zaak: str = _zaak()
    aard_relatie_weergave: str = choice(
        (AARD_RELATIE_WEERGAVE, "Legt vast, omgekeerd: kan vastgelegd zijn als"), read_only=True
    )
    titel: str = text(max_length=200, default="")
    beschrijving: str = text(default="")
    registratiedatum: datetime = moment(read_only=True)
    vernietigingsdatum: datetime | None = moment(null=True)
    status: str | None = uri(null=True, blank=False, schema={"minLength": 1})


class ZaakInformatieObjectQuery(Shape):
    """What the list of documents of zaken can be narrowed by."""

    zaak: str = _address_filter()
    informatieobject: str = _address_filter()
    expand: str = _expand()


# -- What a zaak is about ----------------------------------------------------------------------------------------------
class ObjectTypeOverigeDefinitieBody(Shape):
    """Where the JSON schema of an object of another kind is, and where in the object the data are (jq expressions)."""

    url: str = uri()
    schema: str = text(max_length=100)
    object_data: str = text(max_length=100)


class _OverigeField(TextField):
    """Small letters and underscores."""

    def convert_text(self, value: str, path: str, faults: Faults) -> Any:
        if not re.fullmatch("[a-z_]+", value):
            faults.append(Fault(path, "invalid", "Alleen kleine letters en liggende streepjes."))
        return value


def _overige() -> Any:
    return _OverigeField(max_length=100, default="")


class ObjectBody(Shape):
    """What a zaak is about."""

    url: str = _url()
    uuid: str = uuid(read_only=True)
    zaak: str = _zaak()
    object: str = uri(default="")
    zaakobjecttype: str = uri(default="")
    object_type: str = choice(OBJECTTYPE)
    object_type_overige: str = _overige()
    object_type_overige_definitie: ObjectTypeOverigeDefinitieBody | None = group(
        ObjectTypeOverigeDefinitieBody, null=True
    )
    relatieomschrijving: str = text(max_length=80, default="")
    object_identificatie: Any = variant(by="object_type", shapes=OBJECT)


class ObjectQuery(Shape):
    """What the list of zaakobjecten can be narrowed by."""

    zaak: str = _address_filter()
    object: str = _address_filter()
    object_type: str = choice(OBJECTTYPE, default="")
    page: int = integer(default=1)
    expand: str = _expand()


# -- Properties and besluiten (nested) ---------------------------------------------------------------------------------
class EigenschapBody(Shape):
    """The value of a property of a zaak."""

    url: str = _plain_url()
    uuid: str = uuid(read_only=True)
    zaak: str = uri(max_length=None)
    eigenschap: str = uri()
    naam: str = text(read_only=True)
    waarde: str = text(blank=True)


class ZaakBesluitBody(Shape):
    """A besluit that was taken in a zaak."""

    url: str = _plain_url()
    uuid: str = uuid(read_only=True)
    besluit: str = uri()


# -- Contacts ----------------------------------------------------------------------------------------------------------
class ZaakContactMomentBody(Shape):
    """A contact, elsewhere, about a zaak."""

    url: str = _url()
    uuid: str = uuid(read_only=True)
    zaak: str = _zaak()
    contactmoment: str = uri()


class ZaakContactMomentQuery(Shape):
    """What the list can be narrowed by."""

    zaak: str = _address_filter()
    contactmoment: str = _address_filter()


class ZaakVerzoekBody(Shape):
    """A verzoek, elsewhere, that led to a zaak."""

    url: str = _url()
    uuid: str = uuid(read_only=True)
    zaak: str = _zaak()
    verzoek: str = uri()


class ZaakVerzoekQuery(Shape):
    """What the list can be narrowed by."""

    zaak: str = _address_filter()
    verzoek: str = _address_filter()


class KlantContactBody(Shape):
    """A contact with the initiator. Deprecated in the standard."""

    url: str = _url()
    uuid: str = uuid(read_only=True)
    zaak: str = _zaak()
    identificatie: str = text(max_length=14, default="")
    datumtijd: datetime = moment()
    kanaal: str = text(max_length=20, default="")
    onderwerp: str = text(max_length=200, default="")
    toelichting: str = text(max_length=1000, default="")


class KlantContactQuery(Shape):
    """What the list can be narrowed by."""

    zaak: str = _address_filter()
    page: int = integer(default=1)


# -- Notes -------------------------------------------------------------------------------------------------------------
class ZaakNotitieRequestBody(Shape):
    """A note, as it is sent."""

    onderwerp: str = text(max_length=255, schema={"minLength": 1})
    tekst: str = text(schema={"minLength": 1})
    aangemaakt_door: str = text(max_length=255, default="")
    notitie_type: str = choice(NOTITIETYPE, default="intern")
    status: str = choice(NOTITIESTATUS, default="definitief")
    gerelateerd_aan: str = uri(max_length=None)


class ZaakNotitieBody(Shape):
    """A note, as it is given back."""

    url: str = _url()
    onderwerp: str = text(max_length=255)
    tekst: str = text()
    aangemaakt_door: str = text(max_length=255, default="")
    notitie_type: str = choice(NOTITIETYPE, default="intern")
    status: str = choice(NOTITIESTATUS, default="definitief")
    aanmaakdatum: datetime = moment(read_only=True)
    wijzigingsdatum: datetime = moment(read_only=True)
    gerelateerd_aan: str = uri(max_length=None)


def _moment_filter() -> Any:
    return moment(default=None, blank=False)


class ZaakNotitieQuery(Shape):
    """What the list of notes can be narrowed by."""

    aangemaakt_door: str = text(default="")
    aangemaakt_door__icontains: str = text(default="")
    aanmaakdatum: date | None = _moment_filter()
    aanmaakdatum__gt: date | None = _moment_filter()
    aanmaakdatum__gte: date | None = _moment_filter()
    aanmaakdatum__lt: date | None = _moment_filter()
    aanmaakdatum__lte: date | None = _moment_filter()
    gerelateerd_aan: str = _address_filter()
    notitie_type: str = choice(NOTITIETYPE, default="")
    onderwerp: str = text(default="")
    onderwerp__icontains: str = text(default="")
    page: int = integer(default=1)
    page_size: int = integer(default=100, minimum=1, maximum=500, schema={"minimum": None, "maximum": None})
    status: str = choice(NOTITIESTATUS, default="")
    tekst: str = text(default="")
    tekst__icontains: str = text(default="")
    wijzigingsdatum: date | None = _moment_filter()
    wijzigingsdatum__gt: date | None = _moment_filter()
    wijzigingsdatum__gte: date | None = _moment_filter()
    wijzigingsdatum__lt: date | None = _moment_filter()
    wijzigingsdatum__lte: date | None = _moment_filter()


# -- Numbers beforehand ------------------------------------------------------------------------------------------------
class ZaaknummerBody(Shape):
    """A number that was given out."""

    zaaknummer: str = text(read_only=True)


class ZaaknummerRequestBody(Shape):
    """How many numbers are asked, and for whom."""

    bronorganisatie: str = rsin(write_only=True, schema={"minLength": 9})
    aantal: int = integer(default=1, minimum=1, maximum=1000, write_only=True, schema={"maximum": None})
