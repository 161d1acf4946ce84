"""Bodies and query parameters of the Documenten API. Source: the standard's OpenAPI file, Documenten API 1.7.1."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from stadhuis.catalogi.choices import VERTROUWELIJKHEID
from stadhuis.documenten.choices import AARD_VERZENDING, ALGORITME, OBJECTTYPE, ONDERTEKENING, STATUS
from stadhuis.kit.api.content import BinaryField, ContentField
from stadhuis.kit.api.endpoint import ExpandQuery
from stadhuis.kit.api.shapes import (
    GroupField,
    Shape,
    TextField,
    UuidField,
    boolean,
    choice,
    day,
    group,
    integer,
    list_of,
    moment,
    rsin,
    text,
    uri,
)

_FILLED: dict[str, Any] = {"minLength": 1}
_BIGGEST: dict[str, Any] = {"format": "int64", "minimum": 0, "maximum": 9223372036854776000}
_ANY_TEXT: dict[str, Any] = {"format": None}


class OndertekeningRequestBody(Shape):
    """Signature (gegevensgroep)."""

    soort: str = choice(ONDERTEKENING)
    datum: date = day()


class OndertekeningBody(OndertekeningRequestBody):
    """Signature, as it is given back."""


class IntegriteitRequestBody(Shape):
    """Checksum (gegevensgroep)."""

    algoritme: str = choice(ALGORITME)
    waarde: str = text(max_length=128, schema=_FILLED)
    datum: date = day()


class IntegriteitBody(IntegriteitRequestBody):
    """Checksum, as it is given back."""

    waarde: str = text(max_length=128)


class BestandsDeelBody(Shape):
    """A part of a file that is being uploaded."""

    url: str = uri(read_only=True, schema=_FILLED)
    volgnummer: int = integer(read_only=True)
    omvang: int = integer(read_only=True)
    voltooid: bool = boolean(read_only=True)
    lock: str = text()


class _DocumentBody(Shape):
    """What is the same in what is sent and what is given back."""

    identificatie: str = text(max_length=40, default="")
    creatiedatum: date = day()
    vertrouwelijkheidaanduiding: str = choice(VERTROUWELIJKHEID, blank=True, default="")
    is_gereed_voor_publicatie: bool | None = boolean(null=True)
    tonen_aan_initiator: bool = boolean(default=False)
    status: str = choice(STATUS, blank=True, default="")
    inhoud_is_vervallen: bool | None = boolean(null=True)
    formaat: str = text(max_length=255, default="")
    taal: str = text(max_length=3, min_length=3)
    bestandsnaam: str = text(max_length=255, default="")
    bestandsomvang: int | None = integer(minimum=0, maximum=2**63 - 1, null=True, schema=_BIGGEST)
    link: str = uri(max_length=200, default="")
    beschrijving: str = text(max_length=1000, default="")
    ontvangstdatum: date | None = day(null=True)
    verzenddatum: date | None = day(null=True)
    indicatie_gebruiksrecht: bool | None = boolean(null=True)
    verschijningsvorm: str = text(default="")
    trefwoorden: list[str] = list_of(TextField(max_length=200, schema={"maxLength": None}), most=200)


class EnkelvoudigInformatieObjectBody(_DocumentBody):
    """A document as it is given back."""

    url: str = uri(read_only=True, schema=_FILLED)
    bronorganisatie: str = rsin()
    titel: str = text(max_length=200)
    auteur: str = text(max_length=200)
    versie: int = integer(read_only=True)
    begin_registratie: datetime = moment(read_only=True)
    inhoud: str | None = uri(null=True, max_length=None)
    ondertekening: OndertekeningBody | None = group(OndertekeningBody, null=True)
    integriteit: IntegriteitBody | None = group(IntegriteitBody, null=True)
    informatieobjecttype: str = uri(max_length=200)
    locked: bool = boolean(read_only=True)
    bestandsdelen: list[BestandsDeelBody] = list_of(GroupField(BestandsDeelBody), read_only=True)


class EnkelvoudigInformatieObjectCreateLockBody(EnkelvoudigInformatieObjectBody):
    """A document that was just made, with the lock under which its parts are to come."""

    lock: str = text(read_only=True)


class EnkelvoudigInformatieObjectCreateLockRequestBody(_DocumentBody):
    """A document to be made. ``inhoud`` has been taken in while the body was read."""

    bronorganisatie: str = rsin(schema=_FILLED)
    titel: str = text(max_length=200, schema=_FILLED)
    auteur: str = text(max_length=200, schema=_FILLED)
    inhoud: Any = ContentField()
    ondertekening: OndertekeningRequestBody | None = group(OndertekeningRequestBody, null=True)
    integriteit: IntegriteitRequestBody | None = group(IntegriteitRequestBody, null=True)
    informatieobjecttype: str = uri(max_length=200, schema=_FILLED)


class EnkelvoudigInformatieObjectWithLockRequestBody(EnkelvoudigInformatieObjectCreateLockRequestBody):
    """A document to be changed, under its lock."""

    lock: str = text(write_only=True, schema=_FILLED)


class EIOFilter(Shape):
    """What the list of documents can be narrowed by."""

    identificatie: str = text(default="", blank=False)
    bronorganisatie: str = text(default="", blank=False)
    objectinformatieobjecten_object: str = uri(default="", key="objectinformatieobjecten_object", max_length=None)
    objectinformatieobjecten_object_type: str = choice(
        OBJECTTYPE, default="", key="objectinformatieobjecten_objectType"
    )
    # As the field's usual provider calls them (BEHAVIOUR 10.5).
    objectinformatieobjecten__object: str = uri(default="", key="objectinformatieobjecten__object", max_length=None)
    objectinformatieobjecten__object_type: str = choice(
        OBJECTTYPE, default="", key="objectinformatieobjecten__objectType"
    )
    trefwoorden: list[str] = list_of(TextField())


class EIOQuery(EIOFilter):
    """Query parameters of the list of documents."""

    expand: str = text(default="", max_length=2000, schema={"maxLength": None})
    page: int = integer(default=1)


class VersionQuery(Shape):
    """Which version of a document."""

    versie: int | None = integer(default=None)
    registratie_op: datetime | None = moment(default=None, schema=_ANY_TEXT)


class EIOOneQuery(VersionQuery):
    """Query parameters of one document."""

    expand: str = text(default="", max_length=2000, schema={"maxLength": None})


class EIOZoekRequestBody(Shape):
    """A search for documents."""

    uuid__in: list[Any] = list_of(UuidField(), required=True)
    identificatie: str = text(default="")
    bronorganisatie: str = text(default="")
    expand: str = text(default="", max_length=2000, schema={"maxLength": None})


class LockEnkelvoudigInformatieObjectBody(Shape):
    """The key of a lock."""

    lock: str = text(read_only=True)


class UnlockEnkelvoudigInformatieObjectRequestBody(Shape):
    """The key of a lock, or nothing to open it by force."""

    lock: str = text(max_length=100, default="")


class BestandsDeelRequestBody(Shape):
    """The bytes of a part of a file."""

    media: ClassVar[tuple[str, ...]] = ("multipart/form-data", "application/x-www-form-urlencoded")
    inhoud: Any = BinaryField()
    lock: str = text(write_only=True, schema=_FILLED)


class BestandsDeelResponseBody(Shape):
    """A part of a file, after its bytes came in."""

    url: str = uri(read_only=True, schema=_FILLED)
    lock: str = text()
    omvang: int = integer(default=0)
    voltooid: bool = boolean(default=False)
    volgnummer: int = integer(default=0)


# -- Gebruiksrechten ---------------------------------------------------------------------------------------------------
class GebruiksrechtenRequestBody(Shape):
    """Conditions under which a document may be used, as they are sent."""

    informatieobject: str = uri(max_length=None)
    startdatum: datetime = moment()
    einddatum: datetime | None = moment(null=True)
    omschrijving_voorwaarden: str = text(schema=_FILLED)


class GebruiksrechtenBody(GebruiksrechtenRequestBody):
    """Conditions under which a document may be used."""

    url: str = uri(read_only=True, schema=_FILLED)
    omschrijving_voorwaarden: str = text()


class GebruiksrechtenQuery(ExpandQuery):
    """What the list of gebruiksrechten can be narrowed by."""

    informatieobject: str = uri(default="", max_length=None)
    startdatum__lt: datetime | None = moment(default=None, blank=False, schema=_ANY_TEXT)
    startdatum__lte: datetime | None = moment(default=None, blank=False, schema=_ANY_TEXT)
    startdatum__gt: datetime | None = moment(default=None, blank=False, schema=_ANY_TEXT)
    startdatum__gte: datetime | None = moment(default=None, blank=False, schema=_ANY_TEXT)
    einddatum__lt: datetime | None = moment(default=None, blank=False, schema=_ANY_TEXT)
    einddatum__lte: datetime | None = moment(default=None, blank=False, schema=_ANY_TEXT)
    einddatum__gt: datetime | None = moment(default=None, blank=False, schema=_ANY_TEXT)
    einddatum__gte: datetime | None = moment(default=None, blank=False, schema=_ANY_TEXT)


# -- Objectinformatieobjecten ------------------------------------------------------------------------------------------
class ObjectInformatieObjectRequestBody(Shape):
    """That a document belongs to an object, as it is sent."""

    informatieobject: str = uri(max_length=None)
    object: str = uri(schema=_FILLED)
    object_type: str = choice(OBJECTTYPE)


class ObjectInformatieObjectBody(ObjectInformatieObjectRequestBody):
    """That a document belongs to an object."""

    url: str = uri(read_only=True, schema=_FILLED)
    object: str = uri()


class ObjectInformatieObjectQuery(ExpandQuery):
    """What the list of objectinformatieobjecten can be narrowed by."""

    object: str = uri(default="", max_length=None)
    informatieobject: str = uri(default="", max_length=None)


# -- Verzendingen ------------------------------------------------------------------------------------------------------
class BinnenlandsCorrespondentieadresBody(Shape):
    """An address in the Netherlands."""

    huisletter: str = text(max_length=1, default="")
    huisnummer: int = integer(minimum=1, maximum=99999)
    huisnummer_toevoeging: str = text(max_length=4, default="")
    naam_openbare_ruimte: str = text(max_length=80, schema=_FILLED)
    postcode: str = text(max_length=6, default="")
    woonplaatsnaam: str = text(max_length=80, schema=_FILLED)


class BuitenlandsCorrespondentieadresBody(Shape):
    """An address abroad."""

    adres_buitenland1: str = text(max_length=35, key="adresBuitenland1", schema=_FILLED)
    adres_buitenland2: str = text(max_length=35, key="adresBuitenland2", default="")
    adres_buitenland3: str = text(max_length=35, key="adresBuitenland3", default="")
    land_postadres: str = uri(max_length=200, schema=_FILLED)


class CorrespondentiePostadresBody(Shape):
    """A box at a post office."""

    post_bus_of_antwoordnummer: int = integer(minimum=1, maximum=9999)
    postadres_postcode: str = text(max_length=6, schema=_FILLED)
    postadres_type: str = choice(("antwoordnummer", "postbusnummer"))
    woonplaatsnaam: str = text(max_length=80, schema=_FILLED)


class VerzendingRequestBody(Shape):
    """That a document came from or went to someone, as it is sent."""

    betrokkene: str = uri(max_length=200, schema=_FILLED)
    informatieobject: str = uri(max_length=None)
    aard_relatie: str = choice(AARD_VERZENDING)
    toelichting: str = text(max_length=200, default="")
    ontvangstdatum: date | None = day(null=True)
    verzenddatum: date | None = day(null=True)
    contact_persoon: str = uri(schema=_FILLED)
    contactpersoonnaam: str = text(max_length=40, default="")
    binnenlands_correspondentieadres: Any = group(BinnenlandsCorrespondentieadresBody, null=True)
    buitenlands_correspondentieadres: Any = group(BuitenlandsCorrespondentieadresBody, null=True)
    correspondentie_postadres: Any = group(CorrespondentiePostadresBody, null=True)
    faxnummer: str | None = text(max_length=15, null=True)
    emailadres: str | None = text(max_length=100, null=True)
    mijn_overheid: bool = boolean(default=False)
    telefoonnummer: str | None = text(max_length=15, null=True)


class VerzendingBody(VerzendingRequestBody):
    """That a document came from or went to someone."""

    url: str = uri(read_only=True, schema=_FILLED)
    betrokkene: str = uri(max_length=200)
    contact_persoon: str = uri()


class VerzendingQuery(ExpandQuery):
    """What the list of verzendingen can be narrowed by."""

    aard_relatie: str = choice(AARD_VERZENDING, default="")
    informatieobject: str = uri(default="", max_length=None)
    betrokkene: str = uri(default="", max_length=None)
    page: int = integer(default=1)
