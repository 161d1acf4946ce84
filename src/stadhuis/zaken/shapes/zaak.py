"""Bodies and query parameters of the Zaken API. Source: the standard's OpenAPI file, Zaken API 1.7.0."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from stadhuis.kit.api.shapes import (
    ChoiceField,
    Field,
    GroupField,
    ListField,
    Shape,
    TextField,
    UriField,
    UuidField,
    anything,
    boolean,
    choice,
    day,
    duration,
    geometry,
    group,
    list_of,
    moment,
    rsin,
    text,
    uri,
    uuid,
)

VERTROUWELIJKHEID = (
    "openbaar", "beperkt_openbaar", "intern", "zaakvertrouwelijk", "vertrouwelijk", "confidentieel", "geheim", "zeer_geheim",
)  # fmt: skip
ARCHIEFNOMINATIE = ("blijvend_bewaren", "vernietigen")
ARCHIEFSTATUS = ("nog_te_archiveren", "gearchiveerd", "gearchiveerd_procestermijn_onbekend", "overgedragen")
BETALINGSINDICATIE = {
    "nvt": "Er is geen sprake van te betalen, met de zaak gemoeide, kosten.",
    "nog_niet": "De met de zaak gemoeide kosten zijn (nog) niet betaald.",
    "gedeeltelijk": "De met de zaak gemoeide kosten zijn gedeeltelijk betaald.",
    "geheel": "De met de zaak gemoeide kosten zijn geheel betaald.",
}
BETROKKENE_TYPE = (
    "natuurlijk_persoon",
    "niet_natuurlijk_persoon",
    "vestiging",
    "organisatorische_eenheid",
    "medewerker",
)
OMSCHRIJVING_GENERIEK = (
    "adviseur", "behandelaar", "belanghebbende", "beslisser", "initiator", "klantcontacter", "zaakcoordinator", "mede_initiator",
)  # fmt: skip


class VerlengingBody(Shape):
    """Extension of the term (gegevensgroep)."""

    reden: str = text(max_length=200)
    duur: str = duration()


class OpschortingBody(Shape):
    """Suspension (gegevensgroep). The reason may be empty when the suspension is lifted."""

    indicatie: bool = boolean()
    reden: str = text(max_length=200, blank=True)


class ProcessobjectBody(Shape):
    """The object whose life decides when the retention period starts (gegevensgroep)."""

    datumkenmerk: str = text(max_length=250)
    identificatie: str = text(max_length=250)
    objecttype: str = text(max_length=250)
    registratie: str = text(max_length=250)


class RelevanteZaakBody(Shape):
    """Another zaak that matters to this one."""

    url: str = uri()
    aard_relatie: str = choice(("vervolg", "onderwerp", "bijdrage"))


class KenmerkBody(Shape):
    """What the zaak is called in another administration."""

    kenmerk: str = text(max_length=40)
    bron: str = text(max_length=40)


def _links() -> Any:
    return list_of(UriField(max_length=None), read_only=True, is_unique=True)


class ZaakBody(Shape):
    """A zaak, as it is sent and as it is given back."""

    url: str = uri(read_only=True, schema={"minLength": 1})
    uuid: str = uuid(read_only=True)
    identificatie: str = text(max_length=40, default="")
    bronorganisatie: str = rsin()
    omschrijving: str = text(max_length=80, default="")
    toelichting: str = text(max_length=1000, default="")
    zaaktype: str = uri()
    registratiedatum: date | None = day(default=None)
    verantwoordelijke_organisatie: str = rsin()
    startdatum: date = day()
    einddatum: date | None = day(read_only=True, null=True)
    einddatum_gepland: date | None = day(null=True)
    uiterlijke_einddatum_afdoening: date | None = day(null=True)
    publicatiedatum: date | None = day(null=True)
    communicatiekanaal: str = uri(default="")
    producten_of_diensten: list[str] = list_of(UriField())
    vertrouwelijkheidaanduiding: str = choice(VERTROUWELIJKHEID, default="")
    betalingsindicatie: str = choice(BETALINGSINDICATIE, blank=True, default="")
    betalingsindicatie_weergave: str = text(read_only=True)
    laatste_betaaldatum: datetime | None = moment(null=True)
    zaakgeometrie: dict[str, Any] | None = geometry(null=True)
    verlenging: VerlengingBody | None = group(VerlengingBody, null=True)
    opschorting: OpschortingBody | None = group(OpschortingBody, null=True)
    selectielijstklasse: str = uri(default="")
    hoofdzaak: str | None = uri(null=True, blank=False, schema={"minLength": 1})
    deelzaken: list[str] = _links()
    relevante_andere_zaken: list[RelevanteZaakBody] = list_of(GroupField(RelevanteZaakBody))
    eigenschappen: list[str] = _links()
    rollen: list[str] = _links()
    status: str | None = uri(read_only=True, null=True, max_length=None)
    zaakinformatieobjecten: list[str] = _links()
    zaakobjecten: list[str] = _links()
    kenmerken: list[KenmerkBody] = list_of(GroupField(KenmerkBody))
    archiefnominatie: str | None = choice(ARCHIEFNOMINATIE, blank=True, null=True)
    archiefstatus: str = choice(ARCHIEFSTATUS, default="nog_te_archiveren")
    archiefactiedatum: date | None = day(null=True)
    resultaat: str | None = uri(read_only=True, null=True, max_length=None)
    opdrachtgevende_organisatie: str = rsin(default="")
    processobjectaard: str | None = text(max_length=200, null=True)
    startdatum_bewaartermijn: date | None = day(null=True)
    processobject: ProcessobjectBody | None = group(ProcessobjectBody, null=True)


_PLAIN: dict[str, Any] = {"format": None}
"""The prescribed document types date and uri filters as plain text; the value is checked all the same."""


def _plain_day() -> Any:
    return day(default=None, blank=False, schema=_PLAIN)


class ZaakFilter(Shape):
    """What the list of zaken can be narrowed by, in the query or in the body of ``_zoek``."""

    identificatie: str = text(default="", blank=False)
    bronorganisatie: str = text(default="", blank=False)
    bronorganisatie__in: list[str] = list_of(TextField())
    zaaktype: str = uri(default="", blank=False, max_length=None)
    archiefnominatie: str = choice(ARCHIEFNOMINATIE, default="")
    archiefnominatie__in: list[str] = list_of(ChoiceField(ARCHIEFNOMINATIE, schema={"enum": None}))
    archiefactiedatum: date | None = _plain_day()
    archiefactiedatum__isnull: bool | None = boolean(default=None)
    archiefactiedatum__lt: date | None = _plain_day()
    archiefactiedatum__gt: date | None = _plain_day()
    archiefstatus: str = choice(ARCHIEFSTATUS, default="")
    archiefstatus__in: list[str] = list_of(ChoiceField(ARCHIEFSTATUS, schema={"enum": None}))
    startdatum: date | None = _plain_day()
    startdatum__gt: date | None = _plain_day()
    startdatum__gte: date | None = _plain_day()
    startdatum__lt: date | None = _plain_day()
    startdatum__lte: date | None = _plain_day()
    registratiedatum: date | None = _plain_day()
    registratiedatum__gt: date | None = _plain_day()
    registratiedatum__lt: date | None = _plain_day()
    einddatum: date | None = _plain_day()
    einddatum__isnull: bool | None = boolean(default=None)
    einddatum__gt: date | None = _plain_day()
    einddatum__lt: date | None = _plain_day()
    einddatum_gepland: date | None = _plain_day()
    einddatum_gepland__gt: date | None = _plain_day()
    einddatum_gepland__lt: date | None = _plain_day()
    uiterlijke_einddatum_afdoening: date | None = _plain_day()
    uiterlijke_einddatum_afdoening__gt: date | None = _plain_day()
    uiterlijke_einddatum_afdoening__lt: date | None = _plain_day()
    rol__betrokkene_type: str = choice(BETROKKENE_TYPE, default="")
    rol__betrokkene: str = uri(default="", blank=False, max_length=None)
    rol__omschrijving_generiek: str = choice(OMSCHRIJVING_GENERIEK, default="")
    maximale_vertrouwelijkheidaanduiding: str = choice(VERTROUWELIJKHEID, default="")
    rol__betrokkene_identificatie__natuurlijk_persoon__inp_bsn: str = text(default="", blank=False, max_length=9)
    rol__betrokkene_identificatie__natuurlijk_persoon__anp_identificatie: str = text(
        default="", blank=False, max_length=17
    )
    rol__betrokkene_identificatie__natuurlijk_persoon__inp_a_nummer: str = text(
        default="", blank=False, max_length=10, key="rol__betrokkeneIdentificatie__natuurlijkPersoon__inpA_nummer"
    )
    rol__betrokkene_identificatie__niet_natuurlijk_persoon__inn_nnp_id: str = text(default="", blank=False)
    rol__betrokkene_identificatie__niet_natuurlijk_persoon__ann_identificatie: str = text(
        default="", blank=False, max_length=17
    )
    rol__betrokkene_identificatie__vestiging__vestigings_nummer: str = text(default="", blank=False, max_length=24)
    rol__betrokkene_identificatie__medewerker__identificatie: str = text(default="", blank=False, max_length=254)
    rol__betrokkene_identificatie__organisatorische_eenheid__identificatie: str = text(default="", blank=False)


ORDERINGS = ("startdatum", "einddatum", "publicatiedatum", "archiefactiedatum", "registratiedatum", "identificatie")
SIGNED_ORDERINGS = tuple(sign + name for name in ORDERINGS for sign in ("", "-"))


_ORDERING_WORDS = ListField(ChoiceField(SIGNED_ORDERINGS), most=len(SIGNED_ORDERINGS))


class GeoWithin(Shape):
    """Zaken within an area."""

    within: dict[str, Any] | None = geometry(kinds=("Polygon", "MultiPolygon"), default=None)


class _OrderingField(Field):
    """One word or a list of words; the standard's document says text where the list operation says a list."""

    def convert(self, value: Any, path: str, faults: Any) -> Any:
        words = value.split(",") if isinstance(value, str) else value
        return _ORDERING_WORDS.check(words, path, faults)

    def detail(self) -> dict[str, Any]:
        return {"enum": list(SIGNED_ORDERINGS)}


def _ordering() -> Any:
    return _OrderingField(default=list)


class ZaakZoek(ZaakFilter):
    """Body of ``_zoek``."""

    fields_: list[Any] | None = anything(key="fields", default=None, schema={"type": "array"})
    zaakgeometrie: GeoWithin | None = group(GeoWithin, default=None)
    uuid__in: list[Any] = list_of(UuidField())
    zaaktype__in: list[str] = list_of(UriField(max_length=None))
    expand: str = text(default="", max_length=2000, schema={"deprecated": True, "maxLength": None})
    ordering: list[str] = _ordering()
